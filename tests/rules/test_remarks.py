"""Remarks of control: who may do what with one in which state, and how automatic ones are grouped."""

from dataclasses import replace
from datetime import date

import pytest

from letopis.rules import remarks as rules
from letopis.rules.policy import DEFAULT_POLICY

TODAY = date(2026, 11, 16)
PUT = {"controls": True, "year_is_open": True, "has_teacher": True, "text": "Нет темы", "due": TODAY, "today": TODAY}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, ""),
        ({"controls": False}, "NOT_CONTROL"),
        ({"year_is_open": False}, "YEAR_CLOSED"),
        ({"has_teacher": False}, "NO_TEACHER"),
        ({"text": ""}, "NO_TEXT"),
        ({"text": "я" * 1000}, ""),
        ({"text": "я" * 1001}, "LONG_TEXT"),
        ({"due": date(2026, 11, 15)}, "PAST_TERM"),
        ({"due": date(2027, 11, 17)}, ""),
        ({"due": date(2027, 11, 18)}, "FAR_TERM"),
    ],
)
def test_who_puts_a_remark_and_until_when(changed, code):
    assert rules.may_put(**(PUT | changed)).code == code


@pytest.mark.parametrize(
    ("put_on", "days", "due"),
    [
        (date(2026, 11, 16), 3, date(2026, 11, 19)),
        (date(2026, 12, 30), 3, date(2027, 1, 2)),
        (date(2028, 2, 27), 2, date(2028, 2, 29)),
        (date(2026, 11, 16), 0, date(2026, 11, 16)),
    ],
)
def test_the_term_counts_calendar_days_the_last_one_included(put_on, days, due):
    assert rules.due_on(put_on=put_on, policy=replace(DEFAULT_POLICY, remark_days=days)) == due


@pytest.mark.parametrize(
    ("state", "due", "late"),
    [
        ("OPEN", date(2026, 11, 15), True),
        ("OPEN", TODAY, False),
        ("REMOVED", date(2026, 11, 1), False),
        ("WITHDRAWN", date(2026, 11, 1), False),
    ],
)
def test_only_an_open_remark_is_overdue_and_not_on_its_last_day(state, due, late):
    assert rules.is_overdue(state=state, due=due, today=TODAY) is late


@pytest.mark.parametrize(
    ("state", "answer", "confirm", "give_back", "withdraw", "term"),
    [
        ("OPEN", "", "NOT_REMOVED", "NOT_REMOVED", "", ""),
        ("REMOVED", "", "", "", "", ""),
        ("CONFIRMED", *["FINISHED"] * 5),
        ("CLOSED", *["FINISHED"] * 5),
        ("WITHDRAWN", *["FINISHED"] * 5),
    ],
)
def test_what_may_be_done_in_each_state(state, answer, confirm, give_back, withdraw, term):
    when = {"due": TODAY, "today": TODAY}

    assert rules.may_answer(is_his=True, state=state, is_automatic=False, answer="").code == answer
    assert rules.may_confirm(controls=True, state=state).code == confirm
    assert rules.may_return(controls=True, state=state, note="Нет числа", **when).code == give_back
    assert rules.may_withdraw(controls=True, state=state, reason="Ошибка").code == withdraw
    assert rules.may_change_term(controls=True, state=state, **when).code == term


def test_others_may_do_nothing_of_it():
    when = {"due": TODAY, "today": TODAY}
    found = [
        rules.may_answer(is_his=False, state="OPEN", is_automatic=False, answer=""),
        rules.may_confirm(controls=False, state="REMOVED"),
        rules.may_return(controls=False, state="REMOVED", note="Нет", **when),
        rules.may_withdraw(controls=False, state="OPEN", reason="Нет"),
        rules.may_change_term(controls=False, state="OPEN", **when),
        rules.may_review(controls=False, year_is_open=True, note=""),
    ]

    assert [one.code for one in found] == ["NOT_HIS", *["NOT_CONTROL"] * 5]
    assert all(one.clause == rules.CLAUSE for one in found)


def test_words_are_needed_where_they_matter():
    when = {"due": TODAY, "today": TODAY}

    assert rules.may_return(controls=True, state="REMOVED", note="", **when).code == "NO_NOTE"
    assert rules.may_withdraw(controls=True, state="OPEN", reason="").code == "NO_REASON"
    assert rules.may_answer(is_his=True, state="OPEN", is_automatic=False, answer="я" * 301).code == "LONG_TEXT"
    assert rules.may_review(controls=True, year_is_open=True, note="я" * 301).code == "LONG_TEXT"


def test_an_automatic_remark_is_answered_by_doing_the_work():
    assert rules.may_answer(is_his=True, state="OPEN", is_automatic=True, answer="").code == "AUTOMATIC"


@pytest.mark.parametrize(
    ("days", "due", "ripe"),
    [
        (3, date(2026, 11, 12), True),
        (3, date(2026, 11, 13), False),
        (0, date(2026, 11, 15), True),
        (0, TODAY, False),
        (3, date(2026, 10, 19), True),
        (3, date(2026, 10, 18), False),
        (None, date(2026, 11, 1), False),
    ],
)
def test_from_when_on_a_late_duty_gets_a_remark_by_itself(days, due, ripe):
    policy = replace(DEFAULT_POLICY, automatic_remarks_after_days=days)

    assert rules.is_ripe(due, policy=policy, today=TODAY) is ripe


def test_duties_of_a_week_are_one_remark_also_over_the_new_year():
    keys = [rules.automatic_key(kind="TOPIC", page="p", due=day) for day in (date(2026, 12, 31), date(2027, 1, 3))]

    assert keys == ["TOPIC:p:2026-W53"] * 2
    assert rules.automatic_key(kind="TOPIC", page="p", due=date(2027, 1, 4)) == "TOPIC:p:2027-W01"
    assert rules.automatic_text("Тема не записана", [date(2026, 11, 13), date(2026, 11, 9), date(2026, 11, 9)]) == (
        "Тема не записана: 09.11.2026, 13.11.2026"
    )
