"""The page of term marks of a course: pupils with their marks, the proposal and the result in force."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from letopis.people.models import EducationForm, Enrolment
from letopis.register.access import OpenCourse
from letopis.register.models import Lesson, Mark, TermMark, TermMarksCheck
from letopis.register.queries.corrections import Note, notes_of_term
from letopis.register.queries.locks import lock_of_term, may_set_pupil
from letopis.register.queries.marked_terms import kind_of, marked_in
from letopis.register.queries.outside import outside_marks
from letopis.rules.attestation import may_set_results
from letopis.rules.cells import marks_in
from letopis.rules.corrections import offers_correction
from letopis.rules.policy import GradingScale, Policy
from letopis.rules.term_marks import CountedMark, Proposal, propose_term_mark
from letopis.rules.terms import may_mark_in
from letopis.rules.verdict import ALLOWED, Verdict
from letopis.schooling.models import Course, GroupKind, Membership, Term


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A pupil who was in the group of a course on some day of a period."""

    pupil_id: int
    code: UUID
    name: str
    is_present: bool
    """In the group at the end of the period, or today while it lasts: who is not gets the result elsewhere."""
    left_on: date | None
    is_taught_alone: bool
    """Has an individual course instead; its teacher sets the result (C-005)."""


@dataclass(frozen=True, slots=True)
class ShownMark:
    """A current mark as the teacher sees it while he sets the result."""

    value: str
    kind: str
    on: date
    is_elsewhere: bool
    """Put in another group or class of the same subject; counts all the same (C-001)."""
    weight: int | None = None
    """Of its column, where that has one of its own."""
    school: str = ""
    """The other school it was brought from; empty for a mark of this one."""
    title: str = ""
    """Of its column, where that has one."""


@dataclass(frozen=True, slots=True)
class TermMarkLine:
    """A pupil of the page."""

    pupil: RosterLine
    number: int
    marks: tuple[ShownMark, ...]
    proposal: Proposal
    value: str
    """Result in force; empty when it is not set."""
    lock: Verdict = ALLOWED
    """Whether his mark may still be set: a closed period keeps all but those that were put off."""
    notes: tuple[Note, ...] = ()
    """What was corrected, or is asked for."""

    @property
    def may_ask(self) -> bool:
        return offers_correction(self.lock)

    @property
    def differs(self) -> bool:
        return bool(self.value and self.proposal.value and self.value != self.proposal.value)

    @property
    def may_be_filled(self) -> bool:
        return bool(self.lock) and self.pupil.is_present and not self.value and self.proposal.value is not None


@dataclass(frozen=True, slots=True)
class TermMarkSheet:
    """Everything the page shows."""

    term: Term
    scale: GradingScale
    lines: tuple[TermMarkLine, ...]
    may_set: Verdict
    is_over: bool
    """The term has ended, so that an empty result is a gap and not a thing to come."""
    counted_from: date
    """The first day whose marks count: that of the term, or of the half-year that it ends."""
    is_marked: bool
    """No when the subject has its mark in another term (C-002): nothing is missing then."""
    check: TermMarksCheck | None = None
    """The teacher's word that the marks are all there (REG-031)."""

    @property
    def lock(self) -> Verdict:
        """Why nothing here may be set any more, of a term whose marks are locked for every pupil."""
        return next((line.lock for line in self.lines if not line.lock), ALLOWED)

    @property
    def may_save(self) -> bool:
        """Whether there is anything the actor may set by himself."""
        return bool(self.may_set) and (not self.lines or any(line.lock for line in self.lines))

    @property
    def to_fill(self) -> int:
        return sum(line.may_be_filled for line in self.lines)

    @property
    def missing(self) -> int:
        return sum(line.pupil.is_present and not line.value for line in self.lines) if self.is_marked else 0


def terms_of(*, year_id: int, grade: int) -> list[Term]:
    """Return the terms of a grade in order."""
    terms = Term.objects.filter(year_id=year_id, grade_from__lte=grade, grade_to__gte=grade)
    return list(terms.order_by("starts_on", "number"))


