"""A subject of few hours is marked by half-years: nothing is missing in the first quarter of each (C-002)."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from django.urls import reverse

from letopis.attestation.queries.statement import NOT_STUDIED, statement_of
from letopis.control.queries.obligations import Scope, obligations_of
from letopis.core.errors import Refused
from letopis.register.access import course_for
from letopis.register.actions.cell_results import CellSave
from letopis.register.actions.cells import save_cells
from letopis.register.actions.term_marks import set_term_marks
from letopis.register.models import Lesson, Mark, TermMark
from letopis.register.queries.locks import term_mark_days
from letopis.register.queries.term_marks import term_mark_sheet, terms_of
from letopis.rules.policy import TermScheme
from letopis.schooling.models import Term
from tests import factories as make
from tests.cast import TODAY, Cast
from tests.policy import adopt

AT = make.moment(TODAY)


@pytest.fixture
def by_half_years(cast: Cast) -> Cast:
    """Return the cast of a school where subjects of up to three hours are marked by half-years."""
    adopt(
        cast.organisation,
        term_schemes=(TermScheme("HALF_YEAR", up_to_hours=Fraction(3)), TermScheme("QUARTER")),
    )
    return cast


def quarter(cast: Cast, number: int) -> Term:
    return Term.objects.get(year=cast.year, kind=Term.Kind.QUARTER, number=number)


def save(cast: Cast, term: Term) -> None:
    pupil = cast.pupils[0].code
    opened = course_for(cast.actor("teacher"), cast.algebra.code)
    set_term_marks(opened, term=term, values={pupil: "4"}, seen={pupil: ""}, at=AT)


def test_the_mark_stands_in_the_second_quarter_and_not_in_the_first(by_half_years: Cast):
    with pytest.raises(Refused) as refusal:
        save(by_half_years, quarter(by_half_years, 1))
    save(by_half_years, quarter(by_half_years, 2))

    assert refusal.value.verdict.code == "NOT_MARKED_IN_TERM"
    assert "Положение о ведении журнала" in refusal.value.verdict.clause
    assert TermMark.objects.get().term.number == 2


def test_the_proposal_counts_both_quarters(by_half_years: Cast):
    cast, first = by_half_years, quarter(by_half_years, 1)
    lesson = cast.lessons[0]
    Lesson.objects.filter(pk=lesson.pk).update(on=date(2026, 9, 14))
    Mark.objects.create(
        organisation=cast.organisation, task=lesson.tasks.get(), pupil=cast.pupils[0], value="5", put_at=AT
    )
    opened = course_for(cast.actor("teacher"), cast.algebra.code)
    terms = terms_of(year_id=cast.year.pk, grade=8)
    policy = opened.actor.policy
    second = term_mark_sheet(opened, quarter(cast, 2), terms=terms, policy=policy)

    assert second.counted_from == first.starts_on
    assert [mark.value for mark in second.lines[0].marks] == ["5"]
    assert term_mark_sheet(opened, first, terms=terms, policy=policy).missing == 0


def test_the_statement_has_no_gap_in_the_first_quarter(by_half_years: Cast):
    cast = by_half_years
    statement = statement_of(
        cast.class_8a, term_number="1", today=date(2026, 11, 16), policy=cast.actor("deputy").policy
    )
    algebra = next(at for at, head in enumerate(statement.subjects) if head.subject == cast.algebra.subject)

    assert {line.cells[algebra].state for line in statement.lines} == {NOT_STUDIED}


def test_the_page_of_the_first_quarter_says_when_the_mark_is_set(by_half_years: Cast):
    url = reverse("register:term_marks", args=[by_half_years.algebra.code])
    first = by_half_years.client("teacher").get(f"{url}?term=1").content.decode()
    second = by_half_years.client("teacher").get(f"{url}?term=2").content.decode()

    assert "отметку ставят за полугодие" in first
    assert "Итога за этот период нет" in first
    assert "считаются отметки с 01.09.2026" in second


def test_nothing_is_owed_for_the_first_quarter(by_half_years: Cast):
    cast = by_half_years
    scope = Scope(cast.year, cast.year.starts_on, TODAY, course=cast.algebra.pk)
    owed = obligations_of(scope, now=AT, kinds={"TERM_MARK", "ACCUMULATION"})

    assert [(one.kind, one.about) for one in owed if one.state == "LATE"] == []


def test_the_mark_of_the_half_year_locks_both_its_quarters(by_half_years: Cast):
    cast, pupil = by_half_years, by_half_years.pupils[0]
    lesson = cast.lessons[0]
    Lesson.objects.filter(pk=lesson.pk).update(on=date(2026, 9, 14))
    cell = CellSave(task=lesson.tasks.get().code, pupil=pupil.code, seen="", text="5")
    save(cast, quarter(cast, 2))

    (answer,) = save_cells(cast.actor("teacher"), course=cast.algebra.code, cells=[cell], at=AT).cells
    (other,) = save_cells(
        cast.actor("teacher"), course=cast.algebra.code, cells=[replace(cell, pupil=cast.polina.code)], at=AT
    ).cells
    page = cast.client("teacher").get(f"{reverse('register:grid', args=[cast.algebra.code])}?term=1").content.decode()

    assert (answer.verdict.code, other.status) == ("TERM_MARK_SET", "SAVED")
    opened = course_for(cast.actor("teacher"), cast.algebra.code)
    assert set(term_mark_days(opened, on=date(2026, 9, 14))) == {pupil.pk}
    assert 'class="locked"' in page.split(f'data-pupil="{pupil.code}"')[1].split("</tr>")[0]
    assert "locked" not in page.split(f'data-pupil="{cast.polina.code}"')[1].split("</tr>")[0]


def test_the_mark_of_the_half_year_leaves_the_next_one_open(by_half_years: Cast):
    cast, pupil = by_half_years, by_half_years.pupils[0]
    TermMark.objects.create(
        organisation=cast.organisation, pupil=pupil, subject=cast.algebra.subject, term=quarter(cast, 4), value="5",
        put_at=AT,
    )  # fmt: skip
    cell = CellSave(task=cast.lessons[0].tasks.get().code, pupil=pupil.code, seen="", text="5")

    (answer,) = save_cells(cast.actor("teacher"), course=cast.algebra.code, cells=[cell], at=AT).cells

    assert answer.status == "SAVED"
    assert term_mark_days(course_for(cast.actor("teacher"), cast.algebra.code), on=TODAY) == {}
