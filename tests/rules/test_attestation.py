"""Who may set results, which results and decisions are possible."""

from datetime import date

import pytest

from letopis.rules.attestation import (
    decision_text,
    decisions_for,
    may_decide,
    may_have_result,
    may_record_protocol,
    may_set_results,
    result_choices,
)
from letopis.rules.policy import FIVE_POINT, UNGRADED

TODAY = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("is_own", "year_state", "starts_on", "code"),
    [
        (True, "OPEN", date(2026, 11, 2), ""),
        (True, "OPEN", TODAY, ""),
        (True, "OPEN", date(2026, 11, 17), "PERIOD_AHEAD"),
        (True, "CLOSED", date(2026, 11, 2), "YEAR_NOT_OPEN"),
        (True, "ARCHIVED", date(2026, 11, 2), "YEAR_NOT_OPEN"),
        (False, "OPEN", date(2026, 11, 2), "NOT_OWN_COURSE"),
    ],
)
def test_results_are_set_by_the_present_teacher_while_the_year_is_open(is_own, year_state, starts_on, code):
    verdict = may_set_results(is_own=is_own, year_state=year_state, starts_on=starts_on, today=TODAY)

    assert (bool(verdict), verdict.code) == (code == "", code)


@pytest.mark.parametrize(
    ("code", "scale", "is_present", "refusal"),
    [
        ("5", FIVE_POINT, True, ""),
        ("", FIVE_POINT, True, ""),
        ("NOT_ATTESTED", FIVE_POINT, True, ""),
        ("PASSED", UNGRADED, True, ""),
        ("UNGRADED", UNGRADED, True, ""),
        ("UNGRADED", FIVE_POINT, True, "RESULT_NOT_FOR_SCALE"),
        ("1", FIVE_POINT, True, "OUTSIDE_SCALE"),
        ("5", UNGRADED, True, "UNGRADED"),
        ("зач", FIVE_POINT, True, "UNKNOWN_RESULT"),
        ("5", FIVE_POINT, False, "LEFT_COURSE"),
    ],
)
def test_a_result_belongs_to_the_scale_and_to_a_pupil_who_is_here(code, scale, is_present, refusal):
    assert may_have_result(code, scale=scale, is_present=is_present).code == refusal


def test_the_list_of_results_follows_the_scale():
    assert [choice.sign for choice in result_choices(FIVE_POINT)] == [
        "5", "4", "3", "2", "зач", "незач", "осв", "н/а", "отлож",
    ]  # fmt: skip
    assert [choice.sign for choice in result_choices(UNGRADED)] == ["зач", "незач", "осв", "н/а", "безотм", "отлож"]


@pytest.mark.parametrize(
    ("decision", "grade", "code"),
    [
        ("PROMOTED", 8, ""),
        ("PROMOTED", 9, "DECISION_NOT_FOR_GRADE"),
        ("CONDITIONALLY", 11, "DECISION_NOT_FOR_GRADE"),
        ("COMPLETED", 11, ""),
        ("ADMITTED", 10, "DECISION_NOT_FOR_GRADE"),
        ("EXPELLED", 8, "DECISION_NOT_FOR_GRADE"),
    ],
)
def test_the_council_decides_what_the_grade_can_have(decision, grade, code):
    assert may_decide(decision, grade=grade).code == code


@pytest.mark.parametrize("grade", range(1, 12))
def test_every_possible_decision_has_its_words(grade):
    assert all(decision_text(one, grade=grade, is_female=False) for one in decisions_for(grade))


def test_the_words_follow_the_pupil():
    assert decision_text("PROMOTED", grade=8, is_female=True) == "переведена в 9 класс"
    assert decision_text("CONDITIONALLY", grade=8, is_female=False) == "переведён в 9 класс условно"


@pytest.mark.parametrize(
    ("number", "decided_on", "code"),
    [
        ("9", TODAY, ""),
        (" ", TODAY, "NO_PROTOCOL"),
        ("9", None, "NO_PROTOCOL"),
        ("9", date(2026, 11, 17), "PROTOCOL_AHEAD"),
    ],
)
def test_a_protocol_has_a_number_and_a_day_that_came(number, decided_on, code):
    assert may_record_protocol(number=number, decided_on=decided_on, today=TODAY).code == code
