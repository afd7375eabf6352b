"""How a page of the register is kept in a term: last entry, lessons passed, homework, and pupils with few marks."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from django.db.models import Max, Q

from letopis.core.clock import local_day
from letopis.register.access import OpenCourse
from letopis.register.models import Attendance, Lesson, Mark
from letopis.register.queries.course_terms import Span, TermLink, chosen_span, course_line, spans_of, term_links
from letopis.register.queries.grid_facts import marks_of, members_of, terms_of
from letopis.register.queries.proposals import counted
from letopis.rules.entry import accumulation, is_late_entry
from letopis.rules.policy.editions import Editions


@dataclass(frozen=True, slots=True)
class FewMarks:
    """A pupil with fewer marks than the norm."""

    name: str
    marks: int


@dataclass(frozen=True, slots=True)
class LateLesson:
    """A lesson whose first fact was entered after its day."""

    lesson: Lesson
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class PageState:
    """What the page shows."""

    line: str
    span: Span
    terms: list[TermLink]
    last_entry: datetime | None
    """Of a mark, an absence or the first fact of a lesson; None where nothing was entered."""
    lessons: int
    passed: int
    """Lessons up to today."""
    without_topic: int
    without_homework: int
    without_attendance: int
    late: tuple[LateLesson, ...]
    is_graded: bool
    pupils: int
    norm: int
    without_marks: tuple[str, ...]
    with_one: tuple[str, ...]
    below: tuple[FewMarks, ...]


def page_state(opened: OpenCourse, *, term: str | None, today: date, policies: Editions) -> PageState:
    """Return the state of a page in a term or the year. Six queries whatever the size of the class.

    The norm of marks is that of the policy of the term.
    """
    members, other_courses = members_of(opened)
    terms, _put = terms_of(opened, [])
    spans = spans_of(opened, terms)
    span = chosen_span(spans, wanted=term, today=today)
    policy = policies.of_period(span.last, today=today)
    here = [
        one
        for one in members
        if any(start <= min(today, span.last) and (end is None or end >= today) for start, end in one.stays)
    ]
    lessons = list(
        Lesson.objects.filter(course=opened.course.pk, on__range=(span.first, span.last))
        .exclude(state=Lesson.State.CANCELLED)
        .select_related("homework")
        .order_by("on", "number")
    )
    passed = [lesson for lesson in lessons if lesson.on <= today]
    scale = policy.scale_for(scale_code=opened.course.subject.scale, grade=opened.grade or 1)
    weighed = marks_of(opened, here, other_courses, span).count
    counts = {one.pupil_id: len(counted(weighed[one.pupil_id], policy=policy, scale=scale)) for one in here}
    few = accumulation(counts, weekly_hours=Fraction(opened.course.weekly_hours), policy=policy)
    names = {one.pupil_id: one.name for one in here}
    return PageState(
        line=course_line(opened, span),
        span=span,
        terms=term_links(spans, span),
        last_entry=_last_entry(opened, span, lessons),
        lessons=len(lessons),
        passed=len(passed),
        without_topic=sum(not lesson.topic for lesson in passed),
        without_homework=sum(not _has_homework(lesson) for lesson in passed),
        without_attendance=sum(lesson.attendance_taken_at is None for lesson in passed),
        late=tuple(LateLesson(one, at) for one in lessons if (at := late_entry(one, zone=_zone(opened)))),
        is_graded=bool(scale.values),
        pupils=len(here),
        norm=few.norm,
        without_marks=tuple(names[key] for key in few.without),
        with_one=tuple(names[key] for key in few.with_one),
        below=tuple(FewMarks(names[key], counts[key]) for key in few.below if counts[key] > 1),
    )


def late_entry(lesson: Lesson, *, zone: str) -> datetime | None:
    """Return when the first fact of the lesson was entered, where that was after its day (REG-003); else None."""
    if lesson.held_at is None:
        return None
    entered_on = local_day(lesson.held_at, zone)
    if not is_late_entry(lesson_on=lesson.on, entered_on=entered_on):
        return None
    return lesson.held_at.astimezone(ZoneInfo(zone))


def _zone(opened: OpenCourse) -> str:
    return opened.actor.organisation.time_zone


def _has_homework(lesson: Lesson) -> bool:
    homework = getattr(lesson, "homework", None)
    return homework is not None and bool(homework.text or homework.nothing_set)


def _last_entry(opened: OpenCourse, span: Span, lessons: list[Lesson]) -> datetime | None:
    days = (span.first, span.last)
    of_marks = Mark.objects.filter(Q(task__lesson__course=opened.course.pk), task__lesson__on__range=days).aggregate(
        at=Max("put_at")
    )["at"]
    of_events = Attendance.objects.filter(lesson__course=opened.course.pk, lesson__on__range=days).aggregate(
        at=Max("put_at")
    )["at"]
    moments = [at for at in (of_marks, of_events, *(lesson.held_at for lesson in lessons)) if at is not None]
    return max(moments).astimezone(ZoneInfo(_zone(opened))) if moments else None
