from collections.abc import Callable
from datetime import datetime

import pytest

from letopis.exchange.checking import Problem, check, has_errors
from letopis.exchange.reading import read_workbook
from tests.exchange.workbooks import IVANOVA, PETROV, SAMPLES, SIDOROVA, TINY, Book, snils

A = "1 подгруппа"
FIRST_PUPIL = TINY["Обучающиеся"][1]

# What was typed where, and what is said: sheet, row, column, severity, message.
Said = tuple[str, int, str, str, str]
CASES: list[tuple[str, Callable[[Book], object], list[Said]]] = []


def case(name: str, spoil: Callable[[Book], object], *said: Said) -> None:
    CASES.append((name, spoil, list(said)))


def put(sheet: str, row: int, column: str, value: object) -> Callable[[Book], object]:
    return lambda book: book.put(sheet, row, column, value)


def add(sheet: str, *values: object) -> Callable[[Book], object]:
    return lambda book: book.add(sheet, *values)


def one(sheet: str, row: int, column: str, value: object, message: str) -> None:
    """A cell that is an error by itself."""
    case(f"{column}: {value}", put(sheet, row, column, value), (sheet, row, column, "error", message))


# Cells
one("Обучающиеся", 2, "СНИЛС", "100-200-301 32", "СНИЛС 100-200-301 32: контрольное число не сходится.")
one("Обучающиеся", 2, "СНИЛС", "100-200-30", "СНИЛС «100-200-30» — не одиннадцать цифр.")
one("Обучающиеся", 2, "Пол", "х", "Значение «х» не из списка.")
one("Обучающиеся", 2, "Форма обучения", "дневная", "Значение «дневная» не из списка.")
one("Обучающиеся", 2, "Дата рождения", "31.02.2015", "«31.02.2015» — не дата.")
one("Обучающиеся", 2, "Фамилия", None, "Не заполнено: «Фамилия».")
case(
    "a cell with a whole document in it",
    put("Кабинеты", 2, "Мест", "9" * 5000),
    ("Кабинеты", 2, "Мест", "error", "Слишком длинно: 5000 знаков."),
)
one("Обучающиеся", 2, "Класс", "12А", "«12А» — не класс.")
one("Обучающиеся", 2, "Класс", None, "Не указан класс обучающегося.")
one("Родители", 2, "Телефон", "нет", "«нет» — не номер телефона.")
one("Родители", 2, "Эл. почта", "mail.example", "«mail.example» — не адрес эл. почты.")
one("Родители", 2, "Обработка ПДн", "да", "Значение «да» не из списка.")
one("Родители", 2, "Способ информирования", "голубь", "Значение «голубь» не из списка.")
one("Родители", 2, "ФИО", "Акимова", "В ФИО «Акимова» нет имени.")
one("Предметы", 2, "Компонент", "федеральный", "Значение «федеральный» не из списка.")
one("Предметы", 2, "Оценивание", "стобалльная", "Значение «стобалльная» не из списка.")
one("Кабинеты", 2, "Мест", "много", "«много» — не целое число от 0 до 5000.")
one("Звонки", 2, "Начало", "утром", "«утром» — не время.")
one("Учебный план", 2, "Часов в неделю", 0, "«0» — не число часов в неделю.")
one("Периоды", 2, "Классы", datetime(2026, 9, 1), "«01.09.2026» — не параллели.")
one("Периоды", 2, "Классы", "1-4, 5-7, 9", "Параллели «1-4, 5-7, 9» идут не подряд.")
one("Периоды", 2, "Период", "осень", "В названии периода «осень» нет номера.")
one("Периоды", 2, "Период", "3 полугодие", "Периода «3 полугодие» не бывает.")
one("Школа", 6, "Значение", "2026", "«2026» — не учебный год.")
one("Школа", 7, "Значение", "Москва", "Часового пояса «Москва» нет.")
one("Школа", 4, "Значение", "123", "ИНН «123» — не десять цифр.")

