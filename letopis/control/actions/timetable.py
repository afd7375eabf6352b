"""Verbs that change the plan of a year and bring its lessons in line, in one transaction.

schooling knows no lessons and register no calendar, so whoever changes the timetable, the calendar or a workload of a
year that has lessons calls these, never the verbs of schooling alone. Each is harmless when repeated.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction

from letopis.ledger.actions import Author
from letopis.people.models import Employee
from letopis.register.actions.lessons import Generation, generate_lessons, preview_lessons
from letopis.rules.calendar import Period, SchoolCalendar, WorkingDay
from letopis.rules.timetable import Clash
from letopis.schooling.actions import calendar, teaching, timetable
from letopis.schooling.actions.calendar import ProposedDay
from letopis.schooling.actions.timetable import NewSlot
from letopis.schooling.models import (
    AcademicYear,
    Break,
    CalendarDay,
    Course,
    SchoolClass,
    TimetableEdition,
    Workload,
)
from letopis.schooling.queries import calendar_of
from letopis.schooling.queries.timetable import clashes_of

CLEAR = "CLEAR"
"""A day becomes what its weekday says; beside the codes of CalendarDay.Kind."""


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
) -> tuple[TimetableEdition, Generation]:
    """Adopt an edition of the timetable and bring the lessons from its first day on in line with it."""
    edition = timetable.adopt_timetable(year, starts_on=starts_on, slots=slots, order=order, title=title, by=by, at=at)
    return edition, generate_lessons(year, first=starts_on, by=by, at=at)


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
) -> tuple[TimetableEdition, Generation]:
    """Give a class other lessons on a weekday from a day on, and bring the lessons from it in line."""
    edition = timetable.change_class_timetable(
        year, school_class=school_class, weekday=weekday, starts_on=starts_on, slots=slots, order=order,
        today=today, by=by, at=at,
    )  # fmt: skip
    return edition, generate_lessons(year, first=starts_on, by=by, at=at)


def preview_class_timetable(
    year: AcademicYear,
    *,
    school_class: SchoolClass,
    weekday: int,
    starts_on: date,
    slots: Sequence[NewSlot],
    today: date,
    by: Author,
    at: datetime,
) -> tuple[list[Clash], Generation]:
    """Return the clashes that would stand, and what `change_class_timetable` would do with the lessons.

    The change is made and taken back at once, so that nothing has to be computed in two ways. Refuses as it does.
    """
    with transaction.atomic():
        edition, done = change_class_timetable(
            year, school_class=school_class, weekday=weekday, starts_on=starts_on, slots=slots,
            today=today, by=by, at=at,
        )  # fmt: skip
        clashes = clashes_of(edition)
        transaction.set_rollback(True)
    return clashes, done


@transaction.atomic
def change_day(
    year: AcademicYear, *, on: date, kind: str, title: str = "", source: str = "", by: Author, at: datetime
) -> Generation:
    """Make a day free (OFF), a school day (WORKING) or an ordinary one (CLEAR), and move the lessons of its week."""
    if kind == CLEAR:
        calendar.clear_day(year, on=on, reason=source, by=by, at=at)
    elif kind == CalendarDay.Kind.OFF:
        calendar.set_day_off(year, on=on, title=title, source=source, by=by, at=at)
    else:
        calendar.set_working_day(year, on=on, title=title, source=source, by=by, at=at)
    first, last = _week(year, on)
    return generate_lessons(year, first=first, last=last, by=by, at=at)


def preview_day(year: AcademicYear, *, on: date, kind: str, at: datetime) -> Generation:
    """Return what `change_day` would do with the lessons, without doing it."""
    first, last = _week(year, on)
    changed = _with_day(calendar_of(year), on=on, kind=kind)
    return preview_lessons(year, calendar=changed, first=first, last=last, at=at)


@transaction.atomic
def take_proposed_days(year: AcademicYear, *, by: Author, at: datetime) -> tuple[list[CalendarDay], Generation]:
    """Take the official days into the calendar and bring all lessons of the year in line with it."""
    days = calendar.propose_days_off(year, by=by, at=at)
    return days, generate_lessons(year, by=by, at=at) if days else Generation()


def preview_proposed_days(year: AcademicYear, *, at: datetime) -> tuple[list[ProposedDay], Generation]:
    """Return the official days not taken yet, and what taking them would do with the lessons."""
    days = calendar.proposed_days(year)
    changed = calendar_of(year)
    for day in days:
        changed = _with_day(changed, on=day.on, kind=day.kind)
    return days, preview_lessons(year, calendar=changed, first=year.starts_on, last=year.ends_on, at=at)


@transaction.atomic
def change_break(
    one: Break, *, starts_on: date, ends_on: date, order: str = "", by: Author, at: datetime
) -> tuple[Break, Generation]:
    """Move a break and bring all lessons of its year in line with it."""
    row = calendar.change_break(one, starts_on=starts_on, ends_on=ends_on, order=order, by=by, at=at)
    return row, generate_lessons(row.year, by=by, at=at)


def preview_break(one: Break, *, starts_on: date, ends_on: date, at: datetime) -> Generation:
    """Return what `change_break` would do with the lessons, without doing it."""
    year = one.year
    grades = frozenset(range(one.grade_from, one.grade_to + 1))
    kept, moved = calendar_of(year), Period(one.title, grades, starts_on, ends_on)
    others = tuple(
        other for other in kept.breaks if other != replace(moved, starts_on=one.starts_on, ends_on=one.ends_on)
    )
    changed = replace(kept, breaks=(*others, moved))
    return preview_lessons(year, calendar=changed, first=year.starts_on, last=year.ends_on, at=at)


@transaction.atomic
def change_teacher(
    course: Course,
    *,
    teacher: Employee | None,
    starts_on: date,
    order: str,
    replaces: Employee | None = None,
    by: Author,
    at: datetime,
) -> tuple[Workload, Generation]:
    """Give a course to another teacher from a day, and put him on its lessons that were not held yet."""
    workload = teaching.change_workload(
        course, teacher=teacher, starts_on=starts_on, order=order, replaces=replaces, by=by, at=at
    )
    return workload, generate_lessons(course.year, courses=[course], first=starts_on, by=by, at=at)


def _week(year: AcademicYear, day: date) -> tuple[date, date]:
    """Return Monday and Sunday of the day's week, within the year: a lesson goes to another day of its week at most."""
    monday = day - timedelta(days=day.weekday())
    return max(monday, year.starts_on), min(monday + timedelta(days=6), year.ends_on)


def _with_day(calendar: SchoolCalendar, *, on: date, kind: str) -> SchoolCalendar:
    days_off = calendar.days_off - {on}
    working = tuple(one for one in calendar.working_days if one.on != on)
    if kind == CalendarDay.Kind.OFF:
        days_off |= {on}
    elif kind == CalendarDay.Kind.WORKING:
        working += (WorkingDay(on),)
    return replace(calendar, days_off=days_off, working_days=working)
