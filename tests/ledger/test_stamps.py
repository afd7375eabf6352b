"""Time stamps of checkpoints, by a service that speaks RFC 3161 over HTTP: tests/ledger/time_service.py."""

import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django_tasks_db.models import DBTaskResult

from letopis.config.cli import main
from letopis.config.settings import time_service as setting_of
from letopis.core.models import Job
from letopis.ledger.checkpoints import issue
from letopis.ledger.models import Checkpoint, TimeStamp
from letopis.ledger.stamps import jobs, protocol, service
from letopis.ledger.stamps.der import with_sorted_certificates
from letopis.ledger.stamps.stamping import stamp
from tests.jobs import run_jobs
from tests.ledger.logs import OTHER, SCHOOL, a_log, codes, forger, log_of, verified
from tests.ledger.time_service import TimeService, running


@pytest.fixture(scope="module")
def _shared_service(tmp_path_factory):
    with running(tmp_path_factory.mktemp("tsa")) as found:
        yield found


@pytest.fixture
def tsa(_shared_service, settings):
    """The service, in a good mood and named in the settings."""
    _shared_service.mood = "good"
    _shared_service.asked = 0
    settings.LETOPIS_TSA_URL = _shared_service.url
    settings.LETOPIS_TSA_CA = _shared_service.authority
    return _shared_service


def now() -> datetime:
    """The service knows the real clock only, so its tests do too."""
    return datetime.now(UTC)


def a_checkpoint(organisation=SCHOOL, *, count: int = 3, first: int = 0, ahead: timedelta = timedelta()) -> Checkpoint:
    a_log(count, organisation, first=first, at=now())
    return issue(organisation, at=now() + ahead)


def refusal(row: Checkpoint) -> protocol.NoStamp:
    with pytest.raises(protocol.NoStamp) as refused:
        stamp(row)
    assert TimeStamp.objects.count() == 0
    return refused.value


@pytest.mark.django_db
def test_a_checkpoint_is_stamped_by_the_worker_and_the_stamp_is_good(tsa: TimeService):
    row = a_checkpoint()
    assert (tsa.asked, TimeStamp.objects.count()) == (0, 0)

    assert run_jobs() == 1

    kept = row.stamps.get()
    assert (kept.service, kept.service_name) == (tsa.url, tsa.url.split("/")[2])
    assert abs(kept.at - now()) < timedelta(minutes=5)
    assert Job.objects.get().state == Job.State.DONE
    assert codes(verified()) == []
    log = log_of(verified())
    assert (log.stamps, log.stamped_at) == (1, kept.at)


@pytest.mark.django_db
def test_openssl_alone_checks_a_stamp(tsa: TimeService, tmp_path):
    row = a_checkpoint()
    kept = stamp(row)
    (tmp_path / "checkpoint.txt").write_text(row.note, encoding="utf-8")
    (tmp_path / "checkpoint.tsr").write_bytes(bytes(kept.reply))

    command = ["openssl", "ts", "-verify", "-in", "checkpoint.tsr", "-data", "checkpoint.txt", "-CAfile", tsa.authority]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert told.returncode == 0, told.stderr
    assert "Verification: OK" in told.stdout + told.stderr


@pytest.mark.django_db
def test_without_a_service_nobody_is_asked(tsa: TimeService, settings):
    settings.LETOPIS_TSA_URL = ""

    row = a_checkpoint()

    assert run_jobs() == 0
    assert (tsa.asked, refusal(row).code) == (0, "no_service")


