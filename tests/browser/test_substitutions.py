"""A deputy arranges an ill teacher's week and cancels a class's day; the substitute and a family see it."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from letopis.register.actions import substitutions as verbs
from letopis.register.models import Lesson, Mark, Substitution
from tests.browser.conftest import DARK, PHONE, assert_accessible, assert_fits
from tests.cast import TODAY, Cast
from tests.factories import moment

PLAN, LOG = reverse("register:substitution_plan"), reverse("register:substitutions")


def test_an_ill_teachers_week_is_arranged_looked_at_and_saved(open_as, cast: Cast):
    page = open_as("deputy", LOG)
    page.get_by_role("link", name="Назначить замены").first.click()
    page.get_by_label("Копылова М. А.").check()
    page.get_by_label("С какого дня").fill("2026-11-16")
    page.get_by_label("По какой день").fill("2026-11-20")
    page.get_by_role("button", name="Показать уроки").click()
    page.get_by_label("Что сделать: 2, 8А, Алгебра").first.select_option(value=f"t:{cast.substitute.code}")
    friday = page.get_by_label("Что сделать: 2, 8А, Алгебра").nth(1)
    friday.select_option(value="move")
    page.get_by_label("На какой день").nth(1).fill("2026-11-18")
    page.get_by_label("Какой урок").nth(1).select_option("5")
    page.get_by_label("Причина").fill("Болезнь учителя")
    page.get_by_role("button", name="Проверить").click()
    expect(page.get_by_role("row", name="16.11.2026")).to_contain_text("замена: Орлова Т. П.")
    assert not Substitution.objects.exists()

    page.get_by_role("button", name="Записать всё").click()

    expect(page.get_by_role("row", name="Болезнь учителя")).to_have_count(2)
    assert Lesson.objects.get(pk=cast.today_lesson.pk).teacher == cast.substitute
    assert Lesson.objects.filter(course=cast.algebra, on=date(2026, 11, 18), number=5).exists()


def test_a_class_has_its_day_cancelled_and_one_lesson_back(open_as, cast: Cast):
    page = open_as("deputy", f"{PLAN}?by=class")
    page.get_by_label("8А", exact=True).check()
    page.get_by_role("button", name="Показать уроки").click()
    page.get_by_label("Причина").fill("Мороз")
    page.get_by_role("button", name="Проверить").click()
    page.get_by_role("button", name="Записать всё").click()
    expect(page.get_by_text("урок отменён")).to_have_count(4)

    page.get_by_text("Отменить запись: 16.11, 2").click()
    page.get_by_role("button", name="Вернуть урок как был").first.click()

    expect(page.locator("tr.withdrawn")).to_have_count(1)
    states = Lesson.objects.filter(on=TODAY).order_by("number", "pk").values_list("state", flat=True)
    assert list(states) == ["PLANNED", "CANCELLED", "CANCELLED", "CANCELLED"]


def test_the_substitute_fills_that_lesson_and_says_that_he_knows(open_as, cast: Cast):
    verbs.substitute(
        cast.actor("deputy"), cast.today_lesson, acting=cast.substitute, reason="Болезнь", at=moment(TODAY)
    )

    page = open_as("substitute", reverse("control:my_day"))
    page.get_by_role("link", name="Открыть Алгебра, 8А").click()
    page.get_by_role("button", name="Ознакомлен").click()
    page.get_by_label("Тема урока").fill("Корни")
    page.locator("input.put").first.fill("5")
    page.get_by_role("button", name="Сохранить урок").last.click()

    expect(page.get_by_text("Урок сохранён")).to_be_visible()
    assert Mark.objects.get().put_by == cast.substitute
    assert Substitution.objects.get().acknowledged_at is not None
    assert page.goto(reverse("register:grid", args=[cast.algebra.code])).status == 404
    assert page.goto(reverse("register:lesson", args=[cast.lessons[0].code])).status == 404


def test_the_family_sees_it_at_once(open_as, cast: Cast):
    page = open_as("mother", reverse("diary:week"))
    expect(page.get_by_text("замена: Орлова Т. П.")).to_have_count(0)
    verbs.substitute(
        cast.actor("deputy"), cast.today_lesson, acting=cast.substitute, reason="Болезнь", at=moment(TODAY)
    )

    page.reload()

    expect(page.get_by_text("замена: Орлова Т. П.")).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("options", [{}, PHONE | DARK], ids=["wide", "phone-dark"])
def test_the_pages_are_accessible_and_fit(open_as, cast: Cast, options: dict):
    verbs.substitute(
        cast.actor("deputy"), cast.today_lesson, acting=cast.substitute, reason="Болезнь", at=moment(TODAY)
    )
    pages = [
        ("deputy", LOG),
        ("substitute", LOG),
        ("deputy", PLAN),
        ("deputy", f"{PLAN}?teacher={cast.class_teacher.code}&first=2026-11-16&last=2026-11-20"),
        ("deputy", f"{PLAN}?by=class&class={cast.class_8a.code}&first=2026-11-20"),
        ("substitute", reverse("register:lesson", args=[cast.today_lesson.code])),
        ("deputy", reverse("control:duties")),
        ("teacher", reverse("control:my_day")),
    ]
    for member, path in pages:
        page = open_as(member, path, **options)
        assert_accessible(page)
        assert_fits(page)
