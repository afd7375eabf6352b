"""The register against the ledger: what somebody changed past the product is named."""

import json

import pytest

from letopis.config.cli import main
from letopis.control.queries.comparison import compare
from letopis.ledger.actions import object_name
from letopis.register.access import course_for
from letopis.register.actions.cell_results import CellSave
from letopis.register.actions.cells import save_cells
from letopis.register.actions.term_marks import set_term_marks
from letopis.register.models import Mark, TermMark
from tests.cast import TODAY, Cast
from tests.factories import moment

AT = moment(TODAY)


@pytest.fixture
def filled(cast: Cast) -> Cast:
    """Return the cast with marks, an absence and a term mark, each by its verb."""
    task = cast.today_lesson.tasks.get().code
    cells = [CellSave(task, pupil.code, "", text) for pupil, text in zip(cast.pupils, ("5", "4", "н"), strict=False)]
    save_cells(cast.actor("teacher"), course=cast.algebra.code, cells=cells, at=AT)
    pupil = cast.pupils[3].code
    opened = course_for(cast.actor("teacher"), cast.algebra.code)
    set_term_marks(opened, term=cast.term, values={pupil: "4"}, seen={pupil: ""}, at=AT)
    return cast


def test_what_the_verbs_wrote_is_what_they_recorded(filled: Cast):
    found = compare(filled.organisation)

    assert found.unequal == ()
    assert found.compared == 4


def test_a_value_changed_past_the_product_is_named_with_both(filled: Cast):
    mark = Mark.objects.get(value="4")
    Mark.objects.filter(pk=mark.pk).update(value="5")
    (one,) = compare(filled.organisation).unequal

    assert (one.object, one.stands, one.recorded) == (object_name(mark), "5", "4")
    assert "отметка в журнале – «5», в последней записи – «4»" in one.sentence


def test_a_row_that_nobody_recorded_is_named(filled: Cast):
    TermMark.objects.create(
        organisation=filled.organisation, pupil=filled.pupils[4], subject=filled.algebra.subject, term=filled.term,
        value="5", put_at=AT,
    )  # fmt: skip
    (one,) = compare(filled.organisation).unequal

    assert one.recorded is None


def test_another_school_is_not_looked_at(filled: Cast):
    Mark.objects.filter(value="4").update(value="5")

    assert compare(filled.users["foreign_teacher"].organisation).compared == 0


def test_the_command_tells_and_says_so_by_its_code(filled: Cast, capsys: pytest.CaptureFixture[str]):
    slug = filled.organisation.slug
    sound = main(["control", "compare", "--org", slug])
    told = capsys.readouterr().out
    Mark.objects.filter(value="4").update(value="5")
    broken = main(["control", "compare", "--org", slug, "--json"])
    answer = json.loads(capsys.readouterr().out)

    assert (sound, broken) == (0, 1)
    assert "Сверено значений: 4; все совпадают с записями." in told
    assert [one["recorded"] for one in answer["unequal"]] == ["4"]
    assert main(["control", "compare", "--org", "нет-такой"]) == 2


def test_the_number_of_queries_is_fixed(filled: Cast, django_assert_num_queries):
    with django_assert_num_queries(12):
        compare(filled.organisation)
