"""Who was at the lesson, and why not."""

from dataclasses import dataclass

from letopis.rules.policy.variable import variable


@dataclass(frozen=True)
class Attendance:
    """Посещаемость."""

    absence_letter: str = variable("н", title="Буква отсутствия без причины", source="REG-026, локальный акт")
    """Shown for an absence whose reason is not set yet."""

    lateness_letter: str = variable("о", title="Буква опоздания", source="практика, локальный акт")
    """Shown for a pupil who came late."""

    reason_letters: tuple[tuple[str, str], ...] = variable(
        (("ILL", "б"), ("VALID", "у"), ("UNEXCUSED", "п")), title="Буквы причин отсутствия", source="REG-026, C-012"
    )
    """Letter by reason of absence; set by the class teacher only (C-012)."""

    reason_letters_by_subject_teacher: bool = variable(
        False, title="Учитель-предметник может ставить букву причины", source="C-012, C-023"
    )
    """Whether a subject teacher may put reason letters."""

    absence_reasons_by_control: bool = variable(
        False, title="Причину отсутствия может ставить администрация", source="REG-026, C-023"
    )
    """Whether director and deputies may set reasons of absence beside the class teacher. Default no: they see every
    reason, and REG-026 gives the setting of it to the class teacher."""

    missed_lesson_minutes: int | None = variable(
        None, title="С какого опоздания урок считается пропущенным", unit="минуты", least=1, most=45,
        note="опоздавший урок не пропустил", source="практика, локальный акт",
    )  # fmt: skip
    """From so many minutes of lateness on the lesson counts as missed (23: more than half); None = only absence."""

    missed_day_lessons: int | None = variable(
        None, title="С какого числа пропущенных уроков пропущен день", unit="уроки", least=1, most=12,
        note="все уроки дня", source="REG-028, локальный акт",
    )  # fmt: skip
    """From how many missed lessons a day counts as missed; None = all lessons of the day. 1 counts every day with an
    absence."""

    absence_paper_order: tuple[str, ...] = variable(
        ("MEDICAL", "SANATORIUM", "ORDER", "APPLICATION", "OTHER"),
        title="Какой документ сильнее, если их два на один день",
        choices={
            "MEDICAL": "справка медицинской организации",
            "SANATORIUM": "санаторий",
            "ORDER": "приказ",
            "APPLICATION": "заявление родителей",
            "OTHER": "другой документ",
        },
        source="C-011, локальный акт",
    )
    """Kinds of absence documents, strongest first: where two cover a day, the stronger gives the reason; of equal ones
    the later entered. Default: what a doctor wrote stands over what the family did."""

    absence_notice_days: int = variable(
        30, title="Наибольшее отсутствие в сообщении семьи", unit="дни", least=1, most=120,
        source="значение по умолчанию",
    )  # fmt: skip
    """The longest absence that a family tells of by one notice, how far ahead and how far back."""

    maximum_lateness_minutes: int = variable(
        45, title="Наибольшее опоздание", unit="минуты", least=10, most=45, source="СП 2.4.3648-20"
    )
    """The most minutes of lateness a cell takes: the length of a lesson."""
