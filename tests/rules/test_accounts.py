from datetime import UTC, date, datetime, timedelta

import pytest

from letopis.rules import accounts as rules
from letopis.rules.verdict import Verdict

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)


def code(verdict: Verdict) -> str:
    return "ALLOWED" if verdict else verdict.code


@pytest.mark.parametrize(
    ("minutes", "now", "expected"),
    [
        ([], 0, "ALLOWED"),
        ([0, 1, 2, 3], 4, "ALLOWED"),
        ([0, 1, 2, 3, 4], 4, "NAME_LOCKED"),
        ([0, 1, 2, 3, 4], 18.9, "NAME_LOCKED"),
        ([0, 1, 2, 3, 4], 19, "ALLOWED"),
        ([0, 4, 8, 12, 15], 16, "NAME_LOCKED"),
        ([0, 4, 8, 12, 15.1], 16, "ALLOWED"),
        ([0, 12, 12.5, 13, 13.5], 28.4, "NAME_LOCKED"),
        ([0, 12, 12.5, 13, 13.5, 28.6], 28.7, "ALLOWED"),
        ([0, 10, 11, 12, 15.1, 15.2], 16, "NAME_LOCKED"),
    ],
)
def test_five_wrong_passwords_in_a_quarter_of_an_hour_lock_the_name_for_one(
    minutes: list[float], now: float, expected: str
) -> None:
    attempts = [NOON + timedelta(minutes=minute) for minute in minutes]

    assert code(rules.may_try(attempts, at=NOON + timedelta(minutes=now))) == expected


@pytest.mark.parametrize(
    ("roles", "manages", "appoints"),
    [
        ({"ADMINISTRATOR"}, "ALLOWED", "ALLOWED"),
        ({"DIRECTOR"}, "NOT_ADMINISTRATOR", "ALLOWED"),
        ({"DEPUTY", "CLERK", "ARCHIVIST"}, "NOT_ADMINISTRATOR", "NOT_DIRECTOR"),
    ],
)
def test_the_administrator_manages_accounts_and_the_director_appoints_too(
    roles: set[str], manages: str, appoints: str
) -> None:
    assert (code(rules.may_manage_accounts(roles)), code(rules.may_appoint(roles))) == (manages, appoints)


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (rules.may_get_access(has_account=False, is_gone=False), "ALLOWED"),
        (rules.may_get_access(has_account=True, is_gone=True), "HAS_ACCOUNT"),
        (rules.may_get_access(has_account=False, is_gone=True), "GONE"),
        (rules.may_give_to_so_many(50), "ALLOWED"),
        (rules.may_give_to_so_many(51), "TOO_MANY"),
        (rules.may_close(is_own=False, is_last_administrator=False), "ALLOWED"),
        (rules.may_close(is_own=True, is_last_administrator=True), "OWN_ACCOUNT"),
        (rules.may_close(is_own=False, is_last_administrator=True), "LAST_ADMINISTRATOR"),
        (rules.may_take_office(is_own=False, is_active=True, holds_already=False), "ALLOWED"),
        (rules.may_take_office(is_own=True, is_active=True, holds_already=False), "OWN_OFFICE"),
        (rules.may_take_office(is_own=False, is_active=False, holds_already=False), "ACCOUNT_CLOSED"),
        (rules.may_take_office(is_own=False, is_active=True, holds_already=True), "HOLDS_OFFICE"),
        (rules.may_name_order(order_number="9-к", order_on=date(2026, 11, 16)), "ALLOWED"),
        (rules.may_name_order(order_number="  ", order_on=date(2026, 11, 16)), "NO_ORDER"),
        (rules.may_name_order(order_number="9-к", order_on=None), "NO_ORDER"),
        (rules.may_change_password(old_fits=True, is_same=False), "ALLOWED"),
        (rules.may_change_password(old_fits=False, is_same=True), "WRONG_PASSWORD"),
        (rules.may_change_password(old_fits=True, is_same=True), "SAME_PASSWORD"),
        (rules.may_reset(is_unchanged=True), "ALLOWED"),
        (rules.may_reset(is_unchanged=False), "CHANGED_SINCE"),
    ],
)
def test_says_why_not(verdict: Verdict, expected: str) -> None:
    assert code(verdict) == expected
    assert bool(verdict) or verdict.sentence.endswith(".")


@pytest.mark.parametrize(
    ("ends_on", "is_last", "expected"),
    [
        (date(2026, 11, 16), False, "ALLOWED"),
        (date(2026, 11, 15), False, "ENDS_BEFORE_START"),
        (date(2026, 11, 30), True, "LAST_ADMINISTRATOR"),
    ],
)
def test_an_office_ends_after_it_began_and_the_last_administrator_stays(
    ends_on: date, is_last: bool, expected: str
) -> None:
    verdict = rules.may_end_office(starts_on=date(2026, 11, 16), ends_on=ends_on, is_last_administrator=is_last)

    assert code(verdict) == expected
