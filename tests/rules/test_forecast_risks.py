"""Whom a forecast calls to look at, and marks that are only supposed."""

from dataclasses import replace
from fractions import Fraction

import pytest

from letopis.rules.forecast import forecast_term, heading_for
from letopis.rules.forecast_risks import FEW, NEAR, TWO, risks_of
from letopis.rules.policy import DEFAULT_POLICY, FIVE_POINT, UNGRADED, Bar, MarksNorm, Policy
from letopis.rules.supposed import MOST_SUPPOSED, read_supposed
from letopis.rules.term_marks import CountedMark

TWO_MARKS = replace(DEFAULT_POLICY, minimum_marks=(MarksNorm(2),))
BARRED = replace(TWO_MARKS, bars=(Bar("5", "2"),))
TREND = replace(TWO_MARKS, forecast_method="TREND")


def works(text: str) -> list[CountedMark]:
    return [CountedMark(value, "УО", 1) for value in text]


@pytest.mark.parametrize(
    ("marks", "policy", "risks"),
    [
        ("", TWO_MARKS, [FEW]),
        ("5", TWO_MARKS, [FEW]),
        ("55", TWO_MARKS, []),
        ("44", TWO_MARKS, [NEAR]),
        ("4444444", TWO_MARKS, []),
        ("22", TWO_MARKS, [TWO, NEAR]),
        ("2" * 22, TWO_MARKS, [TWO]),
        ("2", TWO_MARKS, [TWO, FEW, NEAR]),
        # One five of a control work would be 4,5 by the mean, but a two bars the five.
        ("2555555", BARRED, []),
        ("444445", TREND, [NEAR]),
    ],
)
def test_risks(marks: str, policy: Policy, risks: list[str]):
    assert list(risks_of(works(marks), weekly_hours=3, policy=policy, scale=FIVE_POINT)) == risks


@pytest.mark.parametrize(
    ("marks", "elapsed", "few"),
    [("", 0, False), ("", Fraction(1, 5), True), ("", Fraction(19, 100), False), ("5", Fraction(1, 3), False),
     ("5", Fraction(2, 5), True), ("5555", 1, True), ("55555", 1, False)],
)  # fmt: skip
def test_marks_are_few_against_the_share_of_the_term_that_is_over(marks: str, elapsed: Fraction, few: bool):
    five = replace(DEFAULT_POLICY, minimum_marks=(MarksNorm(5),))

    risks = risks_of(works(marks), weekly_hours=3, policy=five, scale=FIVE_POINT, elapsed=elapsed)

    assert (FEW in risks) is few


def test_no_risk_without_marks_of_a_scale():
    assert risks_of((), weekly_hours=3, policy=TWO_MARKS, scale=UNGRADED) == ()


@pytest.mark.parametrize("policy", [TWO_MARKS, BARRED, TREND])
@pytest.mark.parametrize("marks", ["", "5", "2", "2345", "5552", "333335"])
def test_the_quick_forecast_is_the_forecast(marks: str, policy: Policy):
    slow = forecast_term(works(marks), weekly_hours=Fraction(3), policy=policy, scale=FIVE_POINT)

    assert heading_for(works(marks), policy=policy, scale=FIVE_POINT) == (slow.mean, slow.value)


def test_reads_supposed_marks_with_the_weight_of_their_work():
    read = read_supposed(["5:КР", "4/3:УО"], policy=DEFAULT_POLICY, scale=FIVE_POINT)

    assert isinstance(read, tuple)
    assert [(one.text, one.mark.value, one.mark.second, one.mark.weight) for one in read] == [
        ("5:КР", "5", "", 3), ("4/3:УО", "4", "3", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", ":", "5", "5:", ":КР", "6:КР", "5:кр", "5/5/5:КР", "/:КР", "5/:КР", "5:КР:УО"])
def test_refuses_what_is_no_mark_of_a_work(text: str):
    verdict = read_supposed([text], policy=DEFAULT_POLICY, scale=FIVE_POINT)

    assert (bool(verdict), verdict.code) == (False, "NOT_UNDERSTOOD")


def test_refuses_more_than_a_term_has():
    verdict = read_supposed(["5:КР"] * (MOST_SUPPOSED + 1), policy=DEFAULT_POLICY, scale=FIVE_POINT)

    assert verdict.code == "TOO_MANY_SUPPOSED"


def test_grades_without_marks_suppose_none():
    verdict = read_supposed(["5:КР"], policy=DEFAULT_POLICY, scale=UNGRADED)

    assert "нет: обучение безотметочное" in verdict.sentence
