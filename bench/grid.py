"""Measure the register grid in School 5: the page of 30 pupils × 40 columns, the save of a cell, a paste of 30 marks.

Run as `python -m bench.grid`. The product runs as in a school: SQLite in a file with synchronous FULL, hashed static
files, no debug. The page is that of a mathematics course on the last day of its term: its class gets pupils up to 30,
its term lessons up to 40, and each lesson marks, so that the page is as full as a page may be.
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
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from bench.school import Row, client, in_turns, open_school, row, rows_of, run, told, watched

PUPILS, COLUMNS = 30, 40
PAGE_MS, PAGE_RATIO, PAGE_QUERIES, PAGE_KB = 12.0, 2.5, 8, 100
SAVE_MS, SAVE_STATEMENTS, ACTION_SHARE = 8.0, 12, 0.2
PASTE_MS, PASTED = 60.0, 30

urlpatterns: list[Any] = []
"""With the floor added, the addresses that this process serves (settings.ROOT_URLCONF)."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is measured: a course, its pupils, its lesson of today, and the teacher's browser."""

    course: Any
    pupils: list[Any]
    lesson: Any
    client: Any
    actor: Any


def rows() -> list[Row]:
    """Return what, figure, target and verdict of each measurement."""
    return rows_of("bench.grid")


def measured() -> list[Row]:
    """Return the rows, measured in this process."""
    place = _prepare()
    return [*_page(place), *_save(place), *_paste(place)]


def _page(place: Place) -> list[tuple[str, str, str, str]]:
    from django.http import HttpResponse
    from django.urls import path, reverse

    url = reverse("register:grid", args=[place.course.code])
    place.client.get(url)  # the first request of a process reads the editions of the policy
    body, statements = watched(lambda: place.client.get(url).content)

    def floor(request: Any) -> HttpResponse:
        _read_facts(request, place.course.code)
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
    _answer, of_floor = watched(lambda: place.client.get("/_floor"))
    if of_floor[2:] != statements[2:]:
        raise RuntimeError("the floor must run the statements of the page")
    times = in_turns(
        {name: partial(place.client.get, at) for name, at in (("page", url), ("floor", "/_floor"), ("bare", "/_bare"))}
    )
    ratio = times["page"] / times["floor"]
    what = f"grid {PUPILS} × {COLUMNS}"
    return [
        row(f"{what}: whole request", f"{times['page']:.1f} ms", f"≤ {PAGE_MS:g} ms", times["page"] <= PAGE_MS),
        row(
            f"{what}: to the floor, same bytes and ORM queries",
            f"{ratio:.2f} × ({times['floor']:.1f} ms)",
            f"≤ {PAGE_RATIO:g} ×",
            ratio <= PAGE_RATIO,
        ),
        told(f"{what}: to the bare statements", f"{times['page'] / times['bare']:.2f} × ({times['bare']:.1f} ms)"),
        row(f"{what}: queries", str(len(statements)), f"≤ {PAGE_QUERIES}", len(statements) <= PAGE_QUERIES),
        row(f"{what}: size", f"{len(body) / 1024:.0f} KB", f"≤ {PAGE_KB} KB", len(body) <= PAGE_KB * 1024),
    ]


def _read_facts(request: Any, code: Any) -> None:
    """Read what the page shows, as the page does."""
    from letopis.register import access
    from letopis.register.queries import grid_facts
    from letopis.register.queries.course_terms import chosen_span, spans_of

    opened = access.course_for(request.actor, code)
    everyone, other_courses = grid_facts.members_of(opened)
    terms, _put = grid_facts.terms_of(opened, [member.pupil_id for member in everyone])
    span = chosen_span(spans_of(opened, terms), wanted=None, today=request.today)
    members = [
        one
        for one in everyone
        if any(start <= span.last and (end is None or end >= span.first) for start, end in one.stays)
    ]
    grid_facts.lessons_of(opened, span)
    grid_facts.marks_of(opened, members, other_courses, span)
    grid_facts.attendance_of(opened, span)


def _save(place: Place) -> list[tuple[str, str, str, str]]:
    from django.db import transaction
    from django.urls import reverse

    from letopis.core import clock
    from letopis.register.actions.cell_results import CellSave
    from letopis.register.actions.cells import save_cells
    from letopis.register.models import Mark

    url = reverse("register:cells", args=[place.course.code])
    task, actor, at = place.lesson.tasks.get(), place.actor, clock.now()
    values = {"request": "", "action": "", "bare": "", "update": ""}
    pupils = dict(zip(values, place.pupils, strict=False))

    def turn(name: str) -> tuple[str, str]:
        seen = values[name]
        values[name] = "4" if seen == "5" else "5"
        return seen, values[name]

    def request() -> None:
        seen, text = turn("request")
        cell = {"task": str(task.code), "pupil": str(pupils["request"].code), "seen": seen, "text": text}
        answer = place.client.post(url, json.dumps({"cells": [cell], "term": "2"}), content_type="application/json")
        assert answer.json()["cells"][0]["status"] == "SAVED"

    def action() -> None:
        seen, text = turn("action")
        cell = CellSave(task.code, pupils["action"].code, seen, text)
        save_cells(actor, course=place.course.code, cells=[cell], at=at)

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
        save_cells(actor, course=place.course.code, cells=[cell], at=at)
    request()
    _, statements = watched(request)
    times = in_turns({"request": request, "action": action, "bare": bare, "update": update})
    share = times["bare"] / times["action"]
    commits = sum(statement == "COMMIT" for statement in statements)
    return [
        row(
            "save of one cell: whole request",
            f"{times['request']:.1f} ms",
            f"≤ {SAVE_MS:g} ms",
            times["request"] <= SAVE_MS,
        ),
        row(
            "save of one cell: statements",
            f"{len(statements)}, {commits} commit",
            f"≤ {SAVE_STATEMENTS}, 1 commit",
            len(statements) <= SAVE_STATEMENTS and commits == 1,
        ),
        row(
            "save of one cell: action to a bare one-row transaction",
            f"{share:.2f} × ({times['action']:.1f} ms, bare {times['bare']:.1f} ms)",
            f"≥ {ACTION_SHARE:g} ×",
            share >= ACTION_SHARE,
        ),
        told(
            "save of one cell: action to a bare UPDATE",
            f"{times['update'] / times['action']:.2f} × (bare {times['update']:.1f} ms)",
        ),
    ]


