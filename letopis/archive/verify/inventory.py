"""Read an OCFL inventory that may be damaged or forged."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from letopis.archive.ocfl import INVENTORY, INVENTORY_TYPE, SIDECAR
from letopis.archive.verify.bag import leaves_root
from letopis.archive.verify.files import Contents
from letopis.archive.verify.problems import Problem, problem

_DIGEST = re.compile(r"[0-9a-fA-F]{128}")
# Only in the form we write: nothing covers the sidecar, so a flipped bit must not pass as another spelling.
_SIDECAR = re.compile(rb"([0-9a-f]{128})  inventory\.json\n")
_VERSION = re.compile(r"v[1-9][0-9]{0,5}")


@dataclass(frozen=True)
class Inventory:
    """What an inventory says.

    manifest: SHA-512 by place in the object. states: by version, SHA-512 by path in the bag.
    stamps: by version, who made it, when and why, as written.
    """

    object_id: str
    head: str
    manifest: Mapping[str, str]
    states: Mapping[str, Mapping[str, str]]
    stamps: Mapping[str, Mapping[str, Any]]

    def history(self, version: str) -> tuple[Mapping[str, str], Mapping[str, Any]]:
        return self.states[version], self.stamps[version]


@dataclass(frozen=True)
class Reading:
    """One inventory.json with its sidecar; inventory is None when nothing can be made of it.

    beside: what is wrong with the files and the sidecar. faults: what is wrong with the text.
    """

    raw: bytes | None
    inventory: Inventory | None
    beside: tuple[Problem, ...]
    faults: tuple[Problem, ...]

    @property
    def is_sound(self) -> bool:
        return self.inventory is not None and not self.beside and not self.faults


def read_inventory(contents: Contents, folder: str) -> Reading:
    """Return the inventory in the folder ("" or "v1/"), with everything that is wrong with it and its sidecar."""
    place = folder + INVENTORY
    beside = [
        problem("missing", path)
        for path in (place, folder + SIDECAR)
        if path not in contents.files and path not in contents.unusable
    ]
    raw = contents.read(place)
    sidecar = contents.read(folder + SIDECAR)
    if raw is None:
        return Reading(raw=None, inventory=None, beside=tuple(beside), faults=())
    if sidecar is not None:
        beside += _sidecar_problems(place, raw, sidecar)
    inventory, faults = parse_inventory(raw, place=place)
    return Reading(raw=raw, inventory=inventory, beside=tuple(beside), faults=tuple(faults))


def parse_inventory(raw: bytes, *, place: str) -> tuple[Inventory | None, list[Problem]]:
    """Return what can be used of the inventory and every fault of it; None when its frame is broken."""
    try:
        data = json.loads(raw, object_pairs_hook=_unique_keys)
    except (ValueError, RecursionError):
        return None, [problem("malformed", place, found="JSON")]
    faults = [problem("malformed", place, found=words) for words in _frame_faults(data)]
    if faults:
        return None, faults
    manifest = _read_block(data["manifest"], place=place, faults=faults)
    states = {
        version: _read_block(body["state"], place=place, faults=faults) for version, body in data["versions"].items()
    }
    for path in [path for path in manifest if not _is_content_path(path, states)]:
        faults.append(problem("unsafe-path", place, found=path))
        del manifest[path]
    stored, used = set(manifest.values()), {digest for state in states.values() for digest in state.values()}
    faults += [problem("malformed", place, found=f"state: {digest}") for digest in sorted(used - stored)]
    faults += [problem("malformed", place, found=f"manifest: {digest}") for digest in sorted(stored - used)]
    stamps = {
        version: {name: value for name, value in body.items() if name != "state"}
        for version, body in data["versions"].items()
    }
    return Inventory(data["id"], head=data["head"], manifest=manifest, states=states, stamps=stamps), faults


def _sidecar_problems(place: str, raw: bytes, sidecar: bytes) -> list[Problem]:
    match = _SIDECAR.fullmatch(sidecar)
    if match is None:
        return [problem("malformed", f"{place}.sha512", found="SHA-512")]
    told, actual = match[1].decode(), hashlib.sha512(raw).hexdigest()
    return [] if told == actual else [problem("sidecar-mismatch", place, expected=told, found=actual)]


def _frame_faults(data: Any) -> list[str]:
    if not isinstance(data, dict):
        return ["{}"]
    faults = []
    if not isinstance(data.get("id"), str) or not data["id"]:
        faults.append("id")
    if data.get("type") != INVENTORY_TYPE:
        faults.append("type")
    if data.get("digestAlgorithm") != "sha512":
        faults.append("digestAlgorithm")
    if data.get("contentDirectory", "content") != "content":
        faults.append("contentDirectory")
    if not _is_block(data.get("manifest")):
        faults.append("manifest")
    versions = data.get("versions")
    if not isinstance(versions, dict) or set(versions) != {f"v{n}" for n in range(1, len(versions) + 1)}:
        return [*faults, "versions"]
    if not versions or data.get("head") != f"v{len(versions)}":
        faults.append("head")
    return faults + [f"versions: {version}" for version, body in versions.items() if not _is_version(body)]


def _is_version(body: Any) -> bool:
    return isinstance(body, dict) and isinstance(body.get("created"), str) and _is_block(body.get("state"))


def _is_block(block: Any) -> bool:
    return isinstance(block, dict) and all(
        _DIGEST.fullmatch(digest) and isinstance(paths, list) and paths and all(isinstance(path, str) for path in paths)
        for digest, paths in block.items()
    )


def _read_block(block: dict[str, list[str]], *, place: str, faults: list[Problem]) -> dict[str, str]:
    read: dict[str, str] = {}
    for digest, paths in block.items():
        for path in paths:
            if leaves_root(path):
                faults.append(problem("unsafe-path", place, found=path))
            elif path in read:
                faults.append(problem("malformed", place, found=path))
            else:
                read[path] = digest.lower()
    return read


def _is_content_path(path: str, states: Mapping[str, object]) -> bool:
    version, _slash, rest = path.partition("/")
    return bool(_VERSION.fullmatch(version)) and version in states and rest.startswith("content/")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    block = dict(pairs)
    if len(block) != len(pairs):
        raise ValueError("a key stands twice")
    return block
