"""What locks the marks of a period: the term mark, the end of the period, its closing (C-024, REG-036, REG-B015)."""

from dataclasses import dataclass
from datetime import date, timedelta

from letopis.rules.policy import Policy
from letopis.rules.russian import short_date
from letopis.rules.verdict import ALLOWED, Verdict, refused

TERM_MARK, PERIOD_END = "TERM_MARK", "PERIOD_END"

LOCK_CODES = frozenset(
    {
        "WINDOW_OVER",
        "MONTH_LOCKED",
        "BACKDATED",
        "LATE_LESSON",
        "CORRECTION_NEEDED",
        "REMARK_NEEDED",
        "TERM_MARK_SET",
        "PERIOD_ENDED",
        "PERIOD_CLOSED",
        "TERM_MARKS_LOCKED",
    }
)
"""Codes of the refusals that a permission for a correction lifts."""


CLOSED_PERIOD = "закрытие учебного периода в журнале"
"""What keeps the entries of a closed period: no clause of a policy, and the same in every school (REG-036)."""


@dataclass(frozen=True, slots=True)
class PeriodLock:
    """The period an entry lies in, as far as it may lock the entry."""

    ends_on: date
    closed_on: date | None = None
    """The day it was closed through the readiness page; None while it is open."""
    term_mark_on: date | None = None
    """The day the pupil's term mark was set, a postponed one excepted; None where there is none."""


def period_is_closed(lock: PeriodLock | None) -> Verdict:
    """Refuse when the period is closed: then nothing in it changes, whatever the policy. Source: REG-036."""
    if lock is None or lock.closed_on is None:
        return ALLOWED
    return refused(
        "PERIOD_CLOSED",
        f"Период закрыт {short_date(lock.closed_on)}: записи в нём меняются только по разрешению.",
        clause=CLOSED_PERIOD,
    )


def may_change_marks_of_period(*, lesson_on: date, today: date, lock: PeriodLock | None, policy: Policy) -> Verdict:
    """Say whether the period still lets a pupil's current marks of a lesson change.

    The term mark locks the marks up to the day it was set. Lessons after that day stay open, and so do topics,
    absences and homework of every lesson: this rule is about marks alone. lock: None = no period is known.
    Sources: C-024, REG-B015; policy current_marks_lock.
    """
    closed = period_is_closed(lock)
    if lock is None or not closed:
        return closed
    clause = policy.clause("current_marks_lock")
    if policy.current_marks_lock == TERM_MARK and lock.term_mark_on is not None and lesson_on <= lock.term_mark_on:
        return refused(
            "TERM_MARK_SET",
            f"Отметка за период выставлена {short_date(lock.term_mark_on)}: отметки уроков по этот день меняются "
            "только по разрешению.",
            clause=clause,
        )
    if policy.current_marks_lock == PERIOD_END and today > lock.ends_on:
        return refused(
            "PERIOD_ENDED",
            f"Период кончился {short_date(lock.ends_on)}: его отметки меняются только по разрешению.",
            clause=clause,
        )
    return ALLOWED


def term_marks_until(*, ends_on: date, policy: Policy) -> date | None:
    """Return the last day on which term marks change; None = until the period is closed."""
    days = policy.term_marks_lock_days
    return None if days is None else ends_on + timedelta(days=days)


def may_set_term_mark(*, today: date, lock: PeriodLock, policy: Policy) -> Verdict:
    """Say whether marks for a period may still be set or changed. Source: C-024; policy term_marks_lock_days."""
    closed = period_is_closed(lock)
    if not closed:
        return closed
    last = term_marks_until(ends_on=lock.ends_on, policy=policy)
    if last is not None and today > last:
        return refused(
            "TERM_MARKS_LOCKED",
            f"Отметки за период ставили до {short_date(last)}; теперь нужно разрешение на исправление.",
            clause=policy.clause("term_marks_lock_days"),
        )
    return ALLOWED
