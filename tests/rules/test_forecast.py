"""Forecasts and their method; which marks would lead to a wanted one."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations_with_replacement
from typing import Any

import pytest

from letopis.rules.forecast import TREND_MARKS, forecast_term, forecast_year
from letopis.rules.policy import DEFAULT_POLICY, FIVE_POINT, UNGRADED, Bar, Policy, Threshold, variables
from letopis.rules.term_marks import CountedMark, propose_term_mark
from letopis.rules.what_if import MOST_WORKS, Way, ways_to, year_ways

from . import tables

Row = dict[str, Any]
NAMED = {name: name for name in variables()}
KINDS = {kind.code: kind for kind in DEFAULT_POLICY.work_kinds}


def claim(row: Row) -> str:
    return str(row["claim"])


def policy_of(said: Row) -> Policy:
    return replace(
        DEFAULT_POLICY,
        bars=tuple(Bar(*bar) for bar in said.get("bars", ())),
        favour_pupil_by=Fraction(said.get("favour", 0)),
        marks_below_norm=said.get("below", "WARN"),
        clauses=NAMED,
    )


def plain(way: Way) -> list[list[Any]]:
    return [[step.value, step.kind.code, step.how_many] for step in way.steps]


@pytest.mark.parametrize("row", tables.rows("forecast", "way"), ids=claim)
def test_which_marks_lead_to_a_wanted_one(row: Row) -> None:
    marks = [CountedMark(value, "УО", weight, *second) for value, weight, *second in row["marks"]]

    found = ways_to(
        row["wanted"],
        marks=marks,
        kinds=[KINDS[code] for code in row.get("kinds", ())],
        weekly_hours=3,
        policy=policy_of(row.get("policy", {})),
        scale=FIVE_POINT,
    )

    assert [plain(way) for way in found.ways] == row.get("ways", [])
    assert found.clause == "term_thresholds"
    assert bool(found.why_not) is not (found.is_reached or bool(found.ways))
    if "words" in row:
        assert found.words() == row["words"]


@pytest.mark.parametrize("row", tables.rows("forecast", "year"), ids=claim)
def test_which_term_marks_lead_to_a_year_mark(row: Row) -> None:
    terms = [term or None for term in row["terms"]]

    found = year_ways(row["wanted"], terms=terms, policy=DEFAULT_POLICY, scale=FIVE_POINT)

    assert [list(way) for way in found.ways] == row.get("ways", [])
    assert found.words() == row["words"]


STRICT = replace(
    DEFAULT_POLICY,
    term_thresholds=(
        Threshold("5", Fraction("4.65")),
        Threshold("4", Fraction("3.65")),
        Threshold("3", Fraction("2.65")),
        Threshold("2", Fraction(0)),
    ),
)
BARRED = replace(DEFAULT_POLICY, bars=(Bar("5", "2"), Bar("4", "2", 3)), favour_pupil_by=Fraction(1, 20))


@pytest.mark.parametrize("policy", [DEFAULT_POLICY, STRICT, BARRED], ids=["default", "strict", "barred"])
@pytest.mark.parametrize("wanted", ["5", "4", "3"])
def test_every_way_leads_there_and_none_has_a_work_too_many(policy: Policy, wanted: str) -> None:
    kinds = [KINDS[code] for code in ("КР", "СР", "УО")]

    def value(marks: list[CountedMark]) -> str:
        return str(propose_term_mark(marks, weekly_hours=0, policy=policy, scale=FIVE_POINT).value)

    asked = 0
    for signs in combinations_with_replacement("5432", 4):
        marks = [CountedMark(sign, "УО", weight) for sign, weight in zip(signs, (1, 3, 2, 1), strict=True)]
        found = ways_to(wanted, marks=marks, kinds=kinds, weekly_hours=0, policy=policy, scale=FIVE_POINT)
        assert found.is_reached is (value(marks) >= wanted)
        for way in found.ways:
            added = [CountedMark(step.value, "", step.kind.weight) for step in way.steps for _n in range(step.how_many)]
            assert value(marks + added) == way.value >= wanted
            assert len(added) == way.works <= MOST_WORKS
            for place in range(len(added)):
                assert value(marks + added[:place] + added[place + 1 :]) < wanted
                asked += 1
    assert asked > 30


def test_ways_refuse_a_mark_outside_the_scale() -> None:
    with pytest.raises(ValueError, match="1"):
        ways_to("1", marks=[], kinds=[], weekly_hours=1, policy=DEFAULT_POLICY, scale=FIVE_POINT)
    with pytest.raises(ValueError, match="6"):
        year_ways("6", terms=[None], policy=DEFAULT_POLICY, scale=FIVE_POINT)


MARKS = [CountedMark(sign, "УО", 1) for sign in "33344555"]


def test_a_forecast_is_the_term_mark_as_things_stand() -> None:
    found = forecast_term(MARKS, weekly_hours=3, policy=DEFAULT_POLICY, scale=FIVE_POINT)

    assert (found.value, found.mean, found.still_needed) == ("4", Fraction(4), 0)
    assert found.method == "средневзвешенное отметок на сегодня по правилу отметки за период"
    assert (
        found.explanation
        == propose_term_mark(MARKS, weekly_hours=3, policy=DEFAULT_POLICY, scale=FIVE_POINT).explanation()
    )


def test_a_trend_weighs_the_last_marks_twice() -> None:
    trend = replace(DEFAULT_POLICY, forecast_method="TREND", clauses={"forecast_method": "Положение, п. 5"})

    found = forecast_term(MARKS, weekly_hours=3, policy=trend, scale=FIVE_POINT)

    assert TREND_MARKS == 3
    assert found.mean == Fraction(3 * 3 + 4 * 2 + 5 * 3 * 2, 3 + 2 + 3 * 2)
    assert (found.method, found.clause) == (
        "средневзвешенное отметок на сегодня, последние 3 весят вдвое", "Положение, п. 5"
    )  # fmt: skip
    assert found.explanation.startswith("(5·2×3 + 4·1×2 + 3·1×3) : 11 ≈ 4,27 (точно 47/11)")


def test_a_forecast_stands_though_marks_are_too_few() -> None:
    firm = replace(DEFAULT_POLICY, marks_below_norm="NOT_ATTESTED")

    found = forecast_term(MARKS[:2], weekly_hours=3, policy=firm, scale=FIVE_POINT)

    assert (found.value, found.still_needed) == ("3", 3)


def test_there_is_no_forecast_without_marks_or_scale() -> None:
    assert forecast_term([], weekly_hours=3, policy=DEFAULT_POLICY, scale=FIVE_POINT).value is None
    assert forecast_term([], weekly_hours=3, policy=DEFAULT_POLICY, scale=UNGRADED).value is None


@pytest.mark.parametrize(
    ("terms", "current", "value"),
    [
        (["4", None, None, None], "5", "5"),
        (["4", None, None, None], None, "4"),
        (["4", "4", "4", "5"], "5", "4"),
        ([None, None], "3", "3"),
        ([None, None], None, None),
    ],
)
def test_a_forecast_of_the_year_takes_that_of_the_term(
    terms: list[str | None], current: str | None, value: str | None
) -> None:
    assert forecast_year(terms, current=current, policy=DEFAULT_POLICY, scale=FIVE_POINT).value == value
