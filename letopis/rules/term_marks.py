"""The proposed mark of a term: the weighted mean of its marks against the thresholds of the policy."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from letopis.rules.cells import marks_in
from letopis.rules.decimals import format_exact, format_mean, is_rounded
from letopis.rules.policy import Bar, GradingScale, Policy, Threshold
from letopis.rules.results import NOT_ATTESTED
from letopis.rules.russian import plural
from letopis.rules.thresholds import judge_mean, mark_name, what_decided

WARN, NONE = "WARN", "NONE"
"""What policy.marks_below_norm says beside NOT_ATTESTED."""


@dataclass(frozen=True, slots=True)
class CountedMark:
    """One work of a pupil, as it counts."""

    value: str
    """Sign of the scale."""
    work_kind_code: str
    weight: int
    """Of the kind of work; at least 1."""
    second: str = ""
    """The other component of one work (диктант 4/3). The work counts once, with the mean of both. Source: C-014."""


@dataclass(frozen=True, slots=True)
class Part:
    """Equal works of a proposal, taken together."""

    points: Fraction
    weight: int
    how_many: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed term mark with everything that led to it."""

    value: str | None
    """A mark of the scale; NOT_ATTESTED or None below the norm where the policy says so; None without marks."""
    mean: Fraction | None
    total_points: Fraction
    """Sum of points times weight."""
    total_weight: int
    parts: tuple[Part, ...]
    """Best points first, then the heavier."""
    threshold: Fraction | None
    """Of the value that the mean gives."""
    next_better: Threshold | None
    """What it did not reach; None for the best mark."""
    marks_counted: int
    minimum_marks: int
    enough_marks: bool
    """Fewer marks still give a proposal, with a warning in the explanation."""
    clause: str
    """Of the thresholds."""
    is_graded: bool = True
    by_mean: str | None = None
    """The mark that the mean gives, whether or not there are marks enough."""
    barred: tuple[Bar, ...] = ()
    """Rows of policy.bars that took a better mark away."""
    favoured: Threshold | None = None
    """The threshold that was reached only in the pupil's favour."""
    decided: tuple[str, ...] = ()
    """What decided beside the thresholds, in Russian, each with its clause."""
    below_norm: str = ""
    """What too few marks led to: WARN, NOT_ATTESTED or NONE; empty when there are enough."""
    norm_clause: str = ""
    """Of what is done below the norm."""

    def explanation(self) -> str:
        """Return «(5·1 + 4·3 + 3·1) : 5 = 4,00; порог четвёрки 3,5, порог пятёрки 4,5 — clause».

        A part that occurs several times is 5·1×2: mark · weight × how many. Where two places do not hold the mean,
        the exact fraction stands beside it.
        """
        if not self.is_graded:
            return "Безотметочное обучение: отметка не предлагается."
        if self.mean is None:
            return f"Отметок нет, а нужно не меньше {self.minimum_marks}: {self._instead() or 'предлагать не из чего'}."
        text = f"{self.formula()}; {self.thresholds()} — {self.clause}"
        text = "; ".join((text, *self.decided))
        if self.enough_marks:
            return text
        noun = plural(self.marks_counted, "отметка", "отметки", "отметок")
        few = f"{text}; всего {self.marks_counted} {noun}, а нужно не меньше {self.minimum_marks}"
        return f"{few}: {instead}" if (instead := self._instead()) else few

    def formula(self) -> str:
        """Return «(5·1 + 4·3 + 3·1) : 5 = 4,00», or «… ≈ 4,67 (точно 14/3)»; empty without marks."""
        if self.mean is None:
            return ""
        parts = " + ".join(_part_text(part) for part in self.parts)
        exact = f" (точно {self.mean})" if is_rounded(self.mean) else ""
        return f"({parts}) : {self.total_weight} {'≈' if exact else '='} {format_mean(self.mean)}{exact}"

    def thresholds(self) -> str:
        """Return «порог четвёрки 3,5, порог пятёрки 4,5»: that of the mark, and the one that was not reached."""
        reached = [Threshold(self.by_mean, self.threshold)] if self.by_mean and self.threshold else []
        better = [self.next_better] if self.next_better else []
        return ", ".join(f"порог {mark_name(one.value)} {format_exact(one.at_least)}" for one in reached + better)

    def _instead(self) -> str:
        """Return what is proposed below the norm in place of the mark; nothing where it is a warning only."""
        if self.below_norm == NOT_ATTESTED:
            return f"предлагается «н/а» ({self.norm_clause})"
        return f"отметка не предлагается ({self.norm_clause})" if self.below_norm == NONE else ""


