"""Verify a package: an OCFL object, or a bag on a carrier.

Dangers. Digests prove that nothing was damaged, not that nobody forged: who recomputes every
list makes a package that passes. Only the digest of the manifest, kept on paper and in the
ledger, tells the two apart; that is why every report carries it. Nothing here follows a
symbolic link, and nothing that a list names is opened before it is seen to lie inside.
"""

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from letopis.archive.bags import BAGIT, MANIFEST
from letopis.archive.ocfl import INVENTORY, ROOT_DECLARATION
from letopis.archive.verify.bag import check_bag
from letopis.archive.verify.files import list_contents, reason
from letopis.archive.verify.object import DECLARATION, check_object
from letopis.archive.verify.problems import SENTENCES, Problem, problem

__all__ = ["SENTENCES", "Problem", "Report", "verify"]

OBJECT = "ocfl-object"
BAG = "bag"


@dataclass(frozen=True)
class Report:
    """The outcome of one verification.

    kind: "ocfl-object", "bag", or "" when the path is no package.
    files, bytes: how many content files were hashed and their size.
    manifest_digest: SHA-512 of the manifest-sha512.txt of the newest version as it lies there,
    to be compared with the paper act; empty when it could not be read.
    """

    path: str
    kind: str
    problems: tuple[Problem, ...]
    files: int
    bytes: int
    manifest_digest: str

    @property
    def ok(self) -> bool:
        return not self.problems


def verify(path: Path) -> Report:
    """Return every problem of the package at the path, never an exception for what lies there."""
    kind, obstacle = _recognise(path)
    if obstacle:
        return Report(path=str(path), kind=kind, problems=(obstacle,), files=0, bytes=0, manifest_digest="")
    contents = list_contents(path)
    if kind == OBJECT:
        found, manifest = check_object(contents)
    else:
        found, manifest = check_bag(contents), MANIFEST
    return Report(
        path=str(path),
        kind=kind,
        problems=tuple(dict.fromkeys([*contents.problems, *found])),
        files=len(contents.digests),
        bytes=sum(contents.files[name] for name in contents.digests),
        manifest_digest=contents.digests.get(manifest, ""),
    )


def _recognise(path: Path) -> tuple[str, Problem | None]:
    """Return the kind of package, or what keeps the path from being one."""
    try:
        mode = os.lstat(path).st_mode
        names = {entry.name for entry in path.iterdir()} if stat.S_ISDIR(mode) else set()
    except (FileNotFoundError, NotADirectoryError):
        return "", problem("not-found", str(path))
    except (OSError, ValueError) as error:
        words = reason(error) if isinstance(error, OSError) else str(error)
        return "", problem("unreadable", str(path), found=words)
    if stat.S_ISLNK(mode):
        return "", problem("symbolic-link", str(path))
    if not stat.S_ISDIR(mode):
        return "", problem("not-a-package", str(path), found="это не папка")
    if _is_version(path, names):
        return "", problem("not-a-package", str(path), found="это папка версии; проверьте папку выше")
    if any(name.startswith("0=ocfl_object_") for name in names) or INVENTORY in names:
        return OBJECT, None
    if BAGIT in names or MANIFEST in names:
        return BAG, None
    if f"0={ROOT_DECLARATION}" in names:
        return "", problem("not-a-package", str(path), found="это хранилище; укажите один пакет в нём")
    return "", problem("not-a-package", str(path), found="нет ни описи, ни манифеста" if names else "папка пуста")


def _is_version(path: Path, names: set[str]) -> bool:
    """Return whether the folder is one version of an object: it has an inventory, but not all the files it names."""
    place = path.absolute()
    is_named_so = re.fullmatch(r"v[1-9][0-9]*", place.name) is not None
    return is_named_so and DECLARATION not in names and os.path.lexists(place.parent / DECLARATION)
