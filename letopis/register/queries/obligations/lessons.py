"""Lessons and works of a span of days as plain rows."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from letopis.register.models import Attendance, HomeworkFile, Lesson, Mark, Task
from letopis.rules.cells import ABSENT
from letopis.rules.obligations import LessonFacts, Page, WorkFacts
from letopis.schooling.models import AcademicYear, Bell

WAITING = "."
"""The sign of a work that is still to come (rules.policy.SYMBOLS): it answers for no mark."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose duties are asked for, and of which days. Nothing named = the whole school."""

    year: AcademicYear
    first: date
    last: date
    """The facts of these days; both belong to it."""
    teacher: int | None = None
    """Employee who gives the lessons."""
    school_class: int | None = None
    course: int | None = None

    @property
    def is_whole(self) -> bool:
        return self.teacher is None and self.school_class is None and self.course is None

    def lessons(self) -> QuerySet[Lesson]:
        """Return the lessons of the scope, cancelled ones apart."""
        return self.narrow(Lesson.objects.exclude(state=Lesson.State.CANCELLED))

    def narrow(self, lessons: QuerySet[Any]) -> QuerySet[Any]:
        """Return those of the lessons that belong to the scope."""
        rows = lessons.filter(
            organisation=self.year.organisation_id, on__range=(self.first, self.last), course__year=self.year
        )
        if self.teacher is not None:
            rows = rows.filter(teacher=self.teacher)
        if self.school_class is not None:
            rows = rows.filter(course__group__school_class=self.school_class)
        return rows if self.course is None else rows.filter(course=self.course)


def said_homework(to: str = "") -> Case:
    """Return the expression that says whether a homework was set, or that nothing was (REG-008).

    to: the way from the row to its lesson. Files are looked for only where there are no words.
    """
    files = HomeworkFile.objects.filter(homework__lesson=OuterRef(f"{to}pk"), removed_at=None)
    return Case(
        When(Q((f"{to}homework__nothing_set", True)), then=Value(True)),
        When(Q((f"{to}homework__text__gt", "")), then=Value(True)),
        When(Exists(files), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )


def lesson_rows(scope: Scope, *, until: date) -> list[tuple[int, LessonFacts]]:
    """Return course and facts of each lesson up to a day. One query."""
    rows = (
        scope.narrow(_lessons_with_facts())
        .filter(on__lte=until)
        .values_list(
            "course_id", "pk", "code", "on", "number", "teacher_id", "state", "has_topic", "topic_at", "held_at",
            "attendance_taken_at", "said", "homework__set_at",
        )
    )  # fmt: skip
    held = Lesson.State.HELD.value
    return [
        (course, LessonFacts(pk, code, on, number, who, state == held, topic, topic_at, held_at, taken, said, set_at))
        for course, pk, code, on, number, who, state, topic, topic_at, held_at, taken, said, set_at in rows
    ]


@cache
def _lessons_with_facts() -> QuerySet[Any]:
    """Made once, as the works below: building these queries takes longer than running them for one teacher."""
    has_topic = Case(When(topic="", then=Value(False)), default=Value(True), output_field=BooleanField())
    lessons: QuerySet[Any] = (
        Lesson.objects.exclude(state=Lesson.State.CANCELLED)
        .annotate(has_topic=has_topic, said=said_homework())
        .order_by()
    )
    return lessons


def last_lessons(year: AcademicYear, *, classes: Iterable[int], days: Iterable[date]) -> dict[tuple[int, date], int]:
    """Return the number of the last lesson of each class and day. One query."""
    rows = (
        Lesson.objects.filter(
            organisation=year.organisation_id,
            on__in=list(days),
            course__group__school_class__in=list(classes),
        )
        .exclude(state=Lesson.State.CANCELLED)
        .order_by()
        .values_list("course__group__school_class_id", "on")
        .annotate(last=Max("number"))
    )
    return {(school_class, on): number for school_class, on, number in rows}


def bells(year: AcademicYear) -> dict[tuple[int, int], time]:
    """Return when the lesson of a shift and number ends. One query."""
    rows = Bell.objects.filter(year=year).values_list("shift", "number", "ends_at")
    return {(shift, number): ends_at for shift, number, ends_at in rows}


def work_rows(
    lessons: QuerySet[Lesson],
    *,
    kinds: Iterable[str],
    pages: Mapping[int, Page],
    present: Callable[[Page, date], Collection[int]],
) -> list[tuple[int, WorkFacts]]:
    """Return course and facts of each work of these kinds in lessons. One query.

    present: the pupils who are taught on a page on a day; not called where there is no work.
    Corrections are left out of the last mark; who made the work up later is sorted out by `last_marks_of_present`.
    """
    rows = list(
        _works_with_facts()
        .filter(lesson__in=lessons, kind__in=list(kinds))
        .values_list(
            "lesson__course_id", "pk", "code", "kind", "lesson__on", "lesson__number", "lesson__teacher_id",
            "lesson__code", "marked", "absent", "first_at", "last_at", "worked_on",
        )
    )  # fmt: skip
    counted: dict[tuple[int, date], int] = {}
    found = []
    for course, pk, code, kind, on, number, who, lesson, marked, away, first_at, last_at, worked_on in rows:
        size = counted.get((course, on))
        if size is None:
            size = counted[course, on] = len(present(pages[course], on))
        needed = max(0, size - away)
        found.append(
            (course, WorkFacts(pk, code, kind, on, number, who, lesson, marked, needed, first_at, last_at, worked_on))
        )
    return found


@cache
def _works_with_facts() -> QuerySet[Any]:
    answered = ~Q(marks__value__in=["", WAITING])
    unmarked = ~Exists(
        Mark.objects.filter(task=OuterRef(OuterRef("pk")), pupil=OuterRef("pupil")).exclude(value__in=["", WAITING])
    )
    away = Attendance.objects.filter(unmarked, lesson=OuterRef("lesson"), event=ABSENT)
    counted = away.order_by().values("lesson").annotate(n=Count("pk")).values("n")
    works: QuerySet[Any] = Task.objects.annotate(
        absent=Coalesce(Subquery(counted), 0),
        marked=Count("marks", filter=answered),
        first_at=Min("marks__put_at", filter=answered),
        last_at=Max("marks__put_at", filter=answered & Q(marks__changes=0)),
    ).order_by("position")
    return works


def last_marks_of_present(tasks: Iterable[int]) -> dict[int, datetime]:
    """Return by work when the last mark of those who were there was put, corrections apart. One query."""
    away = Attendance.objects.filter(lesson=OuterRef("task__lesson"), pupil=OuterRef("pupil"), event=ABSENT)
    rows = (
        Mark.objects.filter(~Exists(away), task__in=list(tasks), changes=0)
        .exclude(value__in=["", WAITING])
        .order_by()
        .values_list("task_id")
        .annotate(at=Max("put_at"))
    )
    return dict(rows)


def following_lessons(scope: Scope, courses: Iterable[int]) -> dict[int, list[date]]:
    """Return the days of lessons of courses from the first day of the scope on. One query."""
    rows = Lesson.objects.filter(course__in=list(courses), on__gte=scope.first).exclude(state=Lesson.State.CANCELLED)
    days: dict[int, list[date]] = defaultdict(list)
    for course, on in rows.order_by("on").values_list("course_id", "on"):
        days[course].append(on)
    return days
