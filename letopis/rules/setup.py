"""Readiness of the set-up of a school year: its sections, and who is late with which (ORG-B017)."""

from dataclasses import dataclass
from datetime import date

from letopis.rules.policy import Policy
from letopis.rules.russian import counted, short_date
from letopis.rules.verdict import ALLOWED, Verdict, refused

READY, TO_CONFIRM, GAPS, EMPTY = "READY", "TO_CONFIRM", "GAPS", "EMPTY"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the set-up that somebody answers for."""

    code: str
    title: str
    """In Russian, as on the page."""


SECTIONS = (
    Section("PERIODS", "Учебные периоды"),
    Section("BREAKS", "Каникулы"),
    Section("FEDERAL_SUBJECTS", "Предметы обязательной части"),
    Section("SCHOOL_SUBJECTS", "Предметы школы"),
    Section("ROOMS", "Кабинеты"),
    Section("EMPLOYEES", "Сотрудники"),
    Section("CLASSES", "Классы"),
    Section("GROUPS", "Группы и потоки"),
    Section("INDIVIDUAL_PLANS", "Индивидуальные планы"),
    Section("WORKLOAD", "Нагрузка учителей"),
    Section("TIMETABLE", "Расписание"),
    Section("THEMATIC_PLANS", "Тематические планы"),
    Section("CONTROL_WORKS", "График контрольных работ"),
)
BY_CODE = {section.code: section for section in SECTIONS}


@dataclass(frozen=True, slots=True)
class Readiness:
    """How far a section is on a day."""

    state: str
    """READY: confirmed and without gaps; TO_CONFIRM: without gaps; GAPS; EMPTY: nothing is there yet."""
    is_late: bool
    """Not ready after the last day, or confirmed after it."""
    days_late: int
    """Calendar days after the last day; 0 when in time."""


def deadline(year_starts: date, *, policy: Policy) -> date:
    """Return the last day for the set-up of a year (ORG-B017)."""
    month, day = policy.setup_deadline
    return date(year_starts.year, month, day)


def readiness(
    *, filled: int, gaps: int, needed: bool, confirmed_on: date | None, last_day: date, today: date
) -> Readiness:
    """Return how far a section is.

    filled: how many things are entered; gaps: how many are missing or contradict. needed: whether the school must have
    any (a school without individual plans confirms that there are none).
    A confirmation does not hide gaps that came later. Source: ORG-B017.
    """
    if gaps:
        state = GAPS
    elif needed and not filled:
        state = EMPTY
    else:
        state = TO_CONFIRM if confirmed_on is None else READY
    done_on = confirmed_on if state == READY and confirmed_on else today
    days = max((done_on - last_day).days, 0)
    return Readiness(state, is_late=days > 0, days_late=days)


def may_confirm(section: str, *, state: str, gaps: int, year_is_open: bool) -> Verdict:
    """Allow the word that a section is ready: it has no gaps, and the year is open. Source: ORG-B017."""
    if section not in BY_CODE:
        return refused("UNKNOWN_SECTION", "Такого раздела настройки нет: обновите страницу.")
    title = BY_CODE[section].title
    if not year_is_open:
        return refused("YEAR_CLOSED", "Учебный год закрыт: готовность его разделов больше не отмечают.")
    if state == EMPTY:
        return refused("EMPTY", f"«{title}»: здесь ещё ничего не внесено, подтверждать нечего.")
    if gaps:
        missing = counted(gaps, "пробел", "пробела", "пробелов")
        return refused("GAPS", f"«{title}»: осталось {missing}. Сначала заполните их — они перечислены рядом.")
    return ALLOWED


def late_sentence(days: int, *, last_day: date) -> str:
    """Return «срок 05.09.2026 прошёл 3 дня назад»."""
    return f"срок {short_date(last_day)} прошёл {counted(days, 'день', 'дня', 'дней')} назад"


def roster_check_due(checked_on: date | None, *, since: date, today: date, policy: Policy) -> int:
    """Return by how many days the check of a class list is overdue; 0 or less: how many are left.

    since: from when the class teacher leads the class; the first check is due that long after. Source: REG-046.
    """
    return (today - (checked_on or since)).days - policy.roster_check_days
