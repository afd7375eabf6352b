"""Parsers of one cell: what people type, read into the value it means.

A parser takes a value that is not empty and returns what it means, or raises Unread with the sentence for the person.
Programs change what is typed («101» becomes a number, a date a text), so each takes the shapes a spreadsheet makes.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any, NamedTuple
from zoneinfo import available_timezones

from letopis.exchange.problems import shown
from letopis.rules.classes import class_name, parse_grades, parse_school_class
from letopis.rules.curriculum import parse_hours
from letopis.rules.dates import parse_day, parse_school_year
from letopis.rules.names import full_name, match_key, split_full_name
from letopis.rules.phones import normalise_phone
from letopis.rules.russian import parse_weekday
from letopis.rules.snils import normalise_snils, snils_is_valid

Parser = Callable[[object], Any]

MAX_WEEKLY_HOURS = 40

PASSED_WORDS = ("зачёт", "незачёт", "безотм")
"""What stands for a mark in an ungraded subject. Source: docs/glossary.md, TermMark."""
ABSENT_WORDS = ("осв", "н/а")
"""What stands for a mark in any subject: exempt, not attested."""
MARK_WORDS: dict[str, str] = {match_key(word): word for word in (*PASSED_WORDS, *ABSENT_WORDS)}

_TIME = re.compile(r"(\d{1,2})\s*[:.\-]\s*(\d{2})(?::\d{2})?")
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
_BETWEEN_TITLES = re.compile(r"[,;\n](?![^()]*\))")
_VACANCY = re.compile(r"вакан.*|нет|-+")
_TERM = re.compile(r"(\d{1,2}|iv|i{1,3})(?:\s*-?\s*[яое]{1,2})?\s+(четверть|триместр|полугодие|\S.*)")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_TERM_KINDS = {"четверть": ("QUARTER", 4), "триместр": ("TRIMESTER", 3), "полугодие": ("HALF_YEAR", 2)}
_RESULT_PERIODS = {"год": "год", "годовая": "год", "экзамен": "экзамен", "итог": "итоговая", "итоговая": "итоговая"}


class Unread(Exception):
    """A cell does not mean what its column holds."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend


class ClassKey(NamedTuple):
    """A class of the year: grade and letter."""

    grade: int
    letter: str

    def __str__(self) -> str:
        return class_name(self.grade, self.letter)


class FullName(NamedTuple):
    """The parts of a person's name; the middle name may be empty."""

    last: str
    first: str
    middle: str

    def __str__(self) -> str:
        return full_name(*self)


class TermTitle(NamedTuple):
    """Kind (as schooling.Term.Kind) and number of a period, with its title."""

    kind: str
    number: int
    title: str


def plain(value: object) -> str:
    """Return the value as one line of text."""
    return " ".join(shown(value).split())


def text(limit: int) -> Parser:
    """Return a parser of any text up to the limit of letters that the product keeps."""

    def parse(value: object) -> str:
        typed = plain(value)
        if len(typed) > limit:
            raise Unread(f"Слишком длинно: {len(typed)} знаков.", f"Сократите до {limit} знаков.")
        return typed

    return parse


def one_of(words: Mapping[str, object]) -> Parser:
    """Return a parser of a closed list. words: what may be typed, with its meaning; the first spelling is shown."""
    by_key = {match_key(word): meaning for word, meaning in words.items()}
    first_words: dict[object, str] = {}
    for word, meaning in words.items():
        first_words.setdefault(meaning, word)
    offered = ", ".join(f"«{word}»" for word in first_words.values())

    def parse(value: object) -> object:
        key = match_key(plain(value)).rstrip(".")
        if key not in by_key:
            raise Unread(f"Значение «{plain(value)}» не из списка.", f"Допустимо: {offered}.")
        return by_key[key]

    return parse


def whole_number(least: int, most: int) -> Parser:
    """Return a parser of a whole number within bounds."""

    def parse(value: object) -> int:
        typed = plain(value)
        if not typed.isdecimal() or not least <= int(typed) <= most:
            raise Unread(f"«{typed}» — не целое число от {least} до {most}.", f"Введите число от {least} до {most}.")
        return int(typed)

    return parse


def day(value: object) -> date:
    """Parse a date in any of the shapes of `rules.dates`."""
    parsed = parse_day(value)
    if parsed is None:
        raise Unread(f"«{plain(value)}» — не дата.", "Введите дату как 01.09.2026.")
    return parsed


def clock_time(value: object) -> time:
    """Parse «8:30», «08.30» or a cell of time."""
    if isinstance(value, datetime):
        return value.time().replace(second=0, microsecond=0)
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    found = _TIME.fullmatch(plain(value))
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise Unread(f"«{plain(value)}» — не время.", "Введите часы и минуты как 08:30.")
    return time(int(found[1]), int(found[2]))


def hours(value: object) -> Fraction:
    """Parse hours a week: «3», «0,5»."""
    parsed = parse_hours(value)
    if parsed is None or parsed > MAX_WEEKLY_HOURS:
        raise Unread(
            f"«{plain(value)}» — не число часов в неделю.", f"Введите число больше нуля и до {MAX_WEEKLY_HOURS}."
        )
    return parsed


def school_class(value: object) -> ClassKey:
    """Parse «5А», «5 а», «5-А»."""
    parsed = parse_school_class(int(value) if isinstance(value, float) and value.is_integer() else value)
    if parsed is None:
        raise Unread(f"«{plain(value)}» — не класс.", "Введите класс как 5А: параллель от 1 до 11 и буква.")
    return ClassKey(*parsed)


