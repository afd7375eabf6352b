"""A deputy goes from the map of duties to a lesson; its teacher fills it, and it leaves the list."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.conftest import DARK, PHONE, assert_accessible, assert_fits
from tests.cast import Cast

BOARD = reverse("control:board")


def test_from_the_map_to_the_lesson_until_it_is_filled(open_as, cast: Cast):
    page = open_as("deputy", BOARD)
    page.get_by_role("navigation", name="Направления контроля").get_by_role("link", name="Уроки").click()
    page.locator("summary", has_text="Отбор").click()
    page.get_by_label("Класс", exact=True).select_option("8А")
    page.get_by_role("button", name="Показать").click()
    page.get_by_role("link", name="8А, Алгебра: просрочено 4").click()
    expect(page.get_by_text("4 обязанности")).to_be_visible()
    line = page.get_by_role("row", name="13.11.2026")
    expect(line).to_contain_text("срок был 13 ноября")
    expect(line).to_contain_text("Копылова М. А.")
    listed = page.url

    line.get_by_role("link", name="заполнить урок").click()

    lesson = next(one for one in cast.lessons if one.on.day == 13)
    expect(page).to_have_url(re.compile(reverse("register:lesson", args=[lesson.code])))

    teacher = open_as("teacher", reverse("control:my_duties"))
    teacher.get_by_role("row", name="13.11.2026").get_by_role("link", name="заполнить урок").click()
    teacher.get_by_label("Тема урока").fill("Формула корней")
    teacher.get_by_role("button", name="Сохранить урок").click()
    expect(teacher.get_by_text("Урок сохранён: тема")).to_be_visible()

    page.goto(listed)
    expect(page.get_by_text("3 обязанности")).to_be_visible()
    expect(page.get_by_role("row", name="13.11.2026")).to_have_count(0)


def test_arrows_walk_over_the_map(open_as, cast: Cast):
    page = open_as("deputy", f"{BOARD}?view=lessons")
    first = page.get_by_role("link", name="8А, Алгебра: просрочено 4")
    first.focus()

    page.keyboard.press("ArrowRight")

    expect(page.get_by_role("link", name="8А, Иностранный язык (английский): просрочено 4")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(first).to_be_focused()


@pytest.mark.parametrize("options", [{}, PHONE, DARK], ids=["desktop", "phone", "dark"])
def test_the_board_is_accessible_and_fits(open_as, cast: Cast, options: dict):
    pages = [
        ("deputy", BOARD),
        ("deputy", f"{BOARD}?by=teacher&first=2026-11-02"),
        ("deputy", f"{BOARD}?view=density"),
        ("deputy", f"{BOARD}?view=volume"),
        ("deputy", reverse("control:duties")),
        ("teacher", reverse("control:my_duties")),
    ]
    for member, path in pages:
        page = open_as(member, path, **options)
        assert_accessible(page)
        assert_fits(page)
