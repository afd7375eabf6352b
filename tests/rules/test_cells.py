"""A cell understands both keyboard layouts and refuses with a reason."""

from dataclasses import replace
from typing import Any

import pytest

from letopis.rules.cells import CellInput, display_cell, marks_in, parse_cell
from letopis.rules.policy import DEFAULT_POLICY, FIVE_POINT, UNGRADED
from letopis.rules.results import RESULTS, is_numeric, parse_result, result_sign, result_value
from letopis.rules.verdict import Verdict

from . import tables

Row = dict[str, Any]


def typed(row: Row) -> str:
    return repr(row.get("text", row))


def sentence(text: str, **changes: Any) -> str:
    given: Row = {"scale": FIVE_POINT, "policy": DEFAULT_POLICY} | changes

    answer = parse_cell(text, **given)

    assert isinstance(answer, Verdict)
    return answer.sentence


@pytest.mark.parametrize("row", tables.rows("cells", "marks"), ids=repr)
def test_only_marks_of_the_scale_count(row: Row) -> None:
    assert list(marks_in(row["value"], scale=FIVE_POINT)) == row["is"]
    assert marks_in(row["value"], scale=UNGRADED) == ()


@pytest.mark.parametrize("row", tables.rows("cells", "typed"), ids=typed)
def test_reads_a_cell(row: Row) -> None:
    reads(row)


@pytest.mark.parametrize("row", tables.rows("cells", "double"), ids=typed)
def test_reads_a_cell_of_a_work_with_two_marks(row: Row) -> None:
    reads(row, components=2)


@pytest.mark.parametrize("row", tables.rows("cells", "whole"), ids=typed)
def test_reads_a_whole_cell_as_it_was_shown(row: Row) -> None:
    reads(row, whole=True)


def reads(row: Row, **how: Any) -> None:
    answer = parse_cell(row["text"], scale=FIVE_POINT, policy=DEFAULT_POLICY, **how)

    if "code" in row:
        assert isinstance(answer, Verdict)
        assert not answer
        assert answer.code == row["code"]
    else:
        facts = {name: row[name] for name in ("mark", "attendance", "minutes", "clear") if name in row}
        assert answer == CellInput(**facts)


def test_refusals_speak_to_the_teacher() -> None:
    assert sentence("б") == ("Причину отсутствия («б») ставит классный руководитель; учитель отмечает «н».")
    assert sentence("7") == "Отметки «7» нет в шкале «пятибалльная»: можно 5, 4, 3, 2."
    assert sentence("н5") == ("Отсутствующему на занятии отметка не ставится: поставьте либо отметку, либо отсутствие.")
    assert sentence("ъ") == (
        "«ъ» в клетку не ставится: отметка 5, 4, 3, 2; «н» — отсутствие, «о» или «о5» — опоздание."
    )
    assert sentence("н" * 3000) == (
        "«нннннннннн…» — слишком длинно для клетки: отметка 5, 4, 3, 2; «н» — отсутствие, «о» или «о5» — опоздание."
    )
    assert sentence("о99") == "Опоздание — от 1 до 45 минут, а указано 99."


def test_an_ungraded_subject_takes_absence_but_no_marks() -> None:
    assert parse_cell("н", scale=UNGRADED, policy=DEFAULT_POLICY) == CellInput(attendance="ABSENT")
    assert sentence("5", scale=UNGRADED) == (
        "Обучение безотметочное: отметки здесь не ставят, отмечают только отсутствие и опоздание."
    )


def test_a_class_teacher_sets_reasons() -> None:
    answer = parse_cell("б", scale=FIVE_POINT, policy=DEFAULT_POLICY, subject_teacher=False)

    assert answer == CellInput(attendance="ABSENT", reason="ILL")


def test_a_policy_may_let_subject_teachers_set_reasons() -> None:
    policy = replace(DEFAULT_POLICY, reason_letters_by_subject_teacher=True)

    answer = parse_cell("e", scale=FIVE_POINT, policy=policy)

    assert answer == CellInput(attendance="ABSENT", reason="VALID")


def test_letters_are_those_of_the_policy() -> None:
    policy = replace(DEFAULT_POLICY, absence_letter="нб", lateness_letter="оп")

    assert parse_cell("YB", scale=FIVE_POINT, policy=policy) != CellInput(attendance="ABSENT")
    assert parse_cell("Y<", scale=FIVE_POINT, policy=policy) == CellInput(attendance="ABSENT")
    assert parse_cell("оп 7", scale=FIVE_POINT, policy=policy) == CellInput(attendance="LATE", minutes=7)


@pytest.mark.parametrize("row", tables.rows("cells", "shown"), ids=typed)
def test_shows_a_cell(row: Row) -> None:
    shown = display_cell(
        row.get("mark"), row.get("event"), row.get("minutes"), row.get("reason"), policy=DEFAULT_POLICY
    )

    assert shown == row["is"]


def test_what_is_shown_can_be_typed_again() -> None:
    shown = display_cell("4", "LATE", 10, None, policy=DEFAULT_POLICY)

    assert parse_cell(shown, scale=FIVE_POINT, policy=DEFAULT_POLICY) == CellInput("4", "LATE", 10)


@pytest.mark.parametrize("row", tables.rows("cells", "result"), ids=typed)
def test_reads_a_result(row: Row) -> None:
    answer = parse_result(row["text"], scale=FIVE_POINT)

    assert (answer.code if isinstance(answer, Verdict) else None) == row.get("code")
    if "is" in row:
        assert answer == row["is"]


def test_an_ungraded_subject_takes_words_only() -> None:
    refusal = parse_result("5", scale=UNGRADED)

    assert isinstance(refusal, Verdict)
    assert refusal.sentence == "«5» поставить нельзя: обучение безотметочное, отметок нет."
    assert parse_result("безотм", scale=UNGRADED) == "UNGRADED"


def test_every_result_is_read_back_from_its_sign_and_title() -> None:
    signs = [result_sign(result.code) for result in RESULTS]

    assert [parse_result(sign, scale=FIVE_POINT) for sign in signs] == [result.code for result in RESULTS]
    assert signs == ["5", "4", "3", "2", "зач", "незач", "осв", "н/а", "безотм", "отлож"]


def test_only_marks_count_in_means() -> None:
    assert [result.code for result in RESULTS if is_numeric(result.code)] == ["5", "4", "3", "2"]
    assert not is_numeric(None)
    assert result_sign(None) == ""
    assert result_value("EXEMPT").title == "освобождён"
