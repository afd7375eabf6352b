"""The grid proposes what the page of term marks does, also where a school rounds, favours and bars."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from letopis.register.queries.proposals import mean_and_value, proposal_of, weights_of
from letopis.rules.policy import DEFAULT_POLICY, FIVE_POINT, Bar, Policy

BARRED = replace(DEFAULT_POLICY, bars=(Bar("5", "2"),))
ROUNDED = replace(DEFAULT_POLICY, mean_places=0)
FAVOURED = replace(DEFAULT_POLICY, favour_pupil_by=Fraction(1, 10))


@pytest.mark.parametrize(
    ("policy", "values", "value"),
    [
        (BARRED, ("5", "5", "5", "5", "5", "5", "2"), "4"),
        (BARRED, ("5", "5", "5", "5", "5", "5", "5/2"), "4"),
        (DEFAULT_POLICY, ("5", "5", "5", "5", "5", "5", "2"), "5"),
        (ROUNDED, ("4", "5"), "5"),
        (FAVOURED, ("5", "5", "5", "4", "4", "4", "4"), "5"),
        (DEFAULT_POLICY, ("5", "5", "5", "4", "4", "4", "4"), "4"),
        (DEFAULT_POLICY, (".",), None),
    ],
)
def test_the_quick_proposal_is_the_proposal(policy: Policy, values: tuple[str, ...], value: str | None):
    marks = [(one, "УО", None) for one in values]

    mean, quick = mean_and_value(marks, weights=weights_of(policy), policy=policy, scale=FIVE_POINT)
    whole = proposal_of(marks, weekly_hours=Decimal(2), policy=policy, scale=FIVE_POINT)

    assert (quick, mean, whole.by_mean) == (value, whole.mean, value)
