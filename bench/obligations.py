"""Measure the duties of School 5: a whole term at once, a teacher's own, the deputy's board.

Run as `python -m bench.obligations`. Each round starts cold: nothing is kept between two readings of the duties. The
floor is what any answer costs: reading the same lessons as bare rows, without a rule.
"""

import statistics
import time
from collections.abc import Callable
from typing import Any

from bench.school import TODAY, Row, client, open_school, row, rows_of, run, told, watched

WHOLE_S, OWN_MS, ROUNDS = 1.5, 30.0, 9

urlpatterns: list[Any] = []
"""Filled with those of the product (settings.ROOT_URLCONF)."""


def rows() -> list[Row]:
    """Return what, figure, target and verdict of each measurement."""
    return rows_of("bench.obligations")


def measured() -> list[Row]:
    """Return the rows, measured in this process."""
    open_school("bench.obligations")
    import bench.obligations
    from letopis.config import urls

    bench.obligations.urlpatterns.extend(urls.urlpatterns)
    return [*_of_scopes(), *_of_pages()]


def _of_scopes() -> list[Row]:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from django.db.models import Count

    from letopis.control.queries.obligations import Scope, obligations_of
    from letopis.register.models import Lesson
    from letopis.schooling.models import AcademicYear, Term

    years = AcademicYear.objects.select_related("organisation").filter(organisation__slug="demo-5")
    year = years.latest("starts_on")
    zone = ZoneInfo(year.organisation.time_zone)
    now = datetime.combine(datetime.fromisoformat(TODAY).date(), datetime.min.time(), zone).replace(hour=14)
    term = Term.objects.filter(year=year, ends_on__lt=now.date(), kind=Term.Kind.QUARTER).latest("ends_on")
    lessons = Lesson.objects.filter(course__year=year, on__range=(term.starts_on, term.ends_on))
    busiest = lessons.exclude(teacher=None).values("teacher").annotate(n=Count("pk")).order_by("-n")[0]
    whole = Scope(year, term.starts_on, term.ends_on)
    own = Scope(year, term.starts_on, term.ends_on, teacher=busiest["teacher"])

    obligations_of(whole, now=now)
    found, statements = watched(lambda: obligations_of(whole, now=now))
    mine, few = watched(lambda: obligations_of(own, now=now))
    taken = _median(lambda: obligations_of(whole, now=now))
    floor = _median(lambda: list(lessons.values_list()))
    ms = _median(lambda: obligations_of(own, now=now)) * 1000
    what = f"duties of a whole term ({lessons.count()} lessons, {len(found)} duties)"
    his = f"a teacher's own duties of a term ({busiest['n']} lessons, {len(mine)} duties)"
    return [
        row(what, f"{taken:.2f} s", f"≤ {WHOLE_S:g} s", taken <= WHOLE_S),
        told(f"{what}: against reading the lessons alone", f"× {taken / floor:.1f}"),
        told(f"{what}: queries", str(len(statements))),
        row(his, f"{ms:.1f} ms", f"≤ {OWN_MS:g} ms", ms <= OWN_MS),
        told(f"{his}: queries", str(len(few))),
    ]


def _of_pages() -> list[Row]:
    found = []
    pages = (
        ("deputy", "/board/", "the board of this term"),
        ("deputy", "/board/?by=teacher", "the board by teacher"),
        ("deputy", "/board/duties/?state=LATE", "the list of what is late"),
        ("teacher", "/day/duties/", "a teacher's own list"),
    )
    for login, address, title in pages:
        browser = client(login)

        def get(browser: Any = browser, address: str = address) -> Any:
            answer = browser.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{address} answered {answer.status_code}")
            return answer

        answer, statements = watched(get)
        size = f"{len(statements)} queries, {len(answer.content) / 1024:.0f} KB"
        found.append(told(f"{title} ({size})", f"{_median(get) * 1000:.0f} ms"))
    return found


def _median(step: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        step()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


if __name__ == "__main__":
    run("bench.obligations", measured)
