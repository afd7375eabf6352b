"""Every damage is named: a table of what is done to a package and what verify must say, exactly."""

import hashlib
import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from letopis.archive.ocfl import sidecar_text
from letopis.archive.verify import SENTENCES, Report, verify
from tests.archive.conftest import store

Damage = Callable[[Path], object]
Said = list[tuple[str, str]]

DATA = "data/1_documents"
PDF = f"{DATA}/журнал 7А.pdf"
STATEMENT = f"{DATA}/сводная ведомость.pdf"
MARKS = "data/2_tables/marks.csv"
PUPILS = "data/2_tables/pupils.csv"
EMPTY = "data/3_data/empty.csv"


def said(report: Report) -> Said:
    return sorted((found.kind, found.path) for found in report.problems)


def rewrite(path: Path, raw: bytes) -> None:
    path.unlink()
    path.write_bytes(raw)


def flip(name: str) -> Damage:
    def damage(package: Path) -> None:
        raw = bytearray((package / name).read_bytes())
        raw[len(raw) // 2] ^= 1
        rewrite(package / name, bytes(raw))

    return damage


def delete(name: str) -> Damage:
    return lambda package: (package / name).unlink()


def add(name: str, raw: bytes = b"new") -> Damage:
    return lambda package: (package / name).write_bytes(raw)


def rename(name: str, new: str) -> Damage:
    return lambda package: (package / name).rename(package / new)


def swap(one: str, two: str) -> Damage:
    def damage(package: Path) -> None:
        (package / one).rename(package / "aside")
        (package / two).rename(package / one)
        (package / "aside").rename(package / two)

    return damage


def outside_of(package: Path) -> Path:
    return next(folder for folder in package.parents if folder.name.startswith("test_")) / "outside"


def link_file(name: str) -> Damage:
    """Replace the file by a link to an equal file outside."""

    def damage(package: Path) -> None:
        outside = outside_of(package)
        (package / name).rename(outside)
        (package / name).symlink_to(outside)

    return damage


def link_folder(name: str) -> Damage:
    def damage(package: Path) -> None:
        outside = outside_of(package)
        (package / name).rename(outside)
        (package / name).symlink_to(outside, target_is_directory=True)

    return damage


def link_new(name: str, target: str) -> Damage:
    return lambda package: (package / name).symlink_to(target)


def cut(name: str) -> Damage:
    def damage(package: Path) -> None:
        rewrite(package / name, (package / name).read_bytes()[:-40])

    return damage


def edit(name: str, old: str, new: str) -> Damage:
    def damage(package: Path) -> None:
        text = (package / name).read_text()
        assert old in text
        rewrite(package / name, text.replace(old, new).encode())

    return damage


def together(*damages: Damage) -> Damage:
    return lambda package: [damage(package) for damage in damages]


def append_line(name: str, line: str) -> Damage:
    return lambda package: rewrite(package / name, (package / name).read_bytes() + line.encode("utf-8"))


def sign_again(*folders: str) -> Damage:
    """Recompute the sidecar, as a forger would."""

    def damage(package: Path) -> None:
        for folder in folders:
            raw = (package / folder / "inventory.json").read_bytes()
            rewrite(package / folder / "inventory.json.sha512", sidecar_text(raw).encode())

    return damage


def digest_of(raw: bytes) -> str:
    return hashlib.sha512(raw).hexdigest()


def forge(name: str, raw: bytes, *lists: str) -> Damage:
    """Change a file and its digest in the lists named."""

    def damage(package: Path) -> None:
        before = digest_of((package / name).read_bytes())
        rewrite(package / name, raw)
        for text in lists:
            edit(text, before, digest_of(raw))(package)

    return damage


def forge_list(name: str, change: Damage, *lists: str) -> Damage:
    """Change a list and its digest in the lists that cover it."""

    def damage(package: Path) -> None:
        before = digest_of((package / name).read_bytes())
        change(package)
        for text in lists:
            edit(text, before, digest_of((package / name).read_bytes()))(package)

    return damage


# Damage that both a lone bag and an object suffer; names are from the root of the bag.
CONTENT_DAMAGES: list[tuple[str, Damage, Said]] = [
    ("one bit flipped", flip(PDF), [("damaged", PDF)]),
    ("a bit flipped in a read-me", flip("ПРОЧТИ.txt"), [("damaged", "ПРОЧТИ.txt")]),
    ("bytes appended", append_line(PDF, "x"), [("damaged", PDF)]),
    ("a file emptied", lambda package: rewrite(package / PDF, b""), [("damaged", PDF)]),
    ("an empty file filled", lambda package: rewrite(package / EMPTY, b"x"), [("damaged", EMPTY)]),
    ("deleted", delete(PDF), [("missing", PDF)]),
    ("an empty file deleted", delete(EMPTY), [("missing", EMPTY)]),
    ("a read-me deleted", delete("READ_ME_FIRST.txt"), [("missing", "READ_ME_FIRST.txt")]),
    ("the declaration of the bag deleted", delete("bagit.txt"), [("missing", "bagit.txt")]),
    ("bag-info deleted", delete("bag-info.txt"), [("missing", "bag-info.txt")]),
    ("added", add("data/new.txt"), [("extra", "data/new.txt")]),
    ("added beside the payload", add("лишний.txt"), [("extra", "лишний.txt")]),
    ("an empty file added", add("data/new.txt", b""), [("extra", "data/new.txt")]),
    ("an empty folder added", lambda package: (package / "data/new").mkdir(), [("extra", "data/new/")]),
    ("renamed", rename(PDF, f"{DATA}/журнал.pdf"), [("renamed", PDF)]),
    ("renamed in case only", rename(PDF, f"{DATA}/Журнал 7А.pdf"), [("renamed", PDF)]),
    ("a folder renamed", rename("data/2_tables", "data/tables"), [("renamed", MARKS), ("renamed", PUPILS)]),
    ("renamed and changed", together(flip(PDF), rename(PDF, "data/x")), [("extra", "data/x"), ("missing", PDF)]),
    ("swapped", swap(MARKS, PUPILS), [("swapped", MARKS), ("swapped", PUPILS)]),
    ("one overwritten by another", lambda p: shutil.copy(p / STATEMENT, _free(p / PDF)), [("damaged", PDF)]),
    (
        "three exchanged in a ring",
        together(swap(MARKS, PUPILS), swap(PUPILS, PDF)),
        [("damaged", PDF), ("damaged", MARKS), ("damaged", PUPILS)],
    ),
    ("a file became a link", link_file(PDF), [("symbolic-link", PDF)]),
    ("a link added", link_new("data/link", "/etc/passwd"), [("symbolic-link", "data/link")]),
    ("a broken link added", link_new("data/link", "nowhere"), [("symbolic-link", "data/link")]),
    ("a link added in the root", link_new("link", "data"), [("symbolic-link", "link")]),
    ("a link to itself", link_new("data/loop", "."), [("symbolic-link", "data/loop")]),
    (
        "a folder became a link",
        link_folder("data/2_tables"),
        [("missing", MARKS), ("missing", PUPILS), ("symbolic-link", "data/2_tables")],
    ),
    ("a named pipe added", lambda package: os.mkfifo(package / "data/pipe"), [("special-file", "data/pipe")]),
    ("a file became a folder", lambda p: _free(p / PDF).mkdir(), [("extra", f"{PDF}/"), ("missing", PDF)]),
    (
        "a name that is no UTF-8",
        lambda package: Path(os.fsdecode(bytes(package) + b"/data/\xff")).write_bytes(b"x"),
        [("extra", "data/\\udcff")],
    ),
    (
        "several at once",
        together(flip(PDF), delete(STATEMENT), swap(MARKS, PUPILS), add("data/a\nb"), link_new("data/l", "x")),
        [
            ("damaged", PDF),
            ("extra", "data/a\\nb"),
            ("missing", STATEMENT),
            ("swapped", MARKS),
            ("swapped", PUPILS),
            ("symbolic-link", "data/l"),
        ],
    ),
]


def _free(path: Path) -> Path:
    path.unlink()
    return path


@pytest.mark.parametrize(("damage", "expected"), [pytest.param(*row[1:], id=row[0]) for row in CONTENT_DAMAGES])
def test_names_what_happened_to_a_bag(bag: Path, damage: Damage, expected: Said) -> None:
    damage(bag)

    assert said(verify(bag)) == sorted(expected)


@pytest.mark.parametrize(("damage", "expected"), [pytest.param(*row[1:], id=row[0]) for row in CONTENT_DAMAGES])
def test_names_what_happened_to_an_object(package: Path, damage: Damage, expected: Said) -> None:
    damage(package / "v1" / "content")

    assert said(verify(package)) == sorted((kind, f"v1/content/{path}") for kind, path in expected)


MANIFEST = "manifest-sha512.txt"
TAGS = "tagmanifest-sha512.txt"
# As long as the true one, so that only digests can tell.
FORGED = b"%PDF-1.7 forgery!\n"
STRANGER = f"{'0' * 128}  "

BAG_DAMAGES: list[tuple[str, Damage, Said]] = [
    ("the manifest deleted", delete(MANIFEST), [("extra", p) for p in (PDF, STATEMENT, MARKS, PUPILS, EMPTY)]
     + [("missing", MANIFEST)]),
    ("the tag manifest deleted", delete(TAGS), [("extra", "READ_ME_FIRST.txt"), ("extra", "ПРОЧТИ.txt"),
                                                ("missing", TAGS)]),
    ("the manifest edited with the file", forge(PDF, FORGED, MANIFEST), [("damaged", MANIFEST)]),
    ("a line taken out of the manifest", lambda p: rewrite(p / MANIFEST, b"\n".join(
        (p / MANIFEST).read_bytes().split(b"\n")[1:])), [("damaged", MANIFEST), ("extra", PDF)]),
    ("the manifest cut", cut(MANIFEST), [("damaged", MANIFEST), ("extra", EMPTY), ("malformed", MANIFEST)]),
    ("a path out of the bag", append_line(MANIFEST, f"{STRANGER}data/../../secret\n"),
     [("damaged", MANIFEST), ("unsafe-path", MANIFEST)]),
    ("an absolute path", append_line(MANIFEST, f"{STRANGER}/etc/passwd\n"),
     [("damaged", MANIFEST), ("unsafe-path", MANIFEST)]),
    ("a tag file in the manifest", append_line(MANIFEST, f"{STRANGER}bagit.txt\n"),
     [("damaged", MANIFEST), ("unsafe-path", MANIFEST)]),
    ("no manifest line", append_line(MANIFEST, "hello\n"), [("damaged", MANIFEST), ("malformed", MANIFEST)]),
    ("a path twice", append_line(MANIFEST, f"{STRANGER}{EMPTY}\n"), [("damaged", MANIFEST), ("malformed", MANIFEST)]),
    ("a manifest that is no text", lambda p: rewrite(p / MANIFEST, b"\xff"),
     [("damaged", MANIFEST), ("malformed", MANIFEST)]
     + [("extra", p) for p in (PDF, STATEMENT, MARKS, PUPILS, EMPTY)]),
    ("another BagIt version", forge("bagit.txt", b"BagIt-Version: 9.0\n", TAGS), [("malformed", "bagit.txt")]),
    ("a forged size", forge_list("bag-info.txt", edit("bag-info.txt", "Payload-Oxum: ", "Payload-Oxum: 1"), TAGS),
     [("payload-oxum", "bag-info.txt")]),
    ("a file and its line taken away", together(
        delete(PDF),
        forge_list(MANIFEST, lambda p: rewrite(p / MANIFEST, b"\n".join(
            (p / MANIFEST).read_bytes().split(b"\n")[1:])), TAGS)), [("payload-oxum", "bag-info.txt")]),
    ("the tag manifest became a link", link_file(TAGS), [("extra", "READ_ME_FIRST.txt"), ("extra", "ПРОЧТИ.txt"),
                                                         ("symbolic-link", TAGS)]),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "expected"), [pytest.param(*row[1:], id=row[0]) for row in BAG_DAMAGES])
