"""Reasons of absence, by tables."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from letopis.rules.absence import (
    Event,
    Missed,
    Paper,
    is_missed_day,
    is_missed_lesson,
    may_enter_document,
    may_send_notice,
    may_set_reasons,
    missed_of,
    paper_for,
    read_reasons,
    reason_letters,
)
from letopis.rules.policy import DEFAULT_POLICY
from letopis.rules.verdict import Verdict
from tests.rules.tables import rows

DAY = date(2026, 11, 16)


@pytest.mark.parametrize("row", rows("absence", "letters"), ids=lambda row: f"{row['text']}/{row['count']}")
def test_letters_name_reasons(row):
    found = read_reasons(row["text"], count=row["count"], policy=DEFAULT_POLICY)

    if "code" in row:
        assert isinstance(found, Verdict)
        assert (found.allowed, found.code) == (False, row["code"])
    else:
        assert found == tuple(row["reasons"])


@pytest.mark.parametrize(
    ("reasons", "letters"),
    [(["ILL"], "б"), (["ILL", "ILL"], "б"), (["NOT_SET", "ILL"], "нб"), (["NOT_SET"] * 3, "н")],
)
def test_reasons_are_shown_by_one_letter_when_they_agree(reasons, letters):
    assert reason_letters(reasons, policy=DEFAULT_POLICY) == letters


@pytest.mark.parametrize("row", rows("absence", "missed_day"), ids=str)
def test_a_day_is_missed_as_the_school_counts(row):
    policy = replace(DEFAULT_POLICY, missed_day_lessons=row.get("asked"))

    assert is_missed_day(planned=row["planned"], absent=row["absent"], policy=policy) is row["missed"]


@pytest.mark.parametrize("row", rows("absence", "paper"), ids=str)
def test_the_stronger_and_of_equal_ones_the_later_paper_gives_the_reason(row):
    papers = [
        Paper(key, kind, "ILL", date(2026, 11, first), date(2026, 11, last), datetime(2026, 11, 20, hour))
        for key, (kind, first, last, hour) in enumerate(row["papers"])
    ]

    found = paper_for(papers, DAY, policy=DEFAULT_POLICY)

    assert (found.key if found else -1) == row["gives"]


@pytest.mark.parametrize(
    ("sees_as", "state", "by_control", "code"),
    [
        ("CLASS_TEACHER", "OPEN", False, ""),
        ("CLASS_TEACHER", "CLOSED", False, "YEAR_CLOSED"),
        ("CONTROL", "OPEN", False, "NOT_CLASS_TEACHER"),
        ("CONTROL", "OPEN", True, ""),
    ],
)
def test_the_class_teacher_sets_reasons_in_an_open_year(sees_as, state, by_control, code):
    policy = replace(DEFAULT_POLICY, absence_reasons_by_control=by_control)

    assert may_set_reasons(sees_as=sees_as, year_state=state, policy=policy).code == code


@pytest.mark.parametrize(
    ("reason", "first", "last", "code"),
    [
        ("ILL", date(2026, 11, 9), date(2026, 11, 20), ""),
        ("NOT_SET", date(2026, 11, 9), date(2026, 11, 20), "NO_REASON"),
        ("ILL", date(2026, 11, 20), date(2026, 11, 9), "ENDS_BEFORE"),
        ("ILL", date(2026, 11, 20), date(2027, 11, 21), "TOO_LONG"),
        ("ILL", date(2026, 8, 20), date(2026, 8, 31), "OUTSIDE_YEAR"),
        ("ILL", date(2026, 8, 20), date(2026, 9, 1), ""),
    ],
)
def test_a_document_names_a_reason_and_days_of_the_year(reason, first, last, code):
    verdict = may_enter_document(
        reason=reason, first=first, last=last, year_first=date(2026, 9, 1), year_last=date(2027, 8, 31)
    )

    assert verdict.code == code


@pytest.mark.parametrize(
    ("reason", "first", "last", "code"),
    [
        ("ILL", DAY, DAY, ""),
        ("VALID", date(2026, 12, 16), date(2026, 12, 20), ""),
        ("UNEXCUSED", DAY, DAY, "NO_REASON"),
        ("ILL", DAY, date(2026, 11, 15), "ENDS_BEFORE"),
        ("ILL", DAY, date(2026, 12, 16), "TOO_LONG"),
        ("ILL", date(2026, 12, 17), date(2026, 12, 17), "TOO_FAR"),
        ("ILL", date(2026, 10, 16), date(2026, 10, 17), "TOO_FAR"),
    ],
)
def test_a_family_tells_of_days_near_today(reason, first, last, code):
    assert may_send_notice(reason=reason, first=first, last=last, today=DAY, policy=DEFAULT_POLICY).code == code


def test_lateness_is_counted_apart_and_sums_add_up():
    other = date(2026, 11, 17)
    events = [Event(DAY, "ABSENT", "ILL"), Event(DAY, "ABSENT"), Event(DAY, "LATE"), Event(other, "ABSENT", "VALID")]

    found = missed_of(events, planned={DAY: 2, other: 5}, policy=DEFAULT_POLICY)

    assert (found.days, found.lessons, found.late) == (1, 3, 1)
    assert (found.ill, found.valid, found.unexcused, found.not_set) == (1, 1, 0, 1)
    assert found + Missed(lessons=1, reasons={"ILL": 1}) == Missed(1, 4, {"ILL": 2, "VALID": 1, "NOT_SET": 1}, 1)


@pytest.mark.parametrize("row", rows("absence", "late_lesson"), ids=str)
def test_a_long_lateness_counts_as_the_school_says(row):
    policy = replace(DEFAULT_POLICY, missed_lesson_minutes=row.get("asked"))
    event = Event(DAY, "LATE", minutes=row.get("minutes"))

    found = missed_of([event], planned={DAY: 1}, policy=policy)

    assert is_missed_lesson(event, policy=policy) is row["missed"]
    assert (found.lessons, found.days, found.late) == ((1, 1, 0) if row["missed"] else (0, 0, 1))


def test_who_was_there_missed_nothing():
    policy = replace(DEFAULT_POLICY, missed_lesson_minutes=1)

    assert not is_missed_lesson(Event(DAY, "PRESENT", minutes=40), policy=policy)
