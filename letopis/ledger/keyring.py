"""The keys of this installation, one after the other, and which of them may have signed a checkpoint.

The newest is the one in the file (keys.py); by its signature under the handover it vouches for the one before, and so
on back to the first. Who changes the rows without having the key of the file cannot make such a chain.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import connection

from letopis.core.errors import Refused
from letopis.ledger import handovers, keys, notes
from letopis.ledger.handovers import Handover
from letopis.ledger.models import SigningKey
from letopis.rules.verdict import refused

_BYTES = 32
_LOCK = 0x6C6574_6B6579
"""Key of the advisory lock: «let» and «key»."""


class WrongKey(notes.BadNote):
    """A checkpoint is signed by a key that we do not know, or that was not the key then. code: for programs."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(slots=True)
class Ring:
    """The keys by number from 1. handovers[i]: how keys[i + 1] came; None where that is not to be read."""

    keys: list[Ed25519PublicKey]
    handovers: list[Handover | None] = field(default_factory=list)
    is_recorded: bool = False
    problems: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Code of verification and its facts."""
    warnings: list[str] = field(default_factory=list)

    def signers(self, note: str) -> list[int]:
        """Return the places of the keys that signed a checkpoint. Raises notes.BadNote, WrongKey when none did."""
        origin = notes.read(note).origin
        found = [place for place, key in enumerate(self.keys) if notes.is_signed_by(note, origin, key)]
        if not found and not any(notes.names_key(note, origin, key) for key in self.keys):
            raise WrongKey("checkpoint_unknown_key", "она подписана ключом, которого эта установка не знает.")
        if not found:
            notes.verified(note, self.keys[-1])
        return found

    def of_its_time(self, note: str) -> notes.Statement:
        """Return what a checkpoint states, when a key signed it that was the key at that size. Raises notes.BadNote."""
        stated, signers = notes.read(note), self.signers(note)
        wrong = None
        for place in signers:
            first, last = self._sizes(place, stated.origin)
            if first <= stated.size and (last is None or stated.size <= last):
                return stated
            number = place + 1
            wrong = (
                WrongKey("checkpoint_future_key", f"она подписана ключом № {number}, которого тогда ещё не было.")
                if stated.size < first
                else WrongKey("checkpoint_past_key", f"она подписана ключом № {number}, когда его уже сменил другой.")
            )
        raise wrong or notes.BadNote("Подпись контрольной отметки неверна.")

    def _sizes(self, place: int, origin: str) -> tuple[int, int | None]:
        """Return from which size to which a key signed a log; a log that came later begins at nothing."""

        def size(handover: Handover | None) -> int:
            stated = handover.logs.get(origin) if handover else None
            return stated.size if stated else 0

        first = size(self.handovers[place - 1]) if place else 0
        return first, size(self.handovers[place]) if place < len(self.handovers) else None


def ring(current: Ed25519PublicKey) -> Ring:
    """Return the keys of this installation; current: that of the file. One query."""
    rows = list(SigningKey.objects.order_by("number"))
    found = Ring([_public(row) for row in rows] or [current])
    found.is_recorded = bool(rows)
    for before, row in pairwise(rows):
        try:
            found.handovers.append(_checked(before, row))
        except notes.BadNote as bad:
            found.handovers.append(None)
            found.problems.append(("key_handover", {"number": row.number, "reason": str(bad)}))
        if row.is_predecessor_lost:
            found.warnings.append(
                f"ключ № {row.number} от {row.since:%d.%m.%Y} принят без подписи прежнего, потому что прежний утерян"
                f" («{row.reason}»). Сверьте прежние контрольные отметки с теми, что унесены на бумаге или носителе."
            )
    if rows and _raw(found.keys[-1]) != _raw(current):
        told = {"known": notes.fingerprint(found.keys[-1]), "given": notes.fingerprint(current)}
        found.problems.append(("key_foreign", {"number": rows[-1].number, **told}))
    return found


def signing_key() -> Ed25519PrivateKey:
    """Return the key that signs now. Raises Refused NOT_OUR_KEY when the file holds another or is gone; keys.NoKey."""
    newest = SigningKey.objects.order_by("-number").first()
    if newest is None:
        return keys.signing_key()
    finish_rotation(newest)
    if keys.key_path().exists():
        found = keys.signing_key()
        if _raw(found.public_key()) == bytes(newest.public):
            return found
    raise Refused(
        refused(
            "NOT_OUR_KEY",
            f"В файле {keys.key_path()} нет ключа № {newest.number}, которым подписывает эта установка. Верните файл из"
            " резервной копии. Если копии нет: letopis ledger key rotate --old-key-lost --reason ПРИЧИНА.",
        )
    )


def public_key() -> Ed25519PublicKey:
    """Return the key that signs now as the database knows it; before anything was signed that of the file.

    Raises keys.NoKey.
    """
    newest = SigningKey.objects.order_by("-number").first()
    return _public(newest) if newest else keys.public_key()


def file_key() -> Ed25519PublicKey:
    """Return the public half of the key of the file, from which verification begins. Raises keys.NoKey."""
    newest = SigningKey.objects.order_by("-number").first()
    if newest:
        finish_rotation(newest)
        if not keys.key_path().exists():
            raise keys.NoKey(
                f"Файла ключа {keys.key_path()} нет, а им уже подписаны контрольные отметки. Верните его из резервной"
                " копии. Если копии нет: letopis ledger key rotate --old-key-lost --reason ПРИЧИНА."
            )
    return keys.public_key()


def record_first(found: Ring, *, at: datetime) -> None:
    """Note the first key for ever; at: when it first signed. Twice is harmless."""
    if not found.is_recorded:
        SigningKey.objects.get_or_create(number=1, defaults={"public": _raw(found.keys[0]), "since": at})


def finish_rotation(newest: SigningKey) -> None:
    """Put the new key in its place where a rotation ended between the database and the file."""
    waiting = keys.next_key()
    if waiting and _raw(waiting.public_key()) == bytes(newest.public):
        keys.put_next_in_place(keep_as=replaced_name(newest) if newest.is_predecessor_lost else "")


def replaced_name(newest: SigningKey) -> str:
    """Return under which name a file stays that held no usable key: it may yet be mended."""
    return f"ledger_key.replaced-by-{newest.number}.pem"


def lock(*, shared: bool) -> None:
    """Let nobody sign while a key is changed, until the transaction ends; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            name = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
            cursor.execute(f"SELECT {name}(%s)", [_LOCK])


def moment_text(at: datetime) -> str:
    """Return a moment as handovers spell it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _checked(before: SigningKey, row: SigningKey) -> Handover:
    stated = handovers.verified(row.handover)
    signed = (stated.number, stated.old, stated.new, stated.at, stated.reason, stated.is_old_lost)
    kept = (before.number + 1, _raw(_public(before)), _raw(_public(row)), moment_text(row.since), row.reason)
    if signed != (*kept, row.is_predecessor_lost) or row.number != before.number + 1:
        raise notes.BadNote("в базе не то, что подписано при передаче.")
    return stated


def _public(row: SigningKey) -> Ed25519PublicKey:
    """Return the key of a row; a row that a forger spoilt gives one by which nothing was signed."""
    raw = bytes(row.public) if not isinstance(row.public, str) else b""
    return Ed25519PublicKey.from_public_bytes(raw if len(raw) == _BYTES else bytes(_BYTES))


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes_raw()
