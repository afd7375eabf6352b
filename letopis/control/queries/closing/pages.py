"""The pages of the closing: the classes of a term, and one class with every gap."""

from dataclasses import dataclass

from django.db.models import QuerySet

from letopis.control.queries.closing.facts import Found, facts_of
from letopis.control.queries.closing.lines import GapLine, gap_line
from letopis.people.access import Actor
from letopis.register.models import PeriodClosing
from letopis.rules.closing import Lack, is_gap, may_close_period, said
from letopis.rules.policy import Policy
from letopis.rules.verdict import Verdict
from letopis.schooling.models import AcademicYear, SchoolClass, Term

SHOWN = 200
"""The most lines of one kind that a page lists; the sums count all."""


@dataclass(frozen=True, slots=True)
class LackCount:
    """How many things of a kind a class lacks."""

    lack: Lack
    number: int
    is_gap: bool

    @property
    def words(self) -> str:
        """«3 урока без записи»."""
        return said(self.lack, self.number)


@dataclass(frozen=True, slots=True)
class ClassReadiness:
    """A class in a term."""

    school_class: SchoolClass
    closing: PeriodClosing | None
    """That stands now."""
    lacks: tuple[LackCount, ...]

    @property
    def gaps(self) -> tuple[LackCount, ...]:
        return tuple(one for one in self.lacks if one.is_gap)

    @property
    def warnings(self) -> tuple[LackCount, ...]:
        return tuple(one for one in self.lacks if not one.is_gap)

    @property
    def is_ready(self) -> bool:
        return self.closing is None and not self.gaps


@dataclass(frozen=True, slots=True)
class TermReadiness:
    """The page of a term."""

    year: AcademicYear
    term: Term
    rows: tuple[ClassReadiness, ...]
    verdict: Verdict
    """Whether the term may be closed today, gaps aside."""

    @property
    def ready(self) -> int:
        return sum(row.is_ready for row in self.rows) if self.verdict else 0

    @property
    def closed(self) -> int:
        return sum(row.closing is not None for row in self.rows)


@dataclass(frozen=True, slots=True)
class LackGroup:
    """All gaps of a kind."""

    count: LackCount
    lines: tuple[GapLine, ...]

    @property
    def hidden(self) -> int:
        return self.count.number - len(self.lines)


@dataclass(frozen=True, slots=True)
class ClassPage:
    """The page of a class in a term."""

    school_class: SchoolClass
    term: Term
    readiness: ClassReadiness
    groups: tuple[LackGroup, ...]
    verdict: Verdict
    """Whether it may be closed now."""
    closings: tuple[PeriodClosing, ...]
    """All of them, the newest first: a reopened one stays."""


def terms_of_year(year: AcademicYear) -> list[Term]:
    """Return the terms of a year that some class has, in order. One query."""
    return list(Term.objects.filter(year=year).order_by("grade_from", "starts_on", "number"))


def closings_of(term: Term) -> QuerySet[PeriodClosing]:
    """Return the closings of a term with the people, the newest first."""
    joined = "closed_by__person", "reopened_by__person", "school_class"
    return PeriodClosing.objects.filter(term=term).select_related(*joined).order_by("-closed_at", "-pk")


def term_readiness(actor: Actor, year: AcademicYear, term: Term) -> TermReadiness:
    """Return how ready the classes of a term are. Nineteen queries, whatever their number."""
    year.organisation = actor.organisation
    rows = SchoolClass.objects.filter(year=year, grade__range=(term.grade_from, term.grade_to))
    classes = list(rows.order_by("grade", "letter"))
    for one in classes:
        one.year = year
    closed = {row.school_class_id: row for row in closings_of(term) if row.reopened_at is None}
    policy = actor.policy_of_period(term.ends_on)
    facts = facts_of(term, classes, today=actor.today, policy=policy) if classes else None
    return TermReadiness(
        year=year,
        term=term,
        rows=tuple(
            ClassReadiness(one, closed.get(one.pk), counts_of(facts.by_class[one.pk], policy=policy) if facts else ())
            for one in classes
        ),
        verdict=may_close_period(year_state=year.state, ends_on=term.ends_on, today=actor.today, gaps=()),
    )


def class_readiness(actor: Actor, school_class: SchoolClass, term: Term) -> ClassPage:
    """Return a class in a term with every gap. Eighteen queries."""
    policy = actor.policy_of_period(term.ends_on)
    facts = facts_of(term, [school_class], today=actor.today, policy=policy)
    found = facts.by_class[school_class.pk]
    lacks = counts_of(found, policy=policy)
    closings = tuple(closings_of(term).filter(school_class=school_class))
    names = {pupil.pupil_id: pupil.name for pupil in facts.rolls[school_class.pk].pupils}
    codes = {pupil.pupil_id: pupil.code for pupil in facts.rolls[school_class.pk].pupils}
    standing = next((one for one in closings if one.reopened_at is None), None)
    readiness = ClassReadiness(school_class, standing, lacks)
    return ClassPage(
        school_class=school_class,
        term=term,
        readiness=readiness,
        groups=tuple(
            LackGroup(
                count,
                tuple(
                    gap_line(count.lack, item, names=names, codes=codes, term=term, school_class=school_class)
                    for item in found[count.lack][:SHOWN]
                ),
            )
            for count in lacks
        ),
        verdict=may_close_period(
            year_state=school_class.year.state, ends_on=term.ends_on, today=actor.today, gaps=gaps_of(readiness)
        ),
        closings=closings,
    )


def counts_of(found: Found, *, policy: Policy) -> tuple[LackCount, ...]:
    """Return how much of each kind is missing, gaps first, then by gravity."""
    counts = [LackCount(lack, len(found[lack]), is_gap(lack, policy=policy)) for lack in Lack if found[lack]]
    return tuple(sorted(counts, key=lambda one: not one.is_gap))


def gaps_of(readiness: ClassReadiness) -> list[tuple[Lack, int]]:
    """Return what stops the closing, as the rule takes it."""
    return [(one.lack, one.number) for one in readiness.gaps]


def accepted_words(page: ClassPage) -> list[str]:
    """Return what a closing accepts, in words: each kind with its number, postponed marks by name (REG-B008)."""
    words = [one.words for one in page.readiness.warnings]
    for group in page.groups:
        if group.count.lack is Lack.POSTPONED and not group.count.is_gap:
            words += [line.text for line in group.lines]
    return words
