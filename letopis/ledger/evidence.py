"""What a package or a paper carries of the ledger: the newest checkpoint, the keys with their history, the time stamp.

Whoever has it later can tell whether the log of the school still continues what it was then, and whether it was really
the school that signed, with openssl alone.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from letopis.ledger import keys, notes
from letopis.ledger.models import Checkpoint, SigningKey

ROOT_SHOWN = 16
"""Hex digits of a root on paper: nobody makes another log that begins with the same 64 bits."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A checkpoint as the foot of a page tells it. root: the first digits, in groups of four; at: its moment."""

    size: int
    root: str
    at: datetime


def printed(organisation: uuid.UUID) -> Printed | None:
    """Return the newest checkpoint for paper; None when there is none. One query."""
    row = Checkpoint.objects.filter(organisation=organisation).order_by("-size").first()
    return Printed(row.size, " ".join(row.root_groups[: ROOT_SHOWN // 4]), row.at) if row else None


def evidence(organisation: uuid.UUID) -> dict[str, bytes]:
    """Return the files that a package carries, by name; none when nothing was signed yet. Three queries."""
    row = Checkpoint.objects.filter(organisation=organisation).order_by("-size").first()
    if row is None:
        return {}
    files = {"checkpoint.txt": row.note.encode(), "checkpoint_text.txt": _signed_text(row.note)}
    for one in SigningKey.objects.order_by("number"):
        key = Ed25519PublicKey.from_public_bytes(bytes(one.public))
        files[f"public_key_{one.number}.pem"] = keys.pem_of(key).encode()
        if signature := notes.signature_by(row.note, notes.read(row.note).origin, key):
            files[f"checkpoint_by_key_{one.number}.sig"] = signature
        if one.handover:
            files[f"handover_{one.number}.txt"] = one.handover.encode()
    for number, stamp in enumerate(row.stamps.order_by("pk"), start=1):
        files[f"time_stamp_{number}.tsr"] = bytes(stamp.reply)
    return files


def _signed_text(note: str) -> bytes:
    return (note.partition("\n\n")[0] + "\n").encode()
