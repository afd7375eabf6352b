"""The live consolidated statement of a class, its PDF, and the list of classes."""

import re
import subprocess
from datetime import date
from fractions import Fraction
from shutil import which
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from letopis.attestation.prints import consolidated_statement
from letopis.attestation.queries.statement import statement_of
from letopis.people.models import EducationForm, Enrolment
from letopis.rules.policy import DEFAULT_POLICY
from letopis.schooling.models import GroupKind, Membership
from tests import factories as make
from tests.attestation.results import set_quarter, set_year, text
from tests.cast import TODAY


def statement(cast, term=None, today=TODAY):
    return statement_of(cast.class_8a, term_number=term, today=today, policy=DEFAULT_POLICY)


def cells(found, name):
    """Return value or state of every cell of a pupil."""
    line = next(line for line in (*found.lines, *found.attached) if line.pupil.name == name)
    return [cell.value or cell.state for cell in line.cells]


def test_a_term_shows_results_and_gaps_by_subject(cast):
    set_quarter(cast, 1, cast.algebra.subject, ["5", "4", "3", "2", "NOT_ATTESTED", ""])

    found = statement(cast, "1")

    assert [head.subject.name for head in found.subjects] == [
        "Алгебра",
        "Иностранный язык (английский)",
        "Русский язык",
    ]
    assert cells(found, "Антонова Дарья") == ["5", "GAP", "GAP"]
    assert cells(found, "Зимина Ксения") == ["GAP", "GAP", "GAP"]
    assert [(head.subject.name, gaps) for head, gaps in found.gaps_by_subject] == [
        ("Алгебра", 1),
        ("Иностранный язык (английский)", 6),
        ("Русский язык", 6),
    ]


def test_figures_are_exact(cast):
    set_quarter(cast, 1, cast.algebra.subject, ["5", "4", "3", "2", "NOT_ATTESTED", ""])
    set_quarter(cast, 1, cast.russian.subject, ["5", "5", "4", "4", "3", "EXEMPT"])

    found = statement(cast, "1")

    algebra = found.columns[0]
    assert (algebra.average, algebra.success, algebra.quality) == (Fraction(7, 2), Fraction(3, 5), Fraction(1, 2))
    assert [line.level for line in found.lines] == ["EXCELLENT", "GOOD", "ONE_THREE", "FAILING", "FAILING", ""]
    assert (found.total.average, found.total.success, found.total.quality) == (
        Fraction(35, 9),
        Fraction(3, 5),
        Fraction(2, 5),
    )


def test_a_term_that_goes_on_has_no_gaps(cast):
    assert {state for line in statement(cast, "2").lines for state in cells(statement(cast, "2"), line.pupil.name)} == {
        "COMING"
    }


def test_the_year_shows_every_quarter_and_the_year(cast):
    set_quarter(cast, 1, cast.algebra.subject, ["4"])
    set_year(cast, cast.algebra.subject, ["5"])

    found = statement(cast)

    assert [period.short_title for period in found.periods] == ["1 чт", "2 чт", "3 чт", "4 чт", "Год"]
    assert cells(found, "Антонова Дарья")[:5] == ["4", "COMING", "COMING", "COMING", "5"]
    assert found.judged.short_title == "Год"


def test_the_senior_grades_have_half_years(cast):
    senior = make.make_class(cast.year, 10, "А")
    make.join(make.whole_class(senior), make.make_pupil(cast.organisation, "Старшев Олег"))

    found = statement_of(senior, term_number=None, today=TODAY, policy=DEFAULT_POLICY)

    assert [period.short_title for period in found.periods] == ["1 пг", "2 пг", "Год"]


def test_a_term_of_other_grades_does_not_exist(cast):
    assert statement(cast, "9") is None


def test_grade_one_is_taught_without_marks_and_has_no_gaps(cast):
    first = make.make_class(cast.year, 1, "А")
    make.join(make.whole_class(first), make.make_pupil(cast.organisation, "Малышев Олег"))
    make.make_course(make.whole_class(first), make.make_subject(cast.organisation, "Математика"), teacher=cast.teacher)

    found = statement_of(first, term_number="1", today=TODAY, policy=DEFAULT_POLICY)

    assert [cell.state for cell in found.lines[0].cells] == ["UNGRADED"]


