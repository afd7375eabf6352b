"""Until when things are entered."""

from dataclasses import dataclass

from letopis.rules.policy.values import (
    DAYS,
    INTERNAL,
    LESSONS_END,
    MINUTES,
    ORAL,
    OTHER,
    PERIOD_END,
    WRITTEN,
    Deadline,
    Limit,
)
from letopis.rules.policy.variable import variable

_SAME_DAY = Limit(0, DAYS)


@dataclass(frozen=True)
class Deadlines:
    """Сроки записей."""

    mark_deadlines: tuple[Deadline, ...] = variable(
        (
            Deadline(Limit(1, DAYS), ORAL),
            Deadline(Limit(3, DAYS), INTERNAL),
            Deadline(Limit(10, DAYS), WRITTEN, grades=(10, 11)),
            Deadline(Limit(7, DAYS), WRITTEN),
            Deadline(Limit(7, DAYS), OTHER),
        ),
        title="Сроки отметок за работы",
        note="устный ответ – сутки, письменная работа – 7 дней, в 10–11 классах 10, работа ВШК – 3 дня",
        source="REG-014, REG-015, REG-016, REG-B003, REG-B004, REG-B005, C-003, C-004",
    )
    """Until when marks of a work are put: the first row that fits the kind of work, grade, subject and half-year."""

    days_end_at_midnight: bool = variable(
        True,
        title="«В течение суток» и «дней» – до конца последнего дня (23:59:59)",
        note="срок в днях кончается с последним днём",
        source="C-003",
    )
    """Days end at 23:59:59 local time. No: a day is 24 hours from the moment it is counted from."""

    shift_from_days_off: bool = variable(
        False, title="Срок, который кончается в нерабочий день, переносить на следующий рабочий", source="C-003"
    )
    """Whether a limit in days that ends on a day without lessons moves to the next day with lessons."""

    lesson_limit: Limit = variable(_SAME_DAY, title="Срок записи урока: тема и что пройдено", source="REG-003, REG-004")
    """Until when the topic of a lesson is entered."""

    attendance_limit: Limit = variable(_SAME_DAY, title="Срок отметки отсутствующих", source="REG-003, REG-025")
    """Until when absences of a lesson are entered."""

    homework_limit: Limit | None = variable(
        Limit(90, MINUTES, LESSONS_END),
        title="Срок записи домашнего задания",
        note="на уроке или за полтора часа после последнего урока класса",
        source="REG-008, REG-B013",
    )
    """Until when homework is entered; later is shown as late; None = no such term."""

    absence_reason_limit: Limit = variable(
        Limit(7, DAYS), title="Срок причины отсутствия", note="неделя", source="REG-026; значение по умолчанию"
    )
    """Until when the class teacher gives the reason of an absence."""

    term_mark_limit: Limit = variable(
        Limit(0, DAYS, PERIOD_END),
        title="Срок отметок за период",
        note="до конца последнего дня периода, до каникул",
        source="REG-030, REG-B006",
    )
    """Until when term marks are put, counted from the last day of the term: -3 is three days before it."""

    roster_check_days: int = variable(
        31, title="Как часто классный руководитель сверяет список класса", unit="дни", least=7, most=366,
        source="REG-046",
    )  # fmt: skip
    """How often the class teacher looks through the list of the class. Calendar days."""

    remark_days: int = variable(
        3, title="Срок устранения замечания, если заместитель не назвал другого", unit="дни", least=0, most=60,
        source="REG-038",
    )  # fmt: skip
    """Calendar days until a remark is to be removed, unless the deputy names another day."""

    automatic_remarks_after_days: int | None = variable(
        3, title="Автоматическое замечание – если просрочено больше чем на", note="ночью, закрывается само",
        unit="дни", least=0, most=60, source="REG-038, REP-022; значение по умолчанию",
    )  # fmt: skip
    """By night a duty that is late by more calendar days gets a remark by itself; None = no automatic remarks."""

    due_soon_hours: int = variable(
        24, title="За сколько часов до срока напоминать", unit="часы", least=0, most=240, source="MSG-B007"
    )
    """From how long before its deadline a duty is «due soon»."""

    setup_deadline: tuple[int, int] = variable(
        (9, 5), title="Готовность учебного года: месяц и день", source="ORG-B017, локальный акт"
    )
    """Month and day by which every section of the set-up of a year is ready."""

    plan_lag_lessons: int = variable(
        2, title="С какого отставания от плана напоминать", unit="уроки", least=1, most=30,
        source="ORG-023; значение по умолчанию",
    )  # fmt: skip
    """From how many topics behind its thematic plan a course is listed."""

    period_day_counting: str = variable(
        "CALENDAR",
        title="Дни каникул в графике бумажных копий считать",
        choices={"CALENDAR": "календарными", "WORKING": "рабочими"},
        source="001 I-4.1–I-4.5; в актах не сказано",
    )
    """Whether «the second day of vacation» counts calendar or working days."""
