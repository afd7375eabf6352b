"""Duties of a lesson: that it is filled, who was absent, topic, homework, marks of its works."""

from collections.abc import Container
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from letopis.rules.obligations.judging import Judge, Judged
from letopis.rules.obligations.values import (
    ATTENDANCE,
    HOMEWORK,
    LESSON,
    LESSON_KINDS,
    MARKS,
    TOPIC,
    Obligation,
    Page,
)
from letopis.rules.policy import Policy


class LessonFacts(NamedTuple):
    """What is known of a lesson that was not cancelled."""

    pk: int
    code: UUID
    on: date
    number: int
    who: int | None
    is_held: bool
    """Something was written into it on its day or later."""
    has_topic: bool
    topic_at: datetime | None
    held_at: datetime | None
    attendance_at: datetime | None
    said: bool
    """A homework was set, or it was said that nothing was (REG-008)."""
    set_at: datetime | None


class WorkFacts(NamedTuple):
    """What is known of a column of marks that has a kind of work."""

    pk: int
    code: UUID
    kind: str
    on: date
    """Day of the lesson."""
    number: int
    who: int | None
    lesson: UUID
    marked: int
    """Pupils with a mark, or with a sign that answers for one."""
    needed: int
    """Pupils of that day, without those who were absent and have no mark."""
    first_at: datetime | None = None
    last_at: datetime | None = None
    """Of the marks of pupils who were present; corrections apart."""
    worked_on: date | None = None


def lesson_obligations(
    facts: LessonFacts,
    page: Page,
    *,
    judge: Judge,
    lessons_end: datetime | None = None,
    kinds: Container[str] = LESSON_KINDS,
) -> list[Obligation]:
    """Return the duties of a lesson, done ones included; a lesson to come has none.

    lessons_end: when the last lesson of the class ends that day. Sources: REG-002…004, REG-008, REG-025, REG-B013.
    A lesson with nothing in it at all has one duty to fill it, and its parts are marked as such (`is_part`).
    Where no moment of its own is kept, the part is as late as the first fact of the lesson; imported facts have none,
    and count as in time.
    """
    on, grade = facts.on, page.grade
    if on > judge.today:
        return []
    entered = facts.held_at or facts.attendance_at
    ref = ("lesson", facts.pk)
    found: list[Obligation] = []
    is_empty = not facts.is_held

    def add(kind: str, judged: Judged, is_done: bool, at: datetime | None) -> None:
        state, closed = (judged.closed(at), at) if is_done else (judged.state, None)
        is_part = is_empty and not is_done and kind != LESSON
        found.append(
            Obligation(
                kind, facts.who, on, judged.due, closed, state, page, ref, facts.number, facts.code, is_part=is_part
            )
        )

    of_lesson, of_attendance = judge.lesson(on, grade)
    if LESSON in kinds:
        add(LESSON, of_lesson, facts.is_held, entered)
    if ATTENDANCE in kinds:
        add(ATTENDANCE, of_attendance, facts.attendance_at is not None, facts.attendance_at)
    if TOPIC in kinds:
        add(TOPIC, of_lesson, facts.has_topic, facts.topic_at or entered)
    if HOMEWORK in kinds and page.asks_homework:
        add(HOMEWORK, judge.homework(on, grade, lessons_end), facts.said, facts.set_at or entered)
    return found


def work_obligation(
    facts: WorkFacts,
    page: Page,
    *,
    judge: Judge,
    period_end: date | None,
    lessons_end: datetime | None = None,
    following: tuple[date, ...] = (),
) -> Obligation | None:
    """Return the duty to mark a work; None for an oral answer, an unmarked subject, a work to come.

    A control work is complete when every pupil who was there has a mark, or the share of policy.minimum_pupils_marked
    (REG-018); of other works one mark says that it was checked. period_end: last day of the term, whose deadline bounds
    that of the work. Sources: REG-014…018, REG-024, C-003, C-004.
    """
    since = facts.worked_on or facts.on
    policy = judge.finder.policy_on(facts.on)
    asks = judge.works(policy)
    if since > judge.today or facts.kind not in asks or not takes_marks(page, policy=policy):
        return None
    wanted = _wanted(facts, is_control=asks[facts.kind], policy=policy)
    if not wanted:
        return None
    due = judge.finder.mark(
        kind=facts.kind,
        grade=page.grade,
        subject=page.subject_name,
        on=facts.on,
        worked_on=facts.worked_on,
        lessons_end=lessons_end,
        following=following,
        period_end=period_end,
    )
    judged = judge.of(due)
    is_done = facts.marked >= wanted
    at = (facts.last_at if wanted > 1 else facts.first_at) if is_done else None
    return Obligation(
        MARKS,
        facts.who,
        since,
        judged.due,
        at,
        judged.closed(at) if is_done else judged.state,
        page,
        ("task", facts.pk),
        facts.number,
        facts.lesson,
        facts.code,
        facts.kind,
        max(0, wanted - facts.marked),
        wanted,
    )


def takes_marks(page: Page, *, policy: Policy) -> bool:
    """Say whether the pupils of a page are marked at all."""
    return bool(policy.scale_for(scale_code=page.scale, grade=page.grade).values)


def _wanted(facts: WorkFacts, *, is_control: bool, policy: Policy) -> int:
    if not facts.needed:
        return 0
    if not is_control:
        return 1
    share = 100 if policy.minimum_pupils_marked is None else policy.minimum_pupils_marked
    return -(-facts.needed * share // 100)
