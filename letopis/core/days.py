"""Days as pages name them, in the language of the reader. Official forms and verdicts use `rules.russian`."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language

from letopis.rules import russian


def day_title(day: date) -> str:
    """Return «понедельник, 16 ноября 2026» or “Monday, 16 November 2026”."""
    return russian.day_title(day) if _is_russian() else date_format(day, "l, j F Y")


def day_of_month(day: date) -> str:
    """Return «16 ноября» or “16 November”."""
    return f"{day.day} {russian.MONTHS_GENITIVE[day.month - 1]}" if _is_russian() else date_format(day, "j F")


def month_title(month: int) -> str:
    """Return «ноябрь» or “November”."""
    return russian.MONTHS[month - 1] if _is_russian() else date_format(date(2000, month, 1), "F")


def weekday_title(day: date) -> str:
    """Return «понедельник» or “Monday”."""
    return russian.weekday_title(day) if _is_russian() else date_format(day, "l")


def weekday_letters(day: date) -> str:
    """Return «пн» or “Mon”."""
    return russian.WEEKDAY_LETTERS[day.weekday()] if _is_russian() else date_format(day, "D")


def _is_russian() -> bool:
    return get_language() != "en"