def test_results_of_home_tuition_flow_in_and_other_subjects_are_no_gaps(cast):
    """C-005."""
    pupil = cast.pupils[0]
    Enrolment.objects.filter(pupil=pupil).update(form=EducationForm.HOME)
    alone = make.make_group(cast.class_8a, GroupKind.INDIVIDUAL, "Антонова Д. И.")
    make.join(alone, pupil)
    make.make_course(alone, cast.russian.subject, teacher=cast.class_teacher, kind="HOME_TUITION")
    set_quarter(cast, 1, cast.russian.subject, ["5"])

    assert cells(statement(cast, "1"), "Антонова Дарья") == ["NOT_STUDIED", "NOT_STUDIED", "5"]


def attach_extern(cast):
    extern = make.make_pupil(cast.organisation, "Абрамов Пётр Ильич", form=EducationForm.FAMILY)
    make.join(make.make_group(cast.class_8a, GroupKind.INDIVIDUAL, "Абрамов П. И."), extern)
    return extern


def test_an_extern_stands_apart_and_answers_for_the_year_only(cast):
    """C-006."""
    attach_extern(cast)

    found = statement(cast, today=date(2027, 6, 10))

    assert [line.pupil.name for line in found.attached] == ["Абрамов Пётр"]
    assert "Абрамов Пётр" not in [line.pupil.name for line in found.lines]
    assert cells(found, "Абрамов Пётр")[:5] == ["NOT_STUDIED"] * 4 + ["GAP"]


def test_who_left_keeps_his_row_without_gaps(cast):
    Membership.objects.filter(pupil=cast.pupils[1]).update(ends_on=date(2026, 10, 1))

    found = statement(cast, "1")

    line = found.lines[1]
    assert (line.pupil.name, line.left_on, line.gaps) == ("Белов Тимофей", date(2026, 10, 1), 0)


def test_who_changed_the_class_brings_his_marks_along(cast):
    """C-001: the result belongs to the pupil, the subject and the term."""
    pupil = Membership.objects.filter(group__school_class=cast.class_7a).first().pupil
    Membership.objects.filter(pupil=pupil).update(ends_on=date(2026, 11, 8))
    make.join(make.whole_class(cast.class_8a), pupil, since=date(2026, 11, 9))

    found = statement(cast, "1")

    assert pupil.person.last_name in {line.pupil.name.split()[0] for line in found.lines}
    assert cells(found, "Власов Илья") == ["NOT_STUDIED", "NOT_STUDIED", "NOT_STUDIED"]


def test_the_page_says_in_words_what_is_missing(cast):
    set_quarter(cast, 1, cast.algebra.subject, ["5", "4", "4", "3", "3", ""])

    page = cast.client("class_teacher").get(reverse("attestation:statement", args=[cast.class_8a.code]), {"term": "1"})

    shown = text(page)
    assert "8А: сводная ведомость" in shown
    assert "Не выставлено 13 итогов. Алгебра — 1, Иностранный язык (английский) — 6, Русский язык — 6." in shown
    assert "1 Антонова Дарья 5 нет нет 5,00 на «5» —" in shown
    assert "3,80 средний балл · 1 чт" in shown
    assert "Средний балл 3,80 Успеваемость, % 100 Качество знаний, % 60" in shown


def test_a_subject_teacher_is_led_to_his_own_courses_only(cast):
    page = cast.client("teacher").get(reverse("attestation:statement", args=[cast.class_8a.code]))

    content = page.content.decode()
    assert reverse("register:term_marks", args=[cast.algebra.code]) in content
    assert reverse("register:term_marks", args=[cast.russian.code]) not in content


@pytest.mark.parametrize("member", ["class_teacher", "teacher"])
def test_the_statement_takes_the_same_queries_for_six_and_thirty_pupils(cast, member):
    client, url = cast.client(member), reverse("attestation:statement", args=[cast.class_8a.code])
    client.get(url)
    counts = []
    for extra in (0, 24):
        pupils = [make.make_pupil(cast.organisation, f"Новиков Ученик{chr(1072 + one)}") for one in range(extra)]
        make.join(make.whole_class(cast.class_8a), *pupils)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))

    # Session and actor, the class, seven of the statement.
    assert counts == [10, 10]


