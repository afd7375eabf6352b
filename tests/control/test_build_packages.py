"""Building the packages of a year: by the job with a real worker, and by the command."""

import argparse
import html
import json
import re
from datetime import date

import pytest
from django.urls import reverse

from letopis.archive.models import Package
from letopis.archive.queries import package_path
from letopis.archive.verify import verify
from letopis.archive.year_actions import start_build
from letopis.config import cli
from letopis.control.actions.archive import build_units, classes_to_build
from letopis.core.models import Job
from letopis.ledger.actions import object_name
from letopis.ledger.models import Entry
from letopis.ledger.queries import history
from letopis.register.models import Mark
from letopis.schooling.models import AcademicYear, SchoolClass
from tests import factories as make
from tests.cast import TODAY, make_cast

AT = make.moment(TODAY)


def fill(cast):
    for at, lesson in enumerate(cast.lessons[:4]):
        for pupil in cast.pupils:
            Mark.objects.create(
                organisation=cast.organisation, task=lesson.tasks.get(), pupil=pupil, value="5432"[at], put_at=AT
            )


@pytest.fixture
def school(cast, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    fill(cast)
    return cast


@pytest.fixture
def committed_school(unlocked_ledger, settings, tmp_path):
    """For a real worker: its database connection sees only what is committed."""
    settings.VAR_DIR = tmp_path
    cast = make_cast()
    fill(cast)
    return cast


def build(cast, **options):
    return build_units(classes_to_build(cast.year), by=cast.actor("archivist").author, at=AT, today=TODAY, **options)


def work():
    args = argparse.Namespace(until_empty=True)
    from letopis.core.commands import _work

    assert _work(args) == 0


def run(*words):
    parser = cli.parser()
    args = parser.parse_args(["archive", "build", *words])
    return args.func(args)


def text(response):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_builds_the_register_and_the_statements_of_each_class(school):
    told = []

    built = build(school, report=lambda done, total, note: told.append((done, total, note)))

    assert [(one.class_title, one.kind.value, one.outcome) for one in built] == [
        ("7А", "REGISTER", "CREATED"),
        ("7А", "STATEMENTS", "CREATED"),
        ("8А", "REGISTER", "CREATED"),
        ("8А", "STATEMENTS", "CREATED"),
    ]
    assert told[2] == (2, 4, "8А: журнал класса, 3 из 4")
    assert told[-1] == (4, 4, "")
    assert all(verify(package_path(one.package)).ok for one in built)


def test_a_second_build_changes_nothing_and_records_nothing(school):
    build(school)
    before = Entry.objects.count()

    again = build(school)

    assert {one.outcome for one in again} == {"UNCHANGED"}
    assert Entry.objects.count() == before


def test_a_refused_unit_does_not_keep_the_others_from_being_built(school):
    first = build(school)[0].package
    broken = package_path(first) / "v1/content/data/2_tables/pupils.csv"
    broken.chmod(0o644)
    broken.write_text("")

    built = build(school)

    assert [one.outcome for one in built] == ["REFUSED", "UNCHANGED", "UNCHANGED", "UNCHANGED"]
    assert "повреждён" in built[0].sentence


def test_a_class_whose_letter_has_no_place_in_paths_is_named(school):
    SchoolClass.objects.filter(pk=school.class_7a.pk).update(letter="Ђ")

    built = build(school)

    assert [one.outcome for one in built] == ["REFUSED", "REFUSED", "CREATED", "CREATED"]
    assert "«Ђ»" in built[0].sentence


@pytest.mark.django_db(transaction=True)
def test_the_job_builds_the_year_and_shows_how_far_it_is(committed_school):
    cast = committed_school
    client = cast.client("archivist")
    client.post(reverse("archive:build", args=[cast.year.code]))
    waiting = client.get(reverse("archive:packages"), headers={"HX-Request": "true"}).content.decode()

    work()

    job = Job.objects.get(kind="archive.build")
    page = text(client.get(reverse("archive:packages")))
    fragment = client.get(reverse("archive:packages"), headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 2s"' in waiting
    assert ("Проверить все" in waiting, "Проверить все" in fragment, "<html" in fragment) == (False, True, False)
    assert (job.state, job.done, job.total, job.error) == (Job.State.DONE, 4, 4, "")
    assert "4 из 4 пакетов собрано" in page
    assert "hx-trigger" not in client.get(reverse("archive:packages")).content.decode()
    assert Package.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_a_job_that_is_run_again_after_a_crash_does_no_harm(committed_school):
    cast = committed_school
    job = start_build(cast.actor("archivist"), cast.year)
    work()
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING)

    from letopis.control.jobs import build_packages

    build_packages.call(str(job.code))

    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.DONE, "")
    assert {package.version for package in Package.objects.all()} == {1}


