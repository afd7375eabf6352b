"""Means and proposed term marks of the register, from marks as the database gives them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from letopis.rules.policy import GradingScale, Policy
from letopis.rules.term_marks import CountedMark, Proposal, propose_term_mark, threshold_reached, weighted_mean


def weights_of(policy: Policy) -> dict[str, int]:
    """Return the weight of each kind of work by its code."""
    return {kind.code: kind.weight for kind in policy.work_kinds}


def counted(marks: Iterable[tuple[str, str]], *, policy: Policy, scale: GradingScale) -> list[CountedMark]:
    """Return what counts of (value, code of the kind of work).

    A mark that was taken away does not count, nor one of another scale. A kind that the school has no more counts as
    the default one.
    """
    weights = weights_of(policy)
    default = policy.default_work_kind
    return [
        CountedMark(value, kind or default, weights.get(kind, weights[default]))
        for value, kind in marks
        if value in scale.values
    ]


def mean_and_value(
    marks: Iterable[tuple[str, str]], *, weights: Mapping[str, int], policy: Policy, scale: GradingScale
) -> tuple[Fraction | None, str | None]:
    """Return the weighted mean and the proposed mark alone, for the pages that need them for a whole class.

    weights: `weights_of` the policy. Equal marks are taken together by the sum of their weights: four exact numbers
    instead of forty.
    """
    default = weights[policy.default_work_kind]
    sums: Counter[str] = Counter()
    for value, kind in marks:
        sums[value] += weights.get(kind, default)
    mean = weighted_mean(
        [CountedMark(value, "", weight) for value, weight in sums.items() if value in scale.values], scale=scale
    )
    reached, _better = threshold_reached(mean, thresholds=policy.term_thresholds)
    return mean, reached.value if reached else None


def proposal_of(
    marks: Iterable[tuple[str, str]], *, weekly_hours: Decimal, policy: Policy, scale: GradingScale
) -> Proposal:
    """Return the proposal from (value, code of the kind of work)."""
    return propose_term_mark(
        counted(marks, policy=policy, scale=scale), weekly_hours=Fraction(weekly_hours), policy=policy, scale=scale
    )
