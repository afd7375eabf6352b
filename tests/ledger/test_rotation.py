"""A signing key takes the place of another: who may sign what, and how a stolen or forged key is named."""

import base64
import json
import stat
import subprocess
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import DatabaseError, transaction

from letopis.config.cli import main
from letopis.core.errors import Refused
from letopis.ledger import handovers, keyring, keys, notes
from letopis.ledger.checkpoints import issue
from letopis.ledger.models import Checkpoint, Entry, Leaf, SigningKey
from letopis.ledger.rotation import rotate
from letopis.ledger.sequencer import sequence
from letopis.ledger.tree import root_at
from letopis.ledger.verification.whole import verify
from tests.ledger.logs import AT, LATER, OTHER, SCHOOL, a_log, codes, forger, verified

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NEXT_DAY = LATER + DAY
REASON = "плановая смена"


@pytest.fixture
def signed(settings) -> Checkpoint:
    """A log of three entries with a checkpoint of them and two entries after it; commands work two days later."""
    settings.LETOPIS_TODAY = "2026-11-18"
    a_log(3)
    row = issue(SCHOOL, at=LATER)
    a_log(2, first=3, at=LATER)
    return row


def raw(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def refusal(**words) -> str:
    """Refused, and nothing is changed: no row, no checkpoint, no file."""
    before = (list(SigningKey.objects.values_list("public")), Checkpoint.objects.count(), files())
    with pytest.raises(Refused) as refused:
        rotate(**{"reason": REASON, "at": NEXT_DAY, **words})
    assert (list(SigningKey.objects.values_list("public")), Checkpoint.objects.count(), files()) == before
    return refused.value.verdict.code


def files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in keys.key_path().parent.iterdir()}


def forged(size: int, *by: Ed25519PrivateKey, at=NEXT_DAY + DAY) -> None:
    """Put a checkpoint of the true tree into the database, signed by these keys."""
    root = root_at(SCHOOL, size)
    note = notes.sign(notes.Statement(notes.origin_of(SCHOOL), size, root), *by)
    with forger():
        Checkpoint.objects.filter(organisation=SCHOOL, size=size).delete()
        Checkpoint.objects.create(organisation=SCHOOL, size=size, root=root, note=note, at=at)


def test_the_old_key_signs_the_new_one_and_both_sign_the_log(signed):
    old = keys.signing_key()

    row = rotate(reason=f"  {REASON}\n", at=NEXT_DAY)

    new = keys.signing_key()
    assert (row.number, bytes(row.public), row.reason, row.is_predecessor_lost) == (2, raw(new), REASON, False)
    assert raw(new) != raw(old)
    assert list(files()) == ["ledger_key.pem"]
    assert stat.S_IMODE(keys.key_path().stat().st_mode) == 0o600
    first = SigningKey.objects.get(number=1)
    assert (bytes(first.public), first.since) == (raw(old), signed.at)
    both = Checkpoint.objects.get(size=5)
    for key in (old, new):
        assert notes.verified(both.note, key.public_key()).size == 5
    assert codes(verified()) == []
    assert verified().warnings == []


def test_old_and_new_checkpoints_stay_good_each_by_its_key(signed):
    rotate(reason=REASON, at=NEXT_DAY)
    sequence()
    later = issue(SCHOOL, at=NEXT_DAY + DAY)

    assert later.size == 6
    assert not notes.is_signed_by(signed.note, notes.origin_of(SCHOOL), keys.public_key())
    assert notes.verified(later.note, keys.public_key()).size == 6
    for note in (signed.note, later.note, Checkpoint.objects.get(size=5).note):
        assert codes(verified(against=note)) == []


def test_an_entry_tells_of_it_in_every_log(signed):
    a_log(1, OTHER)

    rotate(reason=REASON, at=NEXT_DAY)

    rows = Entry.objects.filter(verb="ledger.rotate_key")
    assert {(row.organisation, row.object, row.actor) for row in rows} == {
        (SCHOOL, "ledger.SigningKey:2", "system"), (OTHER, "ledger.SigningKey:2", "system"),
    }  # fmt: skip
    body = json.loads(bytes(rows[0].payload.body))
    assert (body["before"], body["after"]["number"], body["reason"]) == ({"number": 1}, 2, REASON)


