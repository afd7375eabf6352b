"""A real browser against a live server. Where Chromium is missing these tests are skipped by name.

`open_as("teacher", "/register/…/")` gives a page signed in as a member of the cast; phone and dark pages by
`open_as(…, **PHONE, **DARK)`. A page that logs an error, or breaks the Content-Security-Policy, fails its test.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.cast import Cast
from tests.factories import PASSWORD

CHROMIUM = os.environ.get("LETOPIS_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
WIDE = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DARK = {"color_scheme": "dark"}
NETWORK = "Failed to load resource"
TIMEOUT = 20_000
"""Milliseconds that a busy machine may take; a page that is right answers long before."""

expect.set_options(timeout=TIMEOUT)

OpenAs = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    missing = pytest.mark.skip(reason="Chromium is not installed (apt-get install chromium)")
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not Path(CHROMIUM).exists():
                item.add_marker(missing)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # Playwright's loop runs in this thread, and Django takes every loop for an async view.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_as(chromium: Browser, unlocked_ledger: None, live_server: Any, cast: Cast) -> Iterator[OpenAs]:
    """Return a function that opens an address as a member of the cast, in a window of its own."""
    contexts, complaints = [], []

    def complain(message: Any) -> None:
        # A refused or lost request is what some tests are about; everything else is a fault of the page.
        if message.type == "error" and NETWORK not in message.text:
            complaints.append(message.text)

    def open_page(member: str, path: str = "/", **options: Any) -> Page:
        context = chromium.new_context(base_url=live_server.url, locale="ru-RU", **(WIDE | options))
        context.set_default_timeout(TIMEOUT)
        contexts.append(context)
        session = cast.client(member).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", complain)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """Sign in by the form, as a person does."""
    page.goto("/sign-in")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password)
    page.locator("main form button[type=submit], form button").last.click()


def assert_accessible(page: Page) -> None:
    """axe finds nothing on the page as it stands."""
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def assert_fits(page: Page) -> None:
    """The page itself does not scroll sideways."""
    width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width[0] <= width[1], width
