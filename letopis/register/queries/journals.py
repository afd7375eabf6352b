"""Registration journals: the list, and the lines of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from letopis.register.models import Journal, JournalEntry
from letopis.rules.names import match_key
from letopis.schooling.models import GroupKind, Membership


@dataclass(frozen=True, slots=True)
class JournalFilters:
    """What the lines are narrowed to; all of it stands in the address."""

    first: date | None = None
    last: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class JournalLine:
    """A line as it is shown and printed."""

    entry: JournalEntry
    pupil: str
    """«Ершова Полина, 8А»; empty when the line names nobody."""
    fields: tuple[tuple[str, str], ...]
    """Name of each column and what stands in it."""


def with_counts(journals: QuerySet[Journal], *, year_id: int) -> list[Journal]:
    """Return the journals of a year with the number of their lines as `lines`, by title. One query."""
    rows = journals.filter(year=year_id).annotate(lines=Count("entries", filter=Q(entries__struck_at=None)))
    return sorted(rows, key=lambda journal: match_key(journal.title))


def lines_of(journal: Journal, filters: JournalFilters) -> list[JournalLine]:
    """Return the lines that the filters keep, in the order of their numbers. Two queries."""
    rows = JournalEntry.objects.filter(journal=journal).select_related("pupil__person", "put_by__person")
    if filters.first:
        rows = rows.filter(on__gte=filters.first)
    if filters.last:
        rows = rows.filter(on__lte=filters.last)
    found = list(rows.order_by("number"))
    classes = _classes(journal, found)
    lines = [
        JournalLine(row, _pupil(row, classes), tuple(zip(journal.columns, row.values, strict=False))) for row in found
    ]
    words = match_key(filters.words).split()
    return [line for line in lines if all(word in _text(line) for word in words)]


def _pupil(row: JournalEntry, classes: dict[int, list[tuple[str, date, date | None]]]) -> str:
    if row.pupil is None:
        return ""
    person = row.pupil.person
    stays = classes.get(row.pupil.pk, [])
    title = next((name for name, start, end in stays if start <= row.on and (end is None or row.on <= end)), "")
    return ", ".join(part for part in (f"{person.last_name} {person.first_name}", title) if part)


def _classes(journal: Journal, rows: Sequence[JournalEntry]) -> dict[int, list[tuple[str, date, date | None]]]:
    """Return the classes of the pupils in the year: the class of a line is that of its day."""
    found: dict[int, list[tuple[str, date, date | None]]] = {}
    stays = Membership.objects.filter(
        pupil__in={row.pupil_id for row in rows if row.pupil_id},
        group__kind=GroupKind.WHOLE_CLASS,
        group__year=journal.year_id,
    )
    for pupil, name, start, end in stays.values_list("pupil_id", "group__name", "starts_on", "ends_on"):
        found.setdefault(pupil, []).append((name, start, end))
    return found


def _text(line: JournalLine) -> str:
    return match_key(" ".join([line.pupil, *line.entry.values]))
