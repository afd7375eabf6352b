"""What a timetable cannot hold at one time."""

from dataclasses import replace
from typing import Any

import pytest

from letopis.rules.timetable import SlotRow, clashes

from . import tables


@pytest.mark.parametrize("case", tables.rows("timetable", "clashes"), ids=lambda case: case["claim"])
def test_finds_what_clashes(case: dict[str, Any]) -> None:
    slots = [replace(SlotRow(*line), row=row) for row, line in enumerate(case["lines"], start=1)]

    found = [[clash.code, clash.severity, list(clash.rows)] for clash in clashes(slots)]

    assert found == case["are"]


def test_says_what_clashes_in_words() -> None:
    slots = [
        SlotRow(5, 3, "7А", "Алгебра", teacher="Нечаева М. М.", room="101", row=12),
        SlotRow(5, 3, "8А", "Физика", teacher="Нечаева М. М.", room="101", row=40),
        SlotRow(5, 3, "7А", "Труд", "SUBGROUP", "1 подгруппа", room="101", row=41),
    ]

    assert [clash.sentence for clash in clashes(slots)] == [
        "пятница, урок 3: у учителя Нечаева М. М. сразу разные предметы: Алгебра, Физика.",
        "пятница, урок 3: у класса 7А сразу несколько занятий: Алгебра (весь класс); Труд (1 подгруппа).",
        "пятница, урок 3: 7А, 1 подгруппа, Труд: учитель не назначен.",
    ]