def grades(value: object) -> tuple[int, ...]:
    """Parse «1-9» or «1»: grades one after another."""
    parsed = parse_grades(plain(value)) if not isinstance(value, date) else None
    if parsed is None:
        mend = "Введите параллели как 1-9; если Excel делает из этого дату, задайте ячейке формат «Текстовый»."
        raise Unread(f"«{plain(value)}» — не параллели.", mend)
    if parsed != tuple(range(parsed[0], parsed[-1] + 1)):
        raise Unread(f"Параллели «{plain(value)}» идут не подряд.", "Разделите строку на две: 1-4 и 6.")
    return parsed


def school_year(value: object) -> int:
    """Parse «2026/2027» into the calendar year in which it begins."""
    parsed = parse_school_year(plain(value))
    if parsed is None:
        raise Unread(f"«{plain(value)}» — не учебный год.", "Введите его как 2026/2027.")
    return parsed


def term_title(value: object) -> TermTitle:
    """Parse «1 четверть», «II полугодие», «3 модуль»."""
    typed = plain(value)
    found = _TERM.fullmatch(match_key(typed))
    if found is None:
        raise Unread(f"В названии периода «{typed}» нет номера.", "Начните с номера: «1 четверть», «2 полугодие».")
    number = _ROMAN.get(found[1]) or int(found[1])
    kind, most = _TERM_KINDS.get(found[2], ("OTHER", 99))
    if not 1 <= number <= most:
        raise Unread(f"Периода «{typed}» не бывает.", f"Номер — от 1 до {most}.")
    return TermTitle(kind, number, f"{number} {found[2]}" if kind != "OTHER" else typed)


def result_period(value: object) -> str:
    """Parse the period of a past result: «год», «1 четверть», «экзамен», «итоговая»."""
    key = match_key(plain(value))
    if key in _RESULT_PERIODS:
        return _RESULT_PERIODS[key]
    try:
        term = term_title(value)
    except Unread:
        term = TermTitle("OTHER", 0, "")
    if term.kind == "OTHER":
        mend = "Допустимо: «год», «1 четверть», «1 триместр», «1 полугодие», «экзамен», «итоговая»."
        raise Unread(f"Период «{plain(value)}» не из списка.", mend)
    return term.title


def snils(value: object) -> str:
    """Parse a СНИЛС and check its control number."""
    typed = plain(value)
    if isinstance(value, (int, float)) and len(typed) >= 9:
        # A spreadsheet that took it for a number ate the zeros before it; the control number still proves the rest.
        typed = typed.zfill(11)
    normalised = normalise_snils(typed)
    if normalised is None:
        raise Unread(f"СНИЛС «{typed}» — не одиннадцать цифр.", "Введите его как 123-456-789 00.")
    if not snils_is_valid(normalised):
        raise Unread(
            f"СНИЛС {normalised}: контрольное число не сходится.",
            "Сверьте номер с документом: чаще всего переставлены или пропущены цифры.",
        )
    return normalised


def phone(value: object) -> str:
    """Parse a telephone number into E.164."""
    normalised = normalise_phone(plain(value))
    if normalised is None:
        raise Unread(f"«{plain(value)}» — не номер телефона.", "Введите один номер как +7 900 000-00-00.")
    return normalised


def email(value: object) -> str:
    """Parse an e-mail address; letters become small."""
    typed = plain(value).lower()
    if not _EMAIL.fullmatch(typed) or len(typed) > 254:
        raise Unread(f"«{plain(value)}» — не адрес эл. почты.", "Введите один адрес как name@school.example.")
    return typed


def person_name(value: object) -> FullName:
    """Parse «Фамилия Имя Отчество»."""
    name = FullName(*split_full_name(plain(value)))
    if not name.first:
        raise Unread(f"В ФИО «{plain(value)}» нет имени.", "Введите фамилию, имя и отчество через пробел.")
    if any(len(part) > 80 for part in name):
        raise Unread("ФИО слишком длинное.", "Оставьте в ячейке одного человека.")
    return name


def teacher(value: object) -> str | None:
    """Parse a reference to an employee; «вакансия» and a dash are nobody."""
    typed = plain(value)
    return None if _VACANCY.fullmatch(match_key(typed)) else typed


def titles(value: object) -> tuple[str, ...]:
    """Parse titles parted by commas; a comma in brackets parts nothing."""
    parts = _BETWEEN_TITLES.split(str(value))
    return tuple(" ".join(part.split()) for part in parts if part.strip())


def weekday(value: object) -> int:
    """Parse a day of the week, 1 is Monday."""
    parsed = parse_weekday(plain(value))
    if parsed is None:
        raise Unread(f"«{plain(value)}» — не день недели.", "Введите день словом: «понедельник» или «пн».")
    return parsed


def tax_id(value: object) -> str:
    """Parse the ИНН of an organisation."""
    typed = plain(value).replace(" ", "")
    if not (typed.isdecimal() and len(typed) == 10):
        raise Unread(f"ИНН «{typed}» — не десять цифр.", "Введите ИНН целиком; формат ячейки — «Текстовый».")
    return typed


def timezone(value: object) -> str:
    """Parse a name of the tz database."""
    typed = plain(value)
    by_key = {name.casefold(): name for name in available_timezones()}
    if typed.casefold() not in by_key:
        raise Unread(f"Часового пояса «{typed}» нет.", "Введите его как Europe/Moscow.")
    return by_key[typed.casefold()]


def mark(value: object) -> str:
    """Parse a mark or a word in its place; whether the scale of its subject has it is checked later."""
    typed: str = text(12)(value)
    word = MARK_WORDS.get(match_key(typed).rstrip("."))
    return typed if word is None else word
