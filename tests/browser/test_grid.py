import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from letopis.register.models import Attendance, Lesson, Mark
from tests.browser.conftest import DARK, PHONE, WIDE, assert_accessible, assert_fits
from tests.cast import TODAY
from tests.factories import moment

TODAY_COLUMN = 5


@pytest.fixture
def address(cast):
    return reverse("register:grid", args=[cast.algebra.code])


@pytest.fixture
def open_grid(open_as, address):
    """Return a function that opens the grid and waits for its script."""

    def open_page(member="teacher", **options):
        page = open_as(member, address, **options)
        expect(page.locator("table.g td.selected")).to_be_attached()
        return page

    return open_page


def cell(page: Page, row: int, column: int = TODAY_COLUMN):
    """Return the cell of a row and a column, counted from one."""
    return page.locator(f"tbody tr:nth-child({row}) td:nth-of-type({column})")


def status(page: Page):
    return page.locator("[data-status]")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def press_russian(page: Page, key: str, code: str) -> None:
    """Press a key in a layout that Playwright does not know."""
    page.locator("td.selected").dispatch_event("keydown", {"key": key, "code": code, "bubbles": True})


def test_digits_set_marks_and_enter_goes_down(cast, open_grid):
    page = open_grid()
    cell(page, 1).click()

    press(page, "5", "Enter", "4", "Enter", "3")

    expect(status(page)).to_contain_text("Сохранено в")
    expect(cell(page, 3)).to_be_focused()
    expect(page.locator("tbody tr:nth-child(2) .average")).to_have_text("4,00")
    expect(page.locator("tbody tr:nth-child(2) .term")).to_have_text("4")
    assert list(Mark.objects.order_by("pupil__person__sort_key").values_list("value", flat=True)) == ["5", "4", "3"]


def test_enter_on_the_last_row_goes_to_the_top_of_the_next_column(open_grid):
    page = open_grid()
    cell(page, 6, 2).click()

    press(page, "Enter")
    expect(cell(page, 1, 3)).to_be_focused()
    press(page, "Shift+Enter")

    expect(cell(page, 6, 2)).to_be_focused()


def test_enter_passes_by_pupils_who_were_absent(open_grid):
    page = open_grid()
    cell(page, 2).click()
    press(page, "KeyY")
    expect(cell(page, 2)).to_contain_class("absent")
    cell(page, 1).click()

    press(page, "Enter")

    expect(cell(page, 3)).to_be_focused()


def test_the_grid_is_one_tab_stop_and_arrows_move(open_grid):
    page = open_grid()
    cell(page, 2, 2).click()

    press(page, "ArrowRight", "ArrowDown", "End")
    expect(cell(page, 3, 8)).to_be_focused()
    press(page, "Control+Home")
    expect(cell(page, 1, 1)).to_be_focused()
    press(page, "PageDown")
    expect(cell(page, 6, 1)).to_be_focused()
    assert page.locator("table.g [tabindex='0']").count() == 1
    press(page, "Tab")

    assert page.evaluate("document.activeElement.closest('table') === null")


def test_up_from_the_first_row_reaches_the_link_to_the_lesson(cast, open_grid):
    page = open_grid()
    cell(page, 1).click()

    press(page, "ArrowUp", "Enter")

    page.wait_for_url(f"**{reverse('register:lesson', args=[cast.today_lesson.code])}")


@pytest.mark.parametrize(
    ("key", "code", "shown"),
    [("y", "KeyY", "н"), ("н", "KeyY", "н"), ("Н", "KeyY", "н"), ("н", "KeyN", "н"), ("о", "KeyJ", "о"),
     ("j", "KeyJ", "о")],
)  # fmt: skip
def test_letters_work_in_either_layout(open_grid, key, code, shown):
    page = open_grid()
    cell(page, 4).click()

    press_russian(page, key, code)

    expect(cell(page, 4)).to_have_text(shown)
    expect(status(page)).to_contain_text("Сохранено в")
    assert Attendance.objects.get().event == {"н": "ABSENT", "о": "LATE"}[shown]


def test_minutes_may_follow_the_letter_of_lateness(open_grid):
    page = open_grid()
    cell(page, 4).click()

    press(page, "KeyJ", "1", "0")

    expect(status(page)).to_contain_text("Сохранено в")
    assert Attendance.objects.get().minutes == 10


def test_f2_opens_a_field_for_longer_text(open_grid):
    page = open_grid()
    cell(page, 4).click()
    press(page, "F2")

    page.get_by_label("Текст клетки").fill("5 о10")
    press(page, "Enter")

    expect(cell(page, 5)).to_be_focused()
    expect(status(page)).to_contain_text("Сохранено в")
    expect(cell(page, 4)).to_have_text("5 о10")
    assert (Mark.objects.get().value, Attendance.objects.get().minutes) == ("5", 10)