def chosen_term(terms: Sequence[Term], *, number: str | None, today: date) -> Term | None:
    """Return the term of that number, else the latest that has begun, else the first; None where there are none."""
    begun = [term for term in terms if term.starts_on <= today]
    named = [term for term in terms if str(term.number) == number]
    return next(iter([*named, *reversed(begun), *terms]), None)


def term_mark_sheet(opened: OpenCourse, term: Term, *, terms: Sequence[Term], policy: Policy) -> TermMarkSheet:
    """Return the page for a term. Eight queries whatever the size of the class.

    terms: all of the grade. A subject that is marked by half-years has its mark in the last quarter of the half, from
    the marks of both (C-002).
    """
    course, today = opened.course, opened.actor.today
    kind = kind_of_course(opened, policy=policy)
    marked = marked_in(terms, kind=kind)
    counted_from = marked.get(term.pk, term.starts_on)
    lines = roster(course, starts_on=term.starts_on, ends_on=term.ends_on, today=today)
    scale = policy.scale_for(scale_code=course.subject.scale, grade=opened.grade)
    pupils = [line.pupil_id for line in lines]
    put = marks_of_subject(
        pupils,
        year_id=course.year_id,
        subject_id=course.subject_id,
        starts_on=counted_from,
        ends_on=term.ends_on,
        own_course_id=course.pk,
        scale=scale,
    )
    brought = outside_shown(pupils, course=course, first=counted_from, term=term)
    marks = {pupil_id: [*brought.get(pupil_id, ()), *put.get(pupil_id, ())] for pupil_id in pupils}
    results = dict(
        TermMark.objects.filter(term=term, subject=course.subject_id, pupil__in=pupils).values_list("pupil_id", "value")
    )
    period, notes = lock_of_term(opened, term), notes_of_term(course, term)
    return TermMarkSheet(
        term=term,
        scale=scale,
        lines=tuple(
            TermMarkLine(
                pupil=line,
                number=number,
                marks=tuple(marks[line.pupil_id]),
                proposal=_proposal(marks[line.pupil_id], course=course, kind=kind, policy=policy, scale=scale),
                value=results.get(line.pupil_id, ""),
                lock=may_set_pupil(period, today=today, policy=policy, stands=results.get(line.pupil_id, "")),
                notes=tuple(notes.get(line.pupil_id, ())),
            )
            for number, line in enumerate(lines, 1)
        ),
        may_set=may_set_term(opened, term, terms=terms),
        is_over=term.ends_on < today,
        counted_from=counted_from,
        is_marked=term.pk in marked,
        check=TermMarksCheck.objects.filter(course=course, term=term).select_related("checked_by__person").first(),
    )


def kind_of_course(opened: OpenCourse, *, policy: Policy) -> str:
    """Return by which kind of term the course is marked."""
    course = opened.course
    return kind_of(grade=opened.grade, subject=course.subject.name, weekly_hours=course.weekly_hours, policy=policy)


def may_set_term(opened: OpenCourse, term: Term, *, terms: Sequence[Term] | None = None) -> Verdict:
    """Say whether the actor sets the marks of this term in this course. terms: of the grade; asked for by a query
    when they are not given.
    """
    judged = may_set_results(
        is_own=opened.is_own(on=opened.actor.today, teacher_id=None),
        year_state=opened.course.year.state,
        starts_on=term.starts_on,
        today=opened.actor.today,
    )
    if not judged:
        return judged
    known = terms_of(year_id=opened.course.year_id, grade=opened.grade) if terms is None else terms
    policy = opened.actor.policy_of_period(term.ends_on)
    kind = kind_of_course(opened, policy=policy)
    return may_mark_in(term.pk, marked_in(known, kind=kind), kind=kind, policy=policy)


