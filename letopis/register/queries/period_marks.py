"""The marks of pupils in a stretch of the year over all their subjects and groups, in order of time. Two queries."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from letopis.register.models import Lesson, Mark, OutsideMarks
from letopis.register.queries.marked_terms import kind_of, marked_in
from letopis.register.queries.term_marks import ShownMark, counted
from letopis.rules.policy import GradingScale, Policy
from letopis.rules.term_marks import CountedMark
from letopis.schooling.models import Course, Term

BySubject = dict[tuple[int, int], list[ShownMark]]
"""Marks by pupil and subject."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days whose marks lead to one result of a subject."""

    kind: str
    """Kind of term the subject is marked by (rules.terms)."""
    term: Term
    """That carries the mark: of a subject of one lesson a week the last quarter of the half-year (C-002)."""
    first: date

    @property
    def last(self) -> date:
        return self.term.ends_on

    def elapsed(self, today: date) -> Fraction:
        """Return the share of its days that are over, 0 to 1."""
        days, over = (self.last - self.first).days + 1, (today - self.first).days
        return Fraction(min(max(over, 0), days), days)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the marks of a subject are judged by."""

    weekly_hours: Fraction
    kind: str
    policy: Policy
    scale: GradingScale

    @property
    def for_rule(self) -> dict[str, Any]:
        """As the rules of forecasts take it."""
        return {
            "weekly_hours": self.weekly_hours,
            "period": self.kind,
            "policy": self.policy,
            "scale": self.scale,
        }


def period_of(course: Course, term: Term, *, terms: Sequence[Term], grade: int, policy: Policy) -> Period:
    """Return the days that lead to the result which a term belongs to. No query. terms: of the grade, in order."""
    kind = kind_of(grade=grade, subject=course.subject.name, weekly_hours=course.weekly_hours, policy=policy)
    marked = marked_in(terms, kind=kind)
    carrier = next((one for one in terms if one.pk in marked and one.ends_on >= term.ends_on), term)
    return Period(kind, carrier, marked.get(carrier.pk, carrier.starts_on))


def carriers_of(course: Course, *, terms: Sequence[Term], grade: int, policy: Policy) -> list[Period]:
    """Return the periods whose results make the year, in order. No query. terms: of the grade, in order."""
    found = [period_of(course, term, terms=terms, grade=grade, policy=policy) for term in terms]
    return [period for term, period in zip(terms, found, strict=True) if period.term.pk == term.pk]


def running_of(periods: Sequence[Period], *, set_in: Collection[int], today: date) -> Period | None:
    """Return the latest period that has begun and has no result yet; None where there is none.

    set_in: keys of the terms whose result is set. An earlier gap is not what goes on: the pupil may have come late.
    """
    begun = [period for period in periods if period.first <= today]
    return begun[-1] if begun and begun[-1].term.pk not in set_in else None


def with_current(
    periods: Sequence[Period], codes: Sequence[str | None], *, running: Period | None, current: str | None
) -> list[str | None]:
    """Return the results of the year with the forecast in the place of the period that goes on."""
    return [current if period == running else code for period, code in zip(periods, codes, strict=True)]


def judged_by(course: Course, *, kind: str, grade: int, policy: Policy) -> Judged:
    """Return what the marks of a course are judged by; its subject is joined in."""
    scale = policy.scale_for(scale_code=course.subject.scale, grade=grade)
    return Judged(Fraction(course.weekly_hours), kind, policy, scale)


def marks_between(
    pupils: Collection[int],
    *,
    year_id: int,
    first: date,
    last: date,
    subject_id: int | None = None,
    put_until: datetime | None = None,
) -> BySubject:
    """Return the marks of the days, those from other schools first (REG-B037).

    subject_id: of one subject only. put_until: the moment up to which entries are shown to the family
    (rules.publication); None shows all.
    """
    put = Mark.objects.filter(
        pupil__in=pupils, task__lesson__course__year=year_id, task__lesson__on__range=(first, last)
    )
    outside = OutsideMarks.objects.filter(
        statement__pupil__in=pupils,
        statement__withdrawn_at=None,
        term__year=year_id,
        term__starts_on__lte=last,
        term__ends_on__gte=first,
    )
    if subject_id is not None:
        put, outside = put.filter(task__lesson__course__subject=subject_id), outside.filter(subject=subject_id)
    if put_until is not None:
        put = put.filter(put_at__lte=put_until)
    found: BySubject = defaultdict(list)
    brought = outside.exclude(marks="").order_by("term__starts_on", "pk")
    for pupil_id, subject, marks, school, on in brought.values_list(
        "statement__pupil_id", "subject_id", "marks", "statement__school", "term__starts_on"
    ):
        signs = marks.split()
        found[pupil_id, subject] += [ShownMark(sign, "", on, is_elsewhere=True, school=school) for sign in signs]
    rows = (
        put.exclude(value="")
        .exclude(task__lesson__state=Lesson.State.CANCELLED)
        .order_by("task__lesson__on", "task__lesson__number", "task__position")
        .values_list(
            "pupil_id",
            "task__lesson__course__subject_id",
            "value",
            "task__kind",
            "task__lesson__on",
            "task__weight",
            "task__title",
        )
    )
    for pupil_id, subject, value, kind, on, weight, title in rows:
        found[pupil_id, subject].append(ShownMark(value, kind, on, is_elsewhere=False, weight=weight, title=title))
    return found


def within(marks: Sequence[ShownMark], *, first: date, last: date) -> list[ShownMark]:
    """Return those of the days."""
    return [mark for mark in marks if first <= mark.on <= last]


def as_counted(marks: Sequence[ShownMark], *, policy: Policy, scale: GradingScale) -> list[CountedMark]:
    """Return the marks as the rules take them, oldest first; symbols and marks of another scale do not count."""
    signs = set(scale.values)
    return [counted(mark, policy=policy) for mark in marks if set(mark.value.split("/")) <= signs]