@pytest.mark.django_db
def test_asked_twice_a_checkpoint_has_one_stamp(tsa: TimeService):
    row = a_checkpoint()

    assert stamp(row) == stamp(row)
    assert (tsa.asked, TimeStamp.objects.count()) == (1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mood", "code", "said"),
    [
        ("nonce", "stamp_nonce", "она отвечает на другой запрос"),
        ("imprint", "stamp_imprint", "она поставлена на другой текст"),
        ("stranger", "stamp_signature", "сертификаты службы не ведут к тем, которым доверяет установка"),
        ("refused", "stamp_refused", "служба отказала в метке (статус 2"),
        ("garbage", "stamp_unreadable", "это не ответ службы меток времени"),
        ("empty", "stamp_unreadable", "это не ответ службы меток времени"),
        ("error", "service_failed", "ответила ошибкой 503"),
        ("slow", "service_failed", "не ответила вовремя"),
        ("endless", "service_failed", "слишком длинно"),
    ],
)
def test_a_bad_answer_is_named_and_not_kept(tsa: TimeService, monkeypatch, mood, code, said):
    monkeypatch.setattr(service, "WAIT_SECONDS", 0.4 if mood == "slow" else 10)
    row = a_checkpoint()
    tsa.mood = mood

    failure = refusal(row)

    assert failure.code == code
    assert said in str(failure)
    assert "служб" in str(failure).lower()


@pytest.mark.django_db
def test_an_answer_that_comes_by_drops_has_an_end(tsa: TimeService, monkeypatch):
    monkeypatch.setattr(service, "WHOLE_SECONDS", -1.0)

    assert "не ответила вовремя" in str(refusal(a_checkpoint()))


@pytest.mark.django_db
def test_a_service_that_is_not_there_is_named(tsa: TimeService, settings):
    settings.LETOPIS_TSA_URL = "http://127.0.0.1:9/tsr"

    assert "не достучаться (ConnectionRefusedError)" in str(refusal(a_checkpoint()))


@pytest.mark.django_db
def test_a_stamp_older_than_its_checkpoint_is_refused(tsa: TimeService):
    assert refusal(a_checkpoint(ahead=timedelta(minutes=30))).code == "stamp_time"


@pytest.mark.django_db
def test_a_clock_that_runs_ahead_a_little_does_no_harm(tsa: TimeService):
    assert stamp(a_checkpoint(ahead=timedelta(seconds=20))).at


@pytest.mark.django_db
def test_a_failed_try_is_followed_by_later_ones_and_the_last_gives_up(tsa: TimeService, caplog):
    row = a_checkpoint()
    tsa.mood = "error"
    before = now()

    for tries in range(len(jobs.RESTS) + 1):
        assert run_jobs() == 1
        job = Job.objects.get()
        assert (job.state, tsa.asked) == (Job.State.FAILED, tries + 1)
        assert "ответила ошибкой 503" in job.error
        waiting = DBTaskResult.objects.filter(status="READY")
        if tries < len(jobs.RESTS):
            rest = waiting.get().run_after - before
            assert jobs.RESTS[tries] <= rest < jobs.RESTS[tries] + timedelta(minutes=1)
            waiting.update(run_after=before)
        else:
            assert not waiting.exists()
    assert "no time stamp for a checkpoint" in caplog.text

    tsa.mood = "good"
    assert stamp(row).at


@pytest.mark.django_db
def test_a_later_try_succeeds_and_no_other_follows(tsa: TimeService):
    row = a_checkpoint()
    tsa.mood = "garbage"
    run_jobs()
    DBTaskResult.objects.filter(status="READY").update(run_after=now())
    tsa.mood = "good"

    assert run_jobs() == 1

    assert row.stamps.count() == 1
    assert Job.objects.get().state == Job.State.DONE
    assert not DBTaskResult.objects.filter(status="READY").exists()


@pytest.mark.django_db
def test_a_stamp_stays_as_it_was_written(tsa: TimeService):
    stamp(a_checkpoint())

    for change in (lambda: TimeStamp.objects.update(service="x"), lambda: TimeStamp.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("forgery", "value", "code"),
    [
        ("ledger_timestamp SET nonce = %s", "12345", "stamp_nonce"),
        ("ledger_timestamp SET nonce = %s", "x", "stamp_nonce"),
        ("ledger_timestamp SET reply = %s", b"\x30\x00", "stamp_unreadable"),
        ("ledger_timestamp SET at = %s", "2020-01-01 00:00:00+00:00", "stamp_changed"),
        ("ledger_checkpoint SET at = %s", "2099-01-01 00:00:00+00:00", "stamp_time"),
    ],
)
def test_verification_names_a_forged_stamp(tsa: TimeService, forgery, value, code):
    stamp(a_checkpoint())

    with forger() as cursor:
        cursor.execute(f"UPDATE {forgery}", [value])

    assert codes(verified()) == [code]


