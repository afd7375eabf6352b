"""What a cell may hold beside one mark: two marks of one work, symbols, own weights; and whole cells put back."""

import pytest

from letopis.register.access import course_for
from letopis.register.actions.cell_results import CellSave
from letopis.register.actions.cells import save_cells
from letopis.register.models import Attendance, Lesson, Mark, Task
from letopis.register.queries.grid import grid
from letopis.register.queries.lesson_gaps import states_of
from letopis.rules.policy.editions import NO_EDITIONS
from tests import factories as make
from tests.cast import TODAY

pytestmark = pytest.mark.django_db

AT = make.moment(TODAY, 10, 41)


def save(cast, text, *, seen="", lesson=None, confirm=False, exact=False):
    task = (lesson or cast.today_lesson).tasks.first()
    cell = CellSave(task=task.code, pupil=cast.polina.code, seen=seen, text=text, confirm=confirm, exact=exact)
    saved = save_cells(cast.actor("teacher"), course=cast.algebra.code, cells=[cell], at=AT)
    return saved.cells[0], saved.rows[0]


def row_of(cast):
    shown = grid(course_for(cast.actor("teacher"), cast.algebra.code), today=TODAY, policies=NO_EDITIONS)
    return next(row for row in shown.rows if row.pupil == cast.polina.code)


def test_two_marks_of_one_work_are_one_mark_and_count_once(cast):
    Task.objects.filter(lesson=cast.today_lesson).update(components=2, kind="Д")

    result, row = save(cast, "43")

    assert (result.status, result.look.text, Mark.objects.get().value) == ("SAVED", "4/3", "4/3")
    assert (row.average, row.proposed) == ("3,50", "4")
    assert 'class="average">3,50<' in row_of(cast).results


def test_half_of_a_work_is_refused_with_the_way_out(cast):
    Task.objects.filter(lesson=cast.today_lesson).update(components=2)

    result, _row = save(cast, "4")

    assert (result.verdict.code, Mark.objects.count()) == ("ONE_COMPONENT", 0)
    assert "через дробь" in result.verdict.sentence


def test_two_marks_in_a_column_of_one_are_refused_with_the_way_out(cast):
    result, _row = save(cast, "4/3")

    assert (result.verdict.code, Mark.objects.count()) == ("TWO_COMPONENTS", 0)


def test_a_two_in_either_place_is_shown_as_low(cast):
    Task.objects.filter(lesson=cast.today_lesson).update(components=2)

    assert save(cast, "4/2")[0].look.classes == "low"


def test_a_symbol_is_shown_and_counts_nowhere(cast):
    save(cast, "5", lesson=cast.lessons[0])

    result, row = save(cast, ".")

    assert (result.look.text, result.look.classes, Mark.objects.latest("pk").value) == (".", "symbol", ".")
    assert (row.average, row.proposed) == ("5,00", "5")
    assert 'class="average">5,00<' in row_of(cast).results


def test_a_control_work_with_points_alone_still_waits_for_its_marks(cast):
    Task.objects.filter(lesson=cast.today_lesson).update(kind="КР")
    save(cast, ".")

    (state,) = states_of(Lesson.objects.filter(pk=cast.today_lesson.pk), organisation=cast.organisation, now=AT)

    assert cast.today_lesson.tasks.get().code in {gap.duty.task for gap in state.gaps}


def test_a_point_for_an_absent_pupil_asks_nothing(cast):
    save(cast, "н")

    result, _row = save(cast, ".", seen="н")

    assert (result.status, result.look.text, result.look.classes) == ("SAVED", ". н", "symbol absent")


def test_an_absence_over_a_point_asks_nothing(cast):
    save(cast, ".")

    assert save(cast, "н", seen=".")[0].look.text == ". н"


def test_the_weight_of_a_column_stands_over_that_of_its_kind(cast):
    Task.objects.filter(lesson=cast.lessons[0]).update(kind="УО", weight=3)
    save(cast, "3", lesson=cast.lessons[0])

    _result, row = save(cast, "5")

    # (3·3 + 5·1) : 4
    assert row.average == "3,50"
    assert 'class="average">3,50<' in row_of(cast).results


WHOLE = {
    "a mark beside an absence goes with the absence kept": ("5 н", "н", ("", "ABSENT")),
    "a lateness goes with its mark kept": ("5 о10", "5", ("5", "PRESENT")),
    "a mark goes with the lateness kept": ("5 о10", "о10", ("", "LATE")),
    "all goes": ("5 о10", "", ("", "PRESENT")),
}


@pytest.mark.parametrize("case", WHOLE)
def test_a_cell_put_back_is_the_whole_cell(cast, case):
    seen, text, expected = WHOLE[case]
    save(cast, seen, exact=True, confirm=True)

    result, _row = save(cast, text, seen=seen, exact=True)

    assert (result.status, result.look.text) == ("SAVED", text)
    assert (Mark.objects.get().value, Attendance.objects.get().event) == expected


def test_a_mark_beside_an_absence_asks_also_when_it_is_put_back(cast):
    asked, _row = save(cast, "5 н", exact=True)
    meant, _row = save(cast, "5 н", exact=True, confirm=True)

    assert (asked.verdict.code, asked.may_confirm, meant.look.text) == ("MARK_FOR_ABSENT", True, "5 н")


def test_an_absence_put_back_by_the_teacher_has_no_reason_of_his(cast):
    save(cast, "н")
    Attendance.objects.update(reason="ILL")
    save(cast, "", seen="б")

    result, _row = save(cast, "б", seen="", exact=True)

    assert (result.status, result.look.text) == ("SAVED", "н")


def test_the_head_of_a_column_tells_weight_components_and_day(cast):
    Task.objects.filter(lesson=cast.today_lesson).update(
        kind="Д", weight=2, components=2, title="«Осень»", worked_on=cast.lessons[0].on
    )
    shown = grid(course_for(cast.actor("teacher"), cast.algebra.code), today=TODAY, policies=NO_EDITIONS)
    (column,) = [one for one in shown.columns if str(TODAY) in one.attributes]

    assert 'data-kind="Д" data-weight="2" data-components="2"' in column.attributes
    assert "Диктант — «Осень» — две отметки за работу — вес 2 — работа 02.11" in column.head


@pytest.mark.parametrize("table", ["mark", "event"])
def test_a_note_has_a_dot_in_the_cell_and_is_told(cast, table):
    save(cast, "5 о")
    (Mark if table == "mark" else Attendance).objects.update(note="Писал <с подсказкой>")

    assert '<td class="noted" title="Писал &lt;с подсказкой&gt;">5 о</td>' in row_of(cast).cells


def test_a_note_on_a_pupil_who_was_there_is_shown_too(cast):
    Attendance.objects.create(
        organisation=cast.organisation, lesson=cast.today_lesson, pupil=cast.polina, event="PRESENT", note="Без формы",
        put_at=AT,
    )  # fmt: skip

    assert '<td class="noted" title="Без формы"></td>' in row_of(cast).cells
