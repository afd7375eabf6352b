"""Homework: how much a class is set for one day, until when it is entered, and what distance learning asks for."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from letopis.rules.deadlines import Moments, homework_due
from letopis.rules.policy import Policy
from letopis.rules.verdict import ALLOWED, Verdict, refused


@dataclass(frozen=True, slots=True)
class Portion:
    """What one lesson set for a day."""

    subject: int
    course: int
    minutes: int | None
    """How long it should take; None when the teacher did not say."""


@dataclass(frozen=True, slots=True)
class Volume:
    """All that is set to a class for one day."""

    minutes: int
    """The most that one pupil has to do. Unit: minutes."""
    unknown: int
    """Homework of which nobody said how long it takes."""
    limit: int | None
    """Recommended for the grade. Unit: minutes."""

    @property
    def is_over(self) -> bool:
        return self.limit is not None and self.minutes > self.limit


def day_volume(portions: Iterable[Portion], *, grade: int, policy: Policy) -> Volume:
    """Return the volume of a day: the homework of all subjects together, of a divided subject the longer half.

    A pupil is in one subgroup of a subject only, so its subgroups are not added up.
    Source of the limit: СанПиН 1.2.3685-21, table 6.6 (policy.homework_minutes_by_grade).
    """
    known: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    unknown = 0
    for portion in portions:
        if portion.minutes is None:
            unknown += 1
        else:
            known[portion.subject][portion.course] += portion.minutes
    total = sum(max(courses.values()) for courses in known.values())
    return Volume(minutes=total, unknown=unknown, limit=daily_limit(grade, policy=policy))


def daily_limit(grade: int, *, policy: Policy) -> int | None:
    """Return how many minutes of homework a day the grade should have at most; None when nothing is said of it."""
    found = (minutes for first, last, minutes in policy.homework_minutes_by_grade if first <= grade <= last)
    return next(found, None)


def homework_deadline(lessons_end: datetime | None, *, policy: Policy) -> datetime | None:
    """Return until when the homework of a day is entered (REG-B013); None when there is no such term.

    lessons_end: the end of the last lesson of the class on the day of the lesson, aware, in the zone of the school;
    None when no bells are known. It stands for the lesson itself too, where the limit runs from the lesson.
    """
    if lessons_end is None:
        return None
    due = homework_due(moments=Moments(lessons_end, lessons_end=lessons_end), policy=policy)
    return due.limit if due else None


def is_late(set_at: datetime | None, *, lessons_end: datetime | None, policy: Policy) -> bool:
    """Say whether a homework was entered after its term. It is shown, never refused."""
    deadline = homework_deadline(lessons_end, policy=policy)
    return deadline is not None and set_at is not None and set_at > deadline


def may_set_homework(*, has_text: bool, due_on: date | None, assessment: str, is_distance: bool) -> Verdict:
    """Say whether a homework is complete: in distance mode it has a due day and a form of assessment (REG-051).

    has_text: something is set; the word that nothing is set is complete by itself.
    """
    if not (is_distance and has_text):
        return ALLOWED
    missing = [what for what, given in (("срок", due_on), ("форма оценивания", assessment)) if not given]
    if not missing:
        return ALLOWED
    return refused(
        "DISTANCE_HOMEWORK",
        "Идёт дистанционное обучение: у задания должны быть срок и форма оценивания. "
        f"Не хватает: {', '.join(missing)}.",
        clause="порядок дистанционного обучения в школе",
    )
