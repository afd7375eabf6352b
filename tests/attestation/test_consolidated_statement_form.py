import copy
import shutil
import subprocess
from datetime import date
from typing import Any

import pytest

from letopis.core.typst import render, sample

FORM = ("attestation", "consolidated_statement", date(2026, 9, 1))
UNDECIDED = "Решение педагогического совета не внесено на день печати."

pytestmark = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is missing")


@pytest.fixture
def data() -> dict[str, Any]:
    return sample("attestation", "consolidated_statement")


def printed(data: dict[str, Any]) -> list[str]:
    """Return the text of each sheet, every run of spaces made one."""
    document = render(FORM, data, issued_on=date(2026, 6, 10))
    command = ["pdftotext", "-layout", "-", "-"]
    text = subprocess.run(command, input=document, check=True, capture_output=True).stdout.decode()
    return [" ".join(sheet.split()) for sheet in text.split("\f")[:-1]]


def of_one_term(data: dict[str, Any]) -> dict[str, Any]:
    term = copy.deepcopy(data) | {"period": "I четверть", "decisions_due": False}
    for subject in term["subjects"]:
        subject["columns"] = subject["columns"][:1]
    for row in term["rows"] + term["totals"]:
        row["cells"] = row["cells"][::5]
    for row in term["rows"]:
        row["decisions"] = []
    return term


def test_every_mark_of_every_pupil_can_be_read(data: dict[str, Any]) -> None:
    sheets = printed(data)

    # Eight subjects of five columns fit a sheet.
    for row in data["rows"]:
        cells = [row["cells"][0:40], row["cells"][40:80], [*row["cells"][80:], row["average"]]]
        for sheet, marks in zip(sheets, cells, strict=True):
            assert " ".join([str(row["number"]), row["name"], *filter(None, marks)]) in sheet


def test_every_subject_stands_on_one_sheet(data: dict[str, Any]) -> None:
    sheets = printed(data)

    for subject in data["subjects"]:
        first, *rest = subject["title"].split()
        assert sum(first in sheet and all(word in sheet for word in rest) for sheet in sheets) >= 1


def test_the_decision_of_each_pupil_names_its_protocol(data: dict[str, Any]) -> None:
    last = printed(data)[-1]

    assert "переведён в 8А класс, протокол № 9 от 28.05.2026" in last
    assert "академическая задолженность по физике, протокол № 9 от 28.05.2026; срок ликвидации" in last


def test_a_pupil_without_a_decision_is_told_apart(data: dict[str, Any]) -> None:
    last = printed(data)[-1]

    assert last.count("решение не внесено на день печати") == 1
    assert UNDECIDED not in last


def test_a_year_without_decisions_says_so_in_a_sentence(data: dict[str, Any]) -> None:
    for row in data["rows"]:
        row["decisions"] = []

    last = printed(data)[-1]

    assert UNDECIDED in last
    assert "дата и номер протокола" not in last


def test_a_statement_of_a_term_speaks_of_no_decision(data: dict[str, Any]) -> None:
    sheets = printed(of_one_term(data))

    assert len(sheets) == 1
    assert "7А класс, 2025/2026 учебный год, I четверть" in sheets[0]
    assert "педагогического совета" not in sheets[0]


@pytest.mark.parametrize("pupils", [1, 23, 30, 35])
def test_the_signatures_stand_under_the_table(data: dict[str, Any], pupils: int) -> None:
    rows = [data["rows"][number % 23] | {"number": number + 1} for number in range(pupils)]

    sheets = printed(data | {"rows": rows})

    assert len(sheets) == 3
    assert data["rows"][0]["name"] in sheets[-1]
    assert "Классный руководитель Воронцова Галина Степановна" in sheets[-1]
    assert "Директор Громов В. С." in sheets[-1]
    assert "М. П." in sheets[-1]


def test_the_figures_of_the_class_are_printed(data: dict[str, Any]) -> None:
    last = printed(data)[-1]

    for line in data["summary"]:
        assert f"{line['title']}: {line['value']}" in last
    assert " ".join(["Качество знаний, %", *data["totals"][1]["cells"][80:]]) in last