# Repeated rows
case(
    "number of the alphabet book twice",
    put("Обучающиеся", 3, "№ в алфавитной книге", "а-1"),
    ("Обучающиеся", 3, "№ в алфавитной книге", "error", "Номер а-1 по алфавитной книге уже занят в строке 2."),
    (
        "Подгруппы",
        3,
        "№ обучающегося",
        "error",
        "Обучающегося с номером Б-2 нет на листе «Обучающиеся».",
    ),
)
one("Обучающиеся", 3, "СНИЛС", snils("100200301"), "СНИЛС 100-200-301 31 уже стоит в строке 2 (Акимов Пётр Олегович).")
case(
    "the same child twice",
    add("Обучающиеся", "Я-9", *FIRST_PUPIL[1:6], None, *FIRST_PUPIL[7:]),
    (
        "Обучающиеся",
        6,
        "Фамилия",
        "error",
        "Акимов Пётр Олегович с той же датой рождения уже есть в строке 2.",
    ),
)
for sheet in TINY:
    if sheet not in ("Школа", "Обучающиеся", "Сотрудники"):
        case(
            f"repeated row of {sheet}",
            add(sheet, *TINY[sheet][1]),
            (sheet, len(TINY[sheet]) + 1, str(TINY[sheet][0][0]), "error", "Строка повторяет строку 2."),
        )

# The year
case(
    "end before start",
    put("Периоды", 2, "Окончание", "29.12.2025"),
    ("Периоды", 2, "Окончание", "error", "Окончание раньше начала."),
    ("Периоды", 2, "Окончание", "error", "29.12.2025 — вне учебного года 2026/27."),
)
case(
    "overlapping periods",
    put("Периоды", 3, "Начало", "29.12.2026"),
    (
        "Периоды",
        3,
        "Начало",
        "error",
        "«2 полугодие» начинается 29.12.2026, когда «1 полугодие» (строка 2) ещё идёт: до 29.12.2026, 1 класс.",
    ),
)
one("Периоды", 3, "Окончание", "01.09.2027", "01.09.2027 — вне учебного года 2026/27.")
case(
    "a vacation across the end of a period",
    put("Каникулы", 2, "Начало", "29.12.2026"),
    (
        "Каникулы",
        2,
        "Начало",
        "error",
        "Каникулы «Зимние» заходят на период «1 полугодие» (01.09.2026 — 29.12.2026).",
    ),
)
case(
    "a class outside all periods",
    add("Классы", "10А", SIDOROVA, 1, None),
    ("Классы", 4, "Класс", "error", "Класс 10А не входит ни в один учебный период."),
)
one("Звонки", 3, "Начало", "09:00", "Урок 2 начинается раньше, чем кончается урок 1.")
one("Звонки", 4, "Окончание", "10:00", "Урок кончается раньше, чем начинается.")

# People
one("Обучающиеся", 2, "Дата рождения", "01.03.2027", "Родившемуся 01.03.2027 на 1 сентября 2026 года 0 лет.")
one("Обучающиеся", 2, "Дата рождения", "01.03.1990", "Родившемуся 01.03.1990 на 1 сентября 2026 года 36 лет.")
one("Обучающиеся", 2, "Дата зачисления", "01.09.2027", "Зачисление 01.09.2027 — после конца учебного года.")
one("Обучающиеся", 2, "Дата зачисления", "01.09.2014", "Зачисление раньше рождения.")
case(
    "a class that is not listed",
    put("Обучающиеся", 4, "Класс", "5В"),
    ("Обучающиеся", 4, "Класс", "error", "Класса 5В нет на листе «Классы»."),
)
one("Классы", 2, "Классный руководитель", "Иванова Инна", "Сотрудника «Иванова Инна» нет на листе «Сотрудники».")
one("Сотрудники", 2, "Предметы", "Математика, Физика", "Предмета «Физика» нет на листе «Предметы».")
one("Родители", 2, "№ обучающегося", "Щ-9", "Обучающегося с номером Щ-9 нет на листе «Обучающиеся».")
one("Индивидуальные планы", 2, "№ обучающегося", "Щ-9", "Обучающегося с номером Щ-9 нет на листе «Обучающиеся».")
one("Индивидуальные планы", 2, "Обучающийся", "Волков Олег", "Под номером В-3 записан другой обучающийся: Волков Иван.")
one("Индивидуальные планы", 2, "Предмет", "Физика", "Предмета «Физика» нет на листе «Предметы».")
one("Индивидуальные планы", 2, "Учитель", "Ким Ли", "Сотрудника «Ким Ли» нет на листе «Сотрудники».")
one("Индивидуальные планы", 2, "Часов в неделю", "час", "«час» — не число часов в неделю.")
one("Индивидуальные планы", 2, "Основание", None, "Не заполнено: «Основание».")
case(
    "a vacancy of an individual plan",
    put("Индивидуальные планы", 2, "Учитель", None),
    ("Индивидуальные планы", 2, "Учитель", "warning", "Волков Иван, Математика: учитель не назначен."),
)
case(
    "a subgroup of another class",
    put("Подгруппы", 2, "Класс", "5Б"),
    ("Подгруппы", 2, "Класс", "error", "Обучающийся А-1 (Акимов Пётр Олегович) — из класса 5А, а не 5Б."),
    ("Нагрузка", 3, "Подгруппа", "error", "В классе 5А нет обучающихся в подгруппе «1 подгруппа»."),
    ("Расписание", 3, "Подгруппа", "error", "В классе 5А нет обучающихся в подгруппе «1 подгруппа»."),
)
one("Подгруппы", 2, "Обучающийся", "Белова Анна", "Под номером А-1 записан другой обучающийся: Акимов Пётр Олегович.")
one("Итоги прошлых лет", 2, "Отметка", 6, "Отметки «6» нет в шкале предмета «Математика» (пятибалльная).")
one("Итоги прошлых лет", 2, "Отметка", "зачёт", "Отметки «зачёт» нет в шкале предмета «Математика» (пятибалльная).")
one("Итоги прошлых лет", 3, "Отметка", 5, "Отметки «5» нет в шкале предмета «Музыка» (безотметочное).")
one("Итоги прошлых лет", 2, "Период", "лето", "Период «лето» не из списка.")
one("Итоги прошлых лет", 2, "Учебный год", "2026/2027", "2026/27 — не прошлый учебный год.")
one("Итоги прошлых лет", 2, "Предмет", "Физика", "Предмета «Физика» нет на листе «Предметы».")

