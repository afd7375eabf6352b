"""Checkpoints: their text, their key, and what is refused before anything is signed."""

import base64
import os
import stat
import subprocess
import threading
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from letopis.core.errors import Refused
from letopis.ledger import beat, keys, notes
from letopis.ledger.checkpoints import issue, issue_nightly
from letopis.ledger.models import Checkpoint, Leaf, Subtree
from letopis.ledger.sequencer import sequence
from letopis.ledger.tree import root_at
from tests.ledger.logs import AT, LATER, OTHER, SCHOOL, a_log, forger

DAY = timedelta(days=1)


def refusal(**words):
    with pytest.raises(Refused) as refused:
        issue(SCHOOL, **words)
    return refused.value.verdict


@pytest.mark.django_db
def test_a_checkpoint_states_size_and_root_in_the_form_of_c2sp():
    a_log(3)

    row = issue(SCHOOL, at=LATER)

    root = root_at(SCHOOL, 3)
    lines = row.note.split("\n")
    assert lines[:4] == [f"letopis/{SCHOOL}", "3", base64.b64encode(root).decode(), ""]
    assert lines[4].startswith(f"— letopis/{SCHOOL} ")
    assert lines[5:] == [""]
    assert (row.size, bytes(row.root), row.at) == (3, root, LATER)
    assert notes.verified(row.note, keys.public_key()) == notes.Statement(f"letopis/{SCHOOL}", 3, root)


@pytest.mark.django_db
def test_where_nothing_was_added_there_is_nothing_to_sign():
    a_log(3)

    assert issue(SCHOOL, at=LATER) == issue(SCHOOL, at=LATER + DAY)
    assert Checkpoint.objects.count() == 1


@pytest.mark.django_db
def test_refuses_an_empty_log():
    assert refusal(at=LATER).code == "EMPTY"


@pytest.mark.django_db
def test_refuses_when_the_clock_was_set_back():
    a_log(3)
    issue(SCHOOL, at=LATER)
    a_log(1)

    found = refusal(at=LATER - timedelta(minutes=1))

    assert found.code == "CLOCK_SET_BACK"
    assert found.sentence == (
        "Часы сервера показывают 16.11.2026 10:45:05, а прошлая контрольная отметка поставлена 16.11.2026 10:46:05:"
        " часы переведены назад. Поправьте часы и повторите; отметка не выпущена."
    )
    assert Checkpoint.objects.count() == 1


@pytest.mark.django_db
def test_refuses_entries_dated_well_before_the_last_checkpoint_until_a_person_looked():
    a_log(3)
    issue(SCHOOL, at=LATER)
    a_log(2, first=3, at=AT - DAY)

    found = refusal(at=LATER + DAY)

    assert found.code == "ENTRIES_OF_THE_PAST"
    assert "с более ранним временем: 2, самая ранняя от 15.11.2026 10:41:05" in found.sentence
    assert issue(SCHOOL, at=LATER + DAY, past_is_known=True).size == 5


@pytest.mark.django_db
def test_an_entry_that_was_just_late_is_no_reason_to_refuse():
    a_log(3)
    issue(SCHOOL, at=LATER)
    a_log(1, at=LATER - timedelta(seconds=30))

    assert issue(SCHOOL, at=LATER + DAY).size == 4


@pytest.mark.django_db
def test_refuses_to_sign_a_log_that_does_not_continue_the_last_checkpoint():
    log = a_log(3)
    issue(SCHOOL, at=LATER)
    with forger():
        Leaf.objects.filter(pk=log[1]).update(hash=b"0" * 32)
    a_log(2, first=3, at=LATER)

    found = refusal(at=LATER + DAY)

    assert found.code == "NOT_CONSISTENT"
    assert "Журнал не продолжает прошлую контрольную отметку, от 16.11.2026 10:46:05 на 3 записей" in found.sentence
    assert Checkpoint.objects.count() == 1


@pytest.mark.django_db
def test_refuses_to_sign_a_shortened_log():
    log = a_log(3)
    issue(SCHOOL, at=LATER)
    with forger():
        Leaf.objects.filter(pk=log[2]).delete()

    assert refusal(at=LATER + DAY).code == "NOT_CONSISTENT"


@pytest.mark.django_db
def test_refuses_to_sign_over_a_checkpoint_of_another_key(settings, tmp_path):
    a_log(3)
    issue(SCHOOL, at=LATER)
    settings.VAR_DIR = tmp_path
    a_log(1, first=3)

    assert refusal(at=LATER + DAY).code == "NOT_OUR_KEY"


@pytest.mark.django_db
def test_refuses_to_sign_a_damaged_tree():
    a_log(300)
    with forger():
        Subtree.objects.all().delete()

    assert refusal(at=LATER).code == "TREE_DAMAGED"


@pytest.mark.django_db
def test_the_night_signs_each_log_that_grew_once_a_day():
    a_log(3)
    a_log(2, OTHER)

    assert issue_nightly(at=LATER) == []
    a_log(1, first=3, at=LATER)
    assert issue_nightly(at=LATER + timedelta(hours=1)) == []
    assert sorted(Checkpoint.objects.values_list("organisation", "size")) == [(OTHER, 2), (SCHOOL, 3)]

    assert issue_nightly(at=LATER + DAY) == []
    assert sorted(Checkpoint.objects.values_list("organisation", "size")) == [(OTHER, 2), (SCHOOL, 3), (SCHOOL, 4)]


