"""Closing a year and opening it again."""

from datetime import date

import pytest

from letopis.rules.year_end import may_close_year, may_reopen_year

LAST = date(2027, 5, 26)
AFTER = date(2027, 5, 27)


@pytest.mark.parametrize(
    ("state", "today", "has_gaps", "reason", "code"),
    [
        ("OPEN", date(2026, 11, 16), False, "", "YEAR_GOES_ON"),
        ("OPEN", LAST, False, "Приказ", "YEAR_GOES_ON"),
        ("OPEN", AFTER, False, "", ""),
        ("OPEN", AFTER, True, " ", "REASON_NEEDED"),
        ("OPEN", AFTER, True, "Совет в августе", ""),
        ("CLOSED", AFTER, True, "", ""),
        ("ARCHIVED", AFTER, False, "", "YEAR_ARCHIVED"),
    ],
)
def test_a_year_is_closed_after_its_last_term(state, today, has_gaps, reason, code):
    verdict = may_close_year(state=state, last_day=LAST, today=today, has_gaps=has_gaps, reason=reason)

    assert verdict.code == code


def test_the_refusal_names_the_last_day():
    verdict = may_close_year(state="OPEN", last_day=LAST, today=LAST, has_gaps=False, reason="")

    assert verdict.sentence.startswith("Последний учебный период заканчивается 26.05")


@pytest.mark.parametrize(
    ("state", "reason", "order", "code"),
    [
        ("CLOSED", "Пересдача", "12-к", ""),
        ("CLOSED", "Пересдача", " ", "ORDER_NEEDED"),
        ("CLOSED", "", "12-к", "REASON_NEEDED"),
        ("OPEN", "", "", ""),
        ("ARCHIVED", "Пересдача", "12-к", "YEAR_ARCHIVED"),
    ],
)
def test_a_closed_year_is_opened_by_an_order(state, reason, order, code):
    assert may_reopen_year(state=state, reason=reason, order=order).code == code