def test_delete_clears_and_control_z_brings_back(open_grid):
    page = open_grid()
    cell(page, 1).click()
    press(page, "5")
    expect(cell(page, 1)).to_have_attribute("data-state", "saved")

    press(page, "Delete")
    expect(cell(page, 1)).to_have_text("")
    expect(cell(page, 1)).to_have_attribute("data-state", "saved")
    press(page, "Control+KeyZ")
    expect(cell(page, 1)).to_have_text("5")
    expect(cell(page, 1)).to_have_attribute("data-state", "saved")

    mark = Mark.objects.get()
    assert (mark.value, mark.changes) == ("5", 2)


def test_a_refused_cell_keeps_its_text_and_says_why(open_grid):
    page = open_grid()
    cell(page, 1).click()

    press(page, "7")

    expect(cell(page, 1)).to_have_attribute("data-state", "refused")
    expect(cell(page, 1)).to_have_text("7")
    expect(status(page)).to_contain_text("Отметки «7» нет в шкале «пятибалльная»: можно 5, 4, 3, 2.")
    press(page, "Enter", "4")
    expect(status(page)).not_to_contain_text("нет в шкале")
    expect(cell(page, 2)).to_have_attribute("data-state", "saved")
    cell(page, 1).click()
    press(page, "Escape")
    expect(cell(page, 1)).to_have_text("")
    assert [mark.value for mark in Mark.objects.all()] == ["4"]


def test_a_mark_for_an_absent_pupil_asks_once(open_grid):
    page = open_grid()
    cell(page, 1).click()
    press(page, "KeyY")
    expect(cell(page, 1)).to_have_attribute("data-state", "saved")

    press(page, "5")
    page.get_by_role("button", name="Всё равно поставить").click()

    expect(cell(page, 1)).to_have_text("5 н")
    assert Mark.objects.get().value == "5"


def test_a_closed_cell_says_why(open_grid):
    page = open_grid()
    cell(page, 1, 6).click()

    press(page, "5")

    expect(status(page)).to_contain_text("ставят в день занятия")
    expect(cell(page, 1, 6)).to_have_text("")


@pytest.mark.parametrize(("choice", "value"), [("Оставить моё", "3"), ("Взять из журнала", "5")])
def test_two_tabs_show_both_values_of_a_conflict(open_grid, choice, value):
    one, two = open_grid(), open_grid()
    cell(one, 1).click()
    press(one, "5")
    expect(cell(one, 1)).to_have_attribute("data-state", "saved")

    cell(two, 1).click()
    press(two, "3")

    expect(cell(two, 1)).to_have_attribute("data-state", "conflict")
    expect(two.locator(".versus")).to_contain_text("Ваше3")
    expect(two.locator(".versus")).to_contain_text("Сейчас в журнале5Копылова М. А.")
    assert Mark.objects.get().value == "5"
    assert_accessible(two)
    two.get_by_role("button", name=choice).click()
    expect(cell(two, 1)).to_have_text(value)
    expect(two.locator("td[data-state=conflict]")).to_have_count(0)
    expect(two.locator("td[data-state=saving]")).to_have_count(0)
    assert Mark.objects.get().value == value


@pytest.mark.parametrize("first", ["3", "7"], ids=["conflict", "refusal"])
def test_what_is_typed_while_a_save_is_on_its_way_overwrites_nobody(cast, open_grid, first):
    page = open_grid()
    put = {"organisation": cast.organisation, "pupil": cast.pupils[0], "value": "5", "put_at": moment(TODAY)}
    Mark.objects.create(task=cast.today_lesson.tasks.get(), **put)
    on_its_way = []
    page.route("**/cells/", lambda route: on_its_way.append(route), times=1)
    cell(page, 1).click()
    with page.expect_request("**/cells/"):
        press(page, first)

    press(page, "4")
    on_its_way[0].continue_()

    expect(cell(page, 1)).to_have_attribute("data-state", "conflict")
    expect(page.locator(".versus")).to_contain_text("Ваше4")
    assert Mark.objects.get().value == "5"


def test_more_cells_than_one_save_takes_go_in_several(open_grid):
    page = open_grid()
    page.locator("section.register").evaluate("(section) => { section.dataset.limit = 2; }")
    cell(page, 1).click()
    page.context.set_offline(True)
    press(page, "5", "Enter", "4", "Enter", "3", "Enter", "5", "Enter", "4")
    expect(status(page)).to_contain_text("Не отправлено: 5")

    page.context.set_offline(False)

    expect(status(page)).to_contain_text("Сохранено в")
    expect(page.locator("td[data-state=saving], td[data-state=unsent]")).to_have_count(0)
    assert Mark.objects.count() == 5


def test_what_is_typed_without_a_network_is_sent_when_it_is_back(open_grid):
    page = open_grid()
    cell(page, 1).click()
    page.context.set_offline(True)

    press(page, "5", "Enter", "4", "Enter")
    expect(status(page)).to_contain_text("Не отправлено: 2")
    expect(page.get_by_role("button", name="Повторить")).to_be_visible()
    press(page, "3")
    expect(status(page)).to_contain_text("Не отправлено: 3")
    assert Mark.objects.count() == 0
    page.context.set_offline(False)

    expect(status(page)).to_contain_text("Сохранено в")
    assert sorted(Mark.objects.values_list("value", flat=True)) == ["3", "4", "5"]


