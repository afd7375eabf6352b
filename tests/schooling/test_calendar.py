"""The calendar of a year: what is proposed, what a person decides."""

from datetime import date

import pytest

from letopis.core.errors import Refused
from letopis.ledger.models import Entry
from letopis.schooling.actions import calendar
from letopis.schooling.models import CalendarDay
from letopis.schooling.queries import calendar_of, current_year
from tests import factories as make
from tests.cast import TODAY, Cast

DAY = date(2026, 11, 20)


def told(cast: Cast) -> dict:
    return {"by": cast.actor("deputy").author, "at": make.moment(TODAY)}


def test_proposes_the_official_days_of_a_five_day_week(cast):
    proposed = {day.on: (day.kind, day.title) for day in calendar.proposed_days(cast.year)}

    assert proposed[date(2026, 11, 4)] == ("OFF", "День народного единства")
    assert proposed[date(2027, 2, 22)] == ("OFF", "Выходной (перенесено с 20.02.2027)")
    assert date(2027, 5, 9) not in proposed
    assert {kind for kind, _title in proposed.values()} == {"OFF"}
    assert all(cast.year.starts_on <= day <= cast.year.ends_on for day in proposed)


def test_proposes_working_saturdays_where_the_school_works_on_saturdays(cast):
    cast.organisation.week_days = 6
    cast.organisation.save()
    cast.year.refresh_from_db()

    proposed = {day.on: (day.kind, day.title) for day in calendar.proposed_days(cast.year)}

    assert proposed[date(2027, 2, 20)] == ("WORKING", "Рабочая суббота (выходной перенесён)")
    assert proposed[date(2027, 5, 1)] == ("OFF", "Праздник Весны и Труда")


def test_takes_the_proposed_days_once_with_their_source(cast):
    rows = calendar.propose_days_off(cast.year, **told(cast))
    again = calendar.propose_days_off(cast.year, **told(cast))

    assert again == []
    assert CalendarDay.objects.count() == len(rows) == Entry.objects.filter(verb="schooling.propose_day").count()
    assert CalendarDay.objects.get(on=date(2026, 11, 4)).source.startswith("производственный календарь РФ (holidays ")


def test_never_overwrites_what_a_person_decided(cast):
    calendar.set_working_day(cast.year, on=date(2026, 11, 4), title="Рабочий день", source="Приказ № 3", **told(cast))

    calendar.propose_days_off(cast.year, **told(cast))

    assert CalendarDay.objects.get(on=date(2026, 11, 4)).kind == "WORKING"


def test_a_day_is_set_once_and_taken_back_once(cast):
    for _ in range(2):
        calendar.set_day_off(cast.year, on=DAY, title="Карантин", source="Приказ № 4", **told(cast))
    assert calendar_of(cast.year).days_off == {DAY}

    assert [calendar.clear_day(cast.year, on=DAY, **told(cast)) for _ in range(2)] == [True, False]

    assert calendar_of(cast.year).days_off == frozenset()
    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "schooling.set_day_off",
        "schooling.clear_day",
    ]


@pytest.mark.parametrize(
    ("state", "on", "code"), [("CLOSED", DAY, "YEAR_CLOSED"), ("OPEN", date(2027, 9, 1), "OUTSIDE_YEAR")]
)
def test_refuses_a_day_of_a_closed_year_or_of_none(cast, state, on, code):
    cast.year.state = state
    cast.year.save()

    with pytest.raises(Refused) as caught:
        calendar.set_day_off(cast.year, on=on, title="Карантин", **told(cast))

    assert caught.value.verdict.code == code


def test_the_calendar_is_one_value(cast):
    whole = calendar_of(cast.year)

    assert whole.is_school_day(TODAY, grade=8)
    assert not whole.is_school_day(date(2026, 10, 26), grade=8)
    assert [whole.term_of(TODAY, grade=grade).title for grade in (8, 10)] == ["2 четверть", "1 полугодие"]
    assert whole.problems() == []


@pytest.mark.parametrize(
    ("day", "first"),
    [(date(2026, 7, 1), 2026), (date(2026, 9, 1), 2026), (date(2027, 8, 31), 2026), (date(2028, 1, 1), 2027)],
)
def test_the_current_year_is_that_of_the_day_or_the_nearest(cast, day, first):
    make.make_year(cast.organisation, 2027)

    assert current_year(cast.organisation, day).starts_on.year == first
