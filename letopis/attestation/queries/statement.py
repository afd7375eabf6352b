"""The consolidated statement of a class as it stands now, from the register and the results of the year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from letopis.attestation.models import CouncilDecision, YearMark
from letopis.attestation.queries.rolls import Roll, RollPupil, load_rolls
from letopis.register.models import TermMark
from letopis.register.queries.term_marks import terms_of
from letopis.rules.policy import Policy
from letopis.rules.quality import Quality, class_quality, level_of, quality_of
from letopis.schooling.models import SchoolClass, Subject, Term

GAP = "GAP"
COMING = "COMING"
NOT_STUDIED = "NOT_STUDIED"
UNGRADED = "UNGRADED"


@dataclass(frozen=True, slots=True)
class Period:
    """A column that every subject has: a term, or the year."""

    term: Term | None
    """None is the year."""
    title: str
    short_title: str
    ends_on: date

    @property
    def is_year(self) -> bool:
        return self.term is None

    @property
    def key(self) -> int:
        """Of the term; 0 is the year, which no term has for a key."""
        return self.term.pk if self.term else 0


@dataclass(frozen=True, slots=True)
class SubjectHead:
    """A subject with the courses that lead to its pages."""

    subject: Subject
    courses: tuple[Any, ...]
    """With `is_own` of whoever asked."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A result, or in a word why there is none."""

    value: str
    state: str = ""
    """GAP (due and not set), COMING (not due yet), NOT_STUDIED, UNGRADED; empty beside a value."""


