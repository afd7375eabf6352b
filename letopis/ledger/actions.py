"""`record`: the only way a change reaches the ledger."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import models, transaction

from letopis.core.bulk import insert_rows, take_keys
from letopis.ledger.models import Entry, Payload
from letopis.ledger.sealing import Author, Fact, Sealed, Value, canonical, leaf_hash, seal

__all__ = ["Author", "Fact", "Value", "canonical", "leaf_hash", "object_name", "record", "record_all"]

MANY = 500
"""From so many facts on they are written as bulk rows, not by one INSERT."""
_COLUMNS = ("organisation", "at", "actor", "on_behalf_of", "object", "verb", "commitment", "leaf")


def object_name(row: models.Model) -> str:
    """Return how the ledger names a row: «register.Mark:123»."""
    return f"{row._meta.app_label}.{row._meta.object_name}:{row.pk}"


def record(fact: Fact) -> int:
    """Write one fact inside the transaction of the change itself: Entry, Payload. Return the entry's key."""
    return record_all([fact])[0]


def record_all(facts: Iterable[Fact]) -> list[int]:
    """Write facts in their order, one entry each, and return the entries' keys.

    Two statements for a verb of one lesson; a trigger puts each entry in the queue (Pending). Rows go in without a
    model object for each: a bulk verb writes hundreds of thousands of them.
    Raises TransactionManagementError outside a transaction.
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("ledger.record must run in the transaction of the change")
    sealed = seal(facts)
    if not sealed:
        return []
    rows = _entry_rows(sealed)
    numbers = _insert_many(rows) if len(rows) >= MANY else _insert_few(rows)
    payloads = zip(numbers, (one.salt for one in sealed), (one.body for one in sealed), strict=True)
    _insert_payloads(list(payloads))
    return numbers


def _entry_rows(sealed: list[Sealed]) -> list[tuple[Any, ...]]:
    """Return the values of entries as the database takes them; neighbours mostly share moment and organisation."""
    connection = transaction.get_connection()
    fields: dict[str, Any] = {name: Entry._meta.get_field(name) for name in ("organisation", "at")}
    stored = {name: partial(field.get_db_prep_value, connection=connection) for name, field in fields.items()}
    rows: list[tuple[Any, ...]] = []
    last = None
    organisation = at = None
    for one in sealed:
        if last is None or one.organisation is not last.organisation:
            organisation = stored["organisation"](one.organisation)
        if last is None or one.at is not last.at:
            at = stored["at"](one.at)
        last = one
        rows.append(
            (organisation, at, one.actor, one.on_behalf_of, one.object, one.verb, one.commitment, one.leaf)
        )  # fmt: skip
    return rows


def _insert_few(rows: list[tuple[Any, ...]]) -> list[int]:
    """Insert entries in their order by one statement and return their keys."""
    one = f"({', '.join(['%s'] * len(_COLUMNS))})"
    places = ", ".join([one] * len(rows))
    statement = f"INSERT INTO {Entry._meta.db_table} ({', '.join(_COLUMNS)}) VALUES {places} RETURNING id"  # noqa: S608
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(statement, [value for row in rows for value in row])
        return [number for (number,) in cursor.fetchall()]


def _insert_many(rows: list[tuple[Any, ...]]) -> list[int]:
    numbers = list(take_keys(Entry, len(rows)))
    insert_rows(Entry, ("id", *_COLUMNS), ((number, *row) for number, row in zip(numbers, rows, strict=True)))
    return numbers


def _insert_payloads(rows: list[tuple[int, bytes, bytes]]) -> None:
    columns = ("entry_id", "salt", "body")
    if len(rows) >= MANY:
        insert_rows(Payload, columns, rows)
        return
    statement = f"INSERT INTO {Payload._meta.db_table} ({', '.join(columns)}) VALUES (%s, %s, %s)"  # noqa: S608
    with transaction.get_connection().cursor() as cursor:
        cursor.executemany(statement, rows)
