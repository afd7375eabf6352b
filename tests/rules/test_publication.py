"""When marks reach families."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from letopis.rules.policy import DEFAULT_POLICY
from letopis.rules.publication import explanation, published_before

MOSCOW = ZoneInfo("Europe/Moscow")
KAMCHATKA = ZoneInfo("Asia/Kamchatka")
NOON = datetime(2026, 11, 16, 12, 0, tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("values", "now", "shown"),
    [
        ({}, NOON, NOON),
        ({"publication": "DELAY", "publication_delay_minutes": 90}, NOON, NOON.replace(hour=10, minute=30)),
        ({"publication": "DELAY", "publication_delay_minutes": 0}, NOON, NOON),
        ({"publication": "TWICE_A_DAY"}, NOON, datetime(2026, 11, 15, 19, tzinfo=MOSCOW)),
        ({"publication": "TWICE_A_DAY"}, NOON.replace(hour=14), NOON.replace(hour=14)),
        ({"publication": "TWICE_A_DAY"}, NOON.replace(hour=23, minute=59), NOON.replace(hour=19)),
        ({"publication": "TWICE_A_DAY", "publication_hours": (20, 8)}, NOON, NOON.replace(hour=8)),
        (
            {"publication": "TWICE_A_DAY"},
            NOON.replace(day=1, month=3, hour=1),
            datetime(2026, 2, 28, 19, tzinfo=MOSCOW),
        ),
        ({"publication": "TWICE_A_DAY"}, NOON.astimezone(KAMCHATKA), datetime(2026, 11, 16, 19, tzinfo=KAMCHATKA)),
        ({"publication": "ON_APPLICATION"}, NOON, None),
    ],
)
def test_marks_are_shown_as_the_school_decided(values: dict, now: datetime, shown: datetime | None):
    assert published_before(now, policy=replace(DEFAULT_POLICY, **values)) == shown


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, ""),
        (
            {"publication": "DELAY", "publication_delay_minutes": 90},
            "Отметки появляются через 1 ч 30 мин после записи.",
        ),
        ({"publication": "TWICE_A_DAY"}, "Новые отметки появляются в 14:00, 19:00."),
        ({"publication": "ON_APPLICATION"}, "Отметки сообщаются семье по заявлению."),
    ],
)
def test_the_diary_says_why_a_mark_may_be_missing(values: dict, said: str):
    assert explanation(policy=replace(DEFAULT_POLICY, **values)) == said
