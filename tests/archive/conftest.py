"""One small package, the same in every test of the archive."""

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest

from letopis.archive.bags import Bag, ContentFile, write_bag
from letopis.archive.ocfl import Author, StoredVersion, add_version, create_object

OBJECT_ID = "school-17_2025-26_register_7A"

CONTENT = (
    ContentFile("1_documents/журнал 7А.pdf", b"%PDF-1.7 register\n"),
    ContentFile("1_documents/сводная ведомость.pdf", b"%PDF-1.7 statement\n"),
    ContentFile("2_tables/marks.csv", "ученик,отметка\nИванов,5\n".encode()),
    ContentFile("2_tables/pupils.csv", "ученик\nИванов\n".encode()),
    ContentFile("3_data/empty.csv", b""),
)

BuildBag = Callable[..., Bag]


def bag_builder(content: Iterable[ContentFile] = CONTENT, *, identifier: str = OBJECT_ID) -> BuildBag:
    return partial(
        write_bag,
        content=content,
        organisation="МБОУ «Школа № 17»",
        identifier=identifier,
        bagged_on=date(2026, 6, 30),
        read_me_first="Check with sha512sum -c manifest-sha512.txt",
        prochti="Проверка: sha512sum -c manifest-sha512.txt",
        info=[("Retention-Basis", "Письмо АП-147/07"), ("Retention-End", "2031-12-31")],
    )


def store(root: Path, content: Iterable[ContentFile] = CONTENT) -> StoredVersion:
    return create_object(
        root,
        object_id=OBJECT_ID,
        build_bag=bag_builder(content),
        created_at=datetime(2026, 6, 30, 12, 0, tzinfo=UTC),
        message="Журнал 7А за 2025/26 учебный год",
        author=Author(name="Архивариус", address="mailto:archive@example.org"),
    )


def store_next(root: Path, content: Iterable[ContentFile]) -> StoredVersion:
    return add_version(
        root,
        object_id=OBJECT_ID,
        build_bag=bag_builder(content),
        created_at=datetime(2026, 9, 1, 12, 0, tzinfo=UTC),
        message="Решение педагогического совета от 31.08.2026 № 9",
        author=Author(name="Архивариус", address="mailto:archive@example.org"),
    )


def corrected() -> tuple[ContentFile, ...]:
    return (*CONTENT[:3], ContentFile("2_tables/pupils.csv", "ученик\nИванов\nПетров\n".encode()), CONTENT[4])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "storage"


@pytest.fixture
def package(root: Path) -> Path:
    return store(root).path


@pytest.fixture
def package_of_two(root: Path) -> Path:
    store(root)
    return store_next(root, corrected()).path


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    return bag_builder()(tmp_path / "bag").folder


@pytest.fixture
def as_stranger_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Stand in tmp_path; when called, give up the rights of the superuser, to whom every file is readable."""
    tmp_path.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    was = os.geteuid()

    def give_up() -> None:
        if was == 0:
            os.seteuid(65534)

    yield give_up
    os.seteuid(was)
    for folder in tmp_path.rglob("*"):
        if folder.is_dir():
            folder.chmod(0o755)
