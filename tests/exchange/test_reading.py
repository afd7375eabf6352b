from datetime import date, datetime, time
from fractions import Fraction

import pytest

from letopis.exchange.cells import ClassKey, FullName, TermTitle
from letopis.exchange.reading import read_workbook
from tests.exchange.workbooks import SAMPLES, Book, snils

TOLERATED = [
    # sheet, row, column, typed, field of SchoolBook, field of the row, what it means
    ("Обучающиеся", 2, "Класс", "5 а", "pupils", "school_class", ClassKey(5, "А")),
    ("Обучающиеся", 2, "Класс", "5-А", "pupils", "school_class", ClassKey(5, "А")),
    ("Обучающиеся", 2, "Класс", "5A", "pupils", "school_class", ClassKey(5, "А")),
    ("Обучающиеся", 2, "Дата рождения", "01.03.2015", "pupils", "born_on", date(2015, 3, 1)),
    ("Обучающиеся", 2, "Дата рождения", "1.3.15", "pupils", "born_on", date(2015, 3, 1)),
    ("Обучающиеся", 2, "Дата рождения", "2015-03-01", "pupils", "born_on", date(2015, 3, 1)),
    ("Обучающиеся", 2, "Дата рождения", datetime(2015, 3, 1), "pupils", "born_on", date(2015, 3, 1)),
    ("Обучающиеся", 2, "Пол", " М ", "pupils", "sex", "M"),
    ("Обучающиеся", 2, "Пол", "жен.", "pupils", "sex", "F"),
    ("Обучающиеся", 2, "Фамилия", "  Акимов\u00a0", "pupils", "last_name", "Акимов"),
    ("Обучающиеся", 2, "СНИЛС", 10020030131, "pupils", "snils", "100-200-301 31"),
    ("Обучающиеся", 2, "СНИЛС", "10020030131", "pupils", "snils", "100-200-301 31"),
    ("Обучающиеся", 2, "СНИЛС", 1486110525, "pupils", "snils", "014-861-105 25"),
    ("Обучающиеся", 2, "СНИЛС", None, "pupils", "snils", None),
    ("Обучающиеся", 2, "Форма обучения", "Очно–заочная", "pupils", "form", "PART_TIME"),
    ("Обучающиеся", 2, "ОВЗ", "Да", "pupils", "has_special_needs", True),
    ("Обучающиеся", 2, "ОВЗ", "нет", "pupils", "has_special_needs", False),
    ("Обучающиеся", 2, "№ в алфавитной книге", 17, "pupils", "number", "17"),
    ("Родители", 2, "Телефон", "8 (901) 000 00 01", "guardians", "phone", "+79010000001"),
    ("Родители", 2, "Телефон", 89010000001, "guardians", "phone", "+79010000001"),
    ("Родители", 2, "Телефон", 9010000001, "guardians", "phone", "+79010000001"),
    ("Родители", 2, "Эл. почта", " O.Akimova@Mail.Example ", "guardians", "email", "o.akimova@mail.example"),
    ("Родители", 2, "ФИО", "Акимова  Ольга Ивановна ", "guardians", "name", FullName("Акимова", "Ольга", "Ивановна")),
    ("Родители", 2, "Обработка ПДн", "Согласие", "guardians", "consent", "GIVEN"),
    ("Родители", 2, "Способ информирования", "смс", "guardians", "informing", "SMS"),
    ("Родители", 2, "Способ информирования", "Эл.почта", "guardians", "informing", "EMAIL"),
    ("Кабинеты", 2, "Кабинет", 101, "rooms", "name", "101"),
    ("Кабинеты", 2, "Мест", 30.0, "rooms", "seats", 30),
    ("Периоды", 2, "Период", "I полугодие", "terms", "term", TermTitle("HALF_YEAR", 1, "1 полугодие")),
    ("Периоды", 2, "Период", "1-я четверть", "terms", "term", TermTitle("QUARTER", 1, "1 четверть")),
    ("Периоды", 2, "Период", "1 модуль", "terms", "term", TermTitle("OTHER", 1, "1 модуль")),
    ("Периоды", 2, "Классы", "1 – 9", "terms", "grades", tuple(range(1, 10))),
    ("Периоды", 2, "Классы", 5, "terms", "grades", (5,)),
    ("Звонки", 2, "Начало", time(8, 30), "bells", "starts_at", time(8, 30)),
    ("Звонки", 2, "Начало", "8.30", "bells", "starts_at", time(8, 30)),
    ("Предметы", 2, "Оценивание", "Пятибалльная ", "subjects", "scale", "FIVE_POINT"),
    ("Предметы", 2, "Компонент", "Часть, формируемая участниками", "subjects", "part", "PARTICIPANTS"),
    ("Учебный план", 2, "Часов в неделю", "2,5", "curriculum", "hours", Fraction(5, 2)),
    ("Учебный план", 2, "Часов в неделю", 0.5, "curriculum", "hours", Fraction(1, 2)),
    ("Нагрузка", 2, "Учитель", "вакансия", "workload", "teacher", None),
    ("Нагрузка", 2, "Учитель", "—", "workload", "teacher", None),
    ("Расписание", 2, "День", "Пн", "timetable", "weekday", 1),
    ("Расписание", 2, "Урок", "1", "timetable", "number", 1),
    ("Итоги прошлых лет", 2, "Отметка", "5", "past_results", "mark", "5"),
    ("Итоги прошлых лет", 2, "Отметка", "Н/А", "past_results", "mark", "н/а"),
    ("Итоги прошлых лет", 3, "Отметка", "зачет", "past_results", "mark", "зачёт"),
    ("Итоги прошлых лет", 2, "Период", "Годовая", "past_results", "period", "год"),
    ("Итоги прошлых лет", 2, "Период", "II полугодие", "past_results", "period", "2 полугодие"),
    ("Итоги прошлых лет", 2, "Учебный год", "2025/26", "past_results", "year_starts", 2025),
    ("Школа", 6, "Значение", "2026-2027", "school", "year_starts", 2026),
    (
        "Сотрудники",
        2,
        "Предметы",
        "Математика; Английский язык (углублённый, базовый)",
        "employees",
        "subjects",
        ("Математика", "Английский язык (углублённый, базовый)"),
    ),
]


