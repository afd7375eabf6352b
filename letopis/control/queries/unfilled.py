"""Lessons of days gone by in which nothing was written, by teacher and class (REG-004). Five queries for any period."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from letopis.people.access import Actor
from letopis.people.models import Employee
from letopis.register.models import Lesson
from letopis.register.queries.lesson_gaps import LessonState, states_of
from letopis.rules.names import match_key
from letopis.schooling.models import SchoolClass

MOST = 500
"""Lessons that one page shows; the counts are of all."""


@dataclass(frozen=True, slots=True)
class Filters:
    first: date
    last: date
    """Not after yesterday: the lessons of today are still being given."""
    teacher: UUID | None = None
    school_class: UUID | None = None
    with_partial: bool = False
    """Also lessons in which something is written and something is lacking."""


@dataclass(frozen=True, slots=True)
class TeacherLines:
    """What one teacher has not filled."""

    teacher: str
    classes: tuple[tuple[str, int], ...]
    """How many of each class or group."""
    states: tuple[LessonState, ...]

    @property
    def count(self) -> int:
        return sum(count for _title, count in self.classes)


@dataclass(frozen=True, slots=True)
class Unfilled:
    """Everything the page shows."""

    given: int
    """Lessons of the period that the timetable has, cancelled ones apart."""
    missing: int
    teachers: tuple[TeacherLines, ...]
    is_cut: bool


def unfilled(actor: Actor, filters: Filters) -> Unfilled:
    """Return the lessons of the period that wait for their teacher, by teacher in the order of names."""
    lessons = Lesson.objects.filter(organisation=actor.organisation, on__range=(filters.first, filters.last))
    if filters.teacher:
        lessons = lessons.filter(teacher__code=filters.teacher)
    if filters.school_class:
        lessons = lessons.filter(course__group__school_class__code=filters.school_class)
    given = lessons.exclude(state=Lesson.State.CANCELLED).count()
    wanted = lessons if filters.with_partial else lessons.filter(state=Lesson.State.PLANNED)
    states = [one for one in states_of(wanted, today=actor.today, policies=actor.policies) if one.gaps]
    by_teacher: dict[str, list[LessonState]] = defaultdict(list)
    for state in states:
        teacher = state.lesson.teacher
        by_teacher[teacher.person.short_name if teacher else _("вакансия")].append(state)
    left, found = MOST, []
    for name in sorted(by_teacher, key=match_key):
        those = by_teacher[name]
        counted = Counter(one.group_title for one in those)
        classes = tuple(sorted(counted.items(), key=lambda one: match_key(one[0])))
        found.append(TeacherLines(name, classes, tuple(those[: max(0, left)])))
        left -= len(those)
    return Unfilled(given=given, missing=len(states), teachers=tuple(found), is_cut=left < 0)


def choices(actor: Actor, *, day: date) -> tuple[list[Employee], list[SchoolClass]]:
    """Return teachers and classes to choose from. Two queries."""
    teachers = Employee.objects.filter(Q(lessons__on__lte=day), organisation=actor.organisation).distinct()
    classes = SchoolClass.objects.filter(
        organisation=actor.organisation, year__starts_on__lte=day, year__ends_on__gte=day
    )
    in_order = teachers.select_related("person").order_by("person__sort_key", "pk")
    return list(in_order), list(classes.order_by("grade", "letter"))
