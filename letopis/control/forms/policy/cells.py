"""Cells of the form: a plain value shown in them, and what was typed into them as a plain value."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from letopis.control.forms.policy import columns as c
from letopis.rules.dates import parse_day
from letopis.rules.policy.codec import NOTHING, BadValue
from letopis.rules.policy.words import numbers_words
from letopis.rules.text import many_lines, one_line

MOST_ROWS = 60
LONGEST_CELL = 500

_SPAN = re.compile(r"(\d{1,4})\s*[-–—]\s*(\d{1,4})")
_MONTH_DAY = re.compile(r"(\d{1,2})\s*\.\s*(\d{1,2})\.?")


@dataclass(frozen=True, slots=True)
class Cell:
    """One input."""

    name: str
    """Of the field in the form."""
    column: c.Column
    value: str
    """What stands in it: text, code of the choice, «yes» for a tick."""
    choices: tuple[tuple[str, Any, bool], ...] = ()
    """Code, words, whether it is chosen."""

    @property
    def is_checked(self) -> bool:
        return self.value == "yes"


@dataclass(slots=True)
class Row:
    """A row of a table, or the cells of a plain value."""

    number: int
    cells: list[Cell] = field(default_factory=list)
    is_dropped: bool = False
    place: str = ""
    """Which place it is to take, as typed."""
    drop_name: str = ""
    place_name: str = ""

    @property
    def is_blank(self) -> bool:
        return not any(cell.value for cell in self.cells)


def filled(name: str, number: int, shape: c.Shape, plain: Any) -> Row:
    """Return a row that shows a plain value; None shows empty cells."""
    row = _row(name, number, place="" if plain is None else str(number))
    for at, column in enumerate(shape.columns):
        value = "" if plain is None else _shown(_part(plain, column.path), column)
        row.cells.append(_cell(f"{name}-{number}-{at}", column, value, may_be_empty=shape.layout == c.TABLE))
    return row


def ticked(name: str, shape: c.Shape, chosen: Iterable[str]) -> Row:
    """Return the ticks of a list of choices."""
    held, row = set(chosen), Row(0)
    column = shape.columns[0]
    for at, (code, words) in enumerate((column.choices or {}).items()):
        one = c.Column((code,), words, c.FLAG)
        row.cells.append(Cell(f"{name}-0-{at}", one, "yes" if code in held else ""))
    return row


def typed_of(name: str, shape: c.Shape, data: QueryDict) -> tuple[str, list[Row]]:
    """Return what was typed: the text of a field of lines, and the rows."""
    if shape.layout == c.LINES:
        return many_lines(data.get(f"{name}-lines", "")), []
    if shape.layout == c.TICKS:
        codes = list(shape.columns[0].choices or {})
        return "", [ticked(name, shape, [code for at, code in enumerate(codes) if f"{name}-0-{at}" in data])]
    numbers = [0] if shape.layout != c.TABLE else range(1, MOST_ROWS + 1)
    rows = []
    for number in numbers:
        if shape.layout == c.TABLE and f"{name}-{number}-place" not in data:
            break
        row = _row(name, number, place=one_line(data.get(f"{name}-{number}-place", "")))
        row.is_dropped = f"{name}-{number}-drop" in data
        for at, column in enumerate(shape.columns):
            key = f"{name}-{number}-{at}"
            value = one_line(data.get(key, ""))[:LONGEST_CELL]
            row.cells.append(_cell(key, column, value, may_be_empty=shape.layout == c.TABLE))
        rows.append(row)
    return "", rows


def plain_of(shape: c.Shape, rows: list[Row], lines: str) -> Any:
    """Return the plain value of what was typed. Raises BadValue with the row and column."""
    if shape.layout == c.LINES:
        return [line for one in lines.splitlines() if (line := one_line(one))]
    if shape.layout == c.TICKS:
        return [cell.column.path[0] for cell in rows[0].cells if cell.is_checked]
    if shape.layout != c.TABLE:
        if shape.may_be_missing and rows[0].cells[0].value == "":
            return NOTHING
        return _plain_row(rows[0], shape, "")
    kept = [row for row in rows if not row.is_blank and not row.is_dropped]
    ordered = sorted(kept, key=lambda row: (int(row.place) if row.place.isdecimal() else MOST_ROWS, row.number))
    return [_plain_row(row, shape, f"[{row.number}]") for row in ordered]


def _plain_row(row: Row, shape: c.Shape, path: str) -> Any:
    if not shape.columns[0].path:
        return _plain_cell(row.cells[0], path)
    found: dict[str, Any] = {}
    for cell in row.cells:
        target, where = found, ".".join((path, *cell.column.path))
        for step in cell.column.path[:-1]:
            target = target.setdefault(step, {})
        plain = _plain_cell(cell, where)
        if plain is not None:
            target[cell.column.path[-1]] = plain
    if all(name.isdecimal() for name in found):
        return list(found.values())
    # A day that may be missing and has no default is said outright.
    return {**{column.path[-1]: NOTHING for column in shape.columns if column.path == ("days",)}, **found}


def _plain_cell(cell: Cell, path: str) -> Any:
    """Return the plain value of one cell; None for an empty one that may be so. Raises BadValue."""
    value, column = cell.value, cell.column
    if column.kind == c.FLAG:
        return value == "yes"
    if value == "" and column.is_required:
        raise BadValue(_("заполните эту графу.") if path else _("Заполните значение."), path=path)
    if column.kind in _LISTS:
        return _LISTS[column.kind](value, path)
    if value == "":
        return None if column.path else ""
    if column.kind in _SINGLES:
        return _SINGLES[column.kind](value, path)
    return {"yes": True, "no": False}.get(value, value) if column.choices is c.YES_NO else value


def _number(text: str, path: str) -> int:
    if not re.fullmatch(r"[-−–]?\d{1,6}", text):
        raise BadValue(_("«%(text)s» не подходит: нужно целое число.") % {"text": text}, path=path)
    return int(text.replace("−", "-").replace("–", "-"))


def _numbers(text: str, path: str) -> list[int]:
    """Return the numbers of «1–4, 9»."""
    found: list[int] = []
    for part in (one.strip() for one in re.split("[,;]", text)):
        span = _SPAN.fullmatch(part)
        if span and int(span[1]) <= int(span[2]) <= int(span[1]) + MOST_ROWS:
            found += range(int(span[1]), int(span[2]) + 1)
        elif part.isdecimal() and part.isascii():
            found.append(int(part[:6]))
        elif part:
            raise BadValue(_("«%(text)s» не подходит: нужны числа, как «1–4, 9».") % {"text": part}, path=path)
    return found


def _names(text: str, separators: str) -> list[str]:
    return [name for one in re.split(separators, text) if (name := one.strip())]


def _month_day(text: str, path: str) -> list[int]:
    found = _MONTH_DAY.fullmatch(text)
    try:
        # A leap year, so that the 29th of February is a day.
        day = date(2000, int(found[2]), int(found[1])) if found else None
    except ValueError:
        day = None
    if day is None:
        raise BadValue(_("«%(text)s» не подходит: нужны день и месяц, как 05.09.") % {"text": text}, path=path)
    return [day.month, day.day]


def _day(text: str, path: str) -> list[int]:
    day = parse_day(text)
    if day is None:
        raise BadValue(_("«%(text)s» не подходит: нужен день, как 01.01.2003.") % {"text": text}, path=path)
    return [day.year, day.month, day.day]


Reader = Callable[[str, str], Any]
_LISTS: Mapping[str, Reader] = {
    c.NUMBERS: _numbers,
    c.CODES: lambda text, _path: _names(text, "[;,]"),
    c.NAMES: lambda text, _path: _names(text, ";"),
}
_SINGLES: Mapping[str, Reader] = {c.NUMBER: _number, c.MONTH_DAY: _month_day, c.DAY: _day}


def _row(name: str, number: int, *, place: str) -> Row:
    return Row(number, place=place, drop_name=f"{name}-{number}-drop", place_name=f"{name}-{number}-place")


def _cell(name: str, column: c.Column, value: str, *, may_be_empty: bool) -> Cell:
    choices = column.choices
    if choices is None and column.kind == c.CHOICE:
        choices = c.YES_NO
        column = c.Column(column.path, column.title, c.CHOICE, choices, column.is_required)
    if choices is None:
        return Cell(name, column, value)
    offered = [*([("", "—")] if may_be_empty and "" not in choices else []), *choices.items()]
    return Cell(name, column, value, tuple((code, words, code == value) for code, words in offered))


def _part(plain: Any, path: tuple[str, ...]) -> Any:
    """Return the part of a plain value a column shows; a field that is left out shows as empty."""
    for step in path:
        if isinstance(plain, Mapping):
            # What equals its default is left out of a plain row; of a limit that is the moment it counts from.
            plain = plain.get(step, "LESSON" if step == "since" else None)
        elif isinstance(plain, list | tuple):
            plain = plain[int(step)]
    return plain


def _shown(plain: Any, column: c.Column) -> str:
    if plain is None or plain == NOTHING:
        return ""
    if isinstance(plain, bool):
        return "yes" if plain else ("" if column.kind == c.FLAG else "no")
    if column.kind == c.NUMBERS:
        return numbers_words(plain)
    if column.kind in (c.CODES, c.NAMES):
        return "; ".join(plain)
    if column.kind == c.MONTH_DAY:
        return f"{plain[1]:02d}.{plain[0]:02d}"
    if column.kind == c.DAY:
        return f"{plain[2]:02d}.{plain[1]:02d}.{plain[0]}"
    return str(plain)