def test_where_nothing_was_added_the_handover_alone_states_the_log(signed):
    issue(SCHOOL, at=LATER)
    count = Checkpoint.objects.count()

    row = rotate(reason=REASON, at=NEXT_DAY)

    assert Checkpoint.objects.count() == count
    stated = handovers.verified(row.handover).logs[notes.origin_of(SCHOOL)]
    assert (stated.size, stated.root) == (5, root_at(SCHOOL, 5))
    assert codes(verified()) == []


def test_three_keys_one_after_the_other(signed):
    used = [keys.signing_key()]
    for turn in range(2):
        rotate(reason=REASON, at=NEXT_DAY + turn * DAY)
        used.append(keys.signing_key())
        a_log(1, first=10 + turn, at=NEXT_DAY + turn * DAY)

    issue(SCHOOL, at=NEXT_DAY + 3 * DAY)

    assert [bytes(row.public) for row in SigningKey.objects.order_by("number")] == [raw(key) for key in used]
    assert codes(verified()) == []
    assert codes(verified(against=signed.note)) == []


def test_a_checkpoint_by_the_old_key_after_its_time_is_named(signed):
    old = keys.signing_key()
    rotate(reason=REASON, at=NEXT_DAY)
    sequence()

    forged(6, old)

    report = verified()
    assert codes(report) == ["checkpoint_past_key"]
    assert "она подписана ключом № 1, когда его уже сменил другой" in report.all_problems[0].sentence
    assert codes(verified(against=Checkpoint.objects.get(size=6).note)) == ["checkpoint_past_key"] * 2


def test_a_checkpoint_by_the_new_key_before_its_time_is_named(signed):
    rotate(reason=REASON, at=NEXT_DAY)

    forged(4, keys.signing_key(), at=LATER)

    report = verified()
    assert "checkpoint_future_key" in codes(report)
    assert any("она подписана ключом № 2, которого тогда ещё не было" in one.sentence for one in report.all_problems)


def test_a_checkpoint_by_a_stranger_is_named(signed):
    rotate(reason=REASON, at=NEXT_DAY)
    sequence()

    forged(6, Ed25519PrivateKey.generate())

    assert codes(verified()) == ["checkpoint_unknown_key"]


def test_nothing_is_signed_upon_a_checkpoint_of_the_wrong_time(signed):
    old = keys.signing_key()
    rotate(reason=REASON, at=NEXT_DAY)
    sequence()
    forged(6, old)
    a_log(1, first=7, at=NEXT_DAY + DAY)

    with pytest.raises(Refused) as refused:
        issue(SCHOOL, at=NEXT_DAY + 2 * DAY)

    assert refused.value.verdict.code == "NOT_OUR_KEY"


def test_a_log_that_does_not_continue_the_handover_is_named(signed):
    log = a_log(1, first=5, at=LATER)
    rotate(reason=REASON, at=NEXT_DAY)
    with forger():
        Checkpoint.objects.filter(size__gt=3).delete()
        Leaf.objects.filter(pk=log[0]).update(hash=b"0" * 32)

    assert "log_forked" in codes(verified())


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_signingkey SET reason = 'другая' WHERE number = 2",
        "UPDATE ledger_signingkey SET handover = replace(handover, ' 5 ', ' 4 ') WHERE number = 2",
        "UPDATE ledger_signingkey SET handover = '' WHERE number = 2",
        "UPDATE ledger_signingkey SET number = 3 WHERE number = 2",
        "UPDATE ledger_signingkey SET since = '2020-01-01 00:00:00+00:00' WHERE number = 2",
    ],
)
def test_a_changed_handover_is_named(signed, change):
    rotate(reason=REASON, at=NEXT_DAY)

    with forger() as cursor:
        cursor.execute(change)

    assert "key_handover" in codes(verified())


def test_a_history_put_in_the_place_of_ours_is_named(signed):
    """Who has the database but not the file makes keys of his own and signs all anew."""
    rotate(reason=REASON, at=NEXT_DAY)
    his, ours = Ed25519PrivateKey.generate(), keys.public_key()

    with forger():
        SigningKey.objects.filter(number=1).update(public=raw(his))
    assert "key_handover" in codes(verify([(SCHOOL, "")], key=ours))

    with forger():
        SigningKey.objects.filter(number=2).delete()
    assert "key_foreign" in codes(verify([(SCHOOL, "")], key=ours))


