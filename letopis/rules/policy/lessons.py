"""Topics, homework, control works, plans and substitutions."""

from dataclasses import dataclass

from letopis.rules.policy.values import KeepingMode
from letopis.rules.policy.variable import variable

_LETTERS = "письма Минпросвещения № СК-228/03 и Рособрнадзора № 01-169/08-01 от 06.08.2021"


@dataclass(frozen=True)
class Lessons:
    """Уроки, задания и планы."""

    future_topics_allowed: bool = variable(
        True, title="Темы и задания будущих уроков можно размещать заранее", source="REG-009"
    )
    """Topics and homework of lessons to come may be placed in advance."""

    plan_deviation_reason_required: bool = variable(
        False, title="Тема не из плана – только с объяснением", source="REG-B011, локальный акт"
    )
    """Whether a topic that the thematic plan does not have needs a reason."""

    homework_due_next_lesson: bool = variable(
        True, title="Задание по умолчанию – к следующему уроку", source="значение по умолчанию"
    )
    """A new homework is due at the next lesson of the course unless the teacher names another day."""

    homework_minutes_by_grade: tuple[tuple[int, int, int], ...] = variable(
        ((1, 1, 60), (2, 3, 90), (4, 5, 120), (6, 8, 150), (9, 11, 210)),
        title="Наибольшее время домашних заданий на день: классы с, по, минуты",
        unit="минуты",
        note="СанПиН 1.2.3685-21, таблица 6.6",
        source="СанПиН 1.2.3685-21, таблица 6.6, действует с 01.03.2021; IND-B013",
    )
    """First grade, last grade, and the most minutes of homework a day for them; more is a warning."""

    assessment_forms: tuple[str, ...] = variable(
        (
            "устно на уроке", "проверка тетрадей", "письменная работа", "тест", "файл с ответом", "без оценивания",
        ),
        title="Формы оценивания задания", source="REG-010",
    )  # fmt: skip
    """Forms of assessment of a homework offered to choose from; another may be written."""

    control_works_per_day: int | None = variable(
        1, title="Контрольных работ класса в день", unit="работы", least=1, most=5, source=_LETTERS
    )
    """The most control works of a class in a day; None = no limit."""

    control_work_interval_days: int | None = variable(
        17, title="Между работами по одному предмету", unit="дни", least=1, most=90, note="две с половиной недели",
        source=_LETTERS,
    )  # fmt: skip
    """Works of one subject in a class are at least so far apart."""

    control_work_percent_of_lessons: int | None = variable(
        10, title="Доля контрольных работ в уроках предмета за год", unit="%", least=1, most=100, source=_LETTERS
    )
    """The most of a subject's lessons in a year that control works take."""

    control_work_not_first_or_last: bool = variable(
        True, title="Контрольная – не первым и не последним уроком (кроме часовых предметов)", source=_LETTERS
    )
    """Not on the first or last lesson of the class, but for subjects of one lesson a week."""

    control_works_per_week: int | None = variable(
        None, title="Контрольных работ класса в неделю", unit="работы", least=1, most=20, note="не ограничено",
        source="ORG-B016, локальный акт",
    )  # fmt: skip
    """The most control works of a class in a week; None = no limit."""

    control_work_weekdays_to_avoid: tuple[int, ...] = variable(
        (), title="Дни недели без контрольных работ (1 – понедельник)", least=1, most=7, source="локальный акт"
    )
    """Weekdays without control works, 1 = Monday."""

    control_work_hard_limits: tuple[str, ...] = variable(
        (),
        title="Пределы контрольных работ, которые запрещают, а не предупреждают",
        note="все пределы – рекомендации",
        source="ORG-B016, локальный акт",
    )
    """Codes of rules.control_works limits that refuse instead of warning. Default: none, they are recommendations."""

    make_up_reasons: tuple[str, ...] = variable(
        ("ILL", "VALID"),
        title="При каких причинах пропуск отрабатывают по протоколу",
        choices={"ILL": "болезнь", "VALID": "уважительная", "UNEXCUSED": "без уважительной"},
        source="REG-B009",
    )
    """Reasons of absence whose lessons are made up for by protocol."""

    substitution_log_signed: bool = variable(True, title="Журнал замещения уроков ведётся с подписью", source="ORG-026")
    """Whether the log of substitutions is printed with a place for the acting teacher's signature."""

    register_modes: tuple[KeepingMode, ...] = variable(
        (KeepingMode((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), "ELECTRONIC"),),
        title="Как ведётся журнал по классам",
        source="ORG-031",
    )
    """How registers are kept by grade."""

    register_kinds: tuple[str, ...] = variable(
        ("CLASS", "GROUP", "ELECTIVE", "EXTRACURRICULAR", "ADDITIONAL", "HOME", "REGISTRATION"),
        title="Какие журналы электронные",
        choices={
            "CLASS": "классные", "GROUP": "групп и курсов по выбору", "ELECTIVE": "элективных и факультативов",
            "EXTRACURRICULAR": "внеурочной деятельности", "ADDITIONAL": "дополнительного образования",
            "HOME": "обучения на дому", "REGISTRATION": "журналы регистрации",
        },
        source="ORG-030, REG-041…045",
    )  # fmt: skip
    """Kinds of registers kept electronically; the others are printed and kept on paper."""
