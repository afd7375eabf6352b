"""Lessons follow the timetable, and a held lesson is never touched."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from letopis.rules.calendar import WorkingDay
from letopis.rules.lessons import Edition, ExistingLesson, PlannedLesson, Slot, edition_of, plan_lessons, reconcile

from .test_calendar import CALENDAR

MONDAY = date(2026, 11, 16)
ALGEBRA = 71
PHYSICS = 72

AUTUMN = Edition(1, date(2026, 9, 1))
WINTER = Edition(2, date(2026, 11, 18))
SLOTS = (
    Slot(slot_id=11, edition_id=1, course_id=ALGEBRA, weekday=1, number=2),
    Slot(slot_id=12, edition_id=1, course_id=PHYSICS, weekday=1, number=1),
    Slot(slot_id=13, edition_id=1, course_id=ALGEBRA, weekday=4, number=3),
    Slot(slot_id=21, edition_id=2, course_id=ALGEBRA, weekday=5, number=1),
    Slot(slot_id=22, edition_id=2, course_id=PHYSICS, weekday=1, number=1),
)


def day(offset: int) -> date:
    """Return the day that is so many days after the Monday."""
    return MONDAY + timedelta(days=offset)


def plan(first: date, last: date, *, editions: Sequence[Edition] = (AUTUMN, WINTER)) -> list[tuple[date, int, int]]:
    planned = plan_lessons(slots=SLOTS, editions=editions, calendar=CALENDAR, grade=7, first=first, last=last)
    return [(one.on, one.number, one.slot_id) for one in planned]


def lesson(lesson_id: int, offset: int, number: int, slot_id: int | None = None, held: bool = False) -> ExistingLesson:
    return ExistingLesson(lesson_id, day(offset), number, ALGEBRA, slot_id, held)


def place(offset: int, number: int, slot_id: int) -> PlannedLesson:
    return PlannedLesson(day(offset), number, slot_id, ALGEBRA)


def test_plans_by_the_edition_of_each_day() -> None:
    assert plan(day(-7), day(7)) == [
        (day(-7), 1, 12),
        (day(-7), 2, 11),
        (day(-4), 3, 13),
        (day(0), 1, 12),
        (day(0), 2, 11),
        (day(4), 1, 21),
        (day(7), 1, 22),
    ]


def test_plans_nothing_on_breaks_and_days_off() -> None:
    assert plan(date(2026, 10, 24), date(2026, 11, 1)) == []
    assert plan(date(2026, 9, 1), date(2026, 9, 1), editions=()) == []


def test_a_working_saturday_has_the_lessons_of_its_monday() -> None:
    saturday = date(2026, 11, 14)
    calendar = replace(CALENDAR, working_days=(WorkingDay(saturday, as_weekday=1),))

    planned = plan_lessons(slots=SLOTS, editions=[AUTUMN], calendar=calendar, grade=7, first=saturday, last=saturday)

    assert [(one.number, one.course_id) for one in planned] == [(1, PHYSICS), (2, ALGEBRA)]


@pytest.mark.parametrize(
    ("offset", "expected"),
    [(-90, None), (1, AUTUMN), (2, WINTER), (300, WINTER)],
)
def test_the_edition_of_a_day_is_the_latest_not_after_it(offset: int, expected: Edition | None) -> None:
    assert edition_of(day(offset), editions=[WINTER, AUTUMN]) == expected


def test_an_ended_edition_gives_no_lessons() -> None:
    ended = replace(AUTUMN, ends_on=day(0))

    assert edition_of(day(0), editions=[ended]) == ended
    assert edition_of(day(1), editions=[ended]) is None


def test_an_unchanged_timetable_changes_nothing() -> None:
    lessons = [lesson(1, 0, 2, 11), lesson(2, 3, 3, 13, held=True)]

    outcome = reconcile(existing=lessons, wanted=[place(0, 2, 11), place(3, 3, 13)])

    assert outcome.changes_nothing
    assert outcome.keep == tuple(lessons)


def test_new_places_become_lessons() -> None:
    outcome = reconcile(existing=[], wanted=[place(3, 3, 13), place(0, 2, 11)])

    assert outcome.create == (place(0, 2, 11), place(3, 3, 13))


def test_a_held_lesson_is_kept_where_the_timetable_has_it_no_more() -> None:
    held = lesson(1, 0, 2, 11, held=True)

    outcome = reconcile(existing=[held], wanted=[place(4, 1, 21)])

    assert outcome.keep == (held,)
    assert outcome.create == (place(4, 1, 21),)
    assert (outcome.move, outcome.cancel) == ((), ())


def test_nothing_is_created_beside_a_held_lesson_of_the_day() -> None:
    held = lesson(1, 0, 2, 11, held=True)

    outcome = reconcile(existing=[held], wanted=[place(0, 5, 31)])

    assert outcome.changes_nothing


def test_a_held_lesson_answers_before_one_that_is_not() -> None:
    free, held = lesson(1, 0, 1, 10), lesson(2, 0, 2, 11, held=True)

    outcome = reconcile(existing=[free, held], wanted=[place(0, 5, 31)])

    assert (outcome.create, outcome.move) == ((), ())
    assert (outcome.keep, outcome.cancel) == ((held,), (free,))


def test_a_second_lesson_of_the_day_is_created_beside_a_held_one() -> None:
    held = lesson(1, 0, 2, 11, held=True)

    outcome = reconcile(existing=[held], wanted=[place(0, 1, 30), place(0, 2, 11)])

    assert outcome.create == (place(0, 1, 30),)


def test_a_lesson_moves_within_its_day_then_within_its_week() -> None:
    first, second, third = lesson(1, 0, 2, 11), lesson(2, 3, 3, 13), lesson(3, 7, 2, 11)
    wanted = [place(0, 4, 41), place(4, 1, 42), place(14, 2, 11)]

    outcome = reconcile(existing=[first, second, third], wanted=wanted)

    assert outcome.move == ((first, wanted[0]), (second, wanted[1]))
    assert outcome.cancel == (third,)
    assert outcome.create == (wanted[2],)


def test_a_new_edition_changes_the_slot_of_a_lesson_that_stays() -> None:
    stays = lesson(1, 0, 2, 11)

    outcome = reconcile(existing=[stays], wanted=[place(0, 2, 99)])

    assert outcome.move == ((stays, place(0, 2, 99)),)


def test_a_lesson_never_goes_to_another_course() -> None:
    physics = PlannedLesson(day(0), 2, 12, PHYSICS)
    algebra = lesson(1, 0, 2, 11)

    outcome = reconcile(existing=[algebra], wanted=[physics])

    assert (outcome.create, outcome.cancel) == ((physics,), (algebra,))


def test_doing_what_it_says_leaves_nothing_to_do() -> None:
    existing = [lesson(1, 0, 2, 11), lesson(2, 3, 3, 13, held=True), lesson(3, 7, 2, 11)]
    wanted = [place(1, 2, 51), place(4, 3, 52), place(8, 2, 51)]

    outcome = reconcile(existing=existing, wanted=wanted)
    moved = [lesson(old.lesson_id, (new.on - MONDAY).days, new.number, new.slot_id) for old, new in outcome.move]
    created = [
        lesson(100 + number, (new.on - MONDAY).days, new.number, new.slot_id)
        for number, new in enumerate(outcome.create)
    ]

    assert reconcile(existing=[*outcome.keep, *moved, *created], wanted=wanted).changes_nothing
