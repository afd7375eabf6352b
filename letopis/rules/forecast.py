"""What mark a pupil is heading for, by the method the policy names. Which marks would change it: `what_if`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from letopis.rules.policy import GradingScale, Policy
from letopis.rules.term_marks import CountedMark, propose_term_mark, signs_of, weighted_mean
from letopis.rules.thresholds import judge_mean
from letopis.rules.year_marks import YearProposal, propose_year_mark

TREND = "TREND"
TREND_MARKS = 3
"""How many of the last works weigh twice under TREND; the acts name no number. Source: default value."""

_METHODS = {
    "MEAN": "средневзвешенное отметок на сегодня по правилу отметки за период",
    TREND: f"средневзвешенное отметок на сегодня, последние {TREND_MARKS} весят вдвое",
}


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast and how it was found."""

    value: str | None
    """The mark of the term as things stand, whether or not there are marks enough; None without marks."""
    mean: Fraction | None
    method: str
    """In Russian."""
    clause: str
    """Of the method."""
    explanation: str
    """Marks, weights, formula, thresholds and clause, as for the term mark."""
    still_needed: int
    """Marks missing for the norm of accumulation."""


def forecast_term(
    marks: Sequence[CountedMark],
    *,
    weekly_hours: Fraction | int,
    policy: Policy,
    scale: GradingScale,
    period: str = "",
) -> Forecast:
    """Return where the marks of a term lead by policy.forecast_method.

    marks: as `propose_term_mark` takes them, but oldest first: under TREND the last ones weigh twice.
    """
    weighed = _trend(marks) if policy.forecast_method == TREND else list(marks)
    # A forecast says where the marks lead; that there are too few yet stands beside it and does not replace it.
    plain = replace(policy, marks_below_norm="WARN")
    found = propose_term_mark(weighed, weekly_hours=weekly_hours, policy=plain, scale=scale, period=period)
    return Forecast(
        value=found.by_mean,
        mean=found.mean,
        method=_METHODS[policy.forecast_method],
        clause=policy.clause("forecast_method"),
        explanation=found.explanation(),
        still_needed=max(0, found.minimum_marks - found.marks_counted),
    )


def heading_for(
    marks: Sequence[CountedMark], *, policy: Policy, scale: GradingScale
) -> tuple[Fraction | None, str | None]:
    """Return mean and mark of the forecast alone, for pages of a whole class. marks: oldest first."""
    weighed = _trend(marks) if policy.forecast_method == TREND else marks
    mean = weighted_mean(weighed, scale=scale)
    reached = judge_mean(mean, thresholds=policy.term_thresholds, policy=policy, signs=signs_of(weighed))
    return mean, reached.value


def forecast_year(
    terms: Sequence[str | None], *, current: str | None, policy: Policy, scale: GradingScale
) -> YearProposal:
    """Return where the year leads: the term marks that are set, and the forecast of the term that goes on.

    terms: as `propose_year_mark` takes them. current: the forecast that stands in place of the first term not set; None
    when there is none. Terms to come are left out of the mean. Its explanation is that of the year mark.
    """
    filled = list(terms)
    if current is not None and None in filled:
        filled[filled.index(None)] = current
    least = replace(policy, year_mark_minimum_terms=1)
    return propose_year_mark(filled, policy=least, scale=scale)


def _trend(marks: Sequence[CountedMark]) -> list[CountedMark]:
    first = len(marks) - TREND_MARKS
    return [replace(mark, weight=mark.weight * 2) if place >= first else mark for place, mark in enumerate(marks)]
