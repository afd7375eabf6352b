"""The list of teaching groups of a year, the page of one, and who teaches a class."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, F, Q

from letopis.people.models import Employee, Enrolment, Pupil
from letopis.rules.names import match_key
from letopis.rules.registers import RegisterKind, register_of
from letopis.schooling.models import (
    AcademicYear,
    Course,
    CurriculumLine,
    GroupKind,
    Membership,
    SchoolClass,
    StudyGroup,
    Workload,
)


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group in the list."""

    course: Course
    """With group and subject joined in."""
    teachers: tuple[str, ...]
    """Short names of the day; empty for a vacancy."""
    pupils: int
    closed_on: date | None
    """The first day it does not meet any more; None while it is open."""

    @property
    def register(self) -> RegisterKind:
        return register_of(self.course.kind)


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A stay of a pupil in a group."""

    pupil: Pupil
    school_class: str
    """Title of his class on the day; empty for one who left the school."""
    starts_on: date
    ends_on: date | None
    is_present: bool


@dataclass(frozen=True, slots=True)
class TeacherSpan:
    """Who teaches a course from when to when."""

    employee: Employee | None
    name: str
    """Full name; empty for a vacancy."""
    weekly_hours: object
    starts_on: date
    ends_on: date | None
    order: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pupil who may join."""

    pupil: Pupil
    school_class: str
    is_member: bool


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A subject of an individual plan."""

    line: CurriculumLine
    course: Course | None
    teacher: str


def group_lines(year: AcademicYear, *, day: date, kinds: Iterable[str]) -> list[GroupLine]:
    """Return the groups of these kinds, by register, name and subject. Two queries."""
    present = Q(group__memberships__starts_on__lte=day) & (
        Q(group__memberships__ends_on=None) | Q(group__memberships__ends_on__gte=day)
    )
    courses = list(
        Course.objects.filter(year=year, group__kind__in=list(kinds))
        .select_related("group", "subject")
        .annotate(pupils=Count("group__memberships", filter=present))
    )
    rows = Workload.objects.filter(course__in=courses).select_related("teacher__person").order_by("starts_on", "pk")
    workloads: dict[int, list[Workload]] = defaultdict(list)
    for row in rows:
        workloads[row.course_id].append(row)
    lines = [_line(course, workloads[course.pk], day=day) for course in courses]
    return sorted(lines, key=lambda line: (line.register.title, match_key(line.course.group.name)))


def _line(course: Course, workloads: list[Workload], *, day: date) -> GroupLine:
    now = [one for one in workloads if one.starts_on <= day and (one.ends_on is None or one.ends_on >= day)]
    ends = [one.ends_on for one in workloads]
    last = max((end for end in ends if end), default=None)
    return GroupLine(
        course=course,
        teachers=tuple(one.teacher.person.short_name for one in now if one.teacher),
        pupils=course.pupils,  # type: ignore[attr-defined]
        closed_on=date.fromordinal(last.toordinal() + 1) if last and None not in ends else None,
    )


def member_lines(group: StudyGroup, *, day: date) -> list[MemberLine]:
    """Return every stay in a group, those of the day first, in the order of a school's list. Two queries."""
    rows = list(
        Membership.objects.filter(group=group)
        .select_related("pupil__person")
        .order_by("pupil__person__sort_key", "pupil_id", "starts_on")
    )
    classes = class_titles([row.pupil_id for row in rows], year_id=group.year_id, day=day)
    lines = [
        MemberLine(
            pupil=row.pupil,
            school_class=classes.get(row.pupil_id, ""),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            is_present=row.ends_on is None or row.ends_on >= day,
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: not line.is_present)


def class_titles(pupils: Iterable[int], *, year_id: int, day: date) -> dict[int, str]:
    """Return the class of each pupil on a day by his key. One query."""
    rows = Membership.objects.filter(pupil__in=list(pupils), group__kind=GroupKind.WHOLE_CLASS, group__year=year_id).on(
        day
    )
    return dict(rows.values_list("pupil_id", "group__name"))


def candidates(
    group: StudyGroup, *, day: date, school_class: str = "", words: str = "", limit: int = 60
) -> list[Candidate]:
    """Return pupils of the year's classes on a day who may join: of a class, or found by name. Two queries.

    school_class: «8А»; empty looks through all, and then words are needed.
    """
    key = match_key(words)
    if not (school_class or key):
        return []
    rows = Membership.objects.filter(group__kind=GroupKind.WHOLE_CLASS, group__year=group.year_id).on(day)
    if school_class:
        rows = rows.filter(group__name=school_class)
    for word in key.split():
        rows = rows.filter(pupil__person__search_key__contains=word)
    found = list(rows.select_related("pupil__person", "group").order_by("pupil__person__sort_key", "pupil_id")[:limit])
    members = set(
        Membership.objects.filter(group=group, pupil__in=[row.pupil_id for row in found])
        .on(day)
        .values_list("pupil_id", flat=True)
    )
    return [Candidate(row.pupil, row.group.name, row.pupil_id in members) for row in found]


def teacher_spans(course: Course) -> list[TeacherSpan]:
    """Return who teaches and taught a course, the latest first. One query."""
    rows = Workload.objects.filter(course=course).select_related("teacher__person").order_by("-starts_on", "-pk")
    return [
        TeacherSpan(
            row.teacher,
            row.teacher.person.full_name if row.teacher else "",
            row.weekly_hours,
            row.starts_on,
            row.ends_on,
            row.order,
        )
        for row in rows
    ]


def courses_of_class(school_class: SchoolClass, *, day: date) -> list[tuple[Course, list[Workload]]]:
    """Return the courses of a class with their workloads of the day, by subject and group. Two queries."""
    courses = list(
        Course.objects.filter(group__school_class=school_class)
        .select_related("subject", "group")
        .order_by("subject__sort_key", "group__name", "pk")
    )
    rows = Workload.objects.filter(course__in=courses).on(day).select_related("teacher__person").order_by("pk")
    found: dict[int, list[Workload]] = defaultdict(list)
    for row in rows:
        found[row.course_id].append(row)
    return [(course, found[course.pk]) for course in courses]


def employees_of(organisation_id: int, *, day: date) -> list[Employee]:
    """Return who works in the school on a day, by name. One query."""
    rows = Employee.objects.filter(
        Q(dismissed_on=None) | Q(dismissed_on__gt=day), organisation=organisation_id
    ).select_related("person")
    return list(rows.order_by("person__sort_key", "pk"))


def plan_lines(pupil: Pupil, *, year: AcademicYear, day: date) -> list[PlanLine]:
    """Return the individual plan of a pupil. Three queries."""
    lines = CurriculumLine.objects.filter(year=year, pupil=pupil).select_related("subject")
    courses = {
        course.subject_id: course
        for course in Course.objects.filter(
            year=year, group__kind=GroupKind.INDIVIDUAL, group__memberships__pupil=pupil
        ).distinct()
    }
    rows = Workload.objects.filter(course__in=courses.values(), teacher__isnull=False).on(day)
    teachers = {row.course_id: row.teacher.person.full_name for row in rows.select_related("teacher__person")}
    return [
        PlanLine(line, course := courses.get(line.subject_id), teachers.get(course.pk, "") if course else "")
        for line in lines.order_by("subject__sort_key", "pk")
    ]


def unplaced_pupils(organisation_id: int, *, year: AcademicYear, day: date) -> list[Pupil]:
    """Return pupils of the book who are in no class of the year on the day: who left, or came and was not placed."""
    placed = Membership.objects.filter(group__kind=GroupKind.WHOLE_CLASS, group__year=year).filter(
        Q(ends_on=None) | Q(ends_on__gte=day)
    )
    externs = Enrolment.objects.on(day).filter(form__in=("FAMILY", "SELF"))
    rows = (
        Pupil.objects.filter(organisation=organisation_id)
        .exclude(pk__in=placed.values("pupil"))
        .exclude(pk__in=externs.values("pupil"))
        .annotate(sort=F("person__sort_key"))
    )
    return list(rows.select_related("person").order_by("sort", "pk")[:200])


def combined_classes(year: AcademicYear) -> dict[str, list[SchoolClass]]:
    """Return the combined classes of a year by name. One query."""
    found: dict[str, list[SchoolClass]] = defaultdict(list)
    for one in SchoolClass.objects.filter(year=year).exclude(combined="").order_by("grade", "letter"):
        found[one.combined].append(one)
    return dict(found)


def pupils_by_code(organisation_id: int, codes: Iterable[UUID]) -> list[Pupil]:
    """Return the pupils of the school with these codes. One query."""
    return list(Pupil.objects.filter(organisation=organisation_id, code__in=list(codes)).select_related("person"))
