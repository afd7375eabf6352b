"""What the preview of a policy counts: the marks of the present terms and the lessons of a year, as plain rows."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from letopis.register.models import Lesson, Mark
from letopis.schooling.models import AcademicYear, Term


class MarkRow(NamedTuple):
    """A mark with everything its deadline and its term mark depend on."""

    pupil: int
    value: str
    put_at: datetime
    kind: str
    weight: int | None
    worked_on: date | None
    on: date
    course: int
    subject: int
    subject_name: str
    scale: str
    hours: Decimal
    grade: int | None


_MARK_COLUMNS = (
    "pupil_id", "value", "put_at", "task__kind", "task__weight", "task__worked_on", "task__lesson__on",
    "task__lesson__course_id", "task__lesson__course__subject_id", "task__lesson__course__subject__name",
    "task__lesson__course__subject__scale", "task__lesson__course__weekly_hours",
    "task__lesson__course__group__school_class__grade",
)  # fmt: skip


def marks_of(year: AcademicYear, terms: Sequence[Term], *, today: date) -> list[MarkRow]:
    """Return the marks from the first of these terms to a day. One query."""
    first = min(term.starts_on for term in terms)
    rows = Mark.objects.filter(task__lesson__course__year=year, task__lesson__on__range=(first, today)).exclude(
        value=""
    )
    return [MarkRow(*row) for row in rows.values_list(*_MARK_COLUMNS)]


class LessonRow(NamedTuple):
    """A lesson that was to be held, with when it was entered."""

    on: date
    subject: str
    grade: int | None
    letter: str | None
    entered_at: datetime | None
    held_at: datetime | None


def lessons_of(year: AcademicYear, *, today: date) -> list[LessonRow]:
    """Return the lessons of a year up to a day, those that were cancelled left out. One query."""
    rows = Lesson.objects.filter(course__year=year, on__lte=today).exclude(state=Lesson.State.CANCELLED)
    columns = (
        "on", "course__subject__name", "course__group__school_class__grade", "course__group__school_class__letter",
        "topic_at", "held_at",
    )  # fmt: skip
    return [LessonRow(*row) for row in rows.values_list(*columns)]


def days_of_courses(year: AcademicYear) -> dict[int, list[date]]:
    """Return the days of lessons of each course in order, by its key. One query."""
    rows = Lesson.objects.filter(course__year=year).exclude(state=Lesson.State.CANCELLED)
    found: dict[int, list[date]] = defaultdict(list)
    for course, on in rows.order_by("on").values_list("course_id", "on"):
        found[course].append(on)
    return found
