"""How a fact becomes the bytes that are hashed. One text for the verb of one cell and for the import of a year.

Dangers. The bytes are the record: whoever verifies an entry hashes what is stored, and an entry of years ago must still
be told as it was. The texts are put together by hand, because the encoder's own way through a nested dict takes three
times as long; tests hold them to canonical JSON, key by key.
"""

import hashlib
import json
import secrets
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from json.encoder import encode_basestring as _text
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from letopis.ledger.models import Entry

Value = None | bool | int | str | list["Value"] | dict[str, "Value"]
SALT_BYTES = 16
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
    leaf: bytes
    salt: bytes
    body: bytes


def canonical(value: object) -> bytes:
    """Return canonical JSON: UTF-8, sorted keys, no spaces. Raises TypeError for a float."""
    _refuse_floats(value)
    return _ENCODER.encode(value).encode()


def seal(facts: Iterable[Fact]) -> list[Sealed]:
    """Return facts as they will be written, in their order. Raises TypeError for a float."""
    wanted = list(facts)
    salts = secrets.token_bytes(SALT_BYTES * len(wanted))
    at: datetime | None = None
    moment = ""
    sealed = []
    for place, fact in enumerate(wanted):
        if fact.at is not at:  # facts of one lesson share their moment
            at, moment = fact.at, moment_text(fact.at)
        salt = salts[place * SALT_BYTES : (place + 1) * SALT_BYTES]
        by, thing, behalf, verb = fact.by, _text(fact.object), _text(fact.on_behalf_of), _text(fact.verb)
        actor = _text(by.actor)
        body = (
            f'{{"after":{_values(fact.after)},"at":"{moment}","before":{_values(fact.before)},'
            f'"by":{{"id":{actor},"name":{_text(by.name)}}},"object":{thing},"on_behalf_of":{behalf},'
            f'"reason":{_text(fact.reason)},"request":{_text(by.request_id)},"verb":{verb}}}'
        ).encode()
        commitment = hashlib.sha256(salt + body).digest()
        leaf = _leaf(actor, moment, commitment, thing, behalf, by.organisation, verb)
        sealed.append(
            Sealed(
                by.organisation, fact.at, by.actor, fact.on_behalf_of, fact.object, fact.verb, commitment, leaf, salt,
                body,
            )
        )  # fmt: skip
    return sealed


def leaf_hash(entry: "Entry | Sealed") -> bytes:
    """Return SHA-256(0x00 ‖ header) of an entry; the header has no index, so leaves can be made before their order."""
    actor, thing, behalf, verb = map(_text, (entry.actor, entry.object, entry.on_behalf_of, entry.verb))
    return _leaf(actor, moment_text(entry.at), bytes(entry.commitment), thing, behalf, entry.organisation, verb)


def moment_text(at: datetime) -> str:
    """Return a moment as the ledger spells it: UTC with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _leaf(
    actor: str, moment: str, commitment: bytes, thing: str, behalf: str, organisation: uuid.UUID, verb: str
) -> bytes:
    header = (
        f'{{"actor":{actor},"at":"{moment}","commitment":"{commitment.hex()}","object":{thing},'
        f'"on_behalf_of":{behalf},"organisation":"{organisation}","verb":{verb}}}'
    )
    return hashlib.sha256(b"\x00" + header.encode()).digest()


def _values(values: Mapping[str, Value] | None) -> str:
    """Return the JSON of the values of a fact: mostly a few short texts, so these are written at once."""
    if values is None:
        return "null"
    parts = []
    for name in sorted(values):
        value = values[name]
        if type(value) is str:
            told = _text(value)
        elif type(value) is int:
            told = str(value)
        else:
            _refuse_floats(value)
            told = _ENCODER.encode(value)
        parts.append(f"{_text(name)}:{told}")
    return f"{{{','.join(parts)}}}"


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("the ledger takes no floats: they have no one spelling")
    if isinstance(value, Mapping):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
