"""The grid's mean and mark agree with the proposal of the page of term marks, whatever the policy adds."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations_with_replacement

import pytest

from letopis.register.queries.proposals import mean_and_value, proposal_of, weights_of
from letopis.rules.policy import DEFAULT_POLICY, FIVE_POINT, Bar, Policy

POLICIES = {
    "default": DEFAULT_POLICY,
    "barred": replace(DEFAULT_POLICY, bars=(Bar("5", "2"), Bar("4", "2", 2))),
    "rounded": replace(DEFAULT_POLICY, mean_places=1),
    "favoured": replace(DEFAULT_POLICY, favour_pupil_by=Fraction(1, 10)),
}
CELLS = [
    ("5", "УО", None),
    ("5", "КР", None),
    ("4", "УО", 2),
    ("4/2", "Д", None),
    ("2", "УО", None),
    ("н/а", "УО", None),
]


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_the_grid_proposes_what_the_page_proposes(policy: Policy) -> None:
    weights = weights_of(policy)
    for marks in combinations_with_replacement(CELLS, 4):
        proposal = proposal_of(marks, weekly_hours=Decimal(3), policy=policy, scale=FIVE_POINT)

        found = mean_and_value(marks, weights=weights, policy=policy, scale=FIVE_POINT)

        assert found == (proposal.mean, proposal.by_mean)


def test_no_five_with_a_two_on_the_grid() -> None:
    marks = [("5", "КР", None)] * 6 + [("2", "УО", None)]

    found = [mean_and_value(marks, weights=weights_of(one), policy=one, scale=FIVE_POINT) for one in POLICIES.values()]

    assert [value for _mean, value in found] == ["5", "4", "5", "5"]
