"""Substitutions: the verdict of every case, and whom to ask first."""

from datetime import date
from typing import Any

import pytest

from letopis.rules import substitutions as rules
from letopis.rules.substitutions import Candidate, Stand, SubstitutedLesson, ranked
from letopis.rules.timetable import SlotRow
from tests.rules.tables import rows

MONDAY = date(2026, 11, 16)


def lesson(row: dict[str, Any]) -> SubstitutedLesson:
    return SubstitutedLesson(
        on=MONDAY,
        number=2,
        teacher_id=1,
        year_state=row.get("year_state", "OPEN"),
        is_held=row.get("is_held", False),
        is_cancelled=row.get("is_cancelled", False),
        kinds=frozenset(row.get("kinds", ())),
    )


def busy(row: dict[str, Any]) -> list[Stand]:
    return [Stand(number, title) for number, title in enumerate(row.get("busy", ()), 1)]


@pytest.mark.parametrize("row", rows("substitutions", "substitute"), ids=str)
def test_who_may_give_anothers_lesson(row: dict[str, Any]):
    verdict = rules.may_substitute(
        lesson(row),
        acting_id=row.get("acting_id", 2),
        dismissed_on=row.get("dismissed_on"),
        busy=busy(row),
        overrule=row.get("overrule", False),
    )

    assert (verdict.code, bool(verdict)) == (row["code"], row["code"] == "")


@pytest.mark.parametrize("row", rows("substitutions", "join"), ids=str)
def test_which_groups_may_be_joined(row: dict[str, Any]):
    other = SubstitutedLesson(
        on=MONDAY,
        number=row.get("other_number", 2),
        teacher_id=row.get("other_teacher", 2) or None,
        is_cancelled=row.get("other_cancelled", False),
    )

    verdict = rules.may_join(
        lesson(row),
        other=other,
        same_class=row.get("same_class", True),
        same_subject=row.get("same_subject", True),
        busy=busy(row),
        overrule=row.get("overrule", False),
    )

    assert (verdict.code, bool(verdict)) == (row["code"], row["code"] == "")


@pytest.mark.parametrize("row", rows("substitutions", "cancel"), ids=str)
def test_which_lessons_may_be_cancelled(row: dict[str, Any]):
    assert rules.may_cancel(lesson(row)).code == row["code"]


@pytest.mark.parametrize("row", rows("substitutions", "move"), ids=str)
def test_where_a_lesson_may_go(row: dict[str, Any]):
    verdict = rules.may_move(
        lesson(row),
        on=row.get("on", date(2026, 11, 18)),
        number=row.get("number", 5),
        first=date(2026, 9, 1),
        last=date(2027, 8, 31),
        is_school_day=row.get("is_school_day", True),
        is_taken=row.get("is_taken", False),
        clashing=row.get("clashing", ()),
        overrule=row.get("overrule", False),
    )

    assert verdict.code == row["code"]


@pytest.mark.parametrize("row", rows("substitutions", "withdraw"), ids=str)
def test_what_may_be_taken_back(row: dict[str, Any]):
    verdict = rules.may_withdraw(
        lesson(row),
        kind=row["kind"],
        is_latest=row.get("is_latest", True),
        is_taken=row.get("is_taken", False),
        reason=row.get("reason", ""),
    )

    assert verdict.code == row["code"]


def test_tells_only_the_clashes_of_the_moved_lesson():
    moved = SlotRow(1, 2, "8А", "Алгебра", teacher="Копылова Мария Андреевна", room="204", row=1)
    there = [
        SlotRow(1, 2, "8А", "Физика", teacher="Орлова Татьяна Павловна", room="301", row=2),
        SlotRow(1, 2, "7А", "Химия", teacher="Зуев Лев Ильич", room="5", row=3),
        SlotRow(1, 2, "7А", "Биология", teacher="Лев Анна Ильинична", room="6", row=4),
    ]

    assert rules.clashes_of(moved, there) == [
        "понедельник, урок 2: у класса 8А сразу несколько занятий: Алгебра (весь класс); Физика (весь класс)."
    ]


def test_a_vacancy_is_no_clash():
    assert rules.clashes_of(SlotRow(1, 2, "8А", "Алгебра", row=1), []) == []


def test_asks_the_free_colleague_of_the_subject_first():
    asked = [
        Candidate(1, "Яшина", lessons_that_day=2),
        Candidate(2, "Быков", teaches_subject=True, lessons_that_day=5, busy=("7А, Алгебра",)),
        Candidate(3, "Ершова", teaches_class=True, lessons_that_day=3),
        Candidate(4, "Ёлкин", teaches_class=True, lessons_that_day=3, is_beside=True),
        Candidate(5, "Громов", teaches_subject=True),
        Candidate(6, "Власова", teaches_subject=True, lessons_that_day=4),
        Candidate(7, "Дубов", teaches_subject=True, teaches_class=True),
        Candidate(8, "Абрамова", lessons_that_day=2),
        Candidate(9, "Кузьмин"),
    ]

    assert [one.employee_id for one in ranked(asked)] == [7, 6, 5, 4, 3, 8, 1, 9, 2]
