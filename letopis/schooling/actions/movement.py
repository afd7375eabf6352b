"""Verbs of movement: a pupil enters a class, changes class or subgroup, leaves.

Every verb takes the day from which the new state holds; the old stay ends the day before, and nothing recorded is
overwritten. `pupil` is locked, so that two clerks cannot move one pupil at once. Each verb is harmless when repeated.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from letopis.core.errors import Refused, require
from letopis.ledger.actions import Author, Fact, Value, object_name, record
from letopis.people.models import EXTERN_FORMS, EducationForm, Enrolment, Pupil
from letopis.rules.movement import Stay, may_change_year, may_end, may_enrol, may_leave_class, may_move, may_transfer
from letopis.rules.russian import short_date
from letopis.rules.verdict import refused
from letopis.schooling.actions.years import lock, span_of
from letopis.schooling.models import AcademicYear, GroupKind, Membership, SchoolClass, StudyGroup
from letopis.schooling.models.groups import MembershipQuerySet

DAY = timedelta(days=1)
OF_CLASS = (GroupKind.WHOLE_CLASS, GroupKind.SUBGROUP)


@transaction.atomic
def enrol_in_class(
    pupil: Pupil,
    *,
    to_class: SchoolClass,
    on: date,
    order: str,
    form: str = EducationForm.FULL_TIME,
    groups: Sequence[StudyGroup] = (),
    by: Author,
    at: datetime,
) -> Membership:
    """Put a pupil into the list of a class from a day, and into these groups; return his membership of the class.

    form: of the stay in the school that opens with it, when none is in force (arrival during the year, ORG-B021).
    Refuses with EXTERN, ALREADY_IN_CLASS, YEAR_CLOSED or OUTSIDE_YEAR.
    """
    year = lock(to_class.year)
    require(may_change_year(span_of(year), on=on))
    pupil = _locked(pupil)
    whole = _whole_class(to_class)
    same: Membership | None = Membership.objects.filter(pupil=pupil, group=whole, starts_on=on, ends_on=None).first()
    if same:
        return same
    enrolment = Enrolment.objects.filter(pupil=pupil).on(on).first()
    is_extern = (enrolment.form if enrolment else form) in EXTERN_FORMS
    require(may_enrol(on=on, stays=_stays(pupil, year_id=year.pk), is_extern=is_extern))
    after: dict[str, Value] = {"class": to_class.title, **_words(groups, places=[whole, *groups])}
    if enrolment is None:
        Enrolment.objects.create(organisation=pupil.organisation, pupil=pupil, form=form, starts_on=on, order=order)
        after["form"] = str(form)
    membership, *_ = _open([whole, *groups], pupil=pupil, on=on)
    _record("schooling.enrol_in_class", pupil, before=None, after=after, on=on, order=order, by=by, at=at)
    return membership


@transaction.atomic
def transfer_pupil(
    pupil: Pupil,
    *,
    to_class: SchoolClass,
    on: date,
    order: str,
    groups: Sequence[StudyGroup] = (),
    by: Author,
    at: datetime,
) -> Membership:
    """Move a pupil to another class of the same year from a day; return his membership there.

    Ends, the day before, his membership of the old class and of the subgroups of that class; streams, groups by
    choice and the individual plan, which belong to no class, go on. His marks stay where they were put (C-001).
    Refuses with NOT_IN_CLASS, LATER_MOVEMENT, LATER_LEAVING, STAY_BEGINS_THAT_DAY, SAME_CLASS, OTHER_GRADE, YEAR_CLOSED
    or OUTSIDE_YEAR.
    """
    year = lock(to_class.year)
    require(may_change_year(span_of(year), on=on))
    pupil = _locked(pupil)
    whole = _whole_class(to_class)
    same: Membership | None = Membership.objects.filter(pupil=pupil, group=whole, starts_on=on, ends_on=None).first()
    if same:
        return same
    stays = _stays(pupil, year_id=year.pk)
    require(may_leave_class(on=on, stays=stays))
    require(may_end(on=on, stays=stays))
    _require_nothing_later(Membership.objects.filter(pupil=pupil, group__year=year, group__kind__in=OF_CLASS), on=on)
    ending = _class_memberships(pupil, on=on).filter(group__year=year)
    closed = list(ending.select_related("group__school_class").order_by("group_id"))
    from_class = SchoolClass.objects.get(
        groups__in=[one.group_id for one in closed], groups__kind=GroupKind.WHOLE_CLASS
    )
    require(
        may_transfer(
            from_class=from_class.title,
            from_grade=from_class.grade,
            to_class=to_class.title,
            to_grade=to_class.grade,
        )
    )
    _close(closed, on=on)
    membership, *_ = _open([whole, *groups], pupil=pupil, on=on)
    before: dict[str, Value] = {"class": from_class.title, **_words([one.group for one in closed])}
    after: dict[str, Value] = {"class": to_class.title, **_words(groups, places=[whole, *groups])}
    _record("schooling.transfer_pupil", pupil, before=before, after=after, on=on, order=order, by=by, at=at)
    return membership


@transaction.atomic
def move_to_group(
    pupil: Pupil, *, group: StudyGroup, on: date, order: str = "", by: Author, at: datetime
) -> Membership:
    """Put a pupil of the class into one of its subgroups from a day, out of the others of the same subject (ORG-B022).

    Who joins on the very day his stay in the other subgroup began has that stay taken away: it has not been lived.
    Refuses with NOT_A_SUBGROUP, NOT_IN_CLASS, LATER_MOVEMENT, YEAR_CLOSED or OUTSIDE_YEAR.
    """
    year = lock(group.year)
    require(may_change_year(span_of(year), on=on))
    if group.kind != GroupKind.SUBGROUP:
        raise Refused(refused("NOT_A_SUBGROUP", f"«{group.name}» — не подгруппа класса."))
    pupil = _locked(pupil)
    current: Membership | None = Membership.objects.filter(pupil=pupil, group=group).on(on).first()
    if current:
        return current
    listed = Membership.objects.filter(
        pupil=pupil, group__school_class=group.school_class, group__kind=GroupKind.WHOLE_CLASS
    )
    if not listed.on(on).exists():
        raise Refused(refused("NOT_IN_CLASS", f"На {short_date(on)} обучающийся не состоит в списке класса."))
    siblings = Membership.objects.filter(
        pupil=pupil,
        group__school_class=group.school_class,
        group__kind=GroupKind.SUBGROUP,
        group__subject=group.subject,
    )
    _require_nothing_later(siblings, on=on)
    closed = list(siblings.on(on).select_related("group"))
    _close(closed, on=on)
    (membership,) = _open([group], pupil=pupil, on=on)
    before = _words([one.group for one in closed]) if closed else None
    after = _words([group])
    _record("schooling.move_to_group", pupil, before=before, after=after, on=on, order=order, by=by, at=at)
    return membership


@transaction.atomic
def leave_school(pupil: Pupil, *, on: date, reason: str, order: str, by: Author, at: datetime) -> Enrolment:
    """Record that a pupil left; return the stay that ended.

    on: the day of the order. From it on he is in no list, for his rights end with that day (273-ФЗ, ст. 61 ч. 4);
    the last day of every stay and membership is the day before.
    Refuses with NOT_ENROLLED, LATER_MOVEMENT, LATER_LEAVING, STAY_BEGINS_THAT_DAY, YEAR_CLOSED or OUTSIDE_YEAR.
    """
    year = _locked_year_of(pupil, on=on)
    pupil = _locked(pupil)
    done = Enrolment.objects.filter(pupil=pupil, ends_on=on - DAY, leaving_reason=reason).first()
    if done:
        return done
    enrolment = Enrolment.objects.filter(pupil=pupil).on(on).order_by("starts_on").last()
    if enrolment is None:
        raise Refused(refused("NOT_ENROLLED", f"На {short_date(on)} обучающийся не числится в школе."))
    require(may_move(span_of(year) if year else None, on=on))
    require(may_end(on=on, stays=(Stay("школы", enrolment.starts_on, enrolment.ends_on),)))
    stays = _stays(pupil, on=on)
    if stays or enrolment.starts_on >= on:
        own = (Stay("школы", enrolment.starts_on),) if enrolment.starts_on >= on else ()
        require(may_leave_class(on=on, stays=own or stays))
    ongoing = _ongoing(pupil, on=on)
    _require_nothing_later(ongoing, on=on)
    memberships = list(ongoing.on(on).select_related("group__school_class"))
    _close(memberships, on=on)
    enrolment.ends_on, enrolment.leaving_reason = on - DAY, reason
    enrolment.order = "; ".join(part for part in (enrolment.order, order) if part)[:200]
    enrolment.save(update_fields=["ends_on", "leaving_reason", "order"])
    before = _words([one.group for one in memberships])
    _record("schooling.leave_school", pupil, before=before, after={"left": reason}, on=on, order=order, by=by, at=at)
    return enrolment


@transaction.atomic
def change_form(pupil: Pupil, *, form: str, on: date, order: str, by: Author, at: datetime) -> Enrolment:
    """Change a pupil's form of education from a day; who becomes an extern leaves every list (ORG-012, C-006).

    Refuses with NOT_ENROLLED, LATER_MOVEMENT, STAY_BEGINS_THAT_DAY, YEAR_CLOSED or OUTSIDE_YEAR.
    """
    year = _locked_year_of(pupil, on=on)
    pupil = _locked(pupil)
    current = Enrolment.objects.filter(pupil=pupil).on(on).order_by("starts_on").last()
    if current is None:
        raise Refused(refused("NOT_ENROLLED", f"На {short_date(on)} обучающийся не числится в школе."))
    if current.form == form:
        return current
    require(may_move(span_of(year) if year else None, on=on))
    require(may_leave_class(on=on, stays=(Stay("школы", current.starts_on, current.ends_on),)))
    closed: list[Membership] = []
    if form in EXTERN_FORMS:
        if stays := _stays(pupil, on=on):
            require(may_leave_class(on=on, stays=stays))
        ongoing = _ongoing(pupil, on=on)
        _require_nothing_later(ongoing, on=on)
        closed = list(ongoing.on(on).select_related("group__school_class"))
        _close(closed, on=on)
    ends_on = current.ends_on
    current.ends_on = on - DAY
    current.save(update_fields=["ends_on"])
    new = Enrolment.objects.create(
        organisation=pupil.organisation, pupil=pupil, form=form, starts_on=on, ends_on=ends_on, order=order
    )
    before: dict[str, Value] = {"form": current.form, **_words([one.group for one in closed])}
    _record("schooling.change_form", pupil, before=before, after={"form": str(form)}, on=on, order=order, by=by, at=at)
    return new


def _locked(pupil: Pupil) -> Pupil:
    return Pupil.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=pupil.pk)


def _locked_year_of(pupil: Pupil, *, on: date) -> AcademicYear | None:
    """Return the year of the day, locked. Every verb locks the year before the pupil, else two would wait crosswise."""
    year = AcademicYear.objects.filter(organisation=pupil.organisation_id, starts_on__lte=on, ends_on__gte=on).first()
    return lock(year) if year else None


def _whole_class(school_class: SchoolClass) -> StudyGroup:
    return StudyGroup.objects.get(school_class=school_class, kind=GroupKind.WHOLE_CLASS)


def _class_memberships(pupil: Pupil, *, on: date) -> QuerySet[Membership]:
    """Memberships of the class and of its subgroups: those that a transfer ends."""
    return Membership.objects.filter(pupil=pupil, group__kind__in=OF_CLASS).on(on)


def _ongoing(pupil: Pupil, *, on: date) -> MembershipQuerySet:
    """Memberships of years that are not over on the day: a year gone by leaves its own open."""
    return Membership.objects.filter(pupil=pupil, group__year__ends_on__gte=on)


def _require_nothing_later(memberships: QuerySet[Membership], *, on: date) -> None:
    """Refuse with LATER_MOVEMENT when a place among these begins after the day: it would outlive the movement."""
    later = memberships.filter(starts_on__gt=on).select_related("group__school_class").order_by("starts_on").first()
    if later:
        sentence = f"С {short_date(later.starts_on)} уже записано: {_name(later.group)}. Записанное не переписывается."
        raise Refused(refused("LATER_MOVEMENT", sentence))


def _stays(pupil: Pupil, *, year_id: int | None = None, on: date | None = None) -> tuple[Stay, ...]:
    """Return the pupil's stays in class lists in order of time, of one year or of the years not over on a day."""
    rows = Membership.objects.filter(pupil=pupil, group__kind=GroupKind.WHOLE_CLASS)
    if year_id is not None:
        rows = rows.filter(group__year_id=year_id)
    if on is not None:
        rows = rows.filter(group__year__ends_on__gte=on)
    rows = rows.select_related("group__school_class").order_by("starts_on")
    return tuple(Stay(_title(row.group), row.starts_on, row.ends_on) for row in rows)


