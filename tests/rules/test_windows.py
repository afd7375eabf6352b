"""Who may change a lesson, and until when."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from letopis.rules.policy import DEFAULT_POLICY, FIVE_POINT, UNGRADED, Policy
from letopis.rules.verdict import Verdict
from letopis.rules.windows import may_edit_lesson, may_mark_absent, may_mark_attendance, may_put_mark

LESSON_ON = date(2026, 11, 16)
WEEK = replace(DEFAULT_POLICY, edit_window_days=7)
NO_AHEAD = replace(DEFAULT_POLICY, future_topics_allowed=False)


def edit(
    *,
    days: int = 0,
    part: str = "MARKS",
    year_state: str = "OPEN",
    is_own: bool = True,
    policy: Policy = DEFAULT_POLICY,
    is_cancelled: bool = False,
) -> Verdict:
    """Ask on the day that is so many days after the lesson."""
    today = LESSON_ON + timedelta(days=days)
    return may_edit_lesson(
        lesson_on=LESSON_ON,
        today=today,
        year_state=year_state,
        is_own=is_own,
        policy=policy,
        part=part,
        is_cancelled=is_cancelled,
    )


@pytest.mark.parametrize(
    ("days", "part", "policy", "code"),
    [
        (0, "MARKS", DEFAULT_POLICY, ""),
        (0, "ATTENDANCE", DEFAULT_POLICY, ""),
        (200, "MARKS", DEFAULT_POLICY, ""),
        (-1, "MARKS", DEFAULT_POLICY, "LESSON_AHEAD"),
        (-1, "ATTENDANCE", DEFAULT_POLICY, "LESSON_AHEAD"),
        (-1, "TOPIC", DEFAULT_POLICY, ""),
        (-30, "HOMEWORK", DEFAULT_POLICY, ""),
        (-1, "TOPIC", NO_AHEAD, "LESSON_AHEAD"),
        (-1, "HOMEWORK", NO_AHEAD, "LESSON_AHEAD"),
        (0, "TOPIC", NO_AHEAD, ""),
        (7, "MARKS", WEEK, ""),
        (8, "MARKS", WEEK, "WINDOW_OVER"),
        (8, "TOPIC", WEEK, "WINDOW_OVER"),
    ],
)
def test_a_lesson_is_edited_in_its_window(days: int, part: str, policy: Policy, code: str) -> None:
    verdict = edit(days=days, part=part, policy=policy)

    assert (verdict.allowed, verdict.code) == (not code, code)


@pytest.mark.parametrize(("year_state", "code"), [("CLOSED", "YEAR_CLOSED"), ("ARCHIVED", "YEAR_ARCHIVED")])
def test_a_shut_year_takes_nothing(year_state: str, code: str) -> None:
    assert edit(year_state=year_state).code == code
    assert edit(year_state=year_state, days=-1, part="TOPIC").code == code


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "LESSON_CANCELLED"),
        ({"days": -1}, "LESSON_CANCELLED"),
        ({"days": -1, "part": "TOPIC"}, "LESSON_CANCELLED"),
        ({"days": 8, "policy": WEEK}, "LESSON_CANCELLED"),
        ({"year_state": "CLOSED"}, "YEAR_CLOSED"),
        ({"is_own": False}, "NOT_OWN_LESSON"),
    ],
)
def test_a_cancelled_lesson_takes_nothing(asked: dict[str, Any], code: str) -> None:
    assert edit(is_cancelled=True, **asked).code == code


def test_only_the_teacher_of_the_lesson_fills_it() -> None:
    assert edit(is_own=False).code == "NOT_OWN_LESSON"


def test_a_refusal_says_until_when() -> None:
    assert edit(days=8, policy=WEEK).sentence == (
        "Изменять занятие можно было до 23.11.2026; теперь нужно разрешение на исправление."
    )
    assert edit(days=-1).sentence == "Отметки и отсутствие ставят в день занятия, 16.11.2026, или позже."


def test_a_mark_needs_a_present_member_and_a_scale() -> None:
    assert may_put_mark(pupil_is_member=True, absent=False, scale=FIVE_POINT)
    assert may_put_mark(pupil_is_member=False, absent=False, scale=FIVE_POINT).code == "NOT_MEMBER"
    assert may_put_mark(pupil_is_member=True, absent=True, scale=FIVE_POINT).code == "MARK_FOR_ABSENT"
    assert may_put_mark(pupil_is_member=True, absent=False, scale=UNGRADED).code == "UNGRADED"


def test_a_mark_and_an_absence_exclude_each_other() -> None:
    assert may_mark_absent(pupil_is_member=True, has_mark=False)
    assert may_mark_absent(pupil_is_member=True, has_mark=True).code == "ABSENT_WITH_MARK"
    assert may_mark_absent(pupil_is_member=False, has_mark=False).code == "NOT_MEMBER"
    assert may_mark_attendance(pupil_is_member=True)
