"""What a generation of lessons reads: the wanted lessons of a span, and the lessons that stand there."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef

from letopis.core.clock import local_day
from letopis.ledger.models import Entry
from letopis.register.models import Attendance, Homework, Lesson, Mark, Task
from letopis.rules.calendar import SchoolCalendar
from letopis.rules.lessons import (
    Edition,
    ExistingLesson,
    PlannedLesson,
    Reconciliation,
    Slot,
    plan_lessons,
    reconcile,
)
from letopis.schooling.models import (
    AcademicYear,
    Course,
    GroupKind,
    SchoolClass,
    TimetableEdition,
    TimetableSlot,
    Workload,
)

BATCH = 2000


@dataclass(frozen=True, slots=True)
class LessonPlan:
    """The wanted lessons with all that is needed to write them."""

    year: AcademicYear
    wanted: list[PlannedLesson]
    slots: dict[int, TimetableSlot]
    workloads: dict[int, list[Workload]]
    lessons: dict[int, Lesson]
    reconciled: Reconciliation

    def teacher_id(self, place: PlannedLesson) -> int | None:
        """Return who gives the lesson: the slot's teacher while he has a workload in the course, else who has one.

        The workload goes before the slot, because a change of teacher needs an order and no new timetable.
        """
        in_slot = self.slots[place.slot_id].teacher_id
        in_force = [
            one.teacher_id
            for one in self.workloads[place.course_id]
            if one.starts_on <= place.on and (one.ends_on is None or place.on <= one.ends_on)
        ]
        return in_slot if not in_force or in_slot in in_force else in_force[0]

    def room_id(self, place: PlannedLesson) -> int | None:
        return self.slots[place.slot_id].room_id


def lesson_plan(
    year: AcademicYear,
    *,
    courses: Iterable[Course] | None,
    first: date,
    last: date,
    calendar: SchoolCalendar,
    at: datetime,
    lock: bool,
) -> LessonPlan:
    """Return the plan of a span under a calendar; locks the lessons of the span when it is to be carried out."""
    scope = Course.objects.filter(year=year)
    if courses is not None:
        scope = scope.filter(pk__in=[course.pk for course in courses])
    slots = {slot.pk: slot for slot in TimetableSlot.objects.filter(edition__year=year, course__in=scope)}
    wanted = _wanted(year, courses=scope, slots=slots.values(), calendar=calendar, first=first, last=last)
    workloads: dict[int, list[Workload]] = defaultdict(list)
    for workload in Workload.objects.filter(course__in=scope).order_by("starts_on", "pk"):
        workloads[workload.course_id].append(workload)
    today = local_day(at, year.organisation.time_zone)
    lessons, existing = _existing(scope, first=first, last=last, today=today, lock=lock)
    return LessonPlan(year, wanted, slots, workloads, lessons, reconcile(existing=existing, wanted=wanted))


def _wanted(
    year: AcademicYear,
    *,
    courses: Iterable[Course],
    slots: Iterable[TimetableSlot],
    calendar: SchoolCalendar,
    first: date,
    last: date,
) -> list[PlannedLesson]:
    """Return the lessons of all grades; a group of several grades meets on a school day of any of them."""
    grades_of = _grades(year)
    grades = {course.pk: grades_of[course.group_id] for course in courses}
    by_grade: dict[int, list[Slot]] = defaultdict(list)
    for slot in slots:
        for grade in grades[slot.course_id]:
            by_grade[grade].append(Slot(slot.pk, slot.edition_id, slot.course_id, slot.weekday, slot.number))
    editions = [Edition(edition.pk, edition.starts_on) for edition in TimetableEdition.objects.filter(year=year)]
    wanted: dict[tuple[int, date, int], PlannedLesson] = {}
    for grade, of_grade in sorted(by_grade.items()):
        planned = plan_lessons(
            slots=of_grade, editions=editions, calendar=calendar, grade=grade, first=first, last=last
        )
        wanted |= {(one.course_id, one.on, one.number): one for one in planned}
    return list(wanted.values())


def _grades(year: AcademicYear) -> dict[int, set[int]]:
    """Return the grades of every group of the year: of its class, else of its members' classes, else every grade."""
    every = set(SchoolClass.objects.filter(year=year).values_list("grade", flat=True))
    grades: dict[int, set[int]] = defaultdict(lambda: every)
    rows = SchoolClass.objects.filter(year=year, groups__kind=GroupKind.WHOLE_CLASS).values_list(
        "grade", "groups__memberships__pupil__memberships__group"
    )
    found: dict[int, set[int]] = defaultdict(set)
    for grade, group_id in rows.distinct():
        found[group_id].add(grade)
    grades.update(found)
    own = SchoolClass.objects.filter(year=year, groups__isnull=False).values_list("groups", "grade")
    grades.update({group_id: {grade} for group_id, grade in own})
    return grades


def _existing(
    courses: Iterable[Course], *, first: date, last: date, today: date, lock: bool
) -> tuple[dict[int, Lesson], list[ExistingLesson]]:
    rows = Lesson.objects.filter(course__in=courses, on__range=(first, last)).annotate(
        has_marks=Exists(Mark.objects.filter(task__lesson=OuterRef("pk"))),
        has_attendance=Exists(Attendance.objects.filter(lesson=OuterRef("pk"))),
        has_homework=Exists(Homework.objects.filter(lesson=OuterRef("pk"))),
    )
    if lock:
        rows = rows.select_for_update(of=("self",))
    lessons: dict[int, Any] = {lesson.pk: lesson for lesson in rows.order_by("pk")}
    existing = [
        ExistingLesson(
            lesson_id=lesson.pk,
            on=lesson.on,
            number=lesson.number,
            course_id=lesson.course_id,
            is_held=_is_held(lesson, today=today),
        )
        for lesson in lessons.values()
    ]
    return lessons, existing


def _is_held(lesson: Any, *, today: date) -> bool:
    """Say whether an annotated lesson holds facts. Words are a plan on a day to come and a record on a day gone by."""
    if lesson.state == Lesson.State.HELD or lesson.attendance_taken_at:
        return True
    if lesson.has_marks or lesson.has_attendance:
        return True
    has_words = bool(lesson.topic) or lesson.has_homework
    return bool(has_words and lesson.on <= today and lesson.state != Lesson.State.CANCELLED)


def written_lessons(ids: Sequence[int]) -> set[int]:
    """Return those lessons in which something stands or ever stood: a word taken away again is in the ledger only."""
    written = set(Homework.objects.filter(lesson__in=ids).values_list("lesson_id", flat=True))
    written |= set(Lesson.objects.filter(pk__in=ids).exclude(topic="").values_list("pk", flat=True))
    written |= set(Task.objects.filter(lesson__in=ids).exclude(kind="", title="").values_list("lesson_id", flat=True))
    tasks = dict(Task.objects.filter(lesson__in=ids).values_list("pk", "lesson_id"))
    named = {f"register.Lesson:{pk}": pk for pk in ids} | {f"register.Task:{pk}": of for pk, of in tasks.items()}
    names = list(named)
    for start in range(0, len(names), BATCH):
        entries = Entry.objects.filter(object__in=names[start : start + BATCH])
        written |= {named[name] for name in entries.values_list("object", flat=True)}
    return written
