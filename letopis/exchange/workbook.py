"""Reading the sheets of a spreadsheet as they were typed.

openpyxl gets only XML that `unpacking` has seen whole, in an archive packed anew in memory; what still fails becomes
one sentence for the person.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import ERROR_CODES

from letopis.exchange.unpacking import BrokenWorkbook, Source, damaged, parts_of_workbook, too_large_inside

__all__ = ["BrokenWorkbook", "RawBook", "RawSheet", "Source", "UnreadableCell", "open_workbook"]

MAX_SHEETS = 200
MAX_ROWS = 100_000
"""Rows of one sheet that hold anything."""
MAX_COLUMNS = 100
"""Columns to the right of this are not read."""
EXCEL_ROWS = 1_048_576
"""No sheet of a real program is longer."""

TYPED_ERRORS = frozenset({*ERROR_CODES, "#Н/Д", "#ССЫЛКА!", "#ЗНАЧ!", "#ДЕЛ/0!", "#ИМЯ?", "#ЧИСЛО!", "#ПУСТО!"})

_FORMULA = re.compile(rb"<(\w+:)?f[\s/>]")


@dataclass(frozen=True, slots=True)
class UnreadableCell:
    """A cell whose value the workbook itself does not know."""

    shown: str
    """What the person sees in the cell: «#REF!», or «формула»."""
    is_formula: bool


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as it was typed."""

    title: str
    header: tuple[object, ...]
    rows: tuple[tuple[int, tuple[object, ...]], ...]
    """Rows below the header that hold anything: number as the spreadsheet shows it, values as long as the header."""


@dataclass(frozen=True, slots=True)
class RawBook:
    """The sheets of a workbook in their order."""

    sheets: tuple[RawSheet, ...]


def open_workbook(source: Source) -> RawBook:
    """Return the sheets of a workbook, values as typed.

    source: a path, or a file opened for reading bytes.
    Raises BrokenWorkbook with one sentence when it is no workbook that can safely be read.
    """
    parts = parts_of_workbook(source)
    try:
        # openpyxl tells of styles and extensions it drops; values do not depend on them.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _sheets(parts)
    except BrokenWorkbook:
        raise
    except Exception as error:
        # A damaged part fails anywhere inside openpyxl, with any exception; to the person it is one thing.
        raise damaged() from error


def _sheets(parts: dict[str, bytes]) -> RawBook:
    book = load_workbook(_packed_anew(parts), read_only=True, data_only=True, keep_links=False)
    if len(book.sheetnames) > MAX_SHEETS:
        raise too_large_inside()
    # Asking openpyxl for formulas reads everything a second time: only when there is one.
    has_formulas = any(_FORMULA.search(content) for name, content in parts.items() if "worksheets/" in name)
    formulas = _formula_cells(parts) if has_formulas else {}
    return RawBook(sheets=tuple(_sheet(sheet, formulas=formulas.get(sheet.title, set())) for sheet in book.worksheets))


def _packed_anew(parts: dict[str, bytes]) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            if content:
                archive.writestr(name, content)
    packed.seek(0)
    return packed


def _formula_cells(parts: dict[str, bytes]) -> dict[str, set[tuple[int, int]]]:
    """Return row and column, from 1 and 0, of every cell with a formula, by sheet."""
    book = load_workbook(_packed_anew(parts), read_only=True, data_only=False, keep_links=False)
    return {
        sheet.title: {
            (number, index)
            for number, row in _numbered_rows(sheet, values_only=False)
            for index, cell in enumerate(row)
            if cell.data_type == "f"
        }
        for sheet in book.worksheets
    }


def _numbered_rows(sheet: Any, *, values_only: bool) -> Iterator[tuple[int, tuple[Any, ...]]]:
    # The declared dimension may be smaller than the sheet, or a million rows larger.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_col=MAX_COLUMNS, values_only=values_only)
    for number, row in enumerate(rows, start=1):
        if number > EXCEL_ROWS:
            raise damaged()
        yield number, row


def _sheet(sheet: Any, *, formulas: set[tuple[int, int]]) -> RawSheet:
    header: tuple[object, ...] = ()
    rows: list[tuple[int, tuple[object, ...]]] = []
    look = _looker(formulas)
    for number, values in _numbered_rows(sheet, values_only=True):
        if number == 1:
            header = _without_empty_end(values)
            continue
        if values.count(None) == len(values):
            continue
        row = tuple(look(number, index, value) for index, value in enumerate(values[: len(header)]))
        if any(value is not None for value in row):
            rows.append((number, row))
        if len(rows) > MAX_ROWS:
            raise BrokenWorkbook(
                f"На листе «{sheet.title}» больше {MAX_ROWS} строк.",
                "Оставьте на листе только строки одной школы за один учебный год.",
            )
    return RawSheet(title=sheet.title, header=header, rows=tuple(rows))


def _looker(formulas: set[tuple[int, int]]) -> Callable[[int, int, object], object]:
    def look(number: int, index: int, value: object) -> object:
        if isinstance(value, str):
            if value in TYPED_ERRORS:
                return UnreadableCell(shown=value, is_formula=False)
            return value if value.strip() else None
        if value is None and (number, index) in formulas:
            return UnreadableCell(shown="формула", is_formula=True)
        return value

    return look


def _without_empty_end(values: tuple[object, ...]) -> tuple[object, ...]:
    used = [index for index, value in enumerate(values) if value is not None and str(value).strip()]
    return values[: used[-1] + 1] if used else ()
