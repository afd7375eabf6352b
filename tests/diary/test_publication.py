"""Marks reach the diary as the school publishes them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from letopis.diary.queries import week_of
from letopis.register.models import Mark
from letopis.rules.policy import DEFAULT_POLICY
from tests.cast import TODAY, Cast
from tests.policy import adopt

MOSCOW = ZoneInfo("Europe/Moscow")


def at(hour: int) -> datetime:
    return datetime(TODAY.year, TODAY.month, TODAY.day, hour, tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("values", "hour", "marks"),
    [
        ({}, 12, 1),
        ({"publication": "TWICE_A_DAY"}, 12, 0),
        ({"publication": "TWICE_A_DAY"}, 14, 1),
        ({"publication": "DELAY", "publication_delay_minutes": 120}, 12, 0),
        ({"publication": "DELAY", "publication_delay_minutes": 120}, 13, 1),
        ({"publication": "ON_APPLICATION"}, 20, 0),
    ],
)
def test_a_mark_put_at_eleven(cast: Cast, values: dict, hour: int, marks: int):
    task = cast.today_lesson.tasks.get()
    Mark.objects.create(organisation=cast.organisation, task=task, pupil=cast.polina, value="5", put_at=at(11))
    if values:
        adopt(cast.organisation, **values)
    shown = week_of(cast.polina, day=TODAY, today=TODAY, now=at(hour), policy=cast.actor("mother").policy)

    assert shown.marks == marks


def test_the_page_says_when_marks_appear(cast: Cast):
    before = cast.client("mother").get("/diary/").content.decode()
    adopt(cast.organisation, publication="TWICE_A_DAY")
    after = cast.client("mother").get("/diary/").content.decode()

    assert "Новые отметки появляются" not in before
    assert "Новые отметки появляются в 14:00, 19:00." in after
    assert DEFAULT_POLICY.publication == "AT_ONCE"