@dataclass(frozen=True, slots=True)
class Line:
    """A pupil of the statement."""

    pupil: RollPupil
    number: int
    cells: tuple[Cell, ...]
    """Per subject, per period."""
    average: Fraction | None
    """Of the period the statement is judged by."""
    quality: Quality
    level: str
    decision: CouncilDecision | None
    left_on: date | None
    """Of one who left the class before the end of the lessons of the year."""

    @property
    def gaps(self) -> int:
        return sum(cell.state == GAP for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Statement:
    """Everything a statement shows."""

    school_class: SchoolClass
    terms: tuple[Term, ...]
    """All of the grade, for the switch of periods."""
    periods: tuple[Period, ...]
    """Those shown."""
    judged: Period | None
    """The period of averages and levels; None when no result of any is set."""
    subjects: tuple[SubjectHead, ...]
    lines: tuple[Line, ...]
    attached: tuple[Line, ...]
    """Externs (C-006)."""
    columns: tuple[Quality, ...]
    """Figures per subject and period, of the pupils of the class."""
    total: Quality

    @property
    def gaps_by_subject(self) -> list[tuple[SubjectHead, int]]:
        """Subjects with results that are due and not set, with their number."""
        width = len(self.periods)
        everybody = (*self.lines, *self.attached)
        counts = [
            (head, sum(cell.state == GAP for line in everybody for cell in line.cells[at * width : (at + 1) * width]))
            for at, head in enumerate(self.subjects)
        ]
        return [(head, gaps) for head, gaps in counts if gaps]

    @property
    def undecided(self) -> int:
        return sum(line.decision is None and line.left_on is None for line in (*self.lines, *self.attached))


def statement_of(
    school_class: SchoolClass, *, term_number: str | None, today: date, policy: Policy, teacher_id: int | None = None
) -> Statement | None:
    """Return the statement of a class for a term, or for the year with all its terms; None without such a term.

    teacher_id: employee whose own courses are told apart. Seven queries, whatever the size of the class.
    """
    year = school_class.year
    terms = terms_of(year_id=year.pk, grade=school_class.grade)
    periods = shown_periods(terms, term_number=term_number)
    if periods is None:
        return None
    roll = load_rolls(year, [school_class], policy=policy, teacher_id=teacher_id)[school_class.pk]
    values = _values(roll, terms)
    decisions = {
        decision.pupil_id: decision
        for decision in CouncilDecision.objects.filter(year=year, pupil__in=[one.pupil_id for one in roll.pupils])
    }
    subjects = _heads(roll)
    judged = _judged(periods, values, subjects)
    unmarked = roll.unmarked(terms)
    expected = [
        roll.expected(period.ends_on, is_year=period.is_year, unmarked=unmarked.get(period.key, ()))
        for period in periods
    ]
    ungraded = {head.subject.pk for head in subjects if not roll.is_graded(head.subject)}

    # Thousands of cells: whatever is the same for a column is looked up once.
    columns = [(head.subject.pk, period.key, at) for head in subjects for at, period in enumerate(periods)]
    due = [GAP if period.ends_on < today else COMING for period in periods]

    def cell(pupil_id: int, column: tuple[int, int, int]) -> Cell:
        subject_id, period_key, at = column
        if value := values.get((pupil_id, subject_id, period_key)):
            return Cell(value)
        if subject_id in ungraded:
            return Cell("", UNGRADED)
        return Cell("", due[at] if subject_id in expected[at][pupil_id] else NOT_STUDIED)

    lines = []
    for number, pupil in enumerate(roll.pupils, 1):
        cells = tuple(cell(pupil.pupil_id, column) for column in columns)
        codes = _codes(cells, periods, judged)
        figures = quality_of(codes)
        lines.append(
            Line(
                pupil=pupil,
                number=number,
                cells=cells,
                average=figures.average,
                quality=figures,
                level=level_of(codes),
                decision=decisions.get(pupil.pupil_id),
                left_on=pupil.left_before(min(today, terms[-1].ends_on)) if terms else None,
            )
        )
    own = tuple(line for line in lines if not line.pupil.is_attached)
    return Statement(
        school_class=school_class,
        terms=tuple(terms),
        periods=periods,
        judged=judged,
        subjects=subjects,
        lines=own,
        attached=tuple(line for line in lines if line.pupil.is_attached),
        columns=tuple(quality_of(line.cells[at].value for line in own) for at in range(len(columns))),
        total=_total(own),
    )


def shown_periods(terms: Sequence[Term], *, term_number: str | None) -> tuple[Period, ...] | None:
    """Return the columns of a statement: one term, or all of them and the year; None for a term that is not there."""
    columns = [Period(term, term.title, term.short_title, term.ends_on) for term in terms]
    if term_number:
        return next(((one,) for one in columns if one.term and str(one.term.number) == term_number), None)
    if not columns:
        return ()
    return (*columns, Period(None, _("Годовая"), _("Год"), columns[-1].ends_on))


def _values(roll: Roll, terms: Sequence[Term]) -> dict[tuple[int, int, int], str]:
    """Return results by pupil, subject and term; by key of the period."""
    pupils = [pupil.pupil_id for pupil in roll.pupils]
    of_terms = TermMark.objects.filter(term__in=[term.pk for term in terms], pupil__in=pupils).exclude(value="")
    of_year = YearMark.objects.filter(year=roll.school_class.year_id, pupil__in=pupils).exclude(value="")
    values = {
        (pupil, subject, term): value
        for pupil, subject, term, value in of_terms.values_list("pupil_id", "subject_id", "term_id", "value")
    }
    for pupil, subject, value in of_year.values_list("pupil_id", "subject_id", "value"):
        values[pupil, subject, 0] = value
    return values


def _heads(roll: Roll) -> tuple[SubjectHead, ...]:
    return tuple(
        SubjectHead(subject, tuple(course for course in roll.courses if course.subject_id == subject.pk))
        for subject in roll.subjects
    )


def _judged(
    periods: Sequence[Period], values: dict[tuple[int, int, int], str], subjects: Sequence[SubjectHead]
) -> Period | None:
    """Return the year when it has results, else the latest term that has."""
    shown = {head.subject.pk for head in subjects}
    filled = {term for _pupil, subject, term in values if subject in shown}
    return next(
        (period for period in reversed(periods) if period.key in filled),
        None,
    )


def _codes(cells: Sequence[Cell], periods: Sequence[Period], judged: Period | None) -> list[str]:
    if judged is None:
        return []
    return [cell.value for cell in cells[periods.index(judged) :: len(periods)]]


def _total(lines: Sequence[Line]) -> Quality:
    """Return the figures of the class: the average over all marks, the shares over pupils."""
    shares = class_quality(line.level for line in lines)
    marks = sum(line.quality.marks for line in lines)
    points = sum((line.average * line.quality.marks for line in lines if line.average is not None), Fraction(0))
    return Quality(
        marks=shares.marks,
        average=points / marks if marks else None,
        success=shares.success,
        quality=shares.quality,
    )
