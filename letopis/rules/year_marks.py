"""The proposed mark of a year: the mean of the marks of its terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from letopis.rules.decimals import format_exact, format_mean, is_rounded
from letopis.rules.policy import GradingScale, Policy
from letopis.rules.results import FAILED, PASSED, is_numeric, result_sign
from letopis.rules.results import UNGRADED as UNGRADED_RESULT
from letopis.rules.russian import plural
from letopis.rules.thresholds import Reached, judge_mean, mark_name, what_decided


class NoMarks(ValueError):
    """A mean was asked of no marks at all."""


@dataclass(frozen=True, slots=True)
class YearProposal:
    """A proposed year mark, or why there is none."""

    value: str | None
    """A mark of the scale, PASSED or UNGRADED; None when there is nothing to propose."""
    mean: Fraction | None
    explanation: str
    """How the value was found, in Russian; empty when there is none."""
    why_not: str
    """Why nothing is proposed, in Russian; empty when something is."""
    missing: tuple[int, ...] = ()
    """Numbers of the terms, from 1, whose mark is not set. They forbid no proposal: a pupil may have come late."""


def year_mark(terms: Sequence[int], *, policy: Policy) -> int:
    """Return the year mark from the marks of the terms.

    terms: one mark per term, 2 to 5, in order; at least one.
    The mean is an exact Fraction, compared with policy.year_thresholds as mean_places and favour_pupil_by say.
    Raises NoMarks when terms is empty. Source: local act on attestation; policy option year_thresholds.
    """
    value = _judged(terms, policy=policy)[1].value
    if value is None:
        raise NoMarks
    return int(value)


def propose_year_mark(terms: Sequence[str | None], *, policy: Policy, scale: GradingScale) -> YearProposal:
    """Return the proposal for the year.

    terms: code of the result of each term in order (see `results`), None where it is not set.
    Results that are no marks (осв, н/а, зачёт) are kept out of the mean. All passed gives PASSED; a failed term gives
    no proposal, because the council decides. Fewer marks than policy.year_mark_minimum_terms give no proposal.
    """
    missing = tuple(number for number, code in enumerate(terms, start=1) if code is None)
    marks = [int(code) for code in terms if code is not None and is_numeric(code)]
    words = {code for code in terms if code is not None and not is_numeric(code)}
    if not scale.values or (not marks and words == {UNGRADED_RESULT}):
        return _proposed(UNGRADED_RESULT, "обучение безотметочное", missing=missing)
    if not marks and words == {PASSED}:
        return _proposed(PASSED, "все периоды — зачёт", missing=missing)
    if FAILED in words:
        return _nothing("есть незачёт: решает педагогический совет", missing=missing)
    if len(marks) < policy.year_mark_minimum_terms:
        needed = policy.year_mark_minimum_terms
        have = plural(len(marks), "отметка", "отметки", "отметок")
        return _nothing(
            f"{len(marks)} {have} за периоды, а нужно не меньше {needed}{_kept_out(terms)}", missing=missing
        )
    mean, reached = _judged(marks, policy=policy)
    if reached.value is None:
        return _nothing("среднее ниже всех порогов", missing=missing)
    return YearProposal(
        value=reached.value,
        mean=mean,
        explanation=_explanation(marks, mean, reached, terms=terms, missing=missing, policy=policy),
        why_not="",
        missing=missing,
    )


def _judged(marks: Sequence[int], *, policy: Policy) -> tuple[Fraction, Reached]:
    if not marks:
        raise NoMarks
    mean = Fraction(sum(marks), len(marks))
    return mean, judge_mean(mean, thresholds=policy.year_thresholds, policy=policy)


def _explanation(
    marks: Sequence[int],
    mean: Fraction,
    reached: Reached,
    *,
    terms: Sequence[str | None],
    missing: tuple[int, ...],
    policy: Policy,
) -> str:
    exact = f" (точно {mean})" if is_rounded(mean) else ""
    formula = f"({' + '.join(str(mark) for mark in marks)}) : {len(marks)} {'≈' if exact else '='} {format_mean(mean)}"
    thresholds = ", ".join(
        f"порог {mark_name(one.value)} {format_exact(one.at_least)}"
        for one in (reached.threshold, reached.better)
        if one and one.at_least
    )
    absent = f"; не выставлено за период: {', '.join(map(str, missing))}" if missing else ""
    clause = policy.clause("year_thresholds")
    decided = "".join(f"; {one}" for one in what_decided(reached, mean=mean, policy=policy))
    return f"{formula}{exact}; {thresholds} — {clause}{decided}{_kept_out(terms)}{absent}"


def _kept_out(terms: Sequence[str | None]) -> str:
    signs = [result_sign(code) for code in terms if code is not None and not is_numeric(code)]
    return f"; не считаются: {', '.join(signs)}" if signs else ""


def _proposed(value: str, explanation: str, *, missing: tuple[int, ...]) -> YearProposal:
    return YearProposal(value=value, mean=None, explanation=explanation, why_not="", missing=missing)


def _nothing(why_not: str, *, missing: tuple[int, ...]) -> YearProposal:
    return YearProposal(value=None, mean=None, explanation="", why_not=why_not, missing=missing)