@pytest.mark.django_db
def test_verification_names_a_stamp_put_under_another_checkpoint(tsa: TimeService):
    stamp(a_checkpoint())
    newer = a_checkpoint(first=3)

    with forger() as cursor:
        cursor.execute("UPDATE ledger_timestamp SET checkpoint_id = %s", [newer.pk])

    report = verified()
    assert codes(report) == ["stamp_imprint"]
    assert f"на {newer.size} записей" in report.all_problems[0].sentence


@pytest.mark.django_db
def test_verification_trusts_the_roots_of_the_settings_only(tsa: TimeService, settings):
    stamp(a_checkpoint())

    settings.LETOPIS_TSA_CA = str(tsa.folder / "other_root.pem")
    assert codes(verified()) == ["stamp_signature"]

    settings.LETOPIS_TSA_CA = ""
    assert codes(verified()) in (["stamp_signature"], ["stamp_trust"])

    for file in (str(tsa.folder / "nowhere.pem"), str(tsa.folder / "serial")):
        settings.LETOPIS_TSA_CA = file
        report = verified()
        assert codes(report) == ["stamp_trust"]
        assert file in report.all_problems[0].sentence


@pytest.mark.django_db
def test_the_stamps_of_another_school_are_not_looked_at(tsa: TimeService):
    stamp(a_checkpoint(OTHER))
    a_log(1)

    assert log_of(verified()).stamps == 0


@pytest.mark.django_db
def test_the_command_asks_now_and_tells_time_and_service(tsa: TimeService, capsys):
    a_checkpoint()

    assert main(["ledger", "stamp", "--org", str(SCHOOL)]) == 0
    assert f"на 3 записей, {tsa.url}" in capsys.readouterr().out
    assert main(["ledger", "stamp"]) == 0
    assert TimeStamp.objects.count() == 1
    assert main(["ledger", "verify"]) == 0
    assert "меток времени: 1" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_command_says_why_there_is_no_stamp(tsa: TimeService, capsys):
    a_log(1)
    assert main(["ledger", "stamp"]) == 1
    assert "контрольных отметок ещё нет" in capsys.readouterr().err
    a_checkpoint(first=1)
    tsa.mood = "refused"
    assert main(["ledger", "stamp"]) == 1
    assert f"Метка службы {tsa.url} не принята: служба отказала" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_changed_signature_is_named(tsa: TimeService):
    kept = stamp(a_checkpoint())
    reply = bytearray(bytes(kept.reply))
    # The signature is the last thing of an answer.
    reply[-3] ^= 1

    with forger() as cursor:
        cursor.execute("UPDATE ledger_timestamp SET reply = %s", [bytes(reply)])

    assert codes(verified()) == ["stamp_signature"]


def test_certificates_are_sorted_and_nothing_else_is_touched(tsa: TimeService):
    answer = tsa.sign(protocol.request(b"text").query)

    told = with_sorted_certificates(answer)

    assert (len(told), sorted(told)) == (len(answer), sorted(answer))
    assert with_sorted_certificates(told) == told
    for other in (b"", b"\x30", b"\x30\x80\x00\x00", b"\x30\x84\xff\xff\xff\xff", b"<html>", answer[:40], b"\x30" * 99):
        assert with_sorted_certificates(other) == other


def test_the_address_of_a_service_is_http_and_has_no_password():
    assert setting_of("") == ""
    assert setting_of("https://tsa.example/tsr") == "https://tsa.example/tsr"
    for wrong in ("ftp://tsa.example", "mailto:tsa@example.ru", "https://", "https://user:secret@tsa.example/", "x"):
        with pytest.raises(ValueError, match="LETOPIS_TSA_URL"):
            setting_of(wrong)
