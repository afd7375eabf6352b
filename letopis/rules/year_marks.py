"""The proposed mark of a year: the mean of the marks of its terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from letopis.rules.decimals import format_exact, format_mean, is_rounded
from letopis.rules.policy import GradingScale, Policy, Threshold
from letopis.rules.results import FAILED, PASSED, is_numeric, result_sign
from letopis.rules.results import UNGRADED as UNGRADED_RESULT
from letopis.rules.russian import plural
from letopis.rules.term_marks import mark_name, threshold_reached


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
    The mean is an exact Fraction, compared exactly with policy.year_thresholds.
    Raises NoMarks when terms is empty. Source: local act on attestation; policy option year_thresholds.
    """
    return int(_mean_and_threshold(terms, policy=policy)[1].value)


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
    mean, reached, better = _mean_and_threshold(marks, policy=policy)
    return YearProposal(
        value=reached.value,
        mean=mean,
        explanation=_explanation(marks, mean, reached, better, terms=terms, missing=missing, policy=policy),
        why_not="",
        missing=missing,
    )


def _mean_and_threshold(marks: Sequence[int], *, policy: Policy) -> tuple[Fraction, Threshold, Threshold | None]:
    if not marks:
        raise NoMarks
    mean = Fraction(sum(marks), len(marks))
    reached, better = threshold_reached(mean, thresholds=policy.year_thresholds)
    if reached is None:
        raise NoMarks
    return mean, reached, better


def _explanation(
    marks: Sequence[int],
    mean: Fraction,
    reached: Threshold,
    better: Threshold | None,
    *,
    terms: Sequence[str | None],
    missing: tuple[int, ...],
    policy: Policy,
) -> str:
    exact = f" (точно {mean})" if is_rounded(mean) else ""
    formula = f"({' + '.join(str(mark) for mark in marks)}) : {len(marks)} {'≈' if exact else '='} {format_mean(mean)}"
    thresholds = ", ".join(
        f"порог {mark_name(one.value)} {format_exact(one.at_least)}"
        for one in (reached, better)
        if one and one.at_least
    )
    absent = f"; не выставлено за период: {', '.join(map(str, missing))}" if missing else ""
    clause = policy.clause("year_thresholds")
    return f"{formula}{exact}; {thresholds} — {clause}{_kept_out(terms)}{absent}"


def _kept_out(terms: Sequence[str | None]) -> str:
    signs = [result_sign(code) for code in terms if code is not None and not is_numeric(code)]
    return f"; не считаются: {', '.join(signs)}" if signs else ""


def _proposed(value: str, explanation: str, *, missing: tuple[int, ...]) -> YearProposal:
    return YearProposal(value=value, mean=None, explanation=explanation, why_not="", missing=missing)


def _nothing(why_not: str, *, missing: tuple[int, ...]) -> YearProposal:
    return YearProposal(value=None, mean=None, explanation="", why_not=why_not, missing=missing)
