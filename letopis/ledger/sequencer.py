"""The sequencer: gives waiting entries their places in the tree of their organisation.

A transaction of the product inserts its entries and, by a trigger, rows of Pending. Here, and nowhere else, they become
leaves: at most BATCH in a transaction of their own, under one lock for each organisation. Nobody who saves waits for
it, apart from the one writer of SQLite for some milliseconds.

Dangers.
* Never select entries by «id greater than the last one». Keys are given when a transaction begins to write, not when it
  commits: an entry with a smaller key may become visible later, and would be lost. What waits stands in Pending.
* The order of places is not the order of the clock, and not that of the keys.
* Entries that wait are protected by triggers only; the tree protects what is in it. So the queue must be short.
"""

import hashlib
import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.db import IntegrityError, connection, transaction

from letopis.core.bulk import insert_rows, take_keys
from letopis.ledger import merkle
from letopis.ledger.models import Leaf, Pending, Subtree
from letopis.ledger.tree import BLOCK, BLOCK_LEVEL, size_of

BATCH = 1000
"""Entries that one transaction puts into the tree."""
BUSY = -1
"""Another sequencer is at work on that organisation."""


class DamagedTree(RuntimeError):
    """The tree of an organisation lacks a leaf or a subtree, so that nothing can be put behind it."""


def sequence(
    *,
    only: uuid.UUID | None = None,
    pause: float = 0.0,
    report: Callable[[int, int], None] | None = None,
    until: Callable[[], bool] | None = None,
) -> int:
    """Put what waits into the trees and return how many entries that were.

    only: one organisation; else all, the one whose entry waits longest first. pause: rest after each batch, as a
    multiple of what the batch took, so that writers of SQLite come between. report: told how many are done of how many
    waited at the beginning. until: asked between batches whether to stop.
    Raises DamagedTree, and IntegrityError, when an organisation has a tree that takes nothing: after the others had
    their turn, for one school that was tampered with must not leave all others unprotected.
    """
    total = waiting(only) if report else 0
    done, passed_by, damage = 0, set[uuid.UUID](), None
    while not (until and until()):
        organisation = only or _next(passed_by)
        if organisation is None:
            break
        started = time.perf_counter()
        try:
            moved = sequence_batch(organisation)
        except (DamagedTree, IntegrityError) as found:
            if only:
                raise
            moved, damage = 0, damage or found
        done += max(moved, 0)
        if report:
            report(done, max(total, done))
        if moved < BATCH:
            if only:
                break
            passed_by.add(organisation)
        if pause and moved == BATCH:
            time.sleep(pause * (time.perf_counter() - started))
    if damage:
        raise damage
    return done


def waiting(organisation: uuid.UUID | None = None) -> int:
    """Return how many entries wait for their place."""
    rows = Pending.objects.all() if organisation is None else Pending.objects.filter(organisation=organisation)
    return rows.count()


@transaction.atomic
def sequence_batch(organisation: uuid.UUID) -> int:
    """Put up to BATCH waiting entries of an organisation into its tree; return how many, or BUSY."""
    if not _is_ours(organisation):
        return BUSY
    rows = _waiting_rows(organisation)
    if not rows:
        return 0
    size = size_of(organisation)
    stored: Any = Leaf._meta.get_field("organisation")
    own = stored.get_db_prep_value(organisation, connection)
    hashes = [leaf for _entry, leaf in rows]
    places = ((entry, own, size + number, leaf) for number, (entry, leaf) in enumerate(rows))
    insert_rows(Leaf, ("entry_id", "organisation", "index", "hash"), places)
    _insert_subtrees(own, _new_subtrees(organisation, size, hashes))
    _forget([entry for entry, _leaf in rows])
    return len(rows)


def _next(passed_by: set[uuid.UUID]) -> uuid.UUID | None:
    """Return the organisation whose entry has waited longest, those passed by left aside."""
    rows = Pending.objects.order_by("entry_id").exclude(organisation__in=passed_by)
    return rows.values_list("organisation", flat=True).first()


def _is_ours(organisation: uuid.UUID) -> bool:
    """Take the lock of an organisation until the transaction ends; on SQLite any transaction is the one writer."""
    if connection.vendor != "postgresql":
        return True
    key = int.from_bytes(hashlib.sha256(b"letopis ledger " + organisation.bytes).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [key])
        return bool(cursor.fetchone()[0])


def _waiting_rows(organisation: uuid.UUID) -> list[tuple[int, bytes]]:
    """Return entries that wait with their leaves, smallest keys first."""
    rows = Pending.objects.filter(organisation=organisation).order_by("entry_id")
    return [(entry, bytes(leaf)) for entry, leaf in rows.values_list("entry_id", "entry__leaf")[:BATCH]]


def _new_subtrees(organisation: uuid.UUID, size: int, hashes: list[bytes]) -> list[tuple[int, int, bytes]]:
    """Return the subtrees (level, number, hash) that these leaves complete in a tree of `size`."""
    open_block, begun = divmod(size, BLOCK)
    if begun + len(hashes) < BLOCK:
        return []
    leaves = Leaf.objects.filter(organisation=organisation, index__gte=open_block * BLOCK, index__lt=size)
    tail = [bytes(one) for one in leaves.order_by("index").values_list("hash", flat=True)]
    if len(tail) != begun:
        raise DamagedTree("the tree has a gap: `letopis ledger verify` names it")
    tail += hashes
    left = _left_neighbours(organisation, open_block)
    found = []
    for start in range(0, len(tail) - BLOCK + 1, BLOCK):
        level, index, value = BLOCK_LEVEL, open_block + start // BLOCK, merkle.root(tail[start : start + BLOCK])
        found.append((level, index, value))
        while index % 2:
            value = merkle.node_hash(left[level], value)
            level, index = level + 1, index // 2
            found.append((level, index, value))
        left[level] = value
    return found


def _left_neighbours(organisation: uuid.UUID, blocks: int) -> dict[int, bytes]:
    """Return by level the complete subtrees whose right neighbour is not complete yet, in a tree of so many blocks."""
    wanted = {
        level + BLOCK_LEVEL: (blocks >> level) - 1 for level in range(blocks.bit_length()) if (blocks >> level) % 2
    }
    rows = Subtree.objects.filter(organisation=organisation, level__in=wanted, index__in=wanted.values())
    found = {row.level: bytes(row.hash) for row in rows if wanted[row.level] == row.index}
    if len(found) != len(wanted):
        raise DamagedTree("the tree lacks a subtree: `letopis ledger verify` names it")
    return found


def _insert_subtrees(own: Any, subtrees: list[tuple[int, int, bytes]]) -> None:
    if subtrees:
        numbers = take_keys(Subtree, len(subtrees))
        rows: Iterable[tuple[Any, ...]] = ((key, own, *one) for key, one in zip(numbers, subtrees, strict=True))
        insert_rows(Subtree, ("id", "organisation", "level", "index", "hash"), rows)


def _forget(entries: list[int]) -> None:
    """Take entries from the queue."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DELETE FROM {Pending._meta.db_table} WHERE entry_id = ANY(%s)", [entries])  # noqa: S608
        else:
            cursor.executemany(
                f"DELETE FROM {Pending._meta.db_table} WHERE entry_id = %s",  # noqa: S608 (own names)
                [(entry,) for entry in entries],
            )