def test_the_list_of_classes_tells_how_complete_they_are(cast):
    set_quarter(cast, 1, cast.algebra.subject, ["5"] * 6)
    set_quarter(cast, 1, cast.russian.subject, ["5"] * 6)

    page = cast.client("deputy").get(reverse("attestation:classes"))

    assert "8А Зайцева Арина Алексеевна 6 1 четверть : 12 из 18 не выставлено 6 год : 0 из 18 ещё идёт 0 из 6" in text(
        page
    )


def test_the_list_of_classes_is_filtered_by_its_address(cast):
    client, url = cast.client("deputy"), reverse("attestation:classes")

    by_grade = text(client.get(url, {"grade": "7"}))
    by_gaps = text(client.get(url, {"gaps": "1"}))
    unknown = client.get(url, {"year": "1999"})

    assert ("7А" in by_grade, "8А" in by_grade) == (True, False)
    assert ("7А" in by_gaps, "8А" in by_gaps) == (False, True)
    assert unknown.status_code == 404


def test_a_class_teacher_lists_the_classes_he_leads_or_teaches(cast):
    shown = text(cast.client("class_teacher").get(reverse("attestation:classes")))

    assert ("8А" in shown, "7А" in shown) == (True, False)


def test_the_list_takes_the_same_queries_for_any_number_of_classes(cast):
    client, url = cast.client("deputy"), reverse("attestation:classes")
    client.get(url)
    counts = []
    for grades in ((), range(2, 7)):
        for grade in grades:
            make.join(make.whole_class(make.make_class(cast.year, grade, "А")), cast.pupils[0])
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))

    assert counts == [11, 11]


def test_the_printed_dict_has_the_marks_the_figures_and_the_extern(cast):
    set_quarter(cast, 1, cast.algebra.subject, ["5", "4", "3", "2", "NOT_ATTESTED", "EXEMPT"])
    attach_extern(cast)

    data = consolidated_statement(cast.class_8a, on=TODAY, term=None, policy=DEFAULT_POLICY)
    of_term = consolidated_statement(cast.class_8a, on=TODAY, term=statement(cast).terms[0], policy=DEFAULT_POLICY)

    assert (data["unit"], data["year"], data["period"], data["class_teacher"], data["director"]) == (
        "8А класс",
        "2026/2027",
        "учебный год",
        "Зайцева Арина Алексеевна",
        "Нечаева Милана Магомедовна",
    )
    assert data["rows"][0]["cells"][:5] == ["5", "", "", "", ""]
    assert data["rows"][-1]["name"] == "Абрамов Пётр (экстерн)"
    assert (data["decisions_due"], data["rows"][0]["average"]) == (True, "")
    assert (of_term["period"], of_term["rows"][0]["average"], of_term["decisions_due"]) == ("1 четверть", "5,00", False)
    assert of_term["totals"][0]["cells"] == ["60", "", ""]
    assert of_term["legend"] == [
        {"sign": "осв", "meaning": "освобождён"},
        {"sign": "н/а", "meaning": "не аттестован"},
    ]


@pytest.mark.skipif(not which("pdftotext"), reason="pdftotext is not installed")
def test_the_pdf_has_the_marks_and_a_name_in_russian(cast, tmp_path):
    set_quarter(cast, 1, cast.algebra.subject, ["5", "4", "3", "2", "NOT_ATTESTED", "EXEMPT"])

    response = cast.client("clerk").get(reverse("attestation:statement_pdf", args=[cast.class_8a.code]), {"term": "1"})

    assert response["Content-Type"] == "application/pdf"
    assert unquote(response["Content-Disposition"]) == (
        "inline; filename*=utf-8''Сводная ведомость 8А 2026-27, 1 четверть.pdf"
    )
    file = tmp_path / "statement.pdf"
    file.write_bytes(response.content)
    words = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
    assert re.search(r"1\s+Антонова Дарья\s+5\s+5,00", words)
    assert re.search(r"5\s+Журавлёв Степан\s+н/а", words)
