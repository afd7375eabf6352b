"""Editions of the timetable, and the day of a class as a form to change."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from letopis.rules import timetable as rules
from letopis.rules.classes import class_sort_key
from letopis.schooling.models import (
    AcademicYear,
    Bell,
    Course,
    Room,
    SchoolClass,
    TimetableEdition,
    TimetableSlot,
    Workload,
)
from letopis.schooling.queries.timetable import SLOT_JOINS, slot_row, slots_of_class

LAST_NUMBER = 8
"""A day is shown with at least so many lessons."""
PER_NUMBER = 2
"""Lessons of a class at one time: two subgroups."""


@dataclass(frozen=True, slots=True)
class EditionLine:
    """An edition in the list of them."""

    edition: TimetableEdition
    slots: int
    errors: int
    warnings: int
    is_in_force: bool
    is_ahead: bool


@dataclass(frozen=True, slots=True)
class CourseChoice:
    """A page of the register that may stand in the day of a class."""

    course: Course
    workload: Workload | None
    """Who teaches it on the day; None is a vacancy."""

    @property
    def title(self) -> str:
        """«Алгебра — Копылова М. А.», «Иностранный язык, 1 подгруппа — вакансия»."""
        group = self.course.group
        name = self.course.subject.name + (f", {group.name}" if group.kind == "SUBGROUP" else "")
        teacher = self.workload.teacher if self.workload else None
        return f"{name} — {teacher.person.short_name}" if teacher else name


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the form: a lesson number with one course and its room."""

    number: int
    position: int
    course: str
    """Code of the course; empty for none."""
    room: str


@dataclass(frozen=True, slots=True)
class ClassDay:
    """A weekday of a class as it stands on a day."""

    edition: TimetableEdition | None
    places: tuple[Place, ...]
    shared: tuple[TimetableSlot, ...]
    """Lessons of groups of several classes: shown, not changed here."""
    choices: tuple[CourseChoice, ...]
    rooms: tuple[str, ...]


def editions_of(year: AcademicYear, *, today: date) -> list[EditionLine]:
    """Return the editions of a year, the latest first, with what clashes in each. Two queries."""
    editions = list(TimetableEdition.objects.filter(year=year).order_by("-starts_on"))
    slots: dict[int, list[TimetableSlot]] = defaultdict(list)
    for slot in TimetableSlot.objects.filter(edition__year=year).select_related(*SLOT_JOINS):
        slots[slot.edition_id].append(slot)
    in_force = next((one for one in editions if one.starts_on <= today), None)
    lines = []
    for edition in editions:
        found = rules.clashes(slot_row(slot) for slot in slots[edition.pk])
        errors = sum(clash.severity == rules.ERROR for clash in found)
        lines.append(
            EditionLine(
                edition=edition,
                slots=len(slots[edition.pk]),
                errors=errors,
                warnings=len(found) - errors,
                is_in_force=edition == in_force,
                is_ahead=edition.starts_on > today,
            )
        )
    return lines


def classes_of(year: AcademicYear) -> list[SchoolClass]:
    """Return the classes of a year in their order. One query."""
    return sorted(SchoolClass.objects.filter(year=year), key=lambda one: class_sort_key(one.grade, one.letter))


def class_day(year: AcademicYear, school_class: SchoolClass, *, weekday: int, on: date) -> ClassDay:
    """Return the weekday of a class by the edition in force on a day. Five queries."""
    edition = TimetableEdition.objects.filter(year=year, starts_on__lte=on).order_by("-starts_on").first()
    slots = list(
        TimetableSlot.objects.filter(slots_of_class(school_class.pk), edition=edition, weekday=weekday)
        .select_related(*SLOT_JOINS)
        .distinct()
    )
    own = [slot for slot in slots if slot.course.group.school_class_id == school_class.pk]
    rooms = Room.objects.filter(organisation=year.organisation).order_by("name").values_list("name", flat=True)
    return ClassDay(
        edition=edition,
        places=_places(own, last=_last_number(year, school_class)),
        shared=tuple(sorted((slot for slot in slots if slot not in own), key=lambda slot: slot.number)),
        choices=tuple(course_choices(year, school_class, on=on)),
        rooms=tuple(rooms),
    )


def course_choices(year: AcademicYear, school_class: SchoolClass, *, on: date) -> list[CourseChoice]:
    """Return the courses of a class and its subgroups with who teaches them on a day. Two queries."""
    courses = Course.objects.filter(year=year, group__school_class=school_class).select_related(
        "subject", "group__school_class"
    )
    workloads: dict[int, Workload] = {}
    taught = Workload.objects.filter(course__in=courses, teacher__isnull=False).on(on).select_related("teacher__person")
    for workload in taught:
        workloads.setdefault(workload.course_id, workload)
    choices = [CourseChoice(course, workloads.get(course.pk)) for course in courses]
    return sorted(choices, key=lambda one: (one.course.subject.sort_key, one.course.group.name))


def _last_number(year: AcademicYear, school_class: SchoolClass) -> int:
    bells = (
        Bell.objects.filter(year=year, shift=school_class.shift).order_by("-number").values_list("number", flat=True)
    )
    return max(LAST_NUMBER, bells.first() or 0)


def _places(slots: Iterable[TimetableSlot], *, last: int) -> tuple[Place, ...]:
    at: dict[int, list[TimetableSlot]] = defaultdict(list)
    for slot in sorted(slots, key=lambda one: one.course.group.name):
        at[slot.number].append(slot)
    places = []
    for number in range(1, last + 1):
        for position in range(max(PER_NUMBER, len(at[number]))):
            present = at[number][position] if position < len(at[number]) else None
            course = str(present.course.code) if present else ""
            room = present.room.name if present and present.room else ""
            places.append(Place(number, position + 1, course, room))
    return tuple(places)
