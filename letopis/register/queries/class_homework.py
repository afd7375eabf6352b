"""What a class is set for home, by the day it is due: for its teachers, its class teacher and who controls."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from letopis.core.days import weekday_title
from letopis.register.models import Homework, Lesson
from letopis.register.queries.homework import due_day
from letopis.register.queries.homework_progress import done_counts
from letopis.rules.homework import Portion, Volume, day_volume, is_late
from letopis.rules.policy import Policy
from letopis.rules.policy.editions import Editions
from letopis.schooling.models import Bell, Course, GroupKind, Membership, SchoolClass

DUE, SET = "due", "set"
"""By which day the page puts homework together: the day it is asked, or the day it was set."""


@dataclass(frozen=True, slots=True)
class ClassHomework:
    """A homework of the class."""

    lesson: UUID
    subject: str
    group: str
    """The subgroup; empty for the whole class."""
    teacher: str
    text: str
    nothing_set: bool
    minutes: int | None
    assessment: str
    set_on: date
    due_on: date | None
    is_late: bool
    """Entered after its term (REG-B013)."""
    portion: Portion
    opened: int = 0
    """How many pupils opened it in the diary."""
    done: int = 0
    """How many of them say it is done."""


@dataclass(frozen=True, slots=True)
class HomeworkDay:
    """A day of the week with what is due, or was set, on it."""

    on: date
    title: str
    is_today: bool
    lines: tuple[ClassHomework, ...]
    volume: Volume | None
    """Of what is due; None where the page shows what was set."""


def day_load(school_class: SchoolClass, on: date, *, besides: Lesson, policy: Policy) -> HomeworkDay:
    """Return what the class is already set for a day, but for the lesson that asks. One query.

    besides: with its course joined in. A subgroup is not told of the other subgroup of its subject.
    """
    rows = _with_due(_of_class(school_class)).filter(due=on).exclude(lesson=besides.pk).exclude(text="")
    course = besides.course
    lines = [
        line
        for line in (_line(row, is_late=False) for row in rows)
        if line.portion.subject != course.subject_id or line.portion.course == course.pk
    ]
    volume = day_volume((line.portion for line in lines), grade=school_class.grade, policy=policy)
    return HomeworkDay(on, weekday_title(on), False, tuple(lines), volume)


def week_homework(
    school_class: SchoolClass, *, first: date, by: str, today: date, zone: str, policies: Editions
) -> tuple[HomeworkDay, ...]:
    """Return the week of a class from Monday to Saturday, Sunday only when it holds something. Four queries.

    Each homework is judged by the policy of its lesson's day, and a day's load by that of the day.
    """
    last = first + timedelta(days=6)
    rows = _with_due(_of_class(school_class))
    found = list(rows.filter(due__range=(first, last)) if by == DUE else rows.filter(lesson__on__range=(first, last)))
    ends = lessons_ends(school_class, sorted({row.lesson.on for row in found}), zone=zone)
    counts = done_counts([row.lesson_id for row in found])
    lines: dict[date, list[ClassHomework]] = defaultdict(list)
    for row in found:
        late = is_late(row.set_at, lessons_end=ends.get(row.lesson.on), policy=policies.on(row.lesson.on))
        on = due_day(row) if by == DUE else row.lesson.on
        if on is not None:
            opened, done = counts.get(row.lesson_id, (0, 0))
            lines[on].append(replace(_line(row, is_late=late), opened=opened, done=done))
    days = [first + timedelta(days=offset) for offset in range(7)]
    return tuple(
        HomeworkDay(
            on,
            weekday_title(on),
            on == today,
            tuple(lines[on]),
            _volume(lines[on], grade=school_class.grade, policy=policies.on(on)) if by == DUE and lines[on] else None,
        )
        for on in days
        if on.weekday() < 6 or lines[on]
    )


def lessons_ends(school_class: SchoolClass, days: Sequence[date], *, zone: str) -> dict[date, datetime]:
    """Return by day when the last lesson of the class ends, where bells are known. zone: of the school. Two queries."""
    if not days:
        return {}
    numbers = dict(
        Lesson.objects.filter(course__group__school_class=school_class, on__in=days)
        .exclude(state=Lesson.State.CANCELLED)
        .values_list("on")
        .annotate(last=Max("number"))
    )
    bells = {
        bell.number: bell.ends_at for bell in Bell.objects.filter(year=school_class.year_id, shift=school_class.shift)
    }
    return {
        on: datetime.combine(on, bells[number], tzinfo=ZoneInfo(zone))
        for on, number in numbers.items()
        if number in bells
    }


def courses_of_class(school_class: SchoolClass) -> QuerySet[Course]:
    """Return the courses that pupils of the class attend: its own, and groups without a class that they are in."""
    listed = Membership.objects.filter(
        group__school_class=school_class, group__kind=GroupKind.WHOLE_CLASS, ends_on=None
    ).values("pupil")
    shared = Membership.objects.filter(group=OuterRef("group"), pupil__in=listed, ends_on=None)
    return Course.objects.filter(
        Q(group__school_class=school_class) | Q(Exists(shared), group__school_class=None), year=school_class.year_id
    )


def _of_class(school_class: SchoolClass) -> QuerySet[Homework]:
    return (
        Homework.objects.filter(lesson__course__in=courses_of_class(school_class).values("pk"))
        .exclude(lesson__state=Lesson.State.CANCELLED)
        .exclude(text="", nothing_set=False)
        .select_related("due_lesson", "lesson__course__subject", "lesson__course__group", "lesson__teacher__person")
    )


def _with_due(rows: QuerySet[Homework]) -> QuerySet[Any]:
    ordered = "lesson__course__subject__sort_key", "lesson__on", "lesson__number", "pk"
    with_due: QuerySet[Any] = rows.annotate(due=Coalesce(F("due_lesson__on"), F("due_on"))).order_by(*ordered)
    return with_due


def _volume(lines: Iterable[ClassHomework], *, grade: int, policy: Policy) -> Volume:
    return day_volume((line.portion for line in lines if not line.nothing_set), grade=grade, policy=policy)


def _line(row: Homework, *, is_late: bool) -> ClassHomework:
    lesson = row.lesson
    course, teacher = lesson.course, lesson.teacher
    return ClassHomework(
        lesson=lesson.code,
        subject=course.subject.name,
        group="" if course.group.kind == GroupKind.WHOLE_CLASS else course.group.name,
        teacher=teacher.person.short_name if teacher else "",
        text=row.text,
        nothing_set=row.nothing_set,
        minutes=row.minutes,
        assessment=row.assessment,
        set_on=lesson.on,
        due_on=due_day(row),
        is_late=is_late,
        portion=Portion(course.subject_id, course.pk, row.minutes),
    )
