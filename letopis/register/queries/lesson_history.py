"""Who changed what of a lesson and when, in sentences, from the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from letopis.ledger.queries import Change, history
from letopis.rules.dates import parse_day
from letopis.rules.russian import short_date

_FIELDS = {
    "topic": _("тема"),
    "text": _("задание"),
    "due_on": _("срок"),
    "nothing_set": _("ничего не задано"),
    "assessment": _("форма оценивания"),
    "value": _("отметка"),
    "mark": _("отметка"),
    "event": _("посещаемость"),
    "minutes": _("минут опоздания"),
    "reason": _("причина"),
    "kind": _("вид работы"),
    "title": _("название работы"),
    "weight": _("вес"),
    "components": _("отметок за работу"),
    "worked_on": _("день работы"),
    "note": _("заметка"),
    "attendance_taken": _("посещаемость отмечена"),
    "state": _("занятие"),
    "name": _("файл"),
}
_WORDS = {
    "PRESENT": _("на уроке"),
    "ABSENT": _("нет на уроке"),
    "LATE": _("опоздание"),
    "NOT_SET": _("не указана"),
    "ILL": _("болезнь"),
    "VALID": _("уважительная"),
    "UNEXCUSED": _("без уважительной причины"),
    "PLANNED": _("запланировано"),
    "HELD": _("проведено"),
    "CANCELLED": _("отменено"),
}
_EMPTY = ("", None, False)

LONGEST_VALUE = 200
"""A longer text is cut in the history: the ledger keeps it whole. Unit: characters."""


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
        _changed(title, _value(key, before), _value(key, after))
        for key, title in _FIELDS.items()
        if before.get(key) != after.get(key) and not (before.get(key) in _EMPTY and after.get(key) in _EMPTY)
    ]
    return "; ".join(changed) or change.verb


def _value(key: str, values: Mapping[str, Any]) -> Any:
    """Return the value as people write it; the ledger keeps a day in ISO form."""
    day = parse_day(values.get(key)) if key == "due_on" else None
    return short_date(day) if day else values.get(key)


def _changed(title: Any, before: Any, after: Any) -> str:
    if after is True:
        return str(title)
    if before in _EMPTY:
        return f"{title}: {_word(after)}"
    return f"{title}: {_word(before)} → {gettext('снято') if after in _EMPTY else _word(after)}"


def _word(value: Any) -> str:
    if value is True:
        return gettext("да")
    text = str(_WORDS.get(str(value), value))
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE].rstrip()}…"
