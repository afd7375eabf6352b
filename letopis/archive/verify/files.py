"""List and hash the files of a package without ever following a symbolic link."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from letopis.archive.bags import open_regular
from letopis.archive.verify.problems import Problem, problem

HASHERS = 2
LARGEST_TAG_FILE = 64 << 20


@dataclass
class Contents:
    """What lies below the root of a package.

    files: size in bytes by path. empty_folders, links: paths; a link is neither read nor entered.
    digests: SHA-512 by path of the files hashed so far.
    problems: links, special files and what could not be read, in the order found.
    """

    root: Path
    files: dict[str, int] = field(default_factory=dict)
    empty_folders: list[str] = field(default_factory=list)
    unusable: set[str] = field(default_factory=set)
    digests: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def blame(self, kind: str, path: str, *, found: str = "") -> None:
        """Note the problem and that nothing more can be said about the path."""
        self.unusable.add(path)
        self.problems.append(problem(kind, path, found=found))

    def read(self, path: str) -> bytes | None:
        """Return the bytes of a small file, or None with the reason among the problems."""
        if path not in self.files:
            return None
        try:
            with os.fdopen(open_regular(self.root / path), "rb") as file:
                raw = file.read(LARGEST_TAG_FILE + 1)
        except OSError as error:
            self.blame("unreadable", path, found=reason(error))
            return None
        if len(raw) > LARGEST_TAG_FILE:
            self.problems.append(problem("malformed", path, found="> 64 MiB"))
            return None
        return raw

    def hash(self, paths: Iterable[str]) -> None:
        """Hash the files that are present and not hashed yet, two at a time: hashing frees the interpreter."""
        wanted = sorted(path for path in set(paths) if path in self.files and path not in self.digests)
        with ThreadPoolExecutor(max_workers=HASHERS) as pool:
            for path, answer in zip(wanted, pool.map(self._hash_one, wanted), strict=True):
                if isinstance(answer, OSError):
                    self.blame("unreadable", path, found=reason(answer))
                else:
                    self.digests[path] = answer

    def _hash_one(self, path: str) -> str | OSError:
        try:
            with os.fdopen(open_regular(self.root / path), "rb", buffering=0) as file:
                return hashlib.file_digest(file, "sha512").hexdigest()
        except OSError as error:
            return error


def list_contents(root: Path) -> Contents:
    """Return everything below the root; what is a link, no file or unreadable is among the problems."""
    contents = Contents(root=root)
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(root / folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            contents.blame("unreadable", folder.rstrip("/") or ".", found=reason(error))
            continue
        if folder and not entries:
            contents.empty_folders.append(folder)
        below = []
        for entry in entries:
            path = folder + entry.name
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError as error:
                contents.blame("unreadable", path, found=reason(error))
                continue
            if stat.S_ISLNK(status.st_mode):
                contents.blame("symbolic-link", path)
            elif stat.S_ISDIR(status.st_mode):
                below.append(path + "/")
            elif stat.S_ISREG(status.st_mode):
                contents.files[path] = status.st_size
            else:
                contents.blame("special-file", path)
        folders.extend(reversed(below))
    return contents


def compare(contents: Contents, expected: Mapping[str, str], *, known: Callable[[str], bool]) -> list[Problem]:
    """Hash every expected file once and return what is damaged, swapped, missing, renamed or extra.

    expected: SHA-512 by path.
    known: whether a path that is not expected may be there (inventories, checked elsewhere).
    """
    contents.hash(expected)
    damaged = {
        path: contents.digests[path]
        for path, digest in expected.items()
        if path in contents.digests and contents.digests[path] != digest
    }
    missing = [path for path in expected if path not in contents.files and path not in contents.unusable]
    extra = [path for path in contents.files if path not in expected and not known(path)]
    if missing:
        contents.hash(extra)
    return [
        *_renamed_or_missing(contents, expected, missing=missing, extra=extra),
        *_swapped_or_damaged(expected, damaged),
        *(problem("extra", path, found=contents.digests.get(path, "")) for path in extra),
        *_needless_folders(contents, expected),
    ]


def reason(error: OSError) -> str:
    """Return the words of the operating system."""
    return error.strerror or type(error).__name__


def _renamed_or_missing(
    contents: Contents, expected: Mapping[str, str], *, missing: list[str], extra: list[str]
) -> list[Problem]:
    newcomers: dict[str, list[str]] = {}
    for path in reversed(extra):
        newcomers.setdefault(contents.digests.get(path, ""), []).append(path)
    found = []
    for path in missing:
        if same := newcomers.get(expected[path]):
            name = same.pop()
            extra.remove(name)
            found.append(problem("renamed", path, expected=path, found=name))
        else:
            found.append(problem("missing", path, expected=expected[path]))
    return found


def _swapped_or_damaged(expected: Mapping[str, str], damaged: Mapping[str, str]) -> list[Problem]:
    by_digests = {(expected[path], digest): path for path, digest in damaged.items()}
    found = []
    for path, digest in damaged.items():
        if partner := by_digests.get((digest, expected[path])):
            found.append(problem("swapped", path, expected=path, found=partner))
        else:
            found.append(problem("damaged", path, expected=expected[path], found=digest))
    return found


def _needless_folders(contents: Contents, expected: Mapping[str, str]) -> list[Problem]:
    # A folder that is empty because its files are missing is named by them.
    return [
        problem("extra", folder)
        for folder in contents.empty_folders
        if not any(path.startswith(folder) for path in expected)
    ]
