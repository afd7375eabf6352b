"""The homework of a pupil's week: that of his classes, and his own; what he opened and did of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from letopis.people.models import Pupil
from letopis.register.models import Homework, HomeworkFile, HomeworkProgress, Lesson, PupilHomework
from letopis.register.queries.homework import HomeworkValue, homework_of


@dataclass(frozen=True, slots=True)
class DiaryHomework:
    """A homework with its files."""

    value: HomeworkValue
    set_on: date
    files: tuple[HomeworkFile, ...]
    lesson: UUID
    """Code of the lesson it was set in."""
    course: int
    subject: str
    is_own: bool = False
    """Set to this pupil alone; nobody else sees it."""
    is_opened: bool = False
    done_at: datetime | None = None

    @property
    def may_be_done(self) -> bool:
        """Whether there is something to do and to say so; what is one's own is told to the teacher by word."""
        return bool(self.value.text) and not self.is_own


def homework_of_week(pupil: Pupil, *, lessons: QuerySet[Lesson], first: date, last: date) -> list[DiaryHomework]:
    """Return what was set in the days or is due on one of them; four queries.

    lessons: of the pupil, of all days.
    """
    span, of_pupil = (first, last), lessons.values("pk")
    rows: list[Any] = list(
        Homework.objects.filter(lesson__in=of_pupil)
        .annotate(due=Coalesce(F("due_lesson__on"), F("due_on")))
        .filter(Q(lesson__on__range=span) | Q(due__range=span))
        .exclude(lesson__state=Lesson.State.CANCELLED)
        .select_related("lesson__course__subject", "due_lesson")
        .order_by("lesson__on", "pk")
    )
    files = defaultdict(list)
    for file in HomeworkFile.objects.filter(homework__in=rows, removed_at=None).order_by("pk"):
        files[file.homework_id].append(file)
    progress = {row.homework_id: row for row in HomeworkProgress.objects.filter(pupil=pupil, homework__in=rows)}
    found = [
        _of_class(row, files=files[row.pk], progress=progress.get(row.pk))
        for row in rows
        if row.text or row.nothing_set or files[row.pk]
    ]
    own = (
        PupilHomework.objects.filter(
            Q(lesson__on__range=span) | Q(due_on__range=span), pupil=pupil, lesson__in=of_pupil
        )
        .exclude(text="")
        .exclude(lesson__state=Lesson.State.CANCELLED)
        .select_related("lesson__course__subject")
        .order_by("lesson__on", "pk")
    )
    return found + [_of_pupil(row) for row in own]


def unopened(homework: Sequence[DiaryHomework]) -> list[UUID]:
    """Return the lessons whose homework the pupil sees for the first time."""
    return [one.lesson for one in homework if one.may_be_done and not one.is_opened]


def _of_class(row: Any, *, files: Sequence[HomeworkFile], progress: HomeworkProgress | None) -> DiaryHomework:
    lesson = row.lesson
    return DiaryHomework(
        value=homework_of(row),
        set_on=lesson.on,
        files=tuple(files),
        lesson=lesson.code,
        course=lesson.course_id,
        subject=lesson.course.subject.name,
        is_opened=progress is not None,
        done_at=progress.done_at if progress else None,
    )


def _of_pupil(row: PupilHomework) -> DiaryHomework:
    lesson = row.lesson
    value = HomeworkValue(text=row.text, due_on=row.due_on, assessment=row.assessment)
    return DiaryHomework(
        value=value,
        set_on=lesson.on,
        files=(),
        lesson=lesson.code,
        course=lesson.course_id,
        subject=lesson.course.subject.name,
        is_own=True,
    )
