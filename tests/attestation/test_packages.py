"""The archived statements of a class: results, decisions, and what is said when there are none."""

import subprocess
from datetime import date

import bagit
import ocfl
import pytest

from letopis.archive.actions import NEW_VERSION, store_unit
from letopis.archive.queries import package_path
from letopis.attestation.actions.decisions import DecisionFact, bring_in_council_decisions
from letopis.attestation.packages import statements_unit
from letopis.rules.policy.editions import NO_EDITIONS
from letopis.schooling.models import AcademicYear, SchoolClass
from tests import factories as make
from tests.attestation.results import set_quarter, set_year
from tests.cast import TODAY

AT = make.moment(TODAY)


@pytest.fixture
def school(cast, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    AcademicYear.objects.update(state=AcademicYear.State.CLOSED)
    set_quarter(cast, 1, cast.algebra.subject, ["5", "4", "3", "5", "4", "NOT_ATTESTED"])
    set_year(cast, cast.algebra.subject, ["5", "4", "3", "5", "4", "3"])
    return cast


def unit_of(cast, *, made_on=TODAY):
    school_class = SchoolClass.objects.select_related("year", "organisation").get(pk=cast.class_8a.pk)
    return statements_unit(school_class, made_on=made_on, policies=NO_EDITIONS)


def decide(cast, *pupils):
    bring_in_council_decisions(
        [
            DecisionFact(
                pupil_id=pupil.pk,
                year_id=cast.year.pk,
                decision="PROMOTED",
                protocol_number="9",
                protocol_on=date(2026, 11, 10),
                by=cast.actor("deputy").author,
                at=AT,
            )
            for pupil in pupils
        ],
        organisation=cast.organisation,
    )


def store(cast, unit=None):
    return store_unit(unit or unit_of(cast), by=cast.actor("archivist").author, at=AT)


def rows_of(unit, name):
    (table,) = [table for table in unit.tables if table.name == name]
    return [dict(zip([column.name for column in table.columns], row, strict=True)) for row in table.rows]


def test_results_of_terms_and_of_the_year_stand_side_by_side(school):
    rows = [row for row in rows_of(unit_of(school), "results") if row["pupil_name"].startswith("Зимина")]

    assert [(row["subject"], row["period"], row["result"], row["sign"], row["put_by"]) for row in rows] == [
        ("Алгебра", "1 четверть", "NOT_ATTESTED", "н/а", "Копылова Мария Андреевна"),
        ("Алгебра", "год", "3", "3", "Копылова Мария Андреевна"),
    ]


def test_without_decisions_the_package_says_so_everywhere(school):
    package = store(school).package

    content = package_path(package) / "v1/content"
    said = "без решений педагогического совета"
    assert package.remark == said
    assert f"Remark: {said}\n" in (content / "bag-info.txt").read_text("utf-8")
    assert f"Чего в пакете нет: {said}." in (content / "ПРОЧТИ.txt").read_text("utf-8")
    assert said in (content / "READ_ME_FIRST.txt").read_text("utf-8")
    assert f'"{said}"' in (content / "data/4_description/description.json").read_text("utf-8")
    assert f"<item>{said}</item>" in (content / "data/4_description/description.xml").read_text("utf-8")


def test_a_later_decision_makes_version_2_without_the_remark(school):
    store(school)
    decide(school, *school.pupils)

    stored = store(school)

    assert (stored.outcome, stored.package.version, stored.package.remark) == (NEW_VERSION, 2, "")
    decisions = (package_path(stored.package) / "v2/content/data/2_tables/decisions.csv").read_text("utf-8")
    assert decisions.splitlines()[1].endswith(",PROMOTED,переведён в 9 класс,9,2026-11-10")


def test_decisions_about_some_pupils_leave_the_number_of_the_others(school):
    decide(school, *school.pupils[:4])

    assert unit_of(school).head.remark == "обучающихся без решения педагогического совета: 2"


def test_statements_are_kept_25_years(school):
    package = store(school).package

    info = bagit.Bag(str(package_path(package) / "v1/content")).info
    assert (info["Retention-Term"], info["Retention-Counted-From"]) == ("25 лет", "2028-01-01")
    assert info["Retention-End"] == "2052-12-31"


def test_the_page_holds_every_pupil_with_his_marks_and_his_decision(school):
    decide(school, *school.pupils)

    page = package_path(store(school).package) / "v1/content/data/1_documents/consolidated.pdf"

    text = subprocess.run(["pdftotext", "-layout", page, "-"], capture_output=True, check=True, text=True).stdout
    for pupil in school.pupils:
        assert f"{pupil.person.last_name} {pupil.person.first_name}" in text
    assert text.count("переведён") + text.count("переведена") == len(school.pupils)


def test_foreign_tools_accept_both_versions(school):
    store(school)
    decide(school, *school.pupils)

    path = package_path(store(school).package)

    assert ocfl.Object().validate(objdir=str(path))[0]
    assert bagit.Bag(str(path / "v1/content")).validate()
    command = ["sha512sum", "--strict", "-c", "manifest-sha512.txt"]
    assert subprocess.run(command, cwd=path / "v1/content", capture_output=True).returncode == 0