def roster(course: Course, *, starts_on: date, ends_on: date, today: date) -> list[RosterLine]:
    """Return the pupils of a course in a period, in the order of the list. Two queries."""
    day = min(max(today, starts_on), ends_on)
    stays = list(
        Membership.objects.filter(group=course.group_id)
        .during(starts_on, ends_on)
        .select_related("pupil__person")
        .order_by("pupil__person__sort_key", "pupil_id", "starts_on")
    )
    # A pupil who left and came back has several stays; the last one tells whether he is here.
    last = {stay.pupil_id: stay for stay in stays}
    alone = taught_alone(last, year_id=course.year_id, course=course, on=day)
    return [
        RosterLine(
            pupil_id=pupil_id,
            code=stay.pupil.code,
            name=f"{stay.pupil.person.last_name} {stay.pupil.person.first_name}",
            is_present=(stay.ends_on is None or stay.ends_on >= day) and pupil_id not in alone,
            left_on=stay.ends_on if stay.ends_on and stay.ends_on < day else None,
            is_taught_alone=pupil_id in alone,
        )
        for pupil_id, stay in last.items()
    ]


def taught_alone(pupils: Iterable[int], *, year_id: int, course: Course, on: date) -> set[int]:
    """Return those who are taught this subject by an individual plan, or nothing of the class at all (at home)."""
    if course.group.kind == GroupKind.INDIVIDUAL:
        return set()
    at_home = Enrolment.objects.on(on).filter(pupil=OuterRef("pupil"), form=EducationForm.HOME)
    individual = Membership.objects.on(on).filter(
        Q(group__courses__subject=course.subject_id) | Q(Exists(at_home), group__courses__isnull=False),
        group__kind=GroupKind.INDIVIDUAL,
        group__year=year_id,
        pupil__in=list(pupils),
    )
    return set(individual.values_list("pupil_id", flat=True))


def marks_of_subject(
    pupils: Iterable[int],
    *,
    year_id: int,
    subject_id: int,
    starts_on: date,
    ends_on: date,
    own_course_id: int,
    scale: GradingScale,
) -> Mapping[int, list[ShownMark]]:
    """Return the marks of pupils in a subject over all groups they passed through, by pupil, in order of time."""
    found = (
        Mark.objects.filter(
            pupil__in=list(pupils),
            task__lesson__course__year=year_id,
            task__lesson__course__subject=subject_id,
            task__lesson__on__range=(starts_on, ends_on),
        )
        .exclude(value="")
        .exclude(task__lesson__state=Lesson.State.CANCELLED)
        .order_by("task__lesson__on", "task__lesson__number", "task__position")
        .values_list("pupil_id", "value", "task__kind", "task__lesson__on", "task__lesson__course_id", "task__weight")
    )
    marks: dict[int, list[ShownMark]] = defaultdict(list)
    for pupil_id, value, kind, on, course_id, weight in found:
        if marks_in(value, scale=scale):
            marks[pupil_id].append(ShownMark(value, kind, on, course_id != own_course_id, weight))
    return marks


def outside_shown(pupils: Iterable[int], *, course: Course, first: date, term: Term) -> dict[int, list[ShownMark]]:
    """Return the marks that pupils brought from other schools for a term; they count as the others (REG-B037).

    first: the first day whose marks count for the term.
    """
    found = outside_marks(pupils, subject_id=course.subject_id, year_id=course.year_id, first=first, last=term.ends_on)
    return {
        pupil_id: [
            ShownMark(value, "", first, is_elsewhere=True, weight=None, school=school)
            for marks, school in rows
            for value in marks.split()
        ]
        for pupil_id, rows in found.items()
    }


def counted(mark: ShownMark, *, policy: Policy) -> CountedMark:
    """Return the mark as the rule of proposals takes it."""
    kind = mark.kind or policy.default_work_kind
    first, _slash, second = mark.value.partition("/")
    weight = policy.weight_of(kind, mark.weight)
    return CountedMark(value=first, work_kind_code=kind, weight=weight, second=second)


def _proposal(marks: list[ShownMark], *, course: Course, kind: str, policy: Policy, scale: GradingScale) -> Proposal:
    return propose_term_mark(
        [counted(mark, policy=policy) for mark in marks],
        weekly_hours=Fraction(course.weekly_hours),
        policy=policy,
        scale=scale,
        period=kind,
    )
