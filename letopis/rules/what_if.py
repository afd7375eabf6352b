"""Which marks would lead to a wanted one: the smallest sets of next works, and the lowest marks of the terms left.

Exact and bounded: nothing is simulated, every way is counted out by the rule that will propose the mark itself, with
its rounding, its favour, its bars and its norm.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations_with_replacement, zip_longest

from letopis.rules.policy import GradingScale, Policy, WorkKind
from letopis.rules.results import NOT_ATTESTED, is_numeric
from letopis.rules.russian import counted
from letopis.rules.term_marks import CountedMark, minimum_marks, signs_of, weighted_mean
from letopis.rules.thresholds import judge_mean, mark_name, marks_counted, marks_in_words
from letopis.rules.year_marks import propose_year_mark

MOST_WORKS = 12
"""No way asks for more works than this: nobody has so many of one kind ahead. Unit: works."""

WAYS_SAID = 4
"""Ways that the sentence names; the others stand in the list only."""

MOST_MIXED = 4
"""Works of a way that mixes two kinds. Unit: works."""


@dataclass(frozen=True, slots=True)
class Step:
    """Some equal marks of one kind of work."""

    value: str
    kind: WorkKind
    how_many: int

    def words(self) -> str:
        """Return «две пятёрки (контрольная работа)»."""
        return f"{marks_in_words(self.how_many, self.value)} ({self.kind.title[:1].lower()}{self.kind.title[1:]})"


@dataclass(frozen=True, slots=True)
class Way:
    """Marks that would lead to the wanted mark; with one of them fewer they would not."""

    steps: tuple[Step, ...]
    mean: Fraction
    """That they would give."""
    value: str
    """The mark it would be: the wanted one, or better."""

    @property
    def works(self) -> int:
        return sum(step.how_many for step in self.steps)

    def words(self) -> str:
        """Return «одна пятёрка (контрольная работа) и две пятёрки (устный ответ)»."""
        return " и ".join(step.words() for step in self.steps)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The answer to «what leads to a five?»."""

    wanted: str
    is_reached: bool
    """The marks that stand give it already, so that nothing is needed."""
    ways: tuple[Way, ...]
    """The fewest works first; none when it is reached or cannot be."""
    why_not: str
    """Why there is no way, in Russian; empty when there is one."""
    clause: str

    def words(self) -> str:
        """Return the answer as a sentence in Russian."""
        name = mark_name(self.wanted)
        if self.is_reached:
            return f"До {name} ничего не нужно: она выходит из отметок, которые уже стоят."
        if not self.ways:
            return f"До {name} не дойти: {self.why_not}."
        return f"До {name} ведут: {'; или '.join(way.words() for way in self.ways[:WAYS_SAID])}."


@dataclass(frozen=True, slots=True)
class YearWhatIf:
    """Which marks of the terms still open lead to a year mark."""

    wanted: str
    ways: tuple[tuple[str, ...], ...]
    """Each the lowest marks that are enough, one for every open term, best first, in whatever order of terms."""
    why_not: str

    def words(self) -> str:
        """Return the answer as a sentence in Russian."""
        name = mark_name(self.wanted)
        if not self.ways:
            return f"До {name} за год не дойти: {self.why_not}."
        return f"До {name} за год ведут отметки за оставшиеся периоды: {'; или '.join(map(' и '.join, self.ways))}."


def ways_to(
    wanted: str,
    *,
    marks: Sequence[CountedMark],
    kinds: Sequence[WorkKind],
    weekly_hours: Fraction | int,
    policy: Policy,
    scale: GradingScale,
    period: str = "",
    most_works: int = MOST_WORKS,
) -> WhatIf:
    """Return the smallest sets of next marks that lead to a wanted term mark, or better.

    wanted: a mark of the scale. kinds: the kinds of work that may still come; of those that weigh the same the first
    speaks for all. A way has marks of one kind and sign, or the best mark in two kinds (at most MOST_MIXED works); none
    has more than most_works, and none is more than another way with something added.
    Judged by the rule of the term mark whatever the forecast method is. Raises ValueError for a mark outside the scale.
    """
    if wanted not in scale.values:
        raise ValueError(wanted)
    chance = _Chance(marks, wanted, weekly_hours=weekly_hours, policy=policy, scale=scale, period=period)
    clause = policy.clause("term_thresholds")
    if chance.reaches(()):
        return WhatIf(wanted, True, (), "", clause)
    offered = list({kind.weight: kind for kind in reversed(kinds)}.values())
    offered.sort(key=lambda kind: -kind.weight)
    ways = [*_uniform(chance, offered, scale, most_works), *_mixed(chance, offered, scale, most_works)]
    ways.sort(key=lambda way: (way.works, [scale.values.index(step.value) for step in way.steps]))
    return WhatIf(wanted, False, tuple(ways), "" if ways else chance.why_not(offered, most_works), clause)


