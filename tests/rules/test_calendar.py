"""Which days have lessons."""

from dataclasses import replace
from datetime import date

import pytest

from letopis.rules.calendar import SIX_DAY_WEEK, Period, SchoolCalendar, WorkingDay

LOWER = frozenset(range(1, 10))
UPPER = frozenset({10, 11})
ALL = LOWER | UPPER

# The dates of School 17.
CALENDAR = SchoolCalendar(
    starts_on=date(2026, 9, 1),
    ends_on=date(2027, 8, 31),
    terms=(
        Period("1 четверть", LOWER, date(2026, 9, 1), date(2026, 10, 23)),
        Period("2 четверть", LOWER, date(2026, 11, 2), date(2026, 12, 29)),
        Period("3 четверть", LOWER, date(2027, 1, 11), date(2027, 3, 19)),
        Period("4 четверть", LOWER, date(2027, 3, 29), date(2027, 5, 26)),
        Period("1 полугодие", UPPER, date(2026, 9, 1), date(2026, 12, 29)),
        Period("2 полугодие", UPPER, date(2027, 1, 11), date(2027, 5, 26)),
    ),
    breaks=(
        Period("Осенние", ALL, date(2026, 10, 24), date(2026, 11, 1)),
        Period("Зимние", ALL, date(2026, 12, 30), date(2027, 1, 10)),
        Period("Дополнительные", frozenset({1}), date(2027, 2, 15), date(2027, 2, 21)),
        Period("Весенние", ALL, date(2027, 3, 20), date(2027, 3, 28)),
        Period("Летние", ALL, date(2027, 5, 27), date(2027, 8, 31)),
    ),
    days_off=frozenset({date(2026, 11, 4), date(2027, 2, 22), date(2027, 2, 23)}),
    working_days=(WorkingDay(date(2027, 2, 20), as_weekday=1),),
)


@pytest.mark.parametrize(
    ("day", "grade", "expected"),
    [
        (date(2026, 8, 31), 7, False),
        (date(2026, 9, 1), 7, True),
        (date(2026, 9, 5), 7, False),  # a Saturday
        (date(2026, 10, 23), 7, True),
        (date(2026, 10, 26), 7, False),  # autumn break
        (date(2026, 10, 26), 10, False),  # it lies inside the half-year
        (date(2026, 11, 2), 7, True),
        (date(2026, 11, 4), 7, False),  # a day off
        (date(2027, 2, 15), 1, False),  # additional vacation
        (date(2027, 2, 15), 2, True),
        (date(2027, 2, 20), 7, True),  # a working Saturday
        (date(2027, 2, 20), 1, False),  # it does not break the vacation of grade 1
        (date(2027, 5, 26), 11, True),
        (date(2027, 5, 27), 11, False),
        (date(2027, 9, 1), 7, False),
    ],
)
def test_knows_school_days(day: date, grade: int, expected: bool) -> None:
    assert CALENDAR.is_school_day(day, grade=grade) is expected


def test_a_six_day_week_has_saturdays() -> None:
    assert replace(CALENDAR, weekdays=SIX_DAY_WEEK).is_school_day(date(2026, 9, 5), grade=7)


def test_a_working_saturday_follows_the_timetable_it_names() -> None:
    assert CALENDAR.timetable_weekday(date(2027, 2, 20)) == 1
    assert CALENDAR.timetable_weekday(date(2027, 2, 19)) == 5
    assert CALENDAR.timetable_weekday(date(2027, 2, 22)) is None


def test_lists_school_days_within_the_year() -> None:
    days = CALENDAR.school_days(grade=7, first=date(2026, 8, 1), last=date(2026, 9, 7))

    assert days == [date(2026, 9, day) for day in (1, 2, 3, 4, 7)]
    assert CALENDAR.school_days(grade=7, first=date(2026, 9, 2), last=date(2026, 9, 1)) == []


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 8, 1), date(2026, 9, 1)),
        (date(2026, 9, 1), date(2026, 9, 2)),
        (date(2026, 9, 4), date(2026, 9, 7)),
        (date(2026, 12, 31), date(2027, 1, 11)),
        (date(2027, 5, 26), None),
    ],
)
def test_finds_the_next_school_day(day: date, expected: date | None) -> None:
    assert CALENDAR.next_school_day(day, grade=7) == expected


def test_finds_the_term_of_a_grade() -> None:
    def title(day: date, grade: int) -> str:
        term = CALENDAR.term_of(day, grade=grade)
        return term.title if term else ""

    assert title(date(2026, 11, 16), 7) == "2 четверть"
    assert title(date(2026, 11, 16), 11) == "1 полугодие"
    assert title(date(2026, 10, 28), 7) == ""
    assert title(date(2026, 10, 28), 11) == "1 полугодие"


def test_the_year_of_school_17_has_no_problems() -> None:
    assert CALENDAR.problems() == []


def test_names_every_problem_of_the_dates() -> None:
    calendar = SchoolCalendar(
        starts_on=date(2026, 9, 1),
        ends_on=date(2027, 8, 31),
        terms=(
            Period("1 четверть", LOWER, date(2026, 8, 30), date(2026, 10, 25)),
            Period("2 четверть", frozenset({8, 9, 10}), date(2026, 10, 25), date(2026, 12, 29)),
            Period("1 полугодие", UPPER, date(2026, 12, 29), date(2026, 9, 1)),
        ),
        breaks=(Period("Летние", ALL, date(2027, 5, 27), date(2027, 9, 1)),),
    )

    assert [(problem.code, problem.sentence) for problem in calendar.problems()] == [
        ("OUTSIDE_YEAR", "«1 четверть» (30.08.2026–25.10.2026) выходит за учебный год 01.09.2026–31.08.2027."),
        ("PERIOD_BACKWARDS", "«1 полугодие» кончается раньше, чем начинается: 29.12.2026–01.09.2026."),
        ("OUTSIDE_YEAR", "«Летние» (27.05.2027–01.09.2027) выходит за учебный год 01.09.2026–31.08.2027."),
        ("TERMS_OVERLAP", "«1 четверть» и «2 четверть» пересекаются: 25.10.2026–25.10.2026, классы 8, 9."),
    ]


def test_a_year_that_runs_backwards_is_one_problem() -> None:
    calendar = replace(CALENDAR, ends_on=date(2026, 8, 31))

    assert [problem.code for problem in calendar.problems()] == ["YEAR_BACKWARDS"]


def test_terms_overlap_in_whatever_order_they_are_listed() -> None:
    first = Period("1 четверть", LOWER, date(2026, 9, 1), date(2026, 10, 25))
    second = Period("2 четверть", LOWER, date(2026, 10, 25), date(2026, 12, 29))
    third = Period("3 четверть", LOWER, date(2026, 12, 30), date(2027, 3, 19))

    for terms in ((first, second, third), (third, second, first)):
        (problem,) = replace(CALENDAR, terms=terms).problems()
        assert set(problem.titles) == {"1 четверть", "2 четверть"}
