"""Which terms a subject is marked by: quarters for most, half-years for a subject of one lesson a week (C-002)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from letopis.rules.names import match_key
from letopis.rules.policy import Policy
from letopis.rules.verdict import ALLOWED, Verdict, refused

QUARTER, TRIMESTER, HALF_YEAR, MODULE, YEAR = "QUARTER", "TRIMESTER", "HALF_YEAR", "MODULE", "YEAR"

_FOR = {
    QUARTER: "за четверть",
    TRIMESTER: "за триместр",
    HALF_YEAR: "за полугодие",
    MODULE: "за модуль",
    YEAR: "за год",
}


@dataclass(frozen=True, slots=True)
class TermSpan:
    """A term of the year as the rules see it."""

    key: int
    kind: str
    starts_on: date
    ends_on: date


def period_kind(*, grade: int, subject: str, weekly_hours: Fraction, policy: Policy) -> str:
    """Return by which kind of term a subject is marked: the first row of the policy's scheme that fits.

    A scheme without a fitting row gives the terms the grade has: an empty text. Source: ORG-013, C-002.
    """
    for row in policy.term_schemes:
        fits_subject = not row.subjects or match_key(subject) in {match_key(name) for name in row.subjects}
        fits_hours = row.up_to_hours is None or weekly_hours <= row.up_to_hours
        if fits_subject and fits_hours and (not row.grades or grade in row.grades):
            return row.period
    return ""


def marked_terms(terms: Sequence[TermSpan], *, kind: str) -> Mapping[int, date]:
    """Return the terms that a subject is marked in, each with the first day whose marks count for it.

    terms: those of the grade, in order. Where the grade has terms of the wanted kind, they are the ones. Where it has
    quarters and the subject is marked by half-years, the second and the fourth quarter carry the mark, of two quarters
    each; by the year, the last term carries it. A kind that the terms do not give leaves every term marked.
    """
    own = [term for term in terms if term.kind == kind]
    if own:
        return {term.key: term.starts_on for term in own}
    if not terms:
        return {}
    if kind == YEAR:
        return {terms[-1].key: terms[0].starts_on}
    if kind == HALF_YEAR and len(terms) % 2 == 0:
        half = len(terms) // 2
        return {terms[half - 1].key: terms[0].starts_on, terms[-1].key: terms[half].starts_on}
    return {term.key: term.starts_on for term in terms}


def may_mark_in(term: int, marked: Mapping[int, date], *, kind: str, policy: Policy) -> Verdict:
    """Say whether a subject has a mark of its own in a term. marked: `marked_terms`."""
    if term in marked:
        return ALLOWED
    return refused(
        "NOT_MARKED_IN_TERM",
        f"По этому предмету отметку ставят {period_words(kind)}: в этом периоде её не должно быть.",
        clause=policy.clause("term_schemes"),
    )


def period_words(kind: str) -> str:
    """Return «за полугодие»."""
    return _FOR.get(kind, "за период")
