"""Windows, late entries, corrections and locks of a period, each with its clause."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from letopis.rules.deadlines import Due, NoDue
from letopis.rules.policy import DEFAULT_POLICY, FIVE_POINT, Policy, WindowException, variables
from letopis.rules.windows import (
    CLOSED_PERIOD,
    LOCK_CODES,
    PeriodLock,
    edit_window,
    may_change_mark,
    may_change_marks_of_period,
    may_edit_lesson,
    may_enter,
    may_put_mark,
    may_set_term_mark,
)
from letopis.rules.windows.marks import SLIPS

from . import tables

Row = dict[str, Any]

MOSCOW = ZoneInfo("Europe/Moscow")
PERIOD = date(2026, 12, 25)


def claim(row: Row) -> str:
    return str(row["claim"])


def said(**values: Any) -> Policy:
    """Return a policy whose every clause names its variable."""
    return replace(DEFAULT_POLICY, **values, clauses={name: name for name in variables()})


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW)


DUE = Due(moment("2026-11-23T23:59:59"), moment("2026-11-20T23:59:59"), "п. 2.4")


@pytest.mark.parametrize("row", tables.rows("windows", "window"), ids=claim)
def test_the_window_of_a_lesson(row: Row) -> None:
    exceptions = tuple(
        WindowException(None if days == "none" else days, tuple(grades), tuple(classes), tuple(subjects))
        for days, grades, classes, subjects in row.get("exceptions", ())
    )
    policy = said(**row.get("policy", {}), window_exceptions=exceptions)
    on = date.fromisoformat(row.get("lesson", "2026-11-16"))
    given: Row = {"grade": 9, "class_title": "9А", "subject": "Алгебра", "is_control": row.get("is_control", False)}

    window = edit_window(lesson_on=on, policy=policy, **given)

    last = day(row.get("last"))
    assert (window.last_day, window.clause) == (last, row["clause"])
    asked = {"lesson_on": on, "year_state": "OPEN", "is_own": True, "policy": policy} | given
    if last is None:
        assert may_edit_lesson(today=on + timedelta(days=200), **asked)
        assert window.until(MOSCOW) is None
        return
    assert may_edit_lesson(today=last, **asked)
    after = may_edit_lesson(today=last + timedelta(days=1), **asked)
    assert (after.allowed, after.code, after.clause) == (False, window.code, row["clause"])
    assert f"{last:%d.%m.%Y}" in after.sentence
    assert window.until(MOSCOW) == moment(f"{last.isoformat()}T23:59:59")


@pytest.mark.parametrize(("part", "allowed"), [("MARKS", True), ("TOPIC", False), ("ATTENDANCE", False)])
def test_a_mark_of_a_distance_lesson_is_put_though_the_window_is_over(part: str, allowed: bool) -> None:
    asked: Row = {"lesson_on": date(2026, 11, 2), "today": date(2026, 11, 20), "year_state": "OPEN", "is_own": True}

    verdict = may_edit_lesson(policy=said(edit_window_days=7), part=part, is_distance=True, **asked)
    own = may_edit_lesson(
        policy=said(edit_window_days=7, distance_marks_to_topic=False), part=part, is_distance=True, **asked
    )

    assert bool(verdict) is allowed
    assert own.code == "WINDOW_OVER"


@pytest.mark.parametrize("part", ["MARKS", "TOPIC", "ATTENDANCE", "HOMEWORK"])
def test_a_closed_period_takes_nothing(part: str) -> None:
    lock = PeriodLock(PERIOD, closed_on=date(2026, 12, 28))

    verdict = may_edit_lesson(
        lesson_on=date(2026, 12, 24),
        today=date(2026, 12, 29),
        year_state="OPEN",
        is_own=True,
        policy=DEFAULT_POLICY,
        part=part,
        lock=lock,
    )

    assert (verdict.code, verdict.sentence) == (
        "PERIOD_CLOSED",
        "Период закрыт 28.12.2026: записи в нём меняются только по разрешению.",
    )


@pytest.mark.parametrize("row", tables.rows("windows", "new_mark"), ids=claim)
def test_a_new_mark_against_its_deadline(row: Row) -> None:
    verdict = may_put_mark(
        pupil_is_member=True,
        absent=False,
        scale=FIVE_POINT,
        policy=said(**row.get("policy", {})),
        due=DUE,
        at=moment(row["at"]),
        is_distance=row.get("is_distance", False),
    )

    assert (verdict.allowed, verdict.code) == (not row.get("refused", False), row.get("code", ""))
    assert verdict.clause == row.get("clause", "")


def test_a_back_dated_mark_is_refused_by_the_rule_and_its_deadline() -> None:
    verdict = may_put_mark(
        pupil_is_member=True,
        absent=False,
        scale=FIVE_POINT,
        policy=said(backdating="FORBIDDEN"),
        due=DUE,
        at=moment("2026-11-24T08:00:00"),
    )

    assert verdict.sentence == (
        "Отметку за эту работу ставили до 23.11.2026 23:59; задним числом её ставят только по разрешению. Срок: п. 2.4."
    )


def test_a_work_without_a_deadline_is_never_late() -> None:
    due = NoDue("Срок отметок не задан.", "п. 2.4")
    policy = said(backdating="FORBIDDEN")

    for given in (due, None):
        verdict = may_put_mark(
            pupil_is_member=True,
            absent=False,
            scale=FIVE_POINT,
            policy=policy,
            due=given,
            at=moment("2027-01-01T08:00"),
        )
        assert (verdict.allowed, verdict.code) == (True, "")


@pytest.mark.parametrize(
    ("policy", "is_distance", "confirmed", "code", "clause"),
    [
        (said(), False, False, "MARK_FOR_ABSENT", "mark_for_absent"),
        (said(mark_for_absent="FORBIDDEN"), False, False, "ABSENT_UNCONFIRMED", "mark_for_absent"),
        (said(mark_for_absent="FORBIDDEN"), False, True, "", ""),
        (said(), True, False, "ABSENT_UNCONFIRMED", "порядок дистанционного обучения в школе"),
        (said(), True, True, "", ""),
    ],
)
def test_a_mark_for_an_absent_pupil(policy: Policy, is_distance: bool, confirmed: bool, code: str, clause: str) -> None:
    verdict = may_put_mark(
        pupil_is_member=True,
        absent=True,
        scale=FIVE_POINT,
        policy=policy,
        confirmed_illness=confirmed,
        is_distance=is_distance,
    )

    assert (verdict.code, verdict.clause) == (code, clause)


@pytest.mark.parametrize("row", tables.rows("windows", "change"), ids=claim)
def test_a_mark_that_stands(row: Row) -> None:
    put_at = moment("2026-11-16T10:00:00")

    verdict = may_change_mark(
        put_at=put_at,
        at=put_at + timedelta(minutes=row["minutes"]),
        is_author=row.get("is_author", True),
        policy=said(mark_correction=row.get("rule", "WINDOW")),
        may_correct=row.get("may_correct", False),
    )

    code = row.get("code", "")
    assert (verdict.allowed, verdict.code) == (not code, code)
    assert verdict.clause == ("mark_correction" if code else "")


@pytest.mark.parametrize("row", tables.rows("windows", "period"), ids=claim)
def test_a_period_locks_the_marks_of_a_pupil(row: Row) -> None:
    policy = said(current_marks_lock=row.get("rule", "TERM_MARK"))
    lock = PeriodLock(PERIOD, closed_on=day(row.get("closed")), term_mark_on=day(row.get("set")))

    verdict = may_change_marks_of_period(
        lesson_on=date.fromisoformat(row["lesson"]), today=date.fromisoformat(row["today"]), lock=lock, policy=policy
    )

    code = row.get("code", "")
    assert (verdict.allowed, verdict.code) == (not code, code)
    if code:
        assert verdict.clause == (CLOSED_PERIOD if code == "PERIOD_CLOSED" else "current_marks_lock")


def test_no_known_period_locks_nothing() -> None:
    given: Row = {"lesson_on": date(2026, 12, 1), "today": date(2026, 12, 30), "policy": DEFAULT_POLICY}

    assert may_change_marks_of_period(lock=None, **given)


@pytest.mark.parametrize(
    ("days", "today", "closed", "code"),
    [
        (None, date(2027, 5, 1), None, ""),
        (5, date(2026, 12, 30), None, ""),
        (5, date(2026, 12, 31), None, "TERM_MARKS_LOCKED"),
        (0, date(2026, 12, 25), None, ""),
        (10, date(2027, 1, 4), None, ""),
        (10, date(2027, 1, 5), None, "TERM_MARKS_LOCKED"),
        (10, date(2026, 12, 26), date(2026, 12, 26), "PERIOD_CLOSED"),
    ],
)
def test_term_marks_have_a_lock_of_their_own(days: int | None, today: date, closed: date | None, code: str) -> None:
    verdict = may_set_term_mark(
        today=today, lock=PeriodLock(PERIOD, closed_on=closed), policy=said(term_marks_lock_days=days)
    )

    assert verdict.code == code
    if code == "TERM_MARKS_LOCKED":
        assert verdict.clause == "term_marks_lock_days"


@pytest.mark.parametrize(
    ("part", "rule", "at", "code", "allowed", "clause"),
    [
        ("TOPIC", "LATE", "2026-11-23T23:59:59", "", True, ""),
        ("TOPIC", "LATE", "2026-11-24T00:00:00", "LATE", True, "п. 2.4"),
        ("TOPIC", "FORBIDDEN", "2026-11-23T23:59:59", "", True, ""),
        ("TOPIC", "FORBIDDEN", "2026-11-24T00:00:00", "LATE_LESSON", False, "late_lessons"),
        ("ATTENDANCE", "FORBIDDEN", "2026-11-24T00:00:00", "LATE_LESSON", False, "late_lessons"),
        ("HOMEWORK", "FORBIDDEN", "2026-11-24T00:00:00", "LATE", True, "п. 2.4"),
    ],
)
def test_an_entry_of_the_lesson_after_its_deadline(
    part: str, rule: str, at: str, code: str, allowed: bool, clause: str
) -> None:
    verdict = may_enter(part, due=DUE, at=moment(at), policy=said(late_lessons=rule))

    assert (verdict.allowed, verdict.code, verdict.clause) == (allowed, code, clause)


def test_every_lock_that_a_permission_lifts_is_a_refusal_of_this_package() -> None:
    used = {row["code"] for heading in ("new_mark", "change", "period") for row in tables.rows("windows", heading)
            if "code" in row} - {"LATE"}  # fmt: skip

    assert used | {"WINDOW_OVER", "MONTH_LOCKED", "LATE_LESSON", "TERM_MARKS_LOCKED"} == LOCK_CODES


@pytest.mark.parametrize(("changes", "code"), [(0, ""), (SLIPS - 1, ""), (SLIPS, "CORRECTION_NEEDED")])
def test_a_slip_of_typing_is_not_mended_without_end(changes: int, code: str):
    policy = replace(DEFAULT_POLICY, mark_correction="REQUEST")
    put_at = datetime(2026, 11, 16, 9, 0, tzinfo=MOSCOW)
    verdict = may_change_mark(
        put_at=put_at, at=put_at + timedelta(minutes=5), is_author=True, policy=policy, changes=changes
    )

    assert verdict.code == code
