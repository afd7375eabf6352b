"""Held lessons whose attendance nobody took (ABS-B007)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from letopis.register.models import Lesson
from letopis.register.queries.lesson_gaps import group_title
from letopis.schooling.models import Membership, SchoolClass

SHOWN = 300
"""The most lessons one page lists; the sums count all."""


@dataclass(frozen=True, slots=True)
class GapLesson:
    """A lesson without attendance."""

    code: UUID
    on: date
    number: int
    subject: str
    group: str
    teacher: str


@dataclass(frozen=True, slots=True)
class AttendanceGaps:
    """What the page shows."""

    lessons: tuple[GapLesson, ...]
    teachers: tuple[tuple[str, int], ...]
    """Short name and number of lessons, most first."""
    number: int
    of: int
    """Lessons that should have attendance."""


def attendance_gaps(
    *, year: int, school_class: SchoolClass | None, first: date, last: date, teacher: str = ""
) -> AttendanceGaps:
    """Return the lessons of these days, of a class or of the whole school, that have no attendance. Two queries."""
    rows = Lesson.objects.filter(course__year=year, on__range=(first, last)).exclude(state=Lesson.State.CANCELLED)
    if school_class is not None:
        shared = Membership.objects.filter(
            pupil__memberships__group__school_class=school_class, group__school_class=None
        )
        rows = rows.filter(Q(course__group__school_class=school_class) | Q(course__group__in=shared.values("group")))
    whole = rows.count()
    empty = rows.filter(attendance_taken_at=None).select_related(
        "course__subject", "course__group__school_class", "teacher__person"
    )
    found = [
        GapLesson(
            code=lesson.code,
            on=lesson.on,
            number=lesson.number,
            subject=lesson.course.subject.name,
            group=group_title(lesson),
            teacher=lesson.teacher.person.short_name if lesson.teacher else "",
        )
        for lesson in empty.order_by("-on", "number", "pk")
    ]
    counts = Counter(one.teacher for one in found)
    chosen: Sequence[GapLesson] = [one for one in found if one.teacher == teacher] if teacher else found
    return AttendanceGaps(tuple(chosen[:SHOWN]), tuple(counts.most_common()), len(found), whole)
