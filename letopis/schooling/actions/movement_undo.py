"""The verb that takes the last movement of a pupil back: a slip of the clerk, mended the day it is seen.

What the last movement was stands in the ledger; what it changed is put back as it was. control.actions.movement asks
first whether anything was recorded of the pupil in the groups he came to: then it is no slip any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from letopis.core.errors import Refused, require
from letopis.ledger.actions import Author, Fact, Value, object_name, record
from letopis.ledger.queries import history
from letopis.people.models import Enrolment, Pupil
from letopis.rules.movement import may_change_year
from letopis.rules.russian import short_date
from letopis.rules.verdict import refused
from letopis.schooling.actions.movement import OF_CLASS
from letopis.schooling.actions.years import lock, span_of
from letopis.schooling.models import AcademicYear, Membership

DAY = timedelta(days=1)
INTO_GROUPS = ("schooling.enrol_in_class", "schooling.transfer_pupil", "schooling.move_to_group")
OF_SCHOOL = ("schooling.leave_school", "schooling.change_form")
WITHDRAWN = "schooling.withdraw_movement"


@dataclass(frozen=True, slots=True)
class LastMovement:
    """The movement of a pupil that was recorded last and still stands."""

    verb: str
    on: date
    """Its first day."""
    order: str
    at: datetime
    who: str
    ended: tuple[str, ...]
    """The groups whose stays it ended, as the ledger names objects."""
    began: tuple[str, ...]
    """The groups it put the pupil into."""


def last_movement(pupil: Pupil) -> LastMovement | None:
    """Return the last movement that a person recorded and nobody took back; None when there is none. One query."""
    for change in history([object_name(pupil)]):
        if change.verb == WITHDRAWN:
            return None
        if change.verb in (*INTO_GROUPS, *OF_SCHOOL) and change.after:
            ended, began = (tuple((said or {}).get("places", ())) for said in (change.before, change.after))
            on = date.fromisoformat(change.after["on"])
            return LastMovement(change.verb, on, change.reason, change.at, change.who, ended, began)
    return None


def came_to(pupil: Pupil, movement: LastMovement) -> list[Membership]:
    """Return the stays that the movement began and that go on, none of another movement of the same day. One query."""
    if movement.verb not in INTO_GROUPS:
        return []
    rows = Membership.objects.filter(pupil=pupil, group__kind__in=OF_CLASS, starts_on=movement.on, ends_on=None)
    return [one for one in rows.select_related("group__school_class") if object_name(one.group) in movement.began]


@transaction.atomic
def withdraw_movement(pupil: Pupil, *, reason: str, by: Author, at: datetime) -> LastMovement:
    """Take the last movement of a pupil back; return what it was.

    Refuses with NOTHING_TO_WITHDRAW, CANNOT_RESTORE, YEAR_CLOSED or OUTSIDE_YEAR.
    """
    movement = last_movement(pupil)
    if movement is None:
        raise Refused(refused("NOTHING_TO_WITHDRAW", "Отменять нечего: последнее движение уже отменено или его нет."))
    year = AcademicYear.objects.filter(
        organisation=pupil.organisation_id, starts_on__lte=movement.on, ends_on__gte=movement.on
    ).first()
    if year is not None:
        require(may_change_year(span_of(lock(year)), on=movement.on))
    pupil = Pupil.objects.select_for_update(of=("self",)).get(pk=pupil.pk)
    begun = came_to(pupil, movement)
    if movement.verb in INTO_GROUPS and not begun:
        raise _cannot(movement)
    ended = _ended(pupil, movement, year=year)
    if len(ended) < len(movement.ended):
        # A stay that began on the very day was taken away, not ended: nobody can tell what it was.
        raise _cannot(movement)
    _put_back_enrolment(pupil, movement)
    Membership.objects.filter(pk__in=[one.pk for one in begun]).delete()
    for one in ended:
        one.ends_on = None
    Membership.objects.bulk_update(ended, ["ends_on"])
    before: dict[str, Value] = {"verb": movement.verb, "on": movement.on.isoformat()}
    after: dict[str, Value] = {"groups": [one.group.name for one in ended]}
    record(Fact(by, at, WITHDRAWN, object_name(pupil), before, after, reason=reason))
    return movement


def _ended(pupil: Pupil, movement: LastMovement, *, year: AcademicYear | None) -> Sequence[Membership]:
    if not movement.ended:
        return []
    rows = Membership.objects.select_for_update(of=("self",)).filter(pupil=pupil, ends_on=movement.on - DAY)
    if movement.verb in INTO_GROUPS:
        rows = rows.filter(group__kind__in=OF_CLASS, group__year=year)
    found = rows.select_related("group")
    return [one for one in found if object_name(one.group) in movement.ended]


def _put_back_enrolment(pupil: Pupil, movement: LastMovement) -> None:
    stays = Enrolment.objects.select_for_update().filter(pupil=pupil)
    before = stays.filter(ends_on=movement.on - DAY).first()
    begun = stays.filter(starts_on=movement.on).first()
    if movement.verb == "schooling.leave_school":
        if before is None or begun is not None:
            raise _cannot(movement)
        before.ends_on, before.leaving_reason = None, ""
        before.save(update_fields=["ends_on", "leaving_reason"])
    elif movement.verb == "schooling.change_form":
        if before is None or begun is None:
            raise _cannot(movement)
        before.ends_on = begun.ends_on
        begun.delete()
        before.save(update_fields=["ends_on"])
    elif movement.verb == "schooling.enrol_in_class" and begun is not None and before is None:
        begun.delete()


def _cannot(movement: LastMovement) -> Refused:
    sentence = (
        f"Движение с {short_date(movement.on)} отменить нельзя: после него уже записано другое. "
        "Запишите обратное движение."
    )
    return Refused(refused("CANNOT_RESTORE", sentence))
