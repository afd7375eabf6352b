"""Tables of a package: CSV for people and spreadsheets, the same rows as JSON with a schema for programs.

Dangers. A spreadsheet runs a cell that begins with = + - @ as a formula, and a homework typed by anybody may begin so.
Such a value gets an apostrophe before it in CSV (JSON keeps it as it is). To take it off again is possible only if a
value's own leading apostrophe is doubled too, so it is: `cell_text` and `cell_value` are exact inverses.
"""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

Value = str | int | bool | date | datetime | None

TEXT, INTEGER, DAY, MOMENT, YES_NO = "text", "integer", "date", "moment", "boolean"
TYPE_TITLES = {
    TEXT: "текст",
    INTEGER: "целое число",
    DAY: "день, ГГГГ-ММ-ДД",
    MOMENT: "момент, ГГГГ-ММ-ДДTЧЧ:ММ:СС и сдвиг от всемирного времени",
    YES_NO: "да или нет: true, false",
}
_SCHEMAS: dict[str, dict[str, Any]] = {
    TEXT: {"type": "string"},
    INTEGER: {"type": ["integer", "null"]},
    DAY: {"type": ["string", "null"], "format": "date"},
    MOMENT: {"type": ["string", "null"], "format": "date-time"},
    YES_NO: {"type": ["boolean", "null"]},
}
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
_TABLES_FOLDER = "2_tables"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. codes: group of codes.csv that explains its values; empty for plain values."""

    name: str
    meaning: str
    type: str = TEXT
    codes: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A value that needs to be explained, as it was used in that year."""

    group: str
    code: str
    sign: str
    """How the page shows it."""
    meaning: str


@dataclass(frozen=True)
class Table:
    """A table of the package. rows: values in the order of the columns."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Value, ...]] = field(repr=False)

    @property
    def path(self) -> str:
        return f"{_TABLES_FOLDER}/{self.name}.csv"

    @cached_property
    def csv(self) -> bytes:
        """The table as a CSV file: once for the fingerprint and once for the bag, so it is kept."""
        return as_csv(self)


def as_csv(table: Table) -> bytes:
    """Return the table as RFC 4180: UTF-8, comma, header row, CRLF; ISO dates, no formulas."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.name for column in table.columns)
    writer.writerows([cell_text(value) for value in row] for row in table.rows)
    return text.getvalue().encode()


def cell_text(value: Value) -> str:
    """Return a value as it stands in a CSV cell; see the dangers above."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_DANGEROUS) else value
    if value is None:
        return ""
    plain = _plain(value)
    return str(plain).lower() if isinstance(plain, bool) else str(plain)


def cell_value(text: str) -> str:
    """Return the text that a CSV cell stands for: the inverse of `cell_text` for texts."""
    return text.removeprefix("'")


def as_json(document: dict[str, Any], tables: Sequence[Table]) -> bytes:
    """Return unit.json: the description, then every table with one row on a line, so that an eye can follow it too."""
    parts = [json.dumps(document, ensure_ascii=False)[:-1] + ',\n"tables": {']
    for index, table in enumerate(tables):
        names = [column.name for column in table.columns]
        rows = ",\n".join(
            json.dumps(dict(zip(names, map(_plain, row), strict=True)), ensure_ascii=False) for row in table.rows
        )
        parts.append(f"{',' if index else ''}\n{json.dumps(table.name)}: [\n{rows}\n]")
    parts.append("\n}}\n")
    return "".join(parts).encode()


def json_schema(tables: Sequence[Table], *, description: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of unit.json."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "unit.json",
        "type": "object",
        "required": [*description, "tables"],
        "additionalProperties": False,
        "properties": {
            **{name: _schema_of(value) for name, value in description.items()},
            "tables": {
                "type": "object",
                "required": [table.name for table in tables],
                "additionalProperties": False,
                "properties": {table.name: _table_schema(table) for table in tables},
            },
        },
    }


def columns_guide(tables: Sequence[Table]) -> Table:
    """Return the guide to the columns of all tables, itself a table."""
    return Table(
        name="columns_guide",
        title="Столбцы таблиц",
        columns=(
            Column("file", "файл"),
            Column("column", "столбец"),
            Column("meaning", "что в нём"),
            Column("type", "вид значения"),
            Column("codes", "группа файла codes.csv"),
        ),
        rows=[
            (table.path, column.name, column.meaning, TYPE_TITLES[column.type], column.codes)
            for table in tables
            for column in table.columns
        ],
    )


def codes_table(codes: Sequence[Code]) -> Table:
    """Return the codes of the year, itself a table."""
    return Table(
        name="codes",
        title="Условные знаки",
        columns=(
            Column("group", "к чему относится"),
            Column("code", "значение в таблицах"),
            Column("sign", "знак на странице"),
            Column("meaning", "что он значит"),
        ),
        rows=[(code.group, code.code, code.sign, code.meaning) for code in codes],
    )


def _table_schema(table: Table) -> dict[str, Any]:
    return {
        "type": "array",
        "title": table.title,
        "items": {
            "type": "object",
            "required": [column.name for column in table.columns],
            "additionalProperties": False,
            "properties": {
                column.name: {**_SCHEMAS[column.type], "description": column.meaning} for column in table.columns
            },
        },
    }


def _schema_of(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return {
            "type": "object",
            "required": list(value),
            "additionalProperties": False,
            "properties": {name: _schema_of(inner) for name, inner in value.items()},
        }
    if isinstance(value, list):
        return {"type": "array", "items": _schema_of(value[0]) if value else {}}
    kinds = {bool: "boolean", int: "integer", str: "string"}
    return {"type": kinds[type(value)]}


def _plain(value: Value) -> str | int | bool | None:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    # Members of enumerations are written as what they stand for.
    return str(value) if isinstance(value, str) else value
