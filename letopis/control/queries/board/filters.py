"""What the board shows: kept in the address, so that a link is a question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from letopis.control.queries.obligations import Scope
from letopis.core.web import read_code
from letopis.people.access import Actor
from letopis.people.models import Employee
from letopis.rules.dates import parse_day
from letopis.rules.names import match_key, short_name
from letopis.rules.obligations import KINDS, OPEN_STATES, STATES, Obligation, TermFacts
from letopis.schooling.models import AcademicYear, SchoolClass, Subject
from letopis.schooling.queries.page_facts import term_rows
from letopis.schooling.queries.years import year_of_day, years_of

NOT_DONE = "open"
"""Value of ?state=: everything that is not done yet."""
NOBODY = "none"
"""Value of ?teacher=, ?class= and ?subject=: duties of a vacancy, of a group without a class, of a class as a whole."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a filter."""

    value: str
    title: str


@dataclass(frozen=True, slots=True)
class Names:
    """Codes and names of what duties point to by key. Three queries for a school."""

    teachers: Mapping[int, Choice]
    classes: Mapping[int, Choice]
    subjects: Mapping[int, Choice]

    def teacher(self, key: int | None) -> str:
        """Return the short name; empty for a vacancy."""
        found = self.teachers.get(key or 0)
        return found.title if found else ""


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for. Empty values ask for everything."""

    year: AcademicYear
    first: date
    last: date
    term: str = ""
    """«QUARTER-2»; empty where the days were typed."""
    school_class: int | None = None
    subject: int | None = None
    teacher: int | None = None
    """Of these three 0 asks for NOBODY."""
    kind: str = ""
    state: str = ""
    """One of rules.obligations.STATES, or NOT_DONE."""

    def scope(self) -> Scope:
        """Return whose duties are read; a teacher's own are read alone."""
        return Scope(self.year, self.first, self.last, teacher=self.teacher or None)

    def wants(self, one: Obligation) -> bool:
        """Say whether a duty fits everything but its kind and state."""
        return (
            (self.school_class is None or one.page.school_class == self.school_class)
            and (self.subject is None or one.page.subject == self.subject)
            and (self.teacher is None or (one.who or 0) == self.teacher)
        )

    def lists(self, one: Obligation, *, alone: bool) -> bool:
        """Say whether a duty stands in the list. alone: lessons as a whole are not asked for, so their parts are."""
        if (self.kind and one.kind != self.kind) or (one.is_part and not alone):
            return False
        if self.state == NOT_DONE:
            return one.state in OPEN_STATES
        return not self.state or one.state == self.state


def read_filters(
    actor: Actor,
    asked: Mapping[str, str],
    *,
    names: Names,
    year: AcademicYear,
    terms: Sequence[TermFacts],
    own: int | None = None,
) -> Filters:
    """Return the filters of an address; what is not understood asks for everything. By default the term of today.

    own: the employee whose duties alone are shown, whatever the address says; by default since the year began, because
    what he left undone in the terms before is still his, and his reminder counts it.
    """
    wanted = {term_key(term): term for term in terms}
    term = wanted.get(asked.get("term", "")) or term_of_day(terms, actor.today)
    first, last = parse_day(asked.get("first", "")), parse_day(asked.get("last", ""))
    if own and term and term_key(term) != asked.get("term") and not (first or last):
        first, last = year.starts_on, term.ends_on
    by_days = bool(first or last)
    begin = first or (term.starts_on if term else year.starts_on)
    end = last or (min(term.ends_on, actor.today) if term else actor.today)
    begin = min(max(begin, year.starts_on), year.ends_on)
    end = min(max(end, begin), year.ends_on)
    kind, state = asked.get("kind", ""), asked.get("state", "")
    return Filters(
        year=year,
        first=begin,
        last=max(end, term.ends_on) if term and not by_days else end,
        term=term_key(term) if term and not by_days else "",
        school_class=_key(names.classes, asked.get("class", "")),
        subject=_key(names.subjects, asked.get("subject", "")),
        teacher=own or _key(names.teachers, asked.get("teacher", "")),
        kind=kind if kind in KINDS else "",
        state=state if state in STATES or state == NOT_DONE else "",
    )


def term_key(term: TermFacts) -> str:
    """Return the value of ?term=."""
    return f"{term.kind}-{term.number}"


def term_of_day(terms: Sequence[TermFacts], day: date) -> TermFacts | None:
    """Return the shortest term of the day; between terms the last that began; before all the first."""
    here = [one for one in terms if one.starts_on <= day <= one.ends_on]
    begun = [one for one in terms if one.starts_on <= day]
    if here:
        return min(here, key=lambda one: one.ends_on - one.starts_on)
    return max(begun, key=lambda one: one.ends_on) if begun else next(iter(terms), None)


def year_for(actor: Actor, label: str) -> tuple[AcademicYear | None, list[AcademicYear]]:
    """Return the asked year of a school, by default that of today, and all of them. One query."""
    years = years_of(actor.organisation)
    year = next((one for one in years if str(one.starts_on.year) == label), None) or year_of_day(years, actor.today)
    if year is not None:
        year.organisation = actor.organisation
    return year, years


def terms_of(year: AcademicYear) -> list[TermFacts]:
    """Return the terms of a year, each kind and number once. One query."""
    return list({term_key(term): term for term, _low, _high in term_rows(year)}.values())


def names_of(year: AcademicYear) -> Names:
    """Return the names of a school in the order of lists. Three queries."""
    people = ("pk", "code", "person__last_name", "person__first_name", "person__middle_name")
    teachers: Any = Employee.objects.filter(organisation=year.organisation_id).order_by("person__sort_key", "pk")
    classes = SchoolClass.objects.filter(year=year).order_by("grade", "letter", "pk")
    subjects = Subject.objects.filter(organisation=year.organisation_id).order_by("sort_key", "pk")
    return Names(
        {pk: Choice(str(code), short_name(*name)) for pk, code, *name in teachers.values_list(*people)},
        {pk: Choice(str(code), f"{n}{a}") for pk, code, n, a in classes.values_list("pk", "code", "grade", "letter")},
        {pk: Choice(str(code), name) for pk, code, name in subjects.values_list("pk", "code", "name")},
    )


def in_order(names: Mapping[int, Choice], keys: set[int]) -> list[Choice]:
    """Return the choices among the keys, by name."""
    return sorted((names[key] for key in keys if key in names), key=lambda one: match_key(one.title))


def _key(names: Mapping[int, Choice], code: str) -> int | None:
    if code == NOBODY:
        return 0
    wanted: UUID | None = read_code(code)
    return next((key for key, one in names.items() if wanted is not None and one.value == str(wanted)), None)
