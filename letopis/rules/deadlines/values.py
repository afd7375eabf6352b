"""What a deadline is made of, and what it is counted from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from letopis.rules.calendar import FIVE_DAY_WEEK, SchoolCalendar


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline (C-003). Both moments are aware, local, and belong to the time that is still in it."""

    limit: datetime
    """The last second by the clause itself."""
    effective: datetime
    """min(limit, deadline of the term mark): when the thing is really needed. Never after `limit`."""
    clause: str
    steps: tuple[str, ...] = ()
    """How it was found, in Russian, one sentence each."""

    @property
    def is_bound(self) -> bool:
        """Whether the term mark is due before the limit of the clause ends."""
        return self.effective < self.limit

    def is_over(self, at: datetime) -> bool:
        """Say whether the limit of the clause is over at a moment; the whole last second is in it."""
        return at.replace(microsecond=0) > self.limit

    def is_late(self, at: datetime) -> bool:
        """Say whether a moment is after the effective deadline."""
        return at.replace(microsecond=0) > self.effective


@dataclass(frozen=True, slots=True)
class NoDue:
    """There is no deadline. It is false, so that `if due:` tells."""

    reason: str
    """Why, in Russian: «Срока записи домашнего задания нет»."""
    clause: str

    def __bool__(self) -> Literal[False]:
        return False


@dataclass(frozen=True, slots=True)
class Moments:
    """What the limits of one lesson are counted from. Raises ValueError for a lesson without a time zone."""

    lesson: datetime
    """When it begins; aware, in the zone of the school."""
    worked_on: date | None = None
    """The day the work was written or set, when it is not that of the lesson."""
    lessons_end: datetime | None = None
    """The end of the last lesson of the class that day, aware; None when no bells are known."""
    following_lessons: Sequence[date] = ()
    """Days of lessons of the same course, in order; those up to the day counted from are passed over."""
    period_end: date | None = None
    """The last day of the term the lesson lies in."""
    calendar: SchoolCalendar | None = None
    """Says which days have lessons; without it the days of `weekdays` have."""
    grade: int = 0
    """For the calendar; 0 = of no class: any day on which somebody may have lessons."""
    weekdays: frozenset[int] = FIVE_DAY_WEEK
    """The week of a school whose calendar is not given, 1 is Monday."""

    def __post_init__(self) -> None:
        if self.lesson.tzinfo is None:
            raise ValueError(f"the lesson has no time zone: {self.lesson}")
