"""Verbs of teaching: who teaches a course, who leads a class, each with its history."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from letopis.core.errors import require
from letopis.ledger.actions import Author, Fact, Value, object_name, record
from letopis.people.models import Employee
from letopis.rules.movement import may_change_year, may_succeed
from letopis.schooling.actions.years import lock, span_of
from letopis.schooling.models import ClassTeacher, Course, SchoolClass, Workload

DAY = timedelta(days=1)


@transaction.atomic
def change_workload(
    course: Course,
    *,
    teacher: Employee | None,
    starts_on: date,
    order: str,
    weekly_hours: Decimal | None = None,
    replaces: Employee | None = None,
    by: Author,
    at: datetime,
) -> Workload:
    """Give a course to a teacher from a day, by an order; return the new workload.

    teacher: None is a vacancy. weekly_hours: those of the course when not said.
    replaces: the one of several teachers of the course whose workload ends; all of them when not said.
    Refuses with LATER_APPOINTMENT, YEAR_CLOSED or OUTSIDE_YEAR. Twice is harmless.
    """
    year = lock(course.year)
    require(may_change_year(span_of(year), on=starts_on))
    present = Workload.objects.select_for_update().filter(course=course, ends_on=None)
    if replaces is not None:
        present = present.filter(teacher=replaces)
    ending: list[Workload] = list(present.order_by("starts_on", "pk"))
    for workload in ending:
        if (workload.teacher_id, workload.starts_on) == (teacher.pk if teacher else None, starts_on):
            return workload
    require(may_succeed(on=starts_on, since=max((one.starts_on for one in ending), default=None)))
    for workload in ending:
        workload.ends_on = starts_on - DAY
    Workload.objects.bulk_update(ending, ["ends_on"])
    new = Workload.objects.create(
        organisation_id=course.organisation_id,
        course=course,
        teacher=teacher,
        weekly_hours=course.weekly_hours if weekly_hours is None else weekly_hours,
        starts_on=starts_on,
        order=order,
    )
    before: dict[str, Value] = {"teachers": [_employee(one.teacher_id) for one in ending]}
    after: dict[str, Value] = {
        "teacher": _employee(new.teacher_id),
        "weekly_hours": str(new.weekly_hours),
        "starts_on": starts_on.isoformat(),
    }
    record(Fact(by, at, "schooling.change_workload", object_name(course), before, after, reason=order))
    return new


@transaction.atomic
def appoint_class_teacher(
    school_class: SchoolClass, *, employee: Employee, starts_on: date, order: str = "", by: Author, at: datetime
) -> ClassTeacher:
    """Make an employee the class teacher from a day; the one before him stays in the history (ORG-B004).

    Refuses with LATER_APPOINTMENT, YEAR_CLOSED or OUTSIDE_YEAR. Twice is harmless.
    """
    year = lock(school_class.year)
    require(may_change_year(span_of(year), on=starts_on))
    present: ClassTeacher | None = (
        ClassTeacher.objects.select_for_update().filter(school_class=school_class, ends_on=None).first()
    )
    if present and present.employee_id == employee.pk:
        return present
    require(may_succeed(on=starts_on, since=present.starts_on if present else None))
    if present:
        present.ends_on = starts_on - DAY
        present.save(update_fields=["ends_on"])
    new = ClassTeacher.objects.create(
        organisation_id=school_class.organisation_id,
        school_class=school_class,
        employee=employee,
        starts_on=starts_on,
    )
    before: dict[str, Value] | None = {"employee": _employee(present.employee_id)} if present else None
    after: dict[str, Value] = {"employee": _employee(employee.pk), "starts_on": starts_on.isoformat()}
    record(Fact(by, at, "schooling.appoint_class_teacher", object_name(school_class), before, after, reason=order))
    return new


def _employee(pk: int | None) -> str:
    return f"people.Employee:{pk}" if pk else ""


@transaction.atomic
def set_level(course: Course, *, level: str, order: str = "", by: Author, at: datetime) -> bool:
    """Say how deep a subject is taught to a class, a group or a pupil (ORG-017); say whether that is new.

    Refuses with YEAR_CLOSED.
    """
    year = lock(course.year)
    require(may_change_year(span_of(year), on=year.starts_on))
    row: Course = Course.objects.select_for_update(of=("self",)).get(pk=course.pk)
    if row.level == level:
        return False
    before: dict[str, Value] = {"level": str(row.level)}
    after: dict[str, Value] = {"level": level}
    row.level = level
    row.save(update_fields=["level"])
    record(Fact(by, at, "schooling.set_level", object_name(row), before, after, reason=order))
    return True
