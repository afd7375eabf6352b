"""Verbs of teaching groups that reach into the register: withdraw a mistaken stay, close, plan, give over."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from letopis.control.actions.timetable import change_teacher
from letopis.core.errors import require
from letopis.ledger.actions import Author
from letopis.people.models import Employee, Pupil
from letopis.register.actions.extra_lessons import (
    Added,
    add_lessons,
    give_extra_lessons,
    places_of_week,
    remove_lessons_from,
)
from letopis.register.queries.pupil_facts import has_facts
from letopis.rules.groups import may_withdraw_stay
from letopis.schooling.actions import groups
from letopis.schooling.models import Course, Membership, Room, SchoolClass, StudyGroup, Workload
from letopis.schooling.queries import calendar_of


@transaction.atomic
def withdraw_stay(group: StudyGroup, *, pupil: Pupil, reason: str, by: Author, at: datetime) -> bool:
    """Take a pupil's last stay in a group back while the register holds nothing of him there.

    Refuses with FACTS_RECORDED.
    """
    stay = Membership.objects.filter(group=group, pupil=pupil).order_by("starts_on").last()
    if stay is None:
        return False
    recorded = has_facts(pupil, [group], since=stay.starts_on)
    require(may_withdraw_stay(name=pupil.person.short_name, has_facts=recorded))
    return groups.withdraw_stay(group, pupil=pupil, reason=reason, by=by, at=at)


@transaction.atomic
def close_group(group: StudyGroup, *, on: date, order: str, by: Author, at: datetime) -> tuple[int, int]:
    """Close a group from a day; return how many pupils left it, and how many empty lessons to come were removed."""
    left = groups.close_group(group, on=on, order=order, by=by, at=at)
    removed = [
        remove_lessons_from(course, on=on, reason=order, by=by, at=at) for course in Course.objects.filter(group=group)
    ]
    return left, sum(removed)


@transaction.atomic
def plan_lessons_of_week(
    course: Course,
    *,
    weekdays: Iterable[int],
    number: int,
    first: date,
    last: date,
    room: Room | None = None,
    by: Author,
    at: datetime,
) -> Added:
    """Add the lessons of a group on these weekdays from first to last, days off and breaks left out."""
    places = places_of_week(
        calendar_of(course.year),
        weekdays=weekdays,
        number=number,
        first=first,
        last=last,
        grades=grades_of(course.group, on=first),
    )
    return add_lessons(course, places=places, room=room, by=by, at=at)


@transaction.atomic
def give_course(
    course: Course,
    *,
    teacher: Employee | None,
    starts_on: date,
    order: str,
    replaces: Employee | None = None,
    by: Author,
    at: datetime,
) -> tuple[Workload, int]:
    """Give a course to another teacher from a day; return the workload, and how many lessons to come are his now."""
    workload, done = change_teacher(
        course, teacher=teacher, starts_on=starts_on, order=order, replaces=replaces, by=by, at=at
    )
    return workload, done.updated + give_extra_lessons(course, since=starts_on, by=by, at=at)


def grades_of(group: StudyGroup, *, on: date) -> list[int]:
    """Return the grades that the pupils of a group are in on a day, in order; empty for a group without pupils."""
    if group.school_class:
        return [group.school_class.grade]
    members = Membership.objects.filter(group=group).on(on)
    classes = SchoolClass.objects.filter(
        year=group.year_id, groups__kind="WHOLE_CLASS", groups__memberships__pupil__in=members.values("pupil")
    )
    return sorted(set(classes.values_list("grade", flat=True)))
