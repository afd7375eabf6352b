"""The page «Почему?» of one pupil in a course: the proposal of a term, explained, and what would change it."""

from dataclasses import dataclass
from uuid import UUID

from letopis.people.access import invisible
from letopis.register.access import OpenCourse
from letopis.register.models import TermMark
from letopis.register.queries.period_marks import Period, judged_by, marks_between, period_of, within
from letopis.register.queries.term_marks import terms_of
from letopis.register.queries.why import Asked, WhatIfAnswer, Why, what_if, why_of
from letopis.rules.results import result_sign
from letopis.schooling.models import Membership, Term


@dataclass(frozen=True, slots=True)
class PupilWhy:
    """Everything the page shows."""

    pupil: UUID
    name: str
    term: Term
    """The one asked for."""
    period: Period
    """The one whose mark is explained: it may end later than the term."""
    why: Why
    what_if: WhatIfAnswer
    set_value: str
    """Sign of the result in force; empty when it is not set."""
    is_over: bool
    signs: tuple[str, ...]

    @property
    def is_of_other_term(self) -> bool:
        return self.period.term.pk != self.term.pk


def pupil_why(opened: OpenCourse, pupil: UUID, term: Term, asked: Asked) -> PupilWhy:
    """Return the page, or answer 404 for who was not in the group. Five queries."""
    course = opened.course
    terms = terms_of(year_id=course.year_id, grade=opened.grade)
    policy = opened.actor.policy_of_period(term.ends_on)
    period = period_of(course, term, terms=terms, grade=opened.grade, policy=policy)
    stay = (
        Membership.objects.filter(group=course.group_id, pupil__code=pupil)
        .during(period.first, period.last)
        .select_related("pupil__person")
        .first()
    ) or invisible()
    judged = judged_by(course, kind=period.kind, grade=opened.grade, policy=opened.actor.policy_of_period(period.last))
    subject = course.subject_id
    found = marks_between(
        [stay.pupil_id], year_id=course.year_id, first=period.first, last=period.last, subject_id=subject
    )
    marks = within(found.get((stay.pupil_id, subject), []), first=period.first, last=period.last)
    values = TermMark.objects.filter(pupil=stay.pupil_id, subject=subject, term=period.term)
    return PupilWhy(
        pupil=pupil,
        name=f"{stay.pupil.person.last_name} {stay.pupil.person.first_name}",
        term=term,
        period=period,
        why=why_of(marks, judged=judged, period=period),
        what_if=what_if(marks, asked, judged=judged),
        set_value=result_sign(values.values_list("value", flat=True).first()),
        is_over=period.last < opened.actor.today,
        signs=judged.scale.values,
    )
