"""A package as one file to carry away: the newest version as a complete bag, in a ZIP without compression.

ZIP, not tar, because every desktop opens it by a double click; uncompressed, because the documents are compressed
already and a flipped bit then spoils one file and not the rest of the archive.
"""

import io
import os
import zipfile
from collections.abc import Iterator

from letopis.archive.bags import open_regular
from letopis.archive.contents import StoredObject

BLOCK = 1 << 18


class _Pipe(io.RawIOBase):
    """Takes what ZipFile writes and gives it out in pieces; cannot seek, so sizes follow the content."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, block: object) -> int:
        piece = bytes(block)  # type: ignore[call-overload]
        self._held += piece
        return len(piece)

    def take(self) -> bytes:
        piece, self._held = bytes(self._held), bytearray()
        return piece


def folder_name(stored: StoredObject) -> str:
    """Return «school-demo_2025-26_register_7A_v1»: the bag's folder on a carrier."""
    return f"{stored.path.name}_v{stored.version}"


def zip_of(stored: StoredObject) -> Iterator[bytes]:
    """Yield the ZIP of the newest version piece by piece; files of earlier versions come from where they lie."""
    pipe, folder = _Pipe(), folder_name(stored)
    moment = next(one.created_at for one in stored.versions if one.number == stored.version)
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for file in stored.files:
            entry = zipfile.ZipInfo(f"{folder}/{file.path}", date_time=moment.timetuple()[:6])
            entry.external_attr = 0o644 << 16
            entry.file_size = file.size
            with os.fdopen(open_regular(file.place), "rb") as source, archive.open(entry, "w") as target:
                while block := source.read(BLOCK):
                    target.write(block)
                    yield pipe.take()
            yield pipe.take()
    yield pipe.take()
