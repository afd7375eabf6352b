"""From the cells of a workbook to a typed book of the school."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from letopis.exchange.cells import Unread, plain
from letopis.exchange.problems import ERROR, HEADER_ROW, Problem, shown
from letopis.exchange.rows import (
    BellRow,
    BreakRow,
    ClassRow,
    CurriculumRow,
    EmployeeRow,
    GuardianRow,
    IndividualPlanRow,
    PastResultRow,
    PupilRow,
    RoomRow,
    Row,
    SchoolRow,
    SubgroupRow,
    SubjectRow,
    TermRow,
    TimetableRow,
    WorkloadRow,
)
from letopis.exchange.sheets import SHEETS, Column, Sheet
from letopis.exchange.workbook import RawBook, RawSheet, Source, UnreadableCell, open_workbook
from letopis.rules.names import match_key

FIELD = "Поле"
VALUE = "Значение"

MAX_CELL_TEXT = 1000
"""Letters of a cell that any column could need; a cell of Excel holds 32,767."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolBook:
    """A school's workbook, read. Rows of every sheet in its order."""

    school: SchoolRow | None
    terms: tuple[TermRow, ...]
    breaks: tuple[BreakRow, ...]
    bells: tuple[BellRow, ...]
    subjects: tuple[SubjectRow, ...]
    rooms: tuple[RoomRow, ...]
    employees: tuple[EmployeeRow, ...]
    classes: tuple[ClassRow, ...]
    pupils: tuple[PupilRow, ...]
    guardians: tuple[GuardianRow, ...]
    individual_plans: tuple[IndividualPlanRow, ...]
    past_results: tuple[PastResultRow, ...]
    subgroups: tuple[SubgroupRow, ...]
    curriculum: tuple[CurriculumRow, ...]
    workload: tuple[WorkloadRow, ...]
    timetable: tuple[TimetableRow, ...]
    ignored: tuple[str, ...]
    """Sheets and columns that the product does not know and did not read."""
    problems: tuple[Problem, ...]
    """What could not be read; `checking.check` adds what does not agree."""

    def rows(self, sheet: Sheet) -> Sequence[Row]:
        """Return the rows of a sheet of the table."""
        found = getattr(self, sheet.name)
        if sheet.reads_down:
            return () if found is None else (found,)
        return tuple(found)


