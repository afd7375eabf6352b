"""Measure pages that people open every day, in School 5: my day, a class-week of absences, plan and fact of the school.

Run as `python -m bench.pages`. Whole requests through Django's test client; medians. A page that is not there is said.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.printing import LIMIT_S
from bench.school import Row, client, in_turns, open_school, row, rows_of, run, watched

urlpatterns: list[Any] = []
"""Filled with those of the product (settings.ROOT_URLCONF)."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page to measure: whose it is, its address by name, and what it may take."""

    title: str
    login: str
    name: str
    arguments: tuple[Any, ...] = ()
    query: str = ""
    limit_ms: float = 0
    limit_queries: int = 0
    rounds: int = 40


def rows() -> list[Row]:
    """Return what, figure, target and verdict of each measurement."""
    return rows_of("bench.pages")


def measured() -> list[Row]:
    """Return the rows, measured in this process."""
    open_school("bench.pages")
    import bench.pages
    from bench import programme
    from letopis.config import urls

    bench.pages.urlpatterns.extend(urls.urlpatterns)
    return [*(line for page in _pages() for line in _rows(page)), *programme.measured("demo-5")]


def _pages() -> list[Page]:
    from letopis.schooling.models import SchoolClass

    classes = SchoolClass.objects.filter(organisation__slug="demo-5", grade=5, letter="Б").order_by("year__starts_on")
    past, led = classes
    return [
        Page("my day of a teacher", "teacher", "control:my_day", limit_ms=15, limit_queries=8),
        Page("my day of a class teacher", "classteacher", "control:my_day", limit_ms=15, limit_queries=8),
        Page("absences of a class-week", "classteacher", "register:absence_week", (led.code,), limit_ms=20),
        Page("plan and fact of the school", "director", "register:programme", limit_ms=300, rounds=10),
        Page("today of the school: what lessons lack", "deputy", "control:my_day", query="?school=1", rounds=10),
        Page("list of registers", "director", "register:courses", rounds=10),
        Page("diary of a pupil", "parent", "diary:week"),
        Page(
            f"register of {past.title}, a year, as PDF", "director", "attestation:class_register_pdf", (past.code,),
            limit_ms=LIMIT_S * 1000, rounds=3,
        ),
    ]  # fmt: skip


def _rows(page: Page) -> list[Row]:
    from django.urls import NoReverseMatch, reverse

    try:
        address = reverse(page.name, args=page.arguments) + page.query
    except NoReverseMatch:
        return [(page.title, "there is no such page", f"≤ {page.limit_ms:g} ms", "нет")]
    browser = client(page.login)

    def get() -> Any:
        answer = browser.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{page.title}: {address} answered {answer.status_code}")
        return b"".join(answer) if answer.streaming else answer.content

    get()
    body, statements = watched(get)
    return [*_times(page, get), *_queries(page, statements, len(body))]


def _times(page: Page, get: Callable[[], Any]) -> list[Row]:
    [taken] = in_turns({"page": get}, rounds=page.rounds).values()
    figure = f"{taken:.1f} ms" if taken < 1000 else f"{taken / 1000:.2f} s"
    if not page.limit_ms:
        return [(page.title, figure, "—", "—")]
    target = f"≤ {page.limit_ms:g} ms" if page.limit_ms < 1000 else f"≤ {page.limit_ms / 1000:g} s"
    return [row(page.title, figure, target, taken <= page.limit_ms)]


def _queries(page: Page, statements: list[str], size: int) -> list[Row]:
    if not page.limit_queries:
        return []
    holds = len(statements) <= page.limit_queries
    figure = f"{len(statements)}, {size / 1024:.0f} KB"
    return [row(f"{page.title}: queries, size", figure, f"≤ {page.limit_queries}", holds)]


if __name__ == "__main__":
    run("bench.pages", measured)
