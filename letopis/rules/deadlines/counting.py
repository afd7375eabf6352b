"""When a limit ends.

Everything is counted by the clock on the school's wall: seven days after a lesson is the same date seven days later,
also when the clocks were changed in between. Dangers: a sum with an aware datetime is wall time in Python, a
difference of two of them in one zone too; never count here in UTC.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache

from letopis.rules.calendar import FIVE_DAY_WEEK
from letopis.rules.deadlines.values import Moments
from letopis.rules.policy import (
    DAYS,
    HOURS,
    LESSONS,
    LESSONS_END,
    MINUTES,
    PERIOD_END,
    WORK_SET,
    WORKING_DAYS,
    Limit,
    Policy,
)
from letopis.rules.russian import counted, short_date

_LAST_SECOND = time(23, 59, 59)
_ONE_DAY = timedelta(days=1)

_UNITS = {
    MINUTES: ("минута", "минуты", "минут"),
    HOURS: ("час", "часа", "часов"),
    DAYS: ("календарный день", "календарных дня", "календарных дней"),
    WORKING_DAYS: ("рабочий день", "рабочих дня", "рабочих дней"),
    LESSONS: ("урок", "урока", "уроков"),
}


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """Return 23:59:59 of a day."""
    return datetime.combine(day, _LAST_SECOND, zone)


@cache
def span_words(limit: Limit) -> str:
    """Return «7 календарных дней», «в тот же день», «за 3 календарных дня»."""
    if not limit.amount:
        return "в последний день периода" if limit.since == PERIOD_END else "в тот же день"
    words = counted(abs(limit.amount), *_UNITS[limit.unit])
    return f"за {words}" if limit.amount < 0 else words


def is_by_day(limit: Limit, *, policy: Policy) -> bool:
    """Say whether the limit depends on the day of its beginning only, and not on the hour."""
    if limit.unit == DAYS:
        return policy.days_end_at_midnight or not limit.amount
    return limit.unit == WORKING_DAYS


def ends_at(limit: Limit, *, moments: Moments, policy: Policy) -> tuple[datetime | None, tuple[str, ...]]:
    """Return the last second of the limit and how it was found; None when it cannot be counted, and why.

    moments.period_end is needed where the limit is counted from it. Source: C-003.
    """
    if limit.since == PERIOD_END and moments.period_end is None:
        return None, ("Срок считают от последнего дня периода, а он не задан.",)
    if limit.since == LESSONS_END and moments.lessons_end is None and limit.unit in (MINUTES, HOURS):
        # Nobody can be late by a bell that is not known: the day itself is the limit.
        on = moments.lesson.date()
        return end_of_day(on, _zone(moments)), (f"конец уроков {short_date(on)} неизвестен: до конца дня",)
    day, begins = _beginning(limit, moments=moments)
    found, note = _counted(limit, day=day, begins=begins, moments=moments, policy=policy)
    if found is None:
        return None, (note,)
    since = _since_words(limit, day=day, begins=begins, policy=policy)
    return found, (f"{since} → {_moment_words(found)}", *([note] if note else []))


def _beginning(limit: Limit, *, moments: Moments) -> tuple[date, datetime]:
    """Return the day a limit is counted from and the moment in it; a day without an hour counts from its end."""
    lesson, zone = moments.lesson, _zone(moments)
    if limit.since == PERIOD_END and moments.period_end is not None:
        return moments.period_end, end_of_day(moments.period_end, zone)
    if limit.since == LESSONS_END and moments.lessons_end is not None:
        ended = moments.lessons_end.astimezone(zone)
        return ended.date(), ended
    if limit.since == WORK_SET and moments.worked_on not in (None, lesson.date()):
        return moments.worked_on, end_of_day(moments.worked_on, zone)
    return lesson.date(), lesson


def _counted(
    limit: Limit, *, day: date, begins: datetime, moments: Moments, policy: Policy
) -> tuple[datetime | None, str]:
    """Return the end and a word about what was unusual; without an end the word is the reason."""
    zone = _zone(moments)
    if not limit.amount and limit.unit in (DAYS, WORKING_DAYS, LESSONS):
        return end_of_day(day, zone), ""
    if limit.unit in (MINUTES, HOURS):
        span = timedelta(minutes=limit.amount) if limit.unit == MINUTES else timedelta(hours=limit.amount)
        return _on_the_clock(begins + span), ""
    if limit.unit == WORKING_DAYS:
        return end_of_day(_working_day(day, limit.amount, moments=moments), zone), ""
    if limit.unit == LESSONS:
        return _following_lesson(limit.amount, day=day, moments=moments)
    last = day + timedelta(days=limit.amount)
    moved = last
    if policy.shift_from_days_off and limit.since != PERIOD_END and not has_lessons(last, moments=moments):
        # A limit before the end of a period is never moved past it.
        moved = _working_day(last, 1, moments=moments)
    note = f"{short_date(last)} – нерабочий день: срок перенесён на {short_date(moved)}" if moved != last else ""
    if policy.days_end_at_midnight:
        return end_of_day(moved, zone), note
    return _on_the_clock(begins + (moved - day)), note


def has_lessons(day: date, *, moments: Moments) -> bool:
    """Say whether a day is one of lessons: by the calendar inside its year, else by the days of the week."""
    calendar = moments.calendar
    if calendar is None:
        return day.isoweekday() in (moments.weekdays or FIVE_DAY_WEEK)
    if not calendar.starts_on <= day <= calendar.ends_on:
        # A limit that outlives the year must end some day: the week of the school goes on.
        return day.isoweekday() in (calendar.weekdays or FIVE_DAY_WEEK)
    if not moments.grade:
        return calendar.timetable_weekday(day) is not None
    return calendar.is_school_day(day, grade=moments.grade)


def _working_day(day: date, amount: int, *, moments: Moments) -> date:
    step = _ONE_DAY if amount > 0 else -_ONE_DAY
    left = abs(amount)
    while left:
        day += step
        left -= has_lessons(day, moments=moments)
    return day


def _following_lesson(amount: int, *, day: date, moments: Moments) -> tuple[datetime | None, str]:
    following = sorted({one for one in moments.following_lessons if one > day})
    zone = _zone(moments)
    if len(following) >= amount:
        return end_of_day(following[amount - 1], zone), ""
    known = counted(len(following), "урок", "урока", "уроков")
    if moments.period_end is not None and moments.period_end >= day:
        return end_of_day(moments.period_end, zone), f"впереди только {known}: до конца последнего дня периода"
    return None, f"Срок считают по урокам, а в расписании впереди только {known}."


def _on_the_clock(moment: datetime) -> datetime:
    """Return a moment that exists: an hour left out when clocks go forward becomes the one after it."""
    return moment.astimezone(UTC).astimezone(moment.tzinfo)


def _zone(moments: Moments) -> tzinfo:
    zone = moments.lesson.tzinfo
    if zone is None:
        raise ValueError(moments.lesson)
    return zone


def _since_words(limit: Limit, *, day: date, begins: datetime, policy: Policy) -> str:
    if limit.since == PERIOD_END:
        return f"от последнего дня периода {short_date(day)}"
    by_clock = limit.unit in (MINUTES, HOURS) or (limit.unit == DAYS and not is_by_day(limit, policy=policy))
    what = {LESSONS_END: "конца уроков", WORK_SET: "работы"}.get(limit.since, "урока")
    if by_clock and not (limit.since == WORK_SET and begins.time() == _LAST_SECOND):
        return f"от {what} {begins:%d.%m.%Y %H:%M}"
    return f"со дня {what} {short_date(day)}"


def _moment_words(moment: datetime) -> str:
    return f"{moment:%d.%m.%Y %H:%M:%S}"
