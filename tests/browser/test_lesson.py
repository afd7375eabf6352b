"""The lesson page and what leads to it, in a real browser: by keyboard, on a phone, in the dark, without script."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from letopis.register.models import Lesson, Mark
from tests.browser.conftest import DARK, PHONE, assert_accessible, assert_fits
from tests.cast import Cast


def lesson_page(cast: Cast) -> str:
    return reverse("register:lesson", args=[cast.today_lesson.code])


def test_a_teacher_goes_from_my_day_to_a_filled_lesson(open_as, cast: Cast):
    page = open_as("teacher", reverse("control:my_day"))
    page.get_by_role("link", name="записать тему").first.click()
    page.get_by_label("Тема урока").fill("Формула корней")
    page.get_by_label("Домашнее задание").fill("№ 512")
    page.get_by_role("group", name="Посещаемость: Зимина Ксения").get_by_label("нет").check(force=True)
    page.get_by_label("Отметка: Антонова Дарья").fill("5")
    page.get_by_role("button", name="Сохранить урок").click()

    expect(page.get_by_text("Урок сохранён: тема, задание, 1 отметка, 1 отсутствие")).to_be_visible()
    page.goto(reverse("control:my_day"))
    expect(page.get_by_text("всё внесено")).to_be_visible()


def test_the_form_works_without_script(open_as, cast: Cast):
    page = open_as("teacher", lesson_page(cast), java_script_enabled=False)

    page.get_by_label("Тема урока").fill("Корни")
    page.get_by_role("button", name="Все присутствуют").click()

    expect(page.get_by_text("Урок сохранён: тема, все присутствуют")).to_be_visible()


def test_enter_in_a_field_saves_and_does_not_mark_everybody_present(open_as, cast: Cast):
    page = open_as("teacher", lesson_page(cast))

    page.get_by_label("Отметка: Антонова Дарья").fill("4")
    page.get_by_label("Отметка: Антонова Дарья").press("Enter")

    expect(page.get_by_text("Урок сохранён: 1 отметка")).to_be_visible()
    assert Mark.objects.get().value == "4"
    assert Lesson.objects.get(pk=cast.today_lesson.pk).attendance_taken_at is None


def test_minutes_are_asked_of_the_late_only(open_as, cast: Cast):
    page = open_as("teacher", lesson_page(cast))
    minutes = page.get_by_label("Минут опоздания: Белов Тимофей")
    expect(minutes).to_be_hidden()

    page.get_by_role("group", name="Посещаемость: Белов Тимофей").get_by_label("опоздал").check(force=True)

    expect(minutes).to_be_visible()


def test_a_topic_is_written_in_the_table(open_as, cast: Cast):
    page = open_as("teacher", reverse("register:topics", args=[cast.algebra.code]))

    page.get_by_role("link", name="Изменить урок 16.11.2026").click()
    page.get_by_label("Тема урока").fill("Корни")
    page.get_by_role("button", name="Сохранить").click()

    expect(page.get_by_role("row", name="16.11.2026")).to_contain_text("Корни")
    expect(page.get_by_role("button", name="Сохранить")).to_have_count(0)
    assert Lesson.objects.get(pk=cast.today_lesson.pk).topic == "Корни"


@pytest.mark.parametrize("options", [{}, PHONE, DARK, PHONE | DARK], ids=["wide", "phone", "dark", "phone-dark"])
def test_the_pages_are_accessible_and_fit(open_as, cast: Cast, options: dict):
    pages = [
        ("teacher", lesson_page(cast)),
        ("class_teacher", lesson_page(cast)),
        ("teacher", reverse("control:my_day")),
        ("deputy", reverse("control:my_day")),
        ("deputy", reverse("register:courses")),
        ("teacher", reverse("register:topics", args=[cast.algebra.code])),
        ("mother", reverse("diary:week")),
        ("father", reverse("diary:week")),
    ]
    for member, path in pages:
        page = open_as(member, path, **options)
        assert_accessible(page)
        assert_fits(page)
