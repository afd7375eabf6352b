"""Verbs of accounts: open an account, appoint to an office."""

from datetime import date, datetime

from django.db import transaction

from letopis.accounts.models import Appointment, User
from letopis.ledger.actions import Author, Fact, object_name, record
from letopis.org.models import Organisation


@transaction.atomic
def open_account(*, organisation: Organisation, username: str, password_hash: str, by: Author, at: datetime) -> User:
    """Open an account with a password that is hashed already, and record it; the hash never reaches the ledger."""
    user = User.objects.create(organisation=organisation, username=username, password=password_hash)
    record(Fact(by, at, "accounts.open_account", object_name(user), None, {"username": username}))
    return user


@transaction.atomic
def appoint(*, user: User, role: str, starts_on: date, basis: str, by: Author, at: datetime) -> Appointment:
    """Appoint a user to an office from a day. Twice is harmless: the same appointment is returned."""
    appointment, is_new = Appointment.objects.get_or_create(
        user=user, role=role, starts_on=starts_on, defaults={"organisation": user.organisation, "basis": basis}
    )
    if is_new:
        after = {"user": object_name(user), "role": role, "starts_on": starts_on.isoformat(), "basis": basis}
        record(Fact(by, at, "accounts.appoint", object_name(appointment), None, after))
    return appointment
