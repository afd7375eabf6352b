"""Whom a forecast calls to look at: who heads for a two, has marks too few, or is one mark short of a better one."""

from collections.abc import Collection, Sequence
from fractions import Fraction
from math import floor

from letopis.rules.forecast import heading_for
from letopis.rules.policy import GradingScale, Policy
from letopis.rules.term_marks import CountedMark, minimum_marks

TWO, FEW, NEAR = "two", "few", "near"


def risks_of(
    marks: Sequence[CountedMark],
    *,
    weekly_hours: Fraction | int,
    policy: Policy,
    scale: GradingScale,
    period: str = "",
    elapsed: Fraction | int = 1,
) -> Collection[str]:
    """Return what a pupil's marks of a term call for; nothing where grades are taught without marks.

    marks: as `forecast_term` takes them. elapsed: the share of the period that is over, 0 to 1.
    TWO: the forecast is the lowest mark of the scale. FEW: there are fewer marks than the same share of the norm of
    accumulation, in whole marks, so that the pupil may end up not attested (REG-040). NEAR: the best mark for the
    heaviest kind of work, once, would give a better forecast than that of today. Source: DIA-024, REP-017.
    """
    if not scale.values:
        return ()
    _mean, value = heading_for(marks, policy=policy, scale=scale)
    found = [TWO] if value == scale.values[-1] else []
    norm = minimum_marks(weekly_hours=weekly_hours, policy=policy, period=period)
    if len(marks) < floor(norm * Fraction(elapsed)):
        found.append(FEW)
    if value in scale.values[1:]:
        heaviest = max(policy.work_kinds, key=lambda kind: kind.weight)
        next_one = CountedMark(scale.values[0], heaviest.code, heaviest.weight)
        _mean, then = heading_for([*marks, next_one], policy=policy, scale=scale)
        if then is not None and scale.values.index(then) < scale.values.index(value):
            found.append(NEAR)
    return found
