"""The shipped acts judge the same facts differently, each as its text says."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from letopis.rules.deadlines import Due, Moments, NoDue, homework_due, mark_due, term_mark_due
from letopis.rules.policy import FIVE_POINT, Policy
from letopis.rules.policy.published import published, published_acts
from letopis.rules.windows import PeriodLock, may_change_mark, may_change_marks_of_period, may_put_mark

from . import tables

Row = dict[str, Any]

MOSCOW = ZoneInfo("Europe/Moscow")
LESSON = datetime(2026, 10, 12, 10, 20, tzinfo=MOSCOW)
PERIOD_END = date(2026, 10, 25)
MOMENTS = Moments(LESSON, lessons_end=LESSON.replace(hour=14, minute=5), period_end=PERIOD_END, grade=8)
ROWS = tables.rows("acts_judge", "act")


def shown(due: Due | NoDue, *, effective: bool = False) -> str:
    assert isinstance(due, Due)
    return f"{due.effective if effective else due.limit:%d %H:%M}"


def marks_due(kind: str, policy: Policy, moments: Moments = MOMENTS) -> Due | NoDue:
    return mark_due(kind, grade=8, subject="Алгебра", moments=moments, policy=policy)


def judged(policy: Policy) -> dict[str, str]:
    """Return every outcome of the table by the policy."""

    def new_mark(days: int) -> str:
        at = LESSON + timedelta(days=days)
        due = marks_due("УО", policy)
        return may_put_mark(pupil_is_member=True, absent=False, scale=FIVE_POINT, policy=policy, due=due, at=at).code

    late = Moments(LESSON + timedelta(days=8), period_end=PERIOD_END, grade=8)
    lock = PeriodLock(PERIOD_END, term_mark_on=date(2026, 10, 21))
    return {
        "oral": shown(marks_due("УО", policy)),
        "control": shown(marks_due("КР", policy)),
        "internal": shown(marks_due("КР-ВШК", policy)),
        "homework": shown(homework_due(moments=MOMENTS, policy=policy)),
        "term_mark": shown(term_mark_due(PERIOD_END, zone=MOSCOW, policy=policy)),
        "late_control_is_due": shown(marks_due("КР", policy, late), effective=True),
        "next_day": new_mark(1),
        "day_after": new_mark(2),
        "change": may_change_mark(put_at=LESSON, at=LESSON + timedelta(hours=1), is_author=True, policy=policy).code,
        "term_lock": may_change_marks_of_period(
            lesson_on=LESSON.date(), today=date(2026, 10, 22), lock=lock, policy=policy
        ).code,
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_each_act_judges_as_its_text_says(row: Row) -> None:
    policy = published(row["name"]).on(LESSON.date())

    assert {"name": row["name"], **judged(policy)} == row


def test_every_shipped_act_stands_in_the_table() -> None:
    assert sorted(row["name"] for row in ROWS) == list(published_acts())
