"""What a generation of lessons reads: the wanted lessons of a span, and the lessons that stand there."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from letopis.core.clock import local_day
from letopis.ledger.models import Entry
from letopis.register.models import (
    Attendance,
    Correction,
    Homework,
    Lesson,
    MakeUp,
    Mark,
    PupilHomework,
    Remark,
    Substitution,
    Task,
)
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
ABOUT_PLACES = ("register.add_lesson", "register.give_lesson")
"""Verbs that say only that a lesson beside the timetable stands there, and who gives it."""


@dataclass(frozen=True, slots=True)
class LessonPlan:
    """The wanted lessons with all that is needed to write them."""

    year: AcademicYear
    wanted: list[PlannedLesson]
    slots: dict[int, TimetableSlot]
    workloads: dict[int, list[Workload]]
    lessons: dict[int, Lesson]
    reconciled: Reconciliation
    substituted: frozenset[int]
    """Lessons with a substitute: they keep their teacher and room."""
    moved: frozenset[int]
    """Lessons moved by an order: they stay where they are."""

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

    def given(self, lesson: Lesson, place: PlannedLesson) -> tuple[int | None, int | None]:
        """Return teacher and room of a lesson that exists, when it takes the place."""
        if lesson.pk in self.substituted:
            return lesson.teacher_id, lesson.room_id
        return self.teacher_id(place), self.room_id(place)

    def heirs(self) -> list[tuple[Lesson, int | None]]:
        """Return the moved lessons, not held yet, that went to another teacher with their course, and to whom."""
        found = []
        for lesson in (self.lessons[pk] for pk in self.moved - self.substituted):
            rows = self.workloads[lesson.course_id]
            in_force = [
                one.teacher_id
                for one in rows
                if one.starts_on <= lesson.on and (one.ends_on is None or lesson.on <= one.ends_on)
            ]
            if lesson.state == Lesson.State.PLANNED and in_force and lesson.teacher_id not in in_force:
                found.append((lesson, in_force[0]))
        return found


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
    standing = _standing(scope)
    lessons, existing = _existing(scope, first=first, last=last, today=today, standing=standing, lock=lock)
    # Where a moved lesson stands now there is no room for another of its course.
    taken = {(lessons[pk].course_id, lessons[pk].on, lessons[pk].number) for pk in lessons if pk in standing.moved}
    taken |= standing.places_beyond
    # Nor where one was added beside the timetable, which answers for none of its places.
    extra = Lesson.objects.filter(course__in=scope, is_extra=True, on__range=(first, last))
    taken |= set(extra.values_list("course_id", "on", "number"))
    wanted = [one for one in wanted if (one.course_id, one.on, one.number) not in taken]
    return LessonPlan(
        year, wanted, slots, workloads, lessons, reconcile(existing=existing, wanted=wanted),
        substituted=frozenset(standing.substituted), moved=frozenset(standing.moved.keys() & lessons.keys()),
    )  # fmt: skip


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


@dataclass(frozen=True, slots=True)
class _Standing:
    """What substitutions in force say of the lessons of some courses."""

    substituted: set[int]
    cancelled: set[int]
    moved: dict[int, tuple[date, int]]
    """The place each moved lesson has left."""
    places_beyond: set[tuple[int, date, int]]
    """Course, day and number where moved lessons stand now."""


def _standing(courses: Iterable[Course]) -> _Standing:
    found = _Standing(set(), set(), {}, set())
    rows = Substitution.objects.filter(lesson__course__in=courses, withdrawn_at=None).order_by("-pk")
    for row in rows.select_related("lesson"):
        if row.kind == Substitution.Kind.MOVED:
            found.moved[row.lesson_id] = (row.old_on, row.old_number)
            found.places_beyond.add((row.lesson.course_id, row.lesson.on, row.lesson.number))
        elif row.kind == Substitution.Kind.CANCELLED:
            found.cancelled.add(row.lesson_id)
        else:
            found.substituted.add(row.lesson_id)
    return found


def _existing(
    courses: Iterable[Course], *, first: date, last: date, today: date, standing: _Standing, lock: bool
) -> tuple[dict[int, Lesson], list[ExistingLesson]]:
    """Return the lessons that answer for a place of the span: of a moved one, the place it left counts."""
    span = (first, last)
    came = [pk for pk, (on, _number) in standing.moved.items() if first <= on <= last]
    stays = Q(on__range=span) & ~Q(pk__in=standing.moved)
    rows = Lesson.objects.filter(stays | Q(pk__in=came), course__in=courses, is_extra=False).annotate(
        has_marks=Exists(Mark.objects.filter(task__lesson=OuterRef("pk"))),
        has_attendance=Exists(Attendance.objects.filter(lesson=OuterRef("pk"))),
        has_homework=Exists(Homework.objects.filter(lesson=OuterRef("pk"))),
    )
    if lock:
        rows = rows.select_for_update(of=("self",))
    lessons: dict[int, Any] = {lesson.pk: lesson for lesson in rows.order_by("pk")}
    fixed = standing.cancelled | standing.moved.keys()
    existing = [
        ExistingLesson(
            lesson_id=lesson.pk,
            on=on,
            number=number,
            course_id=lesson.course_id,
            is_held=lesson.pk in fixed or _is_held(lesson, today=today),
            is_bound=lesson.pk in standing.substituted,
        )
        for lesson in lessons.values()
        for on, number in [standing.moved.get(lesson.pk, (lesson.on, lesson.number))]
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
    written: set[int] = set()
    # An event may have no entry of its own lesson (a note on a pupil who was there), nor has the homework of one pupil.
    # Nor has a remark of control, or a request for correction, which are about the lesson.
    for model in (Homework, PupilHomework, Attendance, MakeUp, Remark, Correction):
        written |= set(model._default_manager.filter(lesson__in=ids).values_list("lesson_id", flat=True))
    written |= set(Lesson.objects.filter(pk__in=ids).exclude(topic="").values_list("pk", flat=True))
    written |= set(Substitution.objects.filter(lesson__in=ids).values_list("lesson_id", flat=True))
    written |= set(Substitution.objects.filter(joined_with__in=ids).values_list("joined_with_id", flat=True))
    written |= set(Task.objects.filter(lesson__in=ids).exclude(kind="", title="").values_list("lesson_id", flat=True))
    tasks = dict(Task.objects.filter(lesson__in=ids).values_list("pk", "lesson_id"))
    named = {f"register.Lesson:{pk}": pk for pk in ids} | {f"register.Task:{pk}": of for pk, of in tasks.items()}
    names = list(named)
    for start in range(0, len(names), BATCH):
        entries = Entry.objects.filter(object__in=names[start : start + BATCH]).exclude(verb__in=ABOUT_PLACES)
        written |= {named[name] for name in entries.values_list("object", flat=True)}
    return written


def let_go_of(ids: Iterable[int]) -> None:
    """Let homework that is due at these lessons be due on their days: the lessons are about to be removed."""
    day = Lesson.objects.filter(pk=OuterRef("due_lesson")).values("on")
    Homework.objects.filter(due_lesson__in=list(ids)).update(due_on=Subquery(day[:1]), due_lesson=None)
