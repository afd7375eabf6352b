"""The eight directions of control over registers (IND-B007…B014): what each looks at, and from when it is bad."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from letopis.register.models import Homework, Lesson, Substitution
from letopis.rules.homework import Portion, day_volume
from letopis.rules.obligations import (
    ABSENCE_REASON,
    ACCUMULATION,
    ATTENDANCE,
    HOMEWORK,
    KINDS,
    LESSON,
    MARKS,
    PLAN,
    TERM_MARK,
    TOPIC,
)
from letopis.rules.policy.editions import Editions
from letopis.schooling.models import AcademicYear

ALL, DENSITY, VOLUME, CHANGES = "", "density", "volume", "changes"


@dataclass(frozen=True, slots=True)
class Direction:
    """A view of the board."""

    code: str
    """Value of ?view=."""
    title: Any
    kinds: Collection[str]
    """Kinds of duties it counts; none where it counts something else."""
    good_from: int = 0
    """Percent done in time from which a teacher or a class is well; 0 where no share is told."""


DIRECTIONS = (
    Direction(ALL, _("Всё"), tuple(KINDS), 95),
    Direction("lessons", _("Уроки"), (LESSON, TOPIC), 95),
    Direction("marks", _("Отметки"), (MARKS, TERM_MARK), 90),
    Direction(DENSITY, _("Накопляемость"), (ACCUMULATION,), 90),
    Direction("attendance", _("Посещаемость"), (ATTENDANCE, ABSENCE_REASON), 95),
    Direction("plan", _("Программа"), (PLAN,), 90),
    Direction("homework", _("Задания"), (HOMEWORK,), 95),
    Direction(VOLUME, _("Объём заданий"), ()),
    Direction(CHANGES, _("Замены и отмены"), ()),
)
"""In the order of the tabs; the thresholds are those of the board itself, no act sets them."""
BY_CODE = {one.code: one for one in DIRECTIONS}


def overloaded_days(year: AcademicYear, *, first: date, last: date, policies: Editions) -> dict[int, list[date]]:
    """Return by class the days for which more homework is due than the norm of its grade (IND-B013). One query."""
    rows = (
        Homework.objects.filter(lesson__course__year=year, minutes__isnull=False)
        .exclude(lesson__state=Lesson.State.CANCELLED)
        .annotate(due=Coalesce(F("due_lesson__on"), F("due_on")))
        .filter(due__range=(first, last), lesson__course__group__school_class__isnull=False)
        .order_by()
        .values_list(
            "lesson__course__group__school_class_id", "lesson__course__group__school_class__grade", "due",
            "lesson__course__subject_id", "lesson__course_id", "minutes",
        )
    )  # fmt: skip
    set_for: dict[tuple[int, int, date], list[Portion]] = defaultdict(list)
    for school_class, grade, due, subject, course, minutes in rows:
        set_for[school_class, grade, due].append(Portion(subject, course, minutes))
    days: dict[int, list[date]] = defaultdict(list)
    for (school_class, grade, due), portions in sorted(set_for.items()):
        if day_volume(portions, grade=grade, policy=policies.on(due)).is_over:
            days[school_class].append(due)
    return days


def changed_lessons(year: AcademicYear, *, first: date, last: date) -> Counter[tuple[int, int, str]]:
    """Return by class, subject and kind of substitution how many lessons went otherwise (IND-B014). One query."""
    rows = (
        Substitution.objects.filter(lesson__course__year=year, old_on__range=(first, last), withdrawn_at=None)
        .order_by()
        .values_list("lesson__course__group__school_class_id", "lesson__course__subject_id", "kind")
        .annotate(n=Count("pk"))
    )
    return Counter({(school_class or 0, subject, kind): count for school_class, subject, kind, count in rows})
