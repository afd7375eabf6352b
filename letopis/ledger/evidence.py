"""What a package or a paper carries of the ledger: the newest checkpoint, the keys with their history, the time stamp.

Whoever has it later can tell whether the log of the school still continues what it was then, and whether it was really
the school that signed, with openssl alone.
"""

import uuid
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.utils import timezone

from letopis.ledger import keys, notes
from letopis.ledger.models import Checkpoint, SigningKey

ROOT_SHOWN = 16
"""Hex digits of a root on paper: nobody makes another log that begins with the same 64 bits."""


def printed(organisation: uuid.UUID) -> str:
    """Return the newest checkpoint as the foot of a page tells it; nothing when there is none. One query.

    «Журнал изменений: записей 244243, корень a8d2 0d4b 5105 1585…, 16.11.2026 10:46»: size, first digits of the root,
    moment by the clock of the server. Russian, as official forms are.
    """
    row = Checkpoint.objects.filter(organisation=organisation).order_by("-size").first()
    if row is None:
        return ""
    root, at = " ".join(row.root_groups[: ROOT_SHOWN // 4]), timezone.localtime(row.at, ZoneInfo(settings.TIME_ZONE))
    return f"Журнал изменений: записей {row.size}, корень {root}…, {at:%d.%m.%Y %H:%M}"


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
