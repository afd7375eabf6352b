"""Many cells at once: blocks, filling, clearing, copying, pasting; steps back and forth; search; everybody present."""

import pytest
from playwright.sync_api import expect

from letopis.ledger.models import Entry
from letopis.register.models import Attendance, Lesson, Mark
from letopis.schooling.models import Membership
from tests.browser.conftest import DARK, assert_accessible
from tests.browser.grid_page import (
    cell,
    copied,
    kept,
    open_grid,
    paste,
    press,
    press_russian,
    saved,
    status,
    wait_for_script,
)
from tests.cast import TODAY


def values() -> list[str]:
    marks = Mark.objects.filter(task__lesson__on=TODAY).exclude(value="")
    return list(marks.order_by("pupil__person__sort_key").values_list("value", flat=True))


def entries_of_marks() -> int:
    return Entry.objects.filter(verb="register.put_mark").count()


def test_a_block_is_filled_where_it_is_empty_copied_and_cleared(cast, open_as):
    page = open_grid(open_as, cast)
    cell(page, 2).click()
    press(page, "2")
    saved(page, 2, "2")
    cell(page, 1).click()

    press(page, "Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowDown")
    expect(page.locator("td.range")).to_have_count(4)
    expect(status(page)).to_contain_text("Выделено клеток: 4")
    press(page, "5")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Поставить «5» в 3 пустые клетки?")
    expect(dialog).to_contain_text("Останутся как есть занятые и закрытые клетки: 1.")
    assert_accessible(page)
    press(page, "Escape")
    expect(dialog).to_have_count(0)
    assert values() == ["2"]

    press(page, "5")
    expect(dialog).to_be_visible()
    press(page, "Enter")
    saved(page, 4, "5")
    assert values() == ["5", "2", "5", "5"]

    cell(page, 1).click()
    cell(page, 4).click(modifiers=["Shift"])
    assert copied(page) == "5\n2\n5\n5"
    press(page, "Delete")
    expect(dialog).to_contain_text("Стереть 4 клетки?")
    press(page, "Enter")
    saved(page, 1, "")
    assert values() == []

    # One operation is one step back; each cell of it is a change of its own.
    press(page, "Control+KeyZ")
    saved(page, 4, "5")
    assert values() == ["5", "2", "5", "5"]
    assert entries_of_marks() == 1 + 3 + 4 + 4
    press(page, "Control+KeyZ")
    saved(page, 4, "")
    assert values() == ["2"]


def test_a_block_is_stretched_by_the_mouse_and_dropped_by_escape(cast, open_as):
    page = open_grid(open_as, cast)
    cell(page, 1, 3).hover()
    page.mouse.down()
    cell(page, 3, 5).hover()
    page.mouse.up()
    expect(page.locator("td.range")).to_have_count(9)

    press(page, "Escape")
    expect(page.locator("td.range")).to_have_count(0)
    press(page, "Control+Shift+End")
    expect(page.locator("td.range")).to_have_count(4 * 4)
    press(page, "ArrowLeft")
    expect(page.locator("td.range")).to_have_count(0)


def test_steps_go_back_and_forth_one_by_one_after_a_reload_too(cast, open_as):
    page = open_grid(open_as, cast)
    cell(page, 1).click()
    press(page, "5")
    saved(page, 1, "5")
    press(page, "KeyJ", "1", "0")
    saved(page, 1, "5 о10")
    cell(page, 2).click()
    press(page, "4")
    saved(page, 2, "4")
    page.reload()
    wait_for_script(page)

    page.locator("td.selected").focus()
    press_russian(page, "я", "KeyZ", ctrlKey=True)
    saved(page, 2, "")
    press(page, "Control+KeyZ")
    # «5» over «5 о10» is the whole cell here: the lateness goes.
    saved(page, 1, "5")
    assert (Mark.objects.get(value="5").changes, Attendance.objects.get().event) == (0, "PRESENT")
    press(page, "Control+Shift+KeyZ")
    saved(page, 1, "5 о10")
    press(page, "Control+KeyY")
    saved(page, 2, "4")
    press(page, "Control+KeyY")
    expect(status(page)).to_contain_text("Повторять нечего.")
    for _step in range(3):
        press(page, "Control+KeyZ")
        expect(page.locator("td[data-state=saving]")).to_have_count(0)
    saved(page, 1, "")
    press(page, "Control+KeyZ")
    expect(status(page)).to_contain_text("Возвращать нечего.")
    assert values() == []
    history = Entry.objects.filter(verb="register.put_mark").count()
    assert history == 2 + 1 + 1 + 2


def test_a_step_over_what_another_changed_since_is_a_conflict(cast, open_as):
    page = open_grid(open_as, cast)
    cell(page, 1).click()
    press(page, "5")
    saved(page, 1, "5")
    Mark.objects.update(value="3")
    page.reload()
    wait_for_script(page)
    expect(cell(page, 1)).to_have_text("3")

    press(page, "Control+KeyZ")

    expect(cell(page, 1)).to_have_attribute("data-state", "conflict")
    expect(page.locator(".versus")).to_contain_text("Вашепусто")
    expect(page.locator(".versus")).to_contain_text("Сейчас в журнале3")
    assert values() == ["3"]
    assert len(kept(page, "undo")) == 1


