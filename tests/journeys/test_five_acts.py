"""The same facts of one term under each of the five shipped acts: what each school's own rules make of them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from letopis.archive.units import class_head
from letopis.control.queries.obligations import Scope, obligations_of
from letopis.core import clock
from letopis.org.actions.policy import plain_of
from letopis.register.models import Lesson, Mark, Task
from letopis.rules.policy.published import published, published_acts
from tests.cast import Cast
from tests.journeys.visitor import Visitor
from tests.org.acts import edition

FIRST = date(2026, 9, 1)
"""The day the school adopts the act."""


class Term:
    """A school that lives by one act, and its teacher of algebra, who works over HTTP alone."""

    def __init__(self, cast: Cast, act: str, on: Callable[[date], None]) -> None:
        self.cast, self.act, self.on = cast, act, on
        edition(cast.organisation, plain_of(published(act).edition_on(FIRST).values), first=FIRST)
        cast.organisation.refresh_from_db()

    def cell(self, lesson: Lesson, pupil: int, text: str, *, seen: str = "") -> str:
        """Type into a cell; return what it says: SAVED, SAVED with its mark of lateness, or the code of the refusal."""
        cell = {"task": str(self.task(lesson).code), "pupil": str(self.cast.pupils[pupil].code), "seen": seen}
        answer = self.cast.client("teacher").post(
            reverse("register:cells", args=[self.cast.algebra.code]),
            {"cells": [cell | {"text": text}], "term": "2"},
            content_type="application/json",
        )
        (found,) = answer.json()["cells"]
        if found["status"] == "CONFLICT":
            return f"CONFLICT {found['theirs']['shown']}"
        if found["status"] != "SAVED":
            return str(found["code"])
        return "LATE" if "overdue" in found["look"]["classes"].split() else "SAVED"

    def task(self, lesson: Lesson) -> Task:
        return lesson.tasks.get()

    def kind(self, lesson: Lesson, code: str) -> None:
        """Name the work of the lesson's column, as the teacher did when the work was planned."""
        Task.objects.filter(lesson=lesson).update(kind=code)

    def page(self, address: str, who: str = "teacher") -> Visitor:
        visitor = Visitor()
        visitor.client = self.cast.client(who)
        return visitor.goto(address)


@pytest.fixture
def on(settings):
    def set_day(day: date) -> None:
        settings.LETOPIS_TODAY = day.isoformat()

    return set_day


def walk(term: Term) -> dict[str, Any]:
    """Live through the second quarter; return what became of each thing that was tried."""
    cast, found = term.cast, {}
    oral, internal, written, missed, *_rest = cast.lessons
    for lesson, kind in ((oral, "УО"), (internal, "КР-ВШК"), (written, "КР"), (missed, "СР")):
        term.kind(lesson, kind)

    term.on(oral.on)
    found["a mark on the day of the lesson"] = term.cell(oral, 0, "3")
    term.on(oral.on + timedelta(days=1))
    found["an oral answer a day later"] = term.cell(oral, 1, "5")
    Mark.objects.filter(task__lesson=oral).update(put_at=clock.now() - timedelta(days=1))
    found["another mark in place of it"] = term.cell(oral, 0, "4", seen="3")

    term.on(internal.on + timedelta(days=5))
    found["a work of internal control after five days"] = term.cell(internal, 0, "4")
    term.on(written.on + timedelta(days=9))
    found["a control work after nine days"] = term.cell(written, 0, "4")

    term.on(missed.on)
    letter = published(term.act).on(missed.on).absence_letter
    found["the absence is typed and shown as"] = f"{letter} {term.cell(missed, 2, letter)}"
    found["a mark for the absent"] = term.cell(missed, 2, "5", seen=letter)

    term.on(date(2026, 12, 28))
    results = term.page(f"{reverse('register:term_marks', args=[cast.algebra.code])}?term=2")
    results.press("Записать", **{f"value__{pupil.code}".replace("-", "__"): "4" for pupil in cast.pupils})
    found["a mark of the quarter while it stands"] = term.cell(written, 3, "5")

    term.on(date(2026, 12, 30))
    scope = Scope(cast.year, cast.term.starts_on, date(2026, 12, 30), course=cast.algebra.pk)
    duties = obligations_of(scope, now=clock.now())
    found["the marks of the quarter"] = " ".join(sorted({one.state for one in duties if one.kind == "TERM_MARK"}))
    kept = class_head(cast.class_8a, kind="REGISTER", title="", made_on=date(2027, 6, 1)).retention
    found["the register is kept"] = f"{kept.term}, {kept.basis.rpartition(', ')[2]}"
    return found


USUAL = {
    "a mark on the day of the lesson": "SAVED",
    "an oral answer a day later": "SAVED",
    "another mark in place of it": "SAVED",
    "a work of internal control after five days": "LATE",
    "a control work after nine days": "LATE",
    "the absence is typed and shown as": "н SAVED",
    "a mark for the absent": "MARK_FOR_ABSENT",
    "a mark of the quarter while it stands": "TERM_MARK_SET",
    "the marks of the quarter": "DONE",
    "the register is kept": "5 лет, позиция 02-19",
}
"""What the defaults make of the facts, wherever an act is silent."""

EXPECTED: dict[str, dict[str, str]] = {
    # Three days before the end of the quarter (4.1.5); the register for five years (4.1.8).
    "kerch-28": {"the marks of the quarter": "DONE_LATE", "the register is kept": "5 лет, п. 4.1.8"},
    # Any written work within seven days and never later (P-2.4, I-5.2-T-ж); «Н» is a reason, so an absence is «п».
    "nevinnomyssk-11": {
        "another mark in place of it": "REMARK_NEEDED",
        "a work of internal control after five days": "SAVED",
        "a control work after nine days": "BACKDATED",
        "the absence is typed and shown as": "п SAVED",
    },
    # No mark for the absent but for a confirmed illness (3.5); the register for five years (2.8.11).
    "neman-1": {"a mark for the absent": "ABSENT_UNCONFIRMED", "the register is kept": "5 лет, п. 2.8.11"},
    # Nothing is said of terms of marks; the register for five years (7.3.6, ninth paragraph).
    "accounting": {"the register is kept": "5 лет, абз. 9"},
    # Marks of a lesson on its own day (2.5); the register for five years (3.4).
    "model": {"an oral answer a day later": "LATE", "the register is kept": "5 лет, п. 3.4"},
}


@pytest.mark.parametrize("act", published_acts())
def test_a_term_ends_as_the_act_says(cast: Cast, on, act: str):
    assert walk(Term(cast, act, on)) == USUAL | EXPECTED[act]


def test_no_two_acts_end_alike():
    outcomes = [tuple(sorted((USUAL | own).items())) for own in EXPECTED.values()]

    assert sorted(EXPECTED) == sorted(published_acts())
    assert len(set(outcomes)) == len(outcomes)
