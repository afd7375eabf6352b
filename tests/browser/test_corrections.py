"""A correction by hand in a browser: asked from a closed cell, approved; a term closed and opened again."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from letopis.register.models import Correction, Mark, PeriodClosing, TermMark
from tests.browser.conftest import DARK, PHONE, WIDE, assert_accessible, assert_fits
from tests.browser.grid_page import cell, open_grid, press
from tests.cast import Cast
from tests.factories import moment
from tests.policy import adopt

POLINA = 4
FIRST = 1


@pytest.fixture
def shut(cast: Cast) -> Cast:
    adopt(cast.organisation, edit_window_days=3)
    Mark.objects.create(
        organisation=cast.organisation, task=cast.lessons[0].tasks.get(), pupil=cast.polina, value="3",
        put_at=moment(cast.lessons[0].on), put_by=cast.teacher,
    )  # fmt: skip
    return cast


def request(cast: Cast) -> Correction:
    return Correction.objects.create(
        organisation=cast.organisation, kind="MARK", course=cast.algebra, lesson=cast.lessons[0],
        task=cast.lessons[0].tasks.get(), pupil=cast.polina, term=cast.term, old_value="3", new_value="4",
        reason="Ошибка при вводе", requested_by=cast.teacher, requested_at=moment(date(2026, 11, 16), 9),
        clause="Положение о ведении журнала, п. 2.4",
    )  # fmt: skip


def test_a_key_in_a_closed_cell_leads_to_the_request_and_the_deputy_approves(open_as, shut: Cast):
    page = open_grid(open_as, shut)
    cell(page, POLINA, FIRST).click()
    press(page, "4")
    panel = page.locator("#cell-panel")
    expect(panel.get_by_text("Изменять занятие можно было до 05.11.2026").first).to_be_visible()
    expect(cell(page, POLINA, FIRST)).to_have_text("3")
    assert_accessible(page)
    panel.locator("[data-trouble]").get_by_role("link", name="Попросить исправление").click()
    expect(page.get_by_label("Как должно быть")).to_have_value("4")
    page.get_by_label("Почему").fill("Ошибка при вводе")
    assert_accessible(page)
    page.get_by_role("button", name="Попросить исправление").click()
    expect(page.get_by_text("Просьба записана")).to_be_visible()

    his = open_as("deputy", reverse("register:corrections"))
    assert_accessible(his)
    his.get_by_role("link", name="отметка 02.11.2026").click()
    his.get_by_label("Приказ").fill("№ 15 от 16.11.2026")
    assert_accessible(his)
    his.get_by_role("button", name="Разрешить и исправить").click()
    expect(his.get_by_text("Оба значения остались в журнале.")).to_be_visible()
    assert Mark.objects.get(pupil=shut.polina).value == "4"

    page.goto(reverse("register:grid", args=[shut.algebra.code]))
    expect(cell(page, POLINA, FIRST)).to_have_text("4")
    expect(cell(page, POLINA, FIRST)).to_have_class("corrected locked")


def test_a_mark_locked_by_the_term_mark_is_refused_with_the_way_to_ask(open_as, cast: Cast):
    TermMark.objects.create(
        organisation=cast.organisation, pupil=cast.polina, subject=cast.algebra.subject, term=cast.term, value="4",
        put_at=moment(date(2026, 11, 16)), put_by=cast.teacher,
    )  # fmt: skip
    page = open_grid(open_as, cast)
    cell(page, POLINA, FIRST).click()
    press(page, "5")
    trouble = page.locator("#cell-panel [data-trouble]")
    expect(trouble.get_by_text("Отметка за период выставлена")).to_be_visible()
    trouble.get_by_role("link", name="Попросить исправление").click()
    expect(page.get_by_label("Как должно быть")).to_have_value("5")


def test_a_deputy_declines_with_a_reason(open_as, shut: Cast):
    row = request(shut)
    page = open_as("deputy", reverse("register:correction", args=[row.code]))
    page.get_by_label("Почему не разрешено").fill("Отметка верна")
    page.get_by_role("button", name="Отклонить").click()
    expect(page.get_by_text("Просьба отклонена")).to_be_visible()
    row.refresh_from_db()
    assert row.state == "DECLINED"


def test_a_term_is_closed_by_the_deputy_and_opened_again_by_the_director(open_as, cast: Cast):
    first = cast.year.terms.get(kind="QUARTER", number=1)
    url = f"{reverse('control:closing')}?term={first.code}"
    page = open_as("deputy", url)
    assert_accessible(page)
    page.get_by_role("link", name="7А").click()
    assert_accessible(page)
    page.get_by_role("button", name="Закрыть период").click()
    expect(page.get_by_role("heading", name="Период закрыт")).to_be_visible()

    his = open_as("director", reverse("control:closing_class", args=[cast.class_7a.code, first.code]))
    his.get_by_label("Номер и дата приказа").fill("№ 7 от 16.11.2026")
    his.get_by_label("Причина").fill("Неверные отметки")
    assert_accessible(his)
    his.get_by_role("button", name="Открыть период").click()
    expect(his.get_by_text("Период снова открыт")).to_be_visible()
    assert PeriodClosing.objects.get().order == "приказ № 7 от 16.11.2026"


@pytest.mark.parametrize("options", [WIDE, PHONE, WIDE | DARK, PHONE | DARK], ids=["wide", "phone", "dark", "night"])
@pytest.mark.parametrize("name", ["list", "request", "closing", "class"])
def test_the_pages_fit_and_are_accessible(open_as, shut: Cast, options, name):
    row = request(shut)
    pages = {
        "list": reverse("register:corrections"),
        "request": reverse("register:correction", args=[row.code]),
        "closing": f"{reverse('control:closing')}?term={shut.term.code}",
        "class": reverse("control:closing_class", args=[shut.class_8a.code, shut.term.code]),
    }
    page = open_as("deputy", pages[name], **options)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
