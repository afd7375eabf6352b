"""Means and proposed term marks of the register, from marks as the database gives them."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from letopis.rules.policy import GradingScale, Policy
from letopis.rules.term_marks import CountedMark, Proposal, propose_term_mark


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


def proposal_of(
    marks: Iterable[tuple[str, str]], *, weekly_hours: Decimal, policy: Policy, scale: GradingScale
) -> Proposal:
    """Return the proposal from (value, code of the kind of work)."""
    return propose_term_mark(
        counted(marks, policy=policy, scale=scale), weekly_hours=Fraction(weekly_hours), policy=policy, scale=scale
    )
