"""Who changed what of a lesson and when, in sentences, from the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from letopis.ledger.queries import history
from letopis.ledger.words import told


@dataclass(frozen=True, slots=True)
class Line:
    """One change."""

    at: datetime
    who: str
    what: str
    about: str = ""
    """Name of the pupil when the change is about one."""
    reason: str = ""


def history_lines(names: Mapping[str, str]) -> tuple[Line, ...]:
    """Return the changes of these objects, the newest first. One query.

    names: what the ledger calls an object, and the pupil it is about (empty for the lesson itself).
    """
    return tuple(
        Line(change.at, change.who, told(change), names[change.object], change.reason)
        for change in history(list(names))
    )
