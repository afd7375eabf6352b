"""Jobs of the ledger: the log of an organisation is verified while somebody waits."""

from django.utils.translation import gettext as _
from django_tasks import task

from letopis.core import jobs
from letopis.ledger import keyring, keys
from letopis.ledger.verification.whole import verify

VERIFY_KIND = "ledger.verify"
SHOWN = 3
"""Problems told on the page; the command names all."""


@task()
def verify_log(code: str) -> None:
    """Verify the log of the organisation of a job; writes nothing, so a second run is harmless."""
    jobs.run(code, _verify)


def _verify(progress: jobs.Progress) -> None:
    job = progress.job
    try:
        key = keyring.file_key()
    except keys.NoKey as absent:
        raise jobs.JobFailed(str(absent)) from None
    report = verify(
        [(job.organisation_code, "")], key=key, report=lambda done, total, _name: progress(done, max(total, 1))
    )
    [log] = report.logs
    problems = report.all_problems
    if problems:
        told = " ".join(problem.sentence for problem in problems[:SHOWN])
        raise jobs.JobFailed(_("Нарушений: %(count)s. %(problems)s") % {"count": len(problems), "problems": told})
    said = _("Нарушений нет. Записей проверено: %(size)s, контрольных отметок сверено: %(checkpoints)s.") % {
        "size": log.size + log.waiting,
        "checkpoints": log.checkpoints,
    }
    warnings = [_("Внимание: %(warning)s") % {"warning": warning} for warning in report.warnings]
    progress(log.size, log.size, " ".join([said, *warnings]))
