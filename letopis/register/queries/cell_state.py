"""What stands in cells at this moment, for the verb that changes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce

from letopis.register.access import OpenCourse, Stays
from letopis.register.models import Attendance, Lesson, Mark, OutsideMarks, PeriodClosing, Task, TermMark
from letopis.register.queries.cells import CellFacts
from letopis.register.queries.proposals import WeighedMark
from letopis.rules.cells import NOT_SET, PRESENT
from letopis.rules.results import POSTPONED

NO_LOCK_VALUES = ("", POSTPONED)
"""Results that lock no current marks: none, and one that is still to be set."""

_NO_MARK = -1
"""Stands where a mark has the weight of its column, in the rows of attendance."""
_BROUGHT = _NO_MARK - 1
"""The same, for marks from another school."""
_TERM_MARK = _BROUGHT - 1
"""The same, for the pupil's term marks of the subject: they lock the marks up to the day they were set (C-024)."""
_CLOSED = _TERM_MARK - 1
"""The same, for the closings of the class's terms, which are of every pupil."""


@dataclass(frozen=True, slots=True)
class MarkState:
    """A mark as it stands; one that never was has no pk."""

    value: str = ""
    changes: int = 0
    pk: int | None = None
    put_by: int | None = None
    put_at: datetime | None = None
    kind: str = ""
    """Code of the kind of work of its task."""
    weight: int | None = None
    """Of its task, where that has one of its own."""
    note: str = ""
    is_overdue: bool = False
    """First put after its deadline; whoever shows the cell finds it out."""


@dataclass(frozen=True, slots=True)
class EventState:
    """An attendance as it stands; one that never was has no pk."""

    event: str = ""
    minutes: int | None = None
    reason: str = NOT_SET
    pk: int | None = None
    put_by: int | None = None
    put_at: datetime | None = None
    note: str = ""
    document: int | None = None
    """The paper that a new absence takes its reason from; not read, only written (C-011)."""
    reason_by: int | None = None
    """Who entered that paper."""

    @property
    def known(self) -> tuple[str, int | None, str]:
        """Event, minutes, reason."""
        return (self.event, self.minutes, self.reason)


@dataclass(slots=True)
class PupilState:
    """One pupil of the course, with what stands in his cells."""

    stays: Stays
    marks: dict[int, MarkState] = field(default_factory=dict)
    """By task: all his marks in the subject within the days asked for, in whatever group (C-001)."""
    events: dict[int, EventState] = field(default_factory=dict)
    """By lesson."""
    brought: list[str] = field(default_factory=list)
    """Marks of the subject from another school in these days (REG-B037)."""
    term_marks: dict[int, datetime] = field(default_factory=dict)
    """When the term mark was set, by key of the term, later ones too; without those that are put off."""
    closed: dict[int, datetime] = field(default_factory=dict)
    """When the term was closed for the class, by key of the term."""

    def mark(self, task: Task) -> MarkState:
        return self.marks.get(task.pk) or MarkState(kind=task.kind, weight=task.weight)

    def event(self, lesson_id: int) -> EventState:
        return self.events.get(lesson_id) or EventState()

    def facts(self, task: Task) -> CellFacts:
        mark, event = self.mark(task), self.event(task.lesson_id)
        return CellFacts(
            mark.value,
            mark.changes,
            "" if event.event == PRESENT else event.event,
            event.minutes,
            event.reason,
            mark.note,
            event.note,
            is_overdue=mark.is_overdue,
        )


