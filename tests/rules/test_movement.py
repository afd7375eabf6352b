"""Whether a movement of a pupil may be recorded."""

from datetime import date

import pytest

from letopis.rules.movement import Stay, YearSpan, may_end, may_move, may_transfer

FIRST, LAST = date(2026, 9, 1), date(2027, 8, 31)
ON = date(2026, 11, 20)


def year(*, is_open: bool = True) -> YearSpan:
    return YearSpan("2026/27", FIRST, LAST, is_open)


@pytest.mark.parametrize(
    ("span", "on", "code"),
    [
        (year(), ON, ""),
        (year(), FIRST, ""),
        (year(), LAST, ""),
        (year(), date(2027, 9, 1), "OUTSIDE_YEAR"),
        (year(is_open=False), ON, "YEAR_CLOSED"),
        (None, ON, "OUTSIDE_YEAR"),
    ],
)
def test_a_movement_is_on_a_day_of_an_open_year(span, on, code):
    assert may_move(span, on=on).code == code


@pytest.mark.parametrize(
    ("ends_on", "code"),
    [
        (None, ""),
        (date(2026, 11, 19), ""),
        (ON, "LATER_LEAVING"),
        (date(2026, 11, 30), "LATER_LEAVING"),
    ],
)
def test_a_leaving_once_recorded_is_not_wiped_out(ends_on, code):
    assert may_end(on=ON, stays=(Stay("8А", FIRST, ends_on),)).code == code


def test_the_refusal_of_a_later_leaving_names_the_day_to_enrol_from():
    verdict = may_end(on=ON, stays=(Stay("8А", FIRST, date(2026, 11, 30)),))

    assert "последний день в списке 8А — 30.11" in verdict.sentence
    assert "зачислите обучающегося снова с 01.12" in verdict.sentence


@pytest.mark.parametrize(
    ("to_class", "to_grade", "code"),
    [
        ("8Б", 8, ""),
        ("8А", 8, "SAME_CLASS"),
        ("1А", 1, "OTHER_GRADE"),
        ("9А", 9, "OTHER_GRADE"),
        ("11А", 11, "OTHER_GRADE"),
    ],
)
def test_a_transfer_stays_in_its_grade(to_class, to_grade, code):
    assert may_transfer(from_class="8А", from_grade=8, to_class=to_class, to_grade=to_grade).code == code
