"""Verbs of teaching groups that no class has: made, joined, left, closed (REG-041…043, ORG-B034).

A group of choice, a club, an extended-day group or a stream is made together with its one course. Every verb locks the
year first, then what it changes; each is harmless when repeated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from letopis.core.errors import Refused, require
from letopis.ledger.actions import Author, Fact, Value, object_name, record, record_all
from letopis.people.models import EXTERN_FORMS, Employee, Enrolment, Pupil
from letopis.rules.groups import GroupStay, may_join_group, may_leave_group, may_make_group
from letopis.rules.movement import may_change_year
from letopis.rules.names import match_key
from letopis.rules.registers import register_of
from letopis.rules.text import one_line
from letopis.rules.verdict import refused
from letopis.schooling.actions.years import lock, span_of
from letopis.schooling.models import (
    AcademicYear,
    Course,
    CourseLevel,
    Membership,
    Scale,
    StudyGroup,
    Subject,
    Workload,
)

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewSubject:
    """What the group is taught, by name; a subject of the school with this name is taken as it is."""

    name: str
    scale: str = ""
    """Code of Scale of a subject that is new; empty: as its kind of register usually has it."""


@transaction.atomic
def create_group(
    year: AcademicYear,
    *,
    course_kind: str,
    name: str,
    subject: NewSubject,
    weekly_hours: Decimal,
    teacher: Employee | None,
    starts_on: date,
    level: str = CourseLevel.BASIC,
    order: str = "",
    by: Author,
    at: datetime,
) -> Course:
    """Make a group with its course and its teacher from a day; return the course.

    course_kind: code of CourseKind; the kind of group follows from it (rules.registers). teacher: None is a vacancy.
    The same group again is returned as it stands.
    Refuses with NO_NAME, NAME_TAKEN, HOURS, TEACHER_LEFT, YEAR_CLOSED or OUTSIDE_YEAR.
    """
    year = lock(year)
    require(may_change_year(span_of(year), on=starts_on))
    register, name = register_of(course_kind), one_line(name)
    same = Course.objects.filter(year=year, group__kind=register.group_kind, group__school_class=None, group__name=name)
    standing = same.select_related("subject", "group").first()
    if standing and match_key(standing.subject.name) == match_key(subject.name) and standing.kind == course_kind:
        return standing
    left_on = teacher.dismissed_on if teacher and teacher.dismissed_on and teacher.dismissed_on <= starts_on else None
    require(
        may_make_group(name=name, weekly_hours=weekly_hours, is_taken=standing is not None, teacher_left_on=left_on)
    )
    taught = _subject(year, subject, part=register.part, is_marked=register.asks_marks, by=by, at=at)
    group = StudyGroup.objects.create(organisation=year.organisation, year=year, kind=register.group_kind, name=name)
    course = Course.objects.create(
        organisation=year.organisation,
        year=year,
        subject=taught,
        group=group,
        kind=course_kind,
        level=level,
        weekly_hours=weekly_hours,
    )
    Workload.objects.create(
        organisation=year.organisation,
        course=course,
        teacher=teacher,
        weekly_hours=weekly_hours,
        starts_on=starts_on,
        order=order,
    )
    after: dict[str, Value] = {
        "name": name,
        "kind": course_kind,
        "subject": taught.name,
        "level": level,
        "weekly_hours": str(weekly_hours),
        "teacher": object_name(teacher) if teacher else "",
        "starts_on": starts_on.isoformat(),
    }
    record(Fact(by, at, "schooling.create_group", object_name(group), None, after, reason=order))
    return course


@transaction.atomic
def join_group(
    group: StudyGroup, *, pupils: Sequence[Pupil], on: date, order: str = "", by: Author, at: datetime
) -> list[Membership]:
    """Put pupils into a group from a day; return the new stays. Who is in it already is passed over.

    All or none: one who cannot join refuses the whole, by name.
    Refuses with GROUP_CLOSED, NOT_ENROLLED, EXTERN, LATER_STAY, YEAR_CLOSED or OUTSIDE_YEAR.
    """
    year = lock(group.year)
    require(may_change_year(span_of(year), on=on))
    locked = list(
        Pupil.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(pk__in=[pupil.pk for pupil in pupils], organisation=year.organisation)
        .order_by("pk")
    )
    forms = dict(Enrolment.objects.on(on).filter(pupil__in=locked).values_list("pupil_id", "form"))
    stays = _stays(group, locked)
    is_taught = Workload.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), course__group=group).exists()
    new = []
    for pupil in locked:
        verdict = may_join_group(
            on=on,
            name=pupil.person.short_name,
            group_title=group.name,
            is_enrolled=pupil.pk in forms,
            is_extern=forms.get(pupil.pk) in EXTERN_FORMS,
            is_taught=is_taught,
            stays=tuple(stays.get(pupil.pk, ())),
        )
        if verdict.code == "ALREADY_IN_GROUP":
            continue
        require(verdict)
        new.append(Membership(organisation=year.organisation, group=group, pupil=pupil, starts_on=on))
    made = Membership.objects.bulk_create(new)
    record_all(_fact("schooling.join_group", one, on=on, order=order, by=by, at=at) for one in made)
    return made


@transaction.atomic
def leave_group(group: StudyGroup, *, pupil: Pupil, on: date, order: str = "", by: Author, at: datetime) -> Membership:
    """Take a pupil off a group from a day; return the stay that ended the day before. Twice is harmless.

    Refuses with NOT_IN_GROUP, LATER_LEAVING, STAY_BEGINS_THAT_DAY, YEAR_CLOSED or OUTSIDE_YEAR.
    """
    year = lock(group.year)
    require(may_change_year(span_of(year), on=on))
    rows = Membership.objects.select_for_update(of=("self",)).filter(group=group, pupil=pupil)
    found: list[Membership] = list(rows.select_related("pupil__person", "group").order_by("starts_on"))
    done = next((one for one in found if one.ends_on == on - DAY), None)
    if done:
        return done
    stays = tuple(GroupStay(one.starts_on, one.ends_on) for one in found)
    require(may_leave_group(on=on, name=pupil.person.short_name, stays=stays))
    stay = next(one for one in found if one.starts_on <= on and one.ends_on is None)
    stay.ends_on = on - DAY
    stay.save(update_fields=["ends_on"])
    record(_fact("schooling.leave_group", stay, on=on, order=order, by=by, at=at))
    return stay


@transaction.atomic
def withdraw_stay(group: StudyGroup, *, pupil: Pupil, reason: str, by: Author, at: datetime) -> bool:
    """Take the last stay of a pupil back, as if it had not been written; say whether there was one.

    The row goes, the ledger keeps it: a stay that was a slip has no legal meaning. control.actions.groups asks first
    whether anything was recorded of him in it.
    """
    lock(group.year)
    rows = Membership.objects.select_for_update(of=("self",)).filter(group=group, pupil=pupil)
    stay = rows.select_related("pupil__person", "group").order_by("starts_on").last()
    if stay is None:
        return False
    before: dict[str, Value] = {"group": group.name, "starts_on": stay.starts_on.isoformat()}
    stay.delete()
    record(Fact(by, at, "schooling.withdraw_stay", object_name(pupil), before, None, reason=reason))
    return True


@transaction.atomic
def close_group(group: StudyGroup, *, on: date, order: str = "", by: Author, at: datetime) -> int:
    """Close a group from a day: every stay and workload ends the day before; return how many pupils left it.

    What was to begin later is taken away: it will not be. Twice is harmless.
    Refuses with GROUP_BEGINS_LATER, YEAR_CLOSED or OUTSIDE_YEAR.
    """
    year = lock(group.year)
    require(may_change_year(span_of(year), on=on))
    members = Membership.objects.select_for_update().filter(group=group)
    workloads = Workload.objects.select_for_update().filter(course__group=group)
    if not workloads.filter(starts_on__lt=on).exists():
        sentence = "Группа ещё не начала заниматься: закрыть её можно со следующего дня после начала."
        raise Refused(refused("GROUP_BEGINS_LATER", sentence))
    going_on = Q(ends_on=None) | Q(ends_on__gte=on)
    staying, taught = list(members.filter(going_on)), list(workloads.filter(going_on))
    if not (staying or taught):
        return 0
    for row in [*staying, *taught]:
        if row.starts_on >= on:
            row.delete()
        else:
            row.ends_on = on - DAY
            row.save(update_fields=["ends_on"])
    before: dict[str, Value] = {"pupils": [f"people.Pupil:{one.pupil_id}" for one in staying]}
    after: dict[str, Value] = {"closed_on": on.isoformat()}
    record(Fact(by, at, "schooling.close_group", object_name(group), before, after, reason=order))
    return len(staying)


def _subject(
    year: AcademicYear, wanted: NewSubject, *, part: str, is_marked: bool, by: Author, at: datetime
) -> Subject:
    """Return the subject of the school with this name, made when there is none."""
    name = one_line(wanted.name)
    if not name:
        raise Refused(refused("NO_SUBJECT", "Назовите предмет или программу."))
    key = match_key(name)
    known = next(
        (one for one in Subject.objects.filter(organisation=year.organisation) if match_key(one.name) == key), None
    )
    if known:
        return known
    scale = wanted.scale or (Scale.FIVE_POINT if is_marked else Scale.UNGRADED)
    made = Subject.objects.create(organisation=year.organisation, name=name, part=part, scale=scale, sort_key=key)
    after: dict[str, Value] = {"name": name, "part": part, "scale": str(scale)}
    record(Fact(by, at, "schooling.create_subject", object_name(made), None, after))
    return made


def _stays(group: StudyGroup, pupils: Sequence[Pupil]) -> dict[int, list[GroupStay]]:
    found: dict[int, list[GroupStay]] = {}
    for row in Membership.objects.filter(group=group, pupil__in=pupils).order_by("starts_on"):
        found.setdefault(row.pupil_id, []).append(GroupStay(row.starts_on, row.ends_on))
    return found


def _fact(verb: str, stay: Membership, *, on: date, order: str, by: Author, at: datetime) -> Fact:
    words: dict[str, Value] = {"group": stay.group.name, "on": on.isoformat()}
    left = stay.ends_on is not None
    return Fact(
        by, at, verb, f"people.Pupil:{stay.pupil_id}", words if left else None, None if left else words, reason=order
    )
