"""Many rows at once: the same rows as `bulk_create` writes, without what it does for each of them.

For verbs that write whole years: an import, a new timetable, the demo. Every column of the table is written, so a
column that is added later needs no word here. PostgreSQL gets them by COPY, SQLite by one prepared statement.

Dangers. Keys are taken before the rows are written: from the sequence on PostgreSQL; on SQLite by counting on from the
last one, which is safe only while this transaction is the one writer. Ours are: every transaction begins as IMMEDIATE
(config/settings.py). Nothing here calls `save`, default managers or validation, and no row may exist already.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Any

from django.db import models, transaction

_AS_IT_IS = (models.IntegerField, models.CharField, models.TextField, models.BooleanField, models.ForeignKey)


def insert_all(rows: Sequence[models.Model]) -> None:
    """Insert new objects of one model and give each its primary key, in their order.

    Raises TransactionManagementError outside a transaction.
    """
    if not rows:
        return
    model = type(rows[0])
    fields: list[Any] = [field for field in model._meta.concrete_fields if not field.primary_key]
    for row, number in zip(rows, take_keys(model, len(rows)), strict=True):
        row.pk = number
    values: Iterable[tuple[Any, ...]] = map(attrgetter("pk", *(field.attname for field in fields)), rows)
    if prepare := {place + 1: _prepared(field) for place, field in enumerate(fields) if _needs_it(field)}:
        values = (_with(row, prepare) for row in values)
    insert_rows(model, [_key(model), *(field.column for field in fields)], values)


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows of values that the database takes as they are."""
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("many rows are written in the transaction of the change")
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({places})", rows)  # noqa: S608 (own names)


def take_keys(model: type[models.Model], count: int) -> Sequence[int]:
    """Return so many primary keys, ascending, that no other row has or will have."""
    connection = transaction.get_connection()
    table, key = model._meta.db_table, _key(model)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, key, count]
            )
            return [number for (number,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
    first = (found[0] if found else 0) + 1
    return range(first, first + count)


def update_all(model: type[models.Model], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Update columns of many rows, each to its own values. rows: the values, and the primary key at the end."""
    if not rows:
        return
    connection = transaction.get_connection()
    table, key = model._meta.db_table, _key(model)
    fields: list[Any] = [model._meta.get_field(name) for name in columns]
    prepare = {place: _prepared(field) for place, field in enumerate(fields) if _needs_it(field)}
    ready = [_with(row, prepare) for row in rows] if prepare else rows
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            kinds = [field.db_type(connection) for field in fields]
            given = ", ".join(f"%s::{kind}[]" for kind in (*kinds, "bigint"))
            sets = ", ".join(f"{field.column} = given.v{place}" for place, field in enumerate(fields))
            names = ", ".join(f"v{place}" for place in range(len(fields)))
            cursor.execute(
                f"UPDATE {table} SET {sets} FROM unnest({given}) AS given({names}, pk) "  # noqa: S608 (own names)
                f"WHERE {table}.{key} = given.pk",
                [list(column) for column in zip(*ready, strict=True)],
            )
        else:
            sets = ", ".join(f"{field.column} = %s" for field in fields)
            cursor.executemany(f"UPDATE {table} SET {sets} WHERE {key} = %s", ready)  # noqa: S608


def _key(model: type[models.Model]) -> str:
    return str(model._meta.pk.column)


def _needs_it(field: Any) -> bool:
    return not isinstance(field, _AS_IT_IS)


def _prepared(field: Any) -> Callable[[Any], Any]:
    """Return what makes a value of a field one of the database; equal moments follow each other, so one is kept."""
    prepare = partial(field.get_db_prep_save, connection=transaction.get_connection())
    if not isinstance(field, models.DateTimeField):
        return prepare
    last: tuple[datetime | None, Any] = (None, None)

    def moment(value: datetime | None) -> Any:
        nonlocal last
        if value is not last[0]:
            last = (value, prepare(value))
        return last[1]

    return moment


def _with(row: tuple[Any, ...], prepare: dict[int, Callable[[Any], Any]]) -> tuple[Any, ...]:
    values = list(row)
    for place, make in prepare.items():
        values[place] = make(values[place])
    return tuple(values)