def test_names_what_happened_to_the_lists_of_a_bag(bag: Path, damage: Damage, expected: Said) -> None:
    damage(bag)

    assert said(verify(bag)) == sorted(expected)


INVENTORY = "inventory.json"
SIDECAR = "inventory.json.sha512"
COPY = f"v1/{INVENTORY}"
INNER = "v1/content"
INNER_MANIFEST = f"{INNER}/{MANIFEST}"
INNER_TAGS = f"{INNER}/{TAGS}"


def both_inventories(*damages: Callable[[str], Damage]) -> Damage:
    changes = [damage(name) for damage in damages for name in (INVENTORY, COPY)]
    return together(*changes, sign_again("", "v1"))


def change_json(change: Callable[[dict], object]) -> Callable[[str], Damage]:  # type: ignore[type-arg]
    def damage_of(name: str) -> Damage:
        def damage(package: Path) -> None:
            data = json.loads((package / name).read_bytes())
            change(data)
            rewrite(package / name, json.dumps(data, ensure_ascii=False).encode())

        return damage

    return damage_of


def unsafe(path: str) -> Damage:
    def change(data: dict) -> None:  # type: ignore[type-arg]
        next(iter(data["manifest"].values())).append(path)

    return both_inventories(change_json(change))


OBJECT_DAMAGES: list[tuple[str, Damage, Said]] = [
    ("the declaration deleted", delete("0=ocfl_object_1.1"), [("missing", "0=ocfl_object_1.1")]),
    ("the declaration changed", flip("0=ocfl_object_1.1"), [("malformed", "0=ocfl_object_1.1")]),
    ("the declaration became a link", link_file("0=ocfl_object_1.1"), [("symbolic-link", "0=ocfl_object_1.1")]),
    ("the inventory deleted", delete(INVENTORY), [("missing", INVENTORY)]),
    ("the inventory cut", cut(INVENTORY), [("malformed", INVENTORY), ("sidecar-mismatch", INVENTORY)]),
    ("the inventory became a link", link_file(INVENTORY), [("symbolic-link", INVENTORY)]),
    ("the sidecar deleted", delete(SIDECAR), [("missing", SIDECAR)]),
    ("the sidecar changed", flip(SIDECAR), [("sidecar-mismatch", INVENTORY)]),
    ("the sidecar is no digest", lambda p: rewrite(p / SIDECAR, b"hello\n"), [("malformed", SIDECAR)]),
    ("the sidecar of the copy changed", flip(f"v1/{SIDECAR}"), [("sidecar-mismatch", COPY)]),
    ("the sidecar of the copy deleted", delete(f"v1/{SIDECAR}"), [("missing", f"v1/{SIDECAR}")]),
    ("the copy of the inventory deleted", delete(COPY), [("missing", COPY)]),
    ("the copy of the inventory cut", cut(COPY), [("malformed", COPY), ("sidecar-mismatch", COPY)]),
    ("a cut inventory does not hide a damaged file", together(cut(INVENTORY), flip(f"{INNER}/{PDF}")),
     [("damaged", f"{INNER}/{PDF}"), ("malformed", INVENTORY), ("sidecar-mismatch", INVENTORY)]),
    ("an edited inventory does not hide a forged file", forge(f"{INNER}/{PDF}", FORGED, INVENTORY),
     [("damaged", f"{INNER}/{PDF}"), ("sidecar-mismatch", INVENTORY)]),
    ("forged with the sidecar", together(forge(f"{INNER}/{PDF}", FORGED, INVENTORY), sign_again("")),
     [("contradiction", COPY), ("contradiction", f"{INNER}/{PDF}")]),
    ("forged with both inventories", together(forge(f"{INNER}/{PDF}", FORGED, INVENTORY, COPY), sign_again("", "v1")),
     [("contradiction", f"{INNER}/{PDF}")]),
    ("forged with inventories and manifest", together(
        forge_list(INNER_MANIFEST, forge(f"{INNER}/{PDF}", FORGED, INNER_MANIFEST, INVENTORY, COPY), INVENTORY, COPY),
        sign_again("", "v1")), [("contradiction", INNER_MANIFEST)]),
    ("forged with another length", together(forge(f"{INNER}/{PDF}", b"x", INVENTORY, COPY), sign_again("", "v1")),
     [("contradiction", f"{INNER}/{PDF}"), ("payload-oxum", f"{INNER}/bag-info.txt")]),
    ("the manifest edited", forge(f"{INNER}/{PDF}", FORGED, INNER_MANIFEST),
     [("damaged", f"{INNER}/{PDF}"), ("damaged", INNER_MANIFEST)]),
    ("the tag manifest deleted", delete(INNER_TAGS), [("missing", INNER_TAGS)]),
    ("two inventories that are no JSON", lambda p: [rewrite(p / n, b"[" * 99999) for n in (INVENTORY, COPY)],
     [("malformed", INVENTORY), ("sidecar-mismatch", INVENTORY), ("sidecar-mismatch", COPY)]),
    ("no object at all in JSON", both_inventories(lambda n: lambda p: rewrite(p / n, b"[]")),
     [("malformed", INVENTORY)]),
    ("another digest", both_inventories(change_json(lambda d: d.update(digestAlgorithm="md5"))),
     [("malformed", INVENTORY)]),
    ("no head", both_inventories(change_json(lambda d: d.pop("head"))), [("malformed", INVENTORY)]),
    ("a head that is no version", both_inventories(change_json(lambda d: d.update(head="v7"))),
     [("malformed", INVENTORY)]),
    ("versions with a gap", both_inventories(change_json(lambda d: d["versions"].update(v3=d["versions"]["v1"]))),
     [("malformed", INVENTORY)]),
    ("a path out of the object", unsafe("v1/content/../../../secret"), [("unsafe-path", INVENTORY)]),
    ("an absolute path", unsafe("/etc/passwd"), [("unsafe-path", INVENTORY)]),
    ("a path outside the content", unsafe("v1/inventory.json"), [("unsafe-path", INVENTORY)]),
    ("a version nobody knows", lambda p: shutil.copytree(p / "v1/content/data/3_data", p / "v9/content"),
     [("extra", "v9/content/empty.csv")]),
    ("the version became a link", link_folder("v1"),
     [("symbolic-link", "v1")] + [("missing", f"v1/{name}") for name in (INVENTORY, SIDECAR)]
     + [("missing", f"{INNER}/{name}") for name in (
         PDF, STATEMENT, MARKS, PUPILS, EMPTY, "bagit.txt", "bag-info.txt", MANIFEST, TAGS, "READ_ME_FIRST.txt",
         "ПРОЧТИ.txt")]),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "expected"), [pytest.param(*row[1:], id=row[0]) for row in OBJECT_DAMAGES])