class _Notes:
    """What is found on the way: problems, and what is left alone."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.ignored: list[str] = []

    def refuse(self, *, sheet: str, row: int, column: str, value: object, message: str, mend: str) -> None:
        self.problems.append(Problem(ERROR, sheet, row, column, shown(value), message, mend))


def read_workbook(source: Source) -> SchoolBook:
    """Return the book of a file. Raises BrokenWorkbook when it is no workbook that can be read."""
    return read_school(open_workbook(source))


def read_school(raw: RawBook) -> SchoolBook:
    """Return the typed book; what could not be read is in its problems."""
    notes = _Notes()
    found = _find_sheets(raw, notes)
    fields: dict[str, Any] = {}
    for sheet in SHEETS:
        raw_sheet = found.get(sheet.title)
        if sheet.reads_down:
            fields[sheet.name] = _read_down(sheet, raw_sheet, notes) if raw_sheet else None
        else:
            fields[sheet.name] = tuple(_read_rows(sheet, raw_sheet, notes)) if raw_sheet else ()
    return SchoolBook(**fields, ignored=tuple(notes.ignored), problems=tuple(notes.problems))


def read_rows(sheet: Sheet, raw: RawSheet) -> tuple[tuple[Any, ...], tuple[Problem, ...], tuple[str, ...]]:
    """Return the rows of one sheet of another book, what could not be read, and the columns left alone."""
    notes = _Notes()
    rows = tuple(_read_rows(sheet, raw, notes))
    return rows, tuple(notes.problems), tuple(notes.ignored)


def _find_sheets(raw: RawBook, notes: _Notes) -> dict[str, RawSheet]:
    by_key = {match_key(sheet.title): sheet for sheet in SHEETS}
    found: dict[str, RawSheet] = {}
    unknown: list[str] = []
    for raw_sheet in raw.sheets:
        sheet = by_key.get(match_key(raw_sheet.title))
        if sheet is None:
            unknown.append(raw_sheet.title)
        elif sheet.title in found:
            notes.refuse(
                sheet=sheet.title,
                row=HEADER_ROW,
                column="",
                value=raw_sheet.title,
                message=f"Лист «{sheet.title}» есть в книге дважды.",
                mend="Оставьте один лист с этим названием.",
            )
        else:
            found[sheet.title] = raw_sheet
    for sheet in SHEETS:
        if sheet.title not in found:
            similar = _similar(sheet.title, unknown)
            notes.refuse(
                sheet=sheet.title,
                row=HEADER_ROW,
                column="",
                value=similar,
                message=f"В книге нет листа «{sheet.title}».",
                mend=f"Переименуйте лист «{similar}»." if similar else "Добавьте лист по образцу, хотя бы пустой.",
            )
    notes.ignored += [f"лист «{title}»" for title in unknown]
    return found


def _similar(wanted: str, offered: Sequence[str]) -> str:
    by_key = {match_key(title): title for title in offered}
    close = get_close_matches(match_key(wanted), by_key, n=1, cutoff=0.75)
    return by_key[close[0]] if close else ""


def _read_rows(sheet: Sheet, raw: RawSheet, notes: _Notes) -> Iterator[Any]:
    places = _find_columns(sheet, [plain(title) for title in raw.header], notes)
    for number, values in raw.rows:
        read: dict[str, object] = {}
        typed: dict[str, str] = {}
        if all(values[place] is None for place in places.values()):
            continue
        for column in sheet.columns:
            place = places.get(column.name)
            if place is None:
                read[column.name] = column.default
                continue
            value = values[place]
            typed[column.name] = shown(value)
            read[column.name] = _read_cell(sheet, column, value, row=number, header=column.header, notes=notes)
        yield sheet.row(sheet=sheet.title, row=number, typed=typed, **read)


def _find_columns(sheet: Sheet, header: Sequence[str], notes: _Notes) -> dict[str, int]:
    by_key = {match_key(column.header): column for column in sheet.columns}
    places: dict[str, int] = {}
    unknown: list[str] = []
    for place, title in enumerate(header):
        column = by_key.get(match_key(title))
        if column is None:
            unknown += [title] if title else []
        elif column.name in places:
            notes.refuse(
                sheet=sheet.title,
                row=HEADER_ROW,
                column=column.header,
                value=title,
                message=f"Столбец «{column.header}» есть на листе дважды.",
                mend="Оставьте один столбец с этим заголовком.",
            )
        else:
            places[column.name] = place
    for column in sheet.columns:
        if column.name not in places:
            _note_missing_column(sheet, column, unknown, notes)
    notes.ignored += [f"лист «{sheet.title}», столбец «{title}»" for title in unknown]
    return places


def _note_missing_column(sheet: Sheet, column: Column, unknown: Sequence[str], notes: _Notes) -> None:
    """A column that may be empty may be absent; but a misspelled one would lose what was typed in it."""
    similar = _similar(column.header, unknown)
    if column.required or similar:
        notes.refuse(
            sheet=sheet.title,
            row=HEADER_ROW,
            column=column.header,
            value=similar,
            message=f"На листе нет столбца «{column.header}».",
            mend=f"Переименуйте столбец «{similar}»." if similar else "Добавьте столбец по образцу.",
        )


def _read_down(sheet: Sheet, raw: RawSheet, notes: _Notes) -> Any:
    """Read the sheet of fields and values: «Поле» in the first column, «Значение» in the second."""
    lines = _lines_by_key(sheet, raw, notes)
    read: dict[str, object] = {}
    typed: dict[str, str] = {}
    for column in sheet.columns:
        number, value = lines.get(match_key(column.header), (HEADER_ROW, None))
        if number == HEADER_ROW and column.required:
            notes.refuse(
                sheet=sheet.title,
                row=HEADER_ROW,
                column=FIELD,
                value=None,
                message=f"На листе нет строки «{column.header}».",
                mend="Добавьте строку по образцу и заполните её.",
            )
            read[column.name] = None
            continue
        typed[column.name] = shown(value)
        read[column.name] = _read_cell(sheet, column, value, row=number, header=VALUE, notes=notes)
    return sheet.row(sheet=sheet.title, row=HEADER_ROW + 1, typed=typed, **read)


def _lines_by_key(sheet: Sheet, raw: RawSheet, notes: _Notes) -> Mapping[str, tuple[int, object]]:
    known = {match_key(column.header) for column in sheet.columns}
    lines: dict[str, tuple[int, object]] = {}
    for number, values in raw.rows:
        title = plain(values[0]) if values else ""
        key = match_key(title)
        if key in lines:
            notes.refuse(
                sheet=sheet.title,
                row=number,
                column=FIELD,
                value=title,
                message=f"Строка «{title}» есть на листе дважды.",
                mend="Оставьте одну.",
            )
        elif key in known:
            lines[key] = (number, values[1] if len(values) > 1 else None)
        elif title:
            notes.ignored.append(f"лист «{sheet.title}», строка «{title}»")
    return lines


def _read_cell(sheet: Sheet, column: Column, value: object, *, row: int, header: str, notes: _Notes) -> object:
    """Return what the cell means; what cannot be read becomes None and a problem."""
    try:
        if isinstance(value, UnreadableCell):
            raise _unreadable(value)
        if isinstance(value, str) and len(value) > MAX_CELL_TEXT:
            value, length = f"{value[:40]}…", len(value)
            raise Unread(f"Слишком длинно: {length} знаков.", f"Сократите до {MAX_CELL_TEXT} знаков.")
        if value is not None and plain(value):
            return column.parse(value)
        if column.required:
            raise Unread(f"Не заполнено: «{column.header}».", "Заполните ячейку.")
    except Unread as unread:
        notes.refuse(sheet=sheet.title, row=row, column=header, value=value, message=unread.message, mend=unread.mend)
        return None
    return column.default


def _unreadable(cell: UnreadableCell) -> Unread:
    if cell.is_formula:
        return Unread(
            "В ячейке формула, значение которой не сохранено.",
            "Откройте книгу в Excel и сохраните её или замените формулу значением.",
        )
    return Unread(f"В ячейке ошибка {cell.shown}.", "Исправьте формулу или введите значение.")
