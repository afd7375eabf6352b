"""Who asks for a correction, who approves it; when a term is closed and opened again."""

from dataclasses import replace
from datetime import date

import pytest

from letopis.rules import closing, corrections
from letopis.rules.closing import Lack
from letopis.rules.policy import DEFAULT_POLICY
from letopis.rules.verdict import ALLOWED, refused
from letopis.rules.windows import LOCK_CODES

LOCK = refused("WINDOW_OVER", "Срок правки прошёл.", clause="п. 2.4")
TWO = replace(DEFAULT_POLICY, correction_approvals=2, correction_approvers=("DEPUTY",))
ORDERED = replace(DEFAULT_POLICY, correction_order_required=True)


def request(**said):
    given = {"lock": LOCK, "year_state": "OPEN", "old": "3", "new": "4", "reason": "Ошибка при вводе"}
    return corrections.may_request(**(given | said))


def approve(**said):
    given = {
        "state": "REQUESTED", "roles": {"DEPUTY"}, "is_requester": False, "has_other_approver": True, "order": "",
        "policy": DEFAULT_POLICY,
    }  # fmt: skip
    return corrections.may_approve(**(given | said))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, ""),
        ({"old": "", "new": "4"}, ""),
        ({"lock": ALLOWED}, "STILL_OPEN"),
        ({"lock": refused("NOT_OWN_LESSON", "…")}, "NOT_OWN_LESSON"),
        ({"lock": refused("LESSON_AHEAD", "…")}, "LESSON_AHEAD"),
        ({"year_state": "CLOSED"}, "YEAR_CLOSED"),
        ({"year_state": "ARCHIVED"}, "YEAR_ARCHIVED"),
        ({"new": "3"}, "NOTHING_NEW"),
        ({"reason": " "}, "REASON_NEEDED"),
        ({"reason": "я" * 501}, "LONG_REASON"),
        ({"new": "я" * 1001}, "LONG_VALUE"),
        ({"remark_required": True}, "REMARK_NEEDED"),
        ({"remark_required": True, "has_remark": True}, ""),
        ({"is_waiting": True}, "ALREADY_ASKED"),
    ],
)
def test_a_request(said, code):
    assert request(**said).code == code


def test_every_lock_of_the_windows_is_lifted_by_a_permission_and_nothing_else():
    for code in LOCK_CODES:
        assert corrections.offers_correction(refused(code, "…"))
    for verdict in (ALLOWED, refused("NOT_MEMBER", "…"), refused("YEAR_CLOSED", "…")):
        assert not corrections.offers_correction(verdict)


def test_a_shut_year_names_its_clause_and_the_way_out():
    closed, archived = corrections.year_is_shut("CLOSED"), corrections.year_is_shut("ARCHIVED")
    assert "Директор может открыть год приказом" in closed.sentence
    assert "справка директора" in archived.sentence
    assert closed.clause
    assert closed.clause == archived.clause


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, ""),
        ({"roles": {"DIRECTOR"}}, ""),
        ({"roles": {"CLERK"}}, "NOT_APPROVER"),
        ({"roles": set()}, "NOT_APPROVER"),
        ({"roles": {"ADMINISTRATOR"}, "policy": replace(DEFAULT_POLICY, correction_approvers=("ADMINISTRATOR",))}, ""),
        ({"state": "APPLIED"}, "DECIDED"),
        ({"state": "WITHDRAWN"}, "DECIDED"),
        ({"year_state": "CLOSED"}, "YEAR_CLOSED"),
        ({"is_requester": True}, "OWN_REQUEST"),
        ({"is_requester": True, "has_other_approver": False}, ""),
        ({"policy": ORDERED}, "ORDER_NEEDED"),
        ({"policy": ORDERED, "order": "приказ № 1"}, ""),
        ({"order": "я" * 121}, "LONG_ORDER"),
        ({"policy": TWO}, ""),
        ({"policy": replace(TWO, correction_order_required=True)}, ""),
        ({"policy": TWO, "roles": {"DIRECTOR"}}, ""),
        ({"policy": TWO, "state": "HALF"}, "DIRECTOR_NEEDED"),
        ({"policy": TWO, "state": "HALF", "first_was_director": True}, ""),
        ({"policy": TWO, "state": "HALF", "is_first": True, "first_was_director": True}, "SECOND_PERSON"),
        ({"policy": TWO, "state": "HALF", "roles": {"DIRECTOR"}}, ""),
        (
            {"policy": replace(TWO, correction_order_required=True), "state": "HALF", "roles": {"DIRECTOR"}},
            "ORDER_NEEDED",
        ),
    ],
)
def test_an_approval(said, code):
    verdict = approve(**said)
    assert verdict.code == code
    assert bool(verdict) is (code == "")


