"""Writes the facts of lessons in bulk, with the same entries in the ledger as the verbs of the register make."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from letopis.attestation.models import PastResult
from letopis.core.bulk import insert_all, update_all
from letopis.demo import facts as demo_facts
from letopis.demo.facts import LessonFacts, LessonKey
from letopis.ledger.actions import Author, Fact, record_all
from letopis.org.queries import policies
from letopis.people.models import Employee, Enrolment, Pupil
from letopis.register.actions.cell_facts import attendance_fact, event_value, kind_fact, mark_fact
from letopis.register.actions.lesson_facts import attendance_taken_fact, held_fact, homework_fact, topic_fact
from letopis.register.models import Attendance, Homework, Lesson, Mark, Task
from letopis.rules.names import short_name
from letopis.schooling.models import AcademicYear, Bell, ClassTeacher, Course, GroupKind, Membership

FLUSH_FACTS = 20_000


@dataclass(frozen=True, slots=True)
class Member:
    """A pupil of a group, from when to when."""

    pupil_id: int
    number: str
    starts_on: date
    ends_on: date | None

    def is_there(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)


@dataclass(slots=True)
class Season:
    """Everything the writer looks up while it goes through the lessons of a year."""

    year: AcademicYear
    seed: int
    zone: ZoneInfo
    may_forget: bool
    courses: dict[int, Course]
    members: dict[int, list[Member]]
    authors: dict[int, Author]
    """By employee."""
    leaders: dict[int, Author]
    """Class teacher by class."""
    bells: dict[int, time]
    deserved: dict[tuple[str, int], int]
    """Newest year mark of the imported results up to this year, by number of the pupil and subject."""
    documents: Mapping[tuple[str, str, str], str]
    """Results of this very year that the next workbook brings, by pupil, subject and period: the year aims at them."""
    plan_words: dict[int, str] = field(default_factory=dict)
    """Topic of the thematic plan by lesson, where the course has one."""
    abilities: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def is_past(self) -> bool:
        """Whether this is the year before: the one that is over and forgets nothing."""
        return not self.may_forget

    def ability(self, member: Member, course: Course) -> int:
        key = (member.number, course.subject.name)
        if key not in self.abilities:
            said = self.documents.get((member.number, course.subject.sort_key, "год"), "")
            known = int(said) if said.isdecimal() else self.deserved.get((member.number, course.subject_id))
            self.abilities[key] = known or demo_facts.ability(self.seed, *key)
        return self.abilities[key]

    def moment(self, on: date, number: int, minutes: int) -> datetime:
        """Return a moment some minutes after the bell that ends a lesson."""
        return datetime.combine(on, self.bells[number], self.zone) + timedelta(minutes=minutes)


@dataclass(slots=True)
class Sheaf:
    """Rows and facts gathered before they are written together."""

    lessons: list[tuple[str, str, datetime, int]] = field(default_factory=list)
    kinds: list[tuple[str, str, int]] = field(default_factory=list)
    homework: list[Homework] = field(default_factory=list)
    marks: list[tuple[Mark, Author, datetime]] = field(default_factory=list)
    events: list[tuple[Attendance, Author, Author, datetime]] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)

    @property
    def size(self) -> int:
        return len(self.facts) + len(self.marks) + len(self.events)


def write_lessons(season: Season, *, until: date, report: Callable[[int, int], None] | None = None) -> int:
    """Write what happened in every lesson up to a day that nothing was written in yet; return how many there were.

    On the last day itself only the first lesson is over. A later day only adds.
    report: told after each sheaf how many lessons are done, and how many there are.
    """
    written, sheaf = 0, Sheaf()
    with transaction.atomic():
        lessons = list(_lessons(season.year, until=until))
        for done, (lesson, task, index) in enumerate(lessons):
            course = season.courses[lesson.course_id]
            members = [one for one in season.members[course.group_id] if one.is_there(lesson.on)]
            if not members or lesson.teacher_id is None:
                continue
            _gather(season, sheaf, course, lesson, task, index, members)
            written += 1
            if sheaf.size > FLUSH_FACTS:
                _write(sheaf)
                sheaf = Sheaf()
                if report:
                    report(done, len(lessons))
        _write(sheaf)
    return written


def load_season(
    year: AcademicYear,
    *,
    seed: int,
    may_forget: bool,
    documents: Mapping[tuple[str, str, str], str] = MappingProxyType({}),
) -> Season:
    """Return the look-ups of a year, in a fixed number of queries."""
    organisation = year.organisation
    courses = Course.objects.filter(year=year).select_related("subject", "group__school_class")
    employees = Employee.objects.filter(organisation=organisation).select_related("person")
    authors = {
        one.pk: Author(
            organisation=organisation.code,
            actor=f"accounts.User:{one.person.user_id}" if one.person.user_id else "system",
            name=f"{short_name(one.person.last_name, one.person.first_name, one.person.middle_name)}, {one.position}",
        )
        for one in employees
    }
    leaders = ClassTeacher.objects.filter(school_class__year=year).order_by("starts_on")
    results = (
        PastResult.objects.filter(organisation=organisation, year_starts__lte=year.starts_on.year, period="год")
        .order_by("year_starts")
        .values_list("pupil__book_number", "subject_id", "value")
    )
    return Season(
        year=year,
        seed=seed,
        zone=ZoneInfo(organisation.time_zone),
        may_forget=may_forget,
        documents=documents,
        courses={course.pk: course for course in courses},
        members=_members(year),
        authors=authors,
        leaders={one.school_class_id: authors[one.employee_id] for one in leaders},
        bells=dict(Bell.objects.filter(year=year, shift=1).values_list("number", "ends_at")),
        deserved={(number, subject): int(value) for number, subject, value in results if value.isdecimal()},
    )


def _members(year: AcademicYear) -> dict[int, list[Member]]:
    """Return the members of every group by number; those taught at home are in no lesson of their class (C-005)."""
    at_home = set(Enrolment.objects.filter(organisation=year.organisation, form="HOME").values_list("pupil", flat=True))
    numbers = dict(Pupil.objects.filter(organisation=year.organisation).values_list("pk", "book_number"))
    found: dict[int, list[Member]] = defaultdict(list)
    rows = Membership.objects.filter(group__year=year).select_related("group").order_by("pupil__person__sort_key")
    for row in rows:
        if row.pupil_id in at_home and row.group.kind != GroupKind.INDIVIDUAL:
            continue
        found[row.group_id].append(Member(row.pupil_id, numbers[row.pupil_id], row.starts_on, row.ends_on))
    return found


def _lessons(year: AcademicYear, *, until: date) -> Iterator[tuple[Lesson, Task, int]]:
    """Yield the unwritten lessons up to a day, each with its column and its place in the course."""
    tasks = {
        task.lesson_id: task
        for task in Task.objects.filter(lesson__course__year=year, position=1).select_related("lesson")
    }
    order: dict[int, int] = defaultdict(int)
    for lesson in Lesson.objects.filter(course__year=year, is_extra=False).order_by("course_id", "on", "number"):
        index = order[lesson.course_id]
        order[lesson.course_id] += 1
        is_over = lesson.on < until or (lesson.on == until and lesson.number == 1)
        if is_over and lesson.state == Lesson.State.PLANNED:
            yield lesson, tasks[lesson.pk], index


def _gather(
    season: Season, sheaf: Sheaf, course: Course, lesson: Lesson, task: Task, index: int, members: list[Member]
) -> None:
    school_class = course.group.school_class
    assert school_class  # noqa: S101 (every group of the demo belongs to a class)
    assert lesson.teacher_id  # noqa: S101 (asked before)
    policy = policies(season.year.organisation).on(lesson.on)
    scale = policy.scale_for(scale_code=course.subject.scale, grade=school_class.grade)
    key = LessonKey(
        school_class=school_class.title,
        grade=school_class.grade,
        subject=course.subject.name,
        group=course.group.name,
        on=lesson.on,
        number=lesson.number,
        index=index,
        is_graded=bool(scale.values),
        weekly_hours=int(course.weekly_hours),
    )
    told = demo_facts.lesson_facts(
        season.seed,
        key,
        abilities={one.number: season.ability(one, course) for one in members},
        may_forget=season.may_forget,
    )
    teacher = season.authors[lesson.teacher_id]
    at = season.moment(lesson.on, lesson.number, 2)
    if told.topic and lesson.pk in season.plan_words:
        told = replace(told, topic=season.plan_words[lesson.pk])
    _gather_lesson(sheaf, lesson, task, told, by=teacher, at=at)
    pupils = {one.number: one.pupil_id for one in members}
    for number, value in told.marks.items():
        mark = Mark(
            organisation_id=lesson.organisation_id, task_id=task.pk, pupil_id=pupils[number], value=value,
            put_by_id=lesson.teacher_id, put_at=at,
        )  # fmt: skip
        sheaf.marks.append((mark, teacher, at))
    leader = season.leaders.get(school_class.pk, teacher)
    for number, event in told.events.items():
        row = Attendance(
            organisation_id=lesson.organisation_id, lesson_id=lesson.pk, pupil_id=pupils[number], event=event.event,
            minutes=event.minutes, reason=event.reason, put_by_id=lesson.teacher_id, put_at=at,
        )  # fmt: skip
        sheaf.events.append((row, teacher, leader, at))


def _gather_lesson(sheaf: Sheaf, lesson: Lesson, task: Task, told: LessonFacts, *, by: Author, at: datetime) -> None:
    lesson.topic, lesson.state, lesson.attendance_taken_at = told.topic, Lesson.State.HELD, at
    sheaf.lessons.append((lesson.topic, lesson.state, at, lesson.pk))
    sheaf.facts.append(held_fact(lesson, by=by, at=at))
    sheaf.facts.append(attendance_taken_fact(lesson, by=by, at=at))
    if told.topic:
        sheaf.facts.append(topic_fact(lesson, before="", by=by, at=at))
    if told.homework or told.nothing_set:
        homework = Homework(
            organisation_id=lesson.organisation_id, lesson=lesson, text=told.homework, nothing_set=told.nothing_set
        )
        sheaf.homework.append(homework)
        sheaf.facts.append(homework_fact(homework, before=None, by=by, at=at))
    if told.kind:
        before: dict[str, Any] = {"kind": "", "title": ""}
        task.kind, task.title = told.kind, told.title
        sheaf.kinds.append((task.kind, task.title, task.pk))
        sheaf.facts.append(kind_fact(task, before=before, by=by, at=at))


def _write(sheaf: Sheaf) -> None:
    """Write a sheaf: rows first, then the facts that name them."""
    insert_all(sheaf.homework)
    insert_all([mark for mark, _by, _at in sheaf.marks])
    insert_all([row for row, *_ in sheaf.events])
    update_all(Lesson, ("topic", "state", "attendance_taken_at"), sheaf.lessons)
    update_all(Task, ("kind", "title"), sheaf.kinds)
    record_all(
        [
            *sheaf.facts,
            *(mark_fact(mark, before=None, by=by, at=at) for mark, by, at in sheaf.marks),
            *(fact for row in sheaf.events for fact in _event_facts(*row)),
        ]
    )


def _event_facts(row: Attendance, teacher: Author, leader: Author, at: datetime) -> Iterator[Fact]:
    """The subject teacher recorded the event, the class teacher set the reason the day after (C-012)."""
    reason = row.reason
    row.reason = "NOT_SET"
    yield attendance_fact(row, before=None, by=teacher, at=at)
    if reason != "NOT_SET":
        row.reason = reason
        before = event_value(row.event, row.minutes, "NOT_SET")
        yield attendance_fact(row, before=before, by=leader, at=at + timedelta(days=1))


def mark_values(season: Season, *, first: date, last: date) -> Mapping[tuple[int, int], list[tuple[str, str]]]:
    """Return the marks of a span by pupil and subject: value and kind of work. One query."""
    rows = (
        Mark.objects.filter(task__lesson__course__year=season.year, task__lesson__on__range=(first, last))
        .exclude(value="")
        .values_list("pupil_id", "task__lesson__course__subject_id", "value", "task__kind")
    )
    found: dict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
    for pupil, subject, value, kind in rows:
        found[(pupil, subject)].append((value, kind))
    return found
