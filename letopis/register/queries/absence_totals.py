"""How much was missed: by pupil, by subject, by day, by class; in lessons and in days (REG-028, ABS-B006).

Five queries for a class and for the whole school: absences are few, and lessons are counted by the database.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count

from letopis.core.days import weekday_letters
from letopis.register.models import Attendance, Lesson
from letopis.rules.absence import Event, Missed, missed_of
from letopis.rules.cells import ABSENT, LATE
from letopis.rules.policy.editions import Editions
from letopis.rules.russian import short_date
from letopis.schooling.models import GroupKind, Membership, SchoolClass, Subject

PUPIL, SUBJECT, DAY, CLASS = "pupil", "subject", "day", "class"
WAYS = (PUPIL, SUBJECT, DAY)


@dataclass(frozen=True, slots=True)
class TotalLine:
    """A line of the table."""

    title: str
    missed: Missed
    code: UUID | None = None
    """Of the pupil or the class, for a link."""
    on: date | None = None
    pupils: int = 0
    """How many pupils missed something."""


@dataclass(frozen=True, slots=True)
class Totals:
    """A table of totals."""

    lines: tuple[TotalLine, ...]
    whole: Missed
    counts_days: bool
    """Days make sense for pupils and classes, not for one subject."""


@dataclass(frozen=True, slots=True)
class _Pupil:
    pk: int
    code: UUID
    name: str
    school_class: int
    start: date
    end: date | None

    def was_in(self, on: date) -> bool:
        return self.start <= on and (self.end is None or on <= self.end)


@dataclass(frozen=True, slots=True)
class _Missed:
    pupil: _Pupil
    event: Event
    subject: str


def totals_of(
    classes: Sequence[SchoolClass],
    *,
    by: str,
    first: date,
    last: date,
    subject: UUID | None = None,
    policies: Editions,
) -> Totals:
    """Return what the pupils of these classes missed in these days, by pupil, subject, day or class."""
    pupils = _pupils(classes, first, last)
    missed = _missed(pupils, first, last, subject=subject)
    counts_days = subject is None and by != SUBJECT
    planned = _planned(missed, first, last) if counts_days else {}
    lines = _WAYS[by](classes, pupils, missed, planned, policies)
    whole = sum((line.missed for line in lines), Missed())
    return Totals(tuple(lines), whole, counts_days)


def subjects_of(classes: Sequence[SchoolClass]) -> list[Subject]:
    """Return the subjects that the classes are taught, for the filter. One query."""
    rows = Subject.objects.filter(courses__group__school_class__in=[one.pk for one in classes]).distinct()
    return list(rows.order_by("sort_key"))


Planned = dict[tuple[int, date], int]
"""Lessons of a pupil on a day."""


def _by_pupil(
    classes: Sequence[SchoolClass],
    pupils: Sequence[_Pupil],
    missed: list[_Missed],
    planned: Planned,
    policies: Editions,
) -> list[TotalLine]:
    found = _grouped(missed, lambda one: one.pupil.pk)
    shown: dict[int, _Pupil] = {}
    for pupil in pupils:
        shown.setdefault(pupil.pk, pupil)
    return [
        TotalLine(pupil.name, _sum(found.get(pk, ()), planned, policies), code=pupil.code)
        for pk, pupil in shown.items()
    ]


def _by_class(
    classes: Sequence[SchoolClass],
    pupils: Sequence[_Pupil],
    missed: list[_Missed],
    planned: Planned,
    policies: Editions,
) -> list[TotalLine]:
    found = _grouped(missed, lambda one: one.pupil.school_class)
    return [
        TotalLine(
            one.title,
            _sum(found.get(one.pk, ()), planned, policies),
            code=one.code,
            pupils=len({row.pupil.pk for row in found.get(one.pk, ())}),
        )
        for one in classes
    ]


def _by_subject(
    classes: Sequence[SchoolClass],
    pupils: Sequence[_Pupil],
    missed: list[_Missed],
    planned: Planned,
    policies: Editions,
) -> list[TotalLine]:
    found = _grouped(missed, lambda one: one.subject)
    lines = [
        TotalLine(str(name), _sum(rows, planned, policies), pupils=len({row.pupil.pk for row in rows}))
        for name, rows in found.items()
    ]
    return sorted(lines, key=lambda line: (-line.missed.lessons, line.title))


def _by_day(
    classes: Sequence[SchoolClass],
    pupils: Sequence[_Pupil],
    missed: list[_Missed],
    planned: Planned,
    policies: Editions,
) -> list[TotalLine]:
    found = _grouped(missed, lambda one: one.event.on)
    return [
        TotalLine(
            f"{short_date(on)}, {weekday_letters(on)}",
            _sum(found[on], planned, policies),
            on=on,
            pupils=len({row.pupil.pk for row in found[on]}),
        )
        for on in sorted(found)
    ]


_WAYS: dict[str, Callable[..., list[TotalLine]]] = {
    PUPIL: _by_pupil, SUBJECT: _by_subject, DAY: _by_day, CLASS: _by_class,
}  # fmt: skip


def _sum(missed: Iterable[_Missed], planned: Planned, policies: Editions) -> Missed:
    """Return the sum over pupils: a missed day is a day of one pupil, by the policy of that day."""
    whole = Missed()
    for (pk, _edition), rows in _grouped(missed, lambda one: (one.pupil.pk, id(policies.on(one.event.on)))).items():
        of_pupil = {on: number for (pupil, on), number in planned.items() if pupil == pk}
        whole += missed_of([row.event for row in rows], planned=of_pupil, policy=policies.on(rows[0].event.on))
    return whole if planned else Missed(0, whole.lessons, whole.reasons, whole.late)


def _grouped(missed: Iterable[_Missed], key: Callable[[_Missed], Hashable]) -> dict[Any, list[_Missed]]:
    found: dict[Any, list[_Missed]] = defaultdict(list)
    for one in missed:
        found[key(one)].append(one)
    return found


def _pupils(classes: Sequence[SchoolClass], first: date, last: date) -> list[_Pupil]:
    rows: Any = Membership.objects.filter(
        group__kind=GroupKind.WHOLE_CLASS, group__school_class__in=[one.pk for one in classes]
    )
    rows = rows.during(first, last).taught().order_by("pupil__person__sort_key", "pupil_id", "starts_on")
    return [
        _Pupil(pk, code, f"{surname} {name}", school_class, start, end)
        for pk, code, surname, name, school_class, start, end in rows.values_list(
            "pupil_id", "pupil__code", "pupil__person__last_name", "pupil__person__first_name",
            "group__school_class_id", "starts_on", "ends_on",
        )
    ]  # fmt: skip


def _missed(pupils: Sequence[_Pupil], first: date, last: date, *, subject: UUID | None) -> list[_Missed]:
    stays: dict[int, list[_Pupil]] = defaultdict(list)
    for pupil in pupils:
        stays[pupil.pk].append(pupil)
    # By the days and not by the pupils: a whole school is more keys than a statement takes.
    rows = Attendance.objects.filter(event__in=(ABSENT, LATE), lesson__on__range=(first, last))
    rows = rows.exclude(lesson__state=Lesson.State.CANCELLED)
    if subject is not None:
        rows = rows.filter(lesson__course__subject__code=subject)
    if len(stays) <= 200:
        rows = rows.filter(pupil__in=list(stays))
    found = []
    for pk, on, event, reason, minutes, name in rows.values_list(
        "pupil_id", "lesson__on", "event", "reason", "minutes", "lesson__course__subject__name"
    ):
        there = next((one for one in stays.get(pk, ()) if one.was_in(on)), None)
        if there is not None:
            found.append(_Missed(there, Event(on, event, reason, minutes), name))
    return found


def _planned(missed: Iterable[_Missed], first: date, last: date) -> Planned:
    """Return how many lessons each pupil has on the days he missed something. Two queries."""
    # A long lateness may count as a missed lesson, so that its day is needed too.
    wanted = {(one.pupil.pk, one.event.on) for one in missed if one.event.event == ABSENT or one.event.minutes}
    pupils = {pupil for pupil, _on in wanted}
    members: Any = Membership.objects.during(first, last).taught()
    if len(pupils) <= 200:
        members = members.filter(pupil__in=pupils)
    groups: dict[int, list[tuple[int, date, date | None]]] = defaultdict(list)
    for pupil, group, start, end in members.values_list("pupil_id", "group_id", "starts_on", "ends_on"):
        if pupil in pupils:
            groups[pupil].append((group, start, end))
    days = {on for _pupil, on in wanted}
    lessons = Lesson.objects.filter(on__range=(first, last)).exclude(state=Lesson.State.CANCELLED)
    if len(pupils) <= 200:
        lessons = lessons.filter(course__group__in={group for found in groups.values() for group, _s, _e in found})
    counts = {
        (group, on): number
        for group, on, number in lessons.values_list("course__group", "on").annotate(Count("pk")).order_by()
        if on in days
    }
    return {
        (pupil, on): sum(
            counts.get((group, on), 0)
            for group, start, end in groups[pupil]
            if start <= on and (end is None or on <= end)
        )
        for pupil, on in wanted
    }
