"""Absences of a class as pages show them: a week, a day, a pupil, and what has no reason yet.

A fixed number of queries for each page and no work in the templates: a page of a week has some hundred cells.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from letopis.core.days import weekday_letters
from letopis.people.models import Pupil
from letopis.register.access.classes import OpenAbsences, of_class
from letopis.register.models import AbsenceNotice, Attendance, Lesson
from letopis.rules.absence import reason_letters
from letopis.rules.cells import ABSENT, LATE, NOT_SET, event_letters
from letopis.rules.policy import Policy
from letopis.schooling.models import Membership

Span = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class Missed:
    """An absence or a lateness at one lesson."""

    on: date
    number: int
    subject: str
    lesson: UUID
    event: str
    minutes: int | None
    reason: str
    topic: str = ""
    on_paper: bool = False
    """The reason rests on a document."""
    entered_on: date | None = None
    """The day it was entered, when that was another day than the lesson's (ABS-B002)."""

    @property
    def is_absence(self) -> bool:
        return self.event == ABSENT


@dataclass(frozen=True, slots=True)
class AbsenceCell:
    """What a pupil missed on a day, or at one lesson of it."""

    name: str = ""
    """Of the field in the form: pupil, day, and the lesson where there is one."""
    on: date | None = None
    letters: str = ""
    """Of the reasons; empty when nothing was missed."""
    numbers: str = ""
    """«1–3, 5»: which lessons."""
    title: str = ""
    """«1. Алгебра, 2. Физика»."""
    late: str = ""
    """Lateness of that day: «о5», «о10 о»."""
    is_open: bool = False
    """Some reason is not set yet."""
    on_paper: bool = False
    note: str = ""
    """What a family wrote of that day and nobody decided yet."""
    is_out: bool = False
    """He was not in the class, or has no lesson then."""
    typed: str | None = None
    error: str = ""

    @property
    def value(self) -> str:
        return self.letters if self.typed is None else self.typed