def test_the_history_of_keys_stays_as_it_was_written(signed):
    for change in (lambda: SigningKey.objects.update(reason="x"), lambda: SigningKey.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize("reason", ["", " \n ", "х" * 301])
def test_refuses_without_a_reason(signed, reason):
    assert refusal(reason=reason) == "NO_REASON"


def test_refuses_what_a_checkpoint_refuses(signed):
    assert refusal(at=AT - DAY) == "CLOCK_SET_BACK"
    with forger():
        Leaf.objects.filter(index=1).update(hash=b"0" * 32)
    assert refusal() == "NOT_CONSISTENT"


def test_refuses_without_the_file_of_the_old_key_and_makes_none(signed):
    keys.key_path().unlink()

    assert refusal() == "NOT_OUR_KEY"
    with pytest.raises(Refused):
        issue(SCHOOL, at=NEXT_DAY)
    with pytest.raises(keys.NoKey, match="old-key-lost"):
        keyring.file_key()
    assert files() == {}


def test_a_key_that_is_there_is_not_lost(signed):
    assert refusal(is_old_lost=True) == "OLD_KEY_IS_HERE"


def test_nothing_signed_nothing_lost():
    a_log(1)

    assert refusal(is_old_lost=True) == "NOTHING_SIGNED"


@pytest.mark.parametrize("left", [None, "rubbish", "another key"])
def test_after_a_loss_the_new_key_signs_alone_and_verification_says_so(signed, left):
    old = keys.signing_key()
    keys.key_path().unlink()
    if left == "rubbish":
        keys.key_path().write_text("rubbish")
    elif left:
        keys.signing_key()
    was = files().get("ledger_key.pem")

    row = rotate(reason="диск сгорел", at=NEXT_DAY, is_old_lost=True)

    assert row.is_predecessor_lost
    assert not notes.is_signed_by(row.handover, handovers.NAME, old.public_key())
    assert files().get("ledger_key.replaced-by-2.pem") == was
    report = verified()
    assert (codes(report), report.ok) == ([], True)
    [warning] = report.warnings
    assert "прежний утерян («диск сгорел»)" in warning
    assert report.for_programs()["warnings"] == [warning]
    assert codes(verified(against=signed.note)) == []


def test_a_loss_cannot_be_claimed_afterwards(signed):
    row = rotate(reason=REASON, at=NEXT_DAY)
    stated = handovers.verified(row.handover)

    with forger():
        SigningKey.objects.filter(number=2).update(
            is_predecessor_lost=True, handover=row.handover.replace("\nsigned\n", "\nlost\n")
        )

    assert "key_handover" in codes(verified())
    assert not stated.is_old_lost


def test_a_lost_key_that_the_database_never_noted_is_named_by_its_public_half(signed):
    pem = keys.public_pem()
    with forger():
        SigningKey.objects.all().delete()
    keys.key_path().unlink()

    assert refusal(is_old_lost=True) == "OLD_KEY_UNKNOWN"
    stranger = keys.pem_of(Ed25519PrivateKey.generate().public_key())
    assert refusal(is_old_lost=True, old_public=stranger) == "NOT_OUR_KEY"
    rotate(reason=REASON, at=NEXT_DAY, is_old_lost=True, old_public=pem)

    assert codes(verified()) == []


def test_an_installation_from_before_notes_its_key_at_the_next_checkpoint(signed):
    with forger():
        SigningKey.objects.all().delete()
    assert codes(verified()) == []

    issue(SCHOOL, at=NEXT_DAY)

    row = SigningKey.objects.get()
    assert (row.number, bytes(row.public), row.since) == (1, keys.public_key().public_bytes_raw(), signed.at)


def test_a_computer_that_stopped_before_the_file_was_changed_is_set_right(signed, monkeypatch):
    old = keys.signing_key()
    with monkeypatch.context() as power:
        power.setattr(keys, "put_next_in_place", lambda **_: (_ for _ in ()).throw(OSError("power cut")))
        with pytest.raises(OSError, match="power cut"):
            rotate(reason=REASON, at=NEXT_DAY)
    assert raw(keys.signing_key()) == raw(old)
    assert sorted(files()) == ["ledger_key.next.pem", "ledger_key.pem"]

    sequence()
    row = issue(SCHOOL, at=NEXT_DAY + DAY)

    assert list(files()) == ["ledger_key.pem"]
    assert notes.verified(row.note, keys.public_key()).size == 6
    assert raw(keys.signing_key()) != raw(old)
    assert codes(verified()) == []


def test_a_key_left_by_a_rotation_that_never_was_does_no_harm(signed):
    keys.make_next()

    issue(SCHOOL, at=NEXT_DAY)
    rotate(reason=REASON, at=NEXT_DAY)

    assert list(files()) == ["ledger_key.pem"]
    assert codes(verified()) == []


def test_openssl_alone_checks_a_handover(signed, tmp_path):
    old = keys.signing_key()
    row = rotate(reason=REASON, at=NEXT_DAY)
    text, _, signatures = row.handover.partition("\n\n")
    lines = signatures.rstrip("\n").split("\n")
    (tmp_path / "text").write_text(text + "\n", encoding="utf-8")

    for key, line in zip((old.public_key(), keys.public_key()), lines, strict=True):
        (tmp_path / "pem").write_text(keys.pem_of(key))
        (tmp_path / "sig").write_bytes(base64.b64decode(line.rpartition(" ")[2])[4:])
        command = "openssl pkeyutl -verify -pubin -inkey pem -rawin -in text -sigfile sig"
        assert subprocess.run(command.split(), cwd=tmp_path, check=False, capture_output=True).returncode == 0


@pytest.mark.parametrize("note", ["", "letopis/keys\n2\n\n", "letopis/keys\nx\nAA==\nAA==\n\nsigned\nr\n\n", "a\n" * 9])
def test_a_text_that_is_no_handover(note):
    with pytest.raises(notes.BadNote):
        handovers.read(note)


def test_the_commands_change_the_key_and_prove_by_the_key_of_the_time(signed, capsys, tmp_path):
    file = tmp_path / "proof.json"

    assert main(["ledger", "key", "rotate", "--reason", REASON]) == 0
    said = capsys.readouterr().out
    assert "Подписывает новый ключ, № 2" in said
    assert notes.fingerprint(keys.public_key()) in said
    assert main(["ledger", "key"]) == 0
    assert capsys.readouterr().out.strip() == notes.key_text(notes.origin_of(SCHOOL), keys.public_key())
    assert main(["ledger", "prove", "register.Mark:1", "--out", str(file)]) == 0
    assert main(["ledger", "check", str(file)]) == 0
    assert main(["ledger", "verify"]) == 0


def test_a_proof_upon_an_old_checkpoint_holds_its_key(capsys, tmp_path):
    """Nothing came after the checkpoint, so it is still the newest."""
    a_log(3)
    old = notes.fingerprint(keys.public_key())
    issue(SCHOOL, at=LATER)
    rotate(reason=REASON, at=NEXT_DAY)
    file = tmp_path / "proof.json"

    assert main(["ledger", "prove", "register.Mark:1", "--out", str(file)]) == 0
    assert main(["ledger", "check", str(file)]) == 0

    assert old in capsys.readouterr().out


def test_the_command_says_why_not(signed, capsys, tmp_path):
    assert main(["ledger", "key", "rotate", "--reason", REASON, "--old-key-lost"]) == 1
    assert "Прежний ключ на месте" in capsys.readouterr().err
    keys.key_path().unlink()
    assert main(["ledger", "verify"]) == 2
    assert "--old-key-lost" in capsys.readouterr().err
    assert main(["ledger", "key", "rotate", "--reason", REASON, "--old-key-lost"]) == 0
    assert "будет напоминать" in capsys.readouterr().out
    assert main(["ledger", "verify"]) == 0
    assert "Внимание: ключ № 2" in capsys.readouterr().out
    with forger():
        SigningKey.objects.all().delete()
    keys.key_path().unlink()
    (tmp_path / "pem").write_text("rubbish")
    words = ["ledger", "key", "rotate", "--reason", REASON, "--old-key-lost", "--old-public", str(tmp_path / "pem")]
    assert main(words) == 2
    assert "Это не открытый ключ журнала" in capsys.readouterr().err
