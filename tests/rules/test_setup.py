"""Readiness of the set-up of a year (ORG-B017), and the monthly look through a class list (REG-046)."""

from datetime import date

import pytest

from letopis.rules import setup
from letopis.rules.policy import DEFAULT_POLICY

LAST = date(2026, 9, 5)


@pytest.mark.parametrize(
    ("filled", "gaps", "needed", "confirmed", "today", "state", "late"),
    [
        (0, 0, True, None, date(2026, 9, 1), setup.EMPTY, 0),
        (0, 0, False, None, date(2026, 9, 1), setup.TO_CONFIRM, 0),
        (5, 2, True, None, date(2026, 9, 5), setup.GAPS, 0),
        (5, 2, True, None, date(2026, 9, 6), setup.GAPS, 1),
        (5, 0, True, None, date(2026, 9, 8), setup.TO_CONFIRM, 3),
        (5, 0, True, date(2026, 9, 5), date(2026, 11, 16), setup.READY, 0),
        (5, 0, True, date(2026, 9, 7), date(2026, 11, 16), setup.READY, 2),
        (5, 1, True, date(2026, 9, 4), date(2026, 9, 10), setup.GAPS, 5),
    ],
)
def test_readiness(filled, gaps, needed, confirmed, today, state, late):
    found = setup.readiness(filled=filled, gaps=gaps, needed=needed, confirmed_on=confirmed, last_day=LAST, today=today)

    assert (found.state, found.days_late, found.is_late) == (state, late, late > 0)


def test_the_last_day_is_the_policys():
    assert setup.deadline(date(2026, 9, 1), policy=DEFAULT_POLICY) == LAST


@pytest.mark.parametrize(
    ("section", "state", "gaps", "is_open", "code"),
    [
        ("ROOMS", setup.TO_CONFIRM, 0, True, ""),
        ("ROOMS", setup.GAPS, 3, True, "GAPS"),
        ("ROOMS", setup.EMPTY, 0, True, "EMPTY"),
        ("ROOMS", setup.TO_CONFIRM, 0, False, "YEAR_CLOSED"),
        ("ROOF", setup.TO_CONFIRM, 0, True, "UNKNOWN_SECTION"),
    ],
)
def test_may_confirm(section, state, gaps, is_open, code):
    assert setup.may_confirm(section, state=state, gaps=gaps, year_is_open=is_open).code == code


@pytest.mark.parametrize(
    ("checked", "today", "overdue"),
    [
        (date(2026, 10, 1), date(2026, 11, 1), 0),
        (date(2026, 10, 1), date(2026, 11, 2), 1),
        (None, date(2026, 9, 15), -17),
        (None, date(2026, 10, 3), 1),
    ],
)
def test_roster_check_is_due_after_a_month(checked, today, overdue):
    since = date(2026, 9, 1)
    assert setup.roster_check_due(checked, since=since, today=today, policy=DEFAULT_POLICY) == overdue
