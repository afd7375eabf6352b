"""Statements of marks: from another school, counted in proposals; for another school, on paper (REG-B037)."""

import pytest
from django.urls import reverse

from letopis.core.errors import Refused
from letopis.ledger.models import Entry
from letopis.register.access import course_for
from letopis.register.access.make_ups import pupil_for
from letopis.register.actions.cell_results import CellSave
from letopis.register.actions.cells import save_cells
from letopis.register.actions.outside import TypedRow, enter_statement, withdraw_statement
from letopis.register.models import Attendance, Mark, OutsideStatement, TermMark
from letopis.register.prints.make_ups import marks_statement
from letopis.register.queries.term_marks import term_mark_sheet
from letopis.rules.policy import DEFAULT_POLICY
from tests import factories as make
from tests.cast import TODAY, Cast

AT = make.moment(TODAY)


def opened(cast: Cast, member: str = "class_teacher"):
    return pupil_for(cast.actor(member), cast.class_8a.code, cast.polina.code)


def enter(cast: Cast, row: TypedRow, **changes) -> OutsideStatement:
    asked = {"school": "МБОУ «Гимназия № 2»", "rows": {(cast.algebra.subject, cast.term): row}, **changes}
    return enter_statement(opened(cast), **asked, at=AT)


def proposal(cast: Cast):
    sheet = term_mark_sheet(
        course_for(cast.actor("teacher"), cast.algebra.code), cast.term, terms=[cast.term], policy=DEFAULT_POLICY
    )
    return next(line for line in sheet.lines if line.pupil.code == cast.polina.code)


def test_the_marks_count_in_the_proposal_and_name_their_school(cast: Cast):
    enter(cast, TypedRow(marks="554, 4/5"))

    line = proposal(cast)

    assert [mark.value for mark in line.marks] == ["5", "5", "4", "4/5"]
    assert {mark.school for mark in line.marks} == {"МБОУ «Гимназия № 2»"}
    assert line.proposal.marks_counted == 4
    assert line.proposal.value == "5"
    assert not Mark.objects.exists()


def test_they_count_in_the_grid_and_in_the_answer_to_a_save(cast: Cast):
    enter(cast, TypedRow(marks="5 5 5"))
    task = cast.today_lesson.tasks.get()
    saved = save_cells(
        cast.actor("teacher"), course=cast.algebra.code, cells=[CellSave(task.code, cast.polina.code, "", "3")], at=AT
    )
    page = cast.client("teacher").get(reverse("register:grid", args=[cast.algebra.code])).content.decode()

    assert [row.average for row in saved.rows] == ["4,50"]
    assert "4,50" in page


def test_a_term_mark_that_is_not_set_here_becomes_the_result(cast: Cast):
    enter(cast, TypedRow(term_mark="4", missed="3"))

    assert TermMark.objects.get(pupil=cast.polina).value == "4"
    assert set(Entry.objects.values_list("verb", flat=True)) == {
        "register.enter_outside_statement",
        "register.set_term_mark",
    }


def test_a_result_that_is_set_here_stays(cast: Cast):
    TermMark.objects.create(
        organisation=cast.organisation, pupil=cast.polina, subject=cast.algebra.subject, term=cast.term, value="5",
        put_at=AT,
    )  # fmt: skip
    enter(cast, TypedRow(term_mark="4"))

    assert TermMark.objects.get(pupil=cast.polina).value == "5"


@pytest.mark.parametrize(
    ("row", "changes", "code"),
    [
        (TypedRow(), {}, "NO_ROWS"),
        (TypedRow(marks="5 7"), {}, "BAD_ROWS"),
        (TypedRow(term_mark="отлично"), {}, "BAD_ROWS"),
        (TypedRow(missed="много"), {}, "BAD_ROWS"),
        (TypedRow(missed="9" * 5000), {}, "BAD_ROWS"),
        (TypedRow(marks="5"), {"school": "  "}, "NO_SCHOOL"),
    ],
)
def test_a_wrong_statement_is_refused_and_nothing_is_written(cast: Cast, row, changes, code):
    with pytest.raises(Refused) as refusal:
        enter(cast, row, **changes)

    assert refusal.value.verdict.code == code
    assert not OutsideStatement.objects.exists()
    assert not TermMark.objects.exists()


def test_a_withdrawn_statement_counts_no_more(cast: Cast):
    statement = enter(cast, TypedRow(marks="5", term_mark="5"))
    withdraw_statement(opened(cast), statement, reason="Не та школа", at=AT)
    withdraw_statement(opened(cast), statement, reason="Не та школа", at=AT)

    assert proposal(cast).marks == ()
    assert TermMark.objects.get(pupil=cast.polina).value == ""
    assert Entry.objects.filter(verb="register.withdraw_outside_statement").count() == 1


def test_the_page_enters_a_statement_and_a_refused_one_keeps_what_was_typed(cast: Cast):
    address = reverse("register:outside", args=[cast.class_8a.code, cast.polina.code])
    name = f"{cast.algebra.subject.code}-{cast.term.number}"
    client = cast.client("class_teacher")

    wrong = client.post(address, {"school": "Гимназия", f"marks-{name}": "5 9"}).content.decode()
    right = client.post(address, {"school": "Гимназия", f"marks-{name}": "5 4"}, follow=True).content.decode()

    assert "«9» — не отметка шкалы" in wrong
    assert 'value="5 9"' in wrong
    assert "Ведомость внесена" in right


def test_the_statement_for_another_school_has_marks_results_and_absences(cast: Cast):
    first, second = cast.lessons[:2]
    Mark.objects.create(organisation=cast.organisation, task=first.tasks.get(), pupil=cast.polina, value="4", put_at=AT)
    Attendance.objects.create(
        organisation=cast.organisation, lesson=second, pupil=cast.polina, event="ABSENT", reason="ILL", put_at=AT
    )

    data = marks_statement(cast.polina, cast.class_8a, on=TODAY)

    rows = {row[0]: row for term in data["terms"] for row in term["rows"] if row[1]}
    assert rows["Алгебра"][1].startswith("4")
    assert rows["Алгебра"][3] == "1, по болезни 1"


def test_the_pdf_is_sent_to_who_keeps_the_class(cast: Cast):
    address = reverse("register:statement_pdf", args=[cast.class_8a.code, cast.polina.code])

    assert cast.client("class_teacher").get(address).content.startswith(b"%PDF")
    assert cast.client("teacher").get(address).status_code == 403


def test_the_same_statement_sent_twice_counts_once(cast: Cast):
    sent = [enter(cast, TypedRow(marks="5 5", term_mark="5", missed="3"), number="17") for _time in range(2)]

    assert sent[0] == sent[1]
    assert len(proposal(cast).marks) == 2
    assert Entry.objects.filter(verb="register.enter_outside_statement").count() == 1
