"""The verb of the timetable: a new edition of the whole of it, from a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from letopis.core.errors import Refused, require
from letopis.ledger.actions import Author, Fact, Value, object_name, record
from letopis.people.models import Employee
from letopis.rules import timetable as rules
from letopis.rules.movement import may_change_year
from letopis.rules.russian import counted, short_date
from letopis.rules.verdict import ALLOWED, Verdict, refused
from letopis.schooling.actions.years import lock, span_of
from letopis.schooling.models import AcademicYear, Course, Room, TimetableEdition, TimetableSlot
from letopis.schooling.queries.timetable import slot_row

SHOWN = 3
"""How many clashes the sentence of a refusal names."""


@dataclass(frozen=True, slots=True)
class NewSlot:
    """One line of a timetable that is to be adopted. The course comes with its subject, group and class loaded."""

    weekday: int
    """1 = Monday … 7 = Sunday."""
    number: int
    course: Course
    teacher: Employee | None = None
    """None is a vacancy. The employee comes with his person loaded."""
    room: Room | None = None


@transaction.atomic
def adopt_timetable(
    year: AcademicYear,
    *,
    starts_on: date,
    slots: Sequence[NewSlot],
    order: str = "",
    title: str = "",
    by: Author,
    at: datetime,
) -> TimetableEdition:
    """Adopt a timetable from a day: a new edition with its slots; editions before it stay as they are.

    One ledger entry for the edition: a slot means nothing alone. The same edition again is returned as it stands.
    Refuses with CLASH (errors only; warnings pass), EDITION_EXISTS, OTHER_YEAR, YEAR_CLOSED or OUTSIDE_YEAR.
    """
    year = lock(year)
    require(may_change_year(span_of(year), on=starts_on))
    if any(slot.course.year_id != year.pk for slot in slots):
        raise Refused(refused("OTHER_YEAR", f"В расписании есть курсы не {year.label} учебного года."))
    same_day = TimetableEdition.objects.filter(year=year, starts_on=starts_on).first()
    if same_day and _lines(same_day) == sorted(_line(slot) for slot in slots):
        return same_day
    if same_day:
        sentence = f"С {short_date(starts_on)} расписание уже принято: измените день начала новой редакции."
        raise Refused(refused("EDITION_EXISTS", sentence))
    require(clash_verdict(slots))
    edition = TimetableEdition.objects.create(
        organisation=year.organisation, year=year, starts_on=starts_on, order=order, title=title
    )
    TimetableSlot.objects.bulk_create(
        TimetableSlot(
            organisation=year.organisation,
            edition=edition,
            weekday=slot.weekday,
            number=slot.number,
            course=slot.course,
            teacher=slot.teacher,
            room=slot.room,
        )
        for slot in slots
    )
    after: dict[str, Value] = {
        "starts_on": starts_on.isoformat(),
        "title": title,
        "slots": [list(line) for line in sorted(_line(slot) for slot in slots)],
    }
    record(Fact(by, at, "schooling.adopt_timetable", object_name(edition), None, after, reason=order))
    return edition


def clash_verdict(slots: Iterable[NewSlot]) -> Verdict:
    """Refuse slots that cannot stand together, naming the first clashes."""
    found = [clash for clash in rules.clashes(map(slot_row, slots)) if clash.severity == rules.ERROR]
    if not found:
        return ALLOWED
    sentences = [clash.sentence for clash in found[:SHOWN]]
    if (more := len(found) - SHOWN) > 0:
        sentences.append(f"И ещё {counted(more, 'накладка', 'накладки', 'накладок')}.")
    return refused("CLASH", " ".join(sentences))


def _line(slot: NewSlot | TimetableSlot) -> tuple[int, int, int, int, int]:
    return (
        slot.weekday,
        slot.number,
        slot.course.pk,
        slot.teacher.pk if slot.teacher else 0,
        slot.room.pk if slot.room else 0,
    )


def _lines(edition: TimetableEdition) -> list[tuple[int, int, int, int, int]]:
    return sorted(_line(slot) for slot in edition.slots.select_related("course", "teacher", "room"))
