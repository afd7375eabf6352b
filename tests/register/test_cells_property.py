"""Whatever is done in whatever order, the table holds the last accepted values, and the ledger tells the same story.

Two people with two pages each type, step back and forth, lose answers, send the same key again, lose pages and open
them anew. `Page` is the protocol of the script in a few lines (grid/outbox.js, undo.js, sending.js); the server is the
real one, asked over HTTP. `World` says beforehand what the server must answer to each cell, by the rule of the grid
alone; then table, page and ledger are compared with it. A failure names its seed and prints what was done.
"""

import json
import random
import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from letopis.ledger.models import Entry
from letopis.register.models import Attendance, Lesson, Mark, SaveReceipt

MARKS = ("5", "4", "3", "2")
TEXTS = (*MARKS, "", "н", "7")
STEPS = 60
COMPARED_EVERY = 6

Cell = tuple[str, str]


@dataclass
class World:
    """What the register must hold: by cell the text it shows; nothing for an empty one."""

    url: str
    table: dict[Cell, str] = field(default_factory=dict)
    answered: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    changes: int = 0
    story: list[str] = field(default_factory=list)

    def judge(self, cell: Cell, *, seen: str, text: str, exact: bool) -> str:
        """Return what becomes of a cell, and put it."""
        now = self.table.get(cell, "")
        if text == "7":
            return "REFUSED"
        if text == now:
            return "SAVED"
        if seen != now:
            return "CONFLICT"
        if not exact and {text, now} & {"н"} and {text, now} & set(MARKS):
            return "REFUSED"
        self.table[cell] = text
        self.changes += 1
        return "SAVED"


class Page:
    """One open page of a person: what it shows, what it has not sent, and his steps."""

    def __init__(self, world: World, client: Any, who: str, rng: random.Random) -> None:
        self.world, self.client, self.who, self.rng = world, client, who, rng
        self.batches: list[dict[str, Any]] = []
        self.done: list[dict[str, Any]] = []
        self.undone: list[dict[str, Any]] = []
        self.open()

    def open(self) -> None:
        """Open the page anew: what was not answered stays, frozen; what the server shows is what is seen."""
        html = self.client.get(self.world.url + "?term=2").content.decode()
        tasks = re.findall(r'<th scope="col"[^>]* data-task="([^"]+)"', html)
        rows = re.findall(r'<tr data-pupil="([^"]+)".*?</th>(.*?)<td class="average"', html, re.DOTALL)
        self.shown = {
            (task, pupil): text
            for pupil, cells in rows
            for task, text in zip(tasks, re.findall(r"<td[^>]*>([^<]*)</td>", cells), strict=True)
        }
        for batch in self.batches:
            batch["tried"] = True

    def type(self, cells: list[Cell], text: str) -> None:
        self.undone = []
        self.done.append(self.put({cell: (text, self.shown[cell], False) for cell in cells}))

    def put(self, wishes: dict[Cell, tuple[str, str, bool]]) -> dict[str, Any]:
        """Write wishes (text, seen, exact) into the outbox, and return the step they are."""
        step: dict[str, Any] = {"cells": {}}
        for cell, (text, seen, exact) in wishes.items():
            earlier = [batch for batch in self.batches if cell in batch["cells"]]
            wish = {"text": text, "seen": seen, "exact": exact, "follows": False, "step": step}
            if earlier and not earlier[-1]["tried"]:
                old = earlier[-1]["cells"][cell]
                step["cells"][cell] = {"was": old["step"]["cells"].pop(cell)["was"], "now": None}
                earlier[-1]["cells"][cell] = wish | {"seen": old["seen"], "follows": old["follows"]}
                continue
            before = earlier[-1]["cells"][cell] if earlier else None
            step["cells"][cell] = {"was": before["text"] if before else seen, "now": None}
            if before:
                step["cells"][cell]["after"] = before["step"]
            if not self.batches or self.batches[-1]["tried"]:
                key = str(UUID(int=self.rng.getrandbits(128), version=4))
                self.batches.append({"key": key, "tried": False, "cells": {}})
            self.batches[-1]["cells"][cell] = wish | {"follows": bool(earlier)}
        return step

    def back(self, source: list[dict[str, Any]], target: list[dict[str, Any]]) -> None:
        while source and not source[-1]["cells"]:
            source.pop()
        if not source:
            return
        step = source.pop()
        wishes = {}
        for cell, change in step["cells"].items():
            seen = self.shown[cell] if change["now"] is None else change["now"]
            wishes[cell] = (change["was"], seen, "after" not in change)
        target.append(self.put(wishes))

    def send(self, *, answer_is_lost: bool = False) -> None:
        if not self.batches:
            return
        batch = self.batches[0]
        batch["tried"] = True
        cells = [
            {"task": task, "pupil": pupil, "seen": wish["seen"], "text": wish["text"]}
            | ({"exact": True, "confirm": True} if wish["exact"] else {})
            for (task, pupil), wish in batch["cells"].items()
        ]
        said = {"key": batch["key"], "term": "2", "cells": cells}
        answer = self.client.post(f"{self.world.url}cells/", json.dumps(said), content_type="application/json")
        assert answer.status_code == 200, answer.content
        told = answer.json()
        named = (self.who, batch["key"])
        if named not in self.world.answered:
            self.world.answered[named] = [
                self.world.judge((one["task"], one["pupil"]), seen=one["seen"], text=one["text"], exact="exact" in one)
                for one in cells
            ]
            assert "repeated" not in told
        else:
            assert told["repeated"] is True
        assert [one["status"] for one in told["cells"]] == self.world.answered[named]
        if answer_is_lost:
            return
        self.batches.pop(0)
        for one in told["cells"]:
            self.settle((one["task"], one["pupil"]), one, batch)

    def settle(self, cell: Cell, told: dict[str, Any], batch: dict[str, Any]) -> None:
        mine = batch["cells"][cell]
        later = next((other["cells"][cell] for other in self.batches if cell in other["cells"]), None)
        is_saved = told["status"] == "SAVED"
        if later and later["follows"]:
            later |= {"follows": False, "seen": told["look"]["text"] if is_saved else mine["seen"]}
        if is_saved or (told["status"] == "CONFLICT" and not later):
            self.shown[cell] = told["look"]["text"]
        change = mine["step"]["cells"].get(cell)
        for step in (*self.done, *self.undone):
            other = step["cells"].get(cell)
            if other and other.get("after") is mine["step"]:
                other["was"] = told["look"]["text"] if is_saved else mine["seen"]
                del other["after"]
        if change and is_saved and told["look"]["text"] != change["was"]:
            change["now"] = told["look"]["text"]
        elif change:
            del mine["step"]["cells"][cell]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_any_sequence_ends_with_table_ledger_and_page_the_same(cast, seed):
    Lesson.objects.filter(course=cast.algebra).update(teacher=cast.substitute)
    rng = random.Random(seed)  # noqa: S311
    world = World(reverse("register:grid", args=[cast.algebra.code]))
    # Two tabs of the teacher, and a colleague who stands in the lessons.
    pages = [Page(world, cast.client("teacher"), "teacher", rng) for _tab in range(2)]
    colleague = cast.client("substitute")
    cells = [
        (str(lesson.tasks.get().code), str(pupil.code)) for lesson in cast.lessons[3:5] for pupil in cast.pupils[:2]
    ]

    for number in range(STEPS):
        page, cell, text = rng.choice(pages), rng.choice(cells), rng.choice(TEXTS)
        deed = rng.choice(("type", "type", "block", "send", "send", "lose", "undo", "undo", "redo", "reload", "other"))
        world.story.append(f"{deed} {pages.index(page)} {cells.index(cell)} {text!r}")
        try:
            do(deed, page, cell, text, cells=cells, colleague=colleague)
            if number % COMPARED_EVERY == 0:
                compare(world)
        except AssertionError as error:
            raise AssertionError("\n".join([*world.story, str(error)])) from error
    for page in pages:
        while page.batches:
            page.send()
    compare(world)
    seen_by_another = Page(world, cast.client("deputy"), "deputy", rng).shown
    assert {cell: text for cell, text in seen_by_another.items() if text} == {
        cell: text for cell, text in world.table.items() if text
    }
    assert SaveReceipt.objects.count() == len(world.answered)
    told = {status for statuses in world.answered.values() for status in statuses}
    assert {"SAVED", "CONFLICT"} <= told


