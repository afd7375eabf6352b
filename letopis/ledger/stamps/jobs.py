"""The job that has a checkpoint stamped. A service that does not answer is asked again, later and later."""

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from letopis.core import jobs
from letopis.core.models import Job
from letopis.ledger.models import Checkpoint
from letopis.ledger.stamps.protocol import NoStamp
from letopis.ledger.stamps.stamping import stamp

logger = logging.getLogger(__name__)

STAMP_KIND = "ledger.stamp"
RESTS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
"""Between one try and the next; after the last the next checkpoint gets a stamp, or a person asks by the command."""


def ask_later(checkpoint: Checkpoint) -> Job | None:
    """Have a checkpoint stamped by the worker, where a service is set. In the transaction that issues it."""
    if not settings.LETOPIS_TSA_URL:
        return None
    return jobs.start(
        stamp_checkpoint,
        kind=STAMP_KIND,
        title=_("Метка времени контрольной отметки"),
        organisation_code=checkpoint.organisation,
        started_by="system",
        arguments={"checkpoint": str(checkpoint.code)},
    )


@task()
def stamp_checkpoint(code: str, tries: int = 0) -> None:
    """Have the checkpoint of a job stamped; a failed try is followed by another after a rest."""
    jobs.run(code, _stamp)
    if tries < len(RESTS) and Job.objects.filter(code=code, state=Job.State.FAILED).exists():
        # The queue goes by the real clock, also where LETOPIS_TODAY holds the product's.
        again = stamp_checkpoint.using(run_after=timezone.now() + RESTS[tries])
        again.enqueue(code, tries + 1)


def _stamp(progress: jobs.Progress) -> None:
    checkpoint = Checkpoint.objects.get(code=progress.job.arguments["checkpoint"])
    try:
        row = stamp(checkpoint)
    except NoStamp as failure:
        # The sentence names the service and what was wrong with its answer, no person.
        logger.warning("no time stamp for a checkpoint of %s: %s %s", checkpoint.organisation, failure.code, failure)
        raise jobs.JobFailed(str(failure)) from None
    progress(1, 1, row.service_name)
