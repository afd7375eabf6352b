"""changes.csv: who changed what, when and why, as the ledger tells it.

A fact that was written once stands in its own table with who and when. Of one that was changed, marks are told in full,
from the first value on; of the others, every value that replaced another.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, cast

from letopis.archive.units import Code, Column, Table
from letopis.archive.units.tables import DAY, MOMENT
from letopis.ledger.queries import Change, history
from letopis.register.models import AbsenceReason, Attendance, Lesson
from letopis.register.packages.facts import Facts
from letopis.register.packages.people import Moments
from letopis.rules.russian import short_date
from letopis.schooling.models import SchoolClass

_REFERENCE = re.compile(r"[a-z_]+\.[A-Z][A-Za-z]+:[0-9]+\Z")

FIRST, CORRECTION, REASON = "FIRST", "CORRECTION", "REASON"
CHANGE_CODES = (
    Code("change", FIRST, "", "первая запись; показана, потому что потом её исправили"),
    Code("change", CORRECTION, "", "исправление"),
    Code("change", REASON, "", "причина отсутствия указана впервые; на страницах не повторяется"),
)

_PARTS = {
    "event": "",
    "minutes": "минут",
    "reason": "причина",
    "topic": "тема",
    "text": "",
    "nothing_set": "ничего не задано",
    "due_on": "к дню",
    "kind": "вид работы",
    "title": "название",
    "weight": "вес",
    "components": "отметок за работу",
    "worked_on": "день работы",
    "name": "файл",
    "decision": "",
    "protocol_number": "протокол №",
    "protocol_on": "от",
}
"""Parts of a value of the ledger in the order of telling, with their words; no word where the value says it itself."""

AT_ONCE = 900
"""Objects asked for in one query, so that a class of any size stays within what a database takes."""

NOT_CHANGES = frozenset({"register.hold_lesson", "register.take_attendance"})
"""Verbs that say that something happened, not that something said was changed."""

NOTE = "register.note"
"""Notes are the school's own working notes: no part of the register, and of no package."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry of the ledger is about, in words of the package."""

    what: str
    pupil: str = ""
    pupil_name: str = ""
    subject: str = ""
    on: date | None = None
    is_told_in_full: bool = False


def register_subjects(facts: Facts) -> dict[str, Subject]:
    """Return what may have been changed in the register, by its name in the ledger."""
    found: dict[str, Subject] = {}
    for lesson, pupil, _work, kind, _title, _weight, value, _at, _by, changes, pk in facts.marks:
        if changes or not value:
            found[f"register.Mark:{pk}"] = _about(facts, f"отметка {kind}".strip(), lesson, pupil, in_full=True)
    for lesson, pupil, *_rest, pk in facts.events:
        found[f"register.Attendance:{pk}"] = _about(facts, "посещаемость", lesson, pupil)
    for pk, lesson in facts.lessons.items():
        found[f"register.Lesson:{pk}"] = Subject("урок", subject=lesson.subject, on=lesson.on)
    for pk, of in facts.tasks:
        lesson = facts.lessons[of]
        found[f"register.Task:{pk}"] = Subject("вид работы", subject=lesson.subject, on=lesson.on)
    for pupil, subject, period, value, _at, _by, changes, pk in facts.results:
        if changes or not value:
            one = facts.pupils[pupil]
            found[f"register.TermMark:{pk}"] = Subject(
                f"отметка за период: {period}", one.book_number, one.name, subject, is_told_in_full=True
            )
    return found


