"""Writing what a batch of cells changed: one statement for each table, whatever the number of cells."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Case, Q, Value, When
from django.db.models.functions import Coalesce

from letopis.ledger.actions import Fact
from letopis.people.access import Actor
from letopis.register.actions.cell_facts import attendance_fact, event_value, kind_fact, mark_fact
from letopis.register.actions.lesson_facts import attendance_taken_fact, held_fact
from letopis.register.models import Attendance, Lesson, Mark, Task
from letopis.register.queries.cell_state import EventState, MarkState
from letopis.rules.cells import NOT_SET


@dataclass(slots=True)
class Changes:
    """What has to be written, with what stood before. A cell changed twice in a batch keeps the first «before»."""

    marks: dict[tuple[int, int], tuple[MarkState, MarkState]] = field(default_factory=dict)
    """(task, pupil): before, after."""
    events: dict[tuple[int, int], tuple[EventState, EventState]] = field(default_factory=dict)
    """(lesson, pupil): before, after."""
    named: dict[int, Task] = field(default_factory=dict)
    """Columns whose kind of work their first mark named; the task carries the new kind."""
    lessons: dict[int, Lesson] = field(default_factory=dict)
    """Lessons in which anything changed."""

    def put_mark(self, key: tuple[int, int], before: MarkState, after: MarkState) -> None:
        self.marks[key] = (self.marks[key][0] if key in self.marks else before, after)

    def put_event(self, key: tuple[int, int], before: EventState, after: EventState) -> None:
        self.events[key] = (self.events[key][0] if key in self.events else before, after)


def write_changes(actor: Actor, changes: Changes, *, at: datetime) -> list[Fact]:
    """Write the changes and return their facts. Call inside the transaction that locked the lessons."""
    return [
        *_write_marks(actor, changes, at=at),
        *_write_events(actor, changes, at=at),
        *_name_kinds(actor, changes.named.values(), at=at),
        *_hold(actor, changes, at=at),
    ]


def _write_marks(actor: Actor, changes: Changes, *, at: datetime) -> list[Fact]:
    put = {key: pair for key, pair in changes.marks.items() if pair[0].value != pair[1].value}
    rows = Mark.objects.bulk_create(
        [
            Mark(
                organisation=actor.organisation,
                task_id=task_id,
                pupil_id=pupil_id,
                value=after.value,
                put_by_id=actor.employee_id,
                put_at=at,
                changes=before.changes + (before.pk is not None),
            )
            for (task_id, pupil_id), (before, after) in put.items()
        ],
        update_conflicts=True,
        unique_fields=["task", "pupil"],
        update_fields=["value", "put_by", "put_at", "changes"],
    )
    return [
        mark_fact(row, before=before.value if before.pk else None, by=actor.author, at=at)
        for row, (before, _after) in zip(rows, put.values(), strict=True)
    ]


def _write_events(actor: Actor, changes: Changes, *, at: datetime) -> list[Fact]:
    put = {key: pair for key, pair in changes.events.items() if pair[0].known != pair[1].known}
    rows = Attendance.objects.bulk_create(
        [
            Attendance(
                organisation=actor.organisation,
                lesson_id=lesson_id,
                pupil_id=pupil_id,
                event=after.event,
                minutes=after.minutes,
                reason=after.reason,
                put_by_id=actor.employee_id,
                put_at=at,
                document_id=after.document,
                # A teacher whom the policy lets name the reason is the one who set it.
                reason_by_id=None if after.reason == NOT_SET else after.reason_by or actor.employee_id,
                reason_at=None if after.reason == NOT_SET else at,
            )
            for (lesson_id, pupil_id), (_before, after) in put.items()
        ],
        update_conflicts=True,
        unique_fields=["lesson", "pupil"],
        update_fields=[
            "event",
            "minutes",
            "reason",
            "put_by",
            "put_at",
            "document",
            "reason_by",
            "reason_at",
        ],
    )
    return [
        attendance_fact(row, before=event_value(*before.known) if before.pk else None, by=actor.author, at=at)
        for row, (before, _after) in zip(rows, put.values(), strict=True)
    ]


def _name_kinds(actor: Actor, tasks: Iterable[Task], *, at: datetime) -> list[Fact]:
    tasks = list(tasks)
    for kind in {task.kind for task in tasks}:
        Task.objects.filter(pk__in=[task.pk for task in tasks if task.kind == kind]).update(kind=kind)
    return [kind_fact(task, before={"kind": "", "title": task.title}, by=actor.author, at=at) for task in tasks]


def _hold(actor: Actor, changes: Changes, *, at: datetime) -> list[Fact]:
    """Make planned lessons held and say where attendance was taken; one statement, because a save has twelve.

    Whoever puts an absence in the grid has looked who is there: my day does not ask again.
    """
    looked_at = {lesson_id for lesson_id, _pupil in changes.events}
    lessons = changes.lessons.items()
    planned = [lesson for _pk, lesson in lessons if lesson.state == Lesson.State.PLANNED]
    fresh = [lesson for pk, lesson in lessons if pk in looked_at and lesson.attendance_taken_at is None]
    if planned or fresh:
        looked = Q(pk__in=[lesson.pk for lesson in fresh])
        Lesson.objects.filter(pk__in={lesson.pk for lesson in [*planned, *fresh]}).update(
            state=Lesson.State.HELD,
            held_at=Coalesce("held_at", Value(at)),
            attendance_taken_at=Case(When(looked, then=Value(at)), default="attendance_taken_at"),
        )
    return [
        *(held_fact(lesson, by=actor.author, at=at) for lesson in planned),
        *(attendance_taken_fact(lesson, by=actor.author, at=at) for lesson in fresh),
    ]
