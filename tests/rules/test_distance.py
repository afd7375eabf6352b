"""Which lessons distance learning covers, and how a period is declared."""

from datetime import date

import pytest

from letopis.rules.distance import DistanceSpan, may_declare, may_end

FIRST, LAST = date(2026, 9, 1), date(2027, 5, 31)
MONDAY, FRIDAY = date(2026, 11, 16), date(2026, 11, 20)


def span(starts_on: date = MONDAY, ends_on: date | None = FRIDAY, *, basis: str = "Приказ № 1", **whom: int):
    return DistanceSpan(starts_on, ends_on, basis=basis, **whom)


@pytest.mark.parametrize(
    ("period", "on", "covered"),
    [
        (span(), MONDAY, True),
        (span(), FRIDAY, True),
        (span(), date(2026, 11, 21), False),
        (span(), date(2026, 11, 15), False),
        (span(ends_on=None), LAST, True),
        (span(school_class=7), MONDAY, True),
        (span(school_class=8), MONDAY, False),
        (span(group=1), MONDAY, True),
        (span(group=2), MONDAY, False),
    ],
)
def test_a_period_covers_school_class_or_group(period: DistanceSpan, on: date, covered: bool) -> None:
    assert period.covers(on, group=1, school_class=7) is covered


def test_a_group_without_a_class_follows_the_school_only() -> None:
    assert span().covers(MONDAY, group=1, school_class=None)
    assert not span(school_class=7).covers(MONDAY, group=1, school_class=None)


@pytest.mark.parametrize(
    ("wanted", "present", "code"),
    [
        (span(), [], ""),
        (span(basis=""), [], "NO_BASIS"),
        (span(date(2026, 8, 31)), [], "OUTSIDE_YEAR"),
        (span(ends_on=date(2026, 11, 15)), [], "WRONG_END"),
        (span(ends_on=date(2027, 6, 1)), [], "WRONG_END"),
        (span(), [span(FRIDAY, None)], "ALREADY_DECLARED"),
        (span(), [span(date(2026, 11, 9), MONDAY)], "ALREADY_DECLARED"),
        (span(), [span(date(2026, 11, 21), None)], ""),
        (span(), [span(date(2026, 11, 9), date(2026, 11, 15))], ""),
        (span(school_class=7), [span()], ""),
        (span(ends_on=None), [span(date(2027, 1, 11), None)], "ALREADY_DECLARED"),
    ],
)
def test_a_period_is_declared_once_with_its_basis(wanted: DistanceSpan, present: list[DistanceSpan], code: str) -> None:
    assert may_declare(wanted, present=present, first=FIRST, last=LAST).code == code


@pytest.mark.parametrize(
    ("ends_on", "code"), [(MONDAY, ""), (LAST, ""), (date(2026, 11, 15), "WRONG_END"), (date(2027, 6, 1), "WRONG_END")]
)
def test_a_period_ends_in_its_year(ends_on: date, code: str) -> None:
    assert may_end(span(ends_on=None), ends_on=ends_on, last=LAST).code == code
