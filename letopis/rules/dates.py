"""Days and school years as people type them."""

import re
from datetime import date, datetime

TWO_DIGIT_PIVOT = 40
"""«дд.мм.гг»: 00–39 is 2000–2039, 40–99 is 1940–1999. Working teachers were born after 1940. Source: the product."""

YEARS = range(1900, 2200)
"""Years of a day that anybody means; beyond them a week before or after may not exist. Source: the product."""

_DOTTED = re.compile(r"(\d{1,2})\s*\.\s*(\d{1,2})\s*\.\s*(\d{4}|\d{2})(?:\s*г\.?)?")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_SCHOOL_YEAR = re.compile(r"(\d{4})\s*[/\-–—]\s*(\d{4}|\d{2})")


def parse_day(value: object) -> date | None:
    """Return the day, or None for what is no day.

    value: a date, a datetime (its day is taken), or text: «дд.мм.гггг», «дд.мм.гг» (see TWO_DIGIT_PIVOT) or ISO, with
    any spaces. Slashes are refused, because 09/01 is read differently in different countries, and so are numbers.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    text = " ".join(value.split())
    if found := _DOTTED.fullmatch(text):
        day, month, year = found.groups()
        return _day(_full_year(year), int(month), int(day))
    if found := _ISO.fullmatch(text):
        return _day(*(int(part) for part in found.groups()))
    return None


def parse_school_year(value: object) -> int | None:
    """Return the calendar year in which the school year begins: «2026/2027», «2026/27», «2026-2027» give 2026.

    None for anything else, also for two years that do not follow each other.
    """
    found = _SCHOOL_YEAR.fullmatch(" ".join(str(value).split()))
    if found is None:
        return None
    first, second = found.groups()
    follows = str(int(first) + 1)
    return int(first) if second in (follows, follows[2:]) else None


def school_year_label(starts: int) -> str:
    """Return «2026/27» for 2026."""
    return f"{starts}/{(starts + 1) % 100:02d}"


def school_year_of(day: date) -> int:
    """Return the calendar year in which the school year of this day began (it runs from 1 September to 31 August)."""
    return day.year if day.month >= 9 else day.year - 1


def _full_year(typed: str) -> int:
    year = int(typed)
    if len(typed) == 4:
        return year
    return year + (2000 if year < TWO_DIGIT_PIVOT else 1900)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None
