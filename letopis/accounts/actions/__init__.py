"""Verbs of accounts: open and close an account, its password, offices, attempts to sign in."""

from letopis.accounts.actions.accounts import (
    change_own_password,
    close_account,
    open_account,
    open_accounts,
    reopen_account,
    reset_password,
)
from letopis.accounts.actions.attempts import begin_attempt, forget_attempts
from letopis.accounts.actions.offices import appoint, appoint_by_order, end_appointment

__all__ = [
    "appoint",
    "appoint_by_order",
    "begin_attempt",
    "change_own_password",
    "close_account",
    "end_appointment",
    "forget_attempts",
    "open_account",
    "open_accounts",
    "reopen_account",
    "reset_password",
]
