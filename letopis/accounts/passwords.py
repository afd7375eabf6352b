"""Passwords that people get on a slip of paper.

Danger: a password made here is shown once and stands nowhere else. It goes into no table, no message, no session,
no ledger and no log; what is stored is its hash.
"""

import secrets

from django.contrib.auth.hashers import make_password
from django.utils.crypto import constant_time_compare, salted_hmac

from letopis.accounts.models import User

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what looks alike on paper: i, l and 1, o and 0."""

GROUPS, GROUP_LENGTH = 3, 5
"""Three groups of five: 74 bits."""


def new_password() -> str:
    """Return a random password that can be read from paper: «k7mfp-x2rtw-9hbqd»."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))


def hashed(password: str) -> str:
    """Return what is stored. Slow on purpose: call it before the transaction, not inside."""
    return make_password(password)


def password_stamp(user: User) -> str:
    """Return a mark of the present password that a page can carry: it changes with the password and tells nothing."""
    return salted_hmac("letopis.accounts.password_stamp", user.password, algorithm="sha256").hexdigest()[:24]


def is_stamp_of(user: User, stamp: str) -> bool:
    """Return whether the page that carries the stamp saw the present password."""
    return constant_time_compare(password_stamp(user), stamp)
