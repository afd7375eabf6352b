"""Verbs of offices: appoint a user, end an appointment."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from letopis.accounts.models import Appointment, Role, User
from letopis.core import clock
from letopis.core.errors import require
from letopis.ledger.actions import Author, Fact, object_name, record
from letopis.org.models import Organisation
from letopis.rules import accounts as rules
from letopis.rules.russian import short_date


@transaction.atomic
def appoint(*, user: User, role: str, starts_on: date, basis: str, by: Author, at: datetime) -> Appointment:
    """Appoint a user to an office from a day. Twice is harmless: the same appointment is returned.

    For the system: imports, demonstrations, the command line. Persons appoint with `appoint_by_order`.
    """
    appointment, is_new = Appointment.objects.get_or_create(
        user=user, role=role, starts_on=starts_on, defaults={"organisation": user.organisation, "basis": basis}
    )
    if is_new:
        after = {"user": object_name(user), "role": role, "starts_on": starts_on.isoformat(), "basis": basis}
        record(Fact(by, at, "accounts.appoint", object_name(appointment), None, after))
    return appointment


@transaction.atomic
def appoint_by_order(
    *, user: User, role: str, starts_on: date, order_number: str, order_on: date | None, by: Author, at: datetime
) -> Appointment:
    """Appoint a user to an office by an order of the school. The same appointment sent twice is returned as it is."""
    _lock_offices(user.organisation_id)
    basis = _order(order_number, order_on)
    open_ones = Appointment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on), user=user, role=role)
    if same := open_ones.filter(starts_on=starts_on, ends_on=None, basis=basis).first():
        return same
    taken = open_ones.exists() or Appointment.objects.filter(user=user, role=role, starts_on=starts_on).exists()
    is_own = by.actor == object_name(user)
    require(rules.may_take_office(is_own=is_own, is_active=user.is_active, holds_already=taken))
    require(rules.may_name_order(order_number=order_number, order_on=order_on))
    return appoint(user=user, role=role, starts_on=starts_on, basis=basis, by=by, at=at)


@transaction.atomic
def end_appointment(
    *, appointment: Appointment, ends_on: date, order_number: str, order_on: date | None, by: Author, at: datetime
) -> Appointment:
    """End an appointment by an order, which the ledger keeps. Sent twice it writes nothing.

    ends_on: the last day of the office.
    """
    _lock_offices(appointment.organisation_id)
    found = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if found.ends_on == ends_on:
        return found
    is_last = found.role == Role.ADMINISTRATOR and not _other_administrators(
        organisation_id=found.organisation_id, user_id=found.user_id, after=ends_on
    )
    require(rules.may_end_office(starts_on=found.starts_on, ends_on=ends_on, is_last_administrator=is_last))
    require(rules.may_name_order(order_number=order_number, order_on=order_on))
    before = {"ends_on": found.ends_on.isoformat() if found.ends_on else None}
    found.ends_on = ends_on
    found.save(update_fields=["ends_on"])
    after = {"ends_on": ends_on.isoformat(), "role": found.role, "basis": _order(order_number, order_on)}
    record(Fact(by, at, "accounts.end_appointment", object_name(found), before, after))
    return found


def is_last_administrator(*, user: User, at: datetime) -> bool:
    """Return whether the school has this administrator and no other. Locks the offices until the transaction ends."""
    _lock_offices(user.organisation_id)
    today = clock.local_day(at, user.organisation.time_zone)
    holds = Appointment.objects.on(today).filter(user=user, role=Role.ADMINISTRATOR).exists()
    return holds and not _other_administrators(organisation_id=user.organisation_id, user_id=user.pk, after=today)


def _other_administrators(*, organisation_id: int, user_id: int, after: date) -> bool:
    """Return whether somebody else with an open account is administrator also after that day."""
    lasting = Appointment.objects.filter(Q(ends_on=None) | Q(ends_on__gt=after), role=Role.ADMINISTRATOR)
    return lasting.filter(organisation_id=organisation_id, user__is_active=True).exclude(user_id=user_id).exists()


def _lock_offices(organisation_id: int) -> None:
    """Let one change of offices of a school wait for another: two administrators may not end each other at once."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)


def _order(number: str, on: date | None) -> str:
    return f"Приказ № {number.strip()} от {short_date(on)}" if on else ""
