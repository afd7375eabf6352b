"""Until when things are entered: the limit of the clause, the effective one, and how it was found (C-003, C-004)."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from letopis.rules.calendar import Period, SchoolCalendar
from letopis.rules.deadlines import (
    Due,
    DueFinder,
    Moments,
    NoDue,
    absence_reason_due,
    attendance_due,
    due_of,
    homework_due,
    lesson_due,
    mark_due,
    term_mark_due,
)
from letopis.rules.policy import DEFAULT_POLICY, PERIOD_END, Deadline, Limit
from letopis.rules.policy.editions import Edition, Editions, Stated

from . import tables

Row = dict[str, Any]

MOSCOW = ZoneInfo("Europe/Moscow")
EVERY_GRADE = frozenset(range(1, 12))
CALENDAR = SchoolCalendar(
    starts_on=date(2026, 9, 1),
    ends_on=date(2027, 5, 31),
    terms=(
        Period("1 четверть", EVERY_GRADE, date(2026, 9, 1), date(2026, 10, 25)),
        Period("2 четверть", EVERY_GRADE, date(2026, 11, 3), date(2026, 12, 29)),
        Period("3 четверть", EVERY_GRADE, date(2027, 1, 11), date(2027, 3, 26)),
        Period("4 четверть", EVERY_GRADE, date(2027, 4, 5), date(2027, 5, 31)),
    ),
    days_off=frozenset({date(2026, 11, 3), date(2026, 11, 4)}),
)
LESSON = datetime(2026, 10, 5, 10, 20, tzinfo=MOSCOW)


def claim(row: Row) -> str:
    return str(row["claim"])


def local(text: str, zone: ZoneInfo = MOSCOW) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def moments_of(row: Row) -> Moments:
    zone = ZoneInfo(row.get("zone", "Europe/Moscow"))
    end = row.get("lessons_end")
    return Moments(
        lesson=local(row.get("lesson", "2026-10-05T10:20"), zone),
        worked_on=day(row.get("worked_on")),
        lessons_end=local(end, zone) if end else None,
        following_lessons=[date.fromisoformat(one) for one in row.get("following", ())],
        period_end=day(row.get("period_end")),
        calendar=CALENDAR if row.get("calendar") else None,
        grade=8,
        weekdays=frozenset(row.get("weekdays", (1, 2, 3, 4, 5))),
    )


@pytest.mark.parametrize("row", tables.rows("deadlines", "limit"), ids=claim)
def test_a_limit_ends(row: Row) -> None:
    policy = replace(DEFAULT_POLICY, **row.get("policy", {}))

    due = due_of(Limit(*row["limit"]), "п. 1.1", moments=moments_of(row), policy=policy)

    if "reason" in row:
        assert due == NoDue(row["reason"], "п. 1.1")
        return
    assert isinstance(due, Due)
    assert (due.limit.isoformat(), due.effective, due.clause) == (row["ends"], due.limit, "п. 1.1")
    if "step" in row:
        assert due.steps[-1] == row["step"]


@pytest.mark.parametrize("row", tables.rows("deadlines", "mark"), ids=claim)
def test_marks_are_due_by_the_kind_of_work(row: Row) -> None:
    policy = replace(DEFAULT_POLICY, term_mark_limit=Limit(row.get("term_mark_limit", 0), "DAYS", PERIOD_END))

    due = mark_due(row["kind"], grade=row["grade"], subject="Алгебра", moments=moments_of(row), policy=policy)

    assert isinstance(due, Due)
    assert due.limit.isoformat() == row["limit"]
    assert due.effective.isoformat() == row.get("effective", row["limit"])
    assert due.is_bound is ("effective" in row)
    assert due.clause == DEFAULT_POLICY.clause("mark_deadlines")
    if "steps" in row:
        assert list(due.steps) == row["steps"]


ROWS = (
    Deadline(Limit(14, "DAYS"), "WRITTEN", kinds=("С", "ИЗ"), subjects=("Литература",), clause="п. 2.3"),
    Deadline(Limit(5, "DAYS"), kinds=("лр",)),
    Deadline(Limit(2, "DAYS"), "ORAL", half_year=2),
    Deadline(Limit(7, "DAYS")),
)


@pytest.mark.parametrize("row", tables.rows("deadlines", "row"), ids=claim)
def test_the_first_row_that_fits_decides(row: Row) -> None:
    policy = replace(DEFAULT_POLICY, mark_deadlines=ROWS, clauses={"mark_deadlines": "Положение, п. 2"})
    moments = moments_of(row)

    due = mark_due(row["kind"], grade=row["grade"], subject=row["subject"], moments=moments, policy=policy)

    assert isinstance(due, Due)
    assert (due.limit.date() - moments.lesson.date()).days == row["days"]
    assert due.clause == ("Положение, п. 2 (п. 2.3)" if row["days"] == 14 else "Положение, п. 2")


def test_a_work_that_no_row_fits_has_no_deadline() -> None:
    policy = replace(DEFAULT_POLICY, mark_deadlines=(Deadline(Limit(1, "DAYS"), "ORAL"),), clauses={})

    due = mark_due("КР", grade=8, subject="Алгебра", moments=Moments(LESSON), policy=policy)

    assert isinstance(due, NoDue)
    assert not due
    assert due.reason == "КР – письменная работа: срок отметок не задан."


def test_the_term_mark_is_judged_by_the_edition_of_its_own_day() -> None:
    later = replace(DEFAULT_POLICY, term_mark_limit=Limit(-3, "DAYS", PERIOD_END))
    moments = Moments(LESSON, period_end=date(2026, 10, 14))

    due = mark_due("КР", grade=8, subject="Алгебра", moments=moments, policy=DEFAULT_POLICY, term_policy=later)

    assert isinstance(due, Due)
    assert due.effective == local("2026-10-11T23:59:59")


def test_the_deadlines_of_a_lesson() -> None:
    moments = Moments(LESSON, lessons_end=local("2026-10-05T14:05"), period_end=date(2026, 10, 6))
    given = {"moments": moments, "policy": DEFAULT_POLICY}

    found = [one(**given) for one in (lesson_due, attendance_due, homework_due, absence_reason_due)]

    assert [(one.limit.isoformat(), one.is_bound, one.clause) for one in found] == [
        ("2026-10-05T23:59:59+03:00", False, "политика по умолчанию"),
        ("2026-10-05T23:59:59+03:00", False, "политика по умолчанию"),
        ("2026-10-05T15:35:00+03:00", False, DEFAULT_POLICY.clause("homework_limit")),
        ("2026-10-12T23:59:59+03:00", False, "политика по умолчанию: неделя"),
    ]


def test_a_school_without_a_term_for_homework() -> None:
    due = homework_due(moments=Moments(LESSON), policy=replace(DEFAULT_POLICY, homework_limit=None))

    assert due == NoDue("Срока записи домашнего задания нет.", DEFAULT_POLICY.clause("homework_limit"))


def test_term_marks_are_due_on_the_last_day_of_the_term() -> None:
    due = term_mark_due(date(2026, 10, 25), zone=MOSCOW, policy=DEFAULT_POLICY)

    assert isinstance(due, Due)
    assert due.limit == local("2026-10-25T23:59:59")
    assert due.steps == (
        "отметка за период: в последний день периода",
        "от последнего дня периода 25.10.2026 → 25.10.2026 23:59:59",
    )


def test_the_whole_last_second_is_in_time() -> None:
    due = Due(local("2026-10-12T23:59:59"), local("2026-10-09T23:59:59"), "п. 1")

    assert not due.is_over(local("2026-10-12T23:59:59.999999"))
    assert due.is_over(local("2026-10-13T00:00:00"))
    assert not due.is_late(local("2026-10-09T23:59:59.5"))
    assert due.is_late(local("2026-10-10T00:00:00"))


def test_a_lesson_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        Moments(datetime(2026, 10, 5, 10, 20))


STRICTER = Editions(
    (
        Edition(
            act="test", title="Положение", in_force_from=date(2026, 11, 1),
            values={"mark_deadlines": Stated((Deadline(Limit(2, "DAYS")),), "п. 2")},
        ),
    )
)  # fmt: skip


def test_a_past_day_is_judged_by_its_own_edition() -> None:
    finder = DueFinder(STRICTER, zone=MOSCOW)

    before = finder.mark(kind="КР", grade=8, subject="Алгебра", on=date(2026, 10, 31))
    after = finder.mark(kind="КР", grade=8, subject="Алгебра", on=date(2026, 11, 1))

    assert isinstance(before, Due)
    assert isinstance(after, Due)
    assert (before.limit.date(), after.limit.date()) == (date(2026, 11, 7), date(2026, 11, 3))
    assert after.clause == "Положение, п. 2"


def test_nobody_is_late_by_the_hour_of_a_lesson_that_is_not_known() -> None:
    two_hours = Edition("test", "Положение", date(2026, 9, 1), {"lesson_limit": Stated(Limit(2, "HOURS"), "п. 1")})
    finder = DueFinder(Editions((two_hours,)), zone=MOSCOW)
    on = LESSON.date()

    known, unknown = finder.lesson(on, begins=time(17)), finder.lesson(on)

    assert isinstance(known, Due)
    assert isinstance(unknown, Due)
    assert (known.limit, unknown.limit) == (local("2026-10-05T19:00"), local("2026-10-06T01:59:59"))


@pytest.mark.parametrize("kind", ["УО", "КР", "КР-ВШК", "П"])
@pytest.mark.parametrize("period_end", [None, date(2026, 10, 25)])
def test_the_finder_answers_as_the_rule_does(kind: str, period_end: date | None) -> None:
    finder = DueFinder(Editions(), zone=MOSCOW, calendar=CALENDAR)
    for offset in range(50):
        on = date(2026, 9, 1) + timedelta(days=offset)
        moments = Moments(
            datetime.combine(on, time(10, 20), MOSCOW), period_end=period_end, calendar=CALENDAR, grade=10
        )

        found = finder.mark(kind=kind, grade=10, subject="Алгебра", on=on, begins=time(10, 20), period_end=period_end)

        assert found == mark_due(kind, grade=10, subject="Алгебра", moments=moments, policy=finder.policy_on(on))


def test_the_finder_answers_for_lessons() -> None:
    finder = DueFinder(Editions(), zone=MOSCOW)
    end = local("2026-10-05T14:05")

    assert finder.homework(LESSON.date(), begins=LESSON.time(), lessons_end=end) == homework_due(
        moments=Moments(LESSON, lessons_end=end), policy=finder.policy_on(LESSON.date())
    )
    assert finder.lesson(LESSON.date()) == lesson_due(moments=Moments(LESSON), policy=finder.policy_on(LESSON.date()))
    assert finder.attendance(LESSON.date()).limit == local("2026-10-05T23:59:59")
    assert finder.absence_reason(LESSON.date()).limit == local("2026-10-12T23:59:59")
    assert finder.term_mark(date(2026, 10, 25)) == term_mark_due(
        date(2026, 10, 25), zone=MOSCOW, policy=finder.policy_on(date(2026, 10, 25))
    )


def test_a_page_of_deadlines_is_quick() -> None:
    finder = DueFinder(Editions(), zone=MOSCOW, calendar=CALENDAR)
    days = [date(2026, 9, 1) + timedelta(days=offset) for offset in range(60)]
    subjects = [f"Предмет {number}" for number in range(16)]

    began = perf_counter()
    asked = 0
    for kind in ("УО", "КР", "СР", "Т"):
        for grade in range(1, 12):
            for subject in subjects:
                for on in days:
                    finder.mark(kind=kind, grade=grade, subject=subject, on=on, period_end=date(2026, 10, 25))
                    asked += 1
    took = perf_counter() - began

    # The page has 0,3 s; ten times as much is left for a busy machine.
    assert (asked, took < 3) == (42240, True)


def test_a_calendar_without_lessons_still_ends_a_limit() -> None:
    empty = replace(CALENDAR, terms=(), weekdays=frozenset())

    due = due_of(
        Limit(5, "WORKING_DAYS"), "п. 1", moments=Moments(LESSON, calendar=empty, grade=8), policy=DEFAULT_POLICY
    )

    assert isinstance(due, Due)
    assert due.limit == local("2027-06-07T23:59:59")
