"""Storing and verifying packages: files first, the row and its ledger entry after them."""

import html
import io
import re
import shutil
import subprocess
import zipfile
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from letopis.archive import actions
from letopis.archive.access import OpenYear
from letopis.archive.actions import CREATED, NEW_VERSION, UNCHANGED, store_unit, verify_package
from letopis.archive.contents import read_object
from letopis.archive.models import Package
from letopis.archive.ocfl import StorageError
from letopis.archive.queries import package_path
from letopis.archive.units import Column, Table, Unit, class_head
from letopis.archive.verify import verify
from letopis.archive.year_actions import archive_year, start_build, start_verification
from letopis.core.errors import Refused
from letopis.core.models import Job
from letopis.ledger import keys, notes
from letopis.ledger.actions import Fact, object_name, record
from letopis.ledger.checkpoints import issue
from letopis.ledger.models import Entry, TimeStamp
from letopis.ledger.queries import history
from letopis.ledger.rotation import rotate
from letopis.ledger.sequencer import sequence_batch
from letopis.schooling.models import AcademicYear, SchoolClass
from letopis.schooling.queries.years import CLOSE_YEAR
from tests import factories as make
from tests.cast import TODAY
from tests.jobs import run_jobs
from tests.ledger.logs import a_log

AT = make.moment(TODAY)
MARKS = "v1/content/data/2_tables/marks.csv"