def _paste(place: Place) -> list[Row]:
    from django.urls import reverse

    url, task, values = reverse("register:cells", args=[place.course.code]), place.lesson.tasks.get(), ["", "5"]

    def paste() -> None:
        seen, text = values
        cells = [
            {"task": str(task.code), "pupil": str(pupil.code), "seen": seen, "text": text}
            for pupil in place.pupils[:PASTED]
        ]
        answer = place.client.post(url, json.dumps({"cells": cells, "term": "2"}), content_type="application/json")
        assert [one["status"] for one in answer.json()["cells"]] == ["SAVED"] * PASTED
        values[:] = [text, "4" if text == "5" else "5"]

    _clear(task)
    paste()
    _, statements = watched(paste)
    commits = sum(statement == "COMMIT" for statement in statements)
    [taken] = in_turns({"paste": paste}, rounds=30).values()
    what = f"paste of {PASTED} marks"
    return [
        row(f"{what}: whole request", f"{taken:.1f} ms", f"≤ {PASTE_MS:g} ms", taken <= PASTE_MS),
        row(f"{what}: statements", f"{len(statements)}, {commits} commit", "1 commit", commits == 1),
    ]


def _clear(task: Any) -> None:
    """Take the marks of a column away, so that every pupil of it begins with an empty cell."""
    from letopis.register.models import Mark

    Mark.objects.filter(task=task).delete()


def _prepare() -> Place:
    """Open School 5 on the last day of the term, with a full class and a full term in one course of the teacher."""
    open_school("bench.grid")
    from django.conf import settings

    # `python -m` made this module __main__; Django imports it by its name, and that one serves.
    import bench.grid
    from letopis.config import urls
    from letopis.people.access import actor_of, load_user
    from letopis.schooling.models import Course, GroupKind, Term

    bench.grid.urlpatterns.extend(urls.urlpatterns)
    globals()["urlpatterns"] = bench.grid.urlpatterns
    browser = client("teacher")
    user = browser.session["_auth_user_id"]
    term = Term.objects.get(
        organisation__slug="demo-5", kind="QUARTER", number=2, grade_from__lte=7, grade_to__gte=7,
        year__starts_on__year=2026,
    )  # fmt: skip
    course = (
        Course.objects.filter(
            year=term.year,
            workloads__teacher__person__user=user,
            group__kind=GroupKind.WHOLE_CLASS,
            group__school_class__grade__range=(5, 9),
        )
        .select_related("group", "organisation")
        .order_by("-weekly_hours", "pk")[0]
    )
    pupils, lesson = _fill(course, term)
    settings.LETOPIS_TODAY = lesson.on.isoformat()
    return Place(course, pupils, lesson, browser, actor_of(load_user(user), today=lesson.on))


def _fill(course: Any, term: Any) -> tuple[list[Any], Any]:
    """Fill the class, the term and its cells; return the pupils and the last lesson, which has no marks yet."""
    from letopis.people.models import Pupil
    from letopis.register.models import Attendance, Lesson, Mark, Task
    from tests import factories as make

    group, organisation = course.group, course.organisation
    here = Pupil.objects.filter(memberships__group=group, memberships__ends_on=None).count()
    for number in range(PUPILS - here):
        make.join(group, make.make_pupil(organisation, f"Яковлев{number:02} Константин Викторович"))
    pupils = list(Pupil.objects.filter(memberships__group=group, memberships__ends_on=None).order_by("pk"))
    lessons = Lesson.objects.filter(course=course, on__range=(term.starts_on, term.ends_on)).order_by("on", "number")
    teacher = lessons[0].teacher
    for number in range(COLUMNS - lessons.count()):
        lesson = Lesson.objects.create(
            organisation=organisation, course=course, on=term.starts_on + timedelta(days=1 + number), number=9,
            teacher=teacher,
        )  # fmt: skip
        Task.objects.create(organisation=organisation, lesson=lesson, kind="УО")
    for extra in list(lessons[COLUMNS:]):
        Task.objects.filter(lesson=extra).delete()
        extra.delete()
    lessons.update(state=Lesson.State.HELD)
    *before, last = lessons
    tasks = Task.objects.filter(lesson__in=before).order_by("pk")
    marked = set(Mark.objects.filter(task__in=tasks).values_list("task_id", "pupil_id"))
    away = set(Attendance.objects.filter(lesson__in=before).values_list("lesson_id", "pupil_id"))
    Mark.objects.bulk_create(
        Mark(
            organisation=organisation,
            task=task,
            pupil=pupil,
            value="5432"[(line + column) % 4],
            put_at=make.moment(term.starts_on),
        )
        for column, task in enumerate(tasks)
        for line, pupil in enumerate(pupils)
        if (line * 7 + column * 3) % 5 < 2
        and (task.pk, pupil.pk) not in marked
        and (task.lesson_id, pupil.pk) not in away
    )
    return pupils, last


if __name__ == "__main__":
    run("bench.grid", measured)
