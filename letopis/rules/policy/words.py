"""Values of the policy in the words of a school: «7 календарных дней со дня урока».

What a page, a comparison and a printed list say of a value; the plain spelling of files is `codec`.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, get_args, get_origin

from letopis.rules.decimals import format_exact
from letopis.rules.policy.values import (
    DAYS,
    DEADLINE_CLASSES,
    HOURS,
    KEEPING_MODES,
    LESSON,
    LESSONS,
    LESSONS_END,
    MINUTES,
    PERIOD_END,
    PERIODS,
    WORK_SET,
    WORKING_DAYS,
    Bar,
    Deadline,
    KeepingMode,
    Limit,
    MarksNorm,
    Symbol,
    TermScheme,
    Threshold,
    WindowException,
    WorkKind,
)
from letopis.rules.policy.variable import Variable
from letopis.rules.russian import WEEKDAYS, counted, date_title, plural

NOT_SET = "не установлено"
NONE = "нет"

FIELD_TITLES: Mapping[str, str] = {
    "code": "Обозначение", "title": "Название", "weight": "Вес", "deadline_class": "Срок отметки – как за",
    "is_control": "Контрольная", "value": "Отметка", "at_least": "Среднее не ниже", "by": "При отметке",
    "how_many": "Сколько таких", "limit": "Срок", "amount": "Сколько", "unit": "Чего", "since": "Считать",
    "kinds": "Виды работ", "grades": "Классы (параллели)", "subjects": "Предметы", "half_year": "Полугодие",
    "clause": "Пункт", "marks": "Отметок", "up_to_hours": "Часов в неделю, до", "period": "Период", "days": "Дней",
    "classes": "Классы (с буквой)", "mode": "Как ведётся",
}  # fmt: skip
"""Heads of the columns of a table in a form, by field of a row."""

_UNITS: Mapping[str, tuple[str, str, str]] = {
    "дни": ("день", "дня", "дней"),
    "часы": ("час", "часа", "часов"),
    "минуты": ("минута", "минуты", "минут"),
    "уроки": ("урок", "урока", "уроков"),
    "отметки": ("отметка", "отметки", "отметок"),
    "работы": ("работа", "работы", "работ"),
    "колонки": ("колонка", "колонки", "колонок"),
    "клетки": ("клетка", "клетки", "клеток"),
    "знаки": ("знак", "знака", "знаков"),
    "человек": ("человек", "человека", "человек"),
    "носители": ("носитель", "носителя", "носителей"),
    "годы": ("год", "года", "лет"),
    "раз": ("раз", "раза", "раз"),
    "балл": ("балл", "балла", "баллов"),
}
_LIMIT_UNITS: Mapping[str, tuple[str, str, str]] = {
    MINUTES: ("минута", "минуты", "минут"),
    HOURS: ("час", "часа", "часов"),
    DAYS: ("календарный день", "календарных дня", "календарных дней"),
    WORKING_DAYS: ("рабочий день", "рабочих дня", "рабочих дней"),
    LESSONS: ("урок", "урока", "уроков"),
}
_SINCE = {
    LESSON: "со дня урока",
    WORK_SET: "со дня, когда работа написана или задана",
    LESSONS_END: "после последнего урока класса",
    PERIOD_END: "после конца периода",
}
_REASONS = {"ILL": "болезнь", "VALID": "уважительная причина", "UNEXCUSED": "без уважительной причины"}


def words(value: Any, variable: Variable) -> tuple[str, ...]:
    """Return a value in words, one text for each row of a table; a plain value is one text."""
    if value is None:
        return (variable.note if variable.default is None and variable.note else NOT_SET,)
    if isinstance(value, Limit):
        return (limit_words(value),)
    if not isinstance(value, tuple):
        return (_scalar(value, variable),)
    if not value:
        return (variable.note if variable.default == () and variable.note else NONE,)
    return tuple(_tuple(value, variable))


def limit_words(limit: Limit) -> str:
    """Return «7 календарных дней со дня урока»."""
    in_days = limit.unit in {DAYS, WORKING_DAYS}
    if limit.amount == 0 and in_days:
        same = {LESSON: "в день урока", WORK_SET: "в день работы", PERIOD_END: "до конца последнего дня периода"}
        return same.get(limit.since, "в тот же день")
    if limit.amount < 0:
        return f"за {counted(-limit.amount, *_LIMIT_UNITS[limit.unit])} до конца периода"
    if limit.unit == LESSONS:
        return f"до конца дня {_ordinal(limit.amount)} следующего урока"
    since = "с начала урока" if limit.since == LESSON and not in_days else _SINCE[limit.since]
    return f"{counted(limit.amount, *_LIMIT_UNITS[limit.unit])} {since}"


def numbers_words(numbers: Iterable[int]) -> str:
    """Return «1–4, 9»: whole numbers in order, neighbours joined."""
    spans: list[list[int]] = []
    for one in sorted(set(numbers)):
        if spans and one == spans[-1][1] + 1:
            spans[-1][1] = one
        else:
            spans.append([one, one])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in spans)


def _scalar(value: Any, variable: Variable) -> str:
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, Fraction):
        return f"{format_exact(value)} {_unit(value, variable.unit)}".strip()
    if isinstance(value, int):
        if variable.unit == "число":
            return f"{value}-го числа следующего месяца"
        return f"{value}{'' if variable.unit == '%' else ' '}{_unit(value, variable.unit)}".strip()
    if variable.choices is not None:
        return variable.choices.get(value, value)
    return str(value) or "не указано"


def _unit(value: int | Fraction, unit: str) -> str:
    if unit not in _UNITS:
        return unit
    return plural(int(value), *_UNITS[unit]) if Fraction(value).denominator == 1 else _UNITS[unit][1]


def _tuple(value: tuple[Any, ...], variable: Variable) -> Iterable[str]:
    kinds = get_args(variable.kind) if get_origin(variable.kind) is tuple else ()
    if row := _ROWS.get(type(value[0])):
        return (row(one) for one in value)
    if isinstance(value[0], tuple):
        return (_pair(one) for one in value)
    if Ellipsis not in kinds and all(isinstance(one, int) for one in value):
        # Month and day, or a whole day: the policy has no other tuples of a fixed length.
        return (date_title(date(*value)) if len(value) == 3 else date_title(date(2000, *value)).rsplit(" ", 1)[0],)
    if isinstance(value[0], int):
        return (_integers(value, variable),)
    known = variable.choices or {}
    return ("; ".join(known.get(one, one) for one in value),)


def _integers(value: tuple[int, ...], variable: Variable) -> str:
    if variable.unit == "часы":
        return ", ".join(f"{hour}:00" for hour in value)
    if variable.unit == "класс":
        return _grades(value)
    if variable.unit == "день каникул":
        return ", ".join(f"{one}-й" for one in value) + " день каникул"
    if variable.most == 7:
        return ", ".join(WEEKDAYS[one - 1] for one in value)
    return numbers_words(value)


def _grades(grades: Iterable[int]) -> str:
    every = tuple(grades)
    return f"{numbers_words(every)} {'класс' if len(every) == 1 else 'классы'}"


def _pair(row: tuple[Any, ...]) -> str:
    if len(row) == 3:
        first, last, minutes = row
        return f"{_grades(range(first, last + 1))}: {counted(minutes, *_UNITS['минуты'])}"
    return f"{_REASONS.get(row[0], row[0])} – «{row[1]}»"


def _ordinal(number: int) -> str:
    return f"{number}-го" if number > 1 else "первого"


def _work_kind(row: WorkKind) -> str:
    control = ", контрольная" if row.is_control else ""
    return f"{row.code} – {row.title}: вес {row.weight}, срок как за «{DEADLINE_CLASSES[row.deadline_class]}»{control}"


def _deadline(row: Deadline) -> str:
    who = [
        DEADLINE_CLASSES[row.deadline_class] if row.deadline_class else "",
        ", ".join(row.kinds),
        _grades(row.grades) if row.grades else "",
        ", ".join(row.subjects),
        f"{row.half_year}-е полугодие" if row.half_year else "",
    ]
    clause = f" ({row.clause})" if row.clause else ""
    return f"{_joined(who) or 'всякая работа'}: {limit_words(row.limit)}{clause}"


def _marks_norm(row: MarksNorm) -> str:
    hours = f"до {format_exact(row.up_to_hours)} ч в неделю" if row.up_to_hours is not None else ""
    return f"{_joined([PERIODS.get(row.period, ''), hours]) or 'остальные'}: {counted(row.marks, *_UNITS['отметки'])}"


def _term_scheme(row: TermScheme) -> str:
    who = [
        _grades(row.grades) if row.grades else "",
        ", ".join(row.subjects),
        f"до {format_exact(row.up_to_hours)} ч в неделю" if row.up_to_hours is not None else "",
    ]
    return f"{_joined(who) or 'остальные'}: {PERIODS[row.period]}"


def _window_exception(row: WindowException) -> str:
    who = [_grades(row.grades) if row.grades else "", ", ".join(row.classes), ", ".join(row.subjects)]
    days = "до закрытия учебного года" if row.days is None else counted(row.days, *_UNITS["дни"])
    return f"{_joined(who) or 'все'}: {days}"


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(part for part in parts if part)


_ROWS: Mapping[type, Callable[[Any], str]] = {
    WorkKind: _work_kind,
    Deadline: _deadline,
    MarksNorm: _marks_norm,
    TermScheme: _term_scheme,
    WindowException: _window_exception,
    Symbol: lambda row: f"«{row.code}» – {row.title}",
    Threshold: lambda row: f"«{row.value}» – от {format_exact(row.at_least)}",
    Bar: lambda row: f"«{row.value}» не ставится, если «{row.by}» стоит {counted(row.how_many, *_UNITS['раз'])}",
    KeepingMode: lambda row: f"{_grades(row.grades)}: {KEEPING_MODES[row.mode]}",
}
