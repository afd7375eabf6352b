"""Means and proposed term marks of the register, from marks as the database gives them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from letopis.rules.policy import GradingScale, Policy
from letopis.rules.term_marks import (
    CountedMark,
    Proposal,
    counted_mark,
    propose_term_mark,
    signs_of,
    weighted_mean,
)
from letopis.rules.thresholds import judge_mean

WeighedMark = tuple[str, str, int | None]
"""Value, code of the kind of work, and the column's own weight where it has one."""


def weights_of(policy: Policy) -> dict[str, int]:
    """Return the weight of each kind of work by its code."""
    return {kind.code: kind.weight for kind in policy.work_kinds}


def counted(marks: Iterable[WeighedMark], *, policy: Policy, scale: GradingScale) -> list[CountedMark]:
    """Return what counts: no mark that was taken away, no symbol, none of another scale."""
    default = policy.default_work_kind
    found = (
        counted_mark(value, kind or default, policy.weight_of(kind, weight), scale=scale)
        for value, kind, weight in marks
    )
    return [mark for mark in found if mark is not None]


def mean_and_value(
    marks: Iterable[WeighedMark], *, weights: Mapping[str, int], policy: Policy, scale: GradingScale
) -> tuple[Fraction | None, str | None]:
    """Return the weighted mean and the proposed mark alone, for the pages that need them for a whole class.

    weights: `weights_of` the policy. Equal marks are taken together by the sum of their weights: four exact numbers
    instead of forty. What the norm of accumulation says of too few marks is not looked at.
    """
    default = weights[policy.default_work_kind]
    sums: Counter[str] = Counter()
    marks = list(marks)
    for value, kind, weight in marks:
        sums[value] += weight or weights.get(kind, default)
    found = {value: counted_mark(value, "", weight, scale=scale) for value, weight in sums.items()}
    mean = weighted_mean([mark for mark in found.values() if mark is not None], scale=scale)
    signs: Counter[str] = Counter()
    if policy.bars:
        how_many = Counter(value for value, _kind, _weight in marks)
        for value, mark in found.items():
            for sign in signs_of([mark] if mark is not None else []).elements():
                signs[sign] += how_many[value]
    return mean, judge_mean(mean, thresholds=policy.term_thresholds, policy=policy, signs=signs).value


def proposal_of(
    marks: Iterable[WeighedMark], *, weekly_hours: Decimal, policy: Policy, scale: GradingScale, period: str = ""
) -> Proposal:
    """Return the proposal for a term. period: kind of the term that the subject is marked by (C-002)."""
    return propose_term_mark(
        counted(marks, policy=policy, scale=scale),
        weekly_hours=Fraction(weekly_hours),
        policy=policy,
        scale=scale,
        period=period,
    )
