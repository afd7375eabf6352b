"""The cast, made once and put back quickly: its rows by one statement for each table.

Most tests begin with the cast, and making it takes a tenth of a second. So it is made once in each process of a run,
its rows are read and rolled back, and every test gets the rows again under the same keys, with its own copy of the
objects. Sequences have gone past those keys by then, and neither a rollback nor the flush of a test with real commits
takes them back below: on SQLite an inserted key is the least that comes next.
"""

import copy
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from tests.cast import Cast, make_cast


@dataclass(frozen=True, slots=True)
class Standing:
    """The cast with the statements that bring its rows back."""

    cast: Cast
    statements: tuple[tuple[str, list[Any]], ...]

    def put(self) -> Cast:
        """Insert the rows, and return a copy of the cast whose objects stand for them."""
        with connection.cursor() as cursor:
            for sql, values in self.statements:
                cursor.execute(sql, values)
        return copy.deepcopy(self.cast)


def make_standing() -> Standing:
    """Make the cast, keep what it wrote, and take it back. Call on an empty database."""
    with transaction.atomic():
        cast = make_cast()
        statements = tuple(_statements())
        transaction.set_rollback(True)
    return Standing(cast, statements)


def _statements() -> list[tuple[str, list[Any]]]:
    quote = connection.ops.quote_name
    found = []
    for model in apps.get_models():
        if not model.__module__.startswith("letopis."):
            continue
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {quote(table)}")  # noqa: S608
            columns = [column[0] for column in cursor.description]
            rows = cursor.fetchall()
        if rows:
            names = ", ".join(map(quote, columns))
            places = ", ".join(["(" + ", ".join(["%s"] * len(columns)) + ")"] * len(rows))
            sql = f"INSERT INTO {quote(table)} ({names}) VALUES {places}"  # noqa: S608
            found.append((sql, [_plain(value) for row in rows for value in row]))
    return found


def _plain(value: Any) -> Any:
    """Return the value as SQLite takes it: of all that it reads, a time of day is the only thing it cannot write."""
    return value.isoformat() if isinstance(value, time) else value
