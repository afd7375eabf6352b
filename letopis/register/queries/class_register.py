"""All facts that a printed register shows, of one class or of one course, by a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, Subquery

from letopis.accounts.models import Appointment, Role
from letopis.people.models import EXTERN_FORMS, Enrolment, Person
from letopis.register.models import Attendance, Lesson, Mark, Substitution, Task, TermMark
from letopis.rules import names
from letopis.schooling.models import (
    AcademicYear,
    ClassTeacher,
    Course,
    GroupKind,
    Membership,
    SchoolClass,
    Term,
    Workload,
)

Span = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class PrintedLesson:
    """A lesson as it stands at the right side of the register."""

    pk: int
    on: date
    number: int
    topic: str
    homework: str
    teacher_id: int | None
    teacher: str
    """Surname and initials."""
    tasks: tuple[tuple[int, str], ...]
    """Key and kind of each column, in order."""
    moved_from: date | None
    """The day it was moved from by an order."""


@dataclass(frozen=True, slots=True)
class RegisterFacts:
    """What is printed."""

    pupils: list[Membership]
    """One stay per pupil in the order of the list, with the person joined in."""
    stays: dict[int, dict[int, list[Span]]]
    """Days by group and pupil."""
    enrolments: dict[int, list[Enrolment]]
    courses: list[Course]
    teachers: dict[int, list[tuple[int, str]]]
    """Employee and full name by course, in order of time."""
    lessons: dict[int, list[PrintedLesson]]
    """By course, in order of time."""
    marks: dict[tuple[int, int], str]
    """By task and pupil."""
    events: dict[tuple[int, int], tuple[str, int | None, str]]
    """Event, minutes and reason by lesson and pupil."""
    results: dict[tuple[int, int, int], str]
    """Result by pupil, subject and term."""


def facts_of_class(school_class: SchoolClass, *, first: date, last: date) -> RegisterFacts:
    """Return the facts of all courses of a class, with its subgroups, streams and individual plans. Eight queries."""
    of_class = Membership.objects.filter(
        group__school_class=school_class, group__kind__in=(GroupKind.WHOLE_CLASS, GroupKind.INDIVIDUAL)
    )
    stays = Membership.objects.filter(
        Q(group__school_class=school_class) | Q(group__school_class=None),
        group__year=school_class.year_id,
        pupil__in=of_class.values("pupil"),
    )
    return _facts(stays, year=school_class.year, course=None, first=first, last=last)


def facts_of_course(course: Course, *, first: date, last: date) -> RegisterFacts:
    """Return the facts of one course. Eight queries."""
    stays = Membership.objects.filter(group=course.group_id)
    return _facts(stays, year=course.year, course=course, first=first, last=last)


def signatories(*, organisation_id: int, on: date) -> dict[str, str]:
    """Return full names by role: whoever is director and deputy on a day, the longest in office first."""
    held = Appointment.objects.on(on).filter(organisation=organisation_id, role__in=(Role.DIRECTOR, Role.DEPUTY))
    people = held.order_by("starts_on", "pk").values_list(
        "role", "user__person__last_name", "user__person__first_name", "user__person__middle_name"
    )
    found: dict[str, str] = {}
    for role, last, first, middle in people:
        found.setdefault(role, names.full_name(last or "", first or "", middle or ""))
    return found


def class_teacher_of(school_class: SchoolClass) -> str:
    """Return the full name of the last class teacher of a class; empty when there was none."""
    row = (
        ClassTeacher.objects.filter(school_class=school_class).select_related("employee__person").order_by("starts_on")
    )
    last = row.last()
    return last.employee.person.full_name if last else ""


def terms_of_class(*, year_id: int, grade: int) -> list[Term]:
    """Return the terms of a grade in order."""
    terms = Term.objects.filter(year=year_id, grade_from__lte=grade, grade_to__gte=grade)
    return list(terms.order_by("starts_on", "number"))


def _facts(
    memberships: Iterable[Membership], *, year: AcademicYear, course: Course | None, first: date, last: date
) -> RegisterFacts:
    rows = list(
        memberships.select_related("pupil__person", "group").order_by(  # type: ignore[attr-defined]
            "pupil__person__sort_key", "pupil_id", "starts_on"
        )
    )
    enrolments = _enrolments({row.pupil_id for row in rows}, year=year)
    rows = [row for row in rows if not _is_extern(row.pupil_id, rows, enrolments)]
    stays: dict[int, dict[int, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        stays[row.group_id][row.pupil_id].append((row.starts_on, row.ends_on))
    courses = [course] if course else _courses(year, set(stays))
    keys = [one.pk for one in courses]
    held = Q(on__range=(first, last)) & ~Q(state=Lesson.State.CANCELLED)
    lessons = Lesson.objects.filter(held, course__in=keys)
    return RegisterFacts(
        pupils=list({row.pupil_id: row for row in reversed(rows)}.values())[::-1],
        stays=stays,
        enrolments=enrolments,
        courses=courses,
        teachers=_teachers(keys),
        lessons=_lessons(lessons),
        marks={
            (task, pupil): value
            for task, pupil, value in Mark.objects.filter(task__lesson__in=lessons)
            .exclude(value="")
            .values_list("task_id", "pupil_id", "value")
        },
        events={
            (lesson, pupil): (event, minutes, reason)
            for lesson, pupil, event, minutes, reason in Attendance.objects.filter(lesson__in=lessons)
            .exclude(event=Attendance.Event.PRESENT)
            .values_list("lesson_id", "pupil_id", "event", "minutes", "reason")
        },
        results={
            (pupil, subject, term): value
            for pupil, subject, term, value in TermMark.objects.filter(
                term__year=year,
                subject__in={one.subject_id for one in courses},
                pupil__in={row.pupil_id for row in rows},
            )
            .exclude(value="")
            .values_list("pupil_id", "subject_id", "term_id", "value")
        },
    )


def _is_extern(pupil_id: int, rows: Sequence[Membership], enrolments: dict[int, list[Enrolment]]) -> bool:
    """An extern is attached to the class for attestation and stands in no register (C-006)."""
    if not any(one.form in EXTERN_FORMS for one in enrolments.get(pupil_id, [])):
        return False
    return all(row.group.kind == GroupKind.INDIVIDUAL for row in rows if row.pupil_id == pupil_id)


def _enrolments(pupils: set[int], *, year: AcademicYear) -> dict[int, list[Enrolment]]:
    found: dict[int, list[Enrolment]] = defaultdict(list)
    rows = Enrolment.objects.filter(pupil__in=pupils, starts_on__lte=year.ends_on).exclude(ends_on__lt=year.starts_on)
    for row in rows.order_by("starts_on"):
        found[row.pupil_id].append(row)
    return found


def _courses(year: AcademicYear, groups: set[int]) -> list[Course]:
    courses = Course.objects.filter(year=year, group__in=groups).select_related("subject", "group")
    return list(courses.order_by("subject__sort_key", "group__name", "pk"))


def _teachers(courses: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
    rows = Workload.objects.filter(course__in=courses, teacher__isnull=False).order_by("starts_on", "pk")
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for course, teacher, last, first, middle in rows.values_list(
        "course_id", "teacher_id", "teacher__person__last_name", "teacher__person__first_name",
        "teacher__person__middle_name",
    ):  # fmt: skip
        found[course][teacher] = names.full_name(last, first, middle)
    return {course: list(people.items()) for course, people in found.items()}


def _lessons(lessons: Iterable[Lesson]) -> dict[int, list[PrintedLesson]]:
    tasks: dict[int, list[tuple[int, str]]] = defaultdict(list)
    columns = Task.objects.filter(lesson__in=lessons).order_by("position")
    for task, lesson, kind in columns.values_list("pk", "lesson_id", "kind"):
        tasks[lesson].append((task, kind))
    found: dict[int, list[PrintedLesson]] = defaultdict(list)
    rows = lessons.order_by("on", "number", "pk").values_list(  # type: ignore[attr-defined]
        "pk", "course_id", "on", "number", "topic", "homework__text", "homework__nothing_set", "teacher_id",
        "teacher__person__last_name", "teacher__person__first_name", "teacher__person__middle_name",
        Subquery(
            Substitution.objects.filter(
                lesson=OuterRef("pk"), kind=Substitution.Kind.MOVED, withdrawn_at=None
            ).values("old_on")[:1]
        ),
    )  # fmt: skip
    for pk, course, on, number, topic, text, nothing, teacher, last, first, middle, moved_from in rows:
        found[course].append(
            PrintedLesson(
                pk=pk,
                on=on,
                number=number,
                topic=topic,
                homework=text or ("Не задано" if nothing else ""),
                teacher_id=teacher,
                teacher=names.short_name(last, first, middle) if last else "",
                tasks=tuple(tasks[pk]) or ((0, ""),),
                moved_from=moved_from,
            )
        )
    return found


def is_female(person: Person) -> bool:
    """Say which form of a Russian verb is meant."""
    return person.sex == Person.Sex.FEMALE
