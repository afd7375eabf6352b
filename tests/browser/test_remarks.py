"""A remark by hand in a browser: put at a cell, answered, confirmed; a journal marked as checked; reminders."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from letopis.register.models import PageReview, Remark
from tests.browser.conftest import DARK, PHONE, WIDE, assert_accessible, assert_fits
from tests.cast import Cast
from tests.factories import moment


def test_a_deputy_remarks_on_a_cell_the_teacher_answers_the_deputy_confirms(open_as, cast: Cast):
    page = open_as("deputy", reverse("register:grid", args=[cast.algebra.code]))
    page.locator("table.g tbody tr").nth(3).locator("td").first.click()
    page.get_by_role("link", name="Сделать замечание к клетке").click()
    page.get_by_label("Что нужно исправить").fill("Отметка без вида работы")
    assert_accessible(page)
    page.get_by_role("button", name="Сделать замечание").click()
    expect(page.get_by_text("Замечание сделано: учитель увидит его в напоминаниях.")).to_be_visible()
    row = Remark.objects.get()
    assert (row.course, row.teacher, row.pupil is not None) == (cast.algebra, cast.teacher, True)

    his = open_as("teacher", "/day/")
    his.get_by_role("link", name="Напоминания").click()
    assert_accessible(his)
    his.get_by_role("button", name="Открыть").first.click()
    his.get_by_label("Ответ").fill("Вид работы указан")
    assert_accessible(his)
    his.get_by_role("button", name="Замечание устранено").click()
    expect(his.get_by_text("Теперь его проверит администрация.")).to_be_visible()

    page.goto(reverse("register:remarks"))
    page.get_by_role("link", name="Отметка без вида работы").click()
    expect(page.get_by_text("Вид работы указан").first).to_be_visible()
    page.get_by_role("button", name="Подтвердить устранение").click()
    expect(page.get_by_text("Устранение подтверждено.")).to_be_visible()
    row.refresh_from_db()
    assert row.state == "CONFIRMED"


def test_a_remark_is_returned_with_what_is_missing(open_as, cast: Cast):
    row = put(cast, state="REMOVED", answer="Исправлено")
    page = open_as("deputy", reverse("register:remark", args=[row.code]))
    page.get_by_text("Вернуть учителю").click()
    page.get_by_label("Что ещё не исправлено").fill("Нет темы 13 ноября")
    assert_accessible(page)
    page.get_by_role("button", name="Вернуть", exact=True).click()

    expect(page.get_by_text("Замечание возвращено учителю.")).to_be_visible()
    row.refresh_from_db()
    assert row.state == "OPEN"


def test_a_deputy_marks_a_journal_as_checked(open_as, cast: Cast):
    page = open_as("deputy", reverse("register:topics", args=[cast.algebra.code]))
    page.get_by_role("link", name="Проверка").click()
    page.get_by_label("Результат проверки").fill("Темы записаны")
    page.get_by_role("button", name="Журнал проверен").click()

    expect(page.get_by_text("Записано: журнал проверен.")).to_be_visible()
    assert PageReview.objects.get().note == "Темы записаны"


@pytest.mark.parametrize("options", [WIDE | DARK, PHONE], ids=["dark", "phone"])
def test_the_pages_fit_and_are_accessible(open_as, cast: Cast, options):
    row = put(cast, text="Не записана тема урока, " * 12)
    page = open_as("deputy", reverse("register:remarks"), **options)
    for address in (
        reverse("register:remarks"),
        reverse("register:remark", args=[row.code]),
        reverse("register:review", args=[cast.algebra.code]),
        f"{reverse('register:new_remark')}?lesson={cast.today_lesson.code}",
        reverse("notices:notices"),
    ):
        page.goto(address)
        assert_accessible(page)
        assert_fits(page)


def put(cast: Cast, **said: object) -> Remark:
    values = {"text": "Не записана тема", "due_on": cast.today_lesson.on, "made_at": moment(cast.today_lesson.on)}
    return Remark.objects.create(
        organisation=cast.organisation, course=cast.algebra, teacher=cast.teacher, **(values | said)
    )
