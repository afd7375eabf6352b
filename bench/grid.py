"""Measure the register grid: the page of 30 pupils × 40 columns, and the save of one cell.

Run as `python -m bench.grid`. The product runs as in a school: SQLite in a file with synchronous FULL, hashed static
files, no debug. A process of its own, with a temporary folder, so that nothing else of the bench configures Django.
Whole requests go through Django's test client: session, access and the base page included. What is compared is
measured in turns, so that a busy machine is busy for both.

The floor of the page answers the same ready bytes after the same queries, in the same middleware. There are two:
* through the ORM: a view that opens the course and reads the facts by the functions of the page (access, grid_facts),
  and then answers. The target is taken to this one: what is above it is what the page itself does, making a table of
  facts. The price of queries written in the ORM is the price of the stack we chose, and no page can shed it.
* the bare statements: their texts as they are, sent by a cursor, and no row made into anything. Printed beside it
  without a target, so that nobody can lower the ratio by making the queries dear: that would show here, and in the
  whole request.

The bare transaction of the save: `atomic`, one mark got by the ORM, given another value, saved. It must be another
value: SQLite finds an equal one there already, writes no page and has nothing to bring to the disk. Beside it, without
a target, the same as one UPDATE. All run in the connection of the product, whose settings are checked.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

TODAY = "2026-11-16"
PUPILS, COLUMNS = 30, 40
ROUNDS = 60
WARM_UP = 5
PAGE_MS, PAGE_RATIO, PAGE_QUERIES, PAGE_KB = 12.0, 2.5, 8, 100
SAVE_MS, SAVE_STATEMENTS, ACTION_SHARE = 8.0, 12, 0.2

urlpatterns: list[Any] = []
"""With the floor added, the addresses that this process serves (settings.ROOT_URLCONF)."""


def rows() -> list[tuple[str, str, str, str]]:
    """Return what, figure, target and verdict of each measurement."""
    with tempfile.TemporaryDirectory(prefix="letopis-bench-") as folder:
        told = {"LETOPIS_VAR": folder, "LETOPIS_TODAY": TODAY, "LETOPIS_SECRET_KEY": "bench", "LETOPIS_DEBUG": "0"}
        environment = os.environ | told | {"DJANGO_SETTINGS_MODULE": "letopis.config.settings"}
        environment["LETOPIS_DATABASE"] = f"sqlite:///{folder}/bench.sqlite3"
        done = subprocess.run(
            [sys.executable, "-m", "bench.grid", "--here"], env=environment, stdout=subprocess.PIPE, check=True
        )
    return [tuple(row) for row in json.loads(done.stdout.splitlines()[-1])]


def measured() -> list[tuple[str, str, str, str]]:
    """Return the rows, measured in this process."""
    cast = _prepare()
    return [*_page(cast), *_save(cast)]


def _page(cast: Any) -> list[tuple[str, str, str, str]]:
    from django.http import HttpResponse
    from django.urls import path, reverse

    client, url = cast.client("teacher"), reverse("register:grid", args=[cast.algebra.code])
    body, statements = _watched(lambda: client.get(url).content)

    def floor(request: Any) -> HttpResponse:
        _read_facts(request, cast.algebra.code)
        return HttpResponse(body)

    def bare(request: Any) -> HttpResponse:
        from django.db import connection

        # The first two, session and user, are run by the middleware for this view too.
        with connection.cursor() as cursor:
            for statement in statements[2:]:
                cursor.execute(statement.replace("%", "%%"), ())
                cursor.fetchall()
        return HttpResponse(body)

    urlpatterns.extend([path("_floor", floor), path("_bare", bare)])
    _answer, of_floor = _watched(lambda: client.get("/_floor"))
    if of_floor[2:] != statements[2:]:
        raise RuntimeError("the floor must run the statements of the page")
    times = _in_turns(
        {name: partial(client.get, at) for name, at in (("page", url), ("floor", "/_floor"), ("bare", "/_bare"))}
    )
    ratio = times["page"] / times["floor"]
    what = f"grid {PUPILS} × {COLUMNS}"
    return [
        _row(f"{what}: whole request", f"{times['page']:.1f} ms", f"≤ {PAGE_MS:g} ms", times["page"] <= PAGE_MS),
        _row(
            f"{what}: to the floor, same bytes and ORM queries",
            f"{ratio:.2f} × ({times['floor']:.1f} ms)",
            f"≤ {PAGE_RATIO:g} ×",
            ratio <= PAGE_RATIO,
        ),
        _told(f"{what}: to the bare statements", f"{times['page'] / times['bare']:.2f} × ({times['bare']:.1f} ms)"),
        _row(f"{what}: queries", str(len(statements)), f"≤ {PAGE_QUERIES}", len(statements) <= PAGE_QUERIES),
        _row(f"{what}: size", f"{len(body) / 1024:.0f} KB", f"≤ {PAGE_KB} KB", len(body) <= PAGE_KB * 1024),
    ]


def _read_facts(request: Any, code: Any) -> None:
    """Read what the page shows, as the page does."""
    from letopis.register import access
    from letopis.register.queries import grid_facts
    from letopis.register.queries.course_terms import chosen_span, spans_of

    opened = access.course_for(request.actor, code)
    members, other_courses = grid_facts.members_of(opened)
    terms, _put = grid_facts.terms_of(opened, [member.pupil_id for member in members])
    span = chosen_span(spans_of(opened, terms), wanted=None, today=request.today)
    grid_facts.lessons_of(opened, span)
    grid_facts.marks_of(opened, members, other_courses, span)
    grid_facts.attendance_of(opened, span)


def _save(cast: Any) -> list[tuple[str, str, str, str]]:
    from django.db import transaction
    from django.urls import reverse

    from letopis.core import clock
    from letopis.register.actions.cell_sheet import CellSave
    from letopis.register.actions.cells import save_cells
    from letopis.register.models import Mark

    client, url = cast.client("teacher"), reverse("register:cells", args=[cast.algebra.code])
    task, actor, at = cast.today_lesson.tasks.get(), cast.actor("teacher"), clock.now()
    values = {"request": "", "action": "", "bare": "", "update": ""}
    pupils = dict(zip(values, cast.pupils, strict=False))

    def turn(name: str) -> tuple[str, str]:
        seen = values[name]
        values[name] = "4" if seen == "5" else "5"
        return seen, values[name]

    def request() -> None:
        seen, text = turn("request")
        cell = {"task": str(task.code), "pupil": str(pupils["request"].code), "seen": seen, "text": text}
        answer = client.post(url, json.dumps({"cells": [cell], "term": "2"}), content_type="application/json")
        assert answer.json()["cells"][0]["status"] == "SAVED"

    def action() -> None:
        seen, text = turn("action")
        cell = CellSave(task.code, pupils["action"].code, seen, text)
        save_cells(actor, course=cast.algebra.code, cells=[cell], at=at)

    def bare() -> None:
        with transaction.atomic():
            mark = Mark.objects.get(task=task, pupil=pupils["bare"])
            _seen, mark.value = turn("bare")
            mark.save()

    def update() -> None:
        with transaction.atomic():
            Mark.objects.filter(task=task, pupil=pupils["update"]).update(value=turn("update")[1])

    for name in ("bare", "update"):
        cell = CellSave(task.code, pupils[name].code, *turn(name))
        save_cells(actor, course=cast.algebra.code, cells=[cell], at=at)
    request()
    _, statements = _watched(request)
    times = _in_turns({"request": request, "action": action, "bare": bare, "update": update})
    share = times["bare"] / times["action"]
    commits = sum(statement == "COMMIT" for statement in statements)
    return [
        _row(
            "save of one cell: whole request",
            f"{times['request']:.1f} ms",
            f"≤ {SAVE_MS:g} ms",
            times["request"] <= SAVE_MS,
        ),
        _row(
            "save of one cell: statements",
            f"{len(statements)}, {commits} commit",
            f"≤ {SAVE_STATEMENTS}, 1 commit",
            len(statements) <= SAVE_STATEMENTS and commits == 1,
        ),
        _row(
            "save of one cell: action to a bare one-row transaction",
            f"{share:.2f} × ({times['action']:.1f} ms, bare {times['bare']:.1f} ms)",
            f"≥ {ACTION_SHARE:g} ×",
            share >= ACTION_SHARE,
        ),
        _told(
            "save of one cell: action to a bare UPDATE",
            f"{times['update'] / times['action']:.2f} × (bare {times['update']:.1f} ms)",
        ),
    ]


def _row(what: str, figure: str, target: str, holds: bool) -> tuple[str, str, str, str]:
    return what, figure, target, "ok" if holds else "MISSED"


def _told(what: str, figure: str) -> tuple[str, str, str, str]:
    """Return a row without a target."""
    return what, figure, "—", "—"


def _in_turns(steps: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the median time of each step in milliseconds."""
    times: dict[str, list[float]] = {name: [] for name in steps}
    for number in range(WARM_UP + ROUNDS):
        for name, step in steps.items():
            started = time.perf_counter()
            step()
            if number >= WARM_UP:
                times[name].append(time.perf_counter() - started)
    return {name: statistics.median(taken) * 1000 for name, taken in times.items()}


