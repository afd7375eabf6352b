"""`letopis ledger …`, and files of proof that are checked where there is no database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from letopis.config.cli import main, parser
from letopis.ledger import keys, notes, proofs
from letopis.ledger.actions import record_all
from letopis.ledger.blanking import blank
from letopis.ledger.checkpoints import issue
from letopis.ledger.models import Checkpoint, Payload
from letopis.org.models import Organisation
from tests.ledger.logs import LATER, OTHER, SCHOOL, a_log, author, facts, forger

ROOT = Path(__file__).parents[2]


@pytest.fixture
def school(db):
    return Organisation.objects.create(code=SCHOOL, slug="school17", full_name="Школа № 17", short_name="Школа № 17")


def run(capsys, *words):
    args = parser().parse_args(["ledger", *words])
    code = args.func(args)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_sequence_says_how_many_got_a_place(school, capsys):
    record_all(facts(3))

    assert run(capsys, "sequence")[:2] == (0, "Получили место в дереве: 3. Ждут: 0.\n")
    assert run(capsys, "sequence", "--org", "school17")[1] == "Получили место в дереве: 0. Ждут: 0.\n"


def test_checkpoint_places_what_waits_and_is_printed_or_written(school, capsys, tmp_path):
    record_all(facts(3))

    code, said, _ = run(capsys, "checkpoint")

    assert (code, said) == (0, Checkpoint.objects.get().note)
    file = tmp_path / "checkpoint.txt"
    code, said, _ = run(capsys, "checkpoint", "--out", str(file))
    assert (code, said) == (0, f"Контрольная отметка на 3 записей записана в файл {file}.\n")
    assert file.read_text() == Checkpoint.objects.get().note


def test_a_refusal_is_one_sentence(school, capsys):
    code, said, error = run(capsys, "checkpoint")

    assert (code, said, error) == (1, "", "В журнале изменений ещё нет записей: подписывать нечего.\n")


def test_the_public_key_is_shown(school, capsys):
    assert run(capsys, "key")[1].strip() == notes.key_text(f"letopis/{SCHOOL}", keys.public_key())
    assert run(capsys, "key", "--pem")[1].startswith("-----BEGIN PUBLIC KEY-----")


@pytest.mark.parametrize("command", ["checkpoint", "verify", "key", "sequence"])
def test_an_unknown_organisation_is_bad_usage(school, capsys, command):
    code, _, error = run(capsys, command, "--org", "nobody")

    assert (code, error) == (2, "Организации с кодом «nobody» нет. Есть: school17.\n")


def test_of_several_organisations_one_must_be_named(school, capsys):
    a_log(1, OTHER)

    assert run(capsys, "checkpoint")[2] == f"Назовите организацию: --org КОД. Есть: {OTHER}, school17.\n"


def test_a_sound_log_ends_with_zero(school, capsys):
    a_log(3)

    code, said, _ = run(capsys, "verify")

    assert code == 0
    lines = said.splitlines()
    assert lines[0].startswith("Школа № 17: записей 3, контрольных отметок ещё нет, нарушений нет. ")
    assert lines[-1] == "Журнал подлинный."


def test_a_forged_log_ends_with_one_and_says_what(school, capsys):
    log = a_log(3)
    with forger():
        Payload.objects.filter(pk=log[1]).update(body=b"{}")

    code, said, _ = run(capsys, "verify", "--org", "school17")

    assert code == 1
    assert said.splitlines()[0].endswith("место 1): содержание изменено после записи.")
    assert said.splitlines()[-1] == "Журнал нарушен. Ничего не исправляйте: сохраните копию базы."


def test_programs_get_json(school, capsys):
    log = a_log(3)
    issue(SCHOOL, at=LATER)
    with forger():
        Payload.objects.filter(pk=log[1]).update(body=b"{}")

    code, said, _ = run(capsys, "verify", "--json")

    told = json.loads(said)
    [found] = told["logs"]
    [problem] = found.pop("problems")
    assert (code, told["ok"], told["problems"]) == (1, False, [])
    assert {name: problem[name] for name in ("code", "index", "entry", "object")} == {
        "code": "payload_changed", "index": 1, "entry": log[1], "object": "register.Mark:1",
    }  # fmt: skip
    assert set(problem) == {"code", "sentence", "index", "entry", "object"}
    assert set(found) == {
        "organisation", "name", "size", "waiting", "root", "checkpoints", "signed_size", "signed_at",
        "stamps", "stamped_at", "seconds",
    }  # fmt: skip
    assert (found["size"], found["signed_at"]) == (3, LATER.isoformat())


def test_against_a_kept_checkpoint(school, capsys, tmp_path):
    a_log(3)
    a_log(2, OTHER)
    kept = tmp_path / "kept.txt"
    kept.write_text(issue(SCHOOL, at=LATER).note)

    code, said, _ = run(capsys, "verify", "--against", str(kept))
    assert (code, said.count("нарушений нет")) == (0, 1)

    with forger():
        Checkpoint.objects.all().delete()
    assert run(capsys, "verify", "--against", str(kept))[0] == 1
    for text, expected in (("привет", "Это не контрольная отметка"), (None, "не читается")):
        kept.write_text(text) if text else kept.unlink()
        code, _, error = run(capsys, "verify", "--against", str(kept))
        assert code == 2
        assert expected in error


def proved(capsys, tmp_path, thing="register.Mark:1"):
    file = tmp_path / "proof.json"
    code, _, error = run(capsys, "prove", thing, "--out", str(file))
    assert (code, error) == (0, "")
    return file


def test_a_proof_is_checked_in_an_empty_folder_without_a_database(school, capsys, tmp_path):
    record_all(facts(300))
    file = proved(capsys, tmp_path)
    (tmp_path / "key").write_text(keys.public_pem())
    folder = tmp_path / "empty"
    folder.mkdir()

    done = subprocess.run(
        [sys.executable, "-m", "letopis", "ledger", "check", str(file), "--key", str(tmp_path / "key")],
        env={**os.environ, "PYTHONPATH": str(ROOT), "LETOPIS_DATABASE": "postgresql://nobody@127.0.0.1:1/none",
             "LETOPIS_VAR": str(folder)},
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == (
        '2026-11-16 07:41:05 UTC  register.put_mark  Копылова М. А., учитель математики: null → {"value": "5"}'
    )
    assert lines[1] == f"register.Mark:1: доказано записей 1, журнал letopis/{SCHOOL}."
    assert list(folder.iterdir()) == []


def test_a_proof_carries_every_entry_and_a_checkpoint_that_covers_them(school, capsys, tmp_path, settings):
    settings.LETOPIS_TODAY = "2026-11-17"
    a_log(3)
    issue(SCHOOL, at=LATER)
    record_all(facts(1, first=1, at=LATER))

    told = json.loads(proved(capsys, tmp_path).read_text())

    assert [entry["index"] for entry in told["entries"]] == [1, 3]
    assert (notes.read(told["checkpoint"]).size, told["later"]) == (4, 0)
    checked = proofs.check(json.dumps(told))
    assert checked.ok
    assert [entry.body["after"] for entry in checked.entries] == [{"value": "5"}, {"value": "5"}]


def test_a_proof_of_destroyed_content_names_the_act(school, capsys, tmp_path):
    log = a_log(3)
    blank(log[1:2], act="Акт № 3", by=author(), at=LATER)

    code, said, _ = run(capsys, "check", str(proved(capsys, tmp_path)))

    assert code == 0
    assert "register.put_mark  содержание уничтожено по акту Акт № 3" in said
    assert "Ключ взят из самого файла" in said


def test_there_is_no_proof_of_what_nothing_was_said_of(school, capsys):
    a_log(1)

    code, _, error = run(capsys, "prove", "register.Mark:77")

    assert (code, error) == (2, "В журнале «school17» нет записей об объекте «register.Mark:77».\n")


FORGERIES = {
    # Where in the file, what is put there, and the code it is named by.
    "body": (("entries", 0, "body"), lambda was: was.replace('"5"', '"2"'), "payload_changed"),
    "header": (("entries", 0, "header", "verb"), lambda _: "register.note", "not_included"),
    "index": (("entries", 0, "index"), lambda _: 2, "not_included"),
    "proof": (("entries", 0, "proof"), lambda was: was[1:], "not_included"),
    "gone": (("entries", 0, "body"), lambda _: None, "payload_gone"),
    "checkpoint": (("checkpoint",), lambda was: was.replace("\n3\n", "\n4\n"), "checkpoint_signature"),
    "object": (("object",), lambda _: "register.Mark:2", "entry_foreign"),
    "empty": (("entries",), lambda _: [], "empty"),
    "type": (("entries", 0, "proof"), lambda _: 5, "not_a_proof"),
    "format": (("format",), lambda _: "other", "not_a_proof"),
    "key": (("public_key",), lambda _: "rubbish", "wrong_key"),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_a_forged_file_is_named(school, what):
    a_log(3)
    told = proofs.prove(SCHOOL, "register.Mark:1", note=issue(SCHOOL, at=LATER).note, key=keys.public_key())
    assert proofs.check(json.dumps(told)).ok
    (*way, last), change, code = FORGERIES[what]
    inside = told
    for step in way:
        inside = inside[step]
    inside[last] = change(inside[last])

    checked = proofs.check(json.dumps(told))

    assert not checked.ok
    assert [name for name, _sentence in checked.problems] == [code]


def test_a_file_signed_by_a_key_one_does_not_trust(school, capsys, tmp_path, settings):
    a_log(3)
    file = proved(capsys, tmp_path)
    settings.VAR_DIR = tmp_path
    trusted = notes.key_text(f"letopis/{SCHOOL}", keys.public_key())

    code, said, _ = run(capsys, "check", str(file), "--key", trusted)

    assert code == 1
    assert said.startswith("Подпись контрольной отметки неверна")


@pytest.mark.parametrize("text", ["", "[]", "{}", "привет", '{"format": "letopis-proof-1"}'])
def test_a_file_that_is_no_proof(text, capsys, tmp_path):
    (tmp_path / "file").write_text(text)

    assert run(capsys, "check", str(tmp_path / "file"))[0] == 1
    assert run(capsys, "check", str(tmp_path / "absent"))[0] == 2


def test_wrong_words_are_bad_usage(capsys):
    with pytest.raises(SystemExit) as left:
        main(["ledger", "verify", "--nonsense"])

    assert left.value.code == 2
