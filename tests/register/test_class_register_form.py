import copy
import shutil
import subprocess
from datetime import date
from typing import Any

import pytest

from letopis.core.typst import render, sample

FORM = ("register", "class_register", date(2026, 9, 1))

pytestmark = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is missing")


@pytest.fixture
def data() -> dict[str, Any]:
    return sample("register", "class_register")


def printed(data: dict[str, Any]) -> list[str]:
    """Return the text of each sheet."""
    document = render(FORM, data, issued_on=date(2026, 6, 10))
    command = ["pdftotext", "-layout", "-", "-"]
    text = subprocess.run(command, input=document, check=True, capture_output=True).stdout.decode()
    return text.split("\f")[:-1]


def words(sheet: str) -> list[str]:
    return sheet.split()


def sheets_with(sheets: list[str], text: str) -> list[int]:
    return [number for number, sheet in enumerate(sheets, 1) if text in sheet]


def test_every_name_and_every_mark_can_be_read(data: dict[str, Any]) -> None:
    course = data["courses"][0]
    sheets = printed(data | {"courses": [course]})

    marks = [sheet for sheet in sheets if "Алгебра" in sheet and "Фамилия, имя" in sheet]
    for row in course["rows"]:
        lines = [line.strip() for sheet in marks for line in sheet.splitlines()]
        found = [line for line in lines if line.startswith(f"{row['number']} ") and row["name"] in line]
        note = f" ({row['note']})" if row["note"] else ""
        signs = "".join(line.split(row["name"] + note, 1)[1] for line in found)
        assert len(found) == len(marks)
        assert signs.replace(" ", "") == "".join(row["cells"]).replace(" ", "")


def test_every_lesson_stands_on_the_right_side_with_topic_and_homework(data: dict[str, Any]) -> None:
    course = data["courses"][0]
    text = " ".join(words(" ".join(printed(data | {"courses": [course]}))))

    for number, lesson in enumerate(course["lessons"], 1):
        day = f"{lesson['date'][8:]}.{lesson['date'][5:7]}"
        if len(lesson["topic"]) < 60:
            line = f"{number} {day} {lesson['number']} {lesson['topic']} {lesson['homework']} {lesson['teacher']}"
            assert line.strip() in text
    assert "Лебедева Н. О." in text


def test_the_title_page_says_whose_register_it_is_and_how_many_sheets(data: dict[str, Any]) -> None:
    sheets = printed(data)
    title = " ".join(words(sheets[0]))

    for part in (data["organisation"], "КЛАССНЫЙ ЖУРНАЛ", "7А класс", "2025/2026 учебный год", data["deputy"], "М. П."):
        assert part in title
    assert f"напечатана 10 июня 2026 г. В журнале листов: {len(sheets)}." in title


def test_every_sheet_is_numbered_and_every_sheet_of_a_course_named(data: dict[str, Any]) -> None:
    sheets = printed(data)

    assert [f"Лист {number} из {len(sheets)}" in sheet for number, sheet in enumerate(sheets, 1)] == [True] * len(
        sheets
    )
    assert all("7А класс, 2025/2026 учебный год" in sheet for sheet in sheets[1:])


def test_the_contents_name_the_sheet_on_which_a_course_begins(data: dict[str, Any]) -> None:
    sheets = printed(data)
    contents = [words(line) for line in sheets[1].splitlines()]

    for course in data["courses"]:
        title = course["subject"] + (f", {course['group']}" if course["group"] else "")
        first = sheets_with(sheets, title)[1]
        assert any(" ".join(line[1:]).startswith(title) and line[-1] == str(first) for line in contents)


def test_the_list_of_pupils_has_alphabet_numbers_and_movement(data: dict[str, Any]) -> None:
    pupils = " ".join(words(printed(data)[2]))

    for pupil in data["pupils"]:
        assert f"{pupil['number']} {pupil['name']} {pupil['alphabet_number']}" in pupils
    assert "прибыл 12.01.2026, приказ № 3-у" in pupils


def test_the_summary_of_attendance_closes_the_register(data: dict[str, Any]) -> None:
    last = printed(data)[-1]

    assert "Сводные сведения о посещаемости" in last
    for row in data["attendance"]["rows"]:
        assert " ".join([row["name"], *filter(None, row["cells"])]) in " ".join(words(last))


def test_a_course_without_lessons_says_so_and_lists_its_pupils(data: dict[str, Any]) -> None:
    sheets = printed(data)
    empty = next(sheet for sheet in sheets if "записей о занятиях по этому предмету нет" in sheet)

    assert "Проектная деятельность" in empty
    assert all(pupil["name"] in empty for pupil in data["courses"][-1]["rows"])


def test_a_sheet_holds_at_most_28_columns_and_never_tears_a_lesson(data: dict[str, Any]) -> None:
    course = copy.deepcopy(data["courses"][0])
    course["lessons"] = course["lessons"][:30]
    course["columns"] = [{"lesson": index // 3, "work": "КР"} for index in range(90)]
    for row in course["rows"]:
        row["cells"] = ["5"] * 90

    sheets = [sheet for sheet in printed(data | {"courses": [course]}) if "Фамилия, имя" in sheet and "КР" in sheet]

    # The list of pupils also names the sign КР.
    assert [sheet.count("КР") for sheet in sheets if "Условные" not in sheet] == [27, 27, 27, 9]


def test_a_large_class_fills_one_sheet_per_side(data: dict[str, Any]) -> None:
    course = copy.deepcopy(data["courses"][4])
    row = course["rows"][0]
    course["rows"] = [row | {"number": number} for number in range(1, 36)]
    attendance = data["attendance"] | {
        "rows": [data["attendance"]["rows"][0] | {"number": number} for number in range(1, 36)]
    }
    pupils = [data["pupils"][0] | {"number": number} for number in range(1, 36)]

    sheets = printed(data | {"courses": [course], "attendance": attendance, "pupils": pupils})

    # Title, contents, pupils, two pairs of the course (34 lessons and 5 results), attendance.
    assert len(sheets) == 3 + 4 + 1


def test_a_copy_of_one_term_says_which(data: dict[str, Any]) -> None:
    assert "I четверть" in printed(data | {"period": "I четверть", "courses": []})[0]
