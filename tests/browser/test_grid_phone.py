"""One lesson as a list under one thumb, and what the page weighs when it opens."""

import pytest
from playwright.sync_api import expect

from letopis.register.models import Attendance, Mark
from letopis.register.views.grid_script import LOADED_BYTES, MODULES
from tests.browser.conftest import DARK, PHONE, assert_accessible, assert_fits
from tests.browser.grid_page import cell, open_grid, press, saved, status, wait_for_script


@pytest.mark.parametrize("window", [PHONE, PHONE | DARK], ids=["light", "dark"])
def test_one_lesson_is_a_list_under_one_thumb(cast, open_as, window):
    page = open_grid(open_as, cast, **window)
    expect(page.locator("tbody tr:nth-child(1) td:visible")).to_have_count(2)
    assert_fits(page)

    page.locator("tbody tr:nth-child(2) th").tap()
    expect(page.locator("[data-lessons] b")).to_have_text("Белов Тимофей")
    page.locator("[data-keypad] button[value='5']").tap()
    page.locator("[data-next]").tap()
    page.locator("[data-keypad] button[value='н']").tap()
    saved(page, 2, "5")
    saved(page, 3, "н")
    assert (Mark.objects.get().value, Attendance.objects.get().event) == ("5", "ABSENT")
    assert_accessible(page)

    page.locator("[data-previous]").tap()
    expect(page.locator("[data-lessons] [data-lesson]")).to_contain_text("13")
    page.locator("[data-keypad] button[value='4']").tap()
    saved(page, 3, "4", column=4)
    # A lesson ahead shows why it takes nothing, and no keys.
    page.locator("[data-following]").tap()
    expect(cell(page, 3)).to_be_visible()

    page.get_by_role("button", name="Урок списком").tap()
    expect(page.locator("tbody tr:nth-child(1) td:visible")).not_to_have_count(2)
    assert_fits(page)
    page.reload()
    wait_for_script(page)
    expect(page.get_by_role("button", name="Урок списком")).to_have_attribute("aria-pressed", "false")


def test_the_list_keeps_marks_without_a_network(cast, open_as):
    page = open_grid(open_as, cast, **PHONE)
    page.context.set_offline(True)
    for row, value in ((1, "5"), (2, "4"), (3, "н")):
        page.locator(f"tbody tr:nth-child({row}) th").tap()
        page.locator(f"[data-keypad] button[value='{value}']").tap()
    expect(status(page)).to_contain_text("Не отправлено: 3")
    assert_accessible(page)

    page.context.set_offline(False)

    saved(page, 1, "5")
    assert (Mark.objects.count(), Attendance.objects.count()) == (2, 1)


def test_the_page_loads_little_takes_the_first_key_at_once_and_has_the_rest_when_the_network_goes(cast, open_as):
    page = open_grid(open_as, cast)
    loaded = page.evaluate(
        """() => {
            const load = performance.getEntriesByType("navigation")[0].loadEventEnd;
            const isOurs = (one) => one.name.includes("/register/js/");
            const all = performance.getEntriesByType("resource").filter(isOurs);
            return all.map((one) => [one.name.split("/static/")[1], one.decodedBodySize, one.startTime < load]);
        }"""
    )
    first = [(name, size) for name, size, _early in loaded if name in MODULES]
    assert {name for name, _size in first} == set(MODULES)
    assert sum(size for _name, size in first) <= LOADED_BYTES
    page.context.set_offline(True)

    # The selected cell has the focus: no click is needed. Parts that were not used yet are there without a network.
    press(page, "5", "Shift+ArrowDown", "4")
    expect(page.get_by_role("dialog")).to_contain_text("Поставить «4» в 1 пустую клетку?")
    press(page, "Escape", "?")
    expect(page.get_by_role("dialog")).to_contain_text("Клавиши журнала")
    press(page, "Escape")
    page.context.set_offline(False)
    saved(page, 1, "5")
