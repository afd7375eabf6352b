"""Verbs of an account and of its password. No password and no hash ever reaches the ledger."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from letopis.accounts import passwords
from letopis.accounts.actions.attempts import begin_attempt, forget_attempts
from letopis.accounts.actions.offices import is_last_administrator
from letopis.accounts.models import User
from letopis.core.errors import require
from letopis.ledger.actions import Author, Fact, object_name, record, record_all
from letopis.org.models import Organisation
from letopis.rules import accounts as rules


def open_account(
    *,
    organisation: Organisation,
    username: str,
    password_hash: str,
    by: Author,
    at: datetime,
    must_change_password: bool = False,
) -> User:
    """Open an account with a password that is hashed already, and record it; the hash never reaches the ledger."""
    user = User(
        organisation=organisation, username=username, password=password_hash, must_change_password=must_change_password
    )
    return open_accounts([user], by=by, at=at)[0]


@transaction.atomic
def open_accounts(users: Sequence[User], *, by: Author, at: datetime, whose: Sequence[str] = ()) -> list[User]:
    """Open many accounts at once, with an entry for each.

    users: rows that are not saved yet, with their hashes.
    whose: for each user the person as the ledger names him, when he is known: «people.Person:12».
    """
    opened = User.objects.bulk_create(users)
    owners = [{"person": name} for name in whose] or [{} for _ in opened]
    record_all(
        Fact(by, at, "accounts.open_account", object_name(user), None, {"username": user.username, **owner})
        for user, owner in zip(opened, owners, strict=True)
    )
    return opened


@sensitive_variables()
def reset_password(*, user: User, by: Author, at: datetime, stamp: str | None = None) -> str:
    """Give the account a new random password and return it: the only time that anybody sees it.

    Every session of the account ends, a lock of its name is lifted, and the person must set a password of his own.
    stamp: `passwords.password_stamp` as the page of confirmation saw it; None on the command line.
    """
    password = passwords.new_password()
    password_hash = passwords.hashed(password)
    with transaction.atomic():
        found = User.objects.select_for_update().get(pk=user.pk)
        require(rules.may_reset(is_unchanged=stamp is None or passwords.is_stamp_of(found, stamp)))
        found.password, found.must_change_password = password_hash, True
        found.save(update_fields=["password", "must_change_password"])
        forget_attempts(found.username)
        record(Fact(by, at, "accounts.reset_password", object_name(found), None, None))
    return password


@sensitive_variables()
def change_own_password(*, user: User, old: str, new: str, by: Author, at: datetime) -> User:
    """Replace the password of the person who asks. The form has asked the validators already.

    Wrong old passwords count as attempts to sign in, so that an open session is no way to guess.
    """
    begin_attempt(user.username, at=at)
    require(rules.may_change_password(old_fits=user.check_password(old), is_same=old == new))
    password_hash = passwords.hashed(new)
    with transaction.atomic():
        found = User.objects.select_for_update().get(pk=user.pk)
        require(rules.may_reset(is_unchanged=found.password == user.password))
        found.password, found.must_change_password = password_hash, False
        found.save(update_fields=["password", "must_change_password"])
        forget_attempts(found.username)
        record(Fact(by, at, "accounts.change_own_password", object_name(found), None, None))
    return found


@transaction.atomic
def close_account(*, user: User, reason: str, by: Author, at: datetime) -> User:
    """Close an account: its sessions end with the next request. Twice is harmless."""
    last_administrator = is_last_administrator(user=user, at=at)
    found = User.objects.select_for_update().get(pk=user.pk)
    if found.is_active:
        is_own = by.actor == object_name(found)
        require(rules.may_close(is_own=is_own, is_last_administrator=last_administrator))
        _set_active(found, is_active=False, verb="accounts.close_account", reason=reason, by=by, at=at)
    return found


@transaction.atomic
def reopen_account(*, user: User, reason: str = "", by: Author, at: datetime) -> User:
    """Open a closed account again, with the password it had. Twice is harmless."""
    found = User.objects.select_for_update().get(pk=user.pk)
    if not found.is_active:
        _set_active(found, is_active=True, verb="accounts.reopen_account", reason=reason, by=by, at=at)
    return found


def _set_active(user: User, *, is_active: bool, verb: str, reason: str, by: Author, at: datetime) -> None:
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    record(Fact(by, at, verb, object_name(user), {"is_active": not is_active}, {"is_active": is_active}, reason))
