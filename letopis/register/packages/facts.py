"""Rows of the register of a class, each table by one query; values, not model objects, so that memory stays small."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from letopis.org.models import Organisation
from letopis.register.models import Attendance, Homework, HomeworkFile, Lesson, Mark, Task, TermMark
from letopis.register.packages.people import Moments, PackagedPupil, employee_names, pupils_of_class
from letopis.schooling.models import Course, GroupKind, Membership, SchoolClass, Term, Workload


@dataclass(frozen=True, slots=True)
class NumberedLesson:
    """A lesson under the number that the tables of the package know it by."""

    number: int
    on: date
    course: int
    subject: str


@dataclass(slots=True)
class Facts:
    """What the tables are written from, as one read of the database found it."""

    organisation: Organisation
    pupils: dict[int, PackagedPupil]
    courses: dict[int, tuple[int, Course]]
    """Number and course by key."""
    teachers: dict[int, list[tuple[Any, ...]]]
    """(name, from, to) by course."""
    lessons: dict[int, NumberedLesson]
    lesson_rows: list[tuple[Any, ...]]
    works: dict[int, list[str]]
    """Kinds of work by lesson."""
    tasks: list[tuple[int, int]]
    """Key and lesson of every column."""
    marks: list[tuple[Any, ...]]
    events: list[tuple[Any, ...]]
    homework: list[tuple[Any, ...]]
    files: dict[int, list[str]]
    """Names and digests of attached files by homework."""
    results: list[tuple[Any, ...]]
    terms: list[Term]
    employees: dict[int | None, str]
    moments: Moments


def load_facts(school_class: SchoolClass) -> Facts:
    """Return the facts of a class: of its own courses all, of a stream those of its pupils. Fourteen queries."""
    members = set(
        Membership.objects.filter(
            group__school_class=school_class, group__kind__in=(GroupKind.WHOLE_CLASS, GroupKind.INDIVIDUAL)
        ).values_list("pupil_id", flat=True)
    )
    courses = _courses(school_class, members)
    own = [pk for pk, (_number, course) in courses.items() if course.group.school_class_id]
    lesson_rows = list(_lessons(courses))
    numbered = _numbered(lesson_rows, courses)
    about = Q(pupil__in=members)
    marks = list(_marks(courses, about | Q(task__lesson__course__in=own)))
    tasks = list(_tasks(courses))
    events = list(_events(courses, about | Q(lesson__course__in=own)))
    pupils = pupils_of_class(school_class, more={row[1] for row in marks} | {row[1] for row in events})
    grade = school_class.grade
    terms = list(
        Term.objects.filter(year=school_class.year_id, grade_from__lte=grade, grade_to__gte=grade).order_by(
            "starts_on", "number"
        )
    )
    return Facts(
        organisation=school_class.organisation,
        pupils=pupils,
        courses=courses,
        teachers=_teachers(courses),
        lessons=numbered,
        lesson_rows=lesson_rows,
        works=_works(tasks),
        tasks=[(pk, lesson) for pk, lesson, _kind in tasks],
        marks=sorted(marks, key=lambda row: (numbered[row[0]].number, row[2], pupils[row[1]].number)),
        events=sorted(events, key=lambda row: (numbered[row[0]].number, pupils[row[1]].number)),
        homework=list(_homework(courses)),
        files=_files(courses),
        results=list(_results(members, terms)),
        terms=terms,
        employees=employee_names(school_class.organisation),
        moments=Moments(school_class.organisation),
    )


def _courses(school_class: SchoolClass, members: Iterable[int]) -> dict[int, tuple[int, Course]]:
    streams = Membership.objects.filter(
        group__year=school_class.year_id, group__school_class=None, pupil__in=members
    ).values("group")
    rows = Course.objects.filter(Q(group__school_class=school_class) | Q(group__in=streams), year=school_class.year_id)
    ordered = rows.select_related("subject", "group").order_by("subject__sort_key", "group__name", "pk")
    return {course.pk: (number, course) for number, course in enumerate(ordered, 1)}


def _lessons(courses: Iterable[int]) -> QuerySet[Lesson, tuple[Any, ...]]:
    rows = Lesson.objects.filter(course__in=list(courses)).order_by("on", "number", "pk")
    return rows.values_list(
        "pk", "course_id", "on", "number", "state", "topic", "teacher_id", "room__name", "attendance_taken_at"
    )


def _numbered(rows: list[tuple[Any, ...]], courses: dict[int, tuple[int, Course]]) -> dict[int, NumberedLesson]:
    """Number the lessons by course and day, as they stand in the register."""
    rows.sort(key=lambda row: (courses[row[1]][0], row[2], row[3], row[0]))
    return {
        row[0]: NumberedLesson(number, row[2], courses[row[1]][0], courses[row[1]][1].subject.name)
        for number, row in enumerate(rows, 1)
    }


def _marks(courses: Iterable[int], shown: Q) -> QuerySet[Mark, tuple[Any, ...]]:
    rows = Mark.objects.filter(shown, task__lesson__course__in=list(courses))
    return rows.values_list(
        "task__lesson_id", "pupil_id", "task__position", "task__kind", "task__title", "task__weight",
        "value", "put_at", "put_by_id", "changes", "pk",
    )  # fmt: skip


def _events(courses: Iterable[int], shown: Q) -> QuerySet[Attendance, tuple[Any, ...]]:
    rows = Attendance.objects.filter(shown, lesson__course__in=list(courses))
    return rows.values_list("lesson_id", "pupil_id", "event", "minutes", "reason", "put_at", "put_by_id", "pk")


def _tasks(courses: Iterable[int]) -> QuerySet[Task, tuple[Any, ...]]:
    rows = Task.objects.filter(lesson__course__in=list(courses)).order_by("position", "pk")
    return rows.values_list("pk", "lesson_id", "kind")


def _works(tasks: Iterable[tuple[Any, ...]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for _task, lesson, kind in tasks:
        if kind:
            found[lesson].append(kind)
    return found


def _homework(courses: Iterable[int]) -> QuerySet[Homework, tuple[Any, ...]]:
    rows = Homework.objects.filter(lesson__course__in=list(courses)).order_by("lesson__on", "lesson__number", "pk")
    due = Coalesce("due_lesson__on", "due_on")
    return rows.values_list("lesson_id", "text", "nothing_set", due, "assessment", "minutes", "pk")


def _files(courses: Iterable[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    files = HomeworkFile.objects.filter(homework__lesson__course__in=list(courses), removed_at=None).order_by("pk")
    for homework, name, size, digest in files.values_list("homework_id", "name", "size", "digest"):
        found[homework].append(f"{name} ({size} Б, SHA-512 {digest})")
    return found


def _teachers(courses: Iterable[int]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    rows = Workload.objects.filter(course__in=list(courses)).order_by("starts_on", "pk")
    for course, *said in rows.values_list("course_id", "teacher_id", "starts_on", "ends_on"):
        found[course].append(tuple(said))
    return found


def _results(members: Iterable[int], terms: list[Term]) -> QuerySet[TermMark, tuple[Any, ...]]:
    rows = TermMark.objects.filter(term__in=terms, pupil__in=list(members))
    ordered = rows.order_by("pupil__person__sort_key", "pupil_id", "subject__sort_key", "term__starts_on", "pk")
    return ordered.values_list(
        "pupil_id", "subject__name", "term__title", "value", "put_at", "put_by_id", "changes", "pk"
    )
