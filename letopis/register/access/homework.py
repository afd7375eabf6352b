"""The door to the homework of a class, to recommendations, and to the schedule of control works.

The homework of a class is seen by director and deputies, its class teacher, and whoever teaches it that day; for
everybody else there is no such class (404). A recommendation is written by who teaches the course or leads the class,
and withdrawn by its author, or by who controls. A control work is placed by the teacher of the lesson, and on any
lesson by director and deputies (ORG-028, ORG-B016).
"""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from letopis.people.access import Actor, forbid, invisible
from letopis.register.access import CLASS_TEACHER, SUBSTITUTE, TEACHER, OpenLesson, lesson_for
from letopis.register.models import Recommendation, Task
from letopis.schooling.models import AcademicYear, ClassTeacher, Course, GroupKind, Membership, SchoolClass, Workload


def homework_classes_of(actor: Actor, year: AcademicYear) -> list[SchoolClass]:
    """Return the classes of a year whose homework the actor sees, in order. One query."""
    classes = SchoolClass.objects.filter(year=year, organisation=actor.organisation).order_by("grade", "letter")
    if actor.controls:
        return list(classes)
    if actor.employee_id is None:
        return []
    led, taught = _led(actor, year), _taught(actor, year)
    return list(classes.filter(Q(Exists(led)) | Q(Exists(taught))))


def may_recommend(opened: OpenLesson) -> bool:
    """Say whether the actor writes recommendations to the pupils of a lesson."""
    course = opened.opened
    is_teacher = course.sees_as in (TEACHER, CLASS_TEACHER, SUBSTITUTE)
    return is_teacher and course.actor.employee_id is not None and course.year_is_open


def recommendations_of(actor: Actor) -> QuerySet[Recommendation]:
    """Return what the actor sees: his own, those to his class and its pupils, and all for who controls."""
    rows = Recommendation.objects.filter(organisation=actor.organisation)
    if actor.controls:
        return rows
    if actor.employee_id is None:
        return rows.none()
    classes = ClassTeacher.objects.filter(employee=actor.employee_id).on(actor.today).values("school_class")
    pupils = (
        Membership.objects.filter(group__kind=GroupKind.WHOLE_CLASS, group__school_class__in=classes)
        .on(actor.today)
        .values("pupil")
    )
    return rows.filter(Q(author=actor.employee_id) | Q(school_class__in=classes) | Q(pupil__in=pupils))


def recommendation_to_withdraw(actor: Actor, code: UUID) -> Recommendation:
    """Return a recommendation that the actor may withdraw: 404 for one he does not see, 403 for a colleague's."""
    row = recommendations_of(actor).filter(code=code).first() or invisible()
    if not (actor.controls or row.author_id == actor.employee_id):
        forbid(_("Рекомендацию снимает тот, кто её написал, или администрация школы."))
    return row


def lesson_for_control_work(actor: Actor, code: UUID) -> OpenLesson:
    """Return a lesson on which the actor may place a control work: his own, any for who controls; 403 for others."""
    opened = lesson_for(actor, code)
    if not (actor.controls or opened.is_own):
        forbid(_("Контрольную в график ставит учитель урока, директор или заместитель директора."))
    return opened


def control_work_for(actor: Actor, code: UUID) -> tuple[OpenLesson, Task]:
    """Return a control work that the actor may move or withdraw, with its lesson; 404 for none, 403 for another's."""
    task = Task.objects.filter(organisation=actor.organisation, code=code).select_related("lesson").first()
    if task is None:
        invisible()
    return lesson_for_control_work(actor, task.lesson.code), task


def courses_for_control_works(actor: Actor, year: AcademicYear) -> list[Course]:
    """Return the courses in whose lessons the actor may place control works, in order. One query."""
    courses = Course.objects.filter(year=year, organisation=actor.organisation)
    if not actor.controls:
        own = Workload.objects.filter(course=OuterRef("pk"), teacher=actor.employee_id or 0)
        courses = courses.filter(Exists(own.filter(Q(ends_on=None) | Q(ends_on__gte=actor.today))))
    ordered = "group__school_class__grade", "group__school_class__letter", "subject__sort_key", "group__name", "pk"
    return list(courses.select_related("subject", "group__school_class").order_by(*ordered))


def _led(actor: Actor, year: AcademicYear) -> QuerySet[Any]:
    day = _day_of(actor, year)
    return ClassTeacher.objects.filter(school_class=OuterRef("pk"), employee=actor.employee_id).on(day)


def _taught(actor: Actor, year: AcademicYear) -> QuerySet[Any]:
    day = _day_of(actor, year)
    listed = Membership.objects.filter(
        group__kind=GroupKind.WHOLE_CLASS, group__school_class=OuterRef(OuterRef("pk"))
    ).on(day)
    of_class = Q(course__group__school_class=OuterRef("pk")) | Q(
        course__group__school_class=None,
        course__group__memberships__pupil__in=listed.values("pupil"),
        course__year=OuterRef("year"),
    )
    return Workload.objects.filter(of_class, teacher=actor.employee_id).on(day)


def _day_of(actor: Actor, year: AcademicYear) -> date:
    return min(max(actor.today, year.starts_on), year.ends_on)
