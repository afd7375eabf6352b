"""Why a number is what it is: every mark with its work, day and weight, the formula, thresholds and clauses.

The same for the teacher, who sees the proposal of a term, and for the family, who sees the forecast of today.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from letopis.register.queries.period_marks import Judged, Period, as_counted
from letopis.register.queries.term_marks import ShownMark, counted
from letopis.rules.decimals import format_exact, format_mean, is_rounded
from letopis.rules.forecast import Forecast, forecast_term
from letopis.rules.results import result_sign
from letopis.rules.supposed import Supposed, read_supposed
from letopis.rules.term_marks import CountedMark, Proposal, propose_term_mark
from letopis.rules.verdict import Verdict
from letopis.rules.what_if import WhatIf, ways_to


@dataclass(frozen=True, slots=True)
class WhyMark:
    """A mark with what it brings."""

    value: str
    work: str
    """Kind of work and its title: «Контрольная работа: Квадратные уравнения»."""
    on: date | None
    """None for a mark from another school."""
    weight: int | None
    """None for what does not count."""
    brings: str
    """«5·3 = 15»; empty for what does not count."""
    note: str = ""
    """The other school; why it does not count."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the explanation."""

    title: str
    text: str
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """The explanation of one proposed or forecast mark."""

    marks: tuple[WhyMark, ...]
    total: str
    """Sums below the marks: «47», «14»; empty without marks."""
    total_weight: int
    value: str
    """Sign of the proposed mark; empty when nothing is proposed."""
    mean: str
    proposal: Proposal
    forecast: Forecast
    facts: tuple[Fact, ...]

    @property
    def forecast_sign(self) -> str:
        return result_sign(self.forecast.value)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks with «что, если»: from the address."""

    wanted: str = ""
    supposed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WhatIfAnswer:
    """The answer, and the marks that were supposed."""

    wanted: str
    trouble: str
    """What was not understood; then nothing else is answered."""
    supposed: tuple[Supposed, ...]
    answer: WhatIf | None
    result: Forecast | None
    """What the supposed marks lead to; None when nothing is supposed."""

    @property
    def result_sign(self) -> str:
        return result_sign(self.result.value) if self.result else ""

    @property
    def is_told_by_result(self) -> bool:
        """The supposed marks reach the wish: what they give says it all."""
        return bool(self.supposed and self.answer and self.answer.is_reached)

    @property
    def result_mean(self) -> str:
        return format_mean(self.result.mean) if self.result and self.result.mean is not None else ""

    @property
    def ways(self) -> list[tuple[str, str]]:
        """What to get, and the mean it would give."""
        return [(way.words(), format_mean(way.mean)) for way in self.answer.ways] if self.answer else []


def why_of(marks: Sequence[ShownMark], *, judged: Judged, period: Period) -> Why:
    """Return the explanation of the mark that these marks lead to. No query. marks: oldest first."""
    known = as_counted(marks, policy=judged.policy, scale=judged.scale)
    proposal = propose_term_mark(known, **judged.for_rule)
    return Why(
        marks=tuple(_why_mark(mark, judged=judged) for mark in marks),
        total=format_exact(proposal.total_points) if known else "",
        total_weight=proposal.total_weight,
        value=result_sign(proposal.value),
        mean=format_mean(proposal.mean) if proposal.mean is not None else "",
        proposal=proposal,
        forecast=forecast_term(known, **judged.for_rule),
        facts=tuple(_facts(proposal, judged=judged, period=period)),
    )


def what_if(marks: Sequence[ShownMark], asked: Asked, *, judged: Judged) -> WhatIfAnswer:
    """Return what leads to the wanted mark, and what the supposed marks lead to. No query; nothing is stored.

    Without a wish the next better mark than that of today is asked for.
    """
    known, scale = as_counted(marks, policy=judged.policy, scale=judged.scale), judged.scale
    read = read_supposed(asked.supposed, policy=judged.policy, scale=scale)
    if isinstance(read, Verdict):
        return WhatIfAnswer("", read.sentence, (), None, None)
    known += [one.mark for one in read]
    now = forecast_term(known, **judged.for_rule)
    wanted = asked.wanted or _better(now.value, scale.values)
    if wanted and wanted not in scale.values:
        shown = wanted if len(wanted) <= 20 else f"{wanted[:20]}…"
        signs = ", ".join(scale.values)
        trouble = _("«%(wanted)s» – не отметка. Выберите одну из шкалы: %(signs)s.") % {"wanted": shown, "signs": signs}
        return WhatIfAnswer("", trouble, read, None, now if read else None)
    answer = ways_to(wanted, marks=known, kinds=judged.policy.work_kinds, **judged.for_rule) if wanted else None
    return WhatIfAnswer(wanted, "", read, answer, now if read else None)


def _better(value: str | None, signs: Sequence[str]) -> str:
    if not signs:
        return ""
    place = signs.index(value) if value in signs else 1
    return signs[max(0, place - 1)]


def _why_mark(mark: ShownMark, *, judged: Judged) -> WhyMark:
    policy = judged.policy
    kind = next((one for one in policy.work_kinds if one.code == (mark.kind or policy.default_work_kind)), None)
    named = kind.title if kind else mark.kind
    # «Контрольная работа № 3» says its kind itself.
    work = f"{named}: {mark.title}" if mark.title and not mark.title.startswith(named) else mark.title or named
    on = None if mark.school else mark.on
    note = _("из другой школы: %(school)s") % {"school": mark.school} if mark.school else ""
    if not as_counted([mark], policy=policy, scale=judged.scale):
        return WhyMark(mark.value, work, on, None, "", note or _("не отметка: в среднее не входит"))
    one = counted(mark, policy=policy)
    points = _points(one, judged=judged)
    brings = f"{format_exact(points)}·{one.weight} = {format_exact(points * one.weight)}"
    return WhyMark(mark.value, work, on, one.weight, brings, note)


def _points(mark: CountedMark, *, judged: Judged) -> Fraction:
    first = Fraction(judged.scale.points(mark.value))
    return (first + judged.scale.points(mark.second)) / 2 if mark.second else first


def _facts(proposal: Proposal, *, judged: Judged, period: Period) -> list[Fact]:
    policy, mean = judged.policy, proposal.mean
    if not proposal.is_graded:
        return [Fact(_("Как считается"), proposal.explanation(), policy.clause("ungraded_grades"))]
    facts = [
        Fact(
            _("Какие дни"),
            _("отметки с %(first)s по %(last)s")
            % {"first": f"{period.first:%d.%m.%Y}", "last": f"{period.last:%d.%m.%Y}"},
            policy.clause("term_schemes"),
        )
    ]
    if mean is not None:
        facts.append(Fact(_("Формула"), proposal.formula(), policy.clause("work_kinds")))
        exact = f"{mean} ≈ {format_mean(mean)}" if is_rounded(mean) else format_exact(mean)
        facts.append(Fact(_("Точное среднее"), exact))
        facts.append(Fact(_("Порог"), proposal.thresholds(), proposal.clause))
    # Each sentence about rounding, favour and bars ends with its own clause.
    facts += [Fact(_("Что решило"), one[:1].upper() + one[1:]) for one in proposal.decided]
    facts.append(Fact(_("Накопляемость"), _norm(proposal), policy.clause("minimum_marks")))
    if proposal.below_norm and mean is not None:
        words = {
            "WARN": _("отметка предлагается с предупреждением"),
            "NONE": _("отметка не предлагается"),
        }.get(proposal.below_norm, _("предлагается «н/а»"))
        facts.append(Fact(_("Отметок мало"), words, proposal.norm_clause))
    return facts


def _norm(proposal: Proposal) -> str:
    count = ngettext("%(n)s отметка", "отметок: %(n)s", proposal.marks_counted) % {"n": proposal.marks_counted}
    if not proposal.minimum_marks:
        return _("%(count)s; наименьшее число не задано") % {"count": count}
    return _("%(count)s, нужно не меньше %(least)s") % {"count": count, "least": proposal.minimum_marks}
