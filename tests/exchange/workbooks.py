"""A tiny school in a workbook, without a single problem; a test spoils one cell and looks at what is said."""

import io
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook

from letopis.exchange.checking import Problem, check
from letopis.exchange.reading import SchoolBook, read_school
from letopis.exchange.workbook import RawBook, RawSheet
from letopis.rules.snils import control_number

SAMPLES = Path(__file__).parents[2] / "samples"


def snils(nine_digits: str) -> str:
    """Return a СНИЛС whose control number agrees."""
    digits = nine_digits
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]} {control_number(digits):02d}"


IVANOVA, PETROV, SIDOROVA = "Иванова Анна Петровна", "Петров Олег Ильич", "Сидорова Алёна Юрьевна"

TINY: dict[str, list[list[object]]] = {
    "Школа": [
        ["Поле", "Значение"],
        ["Полное наименование", "МБОУ «Школа № 1»"],
        ["Краткое наименование", "Школа № 1"],
        ["ИНН", "0000000000"],
        ["Адрес", "г. Примерск"],
        ["Учебный год", "2026/2027"],
        ["Часовой пояс", "Europe/Moscow"],
        ["Учебная неделя, дней", 5],
    ],
    "Периоды": [
        ["Период", "Классы", "Начало", "Окончание"],
        ["1 полугодие", "1-9", datetime(2026, 9, 1), datetime(2026, 12, 29)],
        ["2 полугодие", "1-9", datetime(2027, 1, 11), datetime(2027, 5, 26)],
    ],
    "Каникулы": [
        ["Каникулы", "Классы", "Начало", "Окончание"],
        ["Зимние", "1-11", datetime(2026, 12, 30), datetime(2027, 1, 10)],
        ["Дополнительные", "1", datetime(2027, 2, 15), datetime(2027, 2, 21)],
    ],
    "Звонки": [["Урок", "Начало", "Окончание"], [1, "08:30", "09:10"], [2, "09:20", "10:00"], [3, "10:20", "11:00"]],
    "Предметы": [
        ["Предмет", "Компонент", "Оценивание"],
        ["Математика", "обязательная часть", "пятибалльная"],
        ["Английский язык", "обязательная часть", "пятибалльная"],
        ["Музыка", "обязательная часть", "безотметочное"],
    ],
    "Кабинеты": [["Кабинет", "Мест"], ["101", 30], ["102", 30], ["Актовый зал", 60]],
    "Сотрудники": [
        ["Код", "ФИО", "Должность", "Предметы", "Эл. почта", "Телефон"],
        ["T1", IVANOVA, "Учитель", "Математика, Музыка", "t1@school.example", "+7 900 000-00-01"],
        ["T2", PETROV, "Учитель", "Английский язык", "t2@school.example", "+7 900 000-00-02"],
        ["T3", SIDOROVA, "Учитель начальных классов", "начальные классы", None, None],
    ],
    "Классы": [
        ["Класс", "Классный руководитель", "Смена", "Профиль"],
        ["5А", IVANOVA, 1, None],
        ["5Б", PETROV, 1, None],
    ],
    "Обучающиеся": [
        [
            "№ в алфавитной книге",
            "Фамилия",
            "Имя",
            "Отчество",
            "Пол",
            "Дата рождения",
            "СНИЛС",
            "Класс",
            "Дата зачисления",
            "Форма обучения",
            "ОВЗ",
        ],
        [
            "А-1",
            "Акимов",
            "Пётр",
            "Олегович",
            "м",
            datetime(2015, 3, 1),
            snils("100200301"),
            "5А",
            datetime(2022, 9, 1),
            "очная",
            None,
        ],
        [
            "Б-2",
            "Белова",
            "Анна",
            "Ильинична",
            "ж",
            datetime(2015, 4, 2),
            snils("100200302"),
            "5А",
            datetime(2022, 9, 1),
            "очная",
            "да",
        ],
        [
            "В-3",
            "Волков",
            "Иван",
            None,
            "м",
            datetime(2015, 5, 3),
            snils("100200303"),
            "5Б",
            datetime(2022, 9, 1),
            "обучение на дому",
            None,
        ],
        [
            "Г-4",
            "Громова",
            "Яна",
            "Львовна",
            "ж",
            datetime(2014, 6, 4),
            snils("100200304"),
            None,
            datetime(2026, 9, 1),
            "семейная",
            None,
        ],
    ],
    "Родители": [
        [
            "№ обучающегося",
            "Степень родства",
            "ФИО",
            "Телефон",
            "Эл. почта",
            "Обработка ПДн",
            "Дата заявления",
            "Способ информирования",
        ],
        [
            "А-1",
            "мать",
            "Акимова Ольга Ивановна",
            "+7 901 000-00-01",
            "o@mail.example",
            "согласие",
            datetime(2026, 8, 26),
            "СМС",
        ],
        ["А-1", "отец", "Акимов Олег Юрьевич", None, None, "отказ", datetime(2026, 8, 27), "бумажная выписка"],
    ],
    "Индивидуальные планы": [
        ["№ обучающегося", "Обучающийся", "Предмет", "Часов в неделю", "Учитель", "Основание"],
        ["В-3", "Волков Иван", "Математика", 1, SIDOROVA, "Приказ № 1 от 01.09.2026"],
    ],
    "Итоги прошлых лет": [
        ["№ обучающегося", "Учебный год", "Класс", "Предмет", "Период", "Отметка", "Источник"],
        ["А-1", "2025/2026", "4А", "Математика", "год", 5, None],
        ["А-1", "2025/2026", "4А", "Музыка", "год", "зачёт", "ведомость прежней школы"],
    ],
    "Подгруппы": [
        ["Класс", "№ обучающегося", "Обучающийся", "Подгруппа", "Предмет"],
        ["5А", "А-1", "Акимов Пётр", "1 подгруппа", None],
        ["5А", "Б-2", "Белова Анна Ильинична", "2 подгруппа", None],
    ],
    "Учебный план": [
        ["Класс", "Предмет", "Часов в неделю"],
        ["5А", "Математика", 2],
        ["5А", "Английский язык", 1],
        ["5А", "Музыка", 1],
        ["5Б", "Музыка", 1],
    ],
    "Нагрузка": [
        ["Класс", "Предмет", "Подгруппа", "Часов в неделю", "Учитель"],
        ["5А", "Математика", None, 2, IVANOVA],
        ["5А", "Английский язык", "1 подгруппа", 1, PETROV],
        ["5А", "Английский язык", "2 подгруппа", 1, SIDOROVA],
        ["5А", "Музыка", None, 1, IVANOVA],
        ["5Б", "Музыка", None, 1, IVANOVA],
    ],
    "Расписание": [
        ["День", "Урок", "Класс", "Предмет", "Подгруппа", "Учитель", "Кабинет"],
        ["понедельник", 1, "5А", "Математика", None, IVANOVA, "101"],
        ["понедельник", 2, "5А", "Английский язык", "1 подгруппа", PETROV, "101"],
        ["понедельник", 2, "5А", "Английский язык", "2 подгруппа", SIDOROVA, "102"],
        ["понедельник", 3, "5А", "Музыка", None, IVANOVA, "Актовый зал"],
        ["понедельник", 3, "5Б", "Музыка", None, IVANOVA, "Актовый зал"],
        ["вторник", 1, "5А", "Математика", None, IVANOVA, "101"],
    ],
}


