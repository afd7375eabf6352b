"""Duties by tables: what is asked for, its state at each moment, and what closes it."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from letopis.rules.deadlines import DueFinder
from letopis.rules.obligations import (
    KINDS,
    STATES,
    WORDS,
    AbsenceFacts,
    AccumulationFacts,
    Judge,
    LessonFacts,
    Page,
    PlanFacts,
    RemarkFacts,
    RosterFacts,
    TermFacts,
    WorkFacts,
    absence_obligation,
    accumulation_obligation,
    lesson_obligations,
    plan_obligation,
    remark_obligation,
    roster_obligations,
    term_mark_obligation,
    terms_of_page,
    urgency,
    work_obligation,
)
from letopis.rules.obligations.periods import norm_so_far
from letopis.rules.policy.editions import NO_EDITIONS, Edition, Editions, Stated

ZONE = ZoneInfo("Europe/Moscow")
CODE = UUID(int=1)
PAGE = Page(7, CODE, 1, "Алгебра", 3, 8, "8А", group=9, scale="FIVE_POINT")
DAY = date(2026, 11, 13)
QUARTER = TermFacts(2, 2, "2 четверть", date(2026, 11, 2), date(2026, 12, 29), "QUARTER")


def at(day: date, hour: int = 12, minute: int = 0, second: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=ZONE)


def judge(now: datetime, **stated: Any) -> Judge:
    editions = NO_EDITIONS
    if stated:
        values = {name: Stated(value, "п. 9.9") for name, value in stated.items()}
        editions = Editions((Edition("act", "Положение", date(2026, 9, 1), values),))
    return Judge(DueFinder(editions, zone=ZONE), now=now)


def lesson(**changes: Any) -> LessonFacts:
    empty = {
        "pk": 12, "code": CODE, "on": DAY, "number": 2, "who": 5, "is_held": False, "has_topic": False,
        "topic_at": None, "held_at": None, "attendance_at": None, "said": False, "set_at": None,
    }  # fmt: skip
    return LessonFacts(**(empty | changes))


def states(facts: LessonFacts, now: datetime, page: Page = PAGE, **given: Any) -> dict[str, str]:
    return {one.kind: one.state for one in lesson_obligations(facts, page, judge=judge(now), **given)}


def test_every_kind_and_state_has_its_words():
    assert list(KINDS) == [
        "LESSON", "ATTENDANCE", "TOPIC", "HOMEWORK", "MARKS", "ABSENCE_REASON", "TERM_MARK", "ACCUMULATION", "ROSTER",
        "PLAN", "REMARK",
    ]  # fmt: skip
    assert set(WORDS) == set(KINDS)
    assert list(STATES) == ["LATE", "DUE_SOON", "OPEN", "DONE_LATE", "DONE"]


def test_a_lesson_to_come_asks_for_nothing():
    assert lesson_obligations(lesson(), PAGE, judge=judge(at(DAY - timedelta(days=1), 23, 59))) == []


@pytest.mark.parametrize(
    ("now", "state"),
    [
        pytest.param(at(DAY, 0), "DUE_SOON", id="the day begins"),
        pytest.param(at(DAY, 23, 59, 59), "DUE_SOON", id="the last second"),
        pytest.param(at(DAY + timedelta(days=1), 0), "LATE", id="midnight"),
    ],
)
def test_an_empty_lesson_is_one_duty_with_its_parts(now: datetime, state: str):
    found = lesson_obligations(lesson(), PAGE, judge=judge(now))

    assert [(one.kind, one.is_part) for one in found] == [
        ("LESSON", False), ("ATTENDANCE", True), ("TOPIC", True), ("HOMEWORK", True),
    ]  # fmt: skip
    assert {one.state for one in found} == {state}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param(
            {"is_held": True, "held_at": at(DAY, 11), "attendance_at": at(DAY, 11)},
            {"LESSON": "DONE", "ATTENDANCE": "DONE", "TOPIC": "LATE", "HOMEWORK": "LATE"},
            id="attendance in time",
        ),
        pytest.param(
            {"is_held": True, "held_at": at(DAY, 23, 59, 59), "has_topic": True, "topic_at": at(DAY, 23, 59, 59)},
            {"LESSON": "DONE", "ATTENDANCE": "LATE", "TOPIC": "DONE", "HOMEWORK": "LATE"},
            id="topic in the last second",
        ),
        pytest.param(
            {"is_held": True, "held_at": at(DAY, 11), "has_topic": True, "topic_at": at(DAY + timedelta(days=1), 0)},
            {"LESSON": "DONE", "ATTENDANCE": "LATE", "TOPIC": "DONE_LATE", "HOMEWORK": "LATE"},
            id="topic a second later",
        ),
        pytest.param(
            {"is_held": True, "has_topic": True, "said": True, "attendance_at": None},
            {"LESSON": "DONE", "ATTENDANCE": "LATE", "TOPIC": "DONE", "HOMEWORK": "DONE"},
            id="imported facts, whose moment nobody knows",
        ),
    ],
)
def test_parts_of_a_lesson_close_one_by_one(changes: dict[str, Any], expected: dict[str, str]):
    assert states(lesson(**changes), at(DAY + timedelta(days=3))) == expected


@pytest.mark.parametrize(
    ("set_at", "state"),
    [
        pytest.param(at(DAY, 15, 30, 0), "DONE", id="an hour and a half after the last lesson"),
        pytest.param(at(DAY, 15, 30, 1), "DONE_LATE", id="a second later"),
    ],
)
def test_homework_is_due_ninety_minutes_after_the_lessons_of_the_class(set_at: datetime, state: str):
    facts = lesson(is_held=True, held_at=at(DAY, 9), said=True, set_at=set_at)

    found = states(facts, at(DAY, 20), lessons_end=at(DAY, 14), kinds=["HOMEWORK"])

    assert found == {"HOMEWORK": state}


def test_a_club_is_not_asked_for_homework():
    assert "HOMEWORK" not in states(lesson(), at(DAY), PAGE._replace(asks_homework=False))


def work(**changes: Any) -> WorkFacts:
    usual = {
        "pk": 4, "code": CODE, "kind": "КР", "on": DAY, "number": 2, "who": 5, "lesson": CODE, "marked": 0, "needed": 6,
    }  # fmt: skip
    return WorkFacts(**(usual | changes))


@pytest.mark.parametrize(
    ("facts", "now", "expected"),
    [
        pytest.param({}, at(DAY), ("OPEN", 6, 6), id="seven days are left"),
        pytest.param({}, at(DAY + timedelta(days=7), 12), ("DUE_SOON", 6, 6), id="the last day"),
        pytest.param({}, at(DAY + timedelta(days=8), 0), ("LATE", 6, 6), id="over"),
        pytest.param({"marked": 5}, at(DAY + timedelta(days=8)), ("LATE", 1, 6), id="one pupil has none"),
        pytest.param({"marked": 6, "last_at": at(DAY)}, at(DAY + timedelta(days=8)), ("DONE", 0, 6), id="all marked"),
        pytest.param(
            {"marked": 6, "last_at": at(DAY + timedelta(days=8))}, at(DAY + timedelta(days=9)), ("DONE_LATE", 0, 6),
            id="all marked, the last one late",
        ),
        pytest.param(
            {"kind": "СР", "marked": 1, "first_at": at(DAY)}, at(DAY + timedelta(days=9)), ("DONE", 0, 1),
            id="another work was checked with its first mark",
        ),
        pytest.param({"kind": "КР-ВШК"}, at(DAY + timedelta(days=4), 0), ("LATE", 6, 6), id="control of the school"),
        pytest.param({"kind": "УО"}, at(DAY), None, id="an oral answer"),
        pytest.param({"kind": ""}, at(DAY), None, id="a column without a kind"),
        pytest.param({"needed": 0}, at(DAY), None, id="nobody was there"),
        pytest.param({"worked_on": DAY + timedelta(days=1)}, at(DAY), None, id="a work to come"),
    ],
)  # fmt: skip
def test_marks_of_works(facts: dict[str, Any], now: datetime, expected: tuple[str, int, int] | None):
    one = work_obligation(work(**facts), PAGE, judge=judge(now), period_end=QUARTER.ends_on)

    assert (one and (one.state, one.missing, one.of)) == expected


def test_the_share_of_a_class_that_a_school_wants_marked():
    half = judge(at(DAY + timedelta(days=8)), minimum_pupils_marked=50)

    one = work_obligation(work(marked=3, needed=5, last_at=at(DAY)), PAGE, judge=half, period_end=None)

    assert one is not None
    assert (one.state, one.of) == ("DONE", 3)


def test_the_deadline_of_the_term_mark_bounds_that_of_a_work():
    last = QUARTER.ends_on
    one = work_obligation(
        work(on=last - timedelta(days=1)), PAGE, judge=judge(at(last + timedelta(days=1), 0)), period_end=last
    )

    assert one is not None
    assert one.state == "LATE"
    assert (one.due.effective.date(), one.due.limit.date()) == (last, last + timedelta(days=6))  # type: ignore[union-attr]


def test_an_unmarked_grade_is_not_asked_for_marks():
    assert work_obligation(work(), PAGE._replace(grade=1), judge=judge(at(DAY)), period_end=None) is None


@pytest.mark.parametrize(
    ("now", "missing", "last_at", "state"),
    [
        pytest.param(at(date(2026, 12, 20)), 3, None, None, id="not yet asked"),
        pytest.param(at(date(2026, 12, 29), 1), 3, None, "DUE_SOON", id="the last day"),
        pytest.param(at(date(2026, 12, 30), 0), 3, None, "LATE", id="over"),
        pytest.param(at(date(2026, 12, 30)), 0, at(date(2026, 12, 29)), "DONE", id="set in time"),
        pytest.param(at(date(2026, 12, 31)), 0, at(date(2026, 12, 30)), "DONE_LATE", id="set late"),
    ],
)
def test_term_marks(now: datetime, missing: int, last_at: datetime | None, state: str | None):
    one = term_mark_obligation(QUARTER, PAGE, who=5, pupils=6, missing=missing, last_at=last_at, judge=judge(now))

    assert (one and one.state) == state


@pytest.mark.parametrize(
    ("today", "norm", "wanted"),
    [
        pytest.param(date(2026, 11, 2), 5, 0, id="first day"),
        pytest.param(date(2026, 12, 1), 6, 3, id="half of it"),
        pytest.param(date(2026, 12, 29), 5, 5, id="last day"),
        pytest.param(date(2027, 3, 1), 5, 5, id="long over"),
    ],
)
def test_the_norm_so_far_is_the_share_of_the_term(today: date, norm: int, wanted: int):
    assert norm_so_far(norm, term=QUARTER, today=today) == wanted


@pytest.mark.parametrize(
    ("counts", "timely", "now", "expected"),
    [
        pytest.param([5, 5], [5, 5], date(2026, 12, 30), ("DONE", 0), id="the norm in time"),
        pytest.param([5, 5], [5, 4], date(2026, 12, 30), ("DONE_LATE", 0), id="the last mark after the deadline"),
        pytest.param([5, 4], [5, 4], date(2026, 12, 30), ("LATE", 1), id="one is below"),
        pytest.param([2, 1], [2, 1], date(2026, 12, 1), ("OPEN", 1), id="one lags in the middle"),
        pytest.param([2, 2], [2, 2], date(2026, 12, 1), ("DONE", 0), id="enough so far"),
    ],
)
def test_accumulation(counts: list[int], timely: list[int], now: date, expected: tuple[str, int]):
    facts = AccumulationFacts(counts, timely)

    one = accumulation_obligation(facts, QUARTER, PAGE, who=5, weekly_hours=Fraction(3), judge=judge(at(now)))

    assert one is not None
    assert (one.state, one.missing) == expected


def test_reasons_of_a_day_are_due_in_a_week():
    facts = AbsenceFacts(DAY, 8, 3, 1, None)
    late = absence_obligation(facts, PAGE, code=CODE, judge=judge(at(DAY + timedelta(days=8), 0)))
    done = absence_obligation(
        facts._replace(unset=0, last_at=at(DAY + timedelta(days=8))), PAGE, code=CODE,
        judge=judge(at(DAY + timedelta(days=9))),
    )  # fmt: skip

    assert (late.state, late.missing, late.key) == ("LATE", 1, "ABSENCE_REASON:class:3:2026-11-13")
    assert done.state == "DONE_LATE"


def test_each_check_of_a_list_begins_the_next():
    facts = RosterFacts(8, date(2026, 9, 1), date(2027, 5, 31), [date(2026, 9, 30), date(2026, 11, 10)])

    found = list(roster_obligations(facts, PAGE, code=CODE, judge=judge(at(date(2026, 11, 16)))))

    assert [(one.since, one.state) for one in found] == [
        (date(2026, 10, 2), "DONE"), (date(2026, 10, 31), "DONE_LATE"), (date(2026, 12, 11), "OPEN"),
    ]  # fmt: skip


@pytest.mark.parametrize(("given", "state"), [(10, "DONE"), (9, "DONE"), (8, "LATE"), (12, "DONE")])
def test_a_plan_is_late_from_the_lag_of_the_policy(given: int, state: str):
    one = plan_obligation(PlanFacts(10, given), PAGE, who=5, on=DAY, judge=judge(at(DAY)))

    assert (one.state, one.missing) == (state, max(0, 10 - given))


@pytest.mark.parametrize(
    ("removed_at", "now", "state"),
    [
        pytest.param(None, at(DAY), "OPEN", id="there is time"),
        pytest.param(None, at(date(2026, 11, 17), 0), "LATE", id="over"),
        pytest.param(at(date(2026, 11, 16), 23, 59, 59), at(date(2026, 11, 20)), "DONE", id="removed in time"),
        pytest.param(at(date(2026, 11, 17), 0), at(date(2026, 11, 20)), "DONE_LATE", id="removed late"),
    ],
)
def test_a_remark_is_removed_by_its_day(removed_at: datetime | None, now: datetime, state: str):
    facts = RemarkFacts(3, 5, DAY, date(2026, 11, 16), removed_at, "Нет тем", None)

    assert remark_obligation(facts, PAGE, judge=judge(now)).state == state


def test_a_page_is_marked_by_the_terms_of_its_scheme():
    half = QUARTER._replace(term=9, kind="HALF_YEAR")

    assert terms_of_page([QUARTER, half], kind="HALF_YEAR") == [half]
    assert terms_of_page([QUARTER], kind="MODULE") == [QUARTER]


def test_a_subject_marked_by_half_years_owes_its_mark_in_the_second_quarter():
    first = QUARTER._replace(term=1, number=1, starts_on=date(2026, 9, 1), ends_on=date(2026, 10, 23))
    second = QUARTER._replace(term=2, number=2, starts_on=date(2026, 11, 2), ends_on=date(2026, 12, 29))

    third = QUARTER._replace(term=3, number=3, starts_on=date(2027, 1, 11), ends_on=date(2027, 3, 19))
    fourth = QUARTER._replace(term=4, number=4, starts_on=date(2027, 3, 29), ends_on=date(2027, 5, 26))

    assert terms_of_page([fourth, second, first, third], kind="HALF_YEAR") == [
        second._replace(starts_on=date(2026, 9, 1), kind="HALF_YEAR"),
        fourth._replace(starts_on=date(2027, 1, 11), kind="HALF_YEAR"),
    ]


def test_late_ones_come_first_and_what_is_forgotten_soonest():
    found = [
        *lesson_obligations(lesson(is_held=True, held_at=at(DAY)), PAGE, judge=judge(at(DAY + timedelta(days=3)))),
        *lesson_obligations(lesson(on=date(2026, 11, 16)), PAGE, judge=judge(at(date(2026, 11, 16)))),
    ]

    ordered = sorted((one for one in found if one.is_open and not one.is_part), key=urgency)

    assert [(one.kind, one.state) for one in ordered] == [
        ("ATTENDANCE", "LATE"), ("TOPIC", "LATE"), ("HOMEWORK", "LATE"), ("LESSON", "DUE_SOON"),
    ]  # fmt: skip


@pytest.mark.parametrize("hours", [None, 0, 15, 23, 24, 25, 200])
def test_time_alone_never_opens_a_done_duty_nor_forgives_a_late_one(hours: int | None):
    begin = at(DAY, 0)
    done_at = None if hours is None else begin + timedelta(hours=hours)
    facts = lesson(is_held=hours is not None, held_at=done_at)
    place = ["OPEN", "DUE_SOON", "LATE"].index

    walked = [states(facts, begin + timedelta(hours=step))["LESSON"] for step in range(hours or 0, 720, 7)]

    if hours is None:
        assert walked == sorted(walked, key=place)
        assert walked[-1] == "LATE"
    else:
        assert set(walked) == {"DONE" if hours < 24 else "DONE_LATE"}
