"""Write BagIt 1.0 bags (RFC 8493) with SHA-512, reading every source once.

Dangers. A bag outlives this program and is read on machines we do not know, so a name
that Windows, macOS or `sha512sum -c` would read differently is refused here, at the only
place where it can still be mended. A source that is a symbolic link is refused: it could
put a file of the server into a package for the families. Bytes are hashed from the very
buffer that is written, so a source that changes meanwhile cannot make a false manifest.
"""

import errno
import hashlib
import os
import stat
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from letopis.archive.paths import Names, RefusedPathError

BLOCK = 1 << 20
WRITERS = 4
BAGIT = "bagit.txt"
BAG_INFO = "bag-info.txt"
MANIFEST = "manifest-sha512.txt"
TAG_MANIFEST = "tagmanifest-sha512.txt"
READ_ME_FIRST = "READ_ME_FIRST.txt"
PROCHTI = "ПРОЧТИ.txt"
DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

_OWN_TAG_FILES = frozenset({BAGIT, BAG_INFO, MANIFEST, TAG_MANIFEST, READ_ME_FIRST, PROCHTI})
_OWN_LABELS = frozenset({"source-organization", "external-identifier", "bagging-date", "payload-oxum"})


class BagError(Exception):
    """A bag could not be written; nothing of it may be used."""


