"""Check a bag: a carrier copy, or the words of the bag inside an OCFL version."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from letopis.archive.bags import BAG_INFO, BAGIT, DECLARATION, MANIFEST, TAG_MANIFEST
from letopis.archive.verify.files import Contents, compare
from letopis.archive.verify.problems import Problem, problem

REQUIRED = (BAGIT, BAG_INFO, MANIFEST, TAG_MANIFEST)

# Capital digits are legal, but ours never are: one would be a flipped bit that nothing else covers.
_LINE = re.compile(r"([0-9a-f]{128}) [ *](.+)")


@dataclass(frozen=True)
class Manifest:
    """SHA-512 by path as a manifest states it, and what is wrong with its text."""

    entries: Mapping[str, str]
    problems: tuple[Problem, ...]


def check_bag(contents: Contents) -> list[Problem]:
    """Return everything that is wrong with a bag that lies by itself."""
    payload = read_manifest(contents, MANIFEST, name=MANIFEST)
    tags = read_manifest(contents, TAG_MANIFEST, name=TAG_MANIFEST)
    expected = {**tags.entries, **payload.entries}
    absent = [problem("missing", name) for name in REQUIRED if not _is_spoken_of(contents, name, expected)]
    contents.hash([MANIFEST, TAG_MANIFEST])
    files = compare(contents, expected, known=lambda path: path in REQUIRED)
    words = _words_of(contents, {name: name for name in REQUIRED})
    # When a file is damaged, its digest says more than a wrong total.
    if not any(found.path.startswith("data/") for found in files + contents.problems):
        words += check_oxum(contents, BAG_INFO, [contents.files[path] for path in payload.entries])
    return [*absent, *payload.problems, *tags.problems, *words, *files]


def check_inner_bag(
    contents: Contents, *, home: str, places: Mapping[str, str], state: Mapping[str, str]
) -> list[Problem]:
    """Return where the words of a bag contradict the inventory that holds it.

    home: the folder of the bag in the object, with a slash.
    places: where the file of the bag lies in the object, by its path in the bag.
    state: SHA-512 by path in the bag, as the inventory states it.
    Files must have been hashed; what is damaged itself is named already and not believed.
    """
    found = [problem("missing", home + name) for name in REQUIRED if name not in state]
    sound = {name: place for name, place in places.items() if contents.digests.get(place) == state[name]}
    for name in (MANIFEST, TAG_MANIFEST):
        if name not in sound:
            continue
        manifest = read_manifest(contents, sound[name], name=name)
        found += manifest.problems
        spoken = {path: digest for path, digest in state.items() if _belongs(path, name)}
        found += [
            problem("contradiction", places.get(path, home + path), expected=told, found=stored)
            for path in sorted(spoken.keys() | manifest.entries.keys())
            if (told := manifest.entries.get(path, "")) != (stored := spoken.get(path, ""))
        ]
    found += _words_of(contents, sound)
    payload = [path for path in state if path.startswith("data/")]
    if BAG_INFO in sound and all(path in sound for path in payload):
        found += check_oxum(contents, sound[BAG_INFO], [contents.files[sound[path]] for path in payload])
    return found


def read_manifest(contents: Contents, place: str, *, name: str) -> Manifest:
    """Return the entries of a manifest; lines that cannot be right are problems, not entries."""
    raw = contents.read(place)
    if raw is None:
        return Manifest({}, ())
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return Manifest({}, (problem("malformed", place, found="UTF-8"),))
    entries: dict[str, str] = {}
    problems = []
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else []
    for number, line in enumerate(lines, start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            problems.append(problem("malformed", place, found=f"строка {number}"))
        elif leaves_root(match[2]) or not _belongs(match[2], name):
            problems.append(problem("unsafe-path", place, found=match[2]))
        elif match[2] in entries:
            problems.append(problem("malformed", place, found=f"строка {number}: {match[2]}"))
        else:
            entries[match[2]] = match[1]
    return Manifest(entries, tuple(problems))


def check_oxum(contents: Contents, place: str, sizes: list[int]) -> list[Problem]:
    """Return a problem when Payload-Oxum is not the bytes and number of the payload files."""
    raw = contents.read(place)
    if raw is None:
        return []
    match = re.search(r"^Payload-Oxum:[ \t]*(\S*)[ \t]*$", raw.decode(errors="replace"), re.MULTILINE)
    told = match[1] if match else ""
    actual = f"{sum(sizes)}.{len(sizes)}"
    return [] if told == actual else [problem("payload-oxum", place, expected=told, found=actual)]


def leaves_root(path: str) -> bool:
    """Return whether a path written in a list leads out of the package or is not in its plain form."""
    return "\\" in path or "\0" in path or any(part in ("", ".", "..") for part in path.split("/"))


def _belongs(path: str, manifest: str) -> bool:
    if manifest == MANIFEST:
        return path.startswith("data/")
    return not path.startswith("data/") and path != TAG_MANIFEST


def _is_spoken_of(contents: Contents, name: str, expected: Mapping[str, str]) -> bool:
    return name in contents.files or name in contents.unusable or name in expected


def _words_of(contents: Contents, places: Mapping[str, str]) -> list[Problem]:
    raw = contents.read(places[BAGIT]) if BAGIT in places else None
    if raw is None or raw.decode(errors="replace").splitlines() == DECLARATION.splitlines():
        return []
    return [problem("malformed", places[BAGIT], found="BagIt-Version: 1.0, UTF-8")]
