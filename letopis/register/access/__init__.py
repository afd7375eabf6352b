"""The door to the register: courses and lessons, loaded and checked in one step, by one query each.

Who sees a course. Director and deputies see every one of their school; a teacher those he has a workload in, at any
time of that year; a class teacher those of his class, and of groups without a class that its pupils of today are in.
Clerk, archivist and administrator see no register page, nor does anybody else: for them it does not exist (404).
A substitute sees the lessons he gives, not the whole course.
Who writes. The teacher on the days of his workload, and whoever stands as the teacher of that lesson; nobody else.
Sources: REG-007, REG-B001, C-023.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from letopis.people.access import Actor, forbid, invisible
from letopis.register.models import HomeworkFile, Lesson, Remark, Substitution, Task
from letopis.rules.policy import Policy
from letopis.rules.registers import CLASS, register_of
from letopis.rules.remarks import STANDING
from letopis.schooling.models import (
    AcademicYear,
    ClassTeacher,
    Course,
    GroupKind,
    Membership,
    Scale,
    SchoolClass,
    Workload,
)

TEACHER, CLASS_TEACHER, CONTROL, SUBSTITUTE = "TEACHER", "CLASS_TEACHER", "CONTROL", "SUBSTITUTE"
Span = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class Stays:
    """When a pupil is in the group of a course."""

    pupil_id: int
    days: frozenset[Span]

    def hold(self, on: date) -> bool:
        return any(start <= on and (end is None or on <= end) for start, end in self.days)


@dataclass(frozen=True, slots=True)
class OpenCourse:
    """A course this actor may see, with what he may do in it."""

    actor: Actor
    course: Course
    """With subject, group, the group's class, and year joined in."""
    grade: int
    """Of the class; of a group without a class, that of its pupils."""
    sees_as: str
    """TEACHER, CLASS_TEACHER, CONTROL, or SUBSTITUTE (who sees single lessons only)."""
    taught: tuple[Span, ...]
    """Days from–to on which the actor teaches the course; None = still."""

    @property
    def year_is_open(self) -> bool:
        return self.course.year.state == AcademicYear.State.OPEN

    @property
    def may_edit(self) -> bool:
        """Whether there is anything to fill here at all; each lesson has its own window (rules.windows)."""
        return self.year_is_open and self.sees_as in (TEACHER, SUBSTITUTE)

    @property
    def keeps_sessions(self) -> bool:
        """Whether it is a register of a group or of one pupil, kept lesson by lesson (REG-042…044)."""
        return register_of(self.course.kind).code != CLASS or self.course.group.kind == GroupKind.INDIVIDUAL

    @property
    def is_marked(self) -> bool:
        """Whether marks are put at all: not in a club, unless the scale of its subject says so (REG-042)."""
        return register_of(self.course.kind).asks_marks or self.course.subject.scale != Scale.UNGRADED

    @property
    def may_plan(self) -> bool:
        """Whether the actor changes the thematic plan: who teaches the course now or will, and who controls it."""
        today = self.actor.today
        teaches = self.sees_as == TEACHER and any(end is None or today <= end for _start, end in self.taught)
        return self.year_is_open and (teaches or self.actor.controls)

    @property
    def read_only_reason(self) -> str:
        """Why the page is only read, for the person; empty for one who may fill it."""
        if not self.year_is_open:
            return _("Учебный год закрыт: журнал больше не изменяется.")
        reasons = {
            CLASS_TEACHER: _("Вы видите этот журнал как классный руководитель: отметки ставит учитель предмета."),
            CONTROL: _("Вы видите этот журнал как администрация школы: отметки ставит учитель предмета."),
        }
        return reasons.get(self.sees_as, "")

    def is_own(self, *, on: date, teacher_id: int | None) -> bool:
        """Whether the actor fills the lesson of that day: by his workload, or as the teacher who stands in it."""
        me = self.actor.employee_id
        if me is None:
            return False
        return teacher_id == me or any(start <= on and (end is None or on <= end) for start, end in self.taught)


@dataclass(frozen=True, slots=True)
class OpenLesson:
    """A lesson this actor may see."""

    lesson: Lesson
    """With its course, teacher and room joined in."""
    opened: OpenCourse

    @property
    def is_own(self) -> bool:
        """Whether the actor fills it; the window is rules.windows.may_edit_lesson."""
        return self.opened.is_own(on=self.lesson.on, teacher_id=self.lesson.teacher_id)

    @property
    def policy(self) -> Policy:
        """The policy that the lesson is judged by: that of its day."""
        return self.opened.actor.policy_on(self.lesson.on)

    @property
    def sees_course(self) -> bool:
        """Whether the grid of the whole course may be linked."""
        return self.opened.sees_as != SUBSTITUTE


