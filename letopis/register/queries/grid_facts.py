"""What the register grid is made of, read by five queries whatever the size of the class."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, F, FilteredRelation, OuterRef, PositiveSmallIntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast

from letopis.register.access import OpenCourse
from letopis.register.models import Attendance, Correction, Lesson, Mark, OutsideMarks, Substitution
from letopis.register.queries.course_terms import Span
from letopis.register.queries.locks import terms_with_closing
from letopis.register.queries.proposals import WeighedMark
from letopis.schooling.models import Membership, Term

_BROUGHT = -1
"""Where a mark has its number of changes: it came from another school."""

Stay = tuple[date, date | None]
MarkRow = tuple[str, int, str, bool]
"""Value, how many times it was changed, the note on it, and whether it was put after its deadline."""
EventRow = tuple[str, int | None, str, str]
"""Event, minutes of lateness, reason, and the note on the pupil at the lesson; no event for one who was there."""
_CORRECTED = -2
"""Where a mark has its number of changes: a correction of attendance that was carried out, with its lesson."""


class LessonRow(NamedTuple):
    """A lesson with one of its tasks; a lesson without a task has Nones."""

    lesson_id: int
    code: UUID
    on: date
    number: int
    teacher_id: int | None
    task_id: int | None
    task_code: UUID | None
    kind: str | None
    title: str | None
    weight: int | None
    components: int | None
    worked_on: date | None
    is_changed: bool
    """Given by a substitute, or moved here from another time."""


@dataclass(slots=True)
class Member:
    """A pupil of the course."""

    pupil_id: int
    code: UUID
    name: str
    stays: list[Stay]
    """In the group of this course, in order."""
    has_moved: bool = False
    """Was also in another group with this subject."""


def members_of(opened: OpenCourse) -> tuple[list[Member], set[int]]:
    """Return who was in the group at any time of the year, and the other courses of the subject they passed through."""
    course = opened.course
    rows = (
        _taught()
        .filter(
            pupil__memberships__group=course.group_id,
            group__courses__subject=course.subject_id,
            group__courses__year=course.year_id,
        )
        .values_list(
            "pupil_id",
            "pupil__code",
            "pupil__person__last_name",
            "pupil__person__first_name",
            # After the filter: the course is the one that the filter joined.
            "group__courses",
            "starts_on",
            "ends_on",
        )
    )
    found: dict[int, Member] = {}
    others: set[int] = set()
    for pupil_id, code, last_name, first_name, course_id, start, end in rows:
        member = found.setdefault(pupil_id, Member(pupil_id, code, f"{last_name} {first_name}", []))
        if course_id != course.pk:
            member.has_moved = True
            others.add(course_id)
        elif (start, end) not in member.stays:
            # A pupil who left and came back meets himself twice in the join.
            member.stays.append((start, end))
    return [member for member in found.values() if member.stays], others


@cache
def _taught() -> QuerySet[Membership]:
    """Stays in the order of a school list. Here and below: made once, because building a query takes its time."""
    return Membership.objects.taught().order_by("pupil__person__sort_key", "pupil_id", "starts_on")


def terms_of(
    opened: OpenCourse, pupils: Sequence[int]
) -> tuple[list[Term], dict[tuple[int, int | None], tuple[str, datetime]]]:
    """Return the terms of the course with their closing (`locks.terms_with_closing`), and by (pupil, term) the mark set
    in it and when.
    """
    rows: list[Any] = list(
        terms_with_closing(opened).annotate(
            put=FilteredRelation(
                "term_marks",
                condition=Q(term_marks__subject=opened.course.subject_id, term_marks__pupil__in=pupils or [0]),
            ),
            put_to=F("put__pupil"),
            put_value=F("put__value"),
            put_at=F("put__put_at"),
        )
    )
    put = {(row.put_to, row.pk): (row.put_value, row.put_at) for row in rows if row.put_value}
    return list({row.pk: row for row in rows}.values()), put


def lessons_of(opened: OpenCourse, span: Span) -> list[LessonRow]:
    """Return the columns in order."""
    rows = _columns().filter(course=opened.course.pk, on__range=(span.first, span.last))
    return [LessonRow(*row) for row in rows]


@cache
def _columns() -> QuerySet[Any, tuple[Any, ...]]:
    return (
        Lesson.objects.exclude(state=Lesson.State.CANCELLED)
        .order_by("on", "number", "tasks__position")
        .values_list(
            "pk",
            "code",
            "on",
            "number",
            "teacher_id",
            "tasks",
            "tasks__code",
            "tasks__kind",
            "tasks__title",
            "tasks__weight",
            "tasks__components",
            "tasks__worked_on",
            Exists(Substitution.objects.filter(lesson=OuterRef("pk"), withdrawn_at=None)),
        )
    )


@dataclass(slots=True)
class Marks:
    """The marks of a page."""

    stand: dict[int, dict[int, MarkRow]]
    """By pupil, then by task."""
    count: dict[int, list[WeighedMark]]
    """By pupil: all his marks in the subject, in whatever group (C-001)."""
    corrected: set[tuple[int, int]]
    """Pupil and lesson whose attendance was corrected by permission."""


def marks_of(
    opened: OpenCourse,
    members: Sequence[Member],
    other_courses: set[int],
    span: Span,
    *,
    due: Mapping[int, datetime] = MappingProxyType({}),
) -> Marks:
    """Return the marks of the days. due: by task until when its marks are put, where there is such a term."""
    moved = [member.pupil_id for member in members if member.has_moved]
    of_course = Q(task__lesson__course=opened.course.pk)
    if moved:
        of_course |= Q(task__lesson__course__in=other_courses, pupil__in=moved)
    marks: dict[int, dict[int, MarkRow]] = defaultdict(dict)
    counted: dict[int, list[WeighedMark]] = defaultdict(list)
    corrected: set[tuple[int, int]] = set()
    rows = _marks().filter(of_course, task__lesson__on__range=(span.first, span.last))
    brought = _brought().filter(
        statement__pupil__in=[member.pupil_id for member in members],
        subject=opened.course.subject_id,
        term__year=opened.course.year_id,
        term__starts_on__lte=span.last,
        term__ends_on__gte=span.first,
    )
    fixed = _corrected().filter(course=opened.course.pk, lesson__on__range=(span.first, span.last))
    for pupil_id, task_id, kind, weight, value, changes, note, put_at in rows.union(brought, fixed, all=True):
        if changes == _BROUGHT:
            counted[pupil_id] += [(one, kind, None) for one in value.split()]
            continue
        if changes == _CORRECTED:
            corrected.add((pupil_id, task_id))
            continue
        # A corrected mark tells its correction; when it was first put is in its history.
        # The whole last second of a term is in time (rules.deadlines).
        is_overdue = changes == 0 and task_id in due and put_at.replace(microsecond=0) > due[task_id]
        marks[pupil_id][task_id] = (value, changes, note, is_overdue)
        counted[pupil_id].append((value, kind, weight))
    return Marks(marks, counted, corrected)


@cache
def _marks() -> QuerySet[Any, tuple[Any, ...]]:
    counted = Mark.objects.exclude(task__lesson__state=Lesson.State.CANCELLED)
    return counted.values_list(
        "pupil_id", "task_id", "task__kind", "task__weight", "value", "changes", "note", "put_at"
    )


@cache
def _corrected() -> QuerySet[Any, tuple[Any, ...]]:
    """Corrections of attendance that were carried out, shaped as marks: their cells have the corner of a change."""
    done = Correction.objects.filter(kind=Correction.Kind.ATTENDANCE, state=Correction.State.APPLIED).exclude(
        old_value=F("new_value")
    )
    weight = Cast(Value(None), PositiveSmallIntegerField())
    return done.values_list(
        "pupil_id", "lesson_id", Value(""), weight, Value(""), Value(_CORRECTED), Value(""), "requested_at"
    )


@cache
def _brought() -> QuerySet[Any, tuple[Any, ...]]:
    """Marks of the subject from other schools: they count and stand in no column (REG-B037)."""
    return OutsideMarks.objects.filter(statement__withdrawn_at=None).values_list(
        "statement__pupil_id",
        "term_id",
        Value(""),
        "missed",
        "marks",
        Value(_BROUGHT),
        Value(""),
        "statement__entered_at",
    )


def attendance_of(opened: OpenCourse, span: Span) -> dict[int, dict[int, EventRow]]:
    """Return by pupil what happened and what was noted by lesson."""
    events: dict[int, dict[int, EventRow]] = defaultdict(dict)
    rows = _events().filter(lesson__course=opened.course.pk, lesson__on__range=(span.first, span.last))
    for pupil_id, lesson_id, event, minutes, reason, note in rows:
        events[pupil_id][lesson_id] = ("" if event == Attendance.Event.PRESENT else event, minutes, reason, note)
    return events


@cache
def _events() -> QuerySet[Any, tuple[Any, ...]]:
    return Attendance.objects.exclude(event=Attendance.Event.PRESENT, note="").values_list(
        "pupil_id", "lesson_id", "event", "minutes", "reason", "note"
    )
