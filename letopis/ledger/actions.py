"""`record`: the only way a change reaches the ledger."""

import hashlib
import json
import secrets
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import models, transaction

from letopis.ledger.models import Entry, Payload, Pending

Value = None | bool | int | str | list["Value"] | dict[str, "Value"]
SALT_BYTES = 16
BATCH = 2000


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


def object_name(row: models.Model) -> str:
    """Return how the ledger names a row: «register.Mark:123»."""
    return f"{row._meta.app_label}.{row._meta.object_name}:{row.pk}"


def canonical(value: object) -> bytes:
    """Return canonical JSON: UTF-8, sorted keys, no spaces. Raises TypeError for a float."""
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def record(fact: Fact) -> Entry:
    """Write one fact: Entry, Payload and Pending. Call inside the transaction of the change itself."""
    return record_all([fact])[0]


def record_all(facts: Iterable[Fact]) -> list[Entry]:
    """Write facts in their order, one entry each. Raises TransactionManagementError outside a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("ledger.record must run in the transaction of the change")
    sealed = [_sealed(fact) for fact in facts]
    entries = Entry.objects.bulk_create([entry for entry, _, _ in sealed], batch_size=BATCH)
    Payload.objects.bulk_create(
        [Payload(entry=entry, salt=salt, body=body) for entry, salt, body in sealed], batch_size=BATCH
    )
    Pending.objects.bulk_create(
        [Pending(entry=entry, organisation=entry.organisation) for entry in entries], batch_size=BATCH
    )
    return entries


def leaf_hash(entry: Entry) -> bytes:
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
    return hashlib.sha256(b"\x00" + canonical(header)).digest()


def _sealed(fact: Fact) -> tuple[Entry, bytes, bytes]:
    body = canonical(
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
    )
    salt = secrets.token_bytes(SALT_BYTES)
    entry = Entry(
        organisation=fact.by.organisation,
        at=fact.at,
        actor=fact.by.actor,
        on_behalf_of=fact.on_behalf_of,
        object=fact.object,
        verb=fact.verb,
        commitment=hashlib.sha256(salt + body).digest(),
    )
    entry.leaf = leaf_hash(entry)
    return entry, salt, body


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
