"""What the page of the ledger shows: how long the log is, what was signed of it, and how the last check ended."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from letopis.core.models import Job
from letopis.ledger import keyring, keys, notes, triggers
from letopis.ledger.checkpoints import checkpoints_of
from letopis.ledger.jobs import VERIFY_KIND
from letopis.ledger.models import Checkpoint
from letopis.ledger.sequencer import waiting
from letopis.ledger.stamps.jobs import STAMP_KIND
from letopis.ledger.tree import size_of
from letopis.org.models import Organisation

SHOWN_CHECKPOINTS = 60


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """The log of a school. size: entries in the tree; waiting: without a place yet; unguarded: missing triggers."""

    origin: str
    size: int
    waiting: int
    checkpoints: list[Checkpoint]
    unguarded: list[str]
    fingerprint: list[str]
    """Of the public key, in groups of four."""
    trouble: str
    """Why there is no key, in a sentence; empty when all is well."""
    check: Job | None
    asks_for_stamps: bool
    """Whether a service of time stamps is set."""
    stamp_trouble: str
    """Why the newest checkpoint has no time stamp yet, in a sentence; empty when it has one or nobody asked."""

    @property
    def last(self) -> Checkpoint | None:
        """The newest checkpoint."""
        return self.checkpoints[0] if self.checkpoints else None

    @property
    def unsigned(self) -> int:
        """Entries of the tree that no checkpoint covers."""
        return self.size - (self.last.size if self.last else 0)

    @property
    def shown(self) -> list[Checkpoint]:
        """The newest checkpoints; the older ones are in the files of the school."""
        return self.checkpoints[:SHOWN_CHECKPOINTS]

    @property
    def shows_stamps(self) -> bool:
        """Whether there is anything to say of time stamps."""
        return self.asks_for_stamps or any(one.stamps.all() for one in self.shown)

    @property
    def is_under_way(self) -> bool:
        """Whether a check waits or runs."""
        return self.check is not None and self.check.state in (Job.State.QUEUED, Job.State.RUNNING)


def ledger_page(organisation: Organisation) -> LedgerPage:
    """Return the page of a school's ledger. Eight queries, seven without checkpoints."""
    fingerprint, trouble = list[str](), ""
    try:
        fingerprint = notes.fingerprint(keyring.public_key()).split()
    except keys.NoKey as absent:
        trouble = str(absent)
    checkpoints = checkpoints_of(organisation.code)
    return LedgerPage(
        origin=notes.origin_of(organisation.code),
        size=size_of(organisation.code),
        waiting=waiting(organisation.code),
        checkpoints=checkpoints,
        unguarded=triggers.missing(),
        fingerprint=fingerprint,
        trouble=trouble,
        check=_checks(organisation).first(),
        asks_for_stamps=bool(settings.LETOPIS_TSA_URL),
        stamp_trouble=_stamp_trouble(organisation, checkpoints),
    )


def checks_under_way(organisation: Organisation) -> QuerySet[Job]:
    """Return the checks that wait or run."""
    return _checks(organisation).filter(state__in=(Job.State.QUEUED, Job.State.RUNNING))


def _stamp_trouble(organisation: Organisation, checkpoints: list[Checkpoint]) -> str:
    """Return how the last try to have the newest checkpoint stamped failed. One query."""
    job = (
        Job.objects.filter(organisation_code=organisation.code, kind=STAMP_KIND).order_by("-created_at", "-pk").first()
    )
    if job is None or not checkpoints or job.state != Job.State.FAILED or checkpoints[0].stamps.all():
        return ""
    return job.error if job.arguments.get("checkpoint") == str(checkpoints[0].code) else ""


def _checks(organisation: Organisation) -> QuerySet[Job]:
    return Job.objects.filter(organisation_code=organisation.code, kind=VERIFY_KIND).order_by("-created_at", "-pk")
