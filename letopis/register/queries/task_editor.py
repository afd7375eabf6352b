"""The editor of a column of marks: what it is now, what it may become, and what stands beside it in the lesson."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from letopis.people.access import invisible
from letopis.register.access import OpenLesson
from letopis.register.models import Lesson, MakeUp, Mark, Task
from letopis.register.queries.locks import may_write, period_lock, term_on
from letopis.rules.policy import Policy, WorkKind
from letopis.rules.tasks import HEAVIEST, may_add_task, may_remove_task
from letopis.rules.verdict import Verdict
from letopis.rules.windows import ATTENDANCE, TOPIC, PeriodLock


@dataclass(frozen=True, slots=True)
class TaskEditor:
    """What the page shows."""

    lesson: Lesson
    subject: str
    group: str
    task: Task | None
    """None for a column that is about to be added."""
    position: int
    others: tuple[Task, ...]
    """The other columns of the lesson."""
    kinds: tuple[WorkKind, ...]
    default_kind: str
    heaviest: int
    may_edit: Verdict
    may_add: Verdict
    may_remove: Verdict
    may_take_attendance: Verdict
    taken_at: datetime | None
    marks: int
    """How many cells of the column hold anything."""
    grid_url: str
    """Back to the grid; empty for one who sees the lesson alone."""


def task_editor(opened: OpenLesson, *, task: UUID | None, policy: Policy) -> TaskEditor:
    """Return the editor of a column of the lesson, or of a new one; answers 404 for a column of another lesson."""
    lesson, course = opened.lesson, opened.opened.course
    tasks = list(Task.objects.filter(lesson=lesson).order_by("position"))
    column = next((one for one in tasks if one.code == task), None)
    if task is not None and column is None:
        invisible()
    values = list(Mark.objects.filter(task=column).values_list("value", flat=True)) if column else []
    made_up = column is not None and not values and MakeUp.objects.filter(task=column).exists()
    term = term_on(opened.opened, lesson.on)
    grid = reverse("register:grid", args=[course.code]) + (f"?term={term.number}" if term else "")
    lock = period_lock(term, zone=opened.opened.actor.organisation.time_zone) if term else None
    return TaskEditor(
        lesson=lesson,
        subject=str(course.subject),
        group=course.group.name,
        task=column,
        position=tasks.index(column) + 1 if column else len(tasks) + 1,
        others=tuple(one for one in tasks if one is not column),
        kinds=policy.work_kinds,
        default_kind=policy.default_work_kind,
        heaviest=HEAVIEST,
        may_edit=_window(opened, TOPIC, policy=policy, lock=lock),
        may_add=may_add_task(how_many=len(tasks), policy=policy),
        may_remove=may_remove_task(ever_marked=bool(values) or made_up, how_many=len(tasks)),
        may_take_attendance=_window(opened, ATTENDANCE, policy=policy, lock=lock),
        taken_at=lesson.attendance_taken_at,
        marks=sum(bool(value) for value in values),
        grid_url=grid if opened.sees_course else "",
    )


def _window(opened: OpenLesson, part: str, *, policy: Policy, lock: PeriodLock | None) -> Verdict:
    return may_write(opened.opened, opened.lesson, part=part, policy=policy, lock=lock)