@pytest.mark.parametrize(("sheet", "row", "column", "typed", "rows", "field", "meaning"), TOLERATED)
def test_reads_what_people_type(
    sheet: str, row: int, column: str, typed: object, rows: str, field: str, meaning: object
) -> None:
    book = Book().put(sheet, row, column, typed).read()

    found = getattr(book, rows)
    read = found if sheet == "Школа" else next(one for one in found if one.row == row)
    assert getattr(read, field) == meaning
    assert book.problems == ()


def test_finds_sheets_and_columns_whatever_their_case_spaces_and_yo() -> None:
    book = Book()
    book.sheets["  учебный  ПЛАН "] = book.sheets.pop("Учебный план")
    book.sheets["Обучающиеся"][0][7] = " класс "

    read = book.read()

    assert [str(row.school_class) for row in read.curriculum] == ["5А", "5А", "5А", "5Б"]
    assert read.pupils[0].school_class == ClassKey(5, "А")
    assert read.problems == ()


def test_keeps_the_row_number_of_the_spreadsheet_across_empty_rows() -> None:
    book = Book()
    book.sheets["Кабинеты"].insert(2, [None, "  "])

    assert [(room.name, room.row) for room in book.read().rooms] == [("101", 2), ("102", 4), ("Актовый зал", 5)]


def test_lists_sheets_and_columns_that_it_does_not_know() -> None:
    book = Book()
    book.sheets["Заметки"] = [["Что угодно"]]
    book.sheets["Кабинеты"][0].append("Этаж")

    read = book.read()

    assert read.ignored == ("лист «Заметки»", "лист «Кабинеты», столбец «Этаж»")
    assert read.problems == ()


def test_does_without_a_column_that_may_be_empty() -> None:
    book = Book()
    for row in book.sheets["Подгруппы"]:
        del row[4]

    read = book.read()

    assert [row.subject for row in read.subgroups] == [None, None]
    assert read.problems == ()


def test_an_extern_is_attached_to_no_class_or_to_the_one_that_attests_him() -> None:
    alone = Book().read().pupils[3]
    attached = Book().put("Обучающиеся", 5, "Класс", "5А").read().pupils[3]

    assert (alone.is_extern, alone.school_class) == (True, None)
    assert (attached.is_extern, attached.school_class) == (True, ClassKey(5, "А"))


def test_makes_valid_numbers_for_the_tests() -> None:
    assert snils("112233445") == "112-233-445 95"


@pytest.mark.parametrize(
    ("school", "counts"),
    [
        ("17", (269, 427, 6, 6286, 269, 150, 167, 357)),
        ("5", (827, 1340, 80, 16677, 827, 445, 493, 1063)),
    ],
)
def test_reads_the_schools_that_the_product_ships(school: str, counts: tuple[int, ...]) -> None:
    book = read_workbook(SAMPLES / f"school-{school}.xlsx")

    assert (
        len(book.pupils),
        len(book.guardians),
        len(book.individual_plans),
        len(book.past_results),
        len(book.subgroups),
        len(book.curriculum),
        len(book.workload),
        len(book.timetable),
    ) == counts
    assert book.ignored == ()