@pytest.mark.parametrize(
    ("policy", "state", "completes"),
    [(DEFAULT_POLICY, "REQUESTED", True), (TWO, "REQUESTED", False), (TWO, "HALF", True)],
)
def test_the_last_approval_completes(policy, state, completes):
    assert corrections.completes(state, policy=policy) is completes


def test_a_decline_and_a_withdrawal():
    decline = {"state": "REQUESTED", "roles": {"DEPUTY"}, "policy": DEFAULT_POLICY}
    assert corrections.may_decline(reason="Отметка верна", **decline)
    assert corrections.may_decline(reason="", **decline).code == "REASON_NEEDED"
    assert corrections.may_decline(reason="x", **(decline | {"roles": {"CLERK"}})).code == "NOT_APPROVER"
    assert corrections.may_withdraw(state="HALF", is_requester=True)
    assert corrections.may_withdraw(state="HALF", is_requester=False).code == "NOT_REQUESTER"
    assert corrections.may_withdraw(state="DECLINED", is_requester=True).code == "DECIDED"


def test_a_changed_value_is_a_conflict_that_names_what_stands():
    assert corrections.unchanged_since(old="3", now="3", shown="3")
    verdict = corrections.unchanged_since(old="3", now="5", shown="5")
    assert (verdict.code, "«5»" in verdict.sentence) == ("CONFLICT", True)
    assert "«пусто»" in corrections.unchanged_since(old="3", now="", shown="").sentence


def test_a_long_text_is_kept_so_that_equal_texts_stay_equal():
    long = "задание " * 400
    kept = corrections.kept_value(long)
    assert len(kept) <= corrections.LONGEST_VALUE
    assert kept == corrections.kept_value(long) != corrections.kept_value(long + "!")
    assert corrections.kept_value("§ 5") == "§ 5"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, ""),
        ({"today": date(2026, 12, 29)}, ""),
        ({"today": date(2026, 12, 28)}, "PERIOD_GOES_ON"),
        ({"year_state": "CLOSED"}, "YEAR_NOT_OPEN"),
        ({"gaps": [(Lack.LESSONS, 3)]}, "GAPS"),
    ],
)
def test_closing(said, code):
    given = {"year_state": "OPEN", "ends_on": date(2026, 12, 29), "today": date(2027, 1, 11), "gaps": []}
    verdict = closing.may_close_period(**(given | said))
    assert verdict.code == code
    if code == "GAPS":
        assert "3 урока без записи" in verdict.sentence


def test_what_stops_the_closing():
    hard = {lack for lack in Lack if closing.is_gap(lack, policy=DEFAULT_POLICY)}
    assert hard == {Lack.TERM_MARKS, Lack.LESSONS, Lack.CORRECTIONS}
    assert closing.is_gap(Lack.POSTPONED, policy=replace(DEFAULT_POLICY, postponement_allowed=False))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, ""),
        ({"roles": {"DEPUTY"}}, "NOT_REOPENER"),
        ({"roles": {"DEPUTY"}, "policy": replace(DEFAULT_POLICY, reopening_roles=("DEPUTY",))}, ""),
        ({"order": " "}, "ORDER_NEEDED"),
        ({"reason": ""}, "REASON_NEEDED"),
        ({"year_state": "CLOSED"}, "YEAR_NOT_OPEN"),
        ({"order": "я" * 121}, "LONG_ORDER"),
    ],
)
def test_opening_again(said, code):
    given = {
        "year_state": "OPEN", "roles": {"DIRECTOR"}, "reason": "Ошибка", "order": "приказ № 1", "policy": DEFAULT_POLICY
    }  # fmt: skip
    assert closing.may_reopen_period(**(given | said)).code == code


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, ""),
        ({"missing": 2}, "TERM_MARKS_MISSING"),
        ({"is_own": False}, "NOT_OWN_COURSE"),
        ({"today": date(2026, 10, 1)}, "PERIOD_AHEAD"),
        ({"year_state": "CLOSED"}, "YEAR_NOT_OPEN"),
    ],
)
def test_confirming_term_marks(said, code):
    given = {
        "is_own": True, "year_state": "OPEN", "starts_on": date(2026, 11, 2), "today": date(2026, 12, 29), "missing": 0
    }  # fmt: skip
    assert closing.may_confirm_term_marks(**(given | said)).code == code
