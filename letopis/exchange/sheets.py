"""The sixteen sheets of a school's workbook: one table for the reader, the template and the guide.

A sheet or a column is found by its title without regard to case, spaces and ё. What the table does not know is left
alone and listed in `SchoolBook.ignored`: schools keep notes beside their lists.
"""

from dataclasses import dataclass

from letopis.exchange import cells, rows
from letopis.exchange.cells import Parser
from letopis.rules.policy import SCALES


@dataclass(frozen=True, slots=True)
class Column:
    """A column, or a line of the sheet that is read downwards."""

    header: str
    name: str
    """Field of the row."""
    parse: Parser
    required: bool = True
    """An empty cell, or a missing column, is an error."""
    default: object = None
    """What an empty cell means."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its title, the field of SchoolBook it fills, and what tells one row from another."""

    title: str
    name: str
    row: type[rows.Row]
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    """Fields that no two rows may share."""
    reads_down: bool = False
    """«Поле» and «Значение» instead of a header of columns."""

    def column(self, name: str) -> Column:
        """Return the column of a field; raises KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


PARTS = {
    "обязательная часть": "COMPULSORY",
    "часть, формируемая участниками": "PARTICIPANTS",
    "часть, формируемая участниками образовательных отношений": "PARTICIPANTS",
    "внеурочная деятельность": "EXTRACURRICULAR",
    "дополнительное образование": "ADDITIONAL",
}
GRADING = {scale.title: scale.code for scale in SCALES.values()}
SEXES = {"м": "M", "муж": "M", "мужской": "M", "ж": "F", "жен": "F", "женский": "F"}
FORMS = {
    "очная": "FULL_TIME",
    "очно-заочная": "PART_TIME",
    "заочная": "CORRESPONDENCE",
    "семейная": "FAMILY",
    "семейное образование": "FAMILY",
    "самообразование": "SELF",
    "обучение на дому": "HOME",
}
CONSENTS = {"согласие": "GIVEN", "отказ": "REFUSED", "отозвано": "WITHDRAWN"}
INFORMING = {
    "личный кабинет": "ACCOUNT",
    "СМС": "SMS",
    "эл. почта": "EMAIL",
    "эл.почта": "EMAIL",
    "электронная почта": "EMAIL",
    "бумажная выписка": "PAPER",
}
YES_NO = {"да": True, "нет": False}

_PUPIL_NUMBER = Column("№ обучающегося", "pupil_number", cells.text(16))
_PUPIL_NAME = Column("Обучающийся", "pupil_name", cells.text(250), required=False)
_CLASS = Column("Класс", "school_class", cells.school_class)
_SUBJECT = Column("Предмет", "subject", cells.text(120))
_SUBGROUP = Column("Подгруппа", "subgroup", cells.text(80), required=False)
_HOURS = Column("Часов в неделю", "hours", cells.hours)
_TEACHER = Column("Учитель", "teacher", cells.teacher, required=False)
_EMAIL = Column("Эл. почта", "email", cells.email, required=False)
_PHONE = Column("Телефон", "phone", cells.phone, required=False)
_GRADES = Column("Классы", "grades", cells.grades)
_STARTS_ON = Column("Начало", "starts_on", cells.day)
_ENDS_ON = Column("Окончание", "ends_on", cells.day)

SHEETS = (
    Sheet(
        "Школа",
        "school",
        rows.SchoolRow,
        (
            Column("Полное наименование", "full_name", cells.text(300)),
            Column("Краткое наименование", "short_name", cells.text(120)),
            Column("ИНН", "tax_id", cells.tax_id, required=False),
            Column("Адрес", "address", cells.text(300), required=False),
            Column("Учебный год", "year_starts", cells.school_year),
            Column("Часовой пояс", "timezone", cells.timezone),
            Column("Учебная неделя, дней", "week_days", cells.whole_number(1, 7)),
        ),
        reads_down=True,
    ),
    Sheet(
        "Периоды",
        "terms",
        rows.TermRow,
        (Column("Период", "term", cells.term_title), _GRADES, _STARTS_ON, _ENDS_ON),
        key=("term", "grades"),
    ),
    Sheet(
        "Каникулы",
        "breaks",
        rows.BreakRow,
        (Column("Каникулы", "title", cells.text(60)), _GRADES, _STARTS_ON, _ENDS_ON),
        key=("title", "grades"),
    ),
    Sheet(
        "Звонки",
        "bells",
        rows.BellRow,
        (
            Column("Урок", "number", cells.whole_number(0, 15)),
            Column("Начало", "starts_at", cells.clock_time),
            Column("Окончание", "ends_at", cells.clock_time),
        ),
        key=("number",),
    ),
    Sheet(
        "Предметы",
        "subjects",
        rows.SubjectRow,
        (
            Column("Предмет", "title", cells.text(120)),
            Column("Компонент", "part", cells.one_of(PARTS)),
            Column("Оценивание", "scale", cells.one_of(GRADING)),
        ),
        key=("title",),
    ),
    Sheet(
        "Кабинеты",
        "rooms",
        rows.RoomRow,
        (
            Column("Кабинет", "name", cells.text(40)),
            Column("Мест", "seats", cells.whole_number(0, 5000), required=False),
        ),
        key=("name",),
    ),
    Sheet(
        "Сотрудники",
        "employees",
        rows.EmployeeRow,
        (
            Column("Код", "number", cells.text(16)),
            Column("ФИО", "name", cells.person_name),
            Column("Должность", "position", cells.text(120)),
            Column("Предметы", "subjects", cells.titles, required=False, default=()),
            _EMAIL,
            _PHONE,
        ),
        key=("number",),
    ),
    Sheet(
        "Классы",
        "classes",
        rows.ClassRow,
        (
            _CLASS,
            Column("Классный руководитель", "class_teacher", cells.text(250)),
            Column("Смена", "shift", cells.whole_number(1, 3), required=False, default=1),
            Column("Профиль", "profile", cells.text(120), required=False),
            Column("Класс-комплект", "combined", cells.text(40), required=False),
        ),
        key=("school_class",),
    ),
    Sheet(
        "Обучающиеся",
        "pupils",
        rows.PupilRow,
        (
            Column("№ в алфавитной книге", "number", cells.text(16)),
            Column("Фамилия", "last_name", cells.text(80)),
            Column("Имя", "first_name", cells.text(80)),
            Column("Отчество", "middle_name", cells.text(80), required=False),
            Column("Пол", "sex", cells.one_of(SEXES)),
            Column("Дата рождения", "born_on", cells.day),
            Column("СНИЛС", "snils", cells.snils, required=False),
            Column("Класс", "school_class", cells.school_class, required=False),
            Column("Дата зачисления", "enrolled_on", cells.day),
            Column("Форма обучения", "form", cells.one_of(FORMS)),
            Column("ОВЗ", "has_special_needs", cells.one_of(YES_NO), required=False, default=False),
        ),
        key=("number",),
    ),
    Sheet(
        "Родители",
        "guardians",
        rows.GuardianRow,
        (
            _PUPIL_NUMBER,
            Column("Степень родства", "relation", cells.text(40)),
            Column("ФИО", "name", cells.person_name),
            _PHONE,
            _EMAIL,
            Column("Обработка ПДн", "consent", cells.one_of(CONSENTS)),
            Column("Дата заявления", "consent_on", cells.day),
            Column("Способ информирования", "informing", cells.one_of(INFORMING)),
        ),
        key=("pupil_number", "name"),
    ),
    Sheet(
        "Индивидуальные планы",
        "individual_plans",
        rows.IndividualPlanRow,
        (_PUPIL_NUMBER, _PUPIL_NAME, _SUBJECT, _HOURS, _TEACHER, Column("Основание", "order", cells.text(200))),
        key=("pupil_number", "subject"),
    ),
    Sheet(
        "Итоги прошлых лет",
        "past_results",
        rows.PastResultRow,
        (
            _PUPIL_NUMBER,
            Column("Учебный год", "year_starts", cells.school_year),
            _CLASS,
            _SUBJECT,
            Column("Период", "period", cells.result_period),
            Column("Отметка", "mark", cells.mark),
            Column("Источник", "source", cells.text(200), required=False),
        ),
        key=("pupil_number", "year_starts", "subject", "period"),
    ),
    Sheet(
        "Подгруппы",
        "subgroups",
        rows.SubgroupRow,
        (
            _CLASS,
            _PUPIL_NUMBER,
            _PUPIL_NAME,
            Column("Подгруппа", "subgroup", cells.text(80)),
            Column("Предмет", "subject", cells.text(120), required=False),
        ),
        key=("school_class", "pupil_number", "subject"),
    ),
    Sheet(
        "Учебный план",
        "curriculum",
        rows.CurriculumRow,
        (_CLASS, _SUBJECT, _HOURS),
        key=("school_class", "subject"),
    ),
    Sheet(
        "Нагрузка",
        "workload",
        rows.WorkloadRow,
        (_CLASS, _SUBJECT, _SUBGROUP, _HOURS, _TEACHER),
        key=("school_class", "subject", "subgroup", "teacher"),
    ),
    Sheet(
        "Расписание",
        "timetable",
        rows.TimetableRow,
        (
            Column("День", "weekday", cells.weekday),
            Column("Урок", "number", cells.whole_number(0, 15)),
            _CLASS,
            _SUBJECT,
            _SUBGROUP,
            _TEACHER,
            Column("Кабинет", "room", cells.text(40), required=False),
        ),
        key=("weekday", "number", "school_class", "subject", "subgroup"),
    ),
)

SHEETS_BY_TITLE = {sheet.title: sheet for sheet in SHEETS}
SHEET_ORDER = {sheet.title: order for order, sheet in enumerate(SHEETS)}
