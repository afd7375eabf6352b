"""The way in: the administrator gives access, prints the slips, and a newcomer signs in by one of them."""

import re

import pytest
from playwright.sync_api import expect

from letopis.accounts.models import User
from tests.browser.conftest import DARK, PHONE, WIDE, assert_accessible, assert_fits

NEW = "морковь телега окно"


def test_a_slip_leads_a_newcomer_in(open_as, cast):
    page = open_as("administrator", "/accounts/?kind=pupils&class=8А")
    page.get_by_label("Все на странице").check()
    expect(page.locator('input[name="person"]:checked')).to_have_count(5)
    page.get_by_role("button", name="Выдать доступ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Выдать доступ?")
    assert_accessible(page)
    page.get_by_role("button", name="Выдать и показать листки").click()

    slip = page.locator("article.slip", has_text="Зимина Ксения Олеговна")
    expect(page.locator("article.slip")).to_have_count(5)
    expect(page.get_by_role("button", name="Печать")).to_be_visible()
    assert_accessible(page)
    username, password = slip.locator(".secret").all_inner_texts()

    page.context.clear_cookies()
    page.goto("/sign-in")
    page.get_by_label("Имя для входа").fill(username)
    page.get_by_label("Пароль", exact=True).fill(password)
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Придумайте свой пароль")
    assert_accessible(page)
    page.goto("/accounts/")
    expect(page).to_have_url(re.compile(r"/password$"))
    page.get_by_label("Нынешний пароль").fill(password)
    page.get_by_label("Новый пароль", exact=True).fill(NEW)
    page.get_by_label("Новый пароль ещё раз").fill(NEW)
    page.get_by_role("button", name="Сменить пароль").click()

    expect(page.get_by_text("Пароль изменён.")).to_be_visible()
    assert User.objects.get(username=username).check_password(NEW)


def test_only_the_slips_are_printed(open_as, cast):
    page = open_as("administrator", f"/accounts/give?person={cast.pupils[0].person.code}")
    page.get_by_role("button", name="Выдать и показать листки").click()

    page.emulate_media(media="print")

    expect(page.locator("article.slip")).to_be_visible()
    for hidden in (".navigation", ".top", ".no-print", ".buttons", ".foot"):
        expect(page.locator(hidden).first).to_be_hidden()


@pytest.mark.parametrize("look", [WIDE, PHONE, PHONE | DARK], ids=["wide", "phone", "dark"])
@pytest.mark.parametrize("path", ["/accounts/", "/accounts/?kind=guardians", "/password", "account", "account/close"])
def test_every_page_of_access_is_accessible_and_fits(open_as, cast, look, path):
    address = f"/accounts/{cast.users['deputy'].code}"

    page = open_as("administrator", path.replace("account", address) if path.startswith("account") else path, **look)

    assert_accessible(page)
    assert_fits(page)
