import json
import multiprocessing
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import bagit
import ocfl
import pytest

from letopis.archive.bags import ContentFile
from letopis.archive.ocfl import (
    Author,
    NothingChangedError,
    ObjectExistsError,
    StorageError,
    create_object,
    object_path,
    prepare_root,
)
from letopis.archive.verify import verify
from tests.archive.conftest import CONTENT, OBJECT_ID, bag_builder, corrected, store, store_next


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_is_stored_says_where_it_lies(root: Path) -> None:
    stored = store(root)

    assert stored.path == root / OBJECT_ID
    assert stored.bag.folder == root / OBJECT_ID / "v1" / "content"
    assert all((stored.bag.folder / file.path).stat().st_size == file.size for file in stored.bag.files)


def test_content_of_the_first_version_is_a_bag(package: Path) -> None:
    assert bagit.Bag(str(package / "v1" / "content")).validate()


def test_another_library_accepts_root_and_object(root: Path, package_of_two: Path) -> None:
    passed, log = ocfl.Object().validate(str(package_of_two), log_warnings=False)[:2]
    storage = ocfl.StorageRoot(root=str(root))

    assert passed, log
    assert storage.validate(log_warnings=False)
    assert list(storage.list_objects()) == [(OBJECT_ID, OBJECT_ID)]


def test_second_version_keeps_only_what_changed(package_of_two: Path) -> None:
    assert sorted(tree(package_of_two / "v2")) == [
        "content/bag-info.txt",
        "content/data/2_tables/pupils.csv",
        "content/manifest-sha512.txt",
        "content/tagmanifest-sha512.txt",
        "inventory.json",
        "inventory.json.sha512",
    ]


