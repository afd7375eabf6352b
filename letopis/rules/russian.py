"""Russian words that sentences are built of: plural forms, days and months."""

from datetime import date

from letopis.rules.names import match_key

WEEKDAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")
"""Titles of the days of the week, Monday first."""

WEEKDAY_LETTERS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
"""Two letters for narrow columns, Monday first."""

MONTHS = (
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
)
"""Titles of the months as headings."""

MONTHS_GENITIVE = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)
"""Titles of the months after a number («16 ноября»)."""


def plural(number: int, one: str, few: str, many: str) -> str:
    """Return the form of the word after the number: 1 ученик, 2 ученика, 5 учеников, 11 учеников, 21 ученик."""
    tail = abs(number) % 100
    if tail in range(11, 15):
        return many
    if tail % 10 == 1:
        return one
    if tail % 10 in (2, 3, 4):
        return few
    return many


def counted(number: int, one: str, few: str, many: str) -> str:
    """Return the number with the word in its form: «21 ученик»."""
    return f"{number} {plural(number, one, few, many)}"


def weekday_title(day: date) -> str:
    """Return «понедельник»."""
    return WEEKDAYS[day.weekday()]


def day_title(day: date) -> str:
    """Return «понедельник, 16 ноября 2026»."""
    return f"{weekday_title(day)}, {date_title(day)}"


def date_title(day: date) -> str:
    """Return «16 ноября 2026»."""
    return f"{day.day} {MONTHS_GENITIVE[day.month - 1]} {day.year}"


def short_date(day: date) -> str:
    """Return «16.11.2026»."""
    return f"{day:%d.%m.%Y}"


def parse_weekday(text: str) -> int | None:
    """Return 1 (Monday) to 7 for «Понедельник» or «пн»; None for anything else."""
    key = match_key(text).rstrip(".")
    for titles in (WEEKDAYS, WEEKDAY_LETTERS):
        if key in titles:
            return titles.index(key) + 1
    return None