def _watched(step: Callable[[], Any]) -> tuple[Any, list[str]]:
    """Return what a step gives, and the statements it ran."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        result = step()
    return result, [one["sql"] for one in captured]


def _prepare() -> Any:
    """Make the database and the static files, and the cast with a full class and a full term."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.ROOT_URLCONF = "bench.grid"
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "whitenoise.storage.ManifestStaticFilesStorage"
    call_command("migrate", verbosity=0)
    _check_that_commits_are_durable()
    call_command("collectstatic", verbosity=0, interactive=False)
    # `python -m` made this module __main__; Django imports it by its name, and that one serves.
    import bench.grid
    from letopis.config import urls
    from tests.cast import make_cast

    bench.grid.urlpatterns.extend(urls.urlpatterns)
    globals()["urlpatterns"] = bench.grid.urlpatterns
    cast = make_cast()
    _fill(cast)
    return cast


def _check_that_commits_are_durable() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        settings = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    if settings != ["wal", 2]:
        raise RuntimeError(f"SQLite must run as in a school, WAL with synchronous FULL (2), and runs as {settings}")


def _fill(cast: Any) -> None:
    from letopis.register.models import Lesson, Mark, Task
    from tests import factories as make

    group = cast.algebra.group
    for number in range(PUPILS - len(cast.pupils)):
        make.join(group, make.make_pupil(cast.organisation, f"Яковлев{number:02} Константин Викторович"))
    start = cast.lessons[0].on
    for number in range(COLUMNS - len(cast.lessons)):
        lesson = Lesson.objects.create(
            organisation=cast.organisation,
            course=cast.algebra,
            on=start + timedelta(days=number // 3),
            number=4 + number % 3,
            teacher=cast.teacher,
        )
        Task.objects.create(organisation=cast.organisation, lesson=lesson, kind="УО")
    pupils = list(group.memberships.values_list("pupil_id", flat=True))
    tasks = Task.objects.filter(lesson__course=cast.algebra, lesson__on__lt=date.fromisoformat(TODAY)).order_by("pk")
    Mark.objects.bulk_create(
        Mark(
            organisation=cast.organisation,
            task=task,
            pupil_id=pupil,
            value="5432"[(row + column) % 4],
            put_at=make.moment(start),
        )
        for column, task in enumerate(tasks)
        for row, pupil in enumerate(pupils)
        if (row * 7 + column * 3) % 5 < 2
    )


if __name__ == "__main__":
    if "--here" in sys.argv:
        print(json.dumps(measured()))
    else:
        for row in rows():
            print(" | ".join(row))