def test_second_version_taken_out_by_another_library_is_a_bag(package_of_two: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    ocfl.Object().extract(str(package_of_two), "v2", str(out))

    assert bagit.Bag(str(out)).validate()
    assert verify(out).ok
    assert "Петров" in (out / "data/2_tables/pupils.csv").read_text()


def test_second_version_leaves_the_first_as_it_was(root: Path) -> None:
    first = store(root)
    before = tree(first.path / "v1")

    second = store_next(root, corrected())

    assert tree(first.path / "v1") == before
    assert (second.version, second.path) == ("v2", first.path)
    assert second.manifest_digest != first.manifest_digest


def test_removed_and_renamed_files_need_no_copy(root: Path) -> None:
    store(root)
    renamed = ContentFile("2_tables/отметки.csv", CONTENT[2].source)

    path = store_next(root, [*CONTENT[:2], renamed]).path

    assert not (path / "v2/content/data").exists()
    assert verify(path).ok
    assert ocfl.Object().validate(str(path), log_warnings=False)[0]


def test_refuses_to_overwrite_an_object(root: Path, package: Path) -> None:
    before = tree(package)

    with pytest.raises(ObjectExistsError):
        store(root, corrected())

    assert tree(package) == before


def test_refuses_a_version_that_changes_nothing(root: Path, package: Path) -> None:
    before = tree(package)

    with pytest.raises(NothingChangedError):
        store_next(root, CONTENT)

    assert tree(package) == before


def test_refuses_a_version_of_no_object(root: Path) -> None:
    with pytest.raises(StorageError):
        store_next(root, CONTENT)


def test_refuses_a_version_over_a_damaged_inventory(root: Path, package: Path) -> None:
    (package / "inventory.json").unlink()
    (package / "inventory.json").write_bytes(b"{}")

    with pytest.raises(StorageError):
        store_next(root, corrected())


@pytest.mark.parametrize("object_id", ["", "..", "a/b", "журнал", "-x", "x.", "extensions", "x" * 151])
def test_refuses_an_id_that_is_no_folder_name(root: Path, object_id: str) -> None:
    with pytest.raises(StorageError):
        object_path(root, object_id)


def test_refuses_a_root_that_holds_something_else(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear school")

    with pytest.raises(StorageError):
        prepare_root(tmp_path)


def test_finishes_a_root_that_was_cut_off(root: Path) -> None:
    root.mkdir()
    (root / "ocfl_layout.json").touch()

    prepare_root(root)

    assert ocfl.StorageRoot(root=str(root)).validate(log_warnings=False)


def test_two_builders_of_one_version_do_not_undo_each_other(root: Path, package: Path) -> None:
    builders = [
        multiprocessing.get_context("spawn").Process(target=store_next, args=(root, [*CONTENT, ContentFile(name, b"")]))
        for name in ("first.csv", "second.csv")
    ]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join()

    assert [builder.exitcode for builder in builders] == [0, 0]
    assert sorted(path.name for path in package.iterdir() if path.is_dir()) == ["v1", "v2", "v3"]
    assert verify(package).ok


def test_refuses_a_bag_that_names_another_object(root: Path) -> None:
    with pytest.raises(StorageError):
        create_object(
            root,
            object_id=OBJECT_ID,
            build_bag=bag_builder(identifier="other"),
            created_at=datetime.fromisoformat("2026-06-30T12:00:00+03:00"),
            message="",
            author=Author(name="Архивариус", address="mailto:archive@example.org"),
        )

    assert not (root / OBJECT_ID).exists()


def test_inventory_names_author_message_and_moment(package: Path) -> None:
    version = json.loads((package / "inventory.json").read_text())["versions"]["v1"]

    del version["state"]
    assert version == {
        "created": "2026-06-30T12:00:00+00:00",
        "message": "Журнал 7А за 2025/26 учебный год",
        "user": {"name": "Архивариус", "address": "mailto:archive@example.org"},
    }


def test_files_of_an_object_cannot_be_written_to(package_of_two: Path) -> None:
    assert {path.stat().st_mode & 0o777 for path in package_of_two.rglob("*") if path.is_file()} == {0o444}


def failing_content() -> Iterator[ContentFile]:
    yield CONTENT[0]
    raise RuntimeError("the disk is full")


def test_an_error_in_the_middle_leaves_no_object(root: Path, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="the disk is full"):
        store(root, failing_content())

    assert sorted(path.name for path in root.iterdir()) == ["0=ocfl_1.1", "ocfl_layout.json"]
    assert list((tmp_path / ".storage-building").iterdir()) == []


def test_an_error_in_the_middle_leaves_the_last_version(root: Path, package: Path) -> None:
    before = tree(package)

    with pytest.raises(RuntimeError, match="the disk is full"):
        store_next(root, failing_content())

    assert tree(package) == before


def killed_content() -> Iterator[ContentFile]:
    yield from CONTENT
    os._exit(9)


def test_a_killed_builder_leaves_no_object_and_the_next_removes_its_folder(root: Path, tmp_path: Path) -> None:
    builder = multiprocessing.get_context("spawn").Process(target=store_killed, args=(root,))
    builder.start()
    builder.join()
    assert builder.exitcode == 9
    assert not (root / OBJECT_ID).exists()
    assert len(list((tmp_path / ".storage-building").iterdir())) == 1

    path = store(root).path

    assert verify(path).ok
    assert list((tmp_path / ".storage-building").iterdir()) == []


def store_killed(root: Path) -> None:
    store(root, killed_content())


def test_a_version_cut_off_before_the_inventory_is_named_and_then_undone(root: Path, package: Path) -> None:
    before = {name: (package / name).read_bytes() for name in ("inventory.json", "inventory.json.sha512")}
    store_next(root, corrected())
    for name, raw in before.items():
        (package / name).unlink()
        (package / name).write_bytes(raw)
    assert {found.kind for found in verify(package).problems} == {"extra"}

    stored = store_next(root, corrected())

    assert stored.version == "v2"
    assert verify(package).ok


def test_a_version_cut_off_before_the_sidecar_is_named_and_then_finished(root: Path, package: Path) -> None:
    before = (package / "inventory.json.sha512").read_bytes()
    store_next(root, corrected())
    (package / "inventory.json.sha512").unlink()
    (package / "inventory.json.sha512").write_bytes(before)
    assert [found.kind for found in verify(package).problems] == ["sidecar-mismatch"]

    stored = store_next(root, CONTENT)

    assert stored.version == "v3"
    assert verify(package).ok
    assert ocfl.Object().validate(str(package), log_warnings=False)[0]
