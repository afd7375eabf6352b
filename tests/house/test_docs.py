"""Documents are followed: links, folders, commands, settings, requirements. What they name must be there."""

import argparse
import csv
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from letopis.config.cli import parser

ROOT = Path(__file__).parents[2]
NOT_OURS = {".git", ".venv", "var", "build", "__pycache__"}
"""Folders that git ignores."""

REQUIREMENTS = (
    "ORG-001…020, 021…029, 034, 036, 038; REG-001…054, 057, 058; ATT-012, 013; "
    "ARC-021, 023, 026, 027; ORG-B001…B022, B034, B040, B041; "
    "REG-B001, B003…B019, B028…B031, B037; "
    "REG-B032…B035; REP-005, 017, 022; DIA-023…025, B006; IND-045, B005…B014; MSG-B007, B008; "
    "ABS-B001…B009; EXC-B006; OPS-B013; SEC-015, 016, 020, B007, B014; REP-B011; C-001…007, 009, 011…015, 020, 024"
)
STATES = {"built", "partly", "later"}

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FOLDER = re.compile(r"`((?:letopis|tests|docs|bench)/[\w/-]*)`")
COMMAND = re.compile(r"(?:^ {4,}|`)letopis ([a-z]+)", re.MULTILINE)
SETTING = re.compile(r"\bLETOPIS_[A-Z]+(?:_[A-Z]+)*\b")

OF_A_MACHINE = (
    re.compile(r"(?<![\w.$}])/(?:home|root|work|workspace|mnt|srv|Users)/"),
    re.compile(r"(?<![\w.$}])/tmp/\w"),
    re.compile(r"file://" + "/"),
    re.compile(r"pypi\.org/" + "simple"),
    re.compile(r"(?<![\w-])\.{0,2}/?shared/" + r"\w"),
)
"""Absolute paths, index addresses, and folders that are no part of a clone."""


def files(*suffixes: str) -> Iterator[Path]:
    """Yield the files of the repository with these suffixes; without any, all."""
    for folder, inside, names in os.walk(ROOT):
        inside[:] = [name for name in inside if name not in NOT_OURS and not name.endswith(("_cache", ".egg-info"))]
        for name in names:
            if not suffixes or name.endswith(suffixes):
                yield Path(folder, name)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


PAGES = sorted(files(".md"))
DOCUMENTS = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.casefold()).replace(" ", "-") for head in heads}


def commands(of: argparse.ArgumentParser) -> Iterator[str]:
    """Yield every command of a parser: «letopis archive build»."""
    groups = [action for action in of._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield of.prog
    for group in groups:
        for inner in group.choices.values():
            yield from commands(inner)


def expanded(text: str) -> list[str]:
    """Return every id of a list like «ORG-008…010, 012; REG-B001»."""
    ids = []
    for part in text.split("; "):
        area, numbers = part.split("-", 1)
        for one in numbers.split(", "):
            first, _, last = one.partition("…")
            letter = first.rstrip("0123456789")
            start, end = (int(bound.removeprefix(letter)) for bound in (first, last or first))
            ids += [f"{area}-{letter}{number:03}" for number in range(start, end + 1)]
    return ids


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)

    assert broken == []


def test_the_map_names_every_folder_of_the_product_and_none_that_is_gone() -> None:
    named = set(FOLDER.findall((ROOT / "docs/map.md").read_text(encoding="utf-8")))
    shared_names = {"migrations", "templates", "static", "locale"}
    folders = {f"{name_of(path.parent)}/" for path in files() if name_of(path).startswith("letopis/")}
    own = {folder for folder in folders if not shared_names & set(folder.split("/"))}

    assert sorted(own - named - {"letopis/"}) == []
    assert sorted(folder for folder in named if not (ROOT / folder).exists()) == []


def test_the_map_names_every_folder_of_the_tests_that_is_no_app() -> None:
    text = (ROOT / "docs/map.md").read_text(encoding="utf-8")
    folders = {path.parent.name for path in files(".py") if path.parent.parent == ROOT / "tests"}
    apps = {path.name for path in (ROOT / "letopis").iterdir()}

    assert sorted(name for name in folders - apps if f"`tests/{name}/`" not in text) == []


def test_every_command_stands_in_the_documents() -> None:
    assert sorted(command for command in commands(parser()) if command not in DOCUMENTS) == []


def test_no_document_names_a_command_that_is_gone() -> None:
    known = {command.split()[1] for command in commands(parser())}

    assert sorted(set(COMMAND.findall(DOCUMENTS)) - known) == []


def test_every_setting_of_the_product_stands_in_the_readme() -> None:
    used = {name for path in files(".py") if name_of(path).startswith("letopis/")
            for name in SETTING.findall(path.read_text(encoding="utf-8"))}  # fmt: skip
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert sorted(name for name in used if f"`{name}`" not in readme) == []


def test_every_target_of_the_makefile_is_explained() -> None:
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(target for target in targets if target != "help" and f"make {target}" not in DOCUMENTS) == []


@pytest.mark.parametrize("folder", ["decisions", "guide", "subsystems"])
def test_every_page_stands_in_its_index(folder: str) -> None:
    index = (ROOT / "docs" / folder / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in (ROOT / "docs" / folder).glob("*.md")} - {"README.md"}

    assert sorted(page for page in pages if f"({page})" not in index) == []


def test_requirements_are_complete_and_each_once() -> None:
    text = (ROOT / "docs/requirements.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))

    assert sorted(row["id"] for row in rows) == sorted(expanded(REQUIREMENTS))
    assert {row["state"] for row in rows} <= STATES
    assert [row["id"] for row in rows if not row["requirement"]] == []
    assert [row["where"] for row in rows if not (ROOT / row["where"]).is_file()] == []


def test_nothing_belongs_to_one_machine() -> None:
    found = []
    for path in files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{name_of(path)}: {hit[0]}" for pattern in OF_A_MACHINE for hit in pattern.finditer(text)]

    assert found == []


def test_every_name_of_the_glossary_is_a_name_of_the_code() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in files(".py") if name_of(path).startswith("letopis/"))
    known = set(re.findall(r"\b[A-Za-z_]+\b", code))
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    firsts = re.findall(r"^\|([^|]+)\|", glossary, re.MULTILINE)

    assert sorted(name for first in firsts for name in re.findall(r"`(\w+)`", first) if name not in known) == []
