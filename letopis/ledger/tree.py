"""The stored tree of an organisation: its size, its nodes, its root, and proofs read from it.

Stored are the hash of every leaf (Leaf) and of each complete subtree from the level of a block up (Subtree). A block is
256 leaves: what lies inside one is hashed again when it is asked for. Measured for 1,000,000 entries: with all levels
stored there would be a second million of rows and a slower sequencer, with blocks there are 7,800 (decision 0016).
"""

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection, models

from letopis.ledger import merkle
from letopis.ledger.models import Leaf, Subtree

BLOCK_LEVEL = 8
BLOCK = 1 << BLOCK_LEVEL
"""Leaves of a block."""
PORTION = 100
"""Branches of one statement; SQLite takes no more than 500."""


def size_of(organisation: uuid.UUID) -> int:
    """Return how many leaves the tree has. One query."""
    last = Leaf.objects.filter(organisation=organisation).order_by("-index").values_list("index", flat=True).first()
    return 0 if last is None else last + 1


def root_at(organisation: uuid.UUID, size: int) -> bytes:
    """Return the root of the tree of the first `size` leaves. Two queries."""
    [root] = _range_hashes(organisation, [(0, size)])
    return root


def inclusion_proof(organisation: uuid.UUID, *, index: int, size: int) -> list[bytes]:
    """Return the proof that a leaf is in the tree of the first `size` leaves. Two queries."""
    return _range_hashes(organisation, merkle.inclusion_ranges(index, size))


def inclusion_proofs(organisation: uuid.UUID, *, indexes: Iterable[int], size: int) -> dict[int, list[bytes]]:
    """Return the proofs of several leaves by their places; the queries of one, for a thousand leaves at a time."""
    proofs: dict[int, list[bytes]] = {}
    wanted = sorted(set(indexes))
    for start in range(0, len(wanted), 1000):
        some = wanted[start : start + 1000]
        ranges = {index: merkle.inclusion_ranges(index, size) for index in some}
        flat = list(dict.fromkeys(one for of_leaf in ranges.values() for one in of_leaf))
        known = dict(zip(flat, _range_hashes(organisation, flat), strict=True))
        proofs |= {index: [known[one] for one in of_leaf] for index, of_leaf in ranges.items()}
    return proofs


def consistency_proof(organisation: uuid.UUID, *, old: int, new: int) -> list[bytes]:
    """Return the proof that the tree of `new` leaves begins with that of `old`. Two queries."""
    return _range_hashes(organisation, merkle.consistency_ranges(old, new))


class IncompleteTree(Exception):
    """A stored leaf or subtree that must be there is not: the tree was damaged. Carries its level and number."""

    def __init__(self, level: int, index: int) -> None:
        super().__init__(f"no subtree {level}/{index}")
        self.level, self.index = level, index


def _range_hashes(organisation: uuid.UUID, ranges: list[merkle.Range]) -> list[bytes]:
    """Return the hashes of ranges: one query for the stored subtrees, one for the leaves of the blocks touched."""
    parts = [merkle.cover(first, last) for first, last in ranges]
    needed = {one for of_range in parts for one in of_range}
    stored = _subtrees(organisation, {one for one in needed if one[0] >= BLOCK_LEVEL})
    spans = _spans({one for one in needed if one[0] < BLOCK_LEVEL})
    leaves = _leaves(organisation, spans)

    def subtree(level: int, index: int) -> bytes:
        try:
            if level >= BLOCK_LEVEL:
                return stored[level, index]
            return merkle.root([leaves[place] for place in range(index << level, (index + 1) << level)])
        except KeyError:
            raise IncompleteTree(level, index) from None

    return [merkle.joined(subtree(*one) for one in of_range) for of_range in parts]


def _spans(small: set[tuple[int, int]]) -> list[merkle.Range]:
    """Return what leaves to read for small subtrees: neighbours in one span."""
    spans: list[merkle.Range] = []
    for first, last in sorted((index << level, (index + 1) << level) for level, index in small):
        if spans and first <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
        else:
            spans.append((first, last))
    return spans


def _subtrees(organisation: uuid.UUID, wanted: set[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    rows = _rows(Subtree, 'level, "index", hash', 'level = %s AND "index" = %s', organisation, sorted(wanted))
    return {(level, index): bytes(value) for level, index, value in rows}


def _leaves(organisation: uuid.UUID, spans: list[merkle.Range]) -> dict[int, bytes]:
    rows = _rows(Leaf, '"index", hash', '"index" >= %s AND "index" < %s', organisation, spans)
    return {index: bytes(value) for index, value in rows}


def _rows(
    model: type[models.Model], columns: str, condition: str, organisation: uuid.UUID, pairs: list[tuple[int, int]]
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows that fulfil the condition for one of the pairs: a branch for each, so the index serves all."""
    field: Any = model._meta.get_field("organisation")
    own = field.get_db_prep_value(organisation, connection)
    branch = f"SELECT {columns} FROM {model._meta.db_table} WHERE organisation = %s AND {condition}"  # noqa: S608
    for start in range(0, len(pairs), PORTION):
        some = pairs[start : start + PORTION]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([branch] * len(some)), [item for pair in some for item in (own, *pair)])
            yield from cursor.fetchall()