# Teaching
case(
    "a misprint is one problem, and the other checks see through it",
    put("Нагрузка", 2, "Предмет", "Матиматика"),
    ("Нагрузка", 2, "Предмет", "error", "Предмета «Матиматика» нет на листе «Предметы»."),
)
case(
    "hours of the workload differ from the curriculum and the timetable",
    put("Нагрузка", 2, "Часов в неделю", 3),
    ("Нагрузка", 2, "Часов в неделю", "error", "5А, Математика: в учебном плане 2 ч в неделю, а в нагрузке 3."),
    ("Нагрузка", 2, "Часов в неделю", "error", "5А, Математика: в нагрузке 3 ч в неделю, а в расписании 2 урока."),
)
case(
    "hours of one subgroup differ",
    put("Нагрузка", 4, "Часов в неделю", "0,5"),
    (
        "Нагрузка",
        4,
        "Часов в неделю",
        "error",
        "5А, Английский язык, 2 подгруппа: в учебном плане 1 ч в неделю, а в нагрузке 0,5.",
    ),
)
case(
    "a subgroup without workload",
    lambda book: book.drop("Нагрузка", 4).drop("Расписание", 4),
    (
        "Учебный план",
        3,
        "Часов в неделю",
        "error",
        "5А, Английский язык: предмет делится на подгруппы, а для группы «2 подгруппа» нагрузки нет.",
    ),
)
case(
    "a subject without workload",
    add("Учебный план", "5Б", "Математика", 2),
    (
        "Учебный план",
        6,
        "Часов в неделю",
        "error",
        "5Б, Математика: в учебном плане 2 ч в неделю, а в нагрузке строки нет.",
    ),
)
case(
    "workload outside the curriculum",
    lambda book: book.drop("Учебный план", 5),
    ("Нагрузка", 6, "Предмет", "error", "5Б, Музыка: в нагрузке предмет есть, а в учебном плане класса его нет."),
)
case(
    "a vacancy of the workload, filled in the timetable",
    put("Нагрузка", 2, "Учитель", "вакансия"),
    ("Нагрузка", 2, "Учитель", "warning", "5А, Математика: учитель не назначен (вакансия)."),
)
case(
    "a vacancy of the timetable",
    put("Расписание", 7, "Учитель", None),
    ("Расписание", 7, "Учитель", "warning", "вторник, урок 1: 5А, Математика: учитель не назначен."),
)
case(
    "another teacher in the timetable",
    put("Расписание", 7, "Учитель", PETROV),
    (
        "Расписание",
        7,
        "Учитель",
        "error",
        f"5А, Математика: в расписании {PETROV}, а в нагрузке {IVANOVA}.",
    ),
)
case(
    "a lesson too few",
    lambda book: book.drop("Расписание", 7),
    ("Нагрузка", 2, "Часов в неделю", "error", "5А, Математика: в нагрузке 2 ч в неделю, а в расписании 1 урок."),
)
case(
    "a lesson without workload",
    add("Расписание", "среда", 1, "5Б", "Математика", None, IVANOVA, "101"),
    ("Расписание", 8, "Предмет", "error", "5Б, Математика: уроки в расписании есть, а строки нагрузки нет."),
)
case(
    "a day that is none",
    put("Расписание", 7, "День", "завтра"),
    ("Расписание", 7, "День", "error", "«завтра» — не день недели."),
)
one("Расписание", 7, "День", "суббота", "Суббота — вне учебной недели: в ней 5 дней.")
one("Расписание", 7, "Урок", 4, "Урока 4 нет на листе «Звонки».")
one("Расписание", 7, "Кабинет", "999", "Кабинета «999» нет на листе «Кабинеты».")
case(
    "a lesson that is moved onto itself",
    put("Расписание", 7, "День", "понедельник"),
    ("Нагрузка", 2, "Часов в неделю", "error", "5А, Математика: в нагрузке 2 ч в неделю, а в расписании 1 урок."),
    (
        "Расписание",
        7,
        "День",
        "error",
        "Строка повторяет строку 2.",
    ),
)
case(
    "a class with a lesson for all and one for a subgroup",
    put("Расписание", 3, "Урок", 1),
    (
        "Расписание",
        3,
        "Класс",
        "error",
        "понедельник, урок 1: у класса 5А сразу несколько занятий: Математика (весь класс); "
        "Английский язык (1 подгруппа). Строки: 2, 3.",
    ),
    (
        "Расписание",
        3,
        "Кабинет",
        "warning",
        f"понедельник, урок 1: кабинет 101 занят сразу несколькими учителями: {IVANOVA}, {PETROV}. Строки: 2, 3.",
    ),
)
case(
    "a stream in two rooms",
    put("Расписание", 6, "Кабинет", "102"),
    (
        "Расписание",
        6,
        "Кабинет",
        "error",
        f"понедельник, урок 3: учитель {IVANOVA} сразу в разных кабинетах: Актовый зал, 102. Строки: 5, 6.",
    ),
)
case(
    "two subjects of a teacher at one time",
    put("Расписание", 6, "Урок", 1),
    (
        "Расписание",
        6,
        "Учитель",
        "error",
        f"понедельник, урок 1: у учителя {IVANOVA} сразу разные предметы: Математика, Музыка. Строки: 2, 6.",
    ),
)
case(
    "a whole class and a subgroup with one teacher",
    lambda book: (
        book.add("Подгруппы", "5Б", "В-3", "Волков Иван", A, None)
        .put("Нагрузка", 6, "Подгруппа", A)
        .put("Расписание", 6, "Подгруппа", A)
    ),
    (
        "Расписание",
        6,
        "Подгруппа",
        "error",
        f"понедельник, урок 3: у учителя {IVANOVA} сразу разные виды групп: 5А; 5Б, 1 подгруппа. Строки: 5, 6.",
    ),
)
case(
    "a room used twice",
    put("Расписание", 4, "Кабинет", "101"),
    (
        "Расписание",
        4,
        "Кабинет",
        "warning",
        f"понедельник, урок 2: кабинет 101 занят сразу несколькими учителями: {PETROV}, {SIDOROVA}. Строки: 3, 4.",
    ),
)
case(
    "a teacher whose name is not enough",
    add("Сотрудники", "T9", IVANOVA, "Учитель", None, None, None),
    *(
        (sheet, row, column, "error", f"Сотрудников с именем «{IVANOVA}» несколько: T1, T9.")
        for sheet, rows, column in (
            ("Классы", (2,), "Классный руководитель"),
            ("Нагрузка", (2, 5, 6), "Учитель"),
            ("Расписание", (2, 5, 6, 7), "Учитель"),
        )
        for row in rows
    ),
)

