"""Keep bags in an OCFL 1.1 storage root, one object per archived unit, one bag per version.

Dangers. An object is built in a folder beside the storage root and renamed into place when it
is on the disk, so the root must not itself be a mount point. A new version needs three renames
(the version, the inventory, its sidecar), and no system call makes them one: a crash between
them is mended by the next add_version and until then named by verify. Folders abandoned by
killed builders hold personal data; each builder removes those that nobody holds locked.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from letopis.archive.bags import MANIFEST, Bag, sync_folder, sync_folders, write_file
from letopis.archive.workshop import locked, workshop

ROOT_DECLARATION = "ocfl_1.1"
OBJECT_DECLARATION = "ocfl_object_1.1"
INVENTORY_TYPE = "https://ocfl.io/1.1/spec/#inventory"
LAYOUT = {
    "extension": "0002-flat-direct-storage-layout",
    "description": "The folder of an object has the name of the object, directly below the storage root.",
}
INVENTORY = "inventory.json"
SIDECAR = "inventory.json.sha512"

_OBJECT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,149}")


class StorageError(Exception):
    """The storage root or an object in it cannot be used as asked; nothing was changed."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class ObjectExistsError(StorageError):
    """An object with this id is already stored; a correction is a new version."""


class NothingChangedError(StorageError):
    """The new version would hold exactly what the last one holds."""


@dataclass(frozen=True)
class Author:
    """Who made a version: a name, and an address as a URI (mailto:… or the school's site)."""

    name: str
    address: str


@dataclass(frozen=True)
class StoredVersion:
    """One version as stored.

    path: folder of the object. version: v1, v2, … bag: all files of the version; those that an
    earlier version holds already are not stored again. manifest_digest: SHA-512 of manifest-sha512.txt.
    """

    path: Path
    object_id: str
    version: str
    bag: Bag
    manifest_digest: str


def prepare_root(root: Path) -> None:
    """Make the folder an OCFL storage root, or see that it is one.

    Raises StorageError when the folder holds something else or is a mount point.
    """
    declaration, layout = root / f"0={ROOT_DECLARATION}", root / "ocfl_layout.json"
    root.mkdir(parents=True, exist_ok=True)
    with locked(root):
        if not declaration.exists():
            if any(entry != layout for entry in root.iterdir()):
                raise StorageError(root, "neither an OCFL 1.1 storage root nor empty")
            layout.unlink(missing_ok=True)
            _write_text(layout, _json(LAYOUT))
            _write_text(declaration, ROOT_DECLARATION + "\n")
            sync_folder(root)
    if root.stat().st_dev != root.parent.stat().st_dev:
        raise StorageError(root, "a mount point; put the storage root into a folder below it")


def object_path(root: Path, object_id: str) -> Path:
    """Return the folder of the object; raise StorageError when the id cannot be a folder name everywhere."""
    if not _OBJECT_ID.fullmatch(object_id) or object_id.endswith(".") or object_id == "extensions":
        raise StorageError(root, f"not an object id: {object_id!r}")
    return root / object_id


def create_object(
    root: Path,
    *,
    object_id: str,
    build_bag: Callable[[Path], Bag],
    created_at: datetime,
    message: str,
    author: Author,
) -> StoredVersion:
    """Store the first version of a new object.

    build_bag: writes the bag into the folder it is given (write_bag with the rest filled in);
    its External-Identifier must be object_id.
    created_at: with a time zone.
    Raises ObjectExistsError, StorageError, and whatever build_bag raises; then no object is left.
    """
    path = object_path(root, object_id)
    stamp = _stamp(created_at=created_at, message=message, author=author)
    prepare_root(root)
    if path.exists():
        raise ObjectExistsError(path, "already stored")
    with workshop(root) as area:
        building = area / "object"
        (building / "v1").mkdir(parents=True)
        bag = _build(build_bag, building / "v1" / "content", object_id=object_id)
        inventory = _new_inventory(object_id)
        _add_to_inventory(inventory, bag, "v1", stamp)
        _write_text(building / f"0={OBJECT_DECLARATION}", OBJECT_DECLARATION + "\n")
        _write_inventory(inventory, building, building / "v1")
        sync_folder(building / "v1")
        sync_folder(building)
        try:
            building.rename(path)
        except OSError as error:
            if path.exists():
                raise ObjectExistsError(path, "stored by another process meanwhile") from error
            raise
        sync_folder(root)
    return _stored(path, object_id, "v1", bag)