def courses_of(actor: Actor) -> QuerySet[Course]:
    """Return the courses of all years that the actor may see; the caller picks the year and the order."""
    courses = Course.objects.filter(organisation=actor.organisation)
    if actor.controls:
        return courses
    if actor.employee_id is None:
        return courses.none()
    return courses.filter(_teaches(actor) | _leads(actor))


def courses_together(actor: Actor, code: UUID) -> list[OpenCourse]:
    """Return the courses of the same subject and class as this one that the actor may see, this one too, or answer 404.

    Subgroups of a class, in the order of their names: a deputy and the class teacher see all, a teacher his own. Two
    queries and one for each course.
    """
    one = course_for(actor, code).course
    same = courses_of(actor).filter(subject=one.subject_id, year=one.year_id)
    if one.group.school_class_id is None:
        return [course_for(actor, code)]
    codes = same.filter(group__school_class=one.group.school_class_id).order_by("group__name", "pk")
    return [course_for(actor, other) for other in codes.values_list("code", flat=True)]


def course_for(actor: Actor, code: UUID) -> OpenCourse:
    """Return the course with this code, or answer 404. One query."""
    rows = list(_courses().filter(code=code, organisation=actor.organisation))
    if not rows:
        invisible()
    return _opened(actor, rows[0], rows) or invisible()


def plan_for(actor: Actor, code: UUID) -> OpenCourse:
    """Return a course whose plan the actor may change; 403 for who may only see it, else 404. One query."""
    opened = course_for(actor, code)
    if not opened.may_plan:
        forbid(_("План изменяют учитель предмета и заместитель директора, пока учебный год открыт."))
    return opened


def courses_to_plan(year: AcademicYear, *, actor: Actor | None) -> list[Course]:
    """Return the courses of a year whose plans the actor may bring in, each with its `grade`. One query.

    Who controls the school has all of them, a teacher those he teaches now or will; None is the command line.
    """
    courses: Any = (
        Course.objects.filter(year=year)
        .select_related("subject", "group__school_class", "year", "organisation")
        .annotate(grade=_grade(""))
    )
    if actor is not None and (actor.organisation.pk != year.organisation_id):
        return []
    if actor is not None and not actor.controls:
        mine = Workload.objects.filter(
            Q(ends_on=None) | Q(ends_on__gte=actor.today), course=OuterRef("pk"), teacher=actor.employee_id or 0
        )
        courses = courses.filter(Exists(mine))
    return list(courses.order_by("grade", "group__school_class__letter", "group__name", "pk"))


def lesson_for(actor: Actor, code: UUID) -> OpenLesson:
    """Return the lesson with this code, or answer 404. One query."""
    rows = list(_lessons().filter(code=code, organisation=actor.organisation))
    if not rows:
        invisible()
    lesson = rows[0]
    opened = _opened(actor, lesson.course, rows, gives_lesson=lesson.teacher_id == actor.employee_id)
    return OpenLesson(lesson, opened) if opened else invisible()


def homework_file_for(actor: Actor, code: UUID) -> HomeworkFile:
    """Return a file that is attached to the homework of a lesson the actor may see, or answer 404. Two queries."""
    files = HomeworkFile.objects.select_related("homework__lesson")
    file = files.filter(code=code, organisation=actor.organisation, removed_at=None).first() or invisible()
    lesson_for(actor, file.homework.lesson.code)
    return file


def require_planner(actor: Actor) -> None:
    """Pass who arranges substitutions: director and deputies (ORG-B018). Others of the staff get 403, strangers 404."""
    if not actor.works_here:
        invisible()
    if not actor.controls:
        forbid(_("Замены назначают директор и заместитель директора."))


def substitutions_of(actor: Actor) -> QuerySet[Substitution]:
    """Return the rows of the log that the actor may see: director and deputies all, a teacher his own."""
    if not actor.works_here:
        invisible()
    rows = Substitution.objects.filter(organisation=actor.organisation)
    if actor.controls:
        return rows
    me = actor.employee_id or 0
    return rows.filter(Q(absent_teacher=me) | Q(acting_teacher=me))


def substitution_for(actor: Actor, code: UUID) -> Substitution:
    """Return a row of the log that the actor may see, or answer 404. One query."""
    return substitutions_of(actor).filter(code=code).first() or invisible()


