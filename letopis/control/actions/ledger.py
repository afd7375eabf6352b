"""Verbs of the page of the ledger: ask for a check, issue a checkpoint."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from letopis.control.queries.ledger import checks_under_way
from letopis.core import jobs
from letopis.core.models import Job
from letopis.ledger.checkpoints import issue
from letopis.ledger.jobs import VERIFY_KIND, verify_log
from letopis.ledger.models import Checkpoint
from letopis.ledger.sequencer import sequence_batch
from letopis.people.access import Actor

BATCHES = 5
"""So much of the queue is put into the tree before a checkpoint; a longer queue is the worker's."""


@transaction.atomic
def start_check(actor: Actor) -> Job:
    """Ask for a check of the school's log; return the job, also one that runs already."""
    if running := checks_under_way(actor.organisation).first():
        return running
    return jobs.start(
        verify_log,
        kind=VERIFY_KIND,
        title=_("Проверка подлинности записей"),
        organisation_code=actor.organisation.code,
        started_by=actor.author.actor,
        arguments={},
    )


def issue_checkpoint(actor: Actor, *, at: datetime) -> Checkpoint:
    """Sign the log as it is now, with what waited for a place. Raises Refused as `ledger.checkpoints.issue`."""
    organisation = actor.organisation.code
    for _batch in range(BATCHES):
        if sequence_batch(organisation) <= 0:
            break
    return issue(organisation, at=at)
