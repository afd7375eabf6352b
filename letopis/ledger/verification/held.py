"""Checkpoints against the tree as it was replayed: signed by us, in order, and still true."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from letopis.ledger import notes
from letopis.ledger.keyring import Ring, WrongKey
from letopis.ledger.models import Checkpoint
from letopis.ledger.tree import BLOCK, size_of
from letopis.ledger.verification.replay import Finding
from letopis.ledger.verification.stored_tree import Replayed, leaves_between, reordered


@dataclass(slots=True)
class Held:
    """What the checkpoints say. count: how many were compared; size, at: of the newest that holds."""

    count: int = 0
    size: int = 0
    at: datetime | None = None
    found: list[Finding] = field(default_factory=list)


def stored_checkpoints(organisation: uuid.UUID, replayed: Replayed, ring: Ring) -> Held:
    """Compare every checkpoint of the database, in the order they were issued. A query for each whose block is open."""
    held, most, is_forked = Held(), 0, False
    for row in Checkpoint.objects.filter(organisation=organisation).order_by("pk"):
        name = _name_of(row)
        held.count += 1
        try:
            stated = ring.of_its_time(row.note)
        except notes.BadNote as bad:
            held.found.append(_finding(_code_of(bad), name, reason=str(bad)))
            continue
        if stated.origin != notes.origin_of(organisation):
            held.found.append(_finding("checkpoint_foreign", name, origin=stated.origin))
        elif (stated.size, stated.root) != (row.size, bytes(row.root)):
            code = "checkpoint_replayed" if stated.size <= most else "checkpoint_changed"
            held.found.append(_finding(code, name, signed=stated.size, expected=most))
        elif stated.size <= most or (held.at and row.at < held.at):
            held.found.append(_finding("checkpoint_replayed", name, signed=stated.size, expected=most))
        else:
            most = stated.size
            found = [] if is_forked else _against_tree(organisation, replayed, stated, name)
            held.found += found
            # Once the log left what was signed, every later checkpoint says the same.
            is_forked = is_forked or bool(found)
            if not found:
                held.size, held.at = stated.size, row.at
    return held


def brought_checkpoint(organisation: uuid.UUID, replayed: Replayed, ring: Ring, note: str) -> list[Finding]:
    """Compare a checkpoint that was kept elsewhere."""
    try:
        stated = ring.of_its_time(note)
    except notes.BadNote as bad:
        return [_finding(_code_of(bad), "из файла", reason=str(bad))]
    if stated.origin != notes.origin_of(organisation):
        return [_finding("checkpoint_foreign", "из файла", origin=stated.origin)]
    found = _against_tree(organisation, replayed, stated, f"из файла, на {stated.size} записей,")
    if not found and not Checkpoint.objects.filter(organisation=organisation, size=stated.size).exists():
        found = [_finding("checkpoint_dropped", f"из файла, на {stated.size} записей,")]
    return found


def handed_over(organisation: uuid.UUID, replayed: Replayed, ring: Ring) -> list[Finding]:
    """Compare what was signed of the log whenever a key took the place of another."""
    found: list[Finding] = []
    for handover in ring.handovers:
        stated = handover.logs.get(notes.origin_of(organisation)) if handover else None
        if handover and stated and not found:
            found = _against_tree(organisation, replayed, stated, f"из передачи ключа № {handover.number}")
    return found


def _code_of(bad: notes.BadNote) -> str:
    return bad.code if isinstance(bad, WrongKey) else "checkpoint_signature"


def _against_tree(organisation: uuid.UUID, replayed: Replayed, stated: notes.Statement, name: str) -> list[Finding]:
    if stated.size > replayed.size:
        if stated.size <= size_of(organisation):
            # Signed while the log was being replayed: the next verification comes to it.
            return []
        facts = {"expected": stated.size, "size": replayed.size, "source": f"контрольная отметка {name}".rstrip(",")}
        return [Finding("tail_dropped", replayed.size, facts=facts)]
    begun = stated.size - stated.size % BLOCK
    leaves = leaves_between(organisation, begun, stated.size)
    if replayed.root_at(stated.size, tail=[one[2] for one in leaves]) == stated.root:
        return []
    hashes, moved = reordered(leaves)
    if moved and replayed.root_at(stated.size, tail=hashes) == stated.root:
        return [Finding("reordered", index, entry) for index, entry in moved]
    return [_finding("log_forked", name, signed=stated.size)]


def _finding(code: str, name: str, **facts: object) -> Finding:
    return Finding(code, facts={"checkpoint": name, "signed": "", **facts})


def _name_of(row: Checkpoint) -> str:
    return f"от {timezone.localtime(row.at):%d.%m.%Y %H:%M:%S} на {row.size} записей"
