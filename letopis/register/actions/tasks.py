"""Verbs of the columns of a lesson: one more work, what a work is, and one too many taken away.

Each locks the lesson, which is the lock of its cells too: a mark cannot be put while its column changes.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from letopis.core.errors import Refused, require
from letopis.ledger.actions import Fact, Value, object_name, record
from letopis.people.access import invisible
from letopis.register.access import OpenLesson
from letopis.register.actions.lesson import author_of, lock_lesson, policy_of
from letopis.register.models import Correction, Lesson, MakeUp, Mark, Task
from letopis.rules.policy import Policy
from letopis.rules.tasks import may_add_task, may_be_task, may_have_components, may_remove_task
from letopis.rules.text import one_line
from letopis.rules.verdict import refused
from letopis.rules.windows import TOPIC


@dataclass(frozen=True, slots=True)
class TaskSaid:
    """What a column is to be."""

    kind: str
    title: str = ""
    weight: int | None = None
    """None = as the kind of work says."""
    components: int = 1
    worked_on: date | None = None
    """None = the day of the lesson."""


@transaction.atomic
def add_task(opened: OpenLesson, *, said: TaskSaid, at: datetime) -> Task:
    """Give the lesson one more column of marks. Raises Refused. Source: REG-011.

    Two equal works of one lesson are two works, so doing it twice makes two; one too many is taken away again.
    """
    lesson = lock_lesson(opened, part=TOPIC)
    policy = policy_of(opened, lesson)
    positions = list(Task.objects.filter(lesson=lesson).values_list("position", flat=True))
    require(may_add_task(how_many=len(positions), policy=policy))
    _judge(opened, said, lesson=lesson, policy=policy)
    require(may_have_components(components=said.components, values=()))
    task = Task(organisation=lesson.organisation, lesson=lesson, position=max(positions, default=0) + 1)
    _put(task, said, policy=policy)
    task.save()
    record(_fact(opened, task, verb="register.add_task", before=None, after=_value(task), at=at))
    return task


@transaction.atomic
def edit_task(opened: OpenLesson, *, task: UUID, said: TaskSaid, at: datetime) -> bool:
    """Say what a column is; return whether anything changed. Raises Refused. The same again is no entry."""
    lesson = lock_lesson(opened, part=TOPIC)
    policy = policy_of(opened, lesson)
    column = Task.objects.filter(lesson=lesson, code=task).first() or invisible()
    _judge(opened, said, lesson=lesson, policy=policy)
    if said.components != column.components:
        values = Mark.objects.filter(task=column).exclude(value="").values_list("value", flat=True)
        require(may_have_components(components=said.components, values=values))
    before = _value(column)
    _put(column, said, policy=policy)
    after = _value(column)
    changed = [name for name in after if before.get(name) != after[name]]
    if not changed:
        return False
    column.save(update_fields=["kind", "title", "weight", "components", "worked_on"])
    was, now = ({name: value[name] for name in changed} for value in (before, after))
    record(_fact(opened, column, verb="register.edit_task", before=was, after=now, at=at))
    return True


@transaction.atomic
def remove_task(opened: OpenLesson, *, task: UUID, at: datetime) -> bool:
    """Take away a column that never held a mark; return whether it was there. Raises Refused."""
    lesson = lock_lesson(opened, part=TOPIC)
    column = Task.objects.filter(lesson=lesson, code=task).first()
    if column is None:
        return False
    require(
        may_remove_task(
            ever_marked=any(
                model._default_manager.filter(task=column).exists() for model in (Mark, MakeUp, Correction)
            ),
            how_many=Task.objects.filter(lesson=lesson).count(),
        )
    )
    record(_fact(opened, column, verb="register.remove_task", before=_value(column), after=None, at=at))
    column.delete()
    return True


def _judge(opened: OpenLesson, said: TaskSaid, *, lesson: Lesson, policy: Policy) -> None:
    year = lesson.course.year
    require(
        may_be_task(
            kind=said.kind,
            title=one_line(said.title),
            weight=said.weight,
            worked_on=said.worked_on,
            first=year.starts_on,
            last=year.ends_on,
            today=opened.opened.actor.today,
            policy=policy,
        )
    )


def _put(task: Task, said: TaskSaid, *, policy: Policy) -> None:
    task.kind, task.title, task.components = said.kind, one_line(said.title), said.components
    # The weight of the kind itself is no weight of its own: the school may change it for all.
    task.weight = None if said.weight == policy.weight_of(said.kind, None) else said.weight
    task.worked_on = None if said.worked_on == task.lesson.on else said.worked_on


def _value(task: Task) -> dict[str, Value]:
    return {
        "kind": task.kind,
        "title": task.title,
        "weight": task.weight,
        "components": task.components,
        "worked_on": task.worked_on.isoformat() if task.worked_on else None,
    }


def _fact(
    opened: OpenLesson,
    task: Task,
    *,
    verb: str,
    before: dict[str, Value] | None,
    after: dict[str, Value] | None,
    at: datetime,
) -> Fact:
    """A column that is gone is told under its lesson, where its history can still be found."""
    about = task.lesson if after is None or before is None else task
    return Fact(by=author_of(opened), at=at, verb=verb, object=object_name(about), before=before, after=after)


def weight_said(text: str) -> int | None:
    """Return the weight that was typed, None for none. Raises Refused for what is no number."""
    text = text.strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > 3:
        raise Refused(refused("WRONG_WEIGHT", f"Вес — это число, а написано «{text[:20]}»."))
    return int(text)
