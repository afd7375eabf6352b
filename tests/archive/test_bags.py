import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import bagit
import pytest

from letopis.archive.bags import (
    ContentFile,
    EmptyBagError,
    RefusedInfoError,
    RefusedPathError,
    RefusedSourceError,
)
from tests.archive.conftest import CONTENT, OBJECT_ID, bag_builder

needs_sha512sum = pytest.mark.skipif(shutil.which("sha512sum") is None, reason="sha512sum is missing")


def test_bag_holds_every_file_with_its_digest(tmp_path: Path) -> None:
    bag = bag_builder()(tmp_path / "bag")

    assert sorted(file.path for file in bag.files) == [
        "READ_ME_FIRST.txt",
        "bag-info.txt",
        "bagit.txt",
        "data/1_documents/журнал 7А.pdf",
        "data/1_documents/сводная ведомость.pdf",
        "data/2_tables/marks.csv",
        "data/2_tables/pupils.csv",
        "data/3_data/empty.csv",
        "manifest-sha512.txt",
        "tagmanifest-sha512.txt",
        "ПРОЧТИ.txt",
    ]
    for file in bag.files:
        raw = (bag.folder / file.path).read_bytes()
        assert (file.size, file.sha512) == (len(raw), hashlib.sha512(raw).hexdigest())


def test_bag_info_says_whose_what_when_and_how_much(bag: Path) -> None:
    size = sum(len(file.source) for file in CONTENT if isinstance(file.source, bytes))

    assert (bag / "bag-info.txt").read_text() == (
        "Source-Organization: МБОУ «Школа № 17»\n"
        f"External-Identifier: {OBJECT_ID}\n"
        "Bagging-Date: 2026-06-30\n"
        f"Payload-Oxum: {size}.5\n"
        "Retention-Basis: Письмо АП-147/07\n"
        "Retention-End: 2031-12-31\n"
    )


def test_another_library_accepts_the_bag(bag: Path) -> None:
    foreign = bagit.Bag(str(bag))

    assert foreign.validate(processes=1)
    assert foreign.info["Bagging-Date"] == "2026-06-30"


@needs_sha512sum
def test_common_command_checks_the_bag(bag: Path) -> None:
    for manifest in ("manifest-sha512.txt", "tagmanifest-sha512.txt"):
        subprocess.run(["sha512sum", "-c", "--strict", "--quiet", manifest], cwd=bag, check=True)


def test_copies_a_large_file_and_takes_its_digest_from_the_same_reading(tmp_path: Path) -> None:
    source = tmp_path / "большой.pdf"
    source.write_bytes(os.urandom(3_000_001))

    bag = bag_builder([ContentFile("1_documents/большой.pdf", source)])(tmp_path / "bag")

    copy = bag.folder / "data/1_documents/большой.pdf"
    assert copy.read_bytes() == source.read_bytes()
    assert bag.files[0].sha512 == hashlib.sha512(source.read_bytes()).hexdigest()


def test_files_cannot_be_written_to_afterwards(bag: Path) -> None:
    assert {path.stat().st_mode & 0o777 for path in bag.rglob("*") if path.is_file()} == {0o444}


def test_keeps_further_tag_files_outside_the_payload(tmp_path: Path) -> None:
    bag = bag_builder()(tmp_path / "bag", tag_files=[ContentFile("evidence/0001/checkpoint.txt", b"x\n")])

    assert bagit.Bag(str(bag.folder)).validate()
    assert "evidence/0001/checkpoint.txt" in (bag.folder / "tagmanifest-sha512.txt").read_text()


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../outside.txt",
        "a/../../outside.txt",
        "a//b.txt",
        "./a.txt",
        "",
        "a/",
        "two\nlines.txt",
        "bell\x07.txt",
        "hidden\u202egpj.exe",
        "back\\slash.txt",
        "100%.txt",
        "what?.txt",
        "dot.",
        "space /x.txt",
        "AUX.txt",
        "я" * 128,
        "half\udce9.txt",
        "x" * 195,
    ],
)
def test_refuses_a_path_that_some_machine_reads_differently(tmp_path: Path, path: str) -> None:
    with pytest.raises(RefusedPathError) as refusal:
        bag_builder([ContentFile(path, b"")])(tmp_path / "bag")

    assert refusal.value.path == f"data/{path}"