@dataclass(frozen=True, slots=True)
class ClassPupil:
    """A pupil of the list of the class."""

    pk: int
    code: UUID
    name: str
    stays: tuple[Span, ...]

    def was_in(self, on: date) -> bool:
        return any(start <= on and (end is None or on <= end) for start, end in self.stays)

    def was_in_between(self, first: date, last: date) -> bool:
        return any(start <= last and (end is None or first <= end) for start, end in self.stays)


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """A pupil with a cell for each column; None where there is nothing to show."""

    pupil: ClassPupil
    cells: tuple[AbsenceCell | None, ...]
    lessons: int = 0

    @property
    def is_empty(self) -> bool:
        return not any(cell and (cell.letters or cell.late or cell.note) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Column:
    """A day of the week, or a lesson of the day."""

    title: str
    on: date
    number: int = 0
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class AbsenceTable:
    """A page of cells."""

    columns: tuple[Column, ...]
    rows: tuple[AbsenceRow, ...]
    lessons: int = 0
    not_set: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits for the class teacher."""

    not_set: int = 0
    notices: int = 0


def class_week(opened: OpenAbsences, *, first: date, policy: Policy, week_days: int) -> tuple[AbsenceTable, Counts]:
    """Return the week that begins on that Monday, pupils × days, and what waits in the year. Five queries."""
    days = [first + timedelta(days=shift) for shift in range(7)]
    listed = pupils_of_year(opened)
    pupils = [one for one in listed if one.was_in_between(first, days[-1])]
    keys = [pupil.pk for pupil in pupils]
    missed, notices = _missed(opened, keys, first, days[-1]), _said(keys, first, days[-1])
    used = {one.on for found in missed.values() for one in found}
    shown = [day for day in days if day.isoweekday() <= week_days or day in used]
    columns = tuple(
        Column(f"{weekday_letters(day)} {day:%d.%m}", day, is_today=day == opened.actor.today) for day in shown
    )
    rows = []
    for pupil in pupils:
        of_pupil, notes = missed.get(pupil.pk, []), notices.get(pupil.pk, ())
        cells = [
            _cell(pupil, day, [one for one in of_pupil if one.on == day], note=_note(notes, day), policy=policy)
            for day in shown
        ]
        rows.append(AbsenceRow(pupil, tuple(cells), sum(one.is_absence for one in of_pupil)))
    return _table(columns, rows, missed.values()), counts_of(opened, listed)


def class_day(opened: OpenAbsences, *, day: date, policy: Policy) -> tuple[AbsenceTable, Counts]:
    """Return a day, pupils × lessons, and what waits in the year. Six queries."""
    listed = pupils_of_year(opened)
    pupils = [one for one in listed if one.was_in(day)]
    keys = [pupil.pk for pupil in pupils]
    missed, notices = _missed(opened, keys, day, day), _said(keys, day, day)
    given = _numbers(keys, day)
    numbers = sorted({number for found in given.values() for number in found} | {
        one.number for found in missed.values() for one in found
    })  # fmt: skip
    rows = []
    for pupil in pupils:
        found = {one.number: one for one in missed.get(pupil.pk, ())}
        note = _note(notices.get(pupil.pk, ()), day)
        cells = [
            cell_of(pupil, day, [found[number]], lesson=found[number].lesson, policy=policy)
            if number in found
            else AbsenceCell(note=note, is_out=number not in given.get(pupil.pk, ()))
            for number in numbers
        ]
        rows.append(AbsenceRow(pupil, tuple(cells), sum(one.is_absence for one in found.values())))
    return _table(tuple(Column(str(number), day, number) for number in numbers), rows, missed.values()), counts_of(
        opened, listed
    )


@dataclass(frozen=True, slots=True)
class PupilDay:
    """A day on which a pupil missed something."""

    on: date
    cell: AbsenceCell
    lessons: tuple[Missed, ...]
    pupil: ClassPupil


def days_of_pupil(
    opened: OpenAbsences, pupil: Pupil, *, first: date, last: date, policy: Policy
) -> tuple[PupilDay, ...]:
    """Return the days of a span on which the pupil missed something, the latest first. One query."""
    shown = ClassPupil(pupil.pk, pupil.code, pupil.person.full_name, ((first, last),))
    missed = _missed(opened, [pupil.pk], first, last)
    return _days([shown], missed, policy=policy)


def days_by_pupil(
    opened: OpenAbsences, *, first: date, last: date, policy: Policy
) -> list[tuple[str, tuple[PupilDay, ...]]]:
    """Return the days of a span on which each pupil of the class missed something. Two queries."""
    pupils = pupils_between(opened, first, last)
    missed = _missed(opened, [one.pk for one in pupils], first, last)
    return [(one.name, _days([one], missed, policy=policy)) for one in pupils]


def days_without_reason(opened: OpenAbsences, *, policy: Policy) -> tuple[PupilDay, ...]:
    """Return the days that have an absence without a reason, the latest first. Two queries."""
    pupils = pupils_between(opened, opened.year.starts_on, opened.year.ends_on)
    missed = _missed(opened, [one.pk for one in pupils], opened.year.starts_on, opened.year.ends_on)
    waiting = {
        pupil: [one for one in found if any(
            other.on == one.on and other.is_absence and other.reason == NOT_SET for other in found
        )]
        for pupil, found in missed.items()
    }  # fmt: skip
    return _days(pupils, waiting, policy=policy)


def counts_of(opened: OpenAbsences, pupils: Iterable[ClassPupil] | None = None) -> Counts:
    """Return what waits for the class teacher. Two queries, and one more without the pupils of the year."""
    # Keys and not a subquery: the databases would look through the absences of the whole school for it.
    keys = [one.pk for one in (pupils_of_year(opened) if pupils is None else pupils)]
    year = opened.year
    unset = Attendance.objects.filter(
        pupil__in=keys, event=ABSENT, reason=NOT_SET, lesson__on__range=(year.starts_on, year.ends_on)
    ).exclude(lesson__state=Lesson.State.CANCELLED)
    notices = AbsenceNotice.objects.filter(pupil__in=keys, state=AbsenceNotice.State.NEW, ends_on__gte=year.starts_on)
    return Counts(unset.count(), notices.count())


def pupils_of_year(opened: OpenAbsences) -> list[ClassPupil]:
    """Return who was in the list of the class at any time of its year. One query."""
    return pupils_between(opened, opened.year.starts_on, opened.year.ends_on)


def pupils_between(opened: OpenAbsences, first: date, last: date) -> list[ClassPupil]:
    """Return who was in the list of the class in these days, in its order. One query."""
    rows: Any = Membership.objects.filter(pk__in=of_class(opened).values("pk")).during(first, last).taught()
    found: dict[int, tuple[UUID, str, list[Span]]] = {}
    for pk, code, last_name, first_name, start, end in rows.order_by(
        "pupil__person__sort_key", "pupil_id", "starts_on"
    ).values_list(
        "pupil_id", "pupil__code", "pupil__person__last_name", "pupil__person__first_name", "starts_on", "ends_on"
    ):
        found.setdefault(pk, (code, f"{last_name} {first_name}", []))[2].append((start, end))
    return [ClassPupil(pk, code, name, tuple(stays)) for pk, (code, name, stays) in found.items()]


def _cell(pupil: ClassPupil, on: date, missed: list[Missed], *, note: str, policy: Policy) -> AbsenceCell | None:
    if not pupil.was_in(on):
        return _OUT
    return cell_of(pupil, on, missed, note=note, policy=policy) if missed or note else None


_OUT = AbsenceCell(is_out=True)


def cell_of(
    pupil: ClassPupil,
    on: date,
    missed: Iterable[Missed],
    *,
    lesson: UUID | None = None,
    note: str = "",
    policy: Policy,
) -> AbsenceCell:
    """Return the cell of what was missed on a day."""
    found = list(missed)
    absent = [one for one in found if one.is_absence]
    reasons = [one.reason for one in absent]
    late = [event_letters(LATE, one.minutes, None, policy=policy) for one in found if one.event == LATE]
    return AbsenceCell(
        name=":".join([str(pupil.code), on.isoformat(), *([str(lesson)] if lesson else [])]),
        on=on,
        letters=reason_letters(reasons, policy=policy) if reasons else "",
        numbers=numbers_of([one.number for one in absent]),
        title=", ".join(f"{one.number}. {one.subject}" for one in found),
        late=" ".join(late),
        is_open=NOT_SET in reasons,
        on_paper=any(one.on_paper for one in absent),
        note=note if NOT_SET in reasons or not reasons else "",
    )


def numbers_of(numbers: list[int]) -> str:
    """Return «1–3, 5» for 1, 2, 3, 5."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _table(columns: tuple[Column, ...], rows: list[AbsenceRow], missed: Iterable[list[Missed]]) -> AbsenceTable:
    absences = [one for found in missed for one in found if one.is_absence]
    return AbsenceTable(columns, tuple(rows), len(absences), sum(one.reason == NOT_SET for one in absences))


def _days(pupils: Iterable[ClassPupil], missed: dict[int, list[Missed]], *, policy: Policy) -> tuple[PupilDay, ...]:
    found = []
    for pupil in pupils:
        by_day: dict[date, list[Missed]] = defaultdict(list)
        for one in missed.get(pupil.pk, ()):
            by_day[one.on].append(one)
        found += [
            PupilDay(on, cell_of(pupil, on, lessons, policy=policy), tuple(lessons), pupil)
            for on, lessons in by_day.items()
        ]
    return tuple(sorted(found, key=lambda day: day.on, reverse=True))


def _missed(opened: OpenAbsences, pupils: list[int], first: date, last: date) -> dict[int, list[Missed]]:
    """Return absences and lateness of these pupils by pupil, in the order of lessons. One query."""
    zone = ZoneInfo(opened.actor.organisation.time_zone)
    rows = Attendance.objects.filter(
        pupil__in=pupils,
        event__in=(ABSENT, LATE),
        lesson__on__range=(first, last),
        lesson__course__year=opened.year,
    ).exclude(lesson__state=Lesson.State.CANCELLED)
    values: Any = rows.order_by("lesson__on", "lesson__number", "pk").values_list(
        "pupil_id", "lesson__on", "lesson__number", "lesson__course__subject__name", "lesson__code",
        "event", "minutes", "reason", "lesson__topic", "document_id", "put_at",
    )  # fmt: skip
    found: dict[int, list[Missed]] = defaultdict(list)
    for pupil, on, number, subject, lesson, event, minutes, reason, topic, document, put_at in values:
        entered_on = put_at.astimezone(zone).date()
        one = Missed(
            on, number, subject, lesson, event, minutes, reason, topic,
            on_paper=document is not None,
            entered_on=entered_on if entered_on != on else None,
        )  # fmt: skip
        found[pupil].append(one)
    return found


def _numbers(pupils: list[int], day: date) -> dict[int, set[int]]:
    """Return the numbers of the lessons that each pupil has on a day. One query."""
    groups: dict[int, set[int]] = defaultdict(set)
    rows: Any = Membership.objects.filter(pupil__in=pupils, group__courses__lessons__on=day).on(day).taught()
    rows = rows.exclude(group__courses__lessons__state=Lesson.State.CANCELLED)
    for pupil, number, on in rows.values_list(
        "pupil_id", "group__courses__lessons__number", "group__courses__lessons__on"
    ):
        if on == day:
            groups[pupil].add(number)
    return groups


def _said(pupils: list[int], first: date, last: date) -> dict[int, list[tuple[date, date, str]]]:
    """Return what families wrote of these days and nobody decided yet. One query."""
    rows = AbsenceNotice.objects.filter(
        pupil__in=pupils, state=AbsenceNotice.State.NEW, starts_on__lte=last, ends_on__gte=first
    )
    found: dict[int, list[tuple[date, date, str]]] = defaultdict(list)
    for row in rows:
        found[row.pupil_id].append((row.starts_on, row.ends_on, row.get_reason_display()))
    return found


def _note(notices: Iterable[tuple[date, date, str]], day: date) -> str:
    return next((reason for start, end, reason in notices if start <= day <= end), "")