def changes_table(subjects: Mapping[str, Subject], *, moments: Moments) -> Table:
    """Return changes.csv, the oldest change first. One query per 900 objects."""
    rows = [
        (
            moments(change.at), change.who, about.what, about.pupil, about.pupil_name, about.subject, about.on,
            said(change.before), said(change.after), change.reason, _kind(change), change.object,
        )
        for change, about in _changes(subjects)
    ]  # fmt: skip
    return Table(
        name="changes",
        title="Исправления",
        columns=(
            Column("at", "когда", MOMENT),
            Column("who", "кто"),
            Column("what", "что исправлено"),
            Column("pupil", "номер по алфавитной книге"),
            Column("pupil_name", "фамилия, имя, отчество"),
            Column("subject", "предмет"),
            Column("on", "день урока", DAY),
            Column("before", "что было; пусто — ничего"),
            Column("after", "что стало; пусто — ничего"),
            Column("reason", "почему"),
            Column("kind", "первая запись, исправление, или причина отсутствия, указанная впервые", codes="change"),
            Column("object", "как запись названа в протоколе действий"),
        ),
        rows=rows,
    )


def said(value: Mapping[str, Any] | None) -> str:
    """Return a value of the ledger in words: the value alone where there is one, else every part with its name."""
    if not value:
        return ""
    if "value" in value:
        return str(value["value"])
    # References to rows of the database mean nothing outside it; the columns beside name them.
    words = _words()
    parts = [
        (title, words.get(value[name], str(value[name])))
        for name, title in _parts(value)
        if value[name] not in ("", None, False) and not _REFERENCE.match(str(value[name]))
    ]
    return "; ".join(f"{title}: {word}" if title else word for title, word in parts)


def printed_changes(school_class: SchoolClass, table: Table, *, on: date) -> dict[str, Any]:
    """Return changes.csv for the form register/changes, without reasons of absence that were set for the first time.

    There are hundreds of those, and to set a reason corrects nothing.
    """
    year = school_class.year
    return {
        "organisation": school_class.organisation.full_name,
        "school_class": school_class.title,
        "year": f"{year.starts_on.year}/{year.ends_on.year}",
        "printed_on": on.isoformat(),
        "rows": [
            [
                f"{at:%d.%m.%Y %H:%M}", who, what, name, subject, short_date(day) if day else "", before, after, reason,
            ]
            for at, who, what, _pupil, name, subject, day, before, after, reason, kind, _object in cast(Any, table.rows)
            if kind != REASON
        ],
    }  # fmt: skip


def _kind(change: Change) -> str:
    if change.before is None:
        return FIRST
    before, after = change.before, change.after or {}
    same = all(before.get(name) == after.get(name) for name in ("event", "minutes"))
    is_reason = "event" in before and same and "reason" not in before and "reason" in after
    return REASON if is_reason else CORRECTION


@cache
def _words() -> dict[Any, str]:
    kinds = (Attendance.Event, AbsenceReason, Lesson.State)
    return {True: "да", **{one.value: str(one.label) for kind in kinds for one in kind}}


def _parts(value: Mapping[str, Any]) -> list[tuple[str, str]]:
    known = [(name, title) for name, title in _PARTS.items() if name in value]
    return known + [(name, name) for name in sorted(value) if name not in _PARTS]


def _changes(subjects: Mapping[str, Subject]) -> Iterable[tuple[Change, Subject]]:
    found = []
    for names in _batches(list(subjects)):
        for change in reversed(history(names)):
            about = subjects[change.object]
            if change.verb != NOTE and (about.is_told_in_full or _is_change(change)):
                found.append((change, about))
    return sorted(found, key=lambda pair: pair[0].at)


def _is_change(change: Change) -> bool:
    if change.before is None or change.verb in NOT_CHANGES:
        return False
    # A column stands before its work is named, so that naming it for the first time replaces nothing.
    return change.before.get("kind") != ""


def _batches(names: list[str]) -> Iterable[list[str]]:
    return (names[at : at + AT_ONCE] for at in range(0, len(names), AT_ONCE))


def _about(facts: Facts, what: str, lesson: int, pupil: int, *, in_full: bool = False) -> Subject:
    where, who = facts.lessons[lesson], facts.pupils[pupil]
    return Subject(what, who.book_number, who.name, where.subject, where.on, is_told_in_full=in_full)
