"""The text form of a checkpoint: C2SP tlog-checkpoint in a C2SP signed-note with an Ed25519 signature.

Pure: texts and keys in, texts and facts out; no database, no clock, no file. A note:

    letopis/00000000-0000-4000-8000-000000000017        origin: the name of the log, and of the key
    244243                                              size of the tree
    qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=        root of the tree, base64

    — letopis/00000000-0000-4000-8000-000000000017 Az3grl…     base64 of the key's id (4 bytes) and the signature

Whoever has the public key checks it without this program: the signature is over the first lines, each with its newline.
Sources: https://c2sp.org/tlog-checkpoint, https://c2sp.org/signed-note, RFC 8032.
"""

import base64
import binascii
import uuid
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

_ED25519 = b"\x01"
_ID_BYTES = 4
_SIGNATURE = "— "


class BadNote(Exception):
    """The text is no checkpoint or no key, or its signature is not that of the key; the sentence says which."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a checkpoint states."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The very text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def origin_of(organisation: uuid.UUID) -> str:
    """Return the stable name of the log of an organisation: it has no host in it, because a school may move."""
    return f"letopis/{organisation}"


def organisation_of(origin: str) -> uuid.UUID:
    """Return whose log an origin names. Raises BadNote when it is no log of this product."""
    name, _, code = origin.partition("/")
    try:
        found = uuid.UUID(code)
    except ValueError:
        found = None
    if name != "letopis" or found is None or origin_of(found) != origin:
        raise BadNote(f"«{origin[:80]}» — не имя журнала изменений «Летописи».")
    return found


def sign(statement: Statement, *keys: Ed25519PrivateKey) -> str:
    """Return the signed note of a statement. While a key takes the place of another, both sign."""
    return note_of(statement.text, statement.origin, *keys)


def note_of(text: str, name: str, *keys: Ed25519PrivateKey) -> str:
    """Return a text, which ends with a newline, with the signatures of keys under a name."""
    lines = []
    for key in keys:
        signed = key_id(name, key.public_key()) + key.sign(text.encode())
        lines.append(f"{_SIGNATURE}{name} {base64.b64encode(signed).decode()}\n")
    return f"{text}\n{''.join(lines)}"


def read(note: str) -> Statement:
    """Return what a note states, whoever signed it. Raises BadNote."""
    text, separator, _signatures = note.partition("\n\n")
    lines = text.split("\n")
    if not separator or len(lines) < 3 or not lines[0] or not lines[1].isdecimal() or not lines[1].isascii():
        raise BadNote("Это не контрольная отметка: нужны имя журнала, число записей, корень дерева и подпись.")
    root = _decoded(lines[2])
    if len(root) != 32 or len(lines[1]) > 18 or str(int(lines[1])) != lines[1] or len(lines) > 3:
        raise BadNote("Контрольная отметка испорчена: число записей или корень дерева записаны неверно.")
    return Statement(lines[0], int(lines[1]), root)


def verified(note: str, key: Ed25519PublicKey) -> Statement:
    """Return what a note states, when this key signed it. Raises BadNote."""
    statement = read(note)
    if is_signed_by(note, statement.origin, key):
        return statement
    raise BadNote("Подпись контрольной отметки неверна: её поставил не этот ключ, или текст изменён.")


def is_signed_by(note: str, name: str, key: Ed25519PublicKey) -> bool:
    """Whether a note carries a good signature of a key under a name."""
    return signature_by(note, name, key) is not None


def signature_by(note: str, name: str, key: Ed25519PublicKey) -> bytes | None:
    """Return the good signature of a key under a name, 64 bytes; None when a note carries none."""
    text, wanted = note.partition("\n\n")[0] + "\n", key_id(name, key)
    for one in _signatures(note, name):
        if one[:_ID_BYTES] == wanted and _is_signed(key, one[_ID_BYTES:], text):
            return one[_ID_BYTES:]
    return None


def names_key(note: str, name: str, key: Ed25519PublicKey) -> bool:
    """Whether a note carries a signature that says it is of this key, good or not."""
    return any(one[:_ID_BYTES] == key_id(name, key) for one in _signatures(note, name))


def key_id(origin: str, key: Ed25519PublicKey) -> bytes:
    """Return the id of a key under a name, 4 bytes. Source: C2SP signed-note."""
    return sha256(origin.encode() + b"\n" + _ED25519 + key.public_bytes_raw()).digest()[:_ID_BYTES]


def key_text(origin: str, key: Ed25519PublicKey) -> str:
    """Return a public key as verifiers of notes take it: «name+id+key»."""
    raw = base64.b64encode(_ED25519 + key.public_bytes_raw()).decode()
    return f"{origin}+{key_id(origin, key).hex()}+{raw}"


def read_key(text: str) -> Ed25519PublicKey:
    """Return a public key from «name+id+key» or from PEM. Raises BadNote."""
    told = text.strip()
    try:
        if told.startswith("-----BEGIN PUBLIC KEY-----"):
            found = load_pem_public_key(told.encode())
        else:
            origin, of_name, encoded = told.split("+", 2)
            raw = _decoded(encoded)
            found = Ed25519PublicKey.from_public_bytes(raw[1:])
            if raw[:1] != _ED25519 or key_id(origin, found).hex() != of_name:
                raise ValueError("the id does not belong to the key")
    except ValueError:
        found = None
    if not isinstance(found, Ed25519PublicKey):
        raise BadNote("Это не открытый ключ журнала: нужна строка «имя+номер+ключ» или файл PEM с ключом Ed25519.")
    return found


def fingerprint(key: Ed25519PublicKey) -> str:
    """Return the digest by which people compare a key: SHA-256 of its 32 bytes, in groups of four."""
    digest = sha256(key.public_bytes_raw()).hexdigest()
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def _signatures(note: str, name: str) -> list[bytes]:
    """Return the signatures of a note under a name, each behind the id of its key."""
    lines = [line.removeprefix(_SIGNATURE).rpartition(" ") for line in note.partition("\n\n")[2].split("\n")
             if line.startswith(_SIGNATURE)]  # fmt: skip
    return [_decoded(encoded) for signer, _, encoded in lines if signer == name]


def _is_signed(key: Ed25519PublicKey, signature: bytes, text: str) -> bool:
    try:
        key.verify(signature, text.encode())
    except InvalidSignature:
        return False
    return True


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
