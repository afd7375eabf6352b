"""Replay of a part of the log: each entry is hashed again from its bytes, and its leaves become blocks of the tree.

Runs in processes of its own when the log is long, so it knows no Django: a `Source` says how to connect. Memory is that
of a portion and of 32 bytes for each block. Reads by ranges of places, never by a cursor kept open: PgBouncer would
hand its next fetch to another connection.
"""

import sqlite3
import uuid
from array import array
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC
from hashlib import sha256
from json.encoder import encode_basestring as _text
from typing import Any

from letopis.ledger import merkle
from letopis.ledger.sealing import moment_text

PORTION = 8192
"""Places read by one statement; a multiple of the leaves of a block."""
HASH = 32
"""Bytes of a leaf."""
NAMED = 1000
"""Findings that one replay names; what is beyond is counted."""

_COLUMNS = (
    "e.id, e.organisation = l.organisation, e.at, e.actor, e.on_behalf_of, e.object, e.verb, e.commitment, e.leaf,"
    " p.salt, p.body"
)
_JOINS = "LEFT JOIN ledger_entry e ON e.id = l.entry_id LEFT JOIN ledger_payload p ON p.entry_id = l.entry_id"
_OF_TREE = (
    f'SELECT l."index", l.entry_id, l.hash, {_COLUMNS} FROM ledger_leaf l {_JOINS}'  # noqa: S608 (own names)
    ' WHERE l.organisation = {0} AND l."index" >= {0} AND l."index" < {0} ORDER BY l."index"'
)
_OF_QUEUE = (
    f"SELECT NULL, l.entry_id, NULL, {_COLUMNS} FROM ledger_pending l {_JOINS}"  # noqa: S608 (own names)
    " WHERE l.organisation = {0} AND l.entry_id > {0} ORDER BY l.entry_id LIMIT {0}"
)


