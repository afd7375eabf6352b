"""Missed lessons of a course that may be made up for, and the protocols of those that were (REG-B009)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef

from letopis.register.access import OpenCourse
from letopis.register.models import AbsenceReason, Attendance, Lesson, MakeUp, Mark, Task
from letopis.rules.policy.editions import Editions


@dataclass(frozen=True, slots=True)
class MissedLesson:
    """A lesson that a pupil missed with a reason that lets him make it up."""

    lesson: UUID
    pupil: UUID
    name: str
    on: date
    topic: str
    reason: str


@dataclass(frozen=True, slots=True)
class MakeUpPage:
    """Both lists, the latest first."""

    missed: tuple[MissedLesson, ...]
    protocols: tuple[MakeUp, ...]
    """With lesson, pupil, teacher and task joined in; withdrawn ones too."""


def make_up_page(opened: OpenCourse, *, policies: Editions, pupil: UUID | None = None) -> MakeUpPage:
    """Return what may be and what was made up for in a course; of one pupil when asked. Two queries."""
    course = opened.course
    protocols = (
        MakeUp.objects.filter(lesson__course=course)
        .select_related("lesson", "pupil__person", "teacher__person", "task")
        .order_by("-held_on", "-made_at")
    )
    done = MakeUp.objects.filter(lesson=OuterRef("lesson"), pupil=OuterRef("pupil"), withdrawn_at=None)
    missed = (
        Attendance.objects.filter(
            ~Exists(done),
            lesson__course=course,
            event=Attendance.Event.ABSENT,
        )
        .exclude(lesson__state=Lesson.State.CANCELLED)
        .select_related("lesson", "pupil__person")
        .order_by("pupil__person__sort_key", "-lesson__on", "-lesson__number")
    )
    if pupil is not None:
        protocols, missed = protocols.filter(pupil__code=pupil), missed.filter(pupil__code=pupil)
    return MakeUpPage(
        missed=tuple(
            MissedLesson(
                lesson=row.lesson.code,
                pupil=row.pupil.code,
                name=f"{row.pupil.person.last_name} {row.pupil.person.first_name}",
                on=row.lesson.on,
                topic=row.lesson.topic,
                reason=str(AbsenceReason(row.reason).label),
            )
            for row in missed
            # What may be made up for is said by the policy of the missed day.
            if row.reason in policies.on(row.lesson.on).make_up_reasons
        ),
        protocols=tuple(protocols),
    )


def free_tasks(lesson: Lesson, *, pupil_id: int) -> list[Task]:
    """Return the columns of a lesson in which the pupil has no mark. One query."""
    put = Mark.objects.filter(task=OuterRef("pk"), pupil=pupil_id).exclude(value="")
    return list(Task.objects.filter(~Exists(put), lesson=lesson).order_by("position"))
