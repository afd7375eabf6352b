"""Measure how soon the register grid takes a key, in a real Chromium: a full class and term of School 5.

Run as `python -m bench.first_key`. From the moment the page's own `load` event has ended, a key is pressed every two
milliseconds until a cell shows it; the figure is how long after `load` that was (nothing, when the grid was ready
before). Told beside it: how much of that is the grid and not a browser that ran nothing at all (a busy machine), how
long after the last byte of the page, and what the script weighs that is loaded with the page.
The pages are served as in a school: hashed static files, no debug, SQLite in a file; the server and the browser share
the machine. Where there is no Chromium the part says so.
"""

import os
import re
import shutil
import statistics
import threading
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from bench import grid
from bench.school import Row, row, rows_of, run

ROUNDS = 9
WARM_UP = 2
KEY_MS, SCRIPT_KB = 100, 30
CHROMIUM = os.environ.get("LETOPIS_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"

_HASH = re.compile(r"\.[0-9a-f]{12}\.js$")

PRESS = """
let firstTry;
const press = () => {
  const [navigation] = performance.getEntriesByType("navigation");
  if (!navigation.loadEventEnd) return;
  firstTry ??= performance.now();
  const init = { key: "5", code: "Digit5", bubbles: true, cancelable: true };
  const target = document.querySelector("td.selected") ?? document.body;
  const isTaken = !target.dispatchEvent(new KeyboardEvent("keydown", init));
  if (!isTaken || target.textContent !== "5") return;
  clearInterval(timer);
  const now = performance.now();
  const scripts = performance.getEntriesByType("resource").filter((one) => one.name.includes("/register/js/"));
  window.firstKey = {
    afterLoad: now - navigation.loadEventEnd,
    afterTry: now - firstTry,
    afterResponse: now - navigation.responseEnd,
    scripts: scripts.map((one) => [one.name, one.decodedBodySize]),
  };
  document.documentElement.dataset.firstKey = "";
};
const timer = setInterval(press, 2);
"""


def rows() -> list[Row]:
    """Return what, figure, target and verdict of each measurement."""
    return rows_of("bench.first_key")


def measured() -> list[Row]:
    """Return the rows, measured in this process."""
    if not Path(CHROMIUM).exists():
        return [("grid: first key", "no Chromium here", "", "—")]
    place = grid._prepare()
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.urls import reverse

    settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
    server = make_server("127.0.0.1", 0, WSGIHandler(), server_class=_Server, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_port}"
    cookie = {"name": settings.SESSION_COOKIE_NAME, "url": origin}
    cookie["value"] = place.client.cookies[settings.SESSION_COOKIE_NAME].value
    found = _in_browser(origin + reverse("register:grid", args=[place.course.code]), cookie)
    server.shutdown()
    names = ("afterLoad", "afterTry", "afterResponse")
    load, tried, response = (statistics.median(one[name] for one in found) for name in names)
    weight = max(_loaded_with_page(one["scripts"]) for one in found) / 1024
    what = f"grid {grid.PUPILS} × {grid.COLUMNS} in Chromium"
    return [
        row(f"{what}: first key after load", f"{load:.0f} ms", f"≤ {KEY_MS} ms", load <= KEY_MS),
        (f"{what}: of that after the first press the browser let through", f"{tried:.0f} ms", "—", "—"),
        (f"{what}: first key after the last byte of the page", f"{response:.0f} ms", "—", "—"),
        row(f"{what}: script loaded with the page", f"{weight:.1f} KB", f"≤ {SCRIPT_KB} KB", weight <= SCRIPT_KB),
    ]


def _loaded_with_page(scripts: list[tuple[str, int]]) -> int:
    """Return the bytes of the modules that the first key needs; the other parts may have come by then too."""
    from letopis.register.views.grid_script import MODULES

    return sum(size for name, size in scripts if _HASH.sub(".js", name.partition("/static/")[2]) in MODULES)


def _in_browser(address: str, cookie: Any) -> list[dict[str, Any]]:
    from playwright.sync_api import sync_playwright

    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for number in range(WARM_UP + ROUNDS):
            # A context of its own: nothing is cached, as on the first morning.
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            context.add_cookies([cookie])
            context.add_init_script(PRESS)
            page = context.new_page()
            page.goto(address)
            # The page's own policy allows no evaluated text, which waiting for a function would be.
            page.wait_for_selector("html[data-first-key]", state="attached")
            if number >= WARM_UP:
                found.append(page.evaluate("window.firstKey"))
            context.close()
        browser.close()
    return found


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_said: Any) -> None:
        """Say nothing: the output is the table."""


if __name__ == "__main__":
    run("bench.first_key", measured)