@pytest.fixture
def school(cast, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return cast


def unit_of(cast, *, marks=("5", "4"), remarks=(), made_on=TODAY, school_class=None, kind=Package.Kind.REGISTER):
    """A unit with one table and no pages."""
    chosen = SchoolClass.objects.select_related("year", "organisation").get(pk=(school_class or cast.class_8a).pk)
    title = f"{kind.label} {chosen.title}"
    return Unit(
        head=class_head(chosen, kind=kind.value, title=title, made_on=made_on, remarks=remarks),
        prints=(),
        tables=(Table("marks", "Отметки", (Column("mark", "отметка"),), [(mark,) for mark in marks]),),
        codes=(),
        policy={"format": "letopis-policy-1"},
    )


def store(cast, unit=None, *, at=AT):
    return store_unit(unit or unit_of(cast), by=cast.actor("archivist").author, at=at)


def damage(package, name=MARKS):
    path = package_path(package) / name
    path.chmod(0o644)
    path.write_text("mark\r\n5\r\n5\r\n")


def entries(package):
    return [change.verb for change in history([f"archive.Package:{package.pk}"])]


def text(response):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_the_first_build_stores_version_1_and_records_the_digest_of_its_manifest(school):
    stored = store(school)

    package = stored.package
    on_disk = read_object(package_path(package))
    (entry,) = history([f"archive.Package:{package.pk}"])
    assert (stored.outcome, package.version, package.path) == (CREATED, 1, "school/school-school_2026-27_register_8A")
    assert package.manifest_digest == on_disk.manifest_digest == entry.after["manifest_sha512"]
    assert (entry.verb, entry.before, entry.after["version"]) == ("archive.store_package", None, 1)
    assert entry.after["bag_info_sha512"] == on_disk.file("bag-info.txt").sha512
    assert package.size == sum(file.size for file in on_disk.files if file.path.startswith("data/"))


def test_the_same_content_on_another_day_makes_no_version(school):
    package = store(school).package

    again = store(school, unit_of(school, made_on=date(2026, 12, 1)), at=make.moment(date(2026, 12, 1)))

    assert (again.outcome, again.package.version) == (UNCHANGED, 1)
    assert entries(package) == ["archive.store_package"]
    assert [one.number for one in read_object(package_path(package)).versions] == [1]


def test_changed_content_adds_version_2_and_keeps_version_1(school):
    store(school)

    stored = store(school, unit_of(school, marks=("5", "3")))

    assert (stored.outcome, stored.package.version) == (NEW_VERSION, 2)
    assert (package_path(stored.package) / MARKS).read_bytes() == b"mark\r\n5\r\n4\r\n"
    assert verify_package(stored.package, by=school.actor("archivist").author, at=AT).is_sound


def test_a_remark_stands_in_the_row_the_bag_and_the_read_me(school):
    package = store(school, unit_of(school, remarks=("без решений педагогического совета",))).package

    content = package_path(package) / "v1/content"
    assert package.remark == "без решений педагогического совета"
    assert "Remark: без решений педагогического совета\n" in (content / "bag-info.txt").read_text("utf-8")
    assert "Чего в пакете нет: без решений педагогического совета." in (content / "ПРОЧТИ.txt").read_text("utf-8")


def test_a_crash_between_the_files_and_the_row_is_mended_by_the_next_build(school, monkeypatch):
    def crash(*_arguments, **_named):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(actions, "_record_version", crash)
        with pytest.raises(KeyboardInterrupt):
            store(school)
    assert Package.objects.count() == 0

    stored = store(school)

    assert (stored.outcome, stored.package.version) == (UNCHANGED, 1)
    assert entries(stored.package) == ["archive.store_package"]


def test_after_a_crash_changed_content_records_both_versions(school):
    package = store(school).package
    Package.objects.all().delete()

    stored = store(school, unit_of(school, marks=("2",)))

    assert (stored.outcome, stored.package.version) == (NEW_VERSION, 2)
    assert entries(stored.package) == ["archive.store_package", "archive.store_package"]
    assert stored.package.path == package.path


def test_nothing_is_built_on_top_of_a_damaged_package(school):
    damage(store(school).package)

    with pytest.raises(Refused) as refusal:
        store(school, unit_of(school, marks=("2",)))

    assert refusal.value.verdict.code == "PACKAGE_DAMAGED"


def test_a_lost_package_is_not_silently_built_again(school):
    shutil.rmtree(package_path(store(school).package))

    with pytest.raises(Refused) as refusal:
        store(school)

    assert refusal.value.verdict.code == "PACKAGE_LOST"


def test_a_package_that_was_exchanged_for_another_whole_one_is_found_by_the_ledger(school):
    package = store(school).package
    shutil.rmtree(package_path(package))
    Package.objects.filter(pk=package.pk).update(object_id="aside")
    store(school, unit_of(school, marks=("5", "5")))
    Package.objects.exclude(pk=package.pk).delete()
    Package.objects.filter(pk=package.pk).update(object_id=package.object_id)

    check = verify_package(package, by=school.actor("archivist").author, at=AT)

    assert [(one.kind, one.path) for one in check.problems] == [("contradiction", "manifest-sha512.txt")]
    with pytest.raises(Refused) as refusal:
        store(school)
    assert refusal.value.verdict.code == "PACKAGE_DIFFERS"


def test_an_inventory_that_leads_out_of_the_package_is_not_followed(school):
    package = store(school).package
    inventory = package_path(package) / "inventory.json"
    inventory.chmod(0o644)
    inventory.write_text(inventory.read_text().replace("v1/content/data/2_tables/marks.csv", "../../../secret_key"))

    with pytest.raises(StorageError):
        read_object(package_path(package))


def test_the_page_names_what_is_damaged(school):
    package = store(school).package
    damage(package)

    client = school.client("archivist")
    client.post(reverse("archive:verify", args=[package.code]))
    page = text(client.get(reverse("archive:package", args=[package.code])))

    package.refresh_from_db()
    assert package.is_sound is False
    assert f"Файл изменён: {MARKS}" in page
    assert "Берёзова В. Я." in page
    assert "повреждён" in text(client.get(reverse("archive:packages")))


def test_the_page_shows_files_versions_and_the_digest(school):
    store(school)
    package = store(school, unit_of(school, marks=("3",))).package

    page = text(school.client("deputy").get(reverse("archive:package", args=[package.code])))

    assert "marks.csv" in page
    assert "v2" in page
    assert " ".join(package.manifest_digest[at : at + 16] for at in range(0, 128, 16)) in page
    assert "sha512sum -c manifest-sha512.txt" in page


def test_the_download_is_the_newest_version_as_a_complete_bag(school, tmp_path):
    store(school)
    package = store(school, unit_of(school, marks=("3",))).package

    response = school.client("archivist").get(reverse("archive:download", args=[package.code]))

    assert response["Content-Disposition"] == 'attachment; filename="school-school_2026-27_register_8A_v2.zip"'
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:
        archive.extractall(tmp_path / "out")
        assert archive.testzip() is None
    report = verify(tmp_path / "out" / "school-school_2026-27_register_8A_v2")
    assert (report.kind, report.ok, report.manifest_digest) == ("bag", True, package.manifest_digest)


def test_a_damaged_package_is_not_given_out(school):
    package = store(school).package
    damage(package)

    response = school.client("archivist").get(reverse("archive:download", args=[package.code]))

    assert (response.status_code, response.url) == (302, reverse("archive:package", args=[package.code]))


@pytest.mark.parametrize(
    ("state", "built", "remarks", "reason", "code"),
    [
        ("OPEN", True, (), "", "YEAR_NOT_CLOSED"),
        ("CLOSED", False, (), "", "PACKAGES_MISSING"),
        ("CLOSED", True, ("без решений",), " ", "REASON_NEEDED"),
        ("CLOSED", True, ("без решений",), "Совет в августе", ""),
        ("CLOSED", True, (), "", ""),
        ("ARCHIVED", True, (), "", "YEAR_ARCHIVED"),
    ],
)
def test_a_year_is_archived_when_every_package_stands(school, state, built, remarks, reason, code):
    AcademicYear.objects.filter(pk=school.year.pk).update(state=state)
    for one in (school.class_7a, school.class_8a) if built else (school.class_7a,):
        for kind in Package.Kind:
            store(school, unit_of(school, school_class=one, kind=kind, remarks=remarks))
    opened = OpenYear(school.actor("archivist"), AcademicYear.objects.get(pk=school.year.pk))

    try:
        found, answer = archive_year(opened, reason=reason, at=AT).state, ""
    except Refused as refusal:
        found, answer = state, refusal.verdict.code

    assert (found, answer) == (state if code else "ARCHIVED", code)


def all_packages(school):
    for one in (school.class_7a, school.class_8a):
        for kind in Package.Kind:
            store(school, unit_of(school, school_class=one, kind=kind))


def refusal_of_archiving(school, *, reason=""):
    opened = OpenYear(school.actor("archivist"), AcademicYear.objects.get(pk=school.year.pk))
    try:
        archive_year(opened, reason=reason, at=AT)
    except Refused as refusal:
        return refusal.verdict
    return None


def test_a_year_with_a_damaged_package_is_not_archived_whatever_the_reason(school):
    closed(school.year)
    all_packages(school)
    Package.objects.filter(class_title="8А", kind="REGISTER").update(is_sound=False)

    verdict = refusal_of_archiving(school, reason="Так надо")

    assert (verdict.code, "8А: журнал класса" in verdict.sentence) == ("PACKAGES_UNSOUND", True)


def test_packages_older_than_the_closing_need_a_reason_that_names_them(school):
    all_packages(school)
    closed(school.year)
    with transaction.atomic():
        record(
            Fact(
                school.actor("director").author, AT + timedelta(hours=1), CLOSE_YEAR, object_name(school.year),
                {"state": "OPEN"}, {"state": "CLOSED"},
            )
        )  # fmt: skip

    verdict = refusal_of_archiving(school)
    page = text(school.client("archivist").get(reverse("archive:packages")))

    assert (verdict.code, "собраны до закрытия года: 7А: журнал класса" in verdict.sentence) == ("REASON_NEEDED", True)
    assert "Собраны до закрытия года" in page
    assert refusal_of_archiving(school, reason="После закрытия ничего не менялось") is None


def test_a_deputy_does_not_archive_a_year(school):
    opened = OpenYear(school.actor("deputy"), closed(school.year))

    with pytest.raises(Refused) as refusal:
        archive_year(opened, reason="", at=AT)

    assert refusal.value.verdict.code == "NOT_ALLOWED"


def closed(year):
    AcademicYear.objects.filter(pk=year.pk).update(state=AcademicYear.State.CLOSED)
    return AcademicYear.objects.get(pk=year.pk)


def test_the_page_of_a_year_says_what_is_built_and_what_is_not(school):
    store(school, unit_of(school, remarks=("без решений педагогического совета",)))

    page = text(school.client("archivist").get(reverse("archive:packages")))

    assert "1 из 4 пакетов собрано" in page
    assert "без решений педагогического совета" in page
    assert page.count("не собран") == 3
    assert "Собрать пакеты года" in page


def test_verifying_all_packages_of_a_year_names_the_damaged_one(school):
    damage(store(school).package)
    store(school, unit_of(school, school_class=school.class_7a))

    client = school.client("archivist")
    client.post(reverse("archive:verify_year", args=[school.year.code]))
    waiting = client.get(reverse("archive:packages"))
    run_jobs()
    done = client.get(reverse("archive:packages"))

    assert "Проверка пакетов за 2026/27" in text(waiting)
    assert "hx-trigger" in waiting.content.decode()
    assert "Нарушена целостность: журнал класса 8А." in text(done)
    assert Job.objects.get().total == 2


def test_verifying_all_packages_says_when_all_are_sound(school):
    store(school)
    client = school.client("deputy")
    client.post(reverse("archive:verify_year", args=[school.year.code]))

    run_jobs()

    assert "Проверено пакетов: 1. Все целы." in text(client.get(reverse("archive:packages")))
    [change] = [one for one in history([object_name(Package.objects.get())]) if one.verb == "archive.verify_package"]
    assert change.who == "Хабибуллина Д. Т., Заместитель директора"


def test_asking_to_verify_twice_makes_one_job_and_a_build_waits_for_it(school):
    first = start_verification(school.actor("archivist"), school.year)

    second = start_verification(school.actor("deputy"), school.year)
    with pytest.raises(Refused) as refusal:
        start_build(school.actor("archivist"), school.year)

    assert first == second
    assert refusal.value.verdict.code == "JOB_RUNNING"


def test_a_download_records_nothing(school):
    package = store(school).package
    before = Entry.objects.count()

    response = school.client("archivist").get(reverse("archive:download", args=[package.code]))
    list(response.streaming_content)

    package.refresh_from_db()
    assert (Entry.objects.count() - before, package.verified_at, package.is_sound) == (0, None, None)


def a_checkpoint(cast):
    """Sign the ledger of the school as it is now."""
    while sequence_batch(cast.organisation.code) > 0:
        pass
    return issue(cast.organisation.code, at=AT, past_is_known=True)


def test_before_the_first_checkpoint_a_package_carries_nothing_of_the_ledger(school):
    package = store(school).package

    stored = read_object(package_path(package))

    assert not [one for one in stored.files if "6_ledger" in one.path]
    assert "openssl" not in stored.file("ПРОЧТИ.txt").place.read_text(encoding="utf-8")


def test_a_package_carries_the_newest_checkpoint_and_openssl_alone_checks_it(school, tmp_path):
    a_log(2, school.organisation.code, at=AT)
    row = a_checkpoint(school)
    TimeStamp.objects.create(checkpoint=row, service="https://tsa.example/", nonce="1", at=AT, reply=b"\x30\x00")

    stored = read_object(package_path(store(school).package))

    files = {one.name: one.place for one in stored.files if one.path.startswith("data/6_ledger/")}
    assert sorted(files) == [
        "checkpoint.txt", "checkpoint_by_key_1.sig", "checkpoint_text.txt", "public_key_1.pem", "time_stamp_1.tsr",
    ]  # fmt: skip
    assert files["checkpoint.txt"].read_text(encoding="utf-8") == row.note
    assert files["time_stamp_1.tsr"].read_bytes() == b"\x30\x00"
    for name, place in files.items():
        shutil.copy(place, tmp_path / name)
    for read_me in ("ПРОЧТИ.txt", "READ_ME_FIRST.txt"):
        told = stored.file(read_me).place.read_text(encoding="utf-8")
        [command] = [line.strip() for line in told.splitlines() if line.strip().startswith("openssl pkeyutl")]
        done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.stdout.strip() == "Signature Verified Successfully", done.stderr
        [command] = [line.strip() for line in told.splitlines() if line.strip().startswith("openssl pkey ")]
        done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.stdout.split()[0] == notes.fingerprint(keys.public_key()).replace(" ", "")
    assert not verify(package_path(Package.objects.get(organisation=school.organisation))).problems


def test_a_package_carries_the_history_of_keys(school):
    a_log(2, school.organisation.code, at=AT)
    a_checkpoint(school)
    with transaction.atomic():
        record(Fact(school.actor("archivist").author, AT, "archive.store_package", "x:1", None, None))
    sequence_batch(school.organisation.code)
    row = rotate(reason="плановая смена", at=AT)

    stored = read_object(package_path(store(school).package))

    files = {one.name: one.place for one in stored.files if one.path.startswith("data/6_ledger/")}
    assert {"public_key_1.pem", "public_key_2.pem", "checkpoint_by_key_1.sig", "checkpoint_by_key_2.sig"} <= set(files)
    assert files["handover_2.txt"].read_text(encoding="utf-8") == row.handover


def test_a_new_checkpoint_makes_no_new_version_of_an_unchanged_package(school):
    a_log(2, school.organisation.code, at=AT)
    a_checkpoint(school)
    first = store(school)
    a_log(2, school.organisation.code, first=2, at=AT)
    newer = a_checkpoint(school)

    again = store(school)

    assert (first.outcome, again.outcome) == (CREATED, UNCHANGED)
    assert actions.is_current(unit_of(school))
    changed = store(school, unit_of(school, marks=("5", "3")))
    assert changed.outcome == NEW_VERSION
    kept = read_object(package_path(changed.package)).file("data/6_ledger/checkpoint.txt")
    assert kept.place.read_text(encoding="utf-8") == newer.note