class RefusedSourceError(BagError):
    """The source of a content file is a link or not a regular file."""

    def __init__(self, source: Path, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


class RefusedInfoError(BagError):
    """A label or value cannot stand in bag-info.txt."""

    def __init__(self, label: str, reason: str) -> None:
        super().__init__(f"{label!r}: {reason}")
        self.label = label
        self.reason = reason


class EmptyBagError(BagError):
    """There is no content: `sha512sum -c` fails on an empty manifest."""


@dataclass(frozen=True)
class ContentFile:
    """One file to put into the package.

    path: with forward slashes, below data/ (or below the bag for a tag file).
    source: the bytes, or the regular file to copy.
    """

    path: str
    source: bytes | Path


@dataclass(frozen=True)
class BagFile:
    """One file as written.

    path: from the root of the bag, with forward slashes. size: in bytes.
    """

    path: str
    size: int
    sha512: str


@dataclass(frozen=True)
class Bag:
    """A bag as written: its folder, every file, tag files included, and bag-info.txt as pairs."""

    folder: Path
    files: tuple[BagFile, ...]
    info: tuple[tuple[str, str], ...]


def write_bag(
    folder: Path,
    *,
    content: Iterable[ContentFile],
    organisation: str,
    identifier: str,
    bagged_on: date,
    read_me_first: str,
    prochti: str,
    info: Sequence[tuple[str, str]] = (),
    tag_files: Iterable[ContentFile] = (),
) -> Bag:
    """Write a bag into the new folder and return it with the digest of every file.

    content: may be a generator; it is consumed in this thread, a few files ahead of the disk.
    info: further pairs for bag-info.txt, such as the retention basis and end.
    tag_files: files beside data/, such as events.csv; their paths start at the root of the bag.
    Files are on the disk when this returns. After an exception the folder is unfinished: remove it.
    Raises RefusedPathError, RefusedSourceError, RefusedInfoError, EmptyBagError.
    """
    own_pairs = [
        ("Source-Organization", organisation),
        ("External-Identifier", identifier),
        ("Bagging-Date", bagged_on.isoformat()),
    ]
    pairs = [_checked_pair(*pair) for pair in own_pairs] + [_foreign_pair(*pair) for pair in info]
    folder.mkdir()
    names = Names()
    payload = _write_all(folder, _placed(content, below="data/", names=names))
    if not payload:
        raise EmptyBagError("no content files")

    pairs.insert(3, ("Payload-Oxum", f"{sum(file.size for file in payload)}.{len(payload)}"))
    own_tags = {
        BAGIT: DECLARATION,
        BAG_INFO: "".join(f"{label}: {value}\n" for label, value in pairs),
        READ_ME_FIRST: read_me_first.rstrip("\n") + "\n",
        PROCHTI: prochti.rstrip("\n") + "\n",
        MANIFEST: manifest_text(payload),
    }
    for name in sorted(_OWN_TAG_FILES):
        names.take(name)
    tags = _write_all(folder, ((name, text.encode()) for name, text in own_tags.items()))
    tags += _write_all(folder, _placed(tag_files, below="", names=names))
    last = _write_all(folder, [(TAG_MANIFEST, manifest_text(tags).encode())])
    sync_folders(folder)
    return Bag(folder=folder, files=tuple(payload + tags + last), info=tuple(pairs))


def manifest_text(files: Iterable[BagFile]) -> str:
    """Return the manifest in the form that `sha512sum -c` reads."""
    return "".join(f"{file.sha512}  {file.path}\n" for file in sorted(files, key=lambda file: file.path))


def write_file(path: Path, source: bytes | Path) -> tuple[int, str]:
    """Write a new read-only file, wait until it is on the disk and return its size and SHA-512."""
    digest = hashlib.sha512()
    size = 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        for block in _blocks(source):
            digest.update(block)
            size += len(block)
            while block:
                block = block[os.write(descriptor, block) :]
        # What the server's umask hides from others stays hidden.
        os.fchmod(descriptor, os.fstat(descriptor).st_mode & 0o444)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return size, digest.hexdigest()


def open_regular(path: Path) -> int:
    """Return a descriptor for reading; raise OSError for a symbolic link and for what is no regular file."""
    # Without O_NONBLOCK the opening of a named pipe would wait for ever.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file")
    return descriptor


def sync_folders(folder: Path) -> None:
    """Make the names in the folder and in all folders below it survive a loss of power."""
    for place, _folders, _files in os.walk(folder):
        sync_folder(Path(place))


def sync_folder(folder: Path) -> None:
    """Make the names in this one folder survive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _placed(files: Iterable[ContentFile], *, below: str, names: Names) -> Iterator[tuple[str, bytes | Path]]:
    for file in files:
        path = below + file.path
        if not below and file.path.split("/")[0].casefold() == "data":
            raise RefusedPathError(path, "a tag file stands outside data/")
        names.take(path)
        yield path, file.source


def _write_all(folder: Path, files: Iterable[tuple[str, bytes | Path]]) -> list[BagFile]:
    # Most of the time goes to hashing and to waiting for the disk, and both let other threads run.
    written: list[BagFile] = []
    waiting: deque[Future[BagFile]] = deque()
    with ThreadPoolExecutor(max_workers=WRITERS) as pool:
        for path, source in files:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            waiting.append(pool.submit(_write_one, folder, path, source))
            if len(waiting) > 2 * WRITERS:
                written.append(waiting.popleft().result())
        written.extend(future.result() for future in waiting)
    return written


def _write_one(folder: Path, path: str, source: bytes | Path) -> BagFile:
    size, sha512 = write_file(folder / path, source)
    return BagFile(path=path, size=size, sha512=sha512)


def _blocks(source: bytes | Path) -> Iterator[memoryview]:
    if isinstance(source, bytes):
        yield memoryview(source)
        return
    try:
        descriptor = open_regular(source)
    except OSError as error:
        reason = "a symbolic link" if source.is_symlink() else error.strerror or "cannot be opened"
        raise RefusedSourceError(source, reason) from error
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        buffer = memoryview(bytearray(BLOCK))
        while length := file.readinto(buffer):
            yield buffer[:length]


def _checked_pair(label: str, value: str) -> tuple[str, str]:
    # A line break inside a value would start a new label, and names typed in a spreadsheet hold them.
    text = " ".join(value.split())
    if not label or label != label.strip() or ":" in label or not label.isprintable():
        raise RefusedInfoError(label, "not a label")
    if not text or not text.isprintable():
        raise RefusedInfoError(label, "empty, or signs that cannot be printed")
    return label, text


def _foreign_pair(label: str, value: str) -> tuple[str, str]:
    if label.casefold() in _OWN_LABELS:
        raise RefusedInfoError(label, "written by the program itself")
    return _checked_pair(label, value)