def test_names_what_happened_to_the_lists_of_an_object(package: Path, damage: Damage, expected: Said) -> None:
    damage(package)

    assert said(verify(package)) == sorted(expected)


TWO_VERSIONS: list[tuple[str, Damage, Said]] = [
    ("a file of the first version", flip(f"v1/content/{PDF}"), [("damaged", f"v1/content/{PDF}")]),
    ("a replaced file", flip(f"v1/content/{PUPILS}"), [("damaged", f"v1/content/{PUPILS}")]),
    ("a file of the second", flip(f"v2/content/{PUPILS}"), [("damaged", f"v2/content/{PUPILS}")]),
    ("across versions", swap(f"v1/content/{PUPILS}", f"v2/content/{PUPILS}"),
     [("swapped", f"v1/content/{PUPILS}"), ("swapped", f"v2/content/{PUPILS}")]),
    ("the old inventory cut", cut("v1/inventory.json"),
     [("malformed", "v1/inventory.json"), ("sidecar-mismatch", "v1/inventory.json")]),
    ("the old inventory forged", together(
        edit("v1/inventory.json", "marks.csv", "marks2.csv"), sign_again("v1")),
     [("contradiction", "v1/inventory.json")]),
    ("the past told otherwise", together(
        *(edit(n, "Журнал 7А за 2025/26", "Журнал 7А за 2024/25") for n in (INVENTORY, f"v2/{INVENTORY}")),
        sign_again("", "v2")), [("contradiction", "v1/inventory.json")]),
    ("the root inventory of the version before", lambda p: [
        rewrite(p / n, (p / "v1" / n).read_bytes()) for n in (INVENTORY, SIDECAR)],
     [("extra", f"v2/{n}") for n in (INVENTORY, SIDECAR, "content/bag-info.txt", f"content/{MANIFEST}",
                                     f"content/{TAGS}", f"content/{PUPILS}")]),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "expected"), [pytest.param(*row[1:], id=row[0]) for row in TWO_VERSIONS])
