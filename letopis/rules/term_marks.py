"""The proposed mark of a term: the weighted mean of its marks against the thresholds of the policy."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from letopis.rules.cells import marks_in
from letopis.rules.decimals import format_exact, format_mean, is_rounded
from letopis.rules.policy import GradingScale, Policy, Threshold
from letopis.rules.russian import plural

MARK_NAMES = {"5": "пятёрки", "4": "четвёрки", "3": "тройки", "2": "двойки"}


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
    """None when there is nothing to propose from."""
    mean: Fraction | None
    total_points: Fraction
    """Sum of points times weight."""
    total_weight: int
    parts: tuple[Part, ...]
    """Best points first, then the heavier."""
    threshold: Fraction | None
    """What the mean reached."""
    next_better: Threshold | None
    """What it did not reach; None for the best mark."""
    marks_counted: int
    minimum_marks: int
    enough_marks: bool
    """Fewer marks still give a proposal, with a warning in the explanation."""
    clause: str
    is_graded: bool = True

    def explanation(self) -> str:
        """Return «(5·1 + 4·3 + 3·1) : 5 = 4,00; порог четвёрки 3,5, порог пятёрки 4,5 — clause».

        A part that occurs several times is 5·1×2: mark · weight × how many. Where two places do not hold the mean,
        the exact fraction stands beside it.
        """
        if not self.is_graded:
            return "Безотметочное обучение: отметка не предлагается."
        if self.mean is None or self.value is None:
            return f"Отметок нет, а нужно не меньше {self.minimum_marks}: предлагать не из чего."
        formula = " + ".join(_part_text(part) for part in self.parts)
        exact = f" (точно {self.mean})" if is_rounded(self.mean) else ""
        equals = "≈" if exact else "="
        thresholds = ", ".join(self._threshold_texts())
        text = (
            f"({formula}) : {self.total_weight} {equals} {format_mean(self.mean)}{exact}; {thresholds} — {self.clause}"
        )
        if self.enough_marks:
            return text
        noun = plural(self.marks_counted, "отметка", "отметки", "отметок")
        return f"{text}; всего {self.marks_counted} {noun}, а нужно не меньше {self.minimum_marks}"

    def _threshold_texts(self) -> list[str]:
        reached = [Threshold(self.value, self.threshold)] if self.value and self.threshold else []
        better = [self.next_better] if self.next_better else []
        return [f"порог {mark_name(one.value)} {format_exact(one.at_least)}" for one in reached + better]


def counted_mark(value: str, kind: str, weight: int, *, scale: GradingScale) -> CountedMark | None:
    """Return a recorded value as it counts; None for a symbol, for a mark taken away and for one of another scale."""
    marks = marks_in(value, scale=scale)
    return CountedMark(marks[0], kind, weight, marks[1] if len(marks) > 1 else "") if marks else None


def propose_term_mark(
    marks: Sequence[CountedMark], *, weekly_hours: Fraction | int, policy: Policy, scale: GradingScale
) -> Proposal:
    """Return the proposal for a term.

    marks: every counted mark of the pupil in the subject and term over all memberships (C-001), in any order;
        absences, «осв», «н/а» and points («.») are no marks and do not come here.
    weekly_hours: of the subject in the curriculum; decides how many marks are enough.
    The mean is an exact Fraction, compared exactly with policy.term_thresholds.
    Raises ValueError for a mark outside the scale. Source: local act on attestation; REG-035.
    """
    needed = minimum_marks(weekly_hours=weekly_hours, policy=policy)
    counts = Counter((_points(mark, scale=scale), mark.weight) for mark in marks)
    parts = tuple(Part(points, weight, counts[points, weight]) for points, weight in sorted(counts, reverse=True))
    mean = weighted_mean(marks, scale=scale)
    reached, better = threshold_reached(mean, thresholds=policy.term_thresholds)
    return Proposal(
        value=reached.value if reached else None,
        mean=mean,
        total_points=sum((part.points * part.weight * part.how_many for part in parts), Fraction(0)),
        total_weight=sum(part.weight * part.how_many for part in parts),
        parts=parts,
        threshold=reached.at_least if reached else None,
        next_better=better,
        marks_counted=len(marks),
        minimum_marks=needed,
        enough_marks=len(marks) >= needed,
        clause=policy.clause("term_thresholds"),
        is_graded=bool(scale.values),
    )


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
    """Return the best threshold that the mean reaches and the next better one that it does not."""
    better: Threshold | None = None
    for threshold in thresholds:
        if mean is not None and mean >= threshold.at_least:
            return threshold, better
        better = threshold
    return None, better if mean is not None else None


def mark_name(value: str) -> str:
    """Return the mark in the genitive: «пятёрки»."""
    return MARK_NAMES.get(value, f"отметки {value}")


def _points(mark: CountedMark, *, scale: GradingScale) -> Fraction:
    return Fraction(_half_points(mark, scale=scale), 2)


def _half_points(mark: CountedMark, *, scale: GradingScale) -> int:
    first = scale.points(mark.value)
    return first + scale.points(mark.second) if mark.second else 2 * first


def _part_text(part: Part) -> str:
    text = f"{format_exact(part.points)}·{part.weight}"
    return text if part.how_many == 1 else f"{text}×{part.how_many}"
