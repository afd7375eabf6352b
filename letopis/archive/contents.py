"""What lies in a stored object: the newest version as a complete bag, file by file.

Dangers. The inventory is only a file and may have been changed by anybody who can write there, so a path it names is
used only when it stays inside the object, and no symbolic link is followed.
"""

import json
import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from letopis.archive.bags import BAG_INFO, MANIFEST, open_regular
from letopis.archive.ocfl import INVENTORY, StorageError
from letopis.archive.paths import path_fault

_CONTENT_PATH = re.compile(r"v[1-9][0-9]*/content/.+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the newest version. path: in the bag. place: where it lies. version: that first held it."""

    path: str
    place: Path
    size: int
    sha512: str
    version: str

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Version:
    """A version as the inventory tells it."""

    number: int
    created_at: datetime
    message: str
    author: str


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object on the disk. files: of the newest version, in order of their paths."""

    path: Path
    version: int
    versions: tuple[Version, ...]
    files: tuple[StoredFile, ...]

    def file(self, path: str) -> StoredFile:
        """Return the file of the newest version; raises StorageError when it holds none of that name."""
        for one in self.files:
            if one.path == path:
                return one
        raise StorageError(self.path, f"no {path}")

    @property
    def manifest_digest(self) -> str:
        return self.file(MANIFEST).sha512

    def bag_info(self) -> dict[str, str]:
        """Return the pairs of bag-info.txt."""
        with os.fdopen(open_regular(self.file(BAG_INFO).place), encoding="utf-8") as file:
            return dict(line.rstrip("\n").split(": ", 1) for line in file if ": " in line)


def read_object(path: Path) -> StoredObject:
    """Return the object at a path. Raises StorageError when it cannot be read; checks no digest, see verify."""
    try:
        with os.fdopen(open_regular(path / INVENTORY), encoding="utf-8") as file:
            inventory = json.load(file)
        head = inventory["head"]
        versions = tuple(_version(name, said) for name, said in inventory["versions"].items())
        files = [
            _file(path, name, digest, inventory["manifest"][digest][0])
            for digest, names in inventory["versions"][head]["state"].items()
            for name in names
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise StorageError(path, "the object cannot be read; run verify") from error
    return StoredObject(
        path=path,
        version=int(head[1:]),
        versions=tuple(sorted(versions, key=lambda one: one.number)),
        files=tuple(sorted(files, key=lambda one: one.path)),
    )


def _version(name: str, said: dict[str, Any]) -> Version:
    return Version(
        number=int(name[1:]),
        created_at=datetime.fromisoformat(said["created"]),
        message=said.get("message", ""),
        author=said.get("user", {}).get("name", ""),
    )


def _file(path: Path, name: str, digest: str, place: str) -> StoredFile:
    if path_fault(name) or path_fault(place.split("/content/", 1)[-1]) or not _CONTENT_PATH.fullmatch(place):
        raise ValueError(name)
    where = path / place
    return StoredFile(name, where, os.lstat(where).st_size, digest, place.split("/", 1)[0])
