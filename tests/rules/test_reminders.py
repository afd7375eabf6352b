"""What a person is reminded of: how near deadlines are, one digest, dates of the administration."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from letopis.rules import reminders as rules
from letopis.rules.obligations import KINDS
from letopis.rules.policy import DEFAULT_POLICY

ZONE = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 11, 16, 15, 0, tzinfo=ZONE)


def matter(due: datetime | None, *, late: bool = False, what: str = "записать тему", place: str = "8А", period=False):
    return rules.Matter(what, place, due, late, period)


def on(day: int, month: int = 11, hour: int = 23, minute: int = 59, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, 59, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("one", "step"),
    [
        (matter(on(10), late=True), "LATE"),
        (matter(None, late=True), "LATE"),
        (matter(None), ""),
        (matter(on(16)), "TODAY"),
        (matter(on(17, hour=0, minute=0)), "THREE_DAYS"),
        (matter(on(19)), "THREE_DAYS"),
        (matter(on(20)), "WEEK"),
        (matter(on(23)), "WEEK"),
        (matter(on(24)), ""),
    ],
)
def test_how_near_a_deadline_is(one, step):
    assert rules.step_of(one, now=NOW) == step


def test_days_are_counted_over_the_new_year():
    assert rules.step_of(matter(on(2, 1, year=2027)), now=on(30, 12)) == "THREE_DAYS"


def test_one_digest_tells_counts_in_its_title_and_places_in_its_text():
    found = rules.digest(
        [
            matter(on(13), late=True, place="7А"),
            matter(on(13), late=True, place="8А"),
            matter(on(16, hour=15, minute=40), what="записать задание", place="8А · Алгебра"),
            matter(on(19), what="поставить отметки за работу"),
            matter(on(30)),
        ],
        now=NOW,
    )

    assert found == rules.Digest(
        "Просрочено: 2, сегодня: 1, за три дня: 1",
        "Просрочено: записать тему – 2 (7А, 8А)\n"
        "Сегодня до 15:40: записать задание – 1 (8А · Алгебра)\n"
        "В ближайшие три дня до 19.11: поставить отметки за работу – 1 (8А)",
    )


def test_the_last_week_of_the_period_is_named():
    period = [matter(on(21), what="поставить отметки за период", place=place, period=True) for place in ("7А", "8А")]

    found = rules.digest(period, now=NOW)
    assert found is not None
    assert found.text.splitlines()[0] == "Последняя неделя периода: отметки за период – до 21.11 (2 журнала)"


def test_many_places_are_not_all_named():
    found = rules.digest([matter(on(13), late=True, place=f"{n}А") for n in range(1, 8)], now=NOW)

    assert found is not None
    assert found.text == "Просрочено: записать тему – 7 (1А, 2А, 3А, 4А и ещё 3)"


def test_nothing_near_is_no_reminder():
    assert rules.digest([matter(on(30)), matter(None)], now=NOW) is None


@pytest.mark.parametrize(("hour", "due"), [(7, None), (8, 8), (14, 8), (15, 15), (23, 15)])
def test_the_reminder_of_the_latest_hour_that_has_begun_is_due(hour, due):
    assert rules.is_digest_due(hours=(8, 15), local=NOW.replace(hour=hour)) == due


@pytest.mark.parametrize(
    ("today", "title"),
    [
        (date(2026, 8, 21), None),
        (date(2026, 8, 22), "Готовность учебного года: осталось 14 дней"),
        (date(2026, 9, 5), "Готовность учебного года: сегодня последний день"),
        (date(2026, 9, 6), "Готовность учебного года: просрочено, 1 день"),
        (date(2026, 10, 6), None),
    ],
)
def test_the_administration_is_reminded_of_the_set_up(today, title):
    said = {"total": 13, "last_day": date(2026, 9, 5), "today": today}
    found = rules.setup_reminder(ready=11, **said)

    assert (found.title if found else None) == title
    assert rules.setup_reminder(ready=13, **said) is None


def test_the_administration_is_reminded_of_the_statements_until_the_year_is_closed():
    last = rules.statements_day(year_ends=date(2027, 5, 28), policy=DEFAULT_POLICY)
    found = rules.statements_reminder(is_closed=False, last_day=last, today=last - timedelta(days=3))

    assert last == date(2027, 6, 30)
    assert found is not None
    assert found.title == "Сводные ведомости и закрытие года: осталось 3 дня"
    assert rules.statements_reminder(is_closed=True, last_day=last, today=last) is None


def test_words_are_there_for_every_kind_but_a_plan_that_lags():
    assert set(rules.REMINDED) == set(KINDS) - {"PLAN"}