@pytest.mark.django_db
def test_the_night_says_what_it_could_not_sign(caplog, settings):
    settings.LETOPIS_TODAY = "2026-11-18"
    a_log(3)
    issue(SCHOOL, at=LATER)
    a_log(1, first=3, at=AT - DAY)
    sequence()

    beat.look_after_logs()

    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "ENTRIES_OF_THE_PAST" in caplog.text


def test_the_key_is_made_once_and_readable_by_its_owner_alone():
    first = keys.public_key().public_bytes_raw()

    assert keys.public_key().public_bytes_raw() == first
    assert stat.S_IMODE(keys.key_path().stat().st_mode) == 0o600
    assert [path.name for path in keys.key_path().parent.iterdir()] == ["ledger_key.pem"]


def test_threads_that_need_the_key_at_once_make_one(monkeypatch):
    linked, both = os.link, threading.Barrier(2, timeout=10)

    def link(draft, path):
        both.wait()
        linked(draft, path)
        first.append(keys.key_path().read_bytes())

    first: list[bytes] = []
    monkeypatch.setattr(os, "link", link)
    found = []
    threads = [threading.Thread(target=lambda: found.append(keys.public_key().public_bytes_raw())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 2
    assert found[0] == found[1]
    assert first == [keys.key_path().read_bytes()]
    assert [path.name for path in keys.key_path().parent.iterdir()] == ["ledger_key.pem"]


def test_a_file_that_is_no_key_is_said():
    keys.key_path().write_text("rubbish")

    with pytest.raises(keys.NoKey, match="нет ключа Ed25519"):
        keys.public_key()


def test_the_signature_is_checked_by_openssl_too(tmp_path):
    """A school must be able to check a checkpoint in decades, without this program."""
    statement = notes.Statement(notes.origin_of(SCHOOL), 3, b"\x07" * 32)
    note = notes.sign(statement, keys.signing_key())
    signature = base64.b64decode(note.rstrip("\n").rpartition(" ")[2])[4:]
    for name, content in (("text", statement.text.encode()), ("sig", signature), ("pem", keys.public_pem().encode())):
        (tmp_path / name).write_bytes(content)

    done = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "pem", "-rawin", "-in", "text", "-sigfile", "sig"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout.strip()) == (0, "Signature Verified Successfully")


NOTE = (
    "letopis/00000000-0000-4000-8000-000000000017\n3\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n\n"
    "— letopis/00000000-0000-4000-8000-000000000017 AAAA\n"
)


@pytest.mark.parametrize(
    ("was", "now"),
    [("\n3\n", "\n03\n"), ("\n3\n", "\n-3\n"), ("\n3\n", "\n٣\n"), ("BwcH", "Bwc!"), ("BwcH", ""), ("\n\n", "\n"),
     ("c=\n\n", "c=\nmore\n\n"), ("letopis/00000000-0000-4000-8000-000000000017\n3", "\n3")],
)  # fmt: skip
def test_a_spoilt_text_is_no_checkpoint(was, now):
    assert notes.read(NOTE).size == 3
    with pytest.raises(notes.BadNote):
        notes.read(NOTE.replace(was, now, 1))


def test_nothing_but_the_key_that_signed_verifies():
    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    statement = notes.Statement(notes.origin_of(SCHOOL), 3, b"\x07" * 32)
    note = notes.sign(statement, key)

    assert notes.verified(note, key.public_key()) == statement
    for text, by in ((note, other), (note.replace("\n3\n", "\n4\n"), key), (note.partition("— ")[0], key)):
        with pytest.raises(notes.BadNote, match="Подпись контрольной отметки неверна"):
            notes.verified(text, by.public_key())


def test_a_note_may_carry_signatures_of_witnesses_beside_ours():
    key = Ed25519PrivateKey.generate()
    statement = notes.Statement(notes.origin_of(SCHOOL), 3, b"\x07" * 32)

    assert notes.verified(notes.sign(statement, key) + "— witness.example AAAAAAAA\n", key.public_key()) == statement


def test_public_keys_are_told_as_text_and_as_pem():
    key = keys.public_key()
    text = notes.key_text(notes.origin_of(SCHOOL), key)

    for told in (text, f" {text}\n", keys.public_pem()):
        assert notes.read_key(told).public_bytes_raw() == key.public_bytes_raw()
    for bad in ("", "a+b+c", text.replace(str(SCHOOL), str(OTHER)), "-----BEGIN PUBLIC KEY-----\nrubbish"):
        with pytest.raises(notes.BadNote, match="Это не открытый ключ"):
            notes.read_key(bad)


@pytest.mark.parametrize("origin", ["", "letopis/", "example.org/log", "letopis/not-a-code", f"letopis/{SCHOOL.hex}"])
def test_the_name_of_another_log_is_refused(origin):
    assert notes.organisation_of(notes.origin_of(SCHOOL)) == SCHOOL
    with pytest.raises(notes.BadNote):
        notes.organisation_of(origin)
