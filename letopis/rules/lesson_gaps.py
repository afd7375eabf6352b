"""What a lesson still lacks: the order in which a teacher is asked for it, and how loudly."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum


class Lack(IntEnum):
    """What may be missing, in the order it is asked for: the first is forgotten soonest."""

    ATTENDANCE = 1
    TOPIC = 2
    MARKS = 3
    HOMEWORK = 4


LATE = "late"
SOON = "soon"


@dataclass(frozen=True, slots=True)
class UnmarkedWork:
    """A control work of the lesson that holds no mark yet."""

    task: str
    """Code of the task, for the link to its column."""
    kind: str
    """Letters of the kind of work: «КР»."""


@dataclass(frozen=True, slots=True)
class LessonFacts:
    """What is already known of a lesson."""

    on: date
    has_topic: bool
    attendance_taken: bool
    homework_said: bool
    """A homework was set, or it was said that nothing was (REG-008)."""
    unmarked_works: tuple[UnmarkedWork, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that a lesson lacks."""

    lack: Lack
    tone: str
    """SOON on the day of the lesson, LATE after it."""
    days: int
    """How many days ago the lesson was."""
    task: str = ""
    """Code of the task when marks of a work are missing."""
    kind: str = ""
    """Letters of the kind of that work."""


def lesson_gaps(facts: LessonFacts, *, today: date) -> tuple[Gap, ...]:
    """Return what the lesson lacks, the most urgent first; a lesson to come lacks nothing.

    Topic, attendance and homework belong to the day of the lesson (REG-002, REG-008, REG-025); of marks only those of
    control works are asked for, since nobody need be questioned at every lesson.
    """
    if facts.on > today:
        return ()
    days = (today - facts.on).days
    tone = LATE if days else SOON
    missing = {
        Lack.ATTENDANCE: not facts.attendance_taken,
        Lack.TOPIC: not facts.has_topic,
        Lack.HOMEWORK: not facts.homework_said,
    }
    gaps = [Gap(lack, tone, days) for lack, is_missing in missing.items() if is_missing]
    gaps += [Gap(Lack.MARKS, tone, days, work.task, work.kind) for work in facts.unmarked_works]
    return tuple(sorted(gaps, key=lambda gap: gap.lack))
