"""What stands around some lessons: everything their substitution is judged by, read by five queries for any number.

The scene is changed as substitutions are put on it, so that two of one save are judged together: a teacher who takes
one lesson is busy for the next.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from letopis.org.models import Organisation
from letopis.people.models import Employee
from letopis.register.models import Lesson, Substitution
from letopis.register.queries.lesson_gaps import group_title
from letopis.rules import substitutions as rules
from letopis.rules.calendar import SchoolCalendar
from letopis.rules.classes import GRADES
from letopis.rules.timetable import SlotRow
from letopis.schooling.models import AcademicYear, Room
from letopis.schooling.models.teaching import Course
from letopis.schooling.queries import calendar_of
from letopis.schooling.queries.timetable import slot_row

Time = tuple[date, int]
JOINED = "course__subject", "course__group__school_class", "course__year__organisation", "teacher__person", "room"


@dataclass(frozen=True, slots=True)
class Placed:
    """A lesson as a line of a timetable."""

    pk: int
    weekday: int
    number: int
    course: Course
    teacher: Employee | None
    room: Room | None


@dataclass(slots=True)
class Scene:
    """Lessons with all that stands on their days."""

    lessons: dict[int, Lesson]
    """Those that are to be changed, with course, subject, group, class, year, teacher and room joined in."""
    in_force: dict[int, list[Substitution]]
    """Their substitutions that were not taken back, in the order they were made."""
    days: dict[int, Lesson]
    """Every lesson of the school on the days concerned, the lessons themselves among them."""
    calendars: dict[int, SchoolCalendar] = field(default_factory=dict)

    def seen(self, lesson: Lesson) -> rules.SubstitutedLesson:
        """Return the lesson as the rules see it."""
        return rules.SubstitutedLesson(
            on=lesson.on,
            number=lesson.number,
            teacher_id=lesson.teacher_id,
            year_state=lesson.course.year.state,
            is_held=lesson.state == Lesson.State.HELD,
            is_cancelled=lesson.state == Lesson.State.CANCELLED,
            kinds=frozenset(row.kind for row in self.in_force.get(lesson.pk, ())),
        )

    def at(self, time: Time, *, without: Iterable[int] = ()) -> list[Lesson]:
        """Return what is given at a time."""
        out = set(without)
        return [
            one
            for one in self.days.values()
            if (one.on, one.number) == time and one.pk not in out and one.state != Lesson.State.CANCELLED
        ]

    def busy(self, teacher_id: int, time: Time, *, without: Iterable[int]) -> list[rules.Stand]:
        """Return the lessons that a teacher gives at a time."""
        return [
            rules.Stand(one.pk, lesson_title(one))
            for one in self.at(time, without=without)
            if one.teacher_id == teacher_id
        ]

    def is_taken(self, lesson: Lesson, time: Time) -> bool:
        """Say whether another lesson of the course stands there, be it a cancelled one."""
        return any(
            one.course_id == lesson.course_id and (one.on, one.number) == time
            for one in self.days.values()
            if one.pk != lesson.pk
        )

    def clashing(self, lesson: Lesson, time: Time, *, teacher: Employee | None, room: Room | None) -> list[str]:
        """Return in sentences what the lesson would clash with, given there by this teacher in this room."""
        there = [self._row(one, teacher=one.teacher, room=one.room) for one in self.at(time, without=[lesson.pk])]
        return rules.clashes_of(self._row(lesson, teacher=teacher, room=room, time=time), there)

    def is_school_day(self, lesson: Lesson, on: date) -> bool:
        """Say whether the class of the lesson has lessons that day; four queries for the first lesson of a year."""
        year = lesson.course.year
        if year.pk not in self.calendars:
            self.calendars[year.pk] = calendar_of(year)
        school_class = lesson.course.group.school_class
        grades: Iterable[int] = (school_class.grade,) if school_class else GRADES
        return any(self.calendars[year.pk].is_school_day(on, grade=grade) for grade in grades)

    def _row(self, one: Lesson, *, teacher: Employee | None, room: Room | None, time: Time | None = None) -> SlotRow:
        on, number = time or (one.on, one.number)
        return slot_row(Placed(one.pk, on.isoweekday(), number, one.course, teacher, room))


def scene_of(organisation: Organisation, lessons: Sequence[int], *, days: Iterable[date] = (), lock: bool) -> Scene:
    """Return the scene of some lessons of the school; what is not its own is left out.

    days: further days concerned. lock: locks the years and the lessons; call inside a transaction.
    """
    rows: Any = Lesson.objects.filter(pk__in=lessons, organisation=organisation)
    if lock:
        # The generation of lessons locks the year: neither may go on while the other does.
        years = AcademicYear.objects.filter(courses__lessons__in=rows).values("pk")
        list(AcademicYear.objects.filter(pk__in=list(years.values_list("pk", flat=True))).select_for_update())
        list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk"))
    found = {one.pk: one for one in rows.select_related(*JOINED).order_by("on", "number", "pk")}
    in_force: dict[int, list[Substitution]] = defaultdict(list)
    for row in Substitution.objects.filter(lesson__in=found, withdrawn_at=None).order_by("pk"):
        in_force[row.lesson_id].append(row)
    wanted = {one.on for one in found.values()} | set(days)
    around = Lesson.objects.filter(organisation=organisation, on__in=wanted).select_related(*JOINED)
    everything = {one.pk: found.get(one.pk, one) for one in around.order_by("on", "number", "pk")}
    return Scene(found, in_force, everything)


def lesson_title(lesson: Lesson) -> str:
    """Return «7А, Алгебра»."""
    return f"{group_title(lesson)}, {lesson.course.subject.name}"
