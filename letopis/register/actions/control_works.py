"""Verbs of the schedule of control works: place one on a lesson, move it, take it away (ORG-028, ORG-B016).

A control work is a Task whose kind is a control, on a lesson to come (decision 0013): no table of its own, so schedule
and register cannot part. A column in which a mark was ever put stays where it is.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from letopis.core.errors import Refused, require
from letopis.ledger.actions import Fact, Value, object_name, record_all
from letopis.register.access import OpenLesson
from letopis.register.models import Correction, Lesson, Mark, Task
from letopis.register.queries.control_works import excesses_on
from letopis.register.queries.locks import period_of
from letopis.rules import control_works as rules
from letopis.rules.control_works import Excess
from letopis.rules.policy import Policy
from letopis.rules.text import one_line
from letopis.rules.verdict import refused
from letopis.rules.windows import period_is_closed
from letopis.schooling.models import AcademicYear

LONGEST_TITLE = 200


@transaction.atomic
def place_control_work(
    opened: OpenLesson, *, kind: str, title: str = "", at: datetime
) -> tuple[Task, tuple[Excess, ...]]:
    """Place a control work on a lesson of today or later; return its column and the limits it goes over.

    opened: from `homework_access.lesson_for_control_work`. The same work on the same lesson is returned.
    Raises Refused: NOT_CONTROL, LONG_TITLE, LESSON_PAST, LESSON_CANCELLED, YEAR_CLOSED, PERIOD_CLOSED, or the code of a
    hard limit.
    """
    title = one_line(title)
    lesson = _locked([opened.lesson.pk])[0]
    policy = opened.opened.actor.policy_on(lesson.on)
    _check(kind, title, policy=policy)
    _may_stand(opened, lesson)
    tasks = list(lesson.tasks.order_by("position"))
    standing = next((one for one in tasks if (one.kind, one.title) == (kind, title)), None)
    found = excesses_on(lesson, kind=kind, besides=standing, policy=policy)
    if standing is not None:
        return standing, found
    require(rules.may_place(found, policy=policy))
    task = _blank(tasks) or Task(organisation=lesson.organisation, lesson=lesson, position=_next_position(lesson))
    before = _value(task, lesson) if task.pk else None
    task.kind, task.title = kind, title
    task.save()
    record_all([_fact(opened, "register.place_control_work", task, before, _value(task, lesson), at=at)])
    return task, found


@transaction.atomic
def move_control_work(opened: OpenLesson, task: Task, *, to: OpenLesson, at: datetime) -> tuple[Excess, ...]:
    """Move a control work to another lesson of its course; return the limits it goes over there.

    The column itself goes, so its history goes along; an empty column of the new lesson comes in its place.
    Raises Refused as `place_control_work`, and HAS_MARKS, OTHER_COURSE. Twice is harmless.
    """
    if to.lesson.course_id != opened.lesson.course_id:
        raise Refused(refused("OTHER_COURSE", "Работу переносят на урок того же предмета и той же группы."))
    lessons = {one.pk: one for one in _locked([opened.lesson.pk, to.lesson.pk])}
    row = Task.objects.select_for_update().get(pk=task.pk)
    source, target = lessons[opened.lesson.pk], lessons[to.lesson.pk]
    policy = to.opened.actor.policy_on(target.on)
    if row.lesson_id == target.pk:
        return excesses_on(target, kind=row.kind, besides=row, policy=policy)
    _check(row.kind, row.title, policy=policy)
    _is_open(opened, source)
    _may_stand(to, target)
    _has_no_marks(row)
    found = excesses_on(target, kind=row.kind, besides=row, policy=policy)
    require(rules.may_place(found, policy=policy))
    before = _value(row, source)
    blank = _blank(list(target.tasks.order_by("position")))
    place = blank.position if blank else _next_position(target)
    old_place, others = row.position, source.tasks.exclude(pk=row.pk).exists()
    if blank:
        # Out of the way first: a lesson never holds one position twice.
        Task.objects.filter(pk=blank.pk).update(position=_next_position(target))
    Task.objects.filter(pk=row.pk).update(lesson=target, position=place)
    if blank and not others:
        Task.objects.filter(pk=blank.pk).update(lesson=source, position=old_place)
    elif blank:
        blank.delete()
    elif not others:
        Task.objects.create(organisation=source.organisation, lesson=source, position=old_place)
    row.lesson, row.position = target, place
    record_all([_fact(opened, "register.move_control_work", row, before, _value(row, target), at=at)])
    return found


@transaction.atomic
def withdraw_control_work(opened: OpenLesson, task: Task, *, at: datetime) -> bool:
    """Take a control work out of the schedule; return whether it stood there. Raises Refused: HAS_MARKS, NOT_CONTROL.

    A column of another kind is the teacher's own, and no matter of the schedule.
    """
    lesson = _locked([opened.lesson.pk])[0]
    row = Task.objects.select_for_update().filter(pk=task.pk).first()
    if row is None or not (row.kind or row.title):
        return False
    _is_open(opened, lesson)
    _check(row.kind, row.title, policy=opened.opened.actor.policy_on(lesson.on))
    _has_no_marks(row)
    before = _value(row, lesson)
    fact = _fact(opened, "register.withdraw_control_work", row, before, None, at=at)
    if lesson.tasks.exclude(pk=row.pk).exists():
        row.delete()
    else:
        row.kind, row.title = "", ""
        row.save(update_fields=["kind", "title"])
    record_all([fact])
    return True


def _locked(ids: Sequence[int]) -> list[Lesson]:
    """Return the lessons, locked in one order whoever asks: the lock of a lesson is the lock of its columns."""
    rows = Lesson.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    return list(rows.select_related("organisation", "course__subject", "course__group__school_class", "course__year"))


def _check(kind: str, title: str, *, policy: Policy) -> None:
    if kind not in {one.code for one in policy.work_kinds if one.is_control}:
        sentence = f"«{kind}» — не контрольная работа: выберите вид из списка."
        raise Refused(refused("NOT_CONTROL", sentence, clause=policy.clause("work_kinds")))
    if len(title) > LONGEST_TITLE:
        raise Refused(refused("LONG_TITLE", f"Название работы длиннее {LONGEST_TITLE} знаков: сократите его."))


def _may_stand(opened: OpenLesson, lesson: Lesson) -> None:
    _is_open(opened, lesson)
    if lesson.state == Lesson.State.CANCELLED:
        raise Refused(refused("LESSON_CANCELLED", "Занятие отменено: выберите другое."))
    if lesson.on < opened.opened.actor.today:
        raise Refused(
            refused("LESSON_PAST", "Урок уже прошёл. Вид проведённой работы учитель называет на странице урока.")
        )


def _is_open(opened: OpenLesson, lesson: Lesson) -> None:
    """Refuse in a closed year and in a closed period. Call with the lesson locked: a closing takes that lock first."""
    if lesson.course.year.state != AcademicYear.State.OPEN:
        raise Refused(refused("YEAR_CLOSED", f"Учебный год {lesson.course.year.label} закрыт."))
    require(period_is_closed(period_of(opened.opened, lesson.on)))


def _has_no_marks(task: Task) -> None:
    if Mark.objects.filter(task=task).exists() or Correction.objects.filter(task=task).exists():
        raise Refused(refused("HAS_MARKS", "В столбце этой работы уже ставили отметки: она остаётся на своём уроке."))


def _blank(tasks: Sequence[Task]) -> Task | None:
    """Return a column that nobody named and no mark was ever put in."""
    blank = [one for one in tasks if not (one.kind or one.title)]
    used = set(Mark.objects.filter(task__in=blank).values_list("task_id", flat=True)) if blank else set()
    return next((one for one in blank if one.pk not in used), None)


def _next_position(lesson: Lesson) -> int:
    last = Task.objects.filter(lesson=lesson).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


def _value(task: Task, lesson: Lesson) -> dict[str, Value]:
    return {
        "kind": task.kind,
        "title": task.title,
        "lesson": object_name(lesson),
        "on": lesson.on.isoformat(),
        "number": lesson.number,
    }


def _fact(
    opened: OpenLesson,
    verb: str,
    task: Task,
    before: dict[str, Value] | None,
    after: dict[str, Value] | None,
    *,
    at: datetime,
) -> Fact:
    return Fact(opened.opened.actor.author, at, verb, object_name(task), before, after)