class Book:
    """A workbook in the making: sheets of rows, row 1 is the header, as in a spreadsheet."""

    def __init__(self) -> None:
        self.sheets = {title: [list(row) for row in rows] for title, rows in TINY.items()}

    def put(self, sheet: str, row: int, column: str, value: object) -> "Book":
        """Type a value into a cell."""
        rows = self.sheets[sheet]
        rows[row - 1][rows[0].index(column)] = value
        return self

    def add(self, sheet: str, *values: object) -> "Book":
        """Add a row at the end."""
        self.sheets[sheet].append(list(values))
        return self

    def drop(self, sheet: str, row: int) -> "Book":
        """Take a row out."""
        del self.sheets[sheet][row - 1]
        return self

    def saved(self) -> io.BytesIO:
        """Return the file."""
        workbook = Workbook()
        workbook.remove(workbook.active)
        for title, rows in self.sheets.items():
            sheet = workbook.create_sheet(title)
            for row in rows:
                sheet.append(row)
        file = io.BytesIO()
        workbook.save(file)
        file.seek(0)
        return file

    def read(self) -> SchoolBook:
        """Return the book without the way through a file, which takes a hundred times longer."""
        return read_school(RawBook(tuple(_raw(title, rows) for title, rows in self.sheets.items())))

    def problems(self) -> list[Problem]:
        return check(self.read())


def _raw(title: str, rows: list[list[object]]) -> RawSheet:
    cells = [tuple(None if isinstance(value, str) and not value.strip() else value for value in row) for row in rows]
    numbered = enumerate(cells[1:], start=2)
    return RawSheet(
        title, cells[0], tuple((number, row) for number, row in numbered if any(v is not None for v in row))
    )
