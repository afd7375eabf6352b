"""Who changed what of a lesson and when, in sentences, from the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from letopis.ledger.queries import Change, history

_FIELDS = {
    "topic": "тема",
    "text": "задание",
    "due_on": "срок",
    "nothing_set": "ничего не задано",
    "value": "отметка",
    "mark": "отметка",
    "event": "посещаемость",
    "minutes": "минут опоздания",
    "reason": "причина",
    "kind": "вид работы",
    "title": "название работы",
    "attendance_taken": "посещаемость отмечена",
    "state": "занятие",
    "name": "файл",
}
_WORDS = {
    "PRESENT": "на уроке",
    "ABSENT": "нет на уроке",
    "LATE": "опоздание",
    "NOT_SET": "не указана",
    "ILL": "болезнь",
    "VALID": "уважительная",
    "UNEXCUSED": "без уважительной причины",
    "PLANNED": "запланировано",
    "HELD": "проведено",
    "CANCELLED": "отменено",
}
_EMPTY = ("", None, False)


@dataclass(frozen=True, slots=True)
class Line:
    """One change."""

    at: datetime
    who: str
    what: str
    about: str = ""
    """Name of the pupil when the change is about one."""
    reason: str = ""


def history_lines(names: Mapping[str, str]) -> tuple[Line, ...]:
    """Return the changes of these objects, the newest first. One query.

    names: what the ledger calls an object, and the pupil it is about (empty for the lesson itself).
    """
    return tuple(
        Line(change.at, change.who, _what(change), names[change.object], change.reason)
        for change in history(list(names))
    )


def _what(change: Change) -> str:
    before, after = change.before or {}, change.after or {}
    changed = [
        _changed(title, before.get(key), after.get(key))
        for key, title in _FIELDS.items()
        if before.get(key) != after.get(key) and not (before.get(key) in _EMPTY and after.get(key) in _EMPTY)
    ]
    return "; ".join(changed) or change.verb


def _changed(title: str, before: Any, after: Any) -> str:
    if after is True:
        return title
    if before in _EMPTY:
        return f"{title}: {_word(after)}"
    return f"{title}: {_word(before)} → {'снято' if after in _EMPTY else _word(after)}"


def _word(value: Any) -> str:
    if value is True:
        return "да"
    return _WORDS.get(str(value), str(value))
