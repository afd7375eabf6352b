"""The list of registers: what the actor may open in a year, and what each still waits for."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from letopis.people.access import Actor
from letopis.register.access import courses_of
from letopis.register.models import Lesson
from letopis.rules.names import match_key
from letopis.rules.registers import CHOICE, CLASS, REGISTERS, RegisterKind, register_of
from letopis.schooling.models import AcademicYear, Course, GroupKind, Workload
from letopis.schooling.queries.years import year_of_day, years_of


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a filter."""

    value: str
    title: str


@dataclass(frozen=True, slots=True)
class CourseLine:
    """One register of the list."""

    course: Course
    """With subject, group and class joined in."""
    teachers: tuple[Choice, ...]
    """Those who teach it now, or taught it last: code and short name."""
    is_own: bool
    without_topic: int
    """Lessons up to today without a topic."""
    without_attendance: int

    @property
    def class_title(self) -> str:
        school_class = self.course.group.school_class
        return school_class.title if school_class else ""

    @property
    def group_title(self) -> str:
        """The group where it is not the whole class."""
        return "" if self.course.group.kind == GroupKind.WHOLE_CLASS else self.course.group.name

    @property
    def register(self) -> RegisterKind:
        return register_of(self.course.kind)

    @property
    def keeps_sessions(self) -> bool:
        """Whether it opens with its lessons: a club, an extended-day group, the register of one pupil."""
        return self.register.code not in (CLASS, CHOICE) or self.course.group.kind == GroupKind.INDIVIDUAL

    def matches(self, words: str) -> bool:
        """Say whether every word of a search is found in the subject, the group or a teacher's name."""
        names = " ".join(teacher.title for teacher in self.teachers)
        text = match_key(f"{self.course.subject.name} {self.class_title} {self.group_title} {names}")
        return all(word in text for word in match_key(words).split())


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; empty values ask for everything."""

    school_class: str = ""
    subject: str = ""
    teacher: str = ""
    words: str = ""
    kind: str = ""
    """Code of rules.registers."""


@dataclass(frozen=True, slots=True)
class CourseList:
    """Everything the page shows."""

    year: AcademicYear | None
    years: tuple[AcademicYear, ...]
    lines: tuple[CourseLine, ...]
    total: int
    """Registers of the year before the filters."""
    classes: tuple[Choice, ...] = ()
    subjects: tuple[Choice, ...] = ()
    teachers: tuple[Choice, ...] = ()
    kinds: tuple[str, ...] = ()
    """Codes of the kinds of registers that there are, in their order."""


def course_list(actor: Actor, *, year_code: UUID | None, filters: Filters) -> CourseList:
    """Return the registers of a year that the actor may open: own first, then by class and subject. Three queries.

    year_code: None, or one that is not of this school, gives the current year.
    """
    years = years_of(actor.organisation)
    year = next((year for year in years if year.code == year_code), None) or year_of_day(years, actor.today)
    if year is None:
        return CourseList(year=None, years=(), lines=(), total=0)
    lines = _lines(actor, year)
    shown = [line for line in lines if _wanted(line, filters)]
    return CourseList(
        year=year,
        years=tuple(years),
        lines=tuple(shown),
        total=len(lines),
        classes=_choices((line.class_title, line.class_title) for line in lines if line.class_title),
        subjects=_choices((str(line.course.subject.code), line.course.subject.name) for line in lines),
        teachers=tuple(
            sorted({teacher for line in lines for teacher in line.teachers}, key=lambda one: match_key(one.title))
        ),
        kinds=tuple(one.code for one in REGISTERS if any(line.register == one for line in lines)),
    )


def _lines(actor: Actor, year: AcademicYear) -> list[CourseLine]:
    given = Q(lessons__on__lte=actor.today) & ~Q(lessons__state=Lesson.State.CANCELLED)
    courses = list(
        courses_of(actor)
        .filter(year=year)
        .select_related("subject", "group__school_class")
        .annotate(
            without_topic=Count("lessons", filter=given & Q(lessons__topic="")),
            without_attendance=Count("lessons", filter=given & Q(lessons__attendance_taken_at=None)),
        )
    )
    workloads = _workloads(courses)
    lines = [_line(actor, course, workloads[course.pk]) for course in courses]
    return sorted(lines, key=_order)


def _workloads(courses: Sequence[Course]) -> dict[int, list[Workload]]:
    rows = (
        Workload.objects.filter(course__in=[course.pk for course in courses], teacher__isnull=False)
        .select_related("teacher__person")
        .order_by("starts_on", "pk")
    )
    found: dict[int, list[Workload]] = defaultdict(list)
    for row in rows:
        found[row.course_id].append(row)
    return found


def _line(actor: Actor, course: Course, workloads: Sequence[Workload]) -> CourseLine:
    current = [row for row in workloads if row.ends_on is None or row.ends_on >= actor.today] or workloads[-1:]
    teachers = {row.teacher_id: row.teacher for row in current if row.teacher}
    return CourseLine(
        course=course,
        teachers=tuple(Choice(str(teacher.code), teacher.person.short_name) for teacher in teachers.values()),
        is_own=any(row.teacher_id == actor.employee_id for row in workloads),
        without_topic=course.without_topic,  # type: ignore[attr-defined]
        without_attendance=course.without_attendance,  # type: ignore[attr-defined]
    )


def _order(line: CourseLine) -> tuple[Any, ...]:
    school_class = line.course.group.school_class
    place = (school_class.grade, school_class.letter) if school_class else (99, line.course.group.name)
    return (not line.is_own, place, line.course.subject.sort_key, line.group_title)


def _wanted(line: CourseLine, filters: Filters) -> bool:
    return (
        filters.kind in ("", line.register.code)
        and (not filters.school_class or line.class_title == filters.school_class)
        and (not filters.subject or str(line.course.subject.code) == filters.subject)
        and (not filters.teacher or any(filters.teacher == one.value for one in line.teachers))
        and line.matches(filters.words)
    )


def _choices(pairs: Iterable[tuple[str, str]]) -> tuple[Choice, ...]:
    """Return each option once, in the order of the list."""
    return tuple(Choice(value, title) for value, title in dict(pairs).items())
