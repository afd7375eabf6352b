"""The page of year marks of a course: pupils with the marks of their terms, the proposal and the result in force."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from letopis.attestation.models import YearMark
from letopis.people.models import EXTERN_FORMS, Enrolment
from letopis.register.access import OpenCourse
from letopis.register.models import TermMark
from letopis.register.queries.marked_terms import marked_in
from letopis.register.queries.term_marks import RosterLine, kind_of_course, roster, terms_of
from letopis.rules.attestation import may_set_results
from letopis.rules.policy import GradingScale, Policy
from letopis.rules.results import result_sign
from letopis.rules.verdict import Verdict
from letopis.rules.year_marks import YearProposal, propose_year_mark
from letopis.schooling.models import GroupKind, Membership, Term


@dataclass(frozen=True, slots=True)
class YearMarkLine:
    """A pupil of the page."""

    pupil: RosterLine
    number: int
    terms: tuple[tuple[str, str], ...]
    """Short title and sign of each term's result, in order; the sign is empty where none is set."""
    proposal: YearProposal
    value: str
    is_attached: bool
    """An extern: no terms, only the result of the year (C-006)."""

    @property
    def differs(self) -> bool:
        return bool(self.value and self.proposal.value and self.value != self.proposal.value)

    @property
    def may_be_filled(self) -> bool:
        return self.pupil.is_present and not self.value and self.proposal.value is not None


@dataclass(frozen=True, slots=True)
class YearMarkSheet:
    """Everything the page shows."""

    terms: tuple[Term, ...]
    scale: GradingScale
    lines: tuple[YearMarkLine, ...]
    may_set: Verdict
    is_over: bool

    @property
    def to_fill(self) -> int:
        return sum(line.may_be_filled for line in self.lines)

    @property
    def missing(self) -> int:
        return sum(line.pupil.is_present and not line.value for line in self.lines)


def year_mark_sheet(opened: OpenCourse, *, policy: Policy) -> YearMarkSheet:
    """Return the page of the year. Six queries whatever the size of the class."""
    course, today = opened.course, opened.actor.today
    terms = marked_of(opened, policy=policy)
    lines, attached = year_roster(opened, terms)
    scale = policy.scale_for(scale_code=course.subject.scale, grade=opened.grade)
    pupils = [line.pupil_id for line in lines]
    of_terms = TermMark.objects.filter(term__in=terms, subject=course.subject_id, pupil__in=pupils).exclude(value="")
    values = {(pupil, term): value for pupil, term, value in of_terms.values_list("pupil_id", "term_id", "value")}
    results = dict(
        YearMark.objects.filter(year=course.year_id, subject=course.subject_id, pupil__in=pupils).values_list(
            "pupil_id", "value"
        )
    )
    shown = []
    for number, line in enumerate(lines, 1):
        codes = [values.get((line.pupil_id, term.pk)) for term in terms]
        shown.append(
            YearMarkLine(
                pupil=line,
                number=number,
                terms=tuple((term.short_title, result_sign(code)) for term, code in zip(terms, codes, strict=True)),
                proposal=propose_year_mark(codes, policy=policy, scale=scale),
                value=results.get(line.pupil_id, ""),
                is_attached=line.pupil_id in attached,
            )
        )
    return YearMarkSheet(
        terms=tuple(terms),
        scale=scale,
        lines=tuple(shown),
        may_set=may_set_year(opened),
        is_over=bool(terms) and terms[-1].ends_on < today,
    )


def marked_of(opened: OpenCourse, *, policy: Policy) -> list[Term]:
    """Return the terms that carry a mark of the course (C-002). One query."""
    terms = terms_of(year_id=opened.course.year_id, grade=opened.grade)
    marked = marked_in(terms, kind=kind_of_course(opened, policy=policy))
    return [term for term in terms if term.pk in marked]


def may_set_year(opened: OpenCourse) -> Verdict:
    """Say whether the actor sets the year marks of this course."""
    return may_set_results(
        is_own=opened.is_own(on=opened.actor.today, teacher_id=None),
        year_state=opened.course.year.state,
        starts_on=opened.course.year.starts_on,
        today=opened.actor.today,
    )


def year_roster(opened: OpenCourse, terms: Sequence[Term]) -> tuple[list[RosterLine], set[int]]:
    """Return the pupils of the year in a course, then the externs attached to its class, and who these are."""
    course, today = opened.course, opened.actor.today
    ends_on = terms[-1].ends_on if terms else course.year.ends_on
    lines = roster(course, starts_on=course.year.starts_on, ends_on=ends_on, today=today)
    if course.group.kind == GroupKind.INDIVIDUAL:
        return lines, set()
    attached = _attached(opened, known={line.pupil_id for line in lines})
    return [*lines, *attached], {line.pupil_id for line in attached}


def _attached(opened: OpenCourse, *, known: set[int]) -> list[RosterLine]:
    course = opened.course
    externs = Enrolment.objects.on(min(opened.actor.today, course.year.ends_on)).filter(form__in=EXTERN_FORMS)
    stays = (
        Membership.objects.filter(
            group__kind=GroupKind.INDIVIDUAL,
            group__school_class=course.group.school_class_id,
            group__school_class__isnull=False,
            group__year=course.year_id,
            pupil__in=externs.values("pupil"),
        )
        .select_related("pupil__person")
        .order_by("pupil__person__sort_key", "pupil_id")
    )
    blank = RosterLine(0, course.code, "", is_present=True, left_on=None, is_taught_alone=False)
    return [
        replace(
            blank,
            pupil_id=stay.pupil_id,
            code=stay.pupil.code,
            name=f"{stay.pupil.person.last_name} {stay.pupil.person.first_name}",
        )
        for stay in {stay.pupil_id: stay for stay in stays}.values()
        if stay.pupil_id not in known
    ]
