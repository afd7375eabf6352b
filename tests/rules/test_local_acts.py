"""How an act stands on a day, and which days may not stand together."""

from datetime import date

import pytest

from letopis.rules.local_acts import may_adopt_policy, may_withdraw, standing

SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 16)


@pytest.mark.parametrize(
    ("state", "first", "last", "day", "expected"),
    [
        ("DRAFT", None, None, NOVEMBER, "DRAFT"),
        ("IN_FORCE", SEPTEMBER, None, SEPTEMBER, "IN_FORCE"),
        ("IN_FORCE", SEPTEMBER, OCTOBER, OCTOBER, "IN_FORCE"),
        ("IN_FORCE", SEPTEMBER, OCTOBER, date(2026, 10, 2), "OVER"),
        ("IN_FORCE", NOVEMBER, None, OCTOBER, "COMING"),
        ("WITHDRAWN", None, None, NOVEMBER, "WITHDRAWN"),
        ("WITHDRAWN", SEPTEMBER, OCTOBER, SEPTEMBER, "IN_FORCE"),
        ("WITHDRAWN", SEPTEMBER, OCTOBER, NOVEMBER, "WITHDRAWN"),
    ],
)
def test_an_act_stands_by_its_days(state, first, last, day, expected):
    assert standing(state=state, first=first, last=last, day=day) == expected


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"first": OCTOBER, "editions_from": [SEPTEMBER]}, ""),
        ({"first": SEPTEMBER, "editions_from": [SEPTEMBER]}, "OVERLAP"),
        ({"first": SEPTEMBER, "editions_from": [OCTOBER]}, "OVERLAP"),
        ({"first": SEPTEMBER, "shut_until": date(2026, 8, 31)}, ""),
        ({"first": SEPTEMBER, "shut_until": SEPTEMBER}, "YEAR_CLOSED"),
        ({"first": date(2026, 8, 31)}, "ACT_NOT_IN_FORCE"),
        ({"first": NOVEMBER, "act_last": OCTOBER}, "ACT_NOT_IN_FORCE"),
        ({"first": OCTOBER, "act_state": "DRAFT"}, "ACT_NOT_IN_FORCE"),
    ],
)
def test_an_edition_takes_force_on_a_free_day(asked, code):
    given = {
        "act_state": "IN_FORCE", "act_first": SEPTEMBER, "act_last": None, "editions_from": [], "shut_until": None,
    } | asked  # fmt: skip

    verdict = may_adopt_policy(**given)

    assert (verdict.code, bool(verdict)) == (code, code == "")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, ""),
        ({"state": "WITHDRAWN"}, "ACT_WITHDRAWN"),
        ({"has_successor": True}, "ALREADY_SUPERSEDED"),
        ({"on": SEPTEMBER}, "DAYS_BACKWARDS"),
        ({"last": SEPTEMBER}, "ACT_OVER"),
        ({"state": "DRAFT", "first": None}, ""),
    ],
)
def test_an_act_is_withdrawn_while_it_is_in_force(asked, code):
    given = {"state": "IN_FORCE", "first": SEPTEMBER, "last": None, "on": NOVEMBER, "has_successor": False} | asked

    assert may_withdraw(**given).code == code