# Sheets and columns
case(
    "a sheet that is missing",
    lambda book: book.sheets.pop("Каникулы"),
    ("Каникулы", 1, "", "error", "В книге нет листа «Каникулы»."),
)
case(
    "a column that is missing",
    lambda book: book.put("Родители", 1, "Степень родства", None),
    ("Родители", 1, "Степень родства", "error", "На листе нет столбца «Степень родства»."),
)
case(
    "a misspelled column that may be empty",
    lambda book: book.put("Родители", 1, "Телефон", "Телефоны"),
    ("Родители", 1, "Телефон", "error", "На листе нет столбца «Телефон»."),
)
case(
    "a column twice",
    lambda book: book.put("Родители", 1, "Телефон", "ФИО"),
    ("Родители", 1, "ФИО", "error", "Столбец «ФИО» есть на листе дважды."),
)
case(
    "a line of the school that is missing",
    lambda book: book.drop("Школа", 8),
    ("Школа", 1, "Поле", "error", "На листе нет строки «Учебная неделя, дней»."),
)


def said(problems: list[Problem]) -> list[Said]:
    return [(one.sheet, one.row, one.column, one.severity, one.message) for one in problems]


def test_finds_nothing_in_a_good_workbook() -> None:
    assert Book().problems() == []


@pytest.mark.parametrize(("spoil", "expected"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_tells_what_is_wrong_and_nothing_else(spoil: Callable[[Book], object], expected: list[Said]) -> None:
    book = Book()
    spoil(book)

    problems = book.problems()

    assert said(problems) == expected
    assert all(problem.mend.endswith(".") for problem in problems)


def test_tells_everything_at_once_in_the_order_of_sheets() -> None:
    book = Book()
    book.put("Расписание", 7, "Кабинет", "999")
    book.put("Обучающиеся", 2, "СНИЛС", "100-200-301 32")
    book.put("Обучающиеся", 4, "Класс", "9Я")
    book.put("Родители", 2, "№ обучающегося", "Щ-9")
    book.put("Итоги прошлых лет", 2, "Отметка", 6)
    book.put("Классы", 2, "Классный руководитель", "Кто-то Другой")

    problems = book.problems()

    assert [(one.sheet, one.row, one.column) for one in problems] == [
        ("Классы", 2, "Классный руководитель"),
        ("Обучающиеся", 2, "СНИЛС"),
        ("Обучающиеся", 4, "Класс"),
        ("Родители", 2, "№ обучающегося"),
        ("Итоги прошлых лет", 2, "Отметка"),
        ("Расписание", 7, "Кабинет"),
    ]


def test_names_the_cells_of_a_file_whose_formulas_have_no_value() -> None:
    book = Book().put("Кабинеты", 2, "Мест", "#REF!").put("Кабинеты", 4, "Мест", "=A1")

    assert said(check(read_workbook(book.saved()))) == [
        ("Кабинеты", 2, "Мест", "error", "В ячейке ошибка #REF!."),
        ("Кабинеты", 4, "Мест", "error", "В ячейке формула, значение которой не сохранено."),
    ]


def test_finds_nothing_in_a_good_file() -> None:
    assert check(read_workbook(Book().saved())) == []


def test_suggests_the_nearest_spelling() -> None:
    problems = Book().put("Классы", 2, "Классный руководитель", "Иванова Анна Питровна").problems()

    assert problems == [
        Problem(
            severity="error",
            sheet="Классы",
            row=2,
            column="Классный руководитель",
            value="Иванова Анна Питровна",
            message="Сотрудника «Иванова Анна Питровна» нет на листе «Сотрудники».",
            mend="Возможно, «Иванова Анна Петровна». Исправьте ФИО или добавьте сотрудника в список.",
        )
    ]


def test_suggests_the_title_of_a_misspelled_sheet() -> None:
    book = Book()
    book.sheets["Родителий"] = book.sheets.pop("Родители")

    assert [problem.mend for problem in book.problems()] == ["Переименуйте лист «Родителий»."]


def test_takes_the_code_of_an_employee_for_the_name() -> None:
    book = Book().add("Сотрудники", "T9", PETROV, "Учитель", None, None, None)
    book.put("Классы", 3, "Классный руководитель", "T2")
    book.put("Нагрузка", 3, "Учитель", "t2").put("Расписание", 3, "Учитель", "T2")

    assert book.problems() == []


def test_a_stream_and_its_teacher_do_not_clash() -> None:
    lessons = Book().read().timetable

    assert [(str(row.school_class), row.teacher, row.room) for row in lessons if row.number == 3] == [
        ("5А", IVANOVA, "Актовый зал"),
        ("5Б", IVANOVA, "Актовый зал"),
    ]


def test_a_timetable_that_is_not_made_yet_is_no_error() -> None:
    book = Book()
    del book.sheets["Расписание"][1:]

    assert book.problems() == []


def test_warnings_do_not_forbid_the_import() -> None:
    warned = Book().put("Расписание", 7, "Учитель", None).problems()
    refused = Book().put("Расписание", 7, "Кабинет", "999").problems()

    assert (has_errors(warned), has_errors(refused)) == (False, True)


@pytest.mark.parametrize("school", ["17", "5"])
def test_finds_nothing_in_the_schools_that_the_product_ships(school: str) -> None:
    assert check(read_workbook(SAMPLES / f"school-{school}.xlsx")) == []


def test_refuses_a_second_teacher_of_the_same_group():
    book = Book().put("Нагрузка", 2, "Часов в неделю", 1).add("Нагрузка", "5А", "Математика", None, 1, SIDOROVA)

    problems = [one for one in book.problems() if one.column == "Учитель"]

    assert [(one.sheet, one.row, one.message) for one in problems] == [
        ("Нагрузка", 7, "5А, Математика: учитель уже назначен в строке 2.")
    ]
