"""Late entries and pupils with few marks."""

from datetime import date

import pytest

from letopis.rules.entry import Accumulation, accumulation, is_late_entry
from letopis.rules.policy import DEFAULT_POLICY

DAY = date(2026, 11, 16)


@pytest.mark.parametrize(("day", "late"), [(15, False), (16, False), (17, True)])
def test_an_entry_after_the_day_of_the_lesson_is_late(day: int, late: bool) -> None:
    assert is_late_entry(lesson_on=DAY, entered_on=date(2026, 11, day)) is late


def test_accumulation_counts_none_one_and_below_the_norm() -> None:
    # One hour a week asks for three marks.
    found = accumulation({1: 0, 2: 1, 3: 2, 4: 3}, weekly_hours=1, policy=DEFAULT_POLICY)

    assert found == Accumulation(norm=3, without=(1,), with_one=(2,), below=(1, 2, 3))
