"""What was typed and not answered outlives the tab, the network and the session, and is sent once."""

import json

from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from letopis.ledger.models import Entry
from letopis.register.models import Mark
from tests.browser.conftest import assert_accessible
from tests.browser.grid_page import (
    cell,
    close_without_a_word,
    kept,
    open_grid,
    press,
    saved,
    status,
    wait_for_script,
)
from tests.factories import PASSWORD


def again(page: Page) -> Page:
    """Open the page of this one anew, in the same browser, after the tab was lost; the network is there then."""
    context, address = page.context, page.url
    close_without_a_word(page)
    context.set_offline(False)
    new = context.new_page()
    new.goto(address)
    wait_for_script(new)
    return new


def server_is_down(*_args: object, **_kwargs: object) -> None:
    raise RuntimeError("down")


def sign_in_as(page: Page, username: str) -> None:
    if "sign-in" not in page.url:
        page.goto("/sign-in")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    press(page, "Enter")


def values() -> list[str]:
    return list(Mark.objects.order_by("pupil__person__sort_key").values_list("value", flat=True))


def entries_of_marks() -> int:
    return Entry.objects.filter(verb="register.put_mark").count()


def test_marks_typed_without_a_network_are_sent_once_after_the_tab_was_lost(cast, open_as, monkeypatch):
    page = open_grid(open_as, cast)
    cell(page, 1).click()
    page.context.set_offline(True)
    press(page, "5", "Enter", "4", "Enter", "3")
    expect(status(page)).to_contain_text("Не отправлено: 3")
    assert_accessible(page)
    [outbox] = kept(page, "outbox").values()
    told = json.dumps(outbox, ensure_ascii=False)
    assert not any(pupil.person.last_name in told for pupil in cast.pupils)
    with monkeypatch.context() as broken:
        # A closing tab sends its last request past the emulated network: the server is down.
        broken.setattr("letopis.register.views.grid.save_once", server_is_down)
        page = again(page)
        expect(cell(page, 1)).to_have_attribute("data-state", "unsent")
        assert values() == []
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(reverse("control:my_day"))
        expect(page.get_by_text("В этом браузере ждут ваши неотправленные отметки")).to_be_visible()
        assert_accessible(page)
        page.get_by_role("link", name="Открыть журнал (3)").click()
        wait_for_script(page)

    page = again(page)

    saved(page, 3, "3")
    assert values() == ["5", "4", "3"]
    assert entries_of_marks() == 3
    assert kept(page, "outbox") == {}


def test_a_save_whose_answer_was_lost_is_not_done_twice_and_shows_who_changed_it_since(cast, open_as):
    page = open_grid(open_as, cast)
    sent = []

    def lose_the_answer(route):
        sent.append(route.request.post_data_json["key"])
        route.fetch()
        route.abort()

    page.route("**/cells/", lose_the_answer, times=1)
    cell(page, 1).click()
    press(page, "5")
    expect(cell(page, 1)).to_have_attribute("data-state", "unsent")
    assert values() == ["5"]
    # Somebody changes it before the browser asks again.
    Mark.objects.update(value="2")
    page.on("request", lambda request: request.url.endswith("/cells/") and sent.append(request.post_data_json["key"]))

    page.get_by_role("button", name="Повторить").click()

    expect(cell(page, 1)).to_have_attribute("data-state", "conflict")
    expect(page.locator(".versus")).to_contain_text("Сейчас в журнале2")
    assert sent[0] == sent[1]
    assert values() == ["2"]
    assert entries_of_marks() == 1


def test_what_another_changed_meanwhile_is_shown_as_a_conflict_after_a_reload_too(cast, open_as):
    page = open_grid(open_as, cast)
    cell(page, 1).click()
    page.context.set_offline(True)
    press(page, "5")
    expect(status(page)).to_contain_text("Не отправлено: 1")
    other = open_grid(open_as, cast)
    cell(other, 1).click()
    press(other, "2")
    saved(other, 1, "2")

    page.context.set_offline(False)

    expect(cell(page, 1)).to_have_attribute("data-state", "conflict")
    expect(status(page)).to_contain_text("Расхождение: 1")
    page = again(page)
    expect(cell(page, 1)).to_have_attribute("data-state", "conflict")
    cell(page, 1).click()
    expect(page.locator(".versus")).to_contain_text("Ваше5")
    expect(page.locator(".versus")).to_contain_text("Сейчас в журнале2")
    page.get_by_role("button", name="Оставить моё").click()
    saved(page, 1, "5")
    assert values() == ["5"]


