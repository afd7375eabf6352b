"""What decides a term mark beside its thresholds: rounding, favour, bars, the norm of accumulation."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from letopis.rules.policy import DEFAULT_POLICY, FIVE_POINT, Bar, MarksNorm, Policy, variables
from letopis.rules.term_marks import CountedMark, minimum_marks, propose_term_mark, weighted_mean
from letopis.rules.thresholds import as_compared, judge_mean
from letopis.rules.year_marks import propose_year_mark

from . import tables

Row = dict[str, Any]
NAMED = {name: name for name in variables()}


def claim(row: Row) -> str:
    return str(row["claim"])


def policy_of(row: Row) -> Policy:
    return replace(
        DEFAULT_POLICY,
        mean_places=row.get("places"),
        favour_pupil_by=Fraction(row.get("favour", 0)),
        bars=tuple(Bar(*bar) for bar in row.get("bars", ())),
        marks_below_norm=row.get("rule", "WARN"),
        clauses=NAMED,
    )


def marks_of(row: Row) -> list[CountedMark]:
    return [CountedMark(value, "УО", weight, *second) for value, weight, *second in row["marks"]]


@pytest.mark.parametrize("row", tables.rows("marks", "decided"), ids=claim)
def test_a_school_decides_beside_its_thresholds(row: Row) -> None:
    proposal = propose_term_mark(marks_of(row), weekly_hours=0, policy=policy_of(row), scale=FIVE_POINT)

    assert (proposal.value, proposal.by_mean) == (row["value"], row["value"])
    assert list(proposal.decided) == row.get("decided", [])
    assert [bar.value for bar in proposal.barred] == row.get("barred", [])
    assert (proposal.favoured.value if proposal.favoured else None) == row.get("favoured")
    assert proposal.explanation().endswith("; ".join(["term_thresholds", *proposal.decided]))


@pytest.mark.parametrize("row", tables.rows("marks", "below"), ids=claim)
def test_fewer_marks_than_the_norm(row: Row) -> None:
    proposal = propose_term_mark(marks_of(row), weekly_hours=1, policy=policy_of(row), scale=FIVE_POINT)

    assert proposal.value == row.get("value")
    assert proposal.explanation().endswith(row["tail"])
    assert proposal.by_mean == ("5" if row["marks"] else None)
    assert (proposal.below_norm == row["rule"]) is not proposal.enough_marks


NORMS = (
    MarksNorm(3, period="QUARTER", up_to_hours=Fraction(1)),
    MarksNorm(6, period="QUARTER", up_to_hours=Fraction(2)),
    MarksNorm(9, period="QUARTER"),
    MarksNorm(5, period="HALF_YEAR"),
    MarksNorm(4),
)


@pytest.mark.parametrize(
    ("hours", "period", "marks"),
    [
        (Fraction(1, 2), "QUARTER", 3), (1, "QUARTER", 3), (Fraction(3, 2), "QUARTER", 6), (2, "QUARTER", 6),
        (3, "QUARTER", 9), (1, "HALF_YEAR", 5), (6, "HALF_YEAR", 5), (1, "TRIMESTER", 4), (1, "", 4), (0, "QUARTER", 0),
    ],
)  # fmt: skip
def test_the_norm_depends_on_hours_and_kind_of_term(hours: Fraction | int, period: str, marks: int) -> None:
    policy = replace(DEFAULT_POLICY, minimum_marks=NORMS)

    assert minimum_marks(weekly_hours=hours, policy=policy, period=period) == marks
    proposal = propose_term_mark([], weekly_hours=hours, policy=policy, scale=FIVE_POINT, period=period)
    assert proposal.minimum_marks == marks


def test_a_year_mark_is_rounded_and_favoured_too() -> None:
    rounded = replace(DEFAULT_POLICY, mean_places=0, clauses=NAMED)
    favoured = replace(DEFAULT_POLICY, favour_pupil_by=Fraction(1, 4), clauses=NAMED)
    terms = ["4", "4", "5", "4"]

    assert propose_year_mark(terms, policy=DEFAULT_POLICY, scale=FIVE_POINT).value == "4"
    assert propose_year_mark(terms, policy=rounded, scale=FIVE_POINT).value == "4"
    year = propose_year_mark(terms, policy=favoured, scale=FIVE_POINT)
    assert (year.value, year.explanation) == (
        "5",
        "(4 + 4 + 5 + 4) : 4 = 4,25; порог пятёрки 4,5 — year_thresholds; решено в пользу обучающегося: до порога "
        "пятёрки не хватило 0,25, а уступка 0,25 (favour_pupil_by)",
    )


# Properties, by exhaustive tables.


def brute_mean(marks: list[CountedMark]) -> Fraction:
    """Return the mean of every mark written out as many times as it weighs."""
    points = [
        (int(mark.value) + int(mark.second or mark.value)) * Fraction(1, 2)
        for mark in marks
        for _time in range(mark.weight)
    ]
    return sum(points, Fraction(0)) / len(points)


def test_a_mean_is_that_of_marks_written_out_by_weight() -> None:
    every = [
        CountedMark(sign, "УО", weight, second)
        for sign, weight, second in product("5432", (1, 2, 3, 9), ("", "5", "4", "2"))
    ]

    for pair in product(every, repeat=2):
        marks = [*pair, CountedMark("3", "УО", 5)]
        assert weighted_mean(marks, scale=FIVE_POINT) == brute_mean(marks)


def test_a_weight_scaled_for_all_changes_nothing() -> None:
    for signs in product("5432", repeat=3):
        marks = [CountedMark(sign, "УО", weight) for sign, weight in zip(signs, (1, 2, 3), strict=True)]
        heavier = [CountedMark(mark.value, "УО", mark.weight * 7) for mark in marks]

        assert weighted_mean(marks, scale=FIVE_POINT) == weighted_mean(heavier, scale=FIVE_POINT)


@pytest.mark.parametrize("places", [None, 0, 1, 2, 3])
@pytest.mark.parametrize("favour", [Fraction(0), Fraction(1, 20), Fraction(2, 5)])
def test_a_better_mean_never_gives_a_worse_mark(places: int | None, favour: Fraction) -> None:
    policy = replace(DEFAULT_POLICY, mean_places=places, favour_pupil_by=favour)
    means = sorted({Fraction(top, bottom) for bottom in range(1, 25) for top in range(2 * bottom, 5 * bottom + 1)})

    values = [judge_mean(mean, thresholds=policy.term_thresholds, policy=policy).value for mean in means]

    assert all(value is not None for value in values)
    assert values == sorted(values, key=str)
    assert set(values) == {"2", "3", "4", "5"}


def test_rounding_is_half_up_and_never_further_than_half_a_place() -> None:
    for bottom in range(1, 60):
        for top in range(2 * bottom, 5 * bottom + 1):
            mean = Fraction(top, bottom)
            for places in range(4):
                rounded = as_compared(mean, places=places)
                assert rounded is not None
                assert (rounded * 10**places).denominator == 1
                assert -Fraction(1, 2) <= (mean - rounded) * 10**places < Fraction(1, 2)


def test_a_bar_never_gives_a_better_mark() -> None:
    barred = replace(DEFAULT_POLICY, bars=(Bar("5", "2"), Bar("4", "2", 2), Bar("5", "3", 3)))
    for signs in product("5432", repeat=5):
        marks = [CountedMark(sign, "УО", 1) for sign in signs]
        plain, judged = (
            propose_term_mark(marks, weekly_hours=1, policy=policy, scale=FIVE_POINT).value
            for policy in (DEFAULT_POLICY, barred)
        )
        assert str(judged) <= str(plain)
        assert not (judged == "5" and "2" in signs)
