"""The cells of the forecast of a class: marks and results are read at once and judged pupil by pupil."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from letopis.attestation.access import OpenClass
from letopis.attestation.models import YearMark
from letopis.attestation.queries.rolls import Roll, RollPupil
from letopis.attestation.queries.statement import Period
from letopis.register.models import TermMark
from letopis.register.queries.period_marks import (
    BySubject,
    Judged,
    as_counted,
    carriers_of,
    judged_by,
    marks_between,
    period_of,
    running_of,
    with_current,
    within,
)
from letopis.rules.decimals import format_mean
from letopis.rules.forecast import forecast_year, heading_for
from letopis.rules.forecast_risks import TWO, risks_of
from letopis.rules.policy import Policy
from letopis.rules.results import result_sign
from letopis.rules.term_marks import CountedMark
from letopis.schooling.models import Course, Subject, Term


@dataclass(frozen=True, slots=True)
class ForecastCell:
    """How a pupil stands in a subject."""

    sign: str = ""
    """Of the result that is set, else of the forecast."""
    is_set: bool = False
    mean: Fraction | None = None
    risks: Collection[str] = ()
    is_studied: bool = True
    course: UUID | None = None

    @property
    def shown_mean(self) -> str:
        return format_mean(self.mean) if self.mean is not None else ""

    @property
    def points(self) -> Fraction | None:
        """What the pupil's average takes: the set mark, else the exact mean."""
        return Fraction(self.sign) if self.is_set and self.sign.isdecimal() else None if self.is_set else self.mean


class ForecastFacts:
    """Marks and results of the class in the period, and the cells made of them."""

    def __init__(
        self,
        opened: OpenClass,
        roll: Roll,
        terms: Sequence[Term],
        period: Period,
        *,
        pupils: Sequence[int],
        policy: Policy,
    ) -> None:
        self.roll, self.terms, self.period, self.policy = roll, terms, period, policy
        self.grade = opened.school_class.grade
        self.today = opened.actor.today
        year = opened.school_class.year
        self.results: dict[tuple[int, int, int], str] = {}
        rows = TermMark.objects.filter(term__in=terms, pupil__in=pupils).exclude(value="")
        for pupil, subject, term, value in rows.values_list("pupil_id", "subject_id", "term_id", "value"):
            self.results[pupil, subject, term] = value
        if period.is_year:
            of_year = YearMark.objects.filter(year=year, pupil__in=pupils).exclude(value="")
            for pupil, subject, value in of_year.values_list("pupil_id", "subject_id", "value"):
                self.results[pupil, subject, 0] = value
        first = min((term.starts_on for term in terms), default=year.starts_on)
        self.marks: BySubject = marks_between(pupils, year_id=year.pk, first=first, last=period.ends_on)
        self.courses: dict[int, list[Course]] = defaultdict(list)
        for course in roll.courses:
            self.courses[course.subject_id].append(course)

    def cells(self, pupil: RollPupil, subjects: Sequence[Subject]) -> tuple[ForecastCell, ...]:
        """Return how a pupil stands in each subject."""
        last = pupil.left_before(self.period.ends_on) or self.period.ends_on
        groups = pupil.groups_on(min(last, max(self.today, self.period_starts_on)))
        return tuple(self._cell(pupil.pupil_id, subject, groups) for subject in subjects)

    @property
    def period_starts_on(self) -> date:
        return self.period.term.starts_on if self.period.term else self.terms[0].starts_on

    def _cell(self, pupil: int, subject: Subject, groups: Collection[int]) -> ForecastCell:
        course = next((one for one in self.courses[subject.pk] if one.group_id in groups), None)
        if course is None:
            return ForecastCell(is_studied=False)
        if self.period.term is None:
            return self._year(pupil, course)
        return self._term(pupil, course, self.period.term)

    def _term(self, pupil: int, course: Course, term: Term) -> ForecastCell:
        period = period_of(course, term, terms=self.terms, grade=self.grade, policy=self.policy)
        judged = judged_by(course, kind=period.kind, grade=self.grade, policy=self.policy)
        marks = self._marks(pupil, course.subject_id, period.first, period.last, judged)
        mean, value = heading_for(marks, policy=judged.policy, scale=judged.scale)
        code = self.results.get((pupil, course.subject_id, period.term.pk))
        if code:
            low = (TWO,) if code == judged.scale.values[-1] else ()
            return ForecastCell(result_sign(code), True, mean, low, course=course.code)
        risks = risks_of(marks, **judged.for_rule, elapsed=period.elapsed(self.today))
        return ForecastCell(result_sign(value), False, mean, risks, course=course.code)

    def _year(self, pupil: int, course: Course) -> ForecastCell:
        subject = course.subject_id
        scale = self.policy.scale_for(scale_code=course.subject.scale, grade=self.grade)
        code = self.results.get((pupil, subject, 0))
        carriers = carriers_of(course, terms=self.terms, grade=self.grade, policy=self.policy)
        codes = [self.results.get((pupil, subject, one.term.pk)) for one in carriers]
        set_in = [one.term.pk for one, value in zip(carriers, codes, strict=True) if value]
        running = running_of(carriers, set_in=set_in, today=self.today)
        current = None
        if running is not None:
            judged = judged_by(course, kind=running.kind, grade=self.grade, policy=self.policy)
            marks = self._marks(pupil, subject, running.first, running.last, judged)
            current = heading_for(marks, policy=self.policy, scale=scale)[1]
        expected = with_current(carriers, codes, running=running, current=current)
        found = forecast_year(expected, current=None, policy=self.policy, scale=scale)
        value = code or found.value
        low = (TWO,) if value == scale.values[-1] else ()
        return ForecastCell(result_sign(value), bool(code), found.mean, low, course=course.code)

    def _marks(self, pupil: int, subject: int, first: date, last: date, judged: Judged) -> list[CountedMark]:
        marks = within(self.marks.get((pupil, subject), ()), first=first, last=last)
        return as_counted(marks, policy=judged.policy, scale=judged.scale)
