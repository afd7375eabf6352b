"""Verbs of lessons beside the timetable: a club, an extended-day group, home tuition by appointment (REG-042…044).

The year is locked as in a generation, so that the timetable cannot take the same place at the same time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from letopis.core.errors import require
from letopis.ledger.actions import Author, Fact, Value, object_name, record_all
from letopis.register.actions.lesson_plan import let_go_of, written_lessons
from letopis.register.models import Lesson, Task
from letopis.rules.calendar import SchoolCalendar
from letopis.rules.groups import may_add_lesson, may_remove_lesson
from letopis.rules.movement import YearSpan, may_change_year
from letopis.schooling.models import AcademicYear, Course, CourseKind, Room, Workload

DAY = timedelta(days=1)
Place = tuple[date, int]
"""Day, and number of the lesson in the day."""


@dataclass(frozen=True, slots=True)
class Added:
    """What was added, and what was there already."""

    lessons: tuple[Lesson, ...]
    standing: int = 0


@transaction.atomic
def add_lessons(
    course: Course, *, places: Sequence[Place], room: Room | None = None, by: Author, at: datetime
) -> Added:
    """Add lessons of a course on these places; return the new ones. A place that has one already is passed over.

    Who teaches is the workload of the day. All or none: one place that cannot be taken refuses the whole.
    Refuses with IN_TIMETABLE, NUMBER, NO_TEACHER, TEACHER_BUSY, YEAR_CLOSED or OUTSIDE_YEAR.
    """
    year = _locked(course.year_id)
    span = _span(year)
    taken = set(Lesson.objects.filter(course=course).values_list("on", "number"))
    wanted = sorted({place for place in places if place not in taken})
    workloads = list(
        Workload.objects.filter(course=course, teacher__isnull=False)
        .select_related("teacher")
        .order_by("starts_on", "pk")
    )
    teachers = {on: _teacher_of(workloads, on) for on, _number in wanted}
    busy = _busy({one.teacher_id for one in teachers.values() if one}, wanted)
    lessons = []
    for on, number in wanted:
        require(may_change_year(span, on=on))
        teacher = teachers[on]
        require(
            may_add_lesson(
                on=on,
                number=number,
                has_teacher=teacher is not None,
                busy_with=busy.get(((teacher.teacher_id or 0) if teacher else 0, on, number), ""),
                in_timetable=_is_of_class(course),
            )
        )
        lessons.append(
            Lesson(
                organisation_id=course.organisation_id,
                course=course,
                on=on,
                number=number,
                teacher=teacher.teacher if teacher else None,
                room=room,
                is_extra=True,
            )
        )
    made = Lesson.objects.bulk_create(lessons)
    Task.objects.bulk_create(Task(organisation_id=course.organisation_id, lesson=lesson) for lesson in made)
    record_all(Fact(by, at, "register.add_lesson", object_name(lesson), None, _words(lesson)) for lesson in made)
    return Added(tuple(made), standing=len(set(places)) - len(made))


@transaction.atomic
def remove_lesson(lesson: Lesson, *, reason: str = "", by: Author, at: datetime) -> bool:
    """Remove a lesson that was added by hand and never written in; say whether it was there.

    Refuses with FROM_TIMETABLE, WRITTEN, YEAR_CLOSED or OUTSIDE_YEAR.
    """
    year = _locked(lesson.course.year_id)
    require(may_change_year(_span(year), on=lesson.on))
    row = Lesson.objects.select_for_update(of=("self",)).filter(pk=lesson.pk).first()
    if row is None:
        return False
    require(may_remove_lesson(is_extra=row.is_extra, is_blank=not (written_lessons([row.pk]) or _is_held(row))))
    _remove([row], reason=reason, by=by, at=at)
    return True


@transaction.atomic
def remove_lessons_from(course: Course, *, on: date, reason: str = "", by: Author, at: datetime) -> int:
    """Remove the blank lessons beside the timetable from a day on: the group was closed. Return how many."""
    _locked(course.year_id)
    rows = list(Lesson.objects.select_for_update(of=("self",)).filter(course=course, is_extra=True, on__gte=on))
    written = written_lessons([row.pk for row in rows])
    blank = [row for row in rows if row.pk not in written and not _is_held(row)]
    _remove(blank, reason=reason, by=by, at=at)
    return len(blank)


@transaction.atomic
def give_extra_lessons(course: Course, *, since: date, by: Author, at: datetime) -> int:
    """Put the teacher of each day's workload on the lessons beside the timetable from a day on; return how many."""
    _locked(course.year_id)
    planned = Lesson.objects.select_for_update(of=("self",)).filter(
        course=course, is_extra=True, on__gte=since, state=Lesson.State.PLANNED, attendance_taken_at=None
    )
    workloads = list(Workload.objects.filter(course=course, teacher__isnull=False).order_by("starts_on", "pk"))
    changed, facts = [], []
    for lesson in planned.order_by("on", "number"):
        now = _teacher_of(workloads, lesson.on)
        if lesson.teacher_id == (now.teacher_id if now else None):
            continue
        before = _words(lesson)
        lesson.teacher_id = now.teacher_id if now else None
        changed.append(lesson)
        facts.append(Fact(by, at, "register.give_lesson", object_name(lesson), before, _words(lesson)))
    Lesson.objects.bulk_update(changed, ["teacher"])
    record_all(facts)
    return len(changed)