def year_ways(wanted: str, *, terms: Sequence[str | None], policy: Policy, scale: GradingScale) -> YearWhatIf:
    """Return which marks of the terms that are not set lead to a year mark, or better.

    Every way is the lowest: with any of its marks one lower it would not lead there. Raises ValueError for a mark
    outside the scale.
    """
    if wanted not in scale.values:
        raise ValueError(wanted)
    open_terms = sum(term is None for term in terms)
    known = [term for term in terms if term is not None]
    if not open_terms:
        return YearWhatIf(wanted, (), "отметки за все периоды уже стоят")
    lowest_first = list(reversed(scale.values))
    found: list[tuple[str, ...]] = []
    for marks in combinations_with_replacement(lowest_first, open_terms):
        year = propose_year_mark([*known, *marks], policy=policy, scale=scale).value
        if not is_numeric(year) or scale.values.index(str(year)) > scale.values.index(wanted):
            continue
        way = tuple(sorted(marks, key=scale.values.index))
        # Combinations come lowest first, so a way that is higher in every place than a found one is no way of its own.
        if not any(_is_not_lower(way, other, scale) for other in found):
            found.append(way)
    why_not = "" if found else "даже лучших отметок за оставшиеся периоды не хватит"
    return YearWhatIf(wanted, tuple(found), why_not)


class _Chance:
    """The sums of the marks that stand, so that each try is a few additions."""

    def __init__(
        self,
        marks: Sequence[CountedMark],
        wanted: str,
        *,
        weekly_hours: Fraction | int,
        policy: Policy,
        scale: GradingScale,
        period: str,
    ) -> None:
        self.policy, self.scale = policy, scale
        self.good = frozenset(scale.values[: scale.values.index(wanted) + 1])
        self.weight = sum(mark.weight for mark in marks)
        mean = weighted_mean(marks, scale=scale)
        self.points = mean * self.weight if mean is not None else Fraction(0)
        self.signs: Counter[str] = signs_of(marks)
        needed = minimum_marks(weekly_hours=weekly_hours, policy=policy, period=period)
        # A warning does not stand in the way of a mark; «н/а» or nothing does.
        self.short = max(0, needed - len(marks)) if policy.marks_below_norm != "WARN" else 0

    def value_with(self, steps: Iterable[Step]) -> tuple[Fraction | None, str | None]:
        """Return the mean and the mark that these marks would lead to."""
        points, weight, signs, works = self.points, self.weight, Counter(self.signs), 0
        for step in steps:
            points += self.scale.points(step.value) * step.kind.weight * step.how_many
            weight += step.kind.weight * step.how_many
            signs[step.value] += step.how_many
            works += step.how_many
        mean = Fraction(points, weight) if weight else None
        value = judge_mean(mean, thresholds=self.policy.term_thresholds, policy=self.policy, signs=signs).value
        if works < self.short:
            value = NOT_ATTESTED
        return mean, value

    def reaches(self, steps: Iterable[Step]) -> bool:
        return self.value_with(steps)[1] in self.good

    def way(self, *steps: Step) -> Way:
        mean, value = self.value_with(steps)
        return Way(steps, mean if mean is not None else Fraction(0), str(value))

    def why_not(self, kinds: Sequence[WorkKind], most_works: int) -> str:
        """Return what stands in the way: a bar, the number of works, or that no work is left."""
        if not kinds:
            return "работ впереди нет"
        best = Step(self.scale.values[0], kinds[0], most_works)
        free = replace(self.policy, bars=())
        mean, _value = self.value_with((best,))
        if judge_mean(mean, thresholds=free.term_thresholds, policy=free).value in self.good:
            bars = [row for row in self.policy.bars if row.value in self.good and self.signs[row.by] >= row.how_many]
            if bars:
                has = marks_counted(self.signs[bars[0].by], bars[0].by)
                return f"среди отметок {has}, а это ей мешает ({self.policy.clause('bars')})"
            return f"нужно ещё {counted(self.short, 'отметка', 'отметки', 'отметок')}, это больше {most_works} работ"
        return f"не хватит и {most_works} работ с отметкой «{best.value}» и весом {best.kind.weight}"


def _uniform(chance: _Chance, kinds: Sequence[WorkKind], scale: GradingScale, most: int) -> Iterator[Way]:
    """Yield for each kind the fewest marks of each sign, but no sign whose next lower one needs no more of them."""
    for kind in kinds:
        found = [_fewest(chance, sign, kind, most) for sign in scale.values]
        steps = [step for step in found if step is not None]
        for step, lower in zip_longest(steps, steps[1:]):
            if lower is None or lower.how_many > step.how_many:
                yield chance.way(step)


def _fewest(chance: _Chance, sign: str, kind: WorkKind, most: int) -> Step | None:
    tries = (Step(sign, kind, number) for number in range(1, most + 1))
    return next((step for step in tries if chance.reaches((step,))), None)


def _mixed(chance: _Chance, kinds: Sequence[WorkKind], scale: GradingScale, most: int) -> Iterator[Way]:
    """Yield sets of the best mark in two kinds of which no work may be left out."""
    best, most = scale.values[0], min(MOST_MIXED, most)
    pairs = [(heavy, light) for place, heavy in enumerate(kinds) for light in kinds[place + 1 :]]
    for heavy, light in pairs:
        for one in range(1, most):
            for other in range(1, most - one + 1):
                steps = (Step(best, heavy, one), Step(best, light, other))
                fewer = [
                    tuple(step for step in (replace(steps[0], how_many=one - 1), steps[1]) if step.how_many),
                    tuple(step for step in (steps[0], replace(steps[1], how_many=other - 1)) if step.how_many),
                ]
                if chance.reaches(steps) and not any(chance.reaches(few) for few in fewer):
                    yield chance.way(*steps)


def _is_not_lower(way: tuple[str, ...], other: tuple[str, ...], scale: GradingScale) -> bool:
    return all(scale.points(one) >= scale.points(two) for one, two in zip(way, other, strict=True))