def tasks_to_fill(actor: Actor, course: UUID, tasks: Iterable[UUID]) -> tuple[OpenCourse, list[Task]]:
    """Return the course and all tasks of the lessons that these tasks belong to, their lessons locked. One query.

    Call inside a transaction. The lock of the lesson is the lock of its cells: whoever writes marks or attendance
    takes it first, and reads them in a later statement (a joined row read together with the lock may be stale).
    Tasks carry term_key, term_kind and term_days, the first and last day of their lesson's term (None outside terms).
    A course without these tasks is opened as by `course_for`; one the actor may not see is 404.
    """
    return _opened_tasks(actor, course, list(_of_course(_tasks(), actor, course, tasks)))


def cells_to_fill(
    actor: Actor, course: UUID, tasks: Iterable[UUID], pupils: Iterable[UUID]
) -> tuple[OpenCourse, list[Task], dict[UUID, Stays]]:
    """Return as `tasks_to_fill`, and by code those of the pupils who are in the group at any time. One query."""
    rows: list[Any] = list(_of_course(_tasks_by_member(), actor, course, tasks).filter(member_code__in=list(pupils)))
    stays: dict[UUID, tuple[int, set[Span]]] = {}
    for row in rows:
        stays.setdefault(row.member_code, (row.member, set()))[1].add((row.member_from, row.member_to))
    return *_opened_tasks(actor, course, rows), {code: Stays(pk, frozenset(days)) for code, (pk, days) in stays.items()}


@cache
def _courses() -> QuerySet[Course]:
    """Courses with access. Here and below: made once, because building a query takes longer than running it."""
    courses = Course.objects.select_related("subject", "group__school_class", "year")
    return _with_access(courses.annotate(standing_remarks=_standing_remarks("course")))


@cache
def _lessons() -> QuerySet[Lesson]:
    joined = "course__subject", "course__group__school_class", "course__year", "teacher__person", "room"
    lessons = Lesson.objects.select_related(*joined).annotate(standing_remarks=_standing_remarks("lesson"))
    return _with_access(lessons, to_course="course__")


@cache
def _tasks() -> QuerySet[Task]:
    joined = "lesson__course__subject", "lesson__course__group__school_class", "lesson__course__year"
    terms, on = "lesson__course__year__terms", F("lesson__on")
    in_term = Q((f"{terms}__starts_on__lte", on), (f"{terms}__ends_on__gte", on))
    tasks: QuerySet[Task] = (
        _with_access(Task.objects.select_related(*joined), to_course="lesson__course__")
        .annotate(
            # A row for each term of that day, whatever grades have it: cheaper than a subquery for each of its days.
            term=FilteredRelation(terms, condition=in_term),
            term_key=F("term__pk"),
            term_from=F("term__starts_on"),
            term_to=F("term__ends_on"),
            term_kind=F("term__kind"),
            grade_from=F("term__grade_from"),
            grade_to=F("term__grade_to"),
        )
        .select_for_update(of=("lesson",))
        .order_by("lesson__on", "lesson__number", "position")
    )
    return tasks


@cache
def _tasks_by_member() -> QuerySet[Any]:
    member = "lesson__course__group__memberships"
    tasks: QuerySet[Any] = _tasks().annotate(
        member=F(f"{member}__pupil_id"),
        member_code=F(f"{member}__pupil__code"),
        member_from=F(f"{member}__starts_on"),
        member_to=F(f"{member}__ends_on"),
    )
    return tasks


def _of_course(rows: QuerySet[Any], actor: Actor, course: UUID, tasks: Iterable[UUID]) -> QuerySet[Any]:
    """Return all tasks of the lessons of these tasks, in a course of the actor's school."""
    return rows.filter(
        lesson__tasks__code__in=list(tasks), lesson__course__code=course, organisation=actor.organisation
    )


def _opened_tasks(actor: Actor, course: UUID, rows: Sequence[Task]) -> tuple[OpenCourse, list[Task]]:
    if not rows:
        return course_for(actor, course), []
    gives_any = any(task.lesson.teacher_id == actor.employee_id for task in rows)
    opened = _opened(actor, rows[0].lesson.course, rows, gives_lesson=gives_any)
    if opened is None:
        invisible()
    return opened, _with_terms(rows, grade=opened.grade)


def _with_terms(rows: Sequence[Any], *, grade: int) -> list[Task]:
    """Return each task once, with the days of the term that this grade has on the day of its lesson."""
    of_grade = [row for row in rows if row.term_from and row.grade_from <= grade <= row.grade_to]
    days = {row.pk: (row.term_key, row.term_kind, (row.term_from, row.term_to)) for row in of_grade}
    tasks: dict[int, Any] = {row.pk: row for row in rows}
    for pk, task in tasks.items():
        task.term_key, task.term_kind, task.term_days = days.get(pk, (None, None, None))
    return list(tasks.values())


