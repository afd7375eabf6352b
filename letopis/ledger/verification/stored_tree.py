"""The stored tree against the leaves that were replayed: which nodes differ, and whether leaves only changed places."""

import uuid
from dataclasses import dataclass

from letopis.ledger import merkle
from letopis.ledger.models import Leaf, Subtree
from letopis.ledger.tree import BLOCK, BLOCK_LEVEL, size_of
from letopis.ledger.verification.replay import Finding


@dataclass(frozen=True, slots=True)
class Replayed:
    """The tree as its leaves make it. blocks: None where a leaf is lost; tail: leaves after the last complete block."""

    blocks: list[bytes | None]
    tail: list[bytes]

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self.blocks) * BLOCK + len(self.tail)

    def root_at(self, size: int, *, tail: list[bytes]) -> bytes | None:
        """Return the root of the first `size` leaves; None when one is lost. tail: those after the last whole block."""
        blocks = self.blocks[: size // BLOCK]
        if None in blocks:
            return None
        parts = [
            merkle.root([one for one in blocks[at << level : (at + 1) << level] if one])
            for level, at in merkle.cover(0, len(blocks))
        ]
        return merkle.joined([*parts, *([merkle.root(tail)] if tail else [])])


def compare(organisation: uuid.UUID, replayed: Replayed) -> list[Finding]:
    """Return what is wrong with the stored nodes. Three queries at most."""
    stored: dict[tuple[int, int], bytes] = {}
    rows = Subtree.objects.filter(organisation=organisation).values_list("level", "index", "hash")
    for level, index, stored_hash in rows:
        stored[level, index] = bytes(stored_hash)
    found: list[Finding] = []
    bad_blocks = []
    level_hashes, level = list(replayed.blocks), BLOCK_LEVEL
    while level_hashes:
        for index, value in enumerate(level_hashes):
            kept = stored.pop((level, index), None)
            facts = {"first": index << level, "last": ((index + 1) << level) - 1}
            if kept is None:
                found.append(Finding("subtree_missing", facts["first"], facts=facts))
            elif value is not None and value != kept:
                if level == BLOCK_LEVEL:
                    bad_blocks.append((index, kept))
                elif not bad_blocks:
                    # Above a bad block everything differs: the block tells it better.
                    found.append(Finding("tree_changed", facts["first"], facts=facts))
        pairs = zip(level_hashes[::2], level_hashes[1::2], strict=False)
        level_hashes = [merkle.node_hash(a, b) if a and b else None for a, b in pairs]
        level += 1
    beyond = [(index + 1) << one for one, index in stored]
    # The log may have grown while it was replayed.
    if beyond and max(beyond) > size_of(organisation):
        lost = {"expected": max(beyond), "size": replayed.size, "source": "по узлам дерева"}
        found.append(Finding("tail_dropped", replayed.size, facts=lost))
    return found + _of_blocks(organisation, bad_blocks)


def reordered(leaves: list[tuple[int, int, bytes]]) -> tuple[list[bytes], list[tuple[int, int]]]:
    """Return leaves as the sequencer must have put them, and which stand elsewhere now (place, entry).

    leaves: (place, entry, hash) by place. A batch goes into the tree by the keys of its entries, so in a stretch whose
    leaves were only exchanged the order of the keys is nearly always the one that was.
    """
    by_key = sorted(leaves, key=lambda one: one[1])
    moved = [(was[0], was[1]) for was, now in zip(leaves, by_key, strict=True) if was[1] != now[1]]
    return [one[2] for one in by_key], moved


def leaves_between(organisation: uuid.UUID, first: int, last: int) -> list[tuple[int, int, bytes]]:
    """Return (place, entry, hash) of the places from the first up to, but without, the last."""
    rows = Leaf.objects.filter(organisation=organisation, index__gte=first, index__lt=last).order_by("index")
    return [(index, entry, bytes(value)) for index, entry, value in rows.values_list("index", "entry_id", "hash")]


def _of_blocks(organisation: uuid.UUID, bad: list[tuple[int, bytes]]) -> list[Finding]:
    """Say of blocks that differ from their nodes whether leaves were exchanged or forged."""
    if not bad:
        return []
    if len(bad) <= 2:
        leaves = [one for index, _ in bad for one in leaves_between(organisation, index * BLOCK, (index + 1) * BLOCK)]
        hashes, moved = reordered(leaves)
        if all(merkle.root(hashes[at * BLOCK : (at + 1) * BLOCK]) == kept for at, (_, kept) in enumerate(bad)):
            return [Finding("reordered", index, entry) for index, entry in moved]
    return [
        Finding("tree_changed", index * BLOCK, facts={"first": index * BLOCK, "last": (index + 1) * BLOCK - 1})
        for index, _ in bad
    ]