def test_names_what_happened_to_an_object_of_two_versions(package_of_two: Path, damage: Damage, expected: Said) -> None:
    damage(package_of_two)

    assert said(verify(package_of_two)) == sorted(expected)


def test_a_whole_object_is_ok(root: Path) -> None:
    stored = store(root)

    assert verify(stored.path) == Report(
        path=str(stored.path),
        kind="ocfl-object",
        problems=(),
        files=11,
        bytes=sum(file.size for file in stored.bag.files),
        manifest_digest=stored.manifest_digest,
    )


def test_a_bag_copied_out_of_an_object_is_ok(root: Path, tmp_path: Path) -> None:
    stored = store(root)
    carrier = tmp_path / "carrier"
    shutil.copytree(stored.path / "v1" / "content", carrier)

    report = verify(carrier)

    assert (report.ok, report.kind, report.files) == (True, "bag", 11)
    assert report.manifest_digest == stored.manifest_digest


def test_an_object_of_two_versions_is_ok(package_of_two: Path) -> None:
    report = verify(package_of_two)

    assert (report.ok, report.files) == (True, 15)
    assert report.manifest_digest == digest_of((package_of_two / "v2/content" / MANIFEST).read_bytes())


def test_a_version_folder_of_an_object_is_one_problem(package: Path) -> None:
    report = verify(package / "v1")

    assert (report.kind, len(report.problems)) == ("", 1)
    assert report.problems[0].sentence.endswith("/v1 (это папка версии; проверьте папку выше).")


