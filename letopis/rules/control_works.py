"""The schedule of control works: how many a class may have in a day, a week and a year, and when not.

Limits are recommendations; they become refusals only where the school's policy says so.
Source of the defaults: письма Минпросвещения № СК-228/03 и Рособрнадзора № 01-169/08-01 от 06.08.2021.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from letopis.rules.policy import Policy
from letopis.rules.russian import short_date
from letopis.rules.verdict import ALLOWED, Verdict, refused

SAME_DAY, SAME_WEEK, TOO_SOON, EDGE_LESSON, WEEKDAY, SHARE = (
    "SAME_DAY", "SAME_WEEK", "TOO_SOON", "EDGE_LESSON", "WEEKDAY", "SHARE",
)  # fmt: skip
CODES = (SAME_DAY, SAME_WEEK, TOO_SOON, EDGE_LESSON, WEEKDAY, SHARE)
_WEEKDAYS = ("понедельникам", "вторникам", "средам", "четвергам", "пятницам", "субботам", "воскресеньям")


@dataclass(frozen=True, slots=True)
class ControlWork:
    """A control work of a class, placed on a lesson."""

    task: int
    on: date
    number: int
    subject: int
    course: int
    title: str
    """«Алгебра, КР»: how another work is named in a sentence."""
    first: int = 0
    last: int = 0
    """Numbers of the first and the last lesson of the class on that day; 0 = not known."""
    weekly_lessons: int = 2
    year_lessons: int = 0
    """Lessons of the course in the year; 0 = not known."""


@dataclass(frozen=True, slots=True)
class Excess:
    """A limit that a work goes over."""

    code: str
    sentence: str
    clause: str


def excesses(work: ControlWork, others: Iterable[ControlWork], *, policy: Policy) -> tuple[Excess, ...]:
    """Return the limits that a work goes over beside the other works of its class; none when all is well.

    The same subject in another subgroup is written by other pupils and does not count.
    """
    written = [other for other in others if other.task != work.task and _same_pupils(work, other)]
    found = [
        _same_day(work, written, policy),
        _same_week(work, written, policy),
        _too_soon(work, written, policy),
        _edge(work, policy),
        _weekday(work, policy),
        _share(work, written, policy),
    ]
    return tuple(one for one in found if one is not None)


def may_place(found: tuple[Excess, ...], *, policy: Policy) -> Verdict:
    """Say whether a work that goes over these limits may be placed: refused only where the limits are hard."""
    hard = next((one for one in found if one.code in policy.control_work_hard_limits), None)
    return refused(hard.code, hard.sentence, clause=hard.clause) if hard else ALLOWED


def _same_pupils(work: ControlWork, other: ControlWork) -> bool:
    return other.subject != work.subject or other.course == work.course


def _same_day(work: ControlWork, others: list[ControlWork], policy: Policy) -> Excess | None:
    that_day = [other.title for other in others if other.on == work.on]
    limit = policy.control_works_per_day
    if limit is None or len(that_day) < limit:
        return None
    sentence = f"В этот день у класса уже есть: {'; '.join(that_day)}. Рекомендуется не больше {limit} в день."
    return Excess(SAME_DAY, sentence, policy.clause("control_works_per_day"))


def _same_week(work: ControlWork, others: list[ControlWork], policy: Policy) -> Excess | None:
    week = work.on.isocalendar()[:2]
    that_week = [other for other in others if other.on.isocalendar()[:2] == week]
    limit = policy.control_works_per_week
    if limit is None or len(that_week) < limit:
        return None
    sentence = f"На этой неделе у класса уже работ: {len(that_week)}. Школа допускает не больше {limit} в неделю."
    return Excess(SAME_WEEK, sentence, policy.clause("control_works_per_week"))


def _too_soon(work: ControlWork, others: list[ControlWork], policy: Policy) -> Excess | None:
    apart = policy.control_work_interval_days
    if apart is None:
        return None
    near = [one for one in others if one.subject == work.subject and abs((one.on - work.on).days) < apart]
    if not near:
        return None
    closest = min(near, key=lambda one: abs((one.on - work.on).days))
    days = abs((closest.on - work.on).days)
    sentence = (
        f"По этому предмету работа уже стоит {short_date(closest.on)}, между ними дней: {days}. "
        f"Рекомендуется не чаще раза в {apart} дней."
    )
    return Excess(TOO_SOON, sentence, policy.clause("control_work_interval_days"))


def _edge(work: ControlWork, policy: Policy) -> Excess | None:
    if not policy.control_work_not_first_or_last or work.weekly_lessons <= 1 or not work.last:
        return None
    if work.number not in (work.first, work.last):
        return None
    which = "первый" if work.number == work.first else "последний"
    sentence = f"Это {which} урок класса в этот день: рекомендуется другой."
    return Excess(EDGE_LESSON, sentence, policy.clause("control_work_not_first_or_last"))


def _weekday(work: ControlWork, policy: Policy) -> Excess | None:
    if work.on.isoweekday() not in policy.control_work_weekdays_to_avoid:
        return None
    sentence = f"По {_WEEKDAYS[work.on.weekday()]} школа контрольных работ не планирует."
    return Excess(WEEKDAY, sentence, policy.clause("control_work_weekdays_to_avoid"))


def _share(work: ControlWork, others: list[ControlWork], policy: Policy) -> Excess | None:
    percent = policy.control_work_percent_of_lessons
    if percent is None or not work.year_lessons:
        return None
    works = 1 + sum(other.course == work.course for other in others)
    if works * 100 <= percent * work.year_lessons:
        return None
    sentence = (
        f"Работ по предмету за год: {works} на {work.year_lessons} уроков. "
        f"Рекомендуется не больше {percent} % времени предмета."
    )
    return Excess(SHARE, sentence, policy.clause("control_work_percent_of_lessons"))
