"""The Merkle tree of RFC 6962, section 2.1: roots, inclusion and consistency proofs, and how they are checked.

Pure: hashes in, hashes out. Leaves are known by their hashes (SHA-256 of 0x00 ‖ leaf); a node
is SHA-256(0x01 ‖ left ‖ right). A proof is a list of ranges of leaves: whoever knows the hash of a range, from leaves
or from stored subtrees, can make it. A complete subtree of level L and number I covers the leaves [I·2^L, (I+1)·2^L).
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()

Range = tuple[int, int]
"""Leaves from the first up to, but without, the last."""


def leaf_hash(content: bytes) -> bytes:
    """Return the hash of a leaf. Source: RFC 6962, 2.1."""
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node. Source: RFC 6962, 2.1."""
    return sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the hash of a whole tree, or of any range that begins a subtree. Source: RFC 6962, 2.1."""
    level = list(leaves)
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        # Pairs from the left; a last one without a pair rises as it is. Gives the tree of the RFC.
        odd = level[-1:] if len(level) % 2 else []
        pairs = iter(level)
        level = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)] + odd
    return level[0]


def cover(first: int, last: int) -> list[tuple[int, int]]:
    """Return the complete subtrees (level, number) that a range of a proof is made of, from the left.

    The range must begin where a subtree of at least its size may begin, as all ranges of proofs and trees do.
    """
    found = []
    while first < last:
        level = (last - first).bit_length() - 1
        found.append((level, first >> level))
        first += 1 << level
    return found


def joined(hashes: Iterable[bytes]) -> bytes:
    """Return the hash of a range from those of its complete subtrees, as `cover` lists them."""
    total: bytes | None = None
    for one in reversed(list(hashes)):
        total = one if total is None else node_hash(one, total)
    return EMPTY_ROOT if total is None else total


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Return the ranges whose hashes prove that a leaf is in a tree, lowest first. Source: RFC 6962, 2.1.1."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    ranges: list[Range] = []
    first, last = 0, size
    while last - first > 1:
        middle = first + _split(last - first)
        if index < middle:
            ranges.append((middle, last))
            last = middle
        else:
            ranges.append((first, middle))
            first = middle
    return ranges[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """Return the ranges whose hashes prove that a tree of `new` leaves begins with one of `old`.

    Source: RFC 6962, 2.1.2. Empty where nothing needs a proof: no leaves before, or none added.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} has no beginning of {old}")
    if old in (0, new):
        return []
    ranges: list[Range] = []
    first, last, is_known = 0, new, True
    while last != old:
        middle = first + _split(last - first)
        if old <= middle:
            ranges.append((middle, last))
            last = middle
        else:
            ranges.append((first, middle))
            first, is_known = middle, False
    if not is_known:
        ranges.append((first, last))
    return ranges[::-1]


def hashes_of(ranges: Iterable[Range], *, subtree: Callable[[int, int], bytes]) -> list[bytes]:
    """Return a proof from its ranges. subtree: gives the hash of a complete subtree by level and number."""
    return [joined(subtree(level, number) for level, number in cover(first, last)) for first, last in ranges]


def is_included(leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Return whether the proof leads from the hash of a leaf to the root of a tree. Source: RFC 9162, 2.1.3.2."""
    if not 0 <= index < size:
        return False
    place, last, total = index, size - 1, leaf
    for one in proof:
        if last == 0:
            return False
        if place % 2 or place == last:
            total = node_hash(one, total)
            while not place % 2 and place:
                place, last = place >> 1, last >> 1
        else:
            total = node_hash(total, one)
        place, last = place >> 1, last >> 1
    return last == 0 and total == expected


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Return whether the proof shows that a tree only grew. Source: RFC 9162, 2.1.4.2."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        return False
    place, last = old - 1, new - 1
    while place % 2:
        place, last = place >> 1, last >> 1
    was = now = path[0]
    for one in path[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            was, now = node_hash(one, was), node_hash(one, now)
            while not place % 2 and place:
                place, last = place >> 1, last >> 1
        else:
            now = node_hash(now, one)
        place, last = place >> 1, last >> 1
    return last == 0 and was == old_root and now == new_root


def _split(size: int) -> int:
    """Return the largest power of two below the size."""
    return 1 << ((size - 1).bit_length() - 1)