def test_only_the_digest_of_the_manifest_betrays_a_forger_who_recomputes_everything(package: Path) -> None:
    whole = verify(package)
    lists = (INNER_TAGS, INVENTORY, COPY)
    forge_list(
        INNER_TAGS,
        forge_list(INNER_MANIFEST, forge(f"{INNER}/{PDF}", FORGED, INNER_MANIFEST, INVENTORY, COPY), *lists),
        INVENTORY,
        COPY,
    )(package)
    sign_again("", "v1")(package)

    report = verify(package)

    assert (whole.ok, report.ok) == (True, True)
    assert report.manifest_digest != whole.manifest_digest


def test_a_problem_tells_both_digests(bag: Path) -> None:
    before = digest_of((bag / PDF).read_bytes())
    rewrite(bag / PDF, b"x")

    (found,) = verify(bag).problems

    assert (found.kind, found.path, found.expected, found.found) == ("damaged", PDF, before, digest_of(b"x"))
    assert found.sentence == f"Файл изменён: {PDF}. По описи {before[:16]}…, на деле {digest_of(b'x')[:16]}…."


def test_a_renamed_file_tells_both_names(bag: Path) -> None:
    (bag / PDF).rename(bag / "data/x")

    (found,) = verify(bag).problems

    assert (found.expected, found.found) == (PDF, "data/x")
    assert found.sentence == f"Файл переименован: по описи он называется {PDF}, на деле data/x."


