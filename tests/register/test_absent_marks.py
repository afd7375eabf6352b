"""A mark for an absent pupil: asked about in school, refused at a distance without a doctor's paper."""

from typing import Any

import pytest

from letopis.register.actions.cell_results import REFUSED, SAVED, CellSave
from letopis.register.actions.cells import save_cells
from letopis.register.models import AbsenceDocument, Attendance, Mark
from letopis.schooling.actions.distance import declare_distance
from tests.cast import TODAY, Cast
from tests.factories import moment
from tests.policy import adopt

AT = moment(TODAY)


@pytest.fixture
def absent(cast: Cast) -> Cast:
    Attendance.objects.create(
        organisation=cast.organisation, lesson=cast.today_lesson, pupil=cast.polina, event="ABSENT", put_at=AT
    )
    return cast


def at_distance(cast: Cast) -> None:
    declare_distance(
        cast.year,
        school_class=cast.class_8a,
        starts_on=TODAY,
        ends_on=None,
        basis="Приказ № 12",
        by=cast.actor("deputy").author,
        at=AT,
    )


def paper(cast: Cast, **more: Any) -> None:
    facts = {"kind": "MEDICAL", "reason": "ILL", "starts_on": TODAY, "ends_on": TODAY} | more
    AbsenceDocument.objects.create(organisation=cast.organisation, pupil=cast.polina, entered_at=AT, **facts)


def put(cast: Cast, *, confirm: bool = True) -> Any:
    task = cast.today_lesson.tasks.get()
    cell = CellSave(task=task.code, pupil=cast.polina.code, seen="н", text="5", confirm=confirm)
    return save_cells(cast.actor("teacher"), course=cast.algebra.code, cells=[cell], at=AT).cells[0]


def test_in_school_the_teacher_is_asked_once(absent: Cast):
    assert put(absent, confirm=False).may_confirm
    assert put(absent).status == SAVED


def test_at_a_distance_he_is_not_asked_but_refused(absent: Cast):
    at_distance(absent)

    result = put(absent)

    assert (result.status, result.verdict.code, result.may_confirm) == (REFUSED, "ABSENT_UNCONFIRMED", False)
    assert not Mark.objects.exists()


def test_a_strict_school_refuses_also_in_school(absent: Cast):
    adopt(absent.organisation, mark_for_absent="FORBIDDEN")

    assert put(absent).verdict.code == "ABSENT_UNCONFIRMED"


def test_a_doctors_paper_of_that_day_allows_it(absent: Cast):
    at_distance(absent)
    paper(absent)

    assert put(absent, confirm=False).status == SAVED
    assert Mark.objects.get().value == "5"


@pytest.mark.parametrize(
    "more", [{"kind": "APPLICATION"}, {"withdrawn_at": AT}, {"starts_on": "2026-11-01", "ends_on": "2026-11-15"}]
)
def test_other_papers_do_not(absent: Cast, more: dict[str, Any]):
    at_distance(absent)
    paper(absent, **more)

    assert put(absent).verdict.code == "ABSENT_UNCONFIRMED"
