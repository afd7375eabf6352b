"""Papers and notices of a class, for their pages."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from letopis.register.access.classes import OpenAbsences, of_class
from letopis.register.models import AbsenceDocument, AbsenceNotice
from letopis.rules.text import one_line

IN_FORCE, ENDING, ENDED, WITHDRAWN, ALL = "now", "ending", "ended", "withdrawn", "all"
SOON_DAYS = 3
"""A paper that ends within so many days is asked to be followed by the next one. Unit: days."""


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A paper with how many absences rest on it."""

    row: AbsenceDocument
    """With pupil, person and who entered it joined in."""
    absences: int
    state: str
    """now, ending, ahead, ended or withdrawn."""


def documents_of(opened: OpenAbsences, *, state: str, search: str) -> list[DocumentLine]:
    """Return the papers of the class for its year, the latest first; search by name, number or issuer. One query."""
    rows = AbsenceDocument.objects.filter(
        pupil__in=of_class(opened).values("pupil"),
        starts_on__lte=opened.year.ends_on,
        ends_on__gte=opened.year.starts_on,
    )
    if words := one_line(search).casefold().replace("ё", "е"):
        rows = rows.filter(
            Q(pupil__person__search_key__contains=words)
            | Q(number__icontains=one_line(search))
            | Q(issuer__icontains=one_line(search))
        )
    rows = rows.annotate(absences=Count("attendances")).select_related("pupil__person", "entered_by__person")
    today = opened.last_day
    lines = [
        DocumentLine(row, row.absences, _state(row, today)) for row in rows.order_by("-starts_on", "-entered_at", "-pk")
    ]
    return [line for line in lines if _is_shown(line.state, state)]


def notices_of(opened: OpenAbsences) -> QuerySet[AbsenceNotice]:
    """Return the notices about pupils of the class in its year: those that wait first, then the latest. One query."""
    rows = AbsenceNotice.objects.filter(
        pupil__in=of_class(opened).values("pupil"), ends_on__gte=opened.year.starts_on
    ).select_related("pupil__person", "sent_by", "decided_by__person")
    return rows.order_by("-sent_at", "-pk")


def _state(row: AbsenceDocument, today: date) -> str:
    if row.withdrawn_at is not None:
        return WITHDRAWN
    if row.ends_on < today:
        return ENDED
    if row.starts_on > today:
        return "ahead"
    return ENDING if row.ends_on <= today + timedelta(days=SOON_DAYS) else IN_FORCE


def _is_shown(state: str, asked: str) -> bool:
    if asked == IN_FORCE:
        return state in (IN_FORCE, ENDING, "ahead")
    return asked in (ALL, "") or state == asked
