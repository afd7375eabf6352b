"""«Почему?» and «что, если» by hand: a teacher over his page, a pupil on a phone, a class teacher."""

import re
from typing import Any

from django.urls import reverse
from playwright.sync_api import expect

from letopis.ledger.models import Entry
from letopis.register.models import Mark
from tests.browser.conftest import DARK, PHONE, assert_accessible, assert_fits
from tests.cast import Cast
from tests.register.test_term_marks import put


def await_panel(page: Any) -> None:
    """Until the module is there the link leads to the page, as it does without script."""
    expect(page.locator("dialog.why[data-ready]")).to_be_attached()


def test_a_teacher_opens_why_over_the_page_and_supposes_a_mark(open_as, cast: Cast):
    put(cast, cast.pupils[0], "4", "4", kind="КР")
    entries = Entry.objects.count()
    page = open_as("teacher", reverse("register:term_marks", args=[cast.algebra.code]))

    await_panel(page)
    page.get_by_role("link", name="Почему? Антонова Дарья").click()

    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("heading", name="Антонова Дарья")).to_be_visible()
    expect(panel.get_by_text("(4·3×2) : 6 = 4,00")).to_be_visible()
    assert_accessible(page)
    panel.get_by_label("Предположить отметку").select_option("5")
    panel.get_by_label("За какую работу").select_option("КР")
    panel.get_by_role("button", name="Посчитать").click()
    expect(panel.get_by_text("С этими отметками выйдет 4, среднее 4,33.")).to_be_visible()
    panel.get_by_label("Предположить отметку").select_option("5")
    panel.get_by_label("За какую работу").select_option("КР")
    panel.get_by_role("button", name="Посчитать").click()
    expect(panel.get_by_text("С этими отметками выйдет 5, среднее 4,50.")).to_be_visible()
    panel.get_by_role("link", name="Убрать все").click()
    expect(panel.get_by_text("С этими отметками")).to_have_count(0)
    panel.get_by_role("button", name="Закрыть").click()
    expect(panel).to_have_count(0)
    assert (Mark.objects.count(), Entry.objects.count()) == (2, entries)


def test_the_panel_of_a_cell_leads_to_why(open_as, cast: Cast):
    put(cast, cast.pupils[0], "4", kind="КР")
    page = open_as("teacher", reverse("register:grid", args=[cast.algebra.code]))

    await_panel(page)
    page.locator("table.g tbody td").first.click()
    page.get_by_role("link", name="Почему, и что, если").click()

    expect(page.get_by_role("dialog").get_by_text("(4·3) : 3 = 4,00")).to_be_visible()


def test_a_pupil_asks_on_a_phone_what_leads_to_a_five(open_as, cast: Cast):
    put(cast, cast.polina, "4", "4", kind="КР")
    page = open_as("pupil", reverse("diary:week"), **PHONE, **DARK)

    page.get_by_role("link", name="Успеваемость").click()

    algebra = page.locator("section.standing").filter(has=page.get_by_role("heading", name="Алгебра"))
    expect(algebra).to_contain_text("Что нужно для пятёрки: две пятёрки (контрольная работа)")
    assert_accessible(page)
    assert_fits(page)
    await_panel(page)
    algebra.get_by_role("link", name=re.compile("Почему")).click()
    panel = page.get_by_role("dialog")
    expect(panel.get_by_text("До пятёрки ведут: две пятёрки (контрольная работа)")).to_be_visible()
    assert_accessible(page)


def test_without_script_the_link_leads_to_a_page_that_answers(open_as, cast: Cast):
    put(cast, cast.polina, "4", "4", kind="КР")
    page = open_as("mother", reverse("diary:progress"), java_script_enabled=False)

    page.get_by_role("link", name=re.compile("Почему, и что если.*Алгебра")).click()
    page.get_by_label("Предположить отметку").select_option("5")
    page.get_by_role("button", name="Посчитать").click()

    expect(page.get_by_text("С этими отметками выйдет 4")).to_be_visible()
    expect(page).to_have_url(re.compile("wanted=5"))


def test_the_forecast_of_a_class_fits_and_leads_to_why(open_as, cast: Cast):
    put(cast, cast.pupils[0], "2", "2")
    page = open_as("class_teacher", reverse("attestation:forecast", args=[cast.class_8a.code]), **PHONE)

    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name=re.compile("прогноз «2»")).first.click()
    expect(page.locator("table.forecast tbody tr")).to_have_count(1)
    page.locator("table.forecast tbody td a").first.click()
    expect(page.get_by_role("heading", name="Антонова Дарья: почему такая отметка")).to_be_visible()
    assert_accessible(page)


def test_a_figure_of_the_statement_can_be_asked_why(open_as, cast: Cast):
    page = open_as("deputy", reverse("attestation:statement", args=[cast.class_8a.code]))

    page.locator("details.why-figure summary").first.click()

    expect(page.get_by_text("сумма отметок : число отметок")).to_be_visible()
    assert_accessible(page)


def test_the_page_of_a_year_mark_answers_what_leads_to_a_five(open_as, cast: Cast):
    page = open_as("teacher", reverse("attestation:year_marks", args=[cast.algebra.code]))

    await_panel(page)
    page.get_by_role("link", name="Почему? Антонова Дарья").click()
    panel = page.get_by_role("dialog")
    panel.get_by_label("Какую отметку хочется").select_option("5")
    panel.get_by_role("button", name="Посчитать").click()

    expect(panel.get_by_text("До пятёрки за год ведут отметки за оставшиеся периоды")).to_be_visible()
    assert_accessible(page)
