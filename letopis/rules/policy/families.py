"""What families see and when; sign-in; messages and reports."""

from dataclasses import dataclass

from letopis.rules.policy.variable import variable


@dataclass(frozen=True)
class Families:
    """Семьи, вход и сообщения."""

    publication: str = variable(
        "AT_ONCE",
        title="Когда семья видит отметку",
        choices={
            "AT_ONCE": "сразу",
            "DELAY": "через заданное время",
            "TWICE_A_DAY": "в заданные часы",
            "ON_APPLICATION": "только по заявлению",
        },
        source="практика, локальный акт",
    )
    """When entries reach the diary."""

    publication_delay_minutes: int = variable(
        0, title="Задержка показа отметки", unit="минуты", least=0, most=10080, source="практика, локальный акт"
    )
    """After how many minutes an entry is shown, with publication DELAY."""

    publication_hours: tuple[int, ...] = variable(
        (14, 19), title="Часы показа отметок", unit="часы", least=0, most=23, source="практика, локальный акт"
    )
    """At which hours entries are shown, with publication TWICE_A_DAY."""

    final_results_hours: int = variable(
        24, title="За сколько часов семья видит итоговый результат", unit="часы", least=1, most=240,
        source="001 R.2; c5 ED 6",
    )  # fmt: skip
    """Hours within which final and exam results reach families."""

    corrections_shown_to_families: bool = variable(
        True, title="Показывать семье исправления отметок и их причину", source="REG-023"
    )
    """Whether families see corrections of their own child's marks with the reason."""

    sign_in: str = variable(
        "PASSWORD",
        title="Способ входа",
        choices={"PASSWORD": "логин и пароль школы", "STATE": "только ЕСИА", "BOTH": "оба", "BY_AGE": "по возрасту"},
        source="SEC; 001 I-3.1; 003 2.8.5",
    )
    """How people sign in."""

    credentials_by: str = variable(
        "CLASS_TEACHER",
        title="Кто выдаёт доступ семьям",
        choices={
            "CLASS_TEACHER": "классный руководитель",
            "ADMINISTRATOR": "администратор",
            "SELF": "пользователь сам",
        },
        source="000 4.1.6; 001 I-3.1; 003 2.8.5",
    )
    """Who hands credentials to families."""

    parent_views_a_week: int = variable(
        0, title="Сколько раз в неделю родители смотрят дневник", unit="раз", least=0, most=7, source="001 R.3"
    )
    """How often parents are bound to look at the diary; 0 = not bound."""

    parent_acknowledges_results: bool = variable(
        False, title="Родители подтверждают итоговые отметки сообщением", source="001 R.3"
    )
    """Whether parents acknowledge term and year marks."""

    paper_diary_kept: bool = variable(False, title="Дневник ведётся и на бумаге", source="c2.9; DIA-B019")
    """Whether pupils keep a paper diary that the class teacher looks through every week."""

    paper_information_days: int = variable(
        14, title="Как часто печатать успеваемость тем, кто без доступа", unit="дни", least=1, most=92,
        source="001 R.1",
    )  # fmt: skip
    """How often families without electronic access get a printout."""

    class_teacher_report_days: int = variable(
        14, title="Как часто классный руководитель информирует родителей", unit="дни", least=1, most=92,
        source="001 I-5.2-CT-в",
    )  # fmt: skip
    """How often the class teacher informs parents."""

    preliminary_report_days: int = variable(
        14, title="За сколько дней до конца периода – предварительный отчёт", unit="дни", least=1, most=60,
        source="001 I-5.2-CT-г",
    )  # fmt: skip
    """How long before the end of a term the preliminary report is due."""

    information_answer_days: int = variable(
        30, title="Срок ответа на заявление о результатах", unit="дни", least=1, most=30, source="004 6.4"
    )
    """How soon an application for information is answered."""

    message_pairs: tuple[str, ...] = variable(
        ("FAMILY_STAFF", "STAFF_STAFF"),
        title="Кто кому пишет",
        choices={
            "FAMILY_STAFF": "семья и сотрудники", "STAFF_STAFF": "сотрудники между собой",
            "PUPIL_PUPIL": "обучающиеся между собой", "PARENT_PARENT": "родители между собой",
        },
        source="001 I-3.5; 003 2.8.1",
    )  # fmt: skip
    """Which pairs may write to each other."""

    activity_report_days: int = variable(
        7, title="Отчёт об активности", unit="дни", least=1, most=92, source="001 I-6.1"
    )
    """How often the report of activity is due."""

    filling_report_days: int = variable(
        31, title="Отчёт о заполнении журналов", unit="дни", least=1, most=366, source="001 I-6.2"
    )
    """How often the report of filling is due."""

    control_days: int = variable(
        31, title="Как часто администрация проверяет журналы", unit="дни", least=1, most=366, source="003 2.7"
    )
    """How often registers are controlled."""

    reminder_hours: tuple[int, ...] = variable(
        (8, 15), title="Часы напоминаний учителю", unit="часы", least=0, most=23, source="MSG-B007"
    )
    """At which hours teachers are reminded."""