def places_of_week(
    calendar: SchoolCalendar, *, weekdays: Iterable[int], number: int, first: date, last: date, grades: Iterable[int]
) -> list[Place]:
    """Return the places of these weekdays from first to last: on no day off, and in no break of all the grades.

    A club may meet on a Saturday of a five-day week, so that only the days off are asked of the calendar.
    """
    wanted, of = set(weekdays), set(grades) or set(range(1, 12))
    days = (first + DAY * offset for offset in range((last - first).days + 1))
    return [
        (day, number)
        for day in days
        if day.isoweekday() in wanted
        and calendar.starts_on <= day <= calendar.ends_on
        and day not in calendar.days_off
        and any(
            calendar.term_of(day, grade=grade) and not any(one.covers(day, grade=grade) for one in calendar.breaks)
            for grade in of
        )
    ]


def _locked(year_id: int) -> AcademicYear:
    return AcademicYear.objects.select_for_update(of=("self",)).get(pk=year_id)


def _span(year: AcademicYear) -> YearSpan:
    return YearSpan(year.label, year.starts_on, year.ends_on, year.state == AcademicYear.State.OPEN)


def _is_of_class(course: Course) -> bool:
    """A compulsory lesson of a class or subgroup follows from the timetable; everything else may stand beside it."""
    return course.kind == CourseKind.COMPULSORY and course.group.kind in ("WHOLE_CLASS", "SUBGROUP")


def _teacher_of(workloads: Sequence[Workload], on: date) -> Workload | None:
    in_force = [one for one in workloads if one.starts_on <= on and (one.ends_on is None or on <= one.ends_on)]
    return in_force[-1] if in_force else None


def _busy(teachers: set[int | None], places: Sequence[Place]) -> dict[tuple[int, date, int], str]:
    """Return what these teachers give at these times, by teacher, day and number."""
    rows = (
        Lesson.objects.filter(teacher__in=[one for one in teachers if one], on__in={on for on, _number in places})
        .exclude(state=Lesson.State.CANCELLED)
        .select_related("course__subject", "course__group")
    )
    return {
        (row.teacher_id or 0, row.on, row.number): f"«{row.course.subject.name}», {row.course.group.name}"
        for row in rows
    }


def _is_held(lesson: Lesson) -> bool:
    return lesson.state == Lesson.State.HELD or lesson.attendance_taken_at is not None


def _remove(lessons: Sequence[Lesson], *, reason: str, by: Author, at: datetime) -> None:
    facts = [
        Fact(by, at, "register.remove_lesson", object_name(lesson), _words(lesson), None, reason=reason)
        for lesson in lessons
    ]
    let_go_of(lesson.pk for lesson in lessons)
    Task.objects.filter(lesson__in=lessons).delete()
    Lesson.objects.filter(pk__in=[lesson.pk for lesson in lessons]).delete()
    record_all(facts)


def _words(lesson: Lesson) -> dict[str, Value]:
    return {
        "course": f"schooling.Course:{lesson.course_id}",
        "on": lesson.on.isoformat(),
        "number": lesson.number,
        "teacher": f"people.Employee:{lesson.teacher_id}" if lesson.teacher_id else "",
    }
