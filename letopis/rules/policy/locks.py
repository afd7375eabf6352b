"""Until when entries may be changed, and by which way afterwards."""

from dataclasses import dataclass

from letopis.rules.policy.values import WindowException
from letopis.rules.policy.variable import variable

_ROLES = {"DIRECTOR": "директор", "DEPUTY": "заместитель директора", "ADMINISTRATOR": "администратор"}


@dataclass(frozen=True)
class Locks:
    """Правка, исправления и закрытие."""

    edit_window_days: int | None = variable(
        None, title="Сколько дней учитель сам правит свой урок", unit="дни", least=0, most=400,
        note="до закрытия учебного года", source="REG-021, REG-022, REG-B003, локальный акт",
    )  # fmt: skip
    """Calendar days after the lesson in which its teacher edits freely, the last one included; None = until the year is
    closed."""

    window_exceptions: tuple[WindowException, ...] = variable(
        (), title="Классы и предметы со своим сроком правки", source="практика, локальный акт"
    )
    """Classes or subjects with another edit window; the first row that fits decides."""

    month_locked_on: int | None = variable(
        None, title="Какого числа закрывается прошлый месяц", unit="число", least=1, most=28,
        note="по месяцам не закрывается", source="практика, локальный акт",
    )  # fmt: skip
    """From this day of the next month on a month is locked; None = months are not locked."""

    control_exempt_from_window: bool = variable(
        False, title="Срок правки не касается администрации", source="практика, локальный акт"
    )
    """Whether director and deputies who teach may edit their own lessons after the window."""

    backdating: str = variable(
        "LATE",
        title="Отметка после срока",
        choices={"LATE": "ставится с пометкой «поздно»", "FORBIDDEN": "запрещена, нужно разрешение"},
        source="REG-021, REG-024, REG-B003",
    )
    """What happens to a new mark after the deadline of its work."""

    late_lessons: str = variable(
        "LATE",
        title="Запись урока после срока",
        choices={"LATE": "принимается с пометкой «поздно»", "FORBIDDEN": "запрещена, нужно разрешение"},
        source="REG-003",
    )
    """What happens to a topic or attendance entered after its deadline."""

    mark_correction: str = variable(
        "WINDOW",
        title="Исправление стоящей отметки",
        choices={
            "WINDOW": "учитель сам, пока открыт срок правки; потом – по разрешению",
            "REQUEST": "только по разрешению",
            "REMARK": "только по замечанию заместителя и разрешению",
        },
        source="REG-022, REG-023, REG-B016",
    )
    """How a mark that stands is changed."""

    correction_grace_minutes: int = variable(
        15, title="Сколько минут учитель исправляет описку в отметке сам", unit="минуты", least=0, most=1440,
        note="описку исправляют сразу", source="значение по умолчанию",
    )  # fmt: skip
    """A slip of typing is mended by its author within so many minutes even where correction is forbidden."""

    correction_approvers: tuple[str, ...] = variable(
        ("DEPUTY", "DIRECTOR"), title="Кто разрешает исправление", choices=_ROLES, source="REG-B015, REG-B016"
    )
    """Roles any of which approves a correction."""

    correction_approvals: int = variable(
        1, title="Сколько человек разрешают исправление", unit="человек", least=1, most=2, source="REG-B016"
    )
    """How many different people approve it; with 2 the director is one of them."""

    correction_order_required: bool = variable(
        False, title="Исправление – только с номером приказа", source="REG-023, локальный акт"
    )
    """Whether an approval needs the number of an order."""

    current_marks_lock: str = variable(
        "TERM_MARK",
        title="Когда закрываются текущие отметки периода",
        choices={
            "TERM_MARK": "когда выставлена отметка за период – по её день",
            "PERIOD_END": "в последний день периода",
            "CLOSING": "когда период закрыт",
        },
        source="REG-B015, C-024",
    )
    """What locks current marks. TERM_MARK: those up to the day the pupil's term mark was set (C-024)."""

    term_marks_lock_days: int | None = variable(
        None, title="Через сколько дней после периода закрываются отметки за период", unit="дни", least=0, most=120,
        note="когда период закрыт", source="C-024, локальный акт",
    )  # fmt: skip
    """Calendar days after the last day of the term; None = when the period is closed."""

    late_make_up: str = variable(
        "CORRECTION",
        title="Работа, сданная после закрытия периода",
        choices={"CORRECTION": "исправлением с разрешения", "NEXT_TERM": "идёт в следующий период"},
        source="практика, локальный акт",
    )
    """Where a mark goes that is earned after its period was closed."""

    reopening_roles: tuple[str, ...] = variable(
        ("DIRECTOR",), title="Кто открывает закрытый период", choices=_ROLES, source="REG-036"
    )
    """Roles that may reopen a closed period, with a reason and an order."""

    postponement_allowed: bool = variable(True, title="Отметку за период можно отложить по болезни", source="REG-B008")
    """Whether closing accepts a postponement in place of a term mark."""

    lesson_mandatory: tuple[str, ...] = variable(
        ("TOPIC", "ATTENDANCE", "HOMEWORK"),
        title="Что обязательно в записи урока",
        choices={"TOPIC": "тема", "ATTENDANCE": "отсутствующие", "HOMEWORK": "задание или «не задано»"},
        source="REG-B029",
    )
    """What every held lesson must say."""
