"""Proposed marks are exact, and say how they were found."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from letopis.rules.decimals import format_exact, format_mean, is_rounded
from letopis.rules.policy import DEFAULT_POLICY, FIVE_POINT, UNGRADED, Threshold
from letopis.rules.term_marks import CountedMark, Proposal, minimum_marks, propose_term_mark, weighted_mean
from letopis.rules.year_marks import NoMarks, propose_year_mark, year_mark

from . import tables

Row = dict[str, Any]

STRICT_POLICY = replace(
    DEFAULT_POLICY,
    term_thresholds=(
        Threshold("5", Fraction("4.65")),
        Threshold("4", Fraction("3.65")),
        Threshold("3", Fraction("2.65")),
        Threshold("2", Fraction(0)),
    ),
    clauses={"term_thresholds": "Положение, п. 3.2"},
)


def claim(row: Row) -> str:
    return str(row["claim"])


def fraction(row: Row) -> Fraction | None:
    return Fraction(row["mean"]) if "mean" in row else None


def propose(marks: list[CountedMark], **changes: Any) -> Proposal:
    given: dict[str, Any] = {"weekly_hours": 1, "policy": DEFAULT_POLICY, "scale": FIVE_POINT} | changes
    return propose_term_mark(marks, **given)


@pytest.mark.parametrize("row", tables.rows("marks", "term"), ids=claim)
def test_proposes_a_term_mark(row: Row) -> None:
    marks = [CountedMark(value, "УО", weight, *second) for value, weight, *second in row["marks"]]

    proposal = propose(marks)

    assert (proposal.value, proposal.mean) == (row.get("value"), fraction(row))
    if "explanation" in row:
        assert proposal.explanation() == row["explanation"]


@pytest.mark.parametrize("row", tables.rows("marks", "strict")[:2], ids=claim)
def test_compares_exactly_what_it_shows_rounded(row: Row) -> None:
    marks = [CountedMark("5", "УО", 1)] * row["fives"] + [CountedMark("4", "УО", 1)] * row["fours"]

    proposal = propose(marks, policy=STRICT_POLICY)

    assert (proposal.value, proposal.mean) == (row["value"], fraction(row))
    assert proposal.explanation() == row["explanation"]


def test_never_computes_with_floats() -> None:
    # The exact mean is 4.6499999999999995: a float of it rounds to 4.65 at fifteen digits.
    row = tables.rows("marks", "strict")[2]
    marks = [CountedMark("5", "УО", row["fives"]), CountedMark("4", "УО", row["fours"])]

    proposal = propose(marks, policy=STRICT_POLICY)

    assert (proposal.value, proposal.mean) == (row["value"], fraction(row))


def test_a_proposal_carries_everything_that_led_to_it() -> None:
    marks = [CountedMark("5", "УО", 1), CountedMark("4", "КР", 3), CountedMark("5", "УО", 1)]

    proposal = propose(marks, weekly_hours=3)

    assert proposal.total_points == 22
    assert proposal.total_weight == 5
    assert [(part.points, part.weight, part.how_many) for part in proposal.parts] == [
        (Fraction(5), 1, 2),
        (Fraction(4), 3, 1),
    ]
    assert proposal.threshold == Fraction(7, 2)
    assert proposal.next_better == Threshold("5", Fraction(9, 2))
    assert (proposal.marks_counted, proposal.minimum_marks, proposal.enough_marks) == (3, 5, False)


def test_the_order_of_marks_does_not_matter() -> None:
    marks = [CountedMark("5", "УО", 1), CountedMark("4", "КР", 3), CountedMark("2", "Т", 2)]

    assert propose(marks) == propose(marks[::-1])


@pytest.mark.parametrize(
    ("weekly_hours", "needed"), [(Fraction(1, 2), 2), (1, 3), (Fraction(3, 2), 5), (2, 5), (5, 5), (0, 0)]
)
def test_asks_for_marks_by_weekly_hours(weekly_hours: Fraction | int, needed: int) -> None:
    assert minimum_marks(weekly_hours=weekly_hours, policy=DEFAULT_POLICY) == needed


def test_refuses_a_mark_outside_the_scale() -> None:
    with pytest.raises(ValueError, match="1"):
        propose([CountedMark("1", "УО", 1)])


def test_an_ungraded_subject_has_no_proposal() -> None:
    proposal = propose([], scale=UNGRADED)

    assert proposal.value is None
    assert proposal.explanation() == "Безотметочное обучение: отметка не предлагается."


def test_no_marks_have_no_mean() -> None:
    assert weighted_mean([], scale=FIVE_POINT) is None


@pytest.mark.parametrize("row", tables.rows("marks", "year"), ids=claim)
def test_proposes_a_year_mark(row: Row) -> None:
    terms = [term or None for term in row["terms"]]

    proposal = propose_year_mark(terms, policy=DEFAULT_POLICY, scale=FIVE_POINT)

    assert (proposal.value, proposal.mean) == (row.get("value"), fraction(row))
    assert proposal.why_not == row.get("why_not", "")
    assert list(proposal.missing) == row.get("missing", [])
    if "explanation" in row:
        assert proposal.explanation == row["explanation"]


def test_an_ungraded_subject_is_ungraded_for_the_year() -> None:
    proposal = propose_year_mark([None, None], policy=DEFAULT_POLICY, scale=UNGRADED)

    assert proposal.value == "UNGRADED"


def test_a_year_mark_needs_marks() -> None:
    assert year_mark([4, 5, 4, 5], policy=DEFAULT_POLICY) == 5
    with pytest.raises(NoMarks):
        year_mark([], policy=DEFAULT_POLICY)


@pytest.mark.parametrize("row", tables.rows("marks", "format"), ids=lambda row: row["mean"])
def test_writes_a_mean_with_a_comma(row: Row) -> None:
    mean = Fraction(row["mean"])

    assert format_mean(mean) == row["shown"]
    assert format_exact(mean) == row["exact"]
    assert is_rounded(mean) is (Fraction(row["shown"].replace(",", ".")) != mean)