def test_a_step_made_on_another_page_is_shown_by_a_link(cast, open_as):
    page = open_grid(open_as, cast)
    cell(page, 2).click()
    press(page, "5")
    saved(page, 2, "5")
    page.goto(f"{page.url}?term=1")
    if page.locator("table.g").count() == 0:
        page.goto(page.url.replace("term=1", "term=year"))
    wait_for_script(page)

    press(page, "Control+KeyZ")

    expect(status(page)).to_contain_text("Последнее изменение — не на этой странице.")
    page.get_by_role("link", name="Показать").click()
    wait_for_script(page)
    expect(cell(page, 2)).to_be_focused()


def test_a_column_from_a_spreadsheet_is_one_request(cast, open_as):
    page = open_grid(open_as, cast)
    requests = []
    page.on("request", lambda request: request.url.endswith("/cells/") and requests.append(request))
    cell(page, 1).click()

    # Windows line ends, a quoted cell, a space that does not break, an empty cell, a line end at the end.
    paste(page, '5\r\n"4"\r\n\u00a03 \r\n\r\nн\r\n2\r\n')

    saved(page, 6, "2")
    assert values() == ["5", "4", "3", "2"]
    assert Attendance.objects.get().event == "ABSENT"
    assert len(requests) == 1
    expect(page.get_by_role("dialog")).to_have_count(0)
    press(page, "Control+KeyZ")
    saved(page, 6, "")
    assert values() == []


def test_each_cell_of_a_paste_has_its_verdict(cast, open_as):
    # The third of the list left before today.
    Membership.objects.filter(pupil=cast.pupils[2], group=cast.algebra.group).update(ends_on=cast.lessons[1].on)
    page = open_grid(open_as, cast)
    cell(page, 2).click()
    press(page, "4")
    saved(page, 2, "4")
    cell(page, 1).click()
    press(page, "ArrowRight", "ArrowLeft")

    paste(page, "5\n3\n5\nабв\n7\n4")

    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Вставить не всё?")
    expect(dialog).to_contain_text("Белов Тимофей, 16: 3 — сейчас там «4»")
    expect(dialog).to_contain_text("В день занятия обучающийся не состоял в этой группе.")
    assert_accessible(page)
    page.get_by_role("button", name="Только в пустые (4)").click()
    expect(dialog).to_contain_text("Вставлено 2 из 4")
    expect(dialog).to_contain_text("Отметки «7» нет в шкале")
    expect(dialog).to_contain_text("«абв» в клетку не ставится")
    assert_accessible(page)
    press(page, "Enter")
    expect(page.locator("td[data-state=refused]")).to_have_count(2)
    assert values() == ["5", "4", "4"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5\n" * 7, "Блок 7 × 1 не помещается, ничего не вставлено"),
        ("5\t5\t5\t5\t5", "Блок 1 × 5 не помещается, ничего не вставлено"),
        ("5 " * 60_000, "Такой большой текст в журнал не вставляется"),
    ],
    ids=["high", "wide", "huge"],
)
def test_a_block_that_does_not_fit_changes_nothing(cast, open_as, text, said):
    page = open_grid(open_as, cast, **DARK)
    cell(page, 1).click()

    paste(page, text)

    expect(page.get_by_role("dialog")).to_contain_text(said)
    expect(page.get_by_role("dialog")).to_contain_text("От выбранной клетки помещается строк: 6, столбцов: 4.")
    assert_accessible(page)
    press(page, "Enter")
    expect(page.locator("td[data-state]")).to_have_count(0)
    assert Mark.objects.count() == 0


def test_one_value_pasted_on_a_block_fills_its_empty_cells(cast, open_as):
    page = open_grid(open_as, cast)
    cell(page, 1).click()
    press(page, "Shift+PageDown")

    paste(page, "5\r\n")
    expect(page.get_by_role("dialog")).to_contain_text("Поставить «5» в 6 пустых клеток?")
    press(page, "Enter")

    saved(page, 6, "5")
    assert values() == ["5"] * 6


def test_a_pupil_is_found_by_letters_and_everybody_comes_back(cast, open_as):
    page = open_grid(open_as, cast)
    cell(page, 1).click()

    press(page, "/")
    page.keyboard.type("елк")
    expect(page.locator("tbody tr:not([hidden])")).to_have_count(1)
    expect(status(page)).to_contain_text("Показано: 1 из 6")
    press(page, "Enter", "5")
    saved(page, 3, "5")
    assert_accessible(page)
    press(page, "/")
    page.keyboard.type("щщ")
    expect(status(page)).to_contain_text("Никого не нашли")
    press(page, "Escape")

    expect(page.locator("tbody tr:not([hidden])")).to_have_count(6)
    expect(cell(page, 3)).to_be_focused()
    assert Mark.objects.get().pupil == cast.pupils[2]


def test_everybody_is_present_by_one_key_after_a_question(cast, open_as):
    page = open_grid(open_as, cast)
    cell(page, 1).click()
    press(page, "KeyY", "Enter", "KeyJ", "5", "Enter")
    saved(page, 2, "о5")

    page.keyboard.press("*")
    expect(page.get_by_role("dialog")).to_contain_text("Снять 2 отметки об отсутствии и опоздании?")
    press(page, "Enter")
    saved(page, 1, "")
    expect(status(page)).to_contain_text("Все присутствуют: записано.")
    lesson = Lesson.objects.get(pk=cast.today_lesson.pk)
    assert (lesson.attendance_taken_at is not None, lesson.state) == (True, "HELD")
    assert set(Attendance.objects.values_list("event", flat=True)) == {"PRESENT"}
    press(page, "Control+KeyZ")
    saved(page, 1, "н")
    saved(page, 2, "о5")