def _with_access(rows: QuerySet[Any], *, to_course: str = "") -> QuerySet[Any]:
    """Annotate rows with what `_opened` needs: the grade, who teaches the course, and who leads the class.

    A row for each workload and each class teacher of the course: joins are half as dear as the subqueries that would
    say the same in one row. Whose they are is asked of the rows, so that the query is the same for everybody.
    """
    workloads, leaders = f"{to_course}workloads", f"{to_course}group__school_class__class_teachers"
    annotated: QuerySet[Any] = rows.annotate(
        taught_by=F(f"{workloads}__teacher_id"),
        taught_from=F(f"{workloads}__starts_on"),
        taught_to=F(f"{workloads}__ends_on"),
        led_by=F(f"{leaders}__employee_id"),
        led_from=F(f"{leaders}__starts_on"),
        led_to=F(f"{leaders}__ends_on"),
        grade=_grade(to_course),
    )
    return annotated


def _standing_remarks(page: str) -> Coalesce:
    """Count the remarks to a course or a lesson that still ask something, for the pill on its pages."""
    rows = Remark.objects.filter((page, OuterRef("pk")), state__in=STANDING).order_by().values(page)
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


def _grade(to_course: str) -> Coalesce:
    """The grade of the class; of a group without a class, that of its pupils."""
    of_pupils = SchoolClass.objects.filter(
        year=OuterRef(f"{to_course}year"),
        groups__kind=GroupKind.WHOLE_CLASS,
        groups__memberships__pupil__memberships__group=OuterRef(f"{to_course}group"),
    )
    return Coalesce(F(f"{to_course}group__school_class__grade"), Subquery(of_pupils.values("grade")[:1]))


def _opened(actor: Actor, course: Course, rows: Sequence[Any], *, gives_lesson: bool = False) -> OpenCourse | None:
    # A vacancy has no teacher, and one who left is no employee: None must not meet None.
    me = actor.employee_id or 0
    taught = tuple(dict.fromkeys((row.taught_from, row.taught_to) for row in rows if row.taught_by == me))
    ways = {
        TEACHER: bool(taught),
        CONTROL: actor.controls,
        CLASS_TEACHER: any(_is_led(actor, row, course.year) for row in rows),
        SUBSTITUTE: gives_lesson and actor.employee_id is not None,
    }
    sees_as = next((way for way, holds in ways.items() if holds), None)
    if sees_as is None and course.group.school_class_id is None and _leads_a_pupil(actor, course):
        # Only for groups without a class, and only for one who has no other way in: one query more.
        sees_as = CLASS_TEACHER
    if sees_as is None:
        return None
    return OpenCourse(actor=actor, course=course, grade=rows[0].grade or 0, sees_as=sees_as, taught=taught)


def _is_led(actor: Actor, row: Any, year: AcademicYear) -> bool:
    """Led now, or to the end of a year that is over."""
    if row.led_by != (actor.employee_id or 0) or row.led_from > actor.today:
        return False
    return row.led_to is None or row.led_to >= min(actor.today, year.ends_on)


def _leads_a_pupil(actor: Actor, course: Course) -> bool:
    return actor.employee_id is not None and Course.objects.filter(_leads(actor), pk=course.pk).exists()


def _teaches(actor: Actor) -> Exists:
    return Exists(Workload.objects.filter(course=OuterRef("pk"), teacher=actor.employee_id))


def _leads(actor: Actor) -> Q:
    """Led now, or to the end of a year that is over; a group without a class counts when it has a pupil of his.

    His pupils are those on the list of his class today, or on the last day of a year that is over: who went to another
    class, or will go, shows him nothing of it.
    """
    led = ClassTeacher.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=actor.today) | Q(ends_on__gte=F("school_class__year__ends_on")),
        employee=actor.employee_id,
        starts_on__lte=actor.today,
    )
    classes = led.values("school_class")
    listed = Membership.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=actor.today) | Q(ends_on__gte=F("group__year__ends_on")),
        group__kind=GroupKind.WHOLE_CLASS,
        group__school_class__in=classes,
        group__year=OuterRef("year"),
        starts_on__lte=actor.today,
        pupil__memberships__group=OuterRef("group"),
        pupil__memberships__starts_on__lte=actor.today,
    )
    return Q(group__school_class__in=classes) | Q(Exists(listed), group__school_class=None)