@dataclass(frozen=True, slots=True)
class Source:
    """How a process of its own reaches the database: a file of SQLite, or the words of a connection to PostgreSQL."""

    vendor: str
    options: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong. code: of problems.py; index: place, if there is one; facts: for the sentence."""

    code: str
    index: int | None = None
    entry: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Part:
    """What the replay of some places gave.

    blocks: the hash of each complete block, None where a leaf is lost. tail: leaves after the last complete block.
    heads: the first 8 bytes of each leaf, to look for entries that were put in twice.
    """

    first: int
    last: int
    blocks: list[bytes | None] = field(default_factory=list)
    tail: list[bytes] = field(default_factory=list)
    heads: bytes = b""
    found: list[Finding] = field(default_factory=list)
    unnamed: int = 0


def replay_apart(source: Source, organisation: uuid.UUID, first: int, last: int, block: int) -> Part:
    """Replay places of a log over a connection of its own."""
    with closing(_connect(source)) as connection:
        return replay(connection, source.vendor, organisation, first, last, block)


def replay(connection: Any, vendor: str, organisation: uuid.UUID, first: int, last: int, block: int) -> Part:
    """Replay the places from the first up to, but without, the last. first: where a block begins."""
    part = Part(first, last)
    replayer = _Replayer(organisation, part)
    heads, expected, leaves = [], first, list[bytes | None]()
    for start in range(first, last, PORTION):
        rows = _rows(connection, vendor, _OF_TREE, organisation, start, min(start + PORTION, last))
        for index, hashed in replayer.leaves(rows):
            if index < expected:
                replayer.add(Finding("place_twice", index))
                continue
            if index > expected:
                replayer.add(Finding("leaf_missing", expected))
                leaves += [None] * (index - expected)
            if not isinstance(hashed, bytes) or len(hashed) != HASH:
                # Named as changed; what follows takes hashes of one length only.
                hashed = bytes(HASH)
            leaves.append(hashed)
            heads.append(hashed[:8])
            expected = index + 1
        whole = len(leaves) - len(leaves) % block
        part.blocks += [_root(leaves[at : at + block]) for at in range(0, whole, block)]
        del leaves[:whole]
    if expected < last:
        replayer.add(Finding("leaf_missing", expected))
    part.tail = [one for one in leaves if one is not None]
    part.heads = b"".join(heads)
    return part


def replay_queue(connection: Any, vendor: str, organisation: uuid.UUID) -> Part:
    """Replay what waits for its place: such an entry must agree with itself."""
    part = Part(0, 0)
    replayer, after = _Replayer(organisation, part), 0
    while rows := _rows(connection, vendor, _OF_QUEUE, organisation, after, PORTION):
        for _place in replayer.leaves(rows):
            part.last += 1
        after = rows[-1][1]
    return part


def twice(parts: list[Part]) -> list[bytes]:
    """Return the beginnings (8 bytes) of leaves that stand in a log more than once.

    A salt is never drawn twice, so equal leaves are one entry put in again. Looked for in shares of a million, so that
    memory does not grow with the log beyond the 8 bytes of a leaf.
    """
    heads = array("Q")
    for part in parts:
        heads.frombytes(part.heads)
    shares = max(1, len(heads) >> 20)
    repeated: set[int] = set()
    for share in range(shares):
        mine = heads if shares == 1 else array("Q", (head for head in heads if head % shares == share))
        if len(set(mine)) < len(mine):
            seen: set[int] = set()
            repeated |= {head for head in mine if head in seen or seen.add(head)}  # type: ignore[func-returns-value]
    return [array("Q", [head]).tobytes() for head in sorted(repeated)]


class _Texts(dict[str, str]):
    """JSON of names that come again and again."""

    def __missing__(self, name: str) -> str:
        self[name] = told = _text(name)
        return told


class _Replayer:
    """Hashes rows again and keeps what it finds."""

    def __init__(self, organisation: uuid.UUID, part: Part) -> None:
        self.part = part
        self.organisation = f',"organisation":"{organisation}","verb":'
        self.texts = _Texts()

    def leaves(self, rows: list[Any]) -> Iterator[tuple[int, bytes]]:
        """Yield place and stored hash of each row, after its entry was looked at."""
        texts, organisation, digest, was, moment = self.texts, self.organisation, sha256, None, ""
        for index, key, stored, entry, is_ours, at, actor, behalf, thing, verb, commitment, leaf, salt, body in rows:
            if entry is None or not is_ours:
                self.add(Finding("entry_missing", index, key))
                yield index, stored
                continue
            try:
                if at != was:
                    was, moment = at, _moment(at)
                header = (
                    f'\0{{"actor":{texts[actor]},"at":"{moment}","commitment":"{commitment.hex()}",'
                    f'"object":{_text(thing)},"on_behalf_of":{texts[behalf]}{organisation}{texts[verb]}}}'
                )
                hashed = digest(header.encode()).digest()
            except (AttributeError, TypeError, ValueError):
                # SQLite keeps any type in any column: a forger's text where bytes were must not stop us.
                was, hashed = None, b""
            try:
                is_same = body is None or digest(salt + body).digest() == commitment
            except TypeError:
                is_same = False
            if hashed != leaf or (stored is not None and hashed != stored):
                self.add(Finding("entry_changed", index, key, {"hashed": hashed, "stored": stored}))
            if body is None:
                self.add(Finding("payload_gone", index, key))
            elif not is_same:
                self.add(Finding("payload_changed", index, key))
            yield index, stored

    def add(self, finding: Finding) -> None:
        """Keep a finding, or count it when there are many."""
        if len(self.part.found) < NAMED:
            self.part.found.append(finding)
        else:
            self.part.unnamed += 1


def _rows(connection: Any, vendor: str, statement: str, organisation: uuid.UUID, *bounds: int) -> list[Any]:
    if vendor == "sqlite":
        return list(connection.execute(statement.format("?"), (organisation.hex, *bounds)).fetchall())
    from psycopg import Cursor

    # Binary, because the text form of bytes is twice as long and must be decoded; Django's own cursor knows text only.
    with Cursor(connection) as cursor:
        cursor.execute(statement.format("%s"), (organisation, *bounds), binary=True)
        return list(cursor.fetchall())


def _connect(source: Source) -> Any:
    if source.vendor == "sqlite":
        return sqlite3.connect(**dict(source.options))
    import psycopg

    return psycopg.connect(**dict(source.options), autocommit=True)


def _moment(at: Any) -> str:
    """Return a moment as the ledger spells it; SQLite stores it in UTC, without empty parts."""
    if not isinstance(at, str):
        return moment_text(at if at.tzinfo else at.replace(tzinfo=UTC))
    return f"{at.replace(' ', 'T')}{'' if len(at) > 19 else '.000000'}+00:00"


def _root(leaves: list[bytes | None]) -> bytes | None:
    return None if None in leaves else merkle.root(leaves)  # type: ignore[arg-type]
