"""What is closed on the lesson page, and which of its marks were put late."""

from collections.abc import Sequence
from dataclasses import replace

from letopis.register.access import OpenLesson
from letopis.register.models import Mark, Task
from letopis.register.queries.dues import CourseDues
from letopis.register.queries.locks import may_write, term_mark_days
from letopis.rules import windows
from letopis.rules.deadlines import Due
from letopis.rules.policy import Policy
from letopis.rules.verdict import Verdict
from letopis.rules.windows import PeriodLock
from letopis.schooling.queries.distance import distance_of


def may_write_part(opened: OpenLesson, *, part: str, policy: Policy, lock: PeriodLock | None) -> Verdict:
    """Say whether the actor may change a part of the lesson today. One query where its window is over."""
    course, lesson = opened.opened, opened.lesson
    verdict = may_write(course, lesson, part=part, policy=policy, lock=lock)
    if verdict or part != windows.MARKS or verdict.code not in ("WINDOW_OVER", "MONTH_LOCKED"):
        return verdict
    is_distance = distance_of(course.course, lesson.on) is not None
    return may_write(course, lesson, part=part, policy=policy, lock=lock, is_distance=is_distance)


def closed_pupils(opened: OpenLesson, *, lock: PeriodLock | None, policy: Policy) -> set[int]:
    """Return the pupils whose term mark, or the end of the period, closed their marks of this lesson."""
    days = term_mark_days(opened.opened, on=opened.lesson.on)
    today = opened.opened.actor.today
    return {
        pupil
        for pupil, day in days.items()
        if lock
        and not windows.may_change_marks_of_period(
            lesson_on=opened.lesson.on, today=today, lock=replace(lock, term_mark_on=day), policy=policy
        )
    }


def overdue_marks(
    opened: OpenLesson, *, tasks: Sequence[Task], marks: Sequence[Mark], lock: PeriodLock | None
) -> set[int]:
    """Return the keys of marks that were first put after their deadline."""
    dues, lesson = CourseDues(opened.opened), opened.lesson
    found = {
        task.pk: dues.mark(
            kind=task.kind,
            on=lesson.on,
            number=lesson.number,
            worked_on=task.worked_on,
            period_end=lock.ends_on if lock else None,
        )
        for task in tasks
    }
    return {
        mark.pk
        for mark in marks
        if mark.value and not mark.changes and isinstance(due := found[mark.task_id], Due) and due.is_late(mark.put_at)
    }
