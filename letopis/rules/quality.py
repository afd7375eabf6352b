"""Figures of a statement: average, успеваемость and качество знаний, as exact fractions."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from letopis.rules.results import FAILED, NOT_ATTESTED, is_numeric

EXCELLENT = "EXCELLENT"
GOOD = "GOOD"
ONE_THREE = "ONE_THREE"
PASSING = "PASSING"
FAILING = "FAILING"

_FAILURES = frozenset({"2", FAILED, NOT_ATTESTED})


@dataclass(frozen=True, slots=True)
class Quality:
    """Figures of a column, or of one pupil."""

    marks: int
    average: Fraction | None
    success: Fraction | None
    """Share of results that are no failure: успеваемость."""
    quality: Fraction | None
    """Share of fours and fives among the marks: качество знаний."""


def quality_of(codes: Iterable[str | None]) -> Quality:
    """Return the figures of results; not set ones do not count.

    Words are kept out of the average and of the quality (field facts 4.2); незачёт and н/а fail in успеваемость.
    """
    known = [code for code in codes if code]
    marks = [int(code) for code in known if is_numeric(code)]
    judged = [code for code in known if is_numeric(code) or code in _FAILURES]
    return Quality(
        marks=len(marks),
        average=Fraction(sum(marks), len(marks)) if marks else None,
        success=_share(sum(code not in _FAILURES for code in judged), len(judged)),
        quality=_share(sum(mark >= 4 for mark in marks), len(marks)),
    )


def level_of(codes: Iterable[str | None]) -> str:
    """Return how a pupil stands by his results: one of the levels, or nothing without marks."""
    known = [code for code in codes if code]
    marks = [code for code in known if is_numeric(code)]
    if any(code in _FAILURES for code in known):
        return FAILING
    if not marks:
        return ""
    threes = marks.count("3")
    if threes:
        return ONE_THREE if threes == 1 else PASSING
    return GOOD if "4" in marks else EXCELLENT


def class_quality(levels: Iterable[str]) -> Quality:
    """Return the figures of a class from the levels of its pupils: the share that passes, the share without threes."""
    known = [level for level in levels if level]
    return Quality(
        marks=len(known),
        average=None,
        success=_share(sum(level != FAILING for level in known), len(known)),
        quality=_share(sum(level in (EXCELLENT, GOOD) for level in known), len(known)),
    )


def percent(share: Fraction | None) -> str:
    """Return «87 %», halves up; nothing for nothing."""
    if share is None:
        return ""
    return f"{(200 * share.numerator + share.denominator) // (2 * share.denominator)} %"


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None