def test_accepts_the_longest_path(tmp_path: Path) -> None:
    bag = bag_builder([ContentFile("x" * 97 + "/" + "y" * 96, b"")])(tmp_path / "bag")

    assert len(bag.files[0].path) == 199


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("7А.pdf", "7а.pdf"),
        ("Журнал/1.pdf", "журнал/2.pdf"),
        ("й.pdf", "и\u0306.pdf"),
        ("a.csv", "a.csv"),
        ("a", "a/b.csv"),
        ("a/b.csv", "A"),
    ],
)
def test_refuses_names_that_are_one_name_on_another_machine(tmp_path: Path, first: str, second: str) -> None:
    with pytest.raises(RefusedPathError) as refusal:
        bag_builder([ContentFile(first, b"1"), ContentFile(second, b"2")])(tmp_path / "bag")

    assert refusal.value.path == f"data/{second}"


@pytest.mark.parametrize("path", ["data/x.csv", "Data/x.csv", "bagit.txt", "прочти.txt"])
def test_refuses_a_tag_file_in_the_place_of_another(tmp_path: Path, path: str) -> None:
    with pytest.raises(RefusedPathError):
        bag_builder()(tmp_path / "bag", tag_files=[ContentFile(path, b"")])


def test_hides_from_others_what_the_umask_hides(tmp_path: Path) -> None:
    was = os.umask(0o027)
    bag = bag_builder()(tmp_path / "bag")
    os.umask(was)

    assert {path.stat().st_mode & 0o777 for path in bag.folder.rglob("*") if path.is_file()} == {0o440}


def _link(path: Path) -> None:
    (path.parent / "secret.txt").write_text("secret")
    path.symlink_to("secret.txt")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_link, "a symbolic link"),
        (Path.mkdir, "not a regular file"),
        (os.mkfifo, "not a regular file"),
        (lambda path: None, "No such file or directory"),
    ],
)
def test_refuses_a_source_that_is_no_regular_file(tmp_path: Path, make: object, reason: str) -> None:
    source = tmp_path / "source"
    make(source)  # type: ignore[operator]

    with pytest.raises(RefusedSourceError) as refusal:
        bag_builder([ContentFile("a.txt", source)])(tmp_path / "bag")

    assert (refusal.value.source, refusal.value.reason) == (source, reason)


def test_refuses_a_bag_without_content(tmp_path: Path) -> None:
    with pytest.raises(EmptyBagError):
        bag_builder([])(tmp_path / "bag")


@pytest.mark.parametrize(
    "pair",
    [("Payload-Oxum", "1.1"), ("bagging-date", "2026"), ("a:b", "c"), ("", "c"), ("a", " "), ("a", "b\x00c")],
)
def test_refuses_a_pair_that_would_break_bag_info(tmp_path: Path, pair: tuple[str, str]) -> None:
    with pytest.raises(RefusedInfoError):
        bag_builder()(tmp_path / "bag", info=[pair])


def test_a_line_break_in_a_value_cannot_start_a_new_label(tmp_path: Path) -> None:
    bag = bag_builder()(tmp_path / "bag", info=[("Title", "Журнал\nPayload-Oxum: 0.0")])

    assert ("Title", "Журнал Payload-Oxum: 0.0") in bag.info
    assert bagit.Bag(str(bag.folder)).validate()


def test_refuses_a_folder_that_exists(bag: Path) -> None:
    with pytest.raises(FileExistsError):
        bag_builder()(bag)
