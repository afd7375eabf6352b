"""From which day to which a page of absences looks: a term, a month, free dates, or the year."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from letopis.core.days import month_title
from letopis.rules.dates import parse_day
from letopis.rules.russian import short_date
from letopis.schooling.models import AcademicYear, Term


@dataclass(frozen=True, slots=True)
class Choice:
    """One way of the filter."""

    key: str
    """«term-2», «month-2026-11», «year»; goes into the address as ?period=."""
    title: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Period:
    """The chosen days and what else could be chosen."""

    chosen: Choice
    terms: tuple[Choice, ...]
    months: tuple[Choice, ...]
    year: Choice

    @property
    def first(self) -> date:
        return self.chosen.first

    @property
    def last(self) -> date:
        return self.chosen.last


def period_of(year: AcademicYear, *, grade: int | None, asked: Mapping[str, str], today: date) -> Period:
    """Return the period the address asks for; without one, the term of today. One query.

    grade: whose terms; None takes quarters. asked: period, or from and to, as days of any spelling; was: the days
    that the form had shown.
    """
    terms = Term.objects.filter(year=year).order_by("starts_on", "kind")
    rows = [term for term in terms if _has(term, grade)]
    choices = tuple(Choice(f"term-{term.number}", term.title, term.starts_on, term.ends_on) for term in rows)
    months, whole = tuple(_months(year, today)), Choice("year", year.label, year.starts_on, year.ends_on)
    chosen = next((one for one in (*choices, *months, whole) if one.key == asked.get("period")), None)
    first, last = parse_day(asked.get("from", "")), parse_day(asked.get("to", ""))
    if first and last and asked.get("was", f"{first}/{last}") != f"{first}/{last}":
        # Whoever changed the days of the form means them, whatever the list beside them still says.
        chosen = None
    if chosen is None and first and last and first <= last:
        chosen = Choice("", f"{short_date(first)} – {short_date(last)}", first, last)
    if chosen is None:
        day = min(max(today, year.starts_on), year.ends_on)
        begun = [one for one in choices if one.first <= day]
        chosen = begun[-1] if begun else whole
    return Period(chosen, choices, months, whole)


def _has(term: Term, grade: int | None) -> bool:
    return term.kind == Term.Kind.QUARTER if grade is None else term.grade_from <= grade <= term.grade_to


def _months(year: AcademicYear, today: date) -> list[Choice]:
    found, first = [], year.starts_on.replace(day=1)
    while first <= min(year.ends_on, max(today, year.starts_on)):
        last = first.replace(day=monthrange(first.year, first.month)[1])
        found.append(Choice(f"month-{first:%Y-%m}", month_title(first.month).capitalize(), first, last))
        first = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return found