def pupils_of(
    opened: OpenCourse, *, stays: Mapping[UUID, Stays], lessons: Sequence[int], first: date, last: date
) -> dict[UUID, PupilState]:
    """Return the pupils by code, with their events in these lessons and marks of these days.

    One query. Call after the lessons are locked: what is read together with the lock may be stale.
    """
    found = {code: PupilState(stay) for code, stay in stays.items()}
    by_pk = {pupil.stays.pupil_id: pupil for pupil in found.values()}
    rows = _facts(opened, list(by_pk), lessons, first, last)
    for pupil_id, weight, of, value, number, pk, put_by, put_at, word, note in rows:
        if weight == _CLOSED:
            for pupil in by_pk.values():
                pupil.closed[of] = put_at
        elif weight == _TERM_MARK:
            by_pk[pupil_id].term_marks[of] = put_at
        elif weight == _BROUGHT:
            by_pk[pupil_id].brought += value.split()
        elif weight != _NO_MARK:
            by_pk[pupil_id].marks[of] = MarkState(value, number, pk, put_by, put_at, word, weight or None, note)
        else:
            by_pk[pupil_id].events[of] = EventState(value, number, word, pk, put_by, put_at, note)
    return found


def _facts(
    opened: OpenCourse, pupils: Sequence[int], lessons: Sequence[int], first: date, last: date
) -> QuerySet[Any, tuple[Any, ...]]:
    """Return marks and events as rows of one shape, by one statement: a save must stay within twelve."""
    course = opened.course
    marks = _marks().filter(
        pupil__in=pupils,
        task__lesson__course__subject=course.subject_id,
        task__lesson__course__year=course.year_id,
        task__lesson__on__range=(first, last),
    )
    brought = _brought().filter(
        statement__pupil__in=pupils,
        subject=course.subject_id,
        term__year=course.year_id,
        term__starts_on__lte=last,
        term__ends_on__gte=first,
    )
    events = _events().filter(pupil__in=pupils, lesson__in=lessons)
    days = {"term__year": course.year_id, "term__starts_on__lte": last, "term__ends_on__gte": first}
    # A later term may carry the mark of these days: that of a half-year closes both its quarters (C-002, C-024).
    results = _term_marks().filter(
        pupil__in=pupils, subject=course.subject_id, term__year=course.year_id, term__ends_on__gte=first
    )
    closings = _closings().filter(school_class=course.group.school_class_id or 0, **days)
    return marks.union(events, brought, results, closings, all=True)


@cache
def _marks() -> QuerySet[Any, tuple[Any, ...]]:
    """Made once, as the one below: building a query takes longer than running it."""
    return Mark.objects.exclude(task__lesson__state=Lesson.State.CANCELLED).values_list(
        "pupil_id",
        Coalesce("task__weight", 0),
        "task_id",
        "value",
        "changes",
        "pk",
        "put_by_id",
        "put_at",
        "task__kind",
        "note",
    )


@cache
def _events() -> QuerySet[Any, tuple[Any, ...]]:
    return Attendance.objects.values_list(
        "pupil_id", Value(_NO_MARK), "lesson_id", "event", "minutes", "pk", "put_by_id", "put_at", "reason", "note"
    )


@cache
def _brought() -> QuerySet[Any, tuple[Any, ...]]:
    return OutsideMarks.objects.filter(statement__withdrawn_at=None).values_list(
        "statement__pupil_id",
        Value(_BROUGHT),
        "term_id",
        "marks",
        Value(0),
        "pk",
        "statement__entered_by_id",
        "statement__entered_at",
        Value(""),
        Value(""),
    )


@cache
def _term_marks() -> QuerySet[Any, tuple[Any, ...]]:
    return TermMark.objects.exclude(value__in=NO_LOCK_VALUES).values_list(
        "pupil_id", Value(_TERM_MARK), "term_id", "value", Value(0), "pk", "put_by_id", "put_at", Value(""), Value("")
    )


@cache
def _closings() -> QuerySet[Any, tuple[Any, ...]]:
    return PeriodClosing.objects.filter(reopened_at=None).values_list(
        Value(0), Value(_CLOSED), "term_id", Value(""), Value(0), "pk", "closed_by_id", "closed_at", Value(""),
        Value(""),
    )  # fmt: skip


def counted_marks(pupil: PupilState) -> list[WeighedMark]:
    """Return (value, kind of work, own weight of the column) of every mark that stands or was brought along."""
    put: list[WeighedMark] = [(mark.value, mark.kind, mark.weight) for mark in pupil.marks.values() if mark.value]
    return [*put, *((value, "", None) for value in pupil.brought)]
