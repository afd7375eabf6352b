"""The thematic plan by hand: import, offered topic, correction, plan and fact."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from letopis.register.actions.plan import change_plan
from letopis.register.models import Lesson
from letopis.schooling.models import PlanCorrection, PlanTopic
from tests.browser.conftest import PHONE, assert_accessible, assert_fits
from tests.cast import Cast
from tests.exchange.test_plans import ROOTS, workbook
from tests.register.test_plan import DRAFT, correction


@pytest.fixture
def plan(unlocked_ledger: None, cast: Cast) -> list[PlanTopic]:
    change_plan(cast.algebra, DRAFT, correction=correction(cast))
    return list(PlanTopic.objects.filter(course=cast.algebra).order_by("position"))


def test_a_teacher_brings_his_plan_in(cast: Cast, open_as: Any, tmp_path: Path) -> None:
    path = tmp_path / "plans.xlsx"
    page: Page = open_as("teacher", f"/register/{cast.algebra.code}/plan/")

    page.get_by_role("link", name="Загрузить из файла").first.click()
    path.write_bytes(workbook(Алгебра_8=[(1, "Корни", "Тема", "два", None)]))
    page.get_by_label("Книга с планами, .xlsx").set_input_files(path)
    page.get_by_role("button", name="Проверить").click()
    expect(page.get_by_role("cell", name="«два» — не целое число от 1 до 99.")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Алгебра 8, D2")).to_be_visible()
    assert_accessible(page)

    path.write_bytes(workbook(Алгебра_8=ROOTS))
    page.get_by_label("Книга с планами, .xlsx").set_input_files(path)
    page.get_by_role("button", name="Проверить").click()
    expect(page.get_by_text("новый план")).to_be_visible()
    page.get_by_role("button", name="Загрузить").click()

    expect(page.get_by_role("rowheader", name="Квадратный корень")).to_be_visible()
    assert PlanTopic.objects.count() == 2


def test_the_offered_topic_is_taken_by_one_press(cast: Cast, open_as: Any, plan: list[PlanTopic]) -> None:
    page: Page = open_as("teacher", f"/register/lessons/{cast.today_lesson.code}/")

    page.get_by_role("button", name="По плану: ").click()

    expect(page.get_by_label("Тема урока")).not_to_have_value("")
    assert Lesson.objects.get(pk=cast.today_lesson.pk).plan_topic is not None
    assert_accessible(page)


def test_the_table_of_topics_takes_the_offer_without_leaving(cast: Cast, open_as: Any, plan: list[PlanTopic]) -> None:
    page: Page = open_as("teacher", f"/register/{cast.algebra.code}/topics/?term=year")
    row = page.locator(f"#lesson-{cast.lessons[0].code}")

    row.get_by_role("link", name="По плану: Корни").click()

    expect(row.get_by_text("час 1 из 3")).to_be_visible()
    assert Lesson.objects.get(pk=cast.lessons[0].pk).plan_topic == plan[0]


def test_a_plan_in_use_is_corrected_with_a_reason_and_printed(cast: Cast, open_as: Any, plan: list[PlanTopic]) -> None:
    page: Page = open_as("teacher", f"/register/{cast.algebra.code}/plan/")
    assert_accessible(page)

    page.locator(f"#topic-{plan[2].code}").get_by_role("link", name="Изменить").click()
    page.get_by_label("Часов").fill("2")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("alert")).to_contain_text("Причина")
    page.get_by_label("Причина").fill("Карантин, приказ № 112")
    assert_accessible(page)
    page.get_by_role("button", name="Сохранить").click()

    page.get_by_role("link", name="Лист корректировки").click()
    expect(page.get_by_role("cell", name="Карантин, приказ № 112")).to_be_visible()
    assert_accessible(page)
    href = page.get_by_role("link", name="Печать").get_attribute("href")
    assert page.request.get(str(href)).body().startswith(b"%PDF-")


def test_hours_are_shared_out(cast: Cast, open_as: Any, plan: list[PlanTopic]) -> None:
    page: Page = open_as("teacher", f"/register/{cast.algebra.code}/plan/")

    page.get_by_role("link", name="Распределить часы").click()
    assert_accessible(page)
    page.get_by_label("Причина").fill("Праздничные дни")
    page.get_by_role("button", name="Принять").click()

    expect(page.get_by_text("Часы распределены")).to_be_visible()
    assert PlanCorrection.objects.filter(kind="HOURS").exists()


def test_plan_and_fact_fit_a_phone(cast: Cast, open_as: Any, plan: list[PlanTopic]) -> None:
    page: Page = open_as("deputy", "/register/", **PHONE)

    page.get_by_role("link", name="Выполнение программы").click()
    expect(page.get_by_role("heading", name="Выполнение программы")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name="Алгебра").click()
    expect(page.get_by_role("heading", name="Алгебра")).to_be_visible()
    assert_fits(page)
