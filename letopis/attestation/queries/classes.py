"""How complete the results of classes are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from letopis.attestation.models import CouncilDecision, YearMark
from letopis.attestation.queries.rolls import Roll, load_rolls
from letopis.register.models import TermMark
from letopis.rules.policy import Policy
from letopis.schooling.models import AcademicYear, SchoolClass, Term


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many results of a period are set of those that must be."""

    title: str
    term_number: int | None
    """None is the year."""
    done: int
    due: int
    is_over: bool

    @property
    def missing(self) -> int:
        return self.due - self.done


@dataclass(frozen=True, slots=True)
class ClassProgress:
    """A line of the list of classes."""

    school_class: SchoolClass
    pupils: int
    attached: int
    period: Completeness | None
    """The latest term that ended; before the first ends, the first."""
    year: Completeness | None
    decided: int

    @property
    def has_gaps(self) -> bool:
        return any(one.is_over and one.missing for one in (self.period, self.year) if one)


@dataclass(frozen=True, slots=True)
class Missing:
    """How many results and decisions of a whole year a class lacks."""

    school_class: SchoolClass
    term_marks: int
    """Over all terms."""
    year_marks: int
    undecided: int
    """Pupils in the class at its end, and attached ones, without a decision of the council."""

    @property
    def total(self) -> int:
        return self.term_marks + self.year_marks + self.undecided


def missing_of(year: AcademicYear, classes: Sequence[SchoolClass], *, policy: Policy) -> list[Missing]:
    """Return what the classes lack of a whole year. Seven queries, whatever their number."""
    rolls = load_rolls(year, classes, policy=policy)
    terms, done, decided = _results(year)
    return [
        _missing(rolls[one.pk], year=year, terms=_of_grade(terms, one.grade), done=done, decided=decided)
        for one in classes
    ]


def progress_of(
    year: AcademicYear, classes: Sequence[SchoolClass], *, today: date, policy: Policy
) -> list[ClassProgress]:
    """Return how complete the results of the classes are. Seven queries, whatever their number."""
    rolls = load_rolls(year, classes, policy=policy)
    terms, done, decided = _results(year)
    return [
        _progress(rolls[one.pk], terms=_of_grade(terms, one.grade), done=done, decided=decided, today=today)
        for one in classes
    ]


def _results(year: AcademicYear) -> tuple[list[Term], dict[int, set[tuple[int, int]]], set[int]]:
    """Return terms, pupil and subject of each result by term (0 is the year), and who has a decision. Four queries."""
    terms = list(Term.objects.filter(year=year).order_by("starts_on", "number"))
    of_terms = TermMark.objects.filter(term__in=terms).exclude(value="")
    of_year = YearMark.objects.filter(year=year).exclude(value="")
    done: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for term_id, pupil, subject in of_terms.values_list("term_id", "pupil_id", "subject_id"):
        done[term_id].add((pupil, subject))
    done[0] = set(of_year.values_list("pupil_id", "subject_id"))
    return terms, done, set(CouncilDecision.objects.filter(year=year).values_list("pupil_id", flat=True))


def _of_grade(terms: Sequence[Term], grade: int) -> list[Term]:
    return [term for term in terms if term.grade_from <= grade <= term.grade_to]


def _missing(
    roll: Roll, *, year: AcademicYear, terms: list[Term], done: dict[int, set[tuple[int, int]]], decided: set[int]
) -> Missing:
    last_day = terms[-1].ends_on if terms else year.ends_on
    of_terms = [
        _completeness(roll, done[one.pk], ends_on=one.ends_on, today=last_day, term=one, terms=terms) for one in terms
    ]
    of_year = _completeness(roll, done[0], ends_on=last_day, today=last_day, term=None, terms=terms)
    present = [pupil for pupil in roll.pupils if pupil.left_before(last_day) is None]
    return Missing(
        school_class=roll.school_class,
        term_marks=sum(one.missing for one in of_terms),
        year_marks=of_year.missing,
        undecided=sum(pupil.pupil_id not in decided for pupil in present),
    )


def _progress(
    roll: Roll,
    *,
    terms: list[Term],
    done: dict[int, set[tuple[int, int]]],
    decided: set[int],
    today: date,
) -> ClassProgress:
    over = [term for term in terms if term.ends_on < today]
    term = over[-1] if over else (terms[0] if terms else None)
    day = min(today, terms[-1].ends_on) if terms else today
    present = [pupil for pupil in roll.pupils if pupil.left_before(day) is None]
    return ClassProgress(
        school_class=roll.school_class,
        pupils=sum(not pupil.is_attached for pupil in present),
        attached=sum(pupil.is_attached for pupil in present),
        period=_completeness(roll, done[term.pk], ends_on=term.ends_on, today=today, term=term, terms=terms)
        if term
        else None,
        year=_completeness(roll, done[0], ends_on=terms[-1].ends_on, today=today, term=None, terms=terms)
        if term
        else None,
        decided=sum(pupil.pupil_id in decided for pupil in present),
    )


def _completeness(
    roll: Roll, done: set[tuple[int, int]], *, ends_on: date, today: date, term: Term | None, terms: Sequence[Term]
) -> Completeness:
    unmarked = roll.unmarked(terms)[term.pk] if term else set()
    wanted = {
        (pupil, subject)
        for pupil, subjects in roll.expected(ends_on, is_year=term is None, unmarked=unmarked).items()
        for subject in subjects
    }
    return Completeness(
        title=term.title if term else _("год"),
        term_number=term.number if term else None,
        done=len(wanted & done),
        due=len(wanted),
        is_over=ends_on < today,
    )