def _nothing(path: Path) -> None:
    pass


NO_PACKAGES: list[tuple[str, Damage, str, str]] = [
    ("nothing", _nothing, "not-found", "Пути нет: {path}."),
    ("an empty folder", Path.mkdir, "not-a-package", "Это не пакет архива: {path} (папка пуста)."),
    ("a file", Path.touch, "not-a-package", "Это не пакет архива: {path} (это не папка)."),
    ("a pipe", os.mkfifo, "not-a-package", "Это не пакет архива: {path} (это не папка)."),
    ("other things", lambda path: (path / "letters").mkdir(parents=True), "not-a-package",
     "Это не пакет архива: {path} (нет ни описи, ни манифеста)."),
    ("a storage root", lambda path: store(path), "not-a-package",
     "Это не пакет архива: {path} (это хранилище; укажите один пакет в нём)."),
    ("a link to a package", lambda path: path.symlink_to(store(path.parent / "storage").path), "symbolic-link",
     "Символическая ссылка вместо файла или папки: {path}. В пакете ссылок быть не может."),
]  # fmt: skip


@pytest.mark.parametrize(("make", "kind", "sentence"), [pytest.param(*row[1:], id=row[0]) for row in NO_PACKAGES])
def test_says_in_one_sentence_that_this_is_no_package(tmp_path: Path, make: Damage, kind: str, sentence: str) -> None:
    path = tmp_path / "this"
    make(path)

    report = verify(path)

    assert (report.kind, report.files, report.manifest_digest) == ("", 0, "")
    assert [(found.kind, found.sentence) for found in report.problems] == [(kind, sentence.format(path=path))]


