"""Whose logs there are. Organisations stand above the ledger, so their app says here what they are called."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from letopis.ledger.checkpoints import organisations
from letopis.ledger.models import Pending


@dataclass(frozen=True, slots=True)
class Log:
    """The log of one organisation. slug: as the command line calls it; name: as people do."""

    organisation: uuid.UUID
    slug: str
    name: str


_sources: list[Callable[[], Iterable[Log]]] = []


def also_named_by(source: Callable[[], Iterable[Log]]) -> None:
    """Take the names of organisations from an app; called once when it starts."""
    _sources.append(source)


def all_logs() -> list[Log]:
    """Return every log there is: of known organisations, and of those that only entries tell of."""
    named = {log.organisation: log for source in _sources for log in source()}
    waiting = Pending.objects.order_by().values_list("organisation", flat=True).distinct()
    for code in [*organisations(), *waiting]:
        named.setdefault(code, Log(code, str(code), f"организация {code}"))
    return sorted(named.values(), key=lambda log: log.slug)
