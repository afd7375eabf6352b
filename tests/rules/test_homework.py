"""Volume of a day, term of entry, and what distance learning asks of a homework."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from letopis.rules.homework import Portion, daily_limit, day_volume, homework_deadline, is_late, may_set_homework
from letopis.rules.policy import DAYS, DEFAULT_POLICY, FIVE_POINT, Limit
from letopis.rules.windows import may_put_mark

END = datetime(2026, 11, 16, 14, 10, tzinfo=ZoneInfo("Europe/Moscow"))
SAME_DAY = replace(DEFAULT_POLICY, homework_limit=Limit(0, DAYS))
NO_TERM = replace(DEFAULT_POLICY, homework_limit=None)


@pytest.mark.parametrize(
    ("grade", "minutes"),
    [(1, 60), (2, 90), (3, 90), (4, 120), (5, 120), (6, 150), (8, 150), (9, 210), (11, 210), (12, None)],
)
def test_the_limit_of_a_day_follows_the_grade(grade: int, minutes: int | None) -> None:
    assert daily_limit(grade, policy=DEFAULT_POLICY) == minutes


@pytest.mark.parametrize(
    ("portions", "minutes", "unknown"),
    [
        ([], 0, 0),
        ([(1, 1, 30), (2, 2, 40)], 70, 0),
        ([(1, 1, 30), (1, 2, 40)], 40, 0),
        ([(1, 1, 30), (1, 1, 20), (1, 2, 40)], 50, 0),
        ([(1, 1, None), (2, 2, 15)], 15, 1),
        ([(1, 1, None), (1, 2, None)], 0, 2),
    ],
)
def test_a_day_adds_up_what_one_pupil_does(portions: list[tuple[int, int, int]], minutes: int, unknown: int) -> None:
    volume = day_volume([Portion(*one) for one in portions], grade=8, policy=DEFAULT_POLICY)

    assert (volume.minutes, volume.unknown) == (minutes, unknown)


def test_the_limit_itself_is_not_over() -> None:
    assert not day_volume([Portion(1, 1, 150)], grade=8, policy=DEFAULT_POLICY).is_over
    assert day_volume([Portion(1, 1, 151)], grade=8, policy=DEFAULT_POLICY).is_over
    assert not day_volume([Portion(1, 1, 900)], grade=12, policy=DEFAULT_POLICY).is_over


@pytest.mark.parametrize(("minutes", "late"), [(-2000, False), (0, False), (90, False), (91, True), (5000, True)])
def test_homework_is_late_an_hour_and_a_half_after_the_lessons(minutes: int, late: bool) -> None:
    assert is_late(END + timedelta(minutes=minutes), lessons_end=END, policy=DEFAULT_POLICY) is late
    assert is_late(END + timedelta(minutes=minutes), lessons_end=END, policy=NO_TERM) is False


@pytest.mark.parametrize(("at", "late"), [("2026-11-16T23:59:59", False), ("2026-11-17T00:00:00", True)])
def test_homework_of_the_same_day_is_late_after_midnight(at: str, late: bool) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=END.tzinfo)

    assert is_late(moment, lessons_end=END, policy=SAME_DAY) is late


def test_without_bells_or_a_moment_nothing_is_late() -> None:
    assert homework_deadline(None, policy=DEFAULT_POLICY) is None
    assert not is_late(None, lessons_end=END, policy=DEFAULT_POLICY)
    assert not is_late(END, lessons_end=None, policy=DEFAULT_POLICY)


@pytest.mark.parametrize(
    ("has_text", "due", "assessment", "is_distance", "missing"),
    [
        (True, None, "", False, ""),
        (True, date(2026, 11, 20), "тест", True, ""),
        (False, None, "", True, ""),
        (True, None, "тест", True, "срок"),
        (True, date(2026, 11, 20), "", True, "форма оценивания"),
        (True, None, "", True, "срок, форма оценивания"),
    ],
)
def test_distance_learning_asks_for_day_and_form(
    has_text: bool, due: date | None, assessment: str, is_distance: bool, missing: str
) -> None:
    verdict = may_set_homework(has_text=has_text, due_on=due, assessment=assessment, is_distance=is_distance)

    assert verdict.allowed is (not missing)
    assert verdict.sentence.endswith(f"Не хватает: {missing}." if missing else "")


@pytest.mark.parametrize(
    ("absent", "strict", "confirmed", "code"),
    [
        (False, True, False, ""),
        (True, False, False, "MARK_FOR_ABSENT"),
        (True, False, True, "MARK_FOR_ABSENT"),
        (True, True, False, "ABSENT_UNCONFIRMED"),
        (True, True, True, ""),
    ],
)
def test_a_strict_school_marks_the_absent_only_with_a_paper(
    absent: bool, strict: bool, confirmed: bool, code: str
) -> None:
    verdict = may_put_mark(
        pupil_is_member=True, absent=absent, scale=FIVE_POINT, is_strict=strict, confirmed_illness=confirmed
    )

    assert verdict.code == code