@pytest.mark.parametrize("path", ["below/a/file", "nul\0byte", "x" * 5000])
def test_a_path_that_cannot_exist_is_one_problem(tmp_path: Path, path: str) -> None:
    (tmp_path / "below").touch()

    report = verify(tmp_path / path)

    assert len(report.problems) == 1


def test_an_unreadable_file_is_named(bag: Path, as_stranger_after: Callable[[], None]) -> None:
    (bag / PDF).chmod(0)
    as_stranger_after()

    report = verify(Path("bag"))

    assert [(found.kind, found.path) for found in report.problems] == [("unreadable", PDF)]


def test_an_unreadable_folder_is_named_with_the_files_that_cannot_be_seen(
    bag: Path, as_stranger_after: Callable[[], None]
) -> None:
    (bag / "data/2_tables").chmod(0)
    as_stranger_after()

    report = verify(Path("bag"))

    assert said(report) == [("missing", MARKS), ("missing", PUPILS), ("unreadable", "data/2_tables")]


def test_an_unreadable_package_is_one_problem(bag: Path, as_stranger_after: Callable[[], None]) -> None:
    bag.chmod(0)
    as_stranger_after()

    report = verify(Path("bag"))

    assert said(report) == [("unreadable", "bag")]


@pytest.mark.parametrize("fixture", ["bag", "package", "package_of_two"])
def test_no_flipped_bit_anywhere_goes_unnoticed(fixture: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(fixture)
    chance = random.Random(17)  # noqa: S311
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size):
        raw = path.read_bytes()
        path.chmod(0o644)
        for _time in range(8):
            changed = bytearray(raw)
            changed[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
            path.write_bytes(changed)

            assert not verify(folder).ok, path
        path.write_bytes(raw)
    assert verify(folder).ok


def test_verifying_changes_nothing(package: Path) -> None:
    def moments() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in package.rglob("*")}

    before = moments()

    verify(package)

    assert moments() == before


def test_every_sentence_can_be_said_again_from_the_facts_of_its_problem() -> None:
    for template in SENTENCES.values():
        assert template.format(path="п", expected="о", found="н")
