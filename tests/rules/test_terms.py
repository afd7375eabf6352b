"""By which terms a subject is marked (C-002)."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from letopis.rules.policy import DEFAULT_POLICY, TermScheme
from letopis.rules.terms import TermSpan, marked_terms, may_mark_in, period_kind

FIRST = [date(2026, 9, 1), date(2026, 11, 2), date(2027, 1, 11), date(2027, 3, 29)]
LAST = [date(2026, 10, 23), date(2026, 12, 29), date(2027, 3, 19), date(2027, 5, 26)]
QUARTERS = [TermSpan(n, "QUARTER", first, last) for n, (first, last) in enumerate(zip(FIRST, LAST, strict=True), 1)]
HALVES = [TermSpan(11, "HALF_YEAR", FIRST[0], LAST[1]), TermSpan(12, "HALF_YEAR", FIRST[2], LAST[3])]
TRIMESTERS = [
    TermSpan(n, "TRIMESTER", first, last) for n, (first, last) in enumerate(zip(FIRST[:3], LAST, strict=False), 21)
]

ONE_HOUR = replace(
    DEFAULT_POLICY,
    term_schemes=(
        TermScheme("YEAR", subjects=("Основы религиозных культур",)),
        TermScheme("HALF_YEAR", up_to_hours=Fraction(1)),
        *DEFAULT_POLICY.term_schemes,
    ),
)


@pytest.mark.parametrize(
    ("grade", "subject", "hours", "kind"),
    [
        (8, "Алгебра", 3, "QUARTER"),
        (8, "Музыка", 1, "HALF_YEAR"),
        (8, "музыка ", Fraction(1, 2), "HALF_YEAR"),
        (8, "ИЗО", Fraction(3, 2), "QUARTER"),
        (10, "Алгебра", 4, "HALF_YEAR"),
        (4, "основы религиозных  культур", 1, "YEAR"),
    ],
)
def test_the_first_fitting_row_decides(grade: int, subject: str, hours: Fraction | int, kind: str):
    assert period_kind(grade=grade, subject=subject, weekly_hours=Fraction(hours), policy=ONE_HOUR) == kind


def test_a_scheme_without_a_fitting_row_says_nothing():
    policy = replace(DEFAULT_POLICY, term_schemes=(TermScheme("TRIMESTER", grades=(5,)),))

    assert period_kind(grade=8, subject="Алгебра", weekly_hours=Fraction(3), policy=policy) == ""


@pytest.mark.parametrize(
    ("terms", "kind", "marked"),
    [
        (QUARTERS, "QUARTER", {1: FIRST[0], 2: FIRST[1], 3: FIRST[2], 4: FIRST[3]}),
        (QUARTERS, "HALF_YEAR", {2: FIRST[0], 4: FIRST[2]}),
        (QUARTERS, "YEAR", {4: FIRST[0]}),
        (QUARTERS, "TRIMESTER", {1: FIRST[0], 2: FIRST[1], 3: FIRST[2], 4: FIRST[3]}),
        (QUARTERS, "", {1: FIRST[0], 2: FIRST[1], 3: FIRST[2], 4: FIRST[3]}),
        (HALVES, "HALF_YEAR", {11: FIRST[0], 12: FIRST[2]}),
        (HALVES, "QUARTER", {11: FIRST[0], 12: FIRST[2]}),
        ([*QUARTERS, *HALVES], "HALF_YEAR", {11: FIRST[0], 12: FIRST[2]}),
        (TRIMESTERS, "HALF_YEAR", {21: FIRST[0], 22: FIRST[1], 23: FIRST[2]}),
        ([], "QUARTER", {}),
    ],
)
def test_terms_that_carry_a_mark(terms: list[TermSpan], kind: str, marked: dict[int, date]):
    assert marked_terms(terms, kind=kind) == marked


def test_a_quarter_of_a_subject_marked_by_half_years_takes_no_mark():
    marked = marked_terms(QUARTERS, kind="HALF_YEAR")
    verdict = may_mark_in(1, marked, kind="HALF_YEAR", policy=ONE_HOUR)

    assert may_mark_in(2, marked, kind="HALF_YEAR", policy=ONE_HOUR)
    assert (verdict.code, "за полугодие" in verdict.sentence) == ("NOT_MARKED_IN_TERM", True)
    assert verdict.clause
