"""The text by which a signing key takes the place of another: a signed note, as checkpoints are (notes.py).

Pure: texts and keys in, texts and facts out. A handover:

    letopis/keys                                        name under which both keys sign it
    2                                                   number of the new key
    3kkaA8…=                                            the old key, base64
    9fPq1c…=                                            the new key, base64
    2026-11-16T10:41:05Z                                when, by the clock of the server
    signed                                              or «lost»: the old key could not sign
    плановая смена                                      why
    letopis/00000000-0000-4000-8000-000000000017 244243 qINS1G…=        size and root of each log

    — letopis/keys Az3grl…                              of the old key, unless it is lost
    — letopis/keys 8cFk2p…                              of the new key: who wrote this has it

The sizes say up to where the old key may sign and from where the new one: a checkpoint carries no time.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from letopis.ledger import notes

NAME = "letopis/keys"
_SIGNED, _LOST = "signed", "lost"
_HEAD = 7


@dataclass(frozen=True, slots=True)
class Handover:
    """What a handover states. old, new: 32 bytes; at: ISO, UTC; logs: what was signed of each log, by its origin."""

    number: int
    old: bytes
    new: bytes
    at: str
    reason: str
    is_old_lost: bool
    logs: Mapping[str, notes.Statement]

    @property
    def text(self) -> str:
        """The very text that is signed."""
        head = (NAME, str(self.number), _encoded(self.old), _encoded(self.new), self.at)
        tail = (_LOST if self.is_old_lost else _SIGNED, self.reason)
        logs = [f"{one.origin} {one.size} {_encoded(one.root)}" for _, one in sorted(self.logs.items())]
        return "".join(f"{line}\n" for line in (*head, *tail, *logs))

    def sign(self, *keys: Ed25519PrivateKey) -> str:
        """Return the note with the signatures of keys."""
        return notes.note_of(self.text, NAME, *keys)


def verified(note: str) -> Handover:
    """Return what a handover states, when its own keys signed it. Raises notes.BadNote."""
    handover = read(note)
    signers = [handover.new] if handover.is_old_lost else [handover.old, handover.new]
    if not all(notes.is_signed_by(note, NAME, Ed25519PublicKey.from_public_bytes(key)) for key in signers):
        raise notes.BadNote("подпись под передачей неверна: её поставили не те ключи, или текст изменён.")
    return handover


def read(note: str) -> Handover:
    """Return what a handover states, whoever signed it. Raises notes.BadNote."""
    lines = note.partition("\n\n")[0].split("\n")
    try:
        _name, number, old, new, at, how, reason = lines[:_HEAD]
        logs = {}
        for line in lines[_HEAD:]:
            origin, size, root = line.split(" ")
            logs[origin] = notes.Statement(origin, int(size), base64.b64decode(root, validate=True))
        before, after = (base64.b64decode(key, validate=True) for key in (old, new))
        found = Handover(int(number), before, after, at, reason, how == _LOST, logs)
    except (ValueError, binascii.Error):
        found = None
    # Spelled anew it must be the same text: what is signed has one reading only.
    if found is None or found.text != "\n".join(lines) + "\n" or {len(found.old), len(found.new)} != {32}:
        raise notes.BadNote("записи о передаче нет, или она испорчена.")
    return found


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()
