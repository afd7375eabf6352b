"""The job that carries an import out."""

from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _
from django_tasks import task

from letopis.core import clock, jobs
from letopis.exchange.actions import carry_out
from letopis.exchange.models import ImportRun
from letopis.exchange.workbook import BrokenWorkbook
from letopis.people.queries import author_of


@task()
def import_workbook(code: str) -> None:
    """Import the workbook of a run; harmless when the run is done already."""
    jobs.run(code, _work)


def _work(progress: jobs.Progress) -> None:
    run = ImportRun.objects.select_related("organisation").get(code=progress.job.arguments["run"])
    if run.state == ImportRun.State.DONE:
        return
    progress(0, 1, _("Читаем файл и записываем — обычно меньше минуты"))
    now = clock.now()
    try:
        report = carry_out(
            run,
            path=Path(run.file.path),
            by=replace(author_of(progress.job, organisation=run.organisation), request_id=str(run.code)),
            at=now,
            today=clock.local_day(now, run.organisation.time_zone),
        )
    except BrokenWorkbook as broken:
        raise jobs.JobFailed(broken.sentence) from broken
    if report.has_errors:
        raise jobs.JobFailed(_("Файл больше не проходит проверку. Загрузите его снова, чтобы увидеть ошибки."))
    progress(1, 1, _("Готово"))
