"""The timetable of a week for a class, a teacher or a room, and what clashes in it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from letopis.core.days import weekday_title
from letopis.rules import timetable as rules
from letopis.rules.calendar import SchoolCalendar
from letopis.rules.classes import GRADES
from letopis.schooling.models import (
    AcademicYear,
    Bell,
    CalendarDay,
    GroupKind,
    StudyGroup,
    TimetableEdition,
    TimetableSlot,
)
from letopis.schooling.queries.years import calendar_of

SLOT_JOINS = ("course__subject", "course__group__school_class", "teacher__person", "room")

LAST_NUMBER = 6
"""A week shows at least so many lessons a day, so that tables of different classes can be compared."""


@dataclass(frozen=True, slots=True)
class ShownSlot:
    """One lesson of the table."""

    subject: str
    group: str
    """«8А», «8А, 1 подгруппа», or the name of a stream or a pupil."""
    teacher: str
    """Empty for a vacancy."""
    room: str


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """Head of a column: number of the lesson, with its time by the bells of the shift."""

    number: int
    starts_at: str
    ends_at: str


@dataclass(frozen=True, slots=True)
class ShownDay:
    """One row: a day with its lessons, in the order of the columns."""

    on: date
    weekday: str
    note: str
    """Why there are no lessons; empty when there are."""
    cells: tuple[tuple[ShownNumber, tuple[ShownSlot, ...]], ...]


@dataclass(frozen=True, slots=True)
class ShownWeek:
    """A week of the timetable."""

    monday: date
    sunday: date
    numbers: tuple[ShownNumber, ...]
    days: tuple[ShownDay, ...]
    editions: tuple[TimetableEdition, ...]
    """In force on some day of the week, in order."""
    has_lessons: bool

    @property
    def previous(self) -> date:
        return self.monday - timedelta(days=7)

    @property
    def next(self) -> date:
        return self.monday + timedelta(days=7)


def week_of(year: AcademicYear, *, whose: Q, day: date, shift: int = 1) -> ShownWeek:
    """Return the week of a day. whose: which slots, as `slots_of_*` say. Seven queries whatever there is to show."""
    monday = day - timedelta(days=day.weekday())
    calendar = calendar_of(year)
    titles = dict(CalendarDay.objects.filter(year=year, kind=CalendarDay.Kind.OFF).values_list("on", "title"))
    editions = list(TimetableEdition.objects.filter(year=year).order_by("starts_on"))
    by_place: dict[tuple[int, int], list[TimetableSlot]] = defaultdict(list)
    for slot in _with_names(TimetableSlot.objects.filter(whose, edition__year=year)):
        by_place[slot.edition_id, slot.weekday].append(slot)

    found: dict[date, list[TimetableSlot]] = {}
    in_force: dict[int, TimetableEdition] = {}
    for offset in range(7):
        on = monday + timedelta(days=offset)
        edition = next((one for one in reversed(editions) if one.starts_on <= on), None)
        weekday = calendar.timetable_weekday(on)
        if edition and year.starts_on <= on <= year.ends_on:
            in_force[edition.pk] = edition
        slots = by_place[edition.pk, weekday] if edition and weekday else []
        if slots or weekday or on.isoweekday() in calendar.weekdays:
            found[on] = [slot for slot in slots if _meets(slot, on, calendar=calendar)]
    numbers = _numbers(year, slots=(slot for slots in found.values() for slot in slots), shift=shift)
    days = tuple(_day(on, slots, numbers=numbers, calendar=calendar, titles=titles) for on, slots in found.items())
    return ShownWeek(
        monday=monday,
        sunday=monday + timedelta(days=6),
        numbers=numbers,
        days=days,
        editions=tuple(in_force.values()),
        has_lessons=any(found.values()),
    )


def slots_of_class(class_id: int) -> Q:
    """Slots of the class and its subgroups, and of the groups without a class that its pupils are in."""
    return Q(course__group__school_class=class_id) | Q(
        course__group__school_class=None,
        course__group__in=_groups_of_pupils(class_id),
    )


def slots_of_teacher(employee_id: int) -> Q:
    return Q(teacher=employee_id)


def slots_of_room(room_id: int) -> Q:
    return Q(room=room_id)


def clashes_of(edition: TimetableEdition) -> list[rules.Clash]:
    """Return what clashes in an edition, errors first. One query."""
    found = rules.clashes(slot_row(slot) for slot in _with_names(TimetableSlot.objects.filter(edition=edition)))
    return sorted(found, key=lambda clash: clash.severity)


def slot_row(slot: Any) -> rules.SlotRow:
    """Return a slot, of the table or about to be adopted, as the rule of clashes reads it.

    A group of no class stands for itself: a stream or a group by choice is no lesson of the whole class.
    """
    group = slot.course.group
    kinds = {GroupKind.SUBGROUP: rules.SUBGROUP, GroupKind.INDIVIDUAL: rules.INDIVIDUAL}
    kind = kinds.get(GroupKind(group.kind), rules.WHOLE_CLASS)
    by_choice = group.kind == GroupKind.ELECTIVE
    return rules.SlotRow(
        weekday=slot.weekday,
        number=slot.number,
        school_class=group.school_class.title if group.school_class and not by_choice else group.name,
        subject=slot.course.subject.name,
        group_kind=kind,
        subgroup=group.name if kind != rules.WHOLE_CLASS else "",
        teacher=slot.teacher.person.full_name if slot.teacher else "",
        room=slot.room.name if slot.room else "",
        row=getattr(slot, "pk", None) or 0,
        combined=group.school_class.combined if group.school_class else "",
    )


def _groups_of_pupils(class_id: int) -> QuerySet[Any]:
    return StudyGroup.objects.filter(
        memberships__pupil__memberships__group__school_class=class_id,
        memberships__pupil__memberships__group__kind=GroupKind.WHOLE_CLASS,
    ).values("pk")


def _with_names(slots: QuerySet[TimetableSlot]) -> QuerySet[TimetableSlot]:
    return slots.select_related(*SLOT_JOINS).order_by("weekday", "number", "course__group__name", "pk")


def _meets(slot: TimetableSlot, on: date, *, calendar: SchoolCalendar) -> bool:
    school_class = slot.course.group.school_class
    grades: Iterable[int] = (school_class.grade,) if school_class else GRADES
    return any(calendar.is_school_day(on, grade=grade) for grade in grades)


def _numbers(year: AcademicYear, *, slots: Iterator[TimetableSlot], shift: int) -> tuple[ShownNumber, ...]:
    bells = {bell.number: bell for bell in Bell.objects.filter(year=year, shift=shift)}
    last = max([LAST_NUMBER, *(slot.number for slot in slots)])
    return tuple(
        ShownNumber(
            number=number,
            starts_at=f"{bells[number].starts_at:%H:%M}" if number in bells else "",
            ends_at=f"{bells[number].ends_at:%H:%M}" if number in bells else "",
        )
        for number in range(1, last + 1)
    )


def _day(
    on: date,
    slots: list[TimetableSlot],
    *,
    numbers: tuple[ShownNumber, ...],
    calendar: SchoolCalendar,
    titles: dict[date, str],
) -> ShownDay:
    at: dict[int, list[ShownSlot]] = defaultdict(list)
    for slot in slots:
        at[slot.number].append(_shown(slot))
    return ShownDay(
        on=on,
        weekday=weekday_title(on),
        note="" if slots else _why_free(on, calendar=calendar, titles=titles),
        cells=tuple((number, tuple(at[number.number])) for number in numbers),
    )


def _why_free(on: date, *, calendar: SchoolCalendar, titles: dict[date, str]) -> str:
    if on in calendar.days_off:
        return titles[on]
    one = next((one for one in calendar.breaks if one.starts_on <= on <= one.ends_on), None)
    return _("%(title)s каникулы") % {"title": one.title} if one else _("Нет уроков")


def _shown(slot: TimetableSlot) -> ShownSlot:
    group = slot.course.group
    school_class = group.school_class
    title = school_class.title if school_class else group.name
    return ShownSlot(
        subject=slot.course.subject.name,
        group=title if group.kind == GroupKind.WHOLE_CLASS or not school_class else f"{title}, {group.name}",
        teacher=slot.teacher.person.short_name if slot.teacher else "",
        room=slot.room.name if slot.room else "",
    )
