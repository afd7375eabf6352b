"""The page of the grid as tests take it: opening, cells, keys, what the browser keeps."""

import json
from typing import Any

from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

TODAY_COLUMN = 5
RUSSIAN = {"я": "KeyZ", "н": "KeyY"}


def open_grid(open_as: Any, cast: Any, member: str = "teacher", **options: Any) -> Page:
    """Open the grid of algebra and wait for all parts of its script."""
    page = open_as(member, reverse("register:grid", args=[cast.algebra.code]), **options)
    wait_for_script(page)
    return page


def wait_for_script(page: Page) -> None:
    expect(page.locator("section[data-ready]")).to_be_attached()


def cell(page: Page, row: int, column: int = TODAY_COLUMN) -> Locator:
    """Return the cell of a row and a column, counted from one."""
    return page.locator(f"tbody tr:nth-child({row}) td:nth-of-type({column})")


def status(page: Page) -> Locator:
    return page.locator("[data-status]")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def press_russian(page: Page, key: str, code: str, **held: bool) -> None:
    """Press a key in a layout that Playwright does not know."""
    page.locator("td.selected").dispatch_event("keydown", {"key": key, "code": code, "bubbles": True} | held)


def paste(page: Page, text: str) -> None:
    """Paste as the keyboard does: what a spreadsheet put into the clipboard comes with the event."""
    page.evaluate(
        """(text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
            document.activeElement.dispatchEvent(event);
        }""",
        text,
    )


def copied(page: Page) -> str:
    """Return what Ctrl+C puts into the clipboard."""
    return str(
        page.evaluate(
            """() => {
                const clipboardData = new DataTransfer();
                const event = new ClipboardEvent("copy", { clipboardData, bubbles: true, cancelable: true });
                document.activeElement.dispatchEvent(event);
                return clipboardData.getData("text/plain");
            }"""
        )
    )


def kept(page: Page, what: str) -> dict[str, Any]:
    """Return what the browser keeps for the register under names with this word: outbox, undo."""
    names = page.evaluate("Object.entries(localStorage)")
    return {name: json.loads(text) for name, text in names if name.startswith(f"letopis:{what}:")}


def saved(page: Page, row: int, text: str, column: int = TODAY_COLUMN) -> None:
    """The cell shows the text, and nothing more is on its way."""
    expect(cell(page, row, column)).to_have_text(text)
    expect(page.locator("td[data-state=saving], td[data-state=unsent]")).to_have_count(0)
    expect(status(page)).to_contain_text("Сохранено в")


def close_without_a_word(page: Page) -> None:
    """Close the tab as a crash does: nothing is asked and nothing more is sent."""
    page.close(run_before_unload=False)