def _close(memberships: Iterable[Membership], *, on: date) -> None:
    """End stays the day before; one that begins on the day itself was never lived and goes (the ledger names it)."""
    closing = list(memberships)
    begun = [one for one in closing if one.starts_on < on]
    for membership in begun:
        membership.ends_on = on - DAY
    Membership.objects.bulk_update(begun, ["ends_on"])
    Membership.objects.filter(pk__in=[one.pk for one in closing if one not in begun]).delete()


def _open(groups: Iterable[StudyGroup], *, pupil: Pupil, on: date) -> list[Membership]:
    return Membership.objects.bulk_create(
        Membership(organisation=pupil.organisation, group=group, pupil=pupil, starts_on=on) for group in groups
    )


def _title(group: StudyGroup) -> str:
    return group.school_class.title if group.school_class else group.name


def _name(group: StudyGroup) -> str:
    return _title(group) if group.kind == GroupKind.WHOLE_CLASS else f"{_title(group)}, {group.name}"


def _words(groups: Sequence[StudyGroup], *, places: Sequence[StudyGroup] | None = None) -> dict[str, Value]:
    """Return groups as the ledger tells them: by name for people, by object for who takes the movement back.

    Subgroups of two subjects may have one name. places: with the class, where the names tell it apart.
    """
    return {
        "groups": [_name(group) for group in groups],
        "places": [object_name(group) for group in (groups if places is None else places)],
    }


def _record(
    verb: str,
    pupil: Pupil,
    *,
    before: dict[str, Value] | None,
    after: dict[str, Value],
    on: date,
    order: str,
    by: Author,
    at: datetime,
) -> None:
    record(Fact(by, at, verb, object_name(pupil), before, after | {"on": on.isoformat()}, reason=order))
