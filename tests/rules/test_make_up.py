"""Statements of other schools as they are typed (REG-B037)."""

import pytest

from letopis.rules.make_up import outside_counted, parse_outside_marks
from letopis.rules.policy import DEFAULT_POLICY, FIVE_POINT, UNGRADED
from letopis.rules.verdict import Verdict


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("", ()),
        ("5 4 4", ("5", "4", "4")),
        ("554", ("5", "5", "4")),
        ("5, 4; 3", ("5", "4", "3")),
        ("4/3 5", ("4/3", "5")),
    ],
)
def test_marks_are_read_as_statements_write_them(text, marks):
    assert parse_outside_marks(text, scale=FIVE_POINT) == marks


@pytest.mark.parametrize(
    ("text", "scale", "code"),
    [
        ("6", FIVE_POINT, "OUTSIDE_SCALE"),
        ("5 н", FIVE_POINT, "OUTSIDE_SCALE"),
        ("4/9", FIVE_POINT, "OUTSIDE_SCALE"),
        ("5", UNGRADED, "OUTSIDE_SCALE"),
        ("5 " * 200, FIVE_POINT, "TOO_LONG"),
    ],
)
def test_what_is_no_mark_is_refused(text, scale, code):
    found = parse_outside_marks(text, scale=scale)

    assert isinstance(found, Verdict)
    assert found.code == code


def test_brought_marks_count_with_the_weight_of_the_default_kind():
    counted = outside_counted("5 4/3", scale=FIVE_POINT, policy=DEFAULT_POLICY)

    assert [(mark.value, mark.second, mark.weight) for mark in counted] == [("5", "", 1), ("4", "3", 1)]
