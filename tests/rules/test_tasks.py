"""What a column of marks may be, become, and when it may go."""

from datetime import date
from typing import Any

import pytest

from letopis.rules.policy import DEFAULT_POLICY
from letopis.rules.tasks import may_add_task, may_be_task, may_have_components, may_remove_task

SAID: dict[str, Any] = {
    "kind": "КР", "title": "Корни", "weight": None, "worked_on": None, "first": date(2026, 9, 1),
    "last": date(2027, 5, 31), "today": date(2026, 11, 16), "policy": DEFAULT_POLICY,
}  # fmt: skip
DESCRIBED: list[tuple[dict[str, Any], str]] = [
    ({}, ""),
    ({"kind": "КР-ВШК", "weight": 9, "worked_on": date(2026, 11, 16)}, ""),
    ({"kind": "ЖЖ"}, "UNKNOWN_KIND"),
    ({"kind": ""}, "UNKNOWN_KIND"),
    ({"title": "я" * 200}, ""),
    ({"title": "я" * 201}, "LONG_TITLE"),
    ({"weight": 0}, "WRONG_WEIGHT"),
    ({"weight": 10}, "WRONG_WEIGHT"),
    ({"worked_on": date(2026, 8, 31)}, "DAY_OUTSIDE_YEAR"),
    ({"worked_on": date(2027, 6, 1)}, "DAY_OUTSIDE_YEAR"),
    ({"worked_on": date(2026, 11, 17)}, "DAY_AHEAD"),
]
COMPONENTS: list[tuple[int, tuple[str, ...], str]] = [
    (1, ("5", "4"), ""),
    (2, ("5/4", "."), ""),
    (2, (), ""),
    (2, ("5",), "MARKS_STAND"),
    (1, ("5/4",), "MARKS_STAND"),
    (1, (".", "осв"), ""),
    (3, (), "WRONG_COMPONENTS"),
]


@pytest.mark.parametrize(("changes", "code"), DESCRIBED)
def test_a_column_is_described_within_bounds(changes: dict[str, Any], code: str) -> None:
    assert may_be_task(**(SAID | changes)).code == code


@pytest.mark.parametrize(("components", "values", "code"), COMPONENTS)
def test_marks_that_stand_hold_the_number_of_components(components: int, values: tuple[str, ...], code: str) -> None:
    assert may_have_components(components=components, values=values).code == code


def test_a_lesson_has_so_many_columns_and_no_more() -> None:
    assert [may_add_task(how_many=n, policy=DEFAULT_POLICY).code for n in (0, 3, 4)] == ["", "", "TOO_MANY_TASKS"]


@pytest.mark.parametrize(
    ("ever_marked", "how_many", "code"), [(False, 2, ""), (True, 2, "MARKS_WERE_PUT"), (False, 1, "LAST_TASK")]
)
def test_only_a_column_that_never_held_a_mark_goes(ever_marked: bool, how_many: int, code: str) -> None:
    assert may_remove_task(ever_marked=ever_marked, how_many=how_many).code == code