def add_version(
    root: Path,
    *,
    object_id: str,
    build_bag: Callable[[Path], Bag],
    created_at: datetime,
    message: str,
    author: Author,
) -> StoredVersion:
    """Store the next version of an object: the whole bag is given, only changed files are kept.

    Arguments as for create_object. Files of earlier versions are never touched.
    Raises NothingChangedError, StorageError, and whatever build_bag raises; then the object is as before.
    """
    path = object_path(root, object_id)
    stamp = _stamp(created_at=created_at, message=message, author=author)
    prepare_root(root)
    if not path.is_dir():
        raise StorageError(path, "no such object")
    with locked(path), workshop(root) as area:
        inventory = _trusted_inventory(path)
        version = f"v{int(inventory['head'][1:]) + 1}"
        _mend_interrupted(path, inventory, next_version=version, area=area)
        building = area / "object"
        (building / version).mkdir(parents=True)
        bag = _build(build_bag, building / version / "content", object_id=object_id)
        _remove_known_files(bag, inventory["manifest"])
        before = inventory["versions"][inventory["head"]]["state"]
        _add_to_inventory(inventory, bag, version, stamp)
        if inventory["versions"][version]["state"] == before:
            raise NothingChangedError(path, "the new version equals the last one")
        _write_inventory(inventory, building, building / version)
        sync_folders(building)
        (building / version).rename(path / version)
        sync_folder(path)
        (building / INVENTORY).rename(path / INVENTORY)
        (building / SIDECAR).rename(path / SIDECAR)
        sync_folder(path)
    return _stored(path, object_id, version, bag)


def sidecar_text(inventory: bytes) -> str:
    """Return the content of inventory.json.sha512 for these bytes of inventory.json."""
    return f"{hashlib.sha512(inventory).hexdigest()}  {INVENTORY}\n"


def _build(build_bag: Callable[[Path], Bag], folder: Path, *, object_id: str) -> Bag:
    bag = build_bag(folder)
    if ("External-Identifier", object_id) not in bag.info:
        raise StorageError(folder, f"the External-Identifier of the bag is not {object_id!r}")
    return bag


def _new_inventory(object_id: str) -> dict[str, Any]:
    return {
        "id": object_id,
        "type": INVENTORY_TYPE,
        "digestAlgorithm": "sha512",
        "contentDirectory": "content",
        "manifest": {},
        "versions": {},
    }


def _stamp(*, created_at: datetime, message: str, author: Author) -> dict[str, Any]:
    if created_at.tzinfo is None:
        raise ValueError("created_at has no time zone")
    return {
        "created": created_at.isoformat(timespec="seconds"),
        "message": message,
        "user": {"name": author.name, "address": author.address},
    }


def _add_to_inventory(inventory: dict[str, Any], bag: Bag, version: str, stamp: dict[str, Any]) -> None:
    known = frozenset(inventory["manifest"])
    state: dict[str, list[str]] = {}
    for file in sorted(bag.files, key=lambda file: file.path):
        state.setdefault(file.sha512, []).append(file.path)
        if file.sha512 not in known:
            inventory["manifest"].setdefault(file.sha512, []).append(f"{version}/content/{file.path}")
    inventory["head"] = version
    inventory["versions"][version] = {**stamp, "state": state}


def _write_inventory(inventory: dict[str, Any], *folders: Path) -> None:
    text = _json(inventory)
    for folder in folders:
        _write_text(folder / INVENTORY, text)
        _write_text(folder / SIDECAR, sidecar_text(text.encode()))


def _trusted_inventory(path: Path) -> dict[str, Any]:
    try:
        raw = (path / INVENTORY).read_bytes()
        inventory: dict[str, Any] = json.loads(raw)
        number = int(inventory["head"][1:])
        copy = (path / f"v{number}" / INVENTORY).read_bytes()
        allowed = {sidecar_text(raw)}
        if number > 1:
            # A crash between the last two renames leaves the sidecar of the version before.
            allowed.add((path / f"v{number - 1}" / SIDECAR).read_text())
        sidecar = (path / SIDECAR).read_text()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StorageError(path, "the inventory cannot be read; run verify") from error
    if raw != copy or sidecar not in allowed:
        raise StorageError(path, "the inventory is damaged; run verify")
    return inventory


def _mend_interrupted(path: Path, inventory: dict[str, Any], *, next_version: str, area: Path) -> None:
    """Undo a version that the inventory does not know yet; finish one that it knows already."""
    head = inventory["head"]
    if (path / next_version).is_dir():
        (path / next_version).rename(area / "interrupted")
    if (path / SIDECAR).read_bytes() != (path / head / SIDECAR).read_bytes():
        write_file(area / SIDECAR, path / head / SIDECAR)
        (area / SIDECAR).rename(path / SIDECAR)
    sync_folder(path)


def _remove_known_files(bag: Bag, manifest: dict[str, list[str]]) -> None:
    for file in bag.files:
        if file.sha512 in manifest:
            (bag.folder / file.path).unlink()
    for place, _folders, _files in os.walk(bag.folder, topdown=False):
        if not any(Path(place).iterdir()):
            Path(place).rmdir()


def _stored(path: Path, object_id: str, version: str, bag: Bag) -> StoredVersion:
    digest = next(file.sha512 for file in bag.files if file.path == MANIFEST)
    bag = replace(bag, folder=path / version / "content")
    return StoredVersion(path=path, object_id=object_id, version=version, bag=bag, manifest_digest=digest)


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _write_text(path: Path, text: str) -> None:
    write_file(path, text.encode())
