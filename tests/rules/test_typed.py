"""What people type is read as they meant it, or refused: never guessed."""

from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest

from letopis.rules.classes import class_name, class_sort_key, parse_grades, parse_school_class
from letopis.rules.curriculum import format_hours, parse_hours
from letopis.rules.dates import parse_day, parse_school_year, school_year_label, school_year_of
from letopis.rules.names import full_name, match_key, short_name, split_full_name
from letopis.rules.phones import normalise_phone
from letopis.rules.russian import counted, date_title, day_title, parse_weekday, plural, short_date
from letopis.rules.snils import control_number, normalise_snils, snils_is_valid
from letopis.rules.text import many_lines, one_line

from . import tables

Row = dict[str, Any]


def row_name(row: Row) -> str:
    return repr(next(iter(row.values())))


@pytest.mark.parametrize("row", tables.rows("typed", "match_key"), ids=row_name)
def test_matches_typed_text(row: Row) -> None:
    assert match_key(row["text"]) == row["is"]


@pytest.mark.parametrize("row", tables.rows("typed", "short_name"), ids=row_name)
def test_shortens_a_name(row: Row) -> None:
    assert short_name(*row["name"]) == row["is"]


@pytest.mark.parametrize("row", tables.rows("typed", "split_full_name"), ids=row_name)
def test_splits_a_full_name(row: Row) -> None:
    assert list(split_full_name(row["text"])) == row["is"]


def test_a_full_name_has_no_gaps() -> None:
    assert full_name("Ли", "", " Сергеевна ") == "Ли Сергеевна"


@pytest.mark.parametrize("row", tables.rows("typed", "day"), ids=row_name)
def test_reads_a_day(row: Row) -> None:
    assert parse_day(row["text"]) == row.get("is")


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (date(2026, 9, 1), date(2026, 9, 1)),
        (datetime(2026, 9, 1, 23, 59), date(2026, 9, 1)),
        (46266, None),
        (None, None),
        (True, None),
    ],
)
def test_reads_a_day_of_a_spreadsheet(value: object, day: date | None) -> None:
    read = parse_day(value)

    assert read == day
    assert not isinstance(read, datetime)


@pytest.mark.parametrize("row", tables.rows("typed", "school_year"), ids=row_name)
def test_reads_a_school_year(row: Row) -> None:
    assert parse_school_year(row["text"]) == row.get("is")


def test_a_school_year_is_named_and_found_by_its_first_september() -> None:
    assert school_year_label(2026) == "2026/27"
    assert school_year_label(1999) == "1999/00"
    assert school_year_of(date(2027, 8, 31)) == 2026
    assert school_year_of(date(2027, 9, 1)) == 2027


@pytest.mark.parametrize("row", tables.rows("typed", "school_class"), ids=row_name)
def test_reads_a_class(row: Row) -> None:
    expected = tuple(row["is"]) if "is" in row else None

    assert parse_school_class(row["text"]) == expected


@pytest.mark.parametrize(("value", "expected"), [(5, (5, "")), (5.0, None), (None, None), (True, None)])
def test_reads_a_class_of_a_spreadsheet(value: object, expected: tuple[int, str] | None) -> None:
    assert parse_school_class(value) == expected


def test_orders_classes_as_a_school_does() -> None:
    classes = [(10, "А"), (2, "Б"), (2, "А"), (5, "Ж"), (5, "Ё"), (5, "Е")]

    ordered = [class_name(*one) for one in sorted(classes, key=lambda one: class_sort_key(*one))]

    assert ordered == ["2А", "2Б", "5Ё", "5Е", "5Ж", "10А"]


@pytest.mark.parametrize("row", tables.rows("typed", "grades"), ids=row_name)
def test_reads_grades(row: Row) -> None:
    expected = tuple(row["is"]) if "is" in row else None

    assert parse_grades(row["text"]) == expected


def test_refuses_grades_that_a_spreadsheet_turned_into_a_day() -> None:
    assert parse_grades(datetime(2026, 9, 1)) is None
    assert parse_grades(1) == (1,)


@pytest.mark.parametrize("row", tables.rows("typed", "hours"), ids=row_name)
def test_reads_hours(row: Row) -> None:
    expected = Fraction(row["is"]) if "is" in row else None

    assert parse_hours(row["text"]) == expected


@pytest.mark.parametrize(
    ("hours", "text"),
    [(Fraction(3), "3"), (Fraction(3, 2), "1,5"), (Fraction(1, 4), "0,25"), (Fraction(1, 3), "1/3"), (30, "30")],
)
def test_writes_hours(hours: Fraction, text: str) -> None:
    assert format_hours(hours) == text


@pytest.mark.parametrize("row", tables.rows("typed", "snils"), ids=row_name)
def test_checks_a_snils(row: Row) -> None:
    assert snils_is_valid(row["text"]) is row["valid"]
    assert normalise_snils(row["text"]) == row.get("is")


@pytest.mark.parametrize("row", tables.rows("typed", "control_number"), ids=row_name)
def test_computes_the_control_number(row: Row) -> None:
    assert control_number(row["digits"]) == row["is"]


@pytest.mark.parametrize("row", tables.rows("typed", "phone"), ids=row_name)
def test_reads_a_phone(row: Row) -> None:
    assert normalise_phone(row["text"]) == row.get("is")


@pytest.mark.parametrize("row", tables.rows("typed", "weekday"), ids=row_name)
def test_reads_a_weekday(row: Row) -> None:
    assert parse_weekday(row["text"]) == row.get("is")


@pytest.mark.parametrize("row", tables.rows("typed", "plural"), ids=row_name)
def test_chooses_the_plural_form(row: Row) -> None:
    assert plural(row["number"], "ученик", "ученика", "учеников") == row["is"]


def test_writes_days_in_russian() -> None:
    day = date(2026, 11, 16)

    assert day_title(day) == "понедельник, 16 ноября 2026"
    assert date_title(day) == "16 ноября 2026"
    assert short_date(day) == "16.11.2026"
    assert counted(21, "день", "дня", "дней") == "21 день"


@pytest.mark.parametrize(
    ("typed", "line", "lines"),
    [
        (" Корни   уравнения ", "Корни уравнения", "Корни   уравнения"),
        ("№ 5\r\n№ 6", "№ 5 № 6", "№ 5\n№ 6"),
        ("a\x00b\x07\x1b[0m\x7f\x85", "ab[0m", "ab[0m"),
        ("a\tb", "a b", "a\tb"),
        ("a\ud800b", "ab", "ab"),
        ("сло\u00adво 🚀", "сло\u00adво 🚀", "сло\u00adво 🚀"),
    ],
)
def test_control_characters_are_no_text(typed: str, line: str, lines: str) -> None:
    assert (one_line(typed), many_lines(typed)) == (line, lines)