def test_twelve_marks_wait_for_the_same_person_to_sign_in(cast, open_as):
    page = open_grid(open_as, cast)
    cell(page, 1).click()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    for _column in range(2):
        for value in "543254":
            press(page, value, "Enter")
        cell(page, 1, 4).click()
    expect(status(page)).to_contain_text("Не отправлено: 12. Ждёт в этом браузере.")
    expect(status(page)).to_contain_text("набранное не потеряно")
    assert_accessible(page)
    address = page.url

    # Another person signs in on the same device: he neither sends nor sees them.
    other = page.context.new_page()
    sign_in_as(other, cast.users["deputy"].username)
    other.wait_for_url(lambda url: "sign-in" not in url)
    other.goto(address)
    wait_for_script(other)
    expect(other.locator("td[data-state]")).to_have_count(0)
    other.get_by_role("button", name="Выйти").click()
    other.wait_for_url("**/sign-in*")
    other.close()
    assert Mark.objects.count() == 0

    page.get_by_role("link", name="Войти").click()
    page.wait_for_url("**/sign-in?next=*")
    sign_in_as(page, cast.users["teacher"].username)

    wait_for_script(page)
    saved(page, 6, "4")
    assert Mark.objects.count() == 12
    assert entries_of_marks() == 12


def test_marks_of_one_person_are_not_sent_in_the_session_of_another(cast, open_as):
    page = open_grid(open_as, cast)
    cell(page, 1).click()
    other = cast.client("deputy").cookies[settings.SESSION_COOKIE_NAME].value
    cookies = page.context.cookies()
    session = next(one for one in cookies if one["name"] == settings.SESSION_COOKIE_NAME)
    page.context.add_cookies([session | {"value": other}])

    press(page, "5")

    expect(status(page)).to_contain_text("Ждёт в этом браузере")
    assert Mark.objects.count() == 0
    page.context.add_cookies(cookies)
    page.get_by_role("button", name="Повторить").click()
    saved(page, 1, "5")


def test_two_tabs_of_one_person_learn_of_each_other_and_send_nothing_twice(cast, open_as):
    one = open_grid(open_as, cast)
    two = one.context.new_page()
    two.goto(one.url)
    wait_for_script(two)
    cell(one, 1).click()

    press(one, "5")

    saved(one, 1, "5")
    expect(cell(two, 1)).to_have_text("5")
    expect(two.locator("tbody tr:nth-child(1) .average")).to_have_text("5,00")
    cell(two, 1).click()
    press(two, "4")
    saved(two, 1, "4")
    one.context.set_offline(True)
    cell(one, 2).click()
    press(one, "3")
    expect(status(one)).to_contain_text("Не отправлено: 1")
    # The other tab leaves alone what a living page keeps.
    one.context.set_offline(False)
    saved(one, 2, "3")
    expect(cell(two, 2)).to_have_text("3")
    assert values() == ["4", "3"]
    assert entries_of_marks() == 3


def test_the_clock_of_the_device_decides_nothing(cast, open_as):
    page = open_grid(open_as, cast)
    page.clock.set_fixed_time("2009-02-03T04:05:06")
    cell(page, 1).click()

    press(page, "5", "Enter", "4")

    expect(cell(page, 2)).to_have_text("4")
    expect(status(page)).to_contain_text("Сохранено в")
    press(page, "Control+KeyZ")
    saved(page, 2, "")
    assert values() == ["5", ""]


def test_a_page_left_while_a_save_waits_sends_it(cast, open_as):
    page = open_grid(open_as, cast)
    cell(page, 1).click()
    press(page, "5")

    page.goto(reverse("register:courses"))

    page.goto(reverse("register:grid", args=[cast.algebra.code]))
    wait_for_script(page)
    expect(cell(page, 1)).to_have_text("5")
    expect(page.locator("td[data-state=saving], td[data-state=unsent]")).to_have_count(0)
    assert entries_of_marks() == 1