def test_leaving_asks_only_when_something_is_unsent(open_grid):
    page = open_grid()
    cell(page, 1).click()
    page.context.set_offline(True)
    press(page, "5")
    expect(status(page)).to_contain_text("Не отправлено: 1")

    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)

    assert asked.value.type == "beforeunload"
    asked.value.accept()


def test_a_lost_session_keeps_what_was_typed(open_grid):
    page = open_grid()
    cell(page, 1).click()
    cookies = page.context.cookies()
    page.context.clear_cookies()

    press(page, "5")
    expect(status(page)).to_contain_text("набранное не потеряно")
    page.context.add_cookies(cookies)
    page.get_by_role("button", name="Повторить").click()

    expect(status(page)).to_contain_text("Сохранено в")
    assert Mark.objects.get().value == "5"


def test_the_panel_follows_the_cell(cast, open_grid):
    Lesson.objects.filter(pk=cast.today_lesson.pk).update(topic="Формула корней")
    page = open_grid()

    cell(page, 4).click()
    expect(page.locator("#cell-panel")).to_contain_text("Ершова Полина · 16 ноября")
    expect(page.locator("#cell-panel")).to_contain_text("Формула корней")
    press(page, "4")

    expect(page.locator("#cell-panel")).to_contain_text("Почему прогноз «4»")
    expect(page.locator("#cell-panel")).to_contain_text("отметка: 4")


def test_the_work_is_named_in_the_panel(open_grid):
    page = open_grid()
    cell(page, 4).click()
    page.locator("summary", has_text="Вид работы столбца").click()

    page.get_by_label("Вид работы", exact=True).select_option("КР")
    page.get_by_role("button", name="Сохранить", exact=True).click()

    expect(page.locator(f"thead .days th:nth-child({TODAY_COLUMN}) .kind.test")).to_have_text("КР")


def test_keys_are_shown_by_one_press(open_grid):
    page = open_grid()
    cell(page, 1).click()

    press(page, "?")

    expect(page.get_by_role("dialog")).to_contain_text("Клавиши журнала")
    assert_accessible(page)
    press(page, "Escape")
    expect(cell(page, 1)).to_be_focused()


def test_a_link_lands_on_the_exact_cell(cast, open_as, address):
    task = cast.lessons[1].tasks.get()

    page = open_as("teacher", f"{address}#task={task.code}&pupil={cast.polina.code}")

    expect(cell(page, 4, 2)).to_be_focused()


def test_one_who_only_sees_types_nothing(open_grid):
    page = open_grid("class_teacher")
    cell(page, 1).click()

    # A key that comes before the script listens is lost, and the panel that opens late takes the sentence away again.
    told = ""
    for _tries in range(40):
        press(page, "5")
        told = status(page).text_content() or told
        if told:
            break
        page.wait_for_timeout(100)

    assert "только для чтения" in told
    expect(cell(page, 1)).to_have_text("")


def test_on_a_phone_a_tap_brings_the_keys(open_grid):
    page = open_grid(**PHONE)
    cell(page, 2).tap()

    page.locator("[data-keypad] button[value='5']").tap()

    expect(cell(page, 2)).to_have_text("5")
    page.locator("[data-next]").tap()
    page.locator("[data-keypad] button[value='н']").tap()
    expect(cell(page, 3)).to_have_text("н")
    expect(cell(page, 3)).to_have_attribute("data-state", "saved")
    page.locator("[data-info]").tap()
    expect(page.locator("#cell-panel[data-open]")).to_contain_text("История клетки")
    assert_accessible(page)
    assert_fits(page)
    assert (Mark.objects.get().value, Attendance.objects.get().event) == ("5", "ABSENT")


def test_without_script_it_is_a_table_whose_heads_open_the_lesson(cast, open_as, address):
    page = open_as("teacher", address, java_script_enabled=False)

    expect(page.get_by_text("Чтобы заполнить урок без сценариев")).to_be_visible()
    page.get_by_role("link", name="16", exact=True).click()

    page.wait_for_url(f"**{reverse('register:lesson', args=[cast.today_lesson.code])}")


@pytest.mark.parametrize(
    "window", [WIDE, WIDE | DARK, PHONE, PHONE | DARK], ids=["wide", "dark", "phone", "dark phone"]
)
def test_axe_finds_nothing(open_grid, window):
    page = open_grid(**window)
    expect(page.locator("#cell-panel [data-body] h2")).to_be_attached()
    cell(page, 1).click()
    press(page, "2", "Enter", "7", "Enter", "KeyY")
    expect(cell(page, 2)).to_have_attribute("data-state", "refused")

    assert_accessible(page)
    assert_fits(page)
