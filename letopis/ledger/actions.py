"""`record`: the only way a change reaches the ledger."""

import hashlib
import json
import secrets
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

from django.db import models, transaction

from letopis.ledger.models import Entry, Payload

Value = None | bool | int | str | list["Value"] | dict[str, "Value"]
SALT_BYTES = 16
CHUNK = 500
"""Entries in one INSERT: far below the number of parameters a database takes."""
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes something, as the ledger names him."""

    organisation: uuid.UUID
    actor: str
    """«accounts.User:12»; «system» for the product itself."""
    name: str
    """Who by name and office; stands in the payload only."""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One change: what it was about, the values before and after, when, by whom and why.

    before, after: JSON values without floats; None where there was or is nothing.
    """

    by: Author
    at: datetime
    verb: str
    """«register.put_mark»: app and name of the verb."""
    object: str
    before: Mapping[str, Value] | None
    after: Mapping[str, Value] | None
    reason: str = ""
    on_behalf_of: str = ""


class Sealed(NamedTuple):
    """A fact as it will be written: header, commitment, salt and body."""

    organisation: uuid.UUID
    at: datetime
    actor: str
    on_behalf_of: str
    object: str
    verb: str
    commitment: bytes
    salt: bytes
    body: bytes


def object_name(row: models.Model) -> str:
    """Return how the ledger names a row: «register.Mark:123»."""
    return f"{row._meta.app_label}.{row._meta.object_name}:{row.pk}"


def canonical(value: object) -> bytes:
    """Return canonical JSON: UTF-8, sorted keys, no spaces. Raises TypeError for a float."""
    _refuse_floats(value)
    return _ENCODER.encode(value).encode()


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
    sealed = [_sealed(fact) for fact in facts]
    if not sealed:
        return []
    fields: dict[str, Any] = {name: Entry._meta.get_field(name) for name in ("organisation", "at")}
    stored = {name: partial(field.get_db_prep_value, connection=connection) for name, field in fields.items()}
    columns = ("organisation", "at", "actor", "on_behalf_of", "object", "verb", "commitment", "leaf")
    numbers = _insert_entries(
        columns,
        [
            (stored["organisation"](one.organisation), stored["at"](one.at), one.actor, one.on_behalf_of, one.object,
             one.verb, one.commitment, leaf_hash(one))
            for one in sealed
        ],
    )  # fmt: skip
    numbered = list(zip(numbers, sealed, strict=True))
    _insert(Payload, ("entry_id", "salt", "body"), [(number, one.salt, one.body) for number, one in numbered])
    return numbers


def leaf_hash(entry: "Entry | Sealed") -> bytes:
    """Return SHA-256(0x00 ‖ header) of an entry; the header has no index, so leaves can be made before their order."""
    header = {
        "actor": entry.actor,
        "at": _moment(entry.at),
        "commitment": bytes(entry.commitment).hex(),
        "object": entry.object,
        "on_behalf_of": entry.on_behalf_of,
        "organisation": str(entry.organisation),
        "verb": entry.verb,
    }
    return hashlib.sha256(b"\x00" + _ENCODER.encode(header).encode()).digest()


def _insert(model: type[models.Model], columns: Sequence[str], rows: list[tuple[object, ...]]) -> None:
    """Insert rows without an object for each: a bulk verb writes hundreds of thousands, and nobody reads these back."""
    places = ", ".join(["%s"] * len(columns))
    with transaction.get_connection().cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES ({places})",  # noqa: S608 (own names)
            rows,
        )


def _sealed(fact: Fact) -> Sealed:
    _refuse_floats(fact.before)
    _refuse_floats(fact.after)
    body = _ENCODER.encode(
        {
            "after": fact.after,
            "at": _moment(fact.at),
            "before": fact.before,
            "by": {"id": fact.by.actor, "name": fact.by.name},
            "object": fact.object,
            "on_behalf_of": fact.on_behalf_of,
            "reason": fact.reason,
            "request": fact.by.request_id,
            "verb": fact.verb,
        }
    ).encode()
    salt = secrets.token_bytes(SALT_BYTES)
    return Sealed(
        organisation=fact.by.organisation,
        at=fact.at,
        actor=fact.by.actor,
        on_behalf_of=fact.on_behalf_of,
        object=fact.object,
        verb=fact.verb,
        commitment=hashlib.sha256(salt + body).digest(),
        salt=salt,
        body=body,
    )


def _insert_entries(columns: Sequence[str], rows: list[tuple[object, ...]]) -> list[int]:
    """Insert entries in their order and return their keys, in one statement for each chunk of rows."""
    one = f"({', '.join(['%s'] * len(columns))})"
    start = f"INSERT INTO {Entry._meta.db_table} ({', '.join(columns)}) VALUES "  # noqa: S608 (own names)
    numbers: list[int] = []
    with transaction.get_connection().cursor() as cursor:
        for first in range(0, len(rows), CHUNK):
            chunk = rows[first : first + CHUNK]
            places = ", ".join([one] * len(chunk))
            cursor.execute(f"{start}{places} RETURNING id", [value for row in chunk for value in row])
            numbers.extend(number for (number,) in cursor.fetchall())
    return numbers


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("the ledger takes no floats: they have no one spelling")
    if isinstance(value, Mapping):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
