"""Which terms of the year a course or a subject is marked in."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from letopis.rules.policy import Policy
from letopis.rules.terms import TermSpan, marked_terms, period_kind
from letopis.schooling.models import Term


def kind_of(*, grade: int, subject: str, weekly_hours: Decimal, policy: Policy) -> str:
    """Return by which kind of term a subject is marked (rules.terms.period_kind)."""
    return period_kind(grade=grade, subject=subject, weekly_hours=Fraction(weekly_hours), policy=policy)


def marked_in(terms: Sequence[Term], *, kind: str) -> Mapping[int, date]:
    """Return the keys of the terms that carry a mark, each with the first day whose marks count. No query."""
    return marked_terms([TermSpan(one.pk, one.kind, one.starts_on, one.ends_on) for one in terms], kind=kind)


def carriers(terms: Sequence[Term], *, kind: str) -> Mapping[int, int]:
    """Return by key of each term that of the term whose mark its lessons lead to (C-002). No query.

    terms: of the grade, in order.
    """
    marked = marked_in(terms, kind=kind)
    return {
        term.pk: next((one.pk for one in terms if one.pk in marked and one.ends_on >= term.ends_on), term.pk)
        for term in terms
    }