def test_a_second_press_of_the_button_starts_nothing(school):
    first = start_build(school.actor("archivist"), school.year)

    second = start_build(school.actor("director"), school.year, school_class=school.class_8a)

    assert first == second
    assert Job.objects.count() == 1


def test_a_class_that_is_built_does_not_stand_for_the_year(school):
    client, address = school.client("archivist"), reverse("archive:build", args=[school.year.code])
    client.post(address, {"class": str(school.class_8a.code)})

    again = client.post(address, {"class": str(school.class_8a.code)}, follow=True)
    year = client.post(address, follow=True)

    assert "Сборка началась" in text(again)
    assert "Сейчас идёт другая работа" in text(year)
    assert "Сборка началась" not in text(year)
    assert Job.objects.count() == 1


def test_the_row_of_a_job_names_nobody(school):
    job = start_build(school.actor("archivist"), school.year, school_class=school.class_8a)

    assert job.arguments == {"year": str(school.year.code), "school_class": str(school.class_8a.code)}


@pytest.mark.django_db(transaction=True)
def test_packages_of_a_job_are_built_by_who_asked(committed_school):
    start_build(committed_school.actor("archivist"), committed_school.year, school_class=committed_school.class_8a)

    work()

    [change] = [one for one in history([object_name(Package.objects.first())]) if one.verb == "archive.store_package"]
    assert change.who == "Берёзова В. Я., Ответственный за архив"


def test_the_command_builds_one_class_and_answers_in_json(school, capsys):
    code = run("--org", "school", "--year", "2026/27", "--class", "8 а", "--json")

    out, err = capsys.readouterr()
    answer = json.loads(out)
    assert code == 0
    assert [(one["class"], one["kind"], one["outcome"], one["version"]) for one in answer] == [
        ("8А", "REGISTER", "CREATED", 1),
        ("8А", "STATEMENTS", "CREATED", 1),
    ]
    assert answer[1]["remark"].startswith("учебный год не закрыт")
    assert err.splitlines() == ["8А: журнал класса, 1 из 2", "8А: сводные ведомости, 2 из 2"]


def test_the_command_tells_people_where_the_packages_lie(school, capsys):
    assert run("--org", "school", "--year", "2026/27") == 0

    out = capsys.readouterr().out
    assert "school/school-school_2026-27_register_8A" in out
    assert "Пакетов: 4 из 4 за " in out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--org", "nobody", "--year", "2026/27"), "Организации с кодом «nobody» нет. Есть: other, school."),
        (
            ("--org", "school", "--year", "2020/21"),
            "Учебного года «2020/21» в организации «school» нет. Есть: 2025/26, 2026/27.",
        ),
        (
            ("--org", "school", "--year", "2025/26"),
            "За 2025/26 учебный год в организации «school» нет данных: ни одного урока.",
        ),
        (
            ("--org", "school", "--year", "2026/27", "--class", "12Щ"),
            "Класса «12Щ» в 2026/27 учебном году нет. Есть: 7А, 8А.",
        ),
    ],
)
def test_what_is_not_there_gets_one_clear_sentence(school, capsys, words, sentence):
    AcademicYear.objects.create(organisation=school.organisation, starts_on=date(2025, 9, 1), ends_on=date(2026, 8, 31))

    assert run(*words) == 2

    out, err = capsys.readouterr()
    assert (out, err) == ("", f"{sentence}\n")
