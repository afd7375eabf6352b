"""The key that signs checkpoints: made at the first need, kept beside the database and outside of it.

Dangers. Who has the key and the database can forge both; so the file is readable by the product's user alone, is never
in git, and the public key and checkpoints are carried outside. A lost key does not spoil what was signed: the public
key checks it for ever. It belongs into the backup of the folder, though. A new key in its place: rotation.py.
"""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

NAME = "ledger_key.pem"
NEXT = "ledger_key.next.pem"


class NoKey(Exception):
    """The key file is there and is no key; the sentence is for the person."""


def key_path() -> Path:
    """Return where the key of this installation lies."""
    return Path(settings.VAR_DIR) / NAME


def signing_key() -> Ed25519PrivateKey:
    """Return the key of this installation; the first call makes it. Raises NoKey when the file holds none."""
    path = key_path()
    if not path.exists():
        _make(path)
    return load(path)


def public_key() -> Ed25519PublicKey:
    """Return the public half of the key. Raises NoKey."""
    return signing_key().public_key()


def pem_of(key: Ed25519PublicKey) -> str:
    """Return a public key as PEM, which openssl reads."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def public_pem() -> str:
    """Return the public key as PEM. Raises NoKey."""
    return pem_of(public_key())


def make_next() -> Ed25519PrivateKey:
    """Make the key that shall take the place of this one, beside it; one that was left there is made anew."""
    path = key_path().with_name(NEXT)
    path.unlink(missing_ok=True)
    _make(path)
    return load(path)


def next_key() -> Ed25519PrivateKey | None:
    """Return the key that waits beside this one, if there is any."""
    try:
        return load(key_path().with_name(NEXT))
    except FileNotFoundError:
        return None


def put_next_in_place(*, keep_as: str = "") -> None:
    """Let the next key be the key. keep_as: name under which the file it replaces stays; else that one is gone."""
    path = key_path()
    # Another process may have done it meanwhile.
    with suppress(FileNotFoundError):
        if keep_as and path.exists() and path.with_name(NEXT).exists():
            path.replace(path.with_name(keep_as))
        path.with_name(NEXT).replace(path)


def drop_next() -> None:
    """Take away a next key that nobody will need."""
    key_path().with_name(NEXT).unlink(missing_ok=True)


def load(path: Path) -> Ed25519PrivateKey:
    """Return the key of a file. Raises NoKey."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError):
        # TypeError: a key under a password.
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise NoKey(f"В файле {path} нет ключа Ed25519. Верните файл из резервной копии.")
    return key


def _make(path: Path) -> None:
    """Write a new key whole or not at all: several processes may start together, and the first file stands."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    # A name of its own for every thread too: two that shared a draft would write into the key that one had linked.
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    draft = Path(name)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
