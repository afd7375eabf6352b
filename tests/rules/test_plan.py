"""The thematic plan over the lessons of a year."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from letopis.rules.plan import (
    AHEAD,
    AWAY,
    DROPPED,
    GIVEN,
    LATE,
    NEXT_YEAR,
    PARTLY,
    Fit,
    Offer,
    PlannedLesson,
    Topic,
    curriculum_hours,
    distribute,
    fit_of_year,
    lay,
    offers,
    plan_is_in_use,
    planned_hours,
    state_of,
)

MONDAY = date(2026, 11, 2)


def days(*offsets: int) -> list[date]:
    return [MONDAY + timedelta(days=offset) for offset in offsets]


@pytest.mark.parametrize(
    ("hours", "lessons", "sentence"),
    [
        (102, 98, "В плане 102 ч, уроков в году 98: не помещаются 4 часа"),
        (99, 98, "В плане 99 ч, уроков в году 98: не помещается 1 час"),
        (109, 98, "В плане 109 ч, уроков в году 98: не помещаются 11 часов"),
        (119, 98, "В плане 119 ч, уроков в году 98: не помещается 21 час"),
        (98, 98, "В плане 98 ч, уроков в году 98: план помещается полностью"),
        (96, 98, "В плане 96 ч, уроков в году 98: без темы остаётся 2 урока"),
    ],
)
def test_says_how_hours_stand_to_lessons(hours: int, lessons: int, sentence: str) -> None:
    assert Fit(hours, lessons).sentence == sentence


def test_counts_no_hours_of_topics_that_are_not_studied() -> None:
    topics = [Topic("a", 3), Topic("b", 4, fate=NEXT_YEAR), Topic("c", 5, fate=DROPPED), Topic("d", 2, fate="MODULES")]

    assert fit_of_year(topics, lessons=5) == Fit(5, 5)


def test_lays_topics_one_after_another() -> None:
    laid = lay([Topic("a", 2), Topic("b", 1), Topic("c", 2)], days=days(0, 2, 4, 7))

    assert laid == {"a": MONDAY, "b": MONDAY + timedelta(days=4), "c": MONDAY + timedelta(days=7)}


def test_a_topic_without_a_lesson_has_no_day() -> None:
    assert lay([Topic("a", 2), Topic("b", 1)], days=days(0, 2)) == {"a": MONDAY, "b": None}


def test_what_was_begun_stays_and_the_rest_moves() -> None:
    before, moved = MONDAY - timedelta(days=7), MONDAY + timedelta(days=2)
    topics = [
        Topic("a", 2, given=2, planned_on=before),
        Topic("b", 2, given=1, planned_on=before),
        Topic("c", 1, planned_on=before),
        Topic("d", 1, planned_on=before, fate=NEXT_YEAR),
    ]

    assert lay(topics, days=days(0, 2)) == {"a": before, "b": before, "c": moved, "d": before}


@pytest.mark.parametrize(
    ("topics", "lessons", "becomes"),
    [
        pytest.param([Topic("a", 4, "1"), Topic("b", 4, "2")], 8, {}, id="it fits"),
        pytest.param([Topic("a", 4, "1"), Topic("b", 4, "2")], 6, {"a": 3, "b": 3}, id="both sections give alike"),
        pytest.param([Topic("a", 9, "1"), Topic("b", 3, "2")], 8, {"a": 6, "b": 2}, id="the longer section gives more"),
        pytest.param([Topic("a", 5, "1"), Topic("b", 2, "1")], 5, {"a": 3}, id="the longest topic gives first"),
        pytest.param([Topic("a", 3), Topic("b", 1, is_control=True)], 2, {"a": 1}, id="never a control work"),
        pytest.param([Topic("a", 2), Topic("b", 1)], 1, {"a": 1}, id="never below one hour"),
        pytest.param([Topic("a", 4, given=3)], 0, {"a": 3}, id="never below what was given"),
        pytest.param([Topic("a", 1, "1"), Topic("b", 9, "2")], 6, {"b": 5}, id="others give what a section cannot"),
        pytest.param([Topic("a", 2, "1"), Topic("b", 4, "1")], 8, {"b": 6}, id="hours left over go to the longest"),
        pytest.param([Topic("a", 2, given=2), Topic("b", 2)], 1, {"b": 1}, id="what is given stays"),
        pytest.param([Topic("a", 2, is_control=True)], 5, {}, id="control works are not extended either"),
    ],
)
def test_shares_the_difference_out(topics: list[Topic], lessons: int, becomes: dict[str, int]) -> None:
    assert distribute(topics, lessons=lessons) == becomes


@pytest.mark.parametrize("lessons", range(0, 70, 7))
def test_a_proposal_fits_or_gives_all_it_can(lessons: int) -> None:
    topics = [Topic(str(n), n % 6 + 1, str(n // 4), given=n % 2, is_control=n % 5 == 0) for n in range(16)]

    becomes = distribute(topics, lessons=lessons)

    hours = {topic.key: becomes.get(topic.key, topic.hours) for topic in topics}
    left = sum(hours[topic.key] - topic.given for topic in topics if topic.left)
    least = sum(
        (topic.hours if topic.is_control else max(1, topic.given)) - topic.given for topic in topics if topic.left
    )
    assert left == max(lessons, least)
    assert all(hours[topic.key] >= max(1, topic.given) for topic in topics)


def offer_keys(found: dict[int, Offer]) -> dict[int, tuple[str, int, int]]:
    return {key: (offer.topic, offer.hour, offer.hours) for key, offer in found.items()}


def test_offers_the_next_hours_to_empty_lessons_in_order() -> None:
    topics = [Topic("a", 2), Topic("b", 1), Topic("c", 1, fate=NEXT_YEAR), Topic("d", 1)]
    lessons = [
        PlannedLesson(1, topic="a"),
        PlannedLesson(2, has_words=True),
        PlannedLesson(3),
        PlannedLesson(4),
        PlannedLesson(5),
        PlannedLesson(6),
    ]

    found = offers(topics, lessons)

    assert offer_keys(found) == {1: ("a", 1, 2), 3: ("a", 2, 2), 4: ("b", 1, 1), 5: ("d", 1, 1)}


def test_a_topic_placed_ahead_is_not_offered_again() -> None:
    found = offers([Topic("a", 1), Topic("b", 1)], [PlannedLesson(1), PlannedLesson(2, topic="a")])

    assert offer_keys(found) == {1: ("b", 1, 1), 2: ("a", 1, 1)}


@pytest.mark.parametrize(
    ("topic", "state"),
    [
        ({"given": 2}, GIVEN),
        ({"given": 1}, PARTLY),
        ({"planned_on": MONDAY - timedelta(days=1)}, LATE),
        ({"planned_on": MONDAY}, AHEAD),
        ({}, AHEAD),
        ({"fate": NEXT_YEAR}, AWAY),
    ],
)
def test_says_in_what_state_a_topic_is(topic: dict[str, Any], state: str) -> None:
    assert state_of(Topic("a", 2, **topic), on=MONDAY) == state


@pytest.mark.parametrize(
    ("on", "hours"),
    [
        pytest.param(-1, 0, id="before the first topic"),
        pytest.param(0, 1, id="the first lesson of the first"),
        pytest.param(2, 2, id="the first topic is over"),
        pytest.param(4, 3, id="the second begun"),
        pytest.param(30, 5, id="after the last lesson no more than the plan"),
    ],
)
def test_counts_what_the_plan_wanted_by_a_day(on: int, hours: int) -> None:
    topics = [(2, MONDAY), (3, MONDAY + timedelta(days=4)), (1, None)]

    assert planned_hours(topics, days=days(0, 2, 4, 7, 9, 11, 14), on=MONDAY + timedelta(days=on)) == hours


def test_two_topics_on_one_day_take_a_lesson_each() -> None:
    assert planned_hours([(1, MONDAY), (3, MONDAY)], days=days(0, 0, 2), on=MONDAY) == 2


def test_the_curriculum_wants_hours_by_the_week() -> None:
    assert curriculum_hours(weekly_hours=Fraction(3), school_days=52, week_days=5) == Fraction(156, 5)


@pytest.mark.parametrize(
    ("first", "gave", "is_in_use"),
    [(None, False, False), (MONDAY, False, False), (MONDAY - timedelta(days=1), False, True), (None, True, True)],
)
def test_a_plan_is_in_use_from_its_first_day(first: date | None, gave: bool, is_in_use: bool) -> None:
    assert plan_is_in_use(first_planned_on=first, gave_lessons=gave, on=MONDAY) == is_in_use
