"""Properties of deadlines, over every day of two school years, every unit and several zones."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, product
from zoneinfo import ZoneInfo

import pytest

from letopis.rules.calendar import FIVE_DAY_WEEK, SIX_DAY_WEEK, Period, SchoolCalendar, WorkingDay
from letopis.rules.deadlines import Due, Moments, due_of, mark_due, term_mark_due
from letopis.rules.policy import (
    DAYS,
    DEFAULT_POLICY,
    HOURS,
    LESSON,
    LESSONS,
    LESSONS_END,
    MINUTES,
    PERIOD_END,
    WORKING_DAYS,
    Limit,
    Policy,
)

ZONES = [ZoneInfo(name) for name in ("Europe/Moscow", "Europe/Kaliningrad", "Asia/Kamchatka", "Europe/Berlin")]
GRADES = frozenset({8})
YEAR = SchoolCalendar(
    starts_on=date(2027, 9, 1),
    ends_on=date(2028, 5, 31),
    terms=(
        Period("1 четверть", GRADES, date(2027, 9, 1), date(2027, 10, 24)),
        Period("2 четверть", GRADES, date(2027, 11, 1), date(2027, 12, 29)),
        Period("3 четверть", GRADES, date(2028, 1, 10), date(2028, 3, 24)),
        Period("4 четверть", GRADES, date(2028, 4, 3), date(2028, 5, 31)),
    ),
    breaks=(Period("дополнительные каникулы", GRADES, date(2028, 2, 14), date(2028, 2, 20)),),
    days_off=frozenset({date(2027, 11, 4), date(2028, 2, 23), date(2028, 3, 8), date(2028, 5, 1), date(2028, 5, 9)}),
    working_days=(WorkingDay(date(2028, 4, 29), as_weekday=1),),
)
SIX_DAYS = replace(YEAR, weekdays=SIX_DAY_WEEK)
POLICIES = [
    replace(DEFAULT_POLICY, days_end_at_midnight=midnight, shift_from_days_off=shift)
    for midnight, shift in product((True, False), repeat=2)
]
EVERY_DAY = [date(2027, 8, 25) + timedelta(days=offset) for offset in range(300)]
SOME_DAYS = EVERY_DAY[::3]


def lesson(on: date, zone: ZoneInfo, at: time = time(10, 20)) -> datetime:
    return datetime.combine(on, at, zone)


def limit_of(limit: Limit, moments: Moments, policy: Policy = DEFAULT_POLICY) -> datetime:
    due = due_of(limit, "п. 1", moments=moments, policy=policy)
    assert isinstance(due, Due)
    return due.limit


def before(one: datetime, other: datetime) -> bool:
    """Say whether a moment is earlier in truth, not by the clock on the wall."""
    return one.astimezone(UTC) < other.astimezone(UTC)


@pytest.mark.parametrize("policy", POLICIES, ids=["midnight", "midnight-shift", "24h", "24h-shift"])
@pytest.mark.parametrize("calendar", [None, YEAR, SIX_DAYS], ids=["week", "year", "six-days"])
def test_a_limit_never_ends_before_the_lesson(policy: Policy, calendar: SchoolCalendar | None) -> None:
    limits = [
        Limit(amount, unit, since)
        for amount in (0, 1, 7)
        for unit in (MINUTES, HOURS, DAYS, WORKING_DAYS)
        for since in (LESSON, LESSONS_END)
    ]
    for zone, on, limit in product(ZONES, SOME_DAYS, limits):
        begins = lesson(on, zone, time(23, 58))
        moments = Moments(begins, lessons_end=begins + timedelta(minutes=1), calendar=calendar, grade=8)

        assert not before(limit_of(limit, moments, policy), begins)


@pytest.mark.parametrize("policy", POLICIES, ids=["midnight", "midnight-shift", "24h", "24h-shift"])
@pytest.mark.parametrize("unit", [MINUTES, HOURS, DAYS, WORKING_DAYS])
def test_more_is_never_earlier(policy: Policy, unit: str) -> None:
    for zone, on in product(ZONES, SOME_DAYS):
        moments = Moments(lesson(on, zone), calendar=YEAR, grade=8)
        # From one on: no days at all is the end of the same day, whatever a day is elsewhere.
        ends = [limit_of(Limit(amount, unit), moments, policy) for amount in range(1, 9)]

        assert not any(before(later, earlier) for earlier, later in pairwise(ends))


@pytest.mark.parametrize("calendar", [None, YEAR, SIX_DAYS], ids=["week", "year", "six-days"])
def test_working_days_never_end_before_calendar_days(calendar: SchoolCalendar | None) -> None:
    for on, amount in product(EVERY_DAY, range(8)):
        moments = Moments(lesson(on, ZONES[0]), calendar=calendar, grade=8)

        assert limit_of(Limit(amount, WORKING_DAYS), moments) >= limit_of(Limit(amount, DAYS), moments)


def test_working_days_are_as_many_days_of_lessons() -> None:
    in_the_year = [day for day in EVERY_DAY if day >= YEAR.starts_on]
    for on, amount in product(in_the_year, range(1, 8)):
        end = limit_of(Limit(amount, WORKING_DAYS), Moments(lesson(on, ZONES[0]), calendar=YEAR, grade=8)).date()
        if end > YEAR.ends_on:
            continue

        days = YEAR.school_days(grade=8, first=on + timedelta(days=1), last=end)
        assert (len(days), days[-1]) == (amount, end)


def test_a_six_day_week_is_never_later_than_a_five_day_one() -> None:
    for on, amount in product(EVERY_DAY, range(8)):
        five, six = (
            limit_of(Limit(amount, WORKING_DAYS), Moments(lesson(on, ZONES[0]), weekdays=week))
            for week in (FIVE_DAY_WEEK, SIX_DAY_WEEK)
        )

        assert six <= five


def test_a_shift_is_never_earlier_and_ends_on_a_day_of_lessons() -> None:
    shifted = replace(DEFAULT_POLICY, shift_from_days_off=True)
    for on, amount in product(EVERY_DAY, range(1, 8)):
        moments = Moments(lesson(on, ZONES[0]), calendar=YEAR, grade=8)
        plain, moved = (limit_of(Limit(amount, DAYS), moments, policy) for policy in (DEFAULT_POLICY, shifted))

        assert moved >= plain
        if YEAR.starts_on <= moved.date() <= YEAR.ends_on:
            assert YEAR.is_school_day(moved.date(), grade=8)


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_days_end_at_the_last_second_by_the_clock_of_the_school(zone: ZoneInfo) -> None:
    for on, amount, at in product(EVERY_DAY, (0, 1, 10), (time(0), time(10, 20), time(23, 59, 59))):
        end = limit_of(Limit(amount, DAYS), Moments(lesson(on, zone, at)))

        assert (end.date(), end.time(), end.tzinfo) == (on + timedelta(days=amount), time(23, 59, 59), zone)


@pytest.mark.parametrize("unit", [MINUTES, HOURS])
def test_a_limit_by_the_clock_is_a_moment_that_exists(unit: str) -> None:
    for zone, on, hour in product(ZONES, EVERY_DAY, (1, 2, 3)):
        end = limit_of(Limit(24 if unit == HOURS else 24 * 60, unit), Moments(lesson(on, zone, time(hour, 30))))

        assert end == end.astimezone(UTC).astimezone(zone)
        # The same hour by the clock on the wall, or the one after it where that hour is left out.
        assert (end.hour - hour, end.minute) in ((0, 30), (1, 30))


def test_lessons_are_counted_one_by_one() -> None:
    following = [day for day in EVERY_DAY if day.isoweekday() in (2, 4)]
    for on, amount in product(EVERY_DAY[:200], range(1, 6)):
        end = limit_of(Limit(amount, LESSONS), Moments(lesson(on, ZONES[0]), following_lessons=following))

        assert sum(on < day <= end.date() for day in following) == amount


@pytest.mark.parametrize("early", [0, -3, -7])
def test_the_effective_deadline_is_never_after_the_limit_nor_before_the_lesson(early: int) -> None:
    policy = replace(DEFAULT_POLICY, term_mark_limit=Limit(early, DAYS, PERIOD_END))
    for term, kind, grade in product(YEAR.terms, ("УО", "КР", "КР-ВШК", "П"), (8, 10)):
        term_due = term_mark_due(term.ends_on, zone=ZONES[0], policy=policy)
        assert isinstance(term_due, Due)
        for offset in range((term.ends_on - term.starts_on).days + 1):
            moments = Moments(lesson(term.starts_on + timedelta(days=offset), ZONES[0]), period_end=term.ends_on)

            due = mark_due(kind, grade=grade, subject="Алгебра", moments=moments, policy=policy)

            assert isinstance(due, Due)
            assert moments.lesson <= due.effective <= due.limit
            assert due.effective.date() <= term.ends_on
            if moments.lesson <= term_due.limit:
                assert due.effective == min(due.limit, term_due.limit)
