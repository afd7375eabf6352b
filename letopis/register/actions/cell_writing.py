"""Writing what a batch of cells changed: one statement for each table, whatever the number of cells."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from letopis.ledger.actions import Fact
from letopis.people.access import Actor
from letopis.register.actions.cell_facts import attendance_fact, event_value, kind_fact, mark_fact
from letopis.register.actions.lesson_facts import attendance_taken_fact, held_fact
from letopis.register.models import Attendance, Lesson, Mark, Task
from letopis.register.queries.cell_state import EventState, MarkState


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
        *_hold(actor, changes.lessons.values(), at=at),
        *_take_attendance(actor, changes, at=at),
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
            )
            for (lesson_id, pupil_id), (_before, after) in put.items()
        ],
        update_conflicts=True,
        unique_fields=["lesson", "pupil"],
        update_fields=["event", "minutes", "reason", "put_by", "put_at"],
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


def _hold(actor: Actor, lessons: Iterable[Lesson], *, at: datetime) -> list[Fact]:
    planned = [lesson for lesson in lessons if lesson.state == Lesson.State.PLANNED]
    if planned:
        Lesson.objects.filter(pk__in=[lesson.pk for lesson in planned]).update(state=Lesson.State.HELD)
    return [held_fact(lesson, by=actor.author, at=at) for lesson in planned]


def _take_attendance(actor: Actor, changes: Changes, *, at: datetime) -> list[Fact]:
    """Whoever puts an absence in the grid has looked who is there: my day does not ask again."""
    looked_at = {lesson_id for lesson_id, _pupil in changes.events}
    fresh = [one for key, one in changes.lessons.items() if key in looked_at and one.attendance_taken_at is None]
    if fresh:
        Lesson.objects.filter(pk__in=[lesson.pk for lesson in fresh]).update(attendance_taken_at=at)
    return [attendance_taken_fact(lesson, by=actor.author, at=at) for lesson in fresh]
