"""Who is in the statement of a class, and in which subjects each pupil must have a result."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Value

from letopis.people.models import EXTERN_FORMS, EducationForm, Enrolment, Person
from letopis.register.queries.marked_terms import kind_of, marked_in
from letopis.rules.policy import Policy
from letopis.schooling.models import (
    AcademicYear,
    Course,
    CourseKind,
    GroupKind,
    Membership,
    SchoolClass,
    Subject,
    Term,
    Workload,
)

WITH_RESULTS = (
    CourseKind.COMPULSORY,
    CourseKind.ELECTIVE,
    CourseKind.OF_CHOICE,
    CourseKind.HOME_TUITION,
)
"""Kinds of courses that end with a result; the others are no columns of a statement."""

Span = tuple[date, date | None]


@dataclass(slots=True)
class RollPupil:
    """A pupil of a statement."""

    pupil_id: int
    code: UUID
    name: str
    full_name: str
    sort_key: str
    book_number: str
    is_female: bool
    stays: list[tuple[int, Span]] = field(default_factory=list)
    """Group and days, over all groups of the year, also those of an earlier class."""
    alone: set[int] = field(default_factory=set)
    """Groups among them that are individual plans."""
    forms: list[tuple[str, Span]] = field(default_factory=list)
    in_class: list[Span] = field(default_factory=list)
    """Days in the list of this class, in order."""

    @property
    def is_attached(self) -> bool:
        """An extern: attached for attestation, in no class list (C-006)."""
        return not self.in_class and any(form in EXTERN_FORMS for form, _span in self.forms)

    def left_before(self, day: date) -> date | None:
        """Return the last day in the class of one who was no longer there on a day; None for who was."""
        ends = [end for _start, end in self.in_class]
        last = max((end for end in ends if end), default=None)
        return last if last and None not in ends and last < day else None

    def groups_on(self, day: date) -> set[int]:
        """Return the groups that teach the pupil on a day; none after he left this class."""
        if self.in_class and not any(covers(span, day) for span in self.in_class):
            return set()
        at_home = self.form_on(day) == EducationForm.HOME
        return {group for group, span in self.stays if covers(span, day) and (group in self.alone or not at_home)}

    def form_on(self, day: date) -> str:
        return next((form for form, span in self.forms if covers(span, day)), EducationForm.FULL_TIME)


@dataclass(frozen=True, slots=True)
class Roll:
    """Pupils and subjects of a class in a year."""

    school_class: SchoolClass
    pupils: tuple[RollPupil, ...]
    """Of the class list in its order, then the attached."""
    courses: tuple[Course, ...]
    """With results and with a pupil of the class, none of another class; subject and group joined in."""
    policy: Policy

    @property
    def subjects(self) -> list[Subject]:
        by_id = {course.subject_id: course.subject for course in self.courses}
        return sorted(by_id.values(), key=lambda subject: (subject.sort_key, subject.pk))

    def is_graded(self, subject: Subject) -> bool:
        return bool(self.policy.scale_for(scale_code=subject.scale, grade=self.school_class.grade).values)

    def unmarked(self, terms: Sequence[Term]) -> dict[int, set[int]]:
        """Return the subjects that have no mark of their own in a term, by its key (C-002). terms: of the class."""
        hours = {course.subject_id: course.weekly_hours for course in self.courses}
        found: dict[int, set[int]] = {term.pk: set() for term in terms}
        for subject in self.subjects:
            kind = kind_of(
                grade=self.school_class.grade,
                subject=subject.name,
                weekly_hours=hours[subject.pk],
                policy=self.policy,
            )
            for key in found.keys() - marked_in(terms, kind=kind).keys():
                found[key].add(subject.pk)
        return found

    def expected(self, on: date, *, is_year: bool = False, unmarked: Collection[int] = ()) -> dict[int, set[int]]:
        """Return the graded subjects in which each pupil must have a result of the period that ends on a day.

        A pupil taught at home answers for his individual courses only (C-005); an extern for the subjects of the
        class, at the end of the year (C-006). unmarked: subjects that have no mark in this period.
        """
        subjects_of_group: dict[int, set[int]] = defaultdict(set)
        graded = {subject.pk for subject in self.subjects if self.is_graded(subject)} - set(unmarked)
        of_class: set[int] = set()
        for course in self.courses:
            if course.subject_id in graded:
                subjects_of_group[course.group_id].add(course.subject_id)
                if course.group.kind == GroupKind.WHOLE_CLASS and course.kind == CourseKind.COMPULSORY:
                    of_class.add(course.subject_id)
        return {
            pupil.pupil_id: (of_class if is_year and pupil.is_attached else set())
            | {subject for group in pupil.groups_on(on) for subject in subjects_of_group[group]}
            for pupil in self.pupils
        }


def covers(span: Span, day: date) -> bool:
    """Say whether the day lies in the span."""
    start, end = span
    return start <= day and (end is None or day <= end)


def load_rolls(
    year: AcademicYear, classes: Sequence[SchoolClass], *, policy: Policy, teacher_id: int | None = None
) -> dict[int, Roll]:
    """Return the rolls of classes of one year by key of the class. Three queries, whatever their number.

    teacher_id: employee; courses then carry `is_own`, whether he has a workload in them.
    """
    stays = Membership.objects.filter(group__year=year)
    if len(classes) == 1:
        of_class = Membership.objects.filter(
            group__school_class=classes[0], group__kind__in=(GroupKind.WHOLE_CLASS, GroupKind.INDIVIDUAL)
        )
        stays = stays.filter(pupil__in=of_class.values("pupil"))
    rows = list(
        stays.select_related("pupil__person", "group").order_by("pupil__person__sort_key", "pupil_id", "starts_on")
    )
    courses = _courses(year, {row.group_id for row in rows}, teacher_id=teacher_id)
    forms = _forms(year, {row.pupil_id for row in rows})
    return {one.pk: _roll(one, rows, courses=courses, forms=forms, policy=policy) for one in classes}


def _courses(year: AcademicYear, groups: set[int], *, teacher_id: int | None) -> list[Course]:
    own = Workload.objects.filter(course=OuterRef("pk"), teacher=teacher_id)
    courses = (
        Course.objects.filter(year=year, kind__in=WITH_RESULTS)
        .annotate(is_own=Exists(own) if teacher_id else Value(False))
        .select_related("subject", "group")
        .order_by("group__name", "pk")
    )
    return [course for course in courses if course.group_id in groups]


def _forms(year: AcademicYear, pupils: set[int]) -> dict[int, list[tuple[str, Span]]]:
    found = (
        Enrolment.objects.filter(organisation=year.organisation_id, starts_on__lte=year.ends_on)
        .exclude(ends_on__lt=year.starts_on)
        .exclude(form=EducationForm.FULL_TIME)
        .order_by("starts_on")
        .values_list("pupil_id", "form", "starts_on", "ends_on")
    )
    forms: dict[int, list[tuple[str, Span]]] = defaultdict(list)
    for pupil_id, form, start, end in found:
        if pupil_id in pupils:
            forms[pupil_id].append((form, (start, end)))
    return forms


def _roll(
    school_class: SchoolClass,
    stays: list[Membership],
    *,
    courses: list[Course],
    forms: dict[int, list[tuple[str, Span]]],
    policy: Policy,
) -> Roll:
    belongs = {
        stay.pupil_id
        for stay in stays
        if stay.group.school_class_id == school_class.pk
        and stay.group.kind in (GroupKind.WHOLE_CLASS, GroupKind.INDIVIDUAL)
    }
    pupils: dict[int, RollPupil] = {}
    for stay in stays:
        if stay.pupil_id not in belongs:
            continue
        pupil = pupils.get(stay.pupil_id) or _pupil(stay, forms=forms.get(stay.pupil_id, []))
        pupils[stay.pupil_id] = pupil
        span = (stay.starts_on, stay.ends_on)
        pupil.stays.append((stay.group_id, span))
        if stay.group.kind == GroupKind.INDIVIDUAL:
            pupil.alone.add(stay.group_id)
        if stay.group.kind == GroupKind.WHOLE_CLASS and stay.group.school_class_id == school_class.pk:
            pupil.in_class.append(span)
    groups = {
        stay.group_id
        for stay in stays
        if stay.pupil_id in pupils and _is_of_class(stay, school_class, in_class=pupils[stay.pupil_id].in_class)
    }
    return Roll(
        school_class=school_class,
        pupils=tuple(sorted(pupils.values(), key=lambda pupil: (pupil.is_attached, pupil.sort_key, pupil.pupil_id))),
        courses=tuple(course for course in courses if course.group_id in groups),
        policy=policy,
    )


def _is_of_class(stay: Membership, school_class: SchoolClass, *, in_class: Sequence[Span]) -> bool:
    """Say whether the subjects of a group are subjects of the class.

    Those of its own groups are; those of a stream, an elective group or an individual plan while their pupil is in
    the class; those of the class he came from or went to are not, whatever marks he has there.
    """
    group = stay.group
    if group.school_class_id == school_class.pk:
        return True
    if group.school_class_id is not None and group.kind != GroupKind.INDIVIDUAL:
        return False
    return not in_class or any(
        (stay.ends_on is None or start <= stay.ends_on) and (end is None or stay.starts_on <= end)
        for start, end in in_class
    )


def _pupil(stay: Membership, *, forms: list[tuple[str, Span]]) -> RollPupil:
    person = stay.pupil.person
    return RollPupil(
        pupil_id=stay.pupil_id,
        code=stay.pupil.code,
        name=f"{person.last_name} {person.first_name}",
        full_name=person.full_name,
        sort_key=person.sort_key,
        book_number=stay.pupil.book_number,
        is_female=person.sex == Person.Sex.FEMALE,
        forms=forms,
    )
