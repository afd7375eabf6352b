"""Verbs of the timetable: a new edition of the whole of it from a day, and the same for one day of one class."""

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
from letopis.schooling.models import AcademicYear, Course, Room, SchoolClass, TimetableEdition, TimetableSlot
from letopis.schooling.queries.timetable import SLOT_JOINS, slot_row

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
    TimetableSlot.objects.bulk_create(_slot_of(edition, slot) for slot in slots)
    after: dict[str, Value] = {"starts_on": starts_on.isoformat(), "title": title, "slots": _plain(slots)}
    record(Fact(by, at, "schooling.adopt_timetable", object_name(edition), None, after, reason=order))
    return edition


@transaction.atomic
def change_class_timetable(
    year: AcademicYear,
    *,
    school_class: SchoolClass,
    weekday: int,
    starts_on: date,
    slots: Sequence[NewSlot],
    order: str = "",
    today: date,
    by: Author,
    at: datetime,
) -> TimetableEdition:
    """Give a class other lessons on a weekday from a day on; everything else stays as the edition of that day has it.

    slots: all lessons of the class and its subgroups on the weekday; groups of several classes are left alone.
    Makes an edition from that day, or amends the one that begins on it, as long as it has not begun. Nothing changed is
    no entry. Refuses with BEGUN, CLASH (errors only), OTHER_YEAR, NO_TIMETABLE, YEAR_CLOSED or OUTSIDE_YEAR (ORG-B012).
    """
    year = lock(year)
    require(may_change_year(span_of(year), on=starts_on))
    if any(slot.course.year_id != year.pk for slot in slots):
        raise Refused(refused("OTHER_YEAR", f"В расписании есть курсы не {year.label} учебного года."))
    present = TimetableEdition.objects.filter(year=year, starts_on__lte=starts_on).order_by("-starts_on").first()
    if present is None:
        raise Refused(refused("NO_TIMETABLE", f"На {short_date(starts_on)} расписания ещё нет: сначала загрузите его."))
    every = list(present.slots.select_related(*SLOT_JOINS))
    own = [one for one in every if one.weekday == weekday and one.course.group.school_class_id == school_class.pk]
    if sorted(map(_line, own)) == sorted(map(_line, slots)):
        return present
    kept = [NewSlot(one.weekday, one.number, one.course, one.teacher, one.room) for one in every if one not in own]
    if present.starts_on < starts_on:
        return adopt_timetable(year, starts_on=starts_on, slots=[*kept, *slots], order=order, by=by, at=at)
    require(rules.may_amend_edition(starts_on=starts_on, today=today))
    require(clash_verdict([*kept, *slots]))
    before: dict[str, Value] = {"class": object_name(school_class), "slots": _plain(own)}
    TimetableSlot.objects.filter(pk__in=[one.pk for one in own]).delete()
    TimetableSlot.objects.bulk_create(_slot_of(present, slot) for slot in slots)
    if order and order != present.order:
        present.order = order
        present.save(update_fields=["order"])
    after: dict[str, Value] = {"class": object_name(school_class), "weekday": weekday, "slots": _plain(slots)}
    record(Fact(by, at, "schooling.amend_timetable", object_name(present), before, after, reason=order))
    return present


def clash_verdict(slots: Iterable[NewSlot]) -> Verdict:
    """Refuse slots that cannot stand together, naming the first clashes."""
    found = [clash for clash in rules.clashes(map(slot_row, slots)) if clash.severity == rules.ERROR]
    if not found:
        return ALLOWED
    sentences = [clash.sentence for clash in found[:SHOWN]]
    if (more := len(found) - SHOWN) > 0:
        sentences.append(f"И ещё {counted(more, 'накладка', 'накладки', 'накладок')}.")
    return refused("CLASH", " ".join(sentences))


def _slot_of(edition: TimetableEdition, slot: NewSlot) -> TimetableSlot:
    return TimetableSlot(
        organisation_id=edition.organisation_id,
        edition=edition,
        weekday=slot.weekday,
        number=slot.number,
        course=slot.course,
        teacher=slot.teacher,
        room=slot.room,
    )


def _plain(slots: Iterable[NewSlot | TimetableSlot]) -> list[Value]:
    return [list(line) for line in sorted(map(_line, slots))]


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