def counted_mark(value: str, kind: str, weight: int, *, scale: GradingScale) -> CountedMark | None:
    """Return a recorded value as it counts; None for a symbol, for a mark taken away and for one of another scale."""
    marks = marks_in(value, scale=scale)
    return CountedMark(marks[0], kind, weight, marks[1] if len(marks) > 1 else "") if marks else None


def propose_term_mark(
    marks: Sequence[CountedMark],
    *,
    weekly_hours: Fraction | int,
    policy: Policy,
    scale: GradingScale,
    period: str = "",
) -> Proposal:
    """Return the proposal for a term.

    marks: every counted mark of the pupil in the subject and term over all memberships (C-001), in any order;
        absences, «осв», «н/а» and points («.») are no marks and do not come here.
    weekly_hours: of the subject in the curriculum; decides how many marks are enough.
    policy: that of the term's last day. period: kind of the term, for the norm of accumulation.
    The mean is an exact Fraction, compared with policy.term_thresholds as mean_places, favour_pupil_by and bars say.
    Raises ValueError for a mark outside the scale. Source: local act on attestation; REG-035, REG-040.
    """
    needed = minimum_marks(weekly_hours=weekly_hours, policy=policy, period=period)
    counts = Counter((_points(mark, scale=scale), mark.weight) for mark in marks)
    parts = tuple(Part(points, weight, counts[points, weight]) for points, weight in sorted(counts, reverse=True))
    mean = weighted_mean(marks, scale=scale)
    reached = judge_mean(mean, thresholds=policy.term_thresholds, policy=policy, signs=signs_of(marks))
    below = policy.marks_below_norm if scale.values and len(marks) < needed else ""
    return Proposal(
        value={NOT_ATTESTED: NOT_ATTESTED, NONE: None}.get(below, reached.value),
        mean=mean,
        total_points=sum((part.points * part.weight * part.how_many for part in parts), Fraction(0)),
        total_weight=sum(part.weight * part.how_many for part in parts),
        parts=parts,
        threshold=reached.threshold.at_least if reached.threshold else None,
        next_better=reached.better,
        marks_counted=len(marks),
        minimum_marks=needed,
        enough_marks=len(marks) >= needed,
        clause=policy.clause("term_thresholds"),
        is_graded=bool(scale.values),
        by_mean=reached.value,
        barred=reached.barred,
        favoured=reached.favoured,
        decided=what_decided(reached, mean=mean, policy=policy),
        below_norm=below,
        norm_clause=policy.clause("marks_below_norm") if below else "",
    )


def signs_of(marks: Iterable[CountedMark]) -> Counter[str]:
    """Return how many marks of each sign there are; both components of a work count."""
    return Counter(sign for mark in marks for sign in (mark.value, mark.second) if sign)


def weighted_mean(marks: Sequence[CountedMark], *, scale: GradingScale) -> Fraction | None:
    """Return Σ(points · weight) / Σ weight exactly, or None without marks."""
    total_weight = sum(mark.weight for mark in marks)
    if not total_weight:
        return None
    # Whole half points: a class has hundreds of marks, and a sum of integers is exact too.
    return Fraction(sum(_half_points(mark, scale=scale) * mark.weight for mark in marks), 2 * total_weight)


def minimum_marks(*, weekly_hours: Fraction | int, policy: Policy, period: str = "") -> int:
    """Return how many marks a pupil needs in a term: the first row of the policy's norm that fits (REG-040).

    period: QUARTER, TRIMESTER, HALF_YEAR, MODULE or YEAR; empty fits the rows that name none.
    """
    if not weekly_hours:
        return 0
    for row in policy.minimum_marks:
        if (row.up_to_hours is None or weekly_hours <= row.up_to_hours) and row.period in ("", period):
            return row.marks
    return 0


def threshold_reached(
    mean: Fraction | None, *, thresholds: Sequence[Threshold]
) -> tuple[Threshold | None, Threshold | None]:
    """Return the best threshold that the exact mean reaches and the next better one that it does not.

    The thresholds alone: what a school adds to them is `thresholds.judge_mean`.
    """
    better: Threshold | None = None
    for threshold in thresholds:
        if mean is not None and mean >= threshold.at_least:
            return threshold, better
        better = threshold
    return None, better if mean is not None else None


def _points(mark: CountedMark, *, scale: GradingScale) -> Fraction:
    return Fraction(_half_points(mark, scale=scale), 2)


def _half_points(mark: CountedMark, *, scale: GradingScale) -> int:
    first = scale.points(mark.value)
    return first + scale.points(mark.second) if mark.second else 2 * first


def _part_text(part: Part) -> str:
    text = f"{format_exact(part.points)}·{part.weight}"
    return text if part.how_many == 1 else f"{text}×{part.how_many}"
