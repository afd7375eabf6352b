"""The door to teaching groups, to who teaches what, and to individual plans.

Everybody who works in the school reads the list of groups. A group with its pupils: director, deputies, clerk,
administrator and who teaches it; other employees may not (403). Groups, plans and teachers are changed by director,
deputies and administrator; a teacher plans the lessons of his own group. For everybody else nothing of it exists (404).
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from letopis.accounts.models import Role
from letopis.people.access import Actor, forbid, invisible
from letopis.people.models import Pupil
from letopis.register.models import Lesson
from letopis.schooling import access as schooling
from letopis.schooling.access import LIST_ROLES, OpenClass
from letopis.schooling.models import AcademicYear, Course, GroupKind, Workload

GROUP_ROLES = (Role.DIRECTOR, Role.DEPUTY, Role.ADMINISTRATOR)
OWN_KINDS = (GroupKind.STREAM, GroupKind.ELECTIVE, GroupKind.CLUB)
"""Groups that are made here; subgroups belong to their class, individual plans to their pupil."""


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """A group this actor may see."""

    course: Course
    """With its group, subject and year joined in."""
    may_change: bool
    may_plan: bool
    """Lessons of the group."""
    sees_register: bool


def may_change_groups(actor: Actor) -> bool:
    """Say whether the actor makes groups, gives courses to teachers and keeps individual plans."""
    return actor.has(*GROUP_ROLES)


def year_of_groups_for(actor: Actor, starts: str = "") -> tuple[AcademicYear | None, list[AcademicYear]]:
    """Return the asked year and all years for who works in the school. One query."""
    return schooling.year_for(actor, starts)


def year_to_group_for(actor: Actor, starts: str = "") -> AcademicYear:
    """Return the year in which the actor may make groups: 404 without one, 403 for who may not."""
    year, _years = schooling.year_for(actor, starts)
    if year is None:
        invisible()
    _require_change(actor)
    return year


def group_for(actor: Actor, code: UUID) -> OpenGroup:
    """Return the course of the group with this code. One query."""
    if not actor.works_here:
        invisible()
    teaches = Workload.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=actor.today), course=OuterRef("pk"), teacher=actor.employee_id or 0
    )
    courses = Course.objects.filter(organisation=actor.organisation, group__code=code, group__kind__in=OWN_KINDS)
    course: Any = courses.select_related("group", "subject", "year__organisation").annotate(own=Exists(teaches)).first()
    if course is None:
        invisible()
    may_change = may_change_groups(actor)
    if not (may_change or course.own or actor.has(*LIST_ROLES)):
        forbid(_("Состав группы видят её учитель и администрация школы."))
    sees_register = course.own or actor.controls
    return OpenGroup(course, may_change=may_change, may_plan=may_change or course.own, sees_register=sees_register)


def groups_open_to(actor: Actor, courses: list[Course]) -> set[UUID]:
    """Return the codes of the groups of these courses whose page this actor may open. At most one query."""
    if may_change_groups(actor) or actor.has(*LIST_ROLES):
        return {course.group.code for course in courses}
    own = Workload.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=actor.today), course__in=courses, teacher=actor.employee_id or 0
    )
    return set(own.values_list("course__group__code", flat=True))


def group_to_change_for(actor: Actor, code: UUID) -> OpenGroup:
    """Return a group that the actor may change; 403 for who may only see it."""
    opened = group_for(actor, code)
    _require_change(actor)
    return opened


def group_to_plan_for(actor: Actor, code: UUID) -> OpenGroup:
    """Return a group whose lessons the actor may plan; 403 for who may only see it."""
    opened = group_for(actor, code)
    if not opened.may_plan:
        forbid(_("Занятия группы назначают её учитель и администрация школы."))
    return opened


def extra_lesson_for(actor: Actor, code: UUID) -> tuple[Lesson, Course]:
    """Return a lesson beside the timetable that the actor may remove, with its course; else 403 or 404."""
    if not actor.works_here:
        invisible()
    lessons = Lesson.objects.filter(organisation=actor.organisation, code=code, is_extra=True)
    lesson: Lesson = lessons.select_related("course__group", "course__year").first() or invisible()
    return lesson, course_to_plan_for(actor, lesson.course.code)


def course_to_plan_for(actor: Actor, code: UUID) -> Course:
    """Return a course beside whose timetable the actor may add lessons: who teaches it, or changes groups."""
    if not actor.works_here:
        invisible()
    own = Workload.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=actor.today), course=OuterRef("pk"), teacher=actor.employee_id or 0
    )
    courses = Course.objects.filter(organisation=actor.organisation, code=code).annotate(own=Exists(own))
    course: Any = courses.select_related("group__school_class", "subject", "year__organisation").first() or invisible()
    if not (course.own or may_change_groups(actor)):
        forbid(_("Занятия добавляют учитель и администрация школы."))
    found: Course = course
    return found


def course_to_give_for(actor: Actor, code: UUID) -> Course:
    """Return a course that the actor may give to another teacher; 403 for other employees, 404 for the rest."""
    if not actor.works_here:
        invisible()
    courses = Course.objects.filter(organisation=actor.organisation, code=code)
    course: Course = (
        courses.select_related("group__school_class", "subject", "year__organisation").first() or invisible()
    )
    _require_change(actor)
    return course


def class_to_staff_for(actor: Actor, code: UUID) -> OpenClass:
    """Return a class whose teachers and class teacher the actor may change; 403 for who may not."""
    opened = schooling.class_for(actor, code)
    _require_change(actor)
    return opened


def class_to_fill_for(actor: Actor, code: UUID) -> OpenClass:
    """Return a class that the actor may enrol pupils into; 403 for who may not."""
    opened = schooling.class_for(actor, code)
    if not opened.may_move:
        forbid(_("Зачисление записывают секретарь, заместитель директора и директор."))
    return opened


def plan_for(actor: Actor, code: UUID, pupil: UUID) -> tuple[OpenClass, Pupil, bool]:
    """Return class and pupil for who may see his individual plan, and whether he may change it. Two queries."""
    opened = schooling.class_for(actor, code)
    if not opened.sees_all:
        forbid(_("Индивидуальный план видят классный руководитель и администрация школы."))
    found = Pupil.objects.filter(
        memberships__group__school_class=opened.school_class,
        memberships__group__kind=GroupKind.WHOLE_CLASS,
        code=pupil,
    )
    return opened, found.select_related("person").first() or invisible(), may_change_groups(actor)


def _require_change(actor: Actor) -> None:
    if not may_change_groups(actor):
        forbid(_("Группы, планы и нагрузку изменяют директор, заместитель директора и администратор журнала."))
