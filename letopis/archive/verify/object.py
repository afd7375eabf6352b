"""Check an OCFL object whose versions are bags."""

import re

from letopis.archive.bags import MANIFEST
from letopis.archive.ocfl import INVENTORY, OBJECT_DECLARATION, SIDECAR
from letopis.archive.verify.bag import check_inner_bag
from letopis.archive.verify.files import Contents, compare
from letopis.archive.verify.inventory import Inventory, Reading, read_inventory
from letopis.archive.verify.problems import Problem, problem

DECLARATION = f"0={OBJECT_DECLARATION}"


def check_object(contents: Contents) -> tuple[list[Problem], str]:
    """Return everything that is wrong with an object, and the place of its newest bag manifest or ""."""
    found = _declaration_problems(contents)
    root = read_inventory(contents, "")
    found += [*root.beside, *root.faults]
    readings = {version: read_inventory(contents, f"{version}/") for version in _version_folders(contents)}
    trusted = _most_trusted([root, *readings.values()])
    for version in trusted.states if trusted else readings:
        reading = readings.get(version) or read_inventory(contents, f"{version}/")
        # The newest version keeps a copy of the root inventory: its faults are named once.
        found += [*reading.beside, *(reading.faults if reading.raw != root.raw else ())]
        found += _history_problems(version, reading, root=root, trusted=trusted) if trusted else []
    if trusted is None:
        return found, ""

    own = {DECLARATION, *_inventory_paths("")}.union(*(_inventory_paths(f"{version}/") for version in trusted.states))
    found += compare(contents, trusted.manifest, known=own.__contains__)
    stored = {digest: place for place, digest in reversed(list(trusted.manifest.items()))}
    manifest_place = ""
    for version, state in trusted.states.items():
        places = {path: _place_of(path, version, digest, trusted, stored) for path, digest in state.items()}
        found += check_inner_bag(contents, home=f"{version}/content/", places=places, state=state)
        manifest_place = places.get(MANIFEST, "")
    return found, manifest_place


def _declaration_problems(contents: Contents) -> list[Problem]:
    if DECLARATION in contents.unusable:
        return []
    raw = contents.read(DECLARATION)
    if raw is None:
        return [problem("missing", DECLARATION)]
    return [] if raw == f"{OBJECT_DECLARATION}\n".encode() else [problem("malformed", DECLARATION, found="NAMASTE")]


def _version_folders(contents: Contents) -> list[str]:
    """Return the versions that have an inventory of their own, newest first."""
    names = {path.split("/")[0] for path in contents.files if path.endswith(f"/{INVENTORY}") and path.count("/") == 1}
    return sorted((name for name in names if re.fullmatch(r"v[1-9][0-9]{0,5}", name)), key=lambda v: -int(v[1:]))


def _most_trusted(readings: list[Reading]) -> Inventory | None:
    """Return the first sound inventory, else the first that can be used at all, so that files are still checked."""
    # The sort is stable: among equals the root comes first, then the newest version.
    ranked = sorted(readings, key=lambda reading: not reading.is_sound)
    return next((reading.inventory for reading in ranked if reading.inventory is not None), None)


def _history_problems(version: str, reading: Reading, *, root: Reading, trusted: Inventory) -> list[Problem]:
    """Return where the inventory kept with a version tells another history than the trusted one."""
    if not reading.is_sound or reading.inventory is None or reading.inventory is trusted:
        return []
    place = f"{version}/{INVENTORY}"
    if version == trusted.head:
        agrees = reading.raw == root.raw or not root.is_sound
        return [] if agrees else [problem("contradiction", place, expected=version, found=INVENTORY)]
    told = reading.inventory
    agrees = told.object_id == trusted.object_id and told.head == version
    agrees = agrees and all(told.history(past) == trusted.history(past) for past in told.states)
    return [] if agrees else [problem("contradiction", place, expected=version, found=INVENTORY)]


def _inventory_paths(folder: str) -> set[str]:
    return {folder + INVENTORY, folder + SIDECAR}


def _place_of(path: str, version: str, digest: str, trusted: Inventory, stored: dict[str, str]) -> str:
    """Return where the file of a version lies: under its own name where it can, else where its digest is stored."""
    own = f"{version}/content/{path}"
    return own if trusted.manifest.get(own) == digest else stored.get(digest, own)