def do(deed: str, page: Page, cell: Cell, text: str, *, cells: list[Cell], colleague: Any) -> None:
    deeds = {
        "type": lambda: page.type([cell], text),
        "block": lambda: page.type(cells, text),
        "send": page.send,
        "lose": lambda: page.send(answer_is_lost=True),
        "undo": lambda: page.back(page.done, page.undone),
        "redo": lambda: page.back(page.undone, page.done),
        "reload": page.open,
        "other": lambda: put_by_a_colleague(page.world, colleague, cell, text),
    }
    deeds[deed]()


def put_by_a_colleague(world: World, client: Any, cell: Cell, text: str) -> None:
    """Another person saves without a key, seeing what stands."""
    now = world.table.get(cell, "")
    wish = {"task": cell[0], "pupil": cell[1], "seen": now, "text": text}
    answer = client.post(f"{world.url}cells/", json.dumps({"cells": [wish]}), content_type="application/json")
    assert answer.json()["cells"][0]["status"] == world.judge(cell, seen=now, text=text, exact=False)


def compare(world: World) -> None:
    """The rows, and the ledger folded object by object, are what was accepted."""
    expected = {cell: text for cell, text in world.table.items() if text}
    rows = {
        (str(mark.task.code), str(mark.pupil.code)): mark.value
        for mark in Mark.objects.select_related("task", "pupil").exclude(value="")
    }
    absent = Attendance.objects.filter(event="ABSENT").values_list("lesson__tasks__code", "pupil__code")
    rows |= {(str(task), str(pupil)): "н" for task, pupil in absent}
    assert rows == expected
    marks, events, count = folded()
    assert marks == {f"register.Mark:{mark.pk}": mark.value for mark in Mark.objects.all()}
    assert events == {f"register.Attendance:{one.pk}": one.event for one in Attendance.objects.all()}
    # An exact wish may change the mark and the event of a cell: two facts, and never more than that.
    assert world.changes <= count <= 2 * world.changes


def folded() -> tuple[dict[str, str], dict[str, str], int]:
    """Return the last value of each mark and each event by the ledger, and how many entries there are."""
    marks: dict[str, str] = {}
    events: dict[str, str] = {}
    entries = Entry.objects.filter(verb__in=["register.put_mark", "register.mark_attendance"]).order_by("pk")
    for entry in entries.select_related("payload"):
        body = json.loads(bytes(entry.payload.body))
        values, name = (marks, "value") if entry.verb == "register.put_mark" else (events, "event")
        before = body.get("before")
        # Each entry begins where the last one of its object ended, and changes something.
        assert (before or {}).get(name) == values.get(entry.object)
        assert body["after"][name] != values.get(entry.object)
        values[entry.object] = body["after"][name]
    return marks, events, len(entries)
