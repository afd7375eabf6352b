"""What went otherwise than the timetable says in a pupil's week, as his family reads it. One query.

Why a teacher was absent is never told here.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from letopis.register.models import Lesson, Substitution
from letopis.register.queries.substitution_plan import row_words
from letopis.register.queries.substitutions import come_words


@dataclass(frozen=True, slots=True)
class Gone:
    """A lesson that was moved away from a day of the week."""

    on: date
    number: int
    subject: str
    change: str
    """«перенесён на 18.11, 5-й урок»."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes of a week."""

    words: dict[int, str]
    """By key of a lesson that stands: «замена: Орлова Т. П.», «перенесён с 16.11, 2-й урок», «урок отменён»."""
    gone: tuple[Gone, ...]


def changes_of_week(lessons: QuerySet[Lesson], *, first: date, last: date) -> Changes:
    """Return what was arranged for these lessons of the week and stands."""
    week = (first, last)
    rows = Substitution.objects.filter(
        Q(lesson__on__range=week) | Q(old_on__range=week), lesson__in=lessons.values("pk"), withdrawn_at=None
    )
    words: dict[int, list[str]] = {}
    gone = []
    for row in rows.select_related("lesson__course__subject", "acting_teacher__person").order_by("pk"):
        moved = row.kind == Substitution.Kind.MOVED
        words.setdefault(row.lesson_id, []).append(come_words(row) if moved else row_words(row))
        if moved and first <= row.old_on <= last:
            gone.append(Gone(row.old_on, row.old_number, row.lesson.course.subject.name, row_words(row)))
    return Changes({key: "; ".join(said) for key, said in words.items()}, tuple(gone))
