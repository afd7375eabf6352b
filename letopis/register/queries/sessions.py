"""«Занятия»: a register of a group or of one pupil as its paper has it, lesson by lesson. Seven queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from letopis.register.access import OpenCourse
from letopis.register.models import Attendance, Homework, Lesson, Mark
from letopis.register.queries.course_terms import (
    Span,
    TermLink,
    chosen_span,
    course_line,
    spans_of,
    term_links,
    terms_for,
)
from letopis.register.queries.homework import homework_of
from letopis.rules.registers import RegisterKind, register_of
from letopis.schooling.models import GroupKind
from letopis.schooling.queries.groups import Member, members_between


@dataclass(frozen=True, slots=True)
class Session:
    """A lesson of the group."""

    lesson: Lesson
    """With its teacher joined in."""
    order: int
    members: int
    """In the group on that day."""
    absent: int
    is_taken: bool
    """Attendance was taken."""
    marks: str
    """Of the one pupil of home tuition: marks, or the letter of absence."""
    homework: str
    is_ahead: bool

    @property
    def present(self) -> int:
        return self.members - self.absent


@dataclass(frozen=True, slots=True)
class Sessions:
    """Everything the page shows."""

    register: RegisterKind
    line: str
    span: Span
    terms: list[TermLink]
    lines: tuple[Session, ...]
    members: tuple[Member, ...]
    hours: int
    """Lessons held in the span."""
    is_of_one: bool
    """A register of one pupil: his marks stand in the table."""
    visits: int
    """Presences in lessons whose attendance was taken."""


def sessions(opened: OpenCourse, *, term: str | None, today: date) -> Sessions:
    """Return the lessons of a span of the course with what its kind of register asks of them."""
    spans = spans_of(opened, list(terms_for(opened)))
    span = chosen_span(spans, wanted=term, today=today)
    course = opened.course
    lessons = list(
        Lesson.objects.filter(course=course)
        .exclude(state=Lesson.State.CANCELLED)
        .select_related("teacher__person")
        .order_by("on", "number")
    )
    shown = [(order, one) for order, one in enumerate(lessons, 1) if span.first <= one.on <= span.last]
    ids = [one.pk for _order, one in shown]
    members = members_between(course.group, span.first, span.last)
    is_of_one = course.group.kind == GroupKind.INDIVIDUAL
    absences = dict(
        Attendance.objects.filter(lesson__in=ids, event=Attendance.Event.ABSENT)
        .values_list("lesson_id")
        .annotate(n=Count("pk"))
    )
    marks = _marks(ids) if is_of_one else {}
    homework = {row.lesson_id: homework_of(row).sentence() for row in Homework.objects.filter(lesson__in=ids)}
    lines = tuple(
        Session(
            lesson=one,
            order=order,
            members=sum(member.was_in(one.on) for member in members),
            absent=absences.get(one.pk, 0),
            is_taken=one.attendance_taken_at is not None,
            marks=marks.get(one.pk, "н" if is_of_one and absences.get(one.pk) else ""),
            homework=homework.get(one.pk, ""),
            is_ahead=one.on > today,
        )
        for order, one in shown
    )
    return Sessions(
        register=register_of(course.kind),
        line=course_line(opened, span),
        span=span,
        terms=term_links(spans, span),
        lines=lines,
        members=tuple(members),
        hours=sum(one.lesson.state == Lesson.State.HELD for one in lines),
        is_of_one=is_of_one,
        visits=sum(one.present for one in lines if one.is_taken),
    )


def _marks(lessons: list[int]) -> dict[int, str]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = Mark.objects.filter(task__lesson__in=lessons).exclude(value="").order_by("task__position")
    for lesson_id, value in rows.values_list("task__lesson_id", "value"):
        found[lesson_id].append(value)
    return {lesson_id: " ".join(values) for lesson_id, values in found.items()}
