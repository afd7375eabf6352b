"""Does the register say what the ledger says: every value in force against the last recorded one (SEC-016).

`letopis ledger verify` proves the entries; a table that somebody changed past the product is found here.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from letopis.attestation.models import YearMark
from letopis.ledger.models import Blanking, Payload
from letopis.org.models import Organisation
from letopis.register.models import Attendance, Mark, TermMark

COMPARED: tuple[tuple[type[Model], str, str], ...] = (
    (Mark, "value", "отметка"),
    (TermMark, "value", "отметка за период"),
    (YearMark, "value", "годовая отметка"),
    (Attendance, "event", "посещаемость"),
)
"""Tables, the column that is compared, and what it is in Russian."""

_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Unequal:
    """A value in force that is not the last recorded one."""

    object: str
    """As the ledger names it: «register.Mark:12»."""
    what: str
    stands: str
    recorded: str | None
    """None when nothing was ever recorded of it."""

    @property
    def sentence(self) -> str:
        if self.recorded is None:
            return f"{self.object}: {self.what} «{self.stands}» стоит в журнале, а записи о ней нет."
        return f"{self.object}: {self.what} в журнале – «{self.stands}», в последней записи – «{self.recorded}»."


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many values were compared, and which differ."""

    compared: int
    unequal: tuple[Unequal, ...]


def compare(organisation: Organisation) -> Comparison:
    """Compare every mark, result and event of a school with its last entry. Two queries for each table.

    A value whose payload was destroyed by an act is passed over: nothing is left to compare it with.
    """
    count, found = 0, []
    for model, column, what in COMPARED:
        label = f"{model._meta.app_label}.{model._meta.object_name}"
        recorded, blanked = _recorded(organisation, label, column)
        rows = model._default_manager.filter(organisation=organisation).order_by("pk").values_list("pk", column)
        for key, stands in rows.iterator(chunk_size=_AT_ONCE):
            name = f"{label}:{key}"
            if name in blanked:
                continue
            count += 1
            said = recorded.get(name)
            if said != stands and not (said is None and stands in ("", Attendance.Event.PRESENT)):
                found.append(Unequal(name, what, stands, said))
    return Comparison(count, tuple(found))


def _recorded(organisation: Organisation, label: str, column: str) -> tuple[dict[str, str], set[str]]:
    """Return the last recorded value of each object of a table, and the objects with an entry that has no payload."""
    said: dict[str, str] = {}
    for name, body in _bodies(organisation, label):
        after = json.loads(bytes(body))["after"]
        if after is None:
            said[name] = ""
        elif column in after:
            said[name] = str(after[column])
    return said, _blanked(organisation, label)


def _bodies(organisation: Organisation, label: str) -> Iterator[tuple[str, Any]]:
    rows = Payload.objects.filter(entry__organisation=organisation.code, entry__object__startswith=f"{label}:")
    yield from rows.order_by("entry_id").values_list("entry__object", "body").iterator(chunk_size=_AT_ONCE)


def _blanked(organisation: Organisation, label: str) -> set[str]:
    rows = Blanking.objects.filter(entry__organisation=organisation.code, entry__object__startswith=f"{label}:")
    return set(rows.values_list("entry__object", flat=True))
