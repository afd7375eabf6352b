"""The TOML form of an edition: what a person writes by hand, and what the product gives out. One object both ways.

    [edition]
    act = "school-5"
    title = "Положение о ведении электронного журнала"
    in_force_from = 2026-09-01

    [values.edit_window_days]
    value = 7
    clause = "п. 3.4"

A file is read whole or not at all, and every problem of it is told at once, with its line and field.
"""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

import tomli_w

from letopis.rules.policy.codec import BadValue, decode, encode
from letopis.rules.policy.consistency import contradictions
from letopis.rules.policy.editions import Edition, Stated
from letopis.rules.policy.model import DEFAULT_POLICY, variables
from letopis.rules.policy.toml_lines import line_of, syntax_error_place

KINDS = {
    "REGULATION": "положение",
    "ORDER": "приказ",
    "INSTRUCTION": "инструкция",
    "PROCEDURE": "регламент",
    "PLAN": "план",
}
"""Kinds of a local act: code → Russian word."""

_TEXT, _DAY, _TEXTS = "текст в кавычках", "день, как 2026-09-01", 'список текстов, как ["совет родителей"]'
_EDITION = {
    "act": _TEXT, "title": _TEXT, "kind": _TEXT, "number": _TEXT, "adopted_on": _DAY, "adopted_by": _TEXT,
    "order": _TEXT, "agreed_with": _TEXTS, "in_force_from": _DAY, "in_force_to": _DAY,
}  # fmt: skip
_LONGEST = {"title": 500, "number": 40}
"""Signs: what the register of acts holds."""
_REQUIRED = ("act", "title", "in_force_from")
_STATED = ("value", "clause", "note")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong at one place of a policy file, and how to mend it."""

    line: int
    """From 1; where something is missing, the line of the table that lacks it; 0 for the file as a whole."""
    field: str
    """«values.mark_deadlines.value[2].limit.unit»; empty for the file as a whole."""
    sentence: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (f"строка {self.line}" if self.line else "", self.field) if part)
        return f"{place}: {self.sentence}" if place else self.sentence


class PolicyFileError(ValueError):
    """A policy file that cannot be read. Carries every problem of it, in order of lines."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(one) for one in self.problems))


def read_edition(text: str) -> Edition:
    """Return the edition that a TOML text states. Raises PolicyFileError with all its problems."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line, told = syntax_error_place(error, text)
        raise PolicyFileError([Problem(line, "", f"Строка не читается как TOML: {told}.")]) from None
    except (ValueError, RecursionError):
        raise _unreadable() from None
    try:
        return _Reader(text).read(tables)
    except PolicyFileError:
        raise
    except (ValueError, RecursionError):
        # Python refuses to write out a number of thousands of digits, also in the sentence that names it.
        raise _unreadable() from None


def _unreadable() -> PolicyFileError:
    return PolicyFileError([Problem(0, "", "Файл не читается: в нём слишком длинное число или слишком много скобок.")])


class _Reader:
    """Reads one text and gathers its problems."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.problems: list[Problem] = []

    def read(self, tables: dict[str, Any]) -> Edition:
        for name in tables:
            if name not in {"edition", "values"}:
                self._tell(name, f"Раздела «{name}» нет. Разделы файла: [edition] и [values.имя].")
        said = self._edition(self._table(tables, "edition"))
        values = self._values(self._table(tables, "values"))
        self._contradictions(values)
        if self.problems:
            raise PolicyFileError(self.problems)
        return Edition(values=values, **said)

    def _table(self, tables: dict[str, Any], name: str) -> dict[str, Any]:
        found = tables.get(name, {})
        if not isinstance(found, dict):
            self._tell(name, f"Здесь нужен раздел [{name}], а не значение.")
            return {}
        return found

    def _edition(self, table: dict[str, Any]) -> dict[str, Any]:
        for name in _REQUIRED:
            if name not in table:
                self._tell("edition", f"В разделе [edition] не хватает «{name}»: нужно указать {_EDITION[name]}.")
        said = {}
        for name, value in table.items():
            place = f"edition.{name}"
            if name not in _EDITION:
                self._tell(place, _unknown("Поля", name, _EDITION))
            elif not _fits(value, _EDITION[name]):
                self._tell(place, f"«{_shown(value)}» не подходит: нужно указать {_EDITION[name]}.")
            elif name in _REQUIRED and not value:
                self._tell(place, "Здесь пусто, а нужен текст.")
            elif name in _LONGEST and len(value) > _LONGEST[name]:
                self._tell(place, f"Длина – {len(value)}, а помещается знаков: {_LONGEST[name]}. Сократите.")
            elif name == "kind" and value not in KINDS:
                known = ", ".join(f"{code} ({word})" for code, word in KINDS.items())
                self._tell(place, f"Вида акта «{value}» нет. Можно: {known}.")
            else:
                said[name] = tuple(value) if isinstance(value, list) else value
        first, last = said.get("in_force_from"), said.get("in_force_to")
        if first and last and last < first:
            self._tell(
                "edition.in_force_to",
                f"Редакция кончается {last:%d.%m.%Y}, раньше, чем вступает в силу ({first:%d.%m.%Y}).",
            )
        return said

    def _values(self, table: dict[str, Any]) -> dict[str, Stated]:
        stated = {}
        for name, row in table.items():
            place = f"values.{name}"
            if name not in variables():
                self._tell(place, _unknown("Переменной", name, variables()))
            elif not isinstance(row, dict):
                self._tell(place, f"Нужен раздел [values.{name}] с полями value и clause.")
            elif (said := self._stated(name, row)) is not None:
                stated[name] = said
        return stated

    def _stated(self, name: str, row: dict[str, Any]) -> Stated | None:
        place, before = f"values.{name}", len(self.problems)
        for key in row:
            if key not in _STATED:
                self._tell(f"{place}.{key}", _unknown("Поля", key, dict.fromkeys(_STATED)))
        for key in ("clause", "note"):
            if key in row and not isinstance(row[key], str):
                self._tell(f"{place}.{key}", f"«{_shown(row[key])}» не подходит: нужно указать {_TEXT}.")
        if not str(row.get("clause", "")).strip():
            self._tell(
                f"{place}.clause" if "clause" in row else place,
                f"Не назван пункт акта: clause = «п. …». Без пункта «{variables()[name].title}» не принимается.",
            )
        value = None
        if "value" not in row:
            self._tell(place, "Не хватает value: что решает акт?")
        else:
            try:
                value = decode(row["value"], variables()[name])
            except BadValue as bad:
                self._tell(f"{place}.value{bad.path}", str(bad))
        if len(self.problems) > before:
            return None
        return Stated(value, row["clause"], row.get("note", ""))

    def _contradictions(self, values: Mapping[str, Stated]) -> None:
        policy = replace(DEFAULT_POLICY, **{name: said.value for name, said in values.items()})
        for found in contradictions(policy):
            # What contradicts a default only is told where the file states the other half of it.
            blamed = next((name for name in found.names if name in values), None)
            if blamed is not None:
                path = found.path if blamed == found.names[0] else ""
                self._tell(f"values.{blamed}.value{path}", found.sentence)

    def _tell(self, place: str, sentence: str) -> None:
        self.problems.append(Problem(line_of(self.text, place), place, sentence))


def _fits(value: Any, asked: str) -> bool:
    if asked == _DAY:
        # A moment is a date for Python, and no day for an act.
        return isinstance(value, date) and not isinstance(value, datetime)
    if asked == _TEXTS:
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    return isinstance(value, str)


def _unknown(what: str, name: str, known: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f"{what} «{name}» нет. Возможно, это «{near[0]}»."
    if len(known) > len(_EDITION):
        return f"{what} «{name}» нет. Все имена: letopis policy show --act model --all."
    return f"{what} «{name}» нет. Есть: {', '.join(known)}."


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def write_edition(edition: Edition) -> str:
    """Return the TOML text of an edition: `read_edition` gives an equal one back."""
    head = {one.name: getattr(edition, one.name) for one in fields(edition) if one.name != "values"}
    lines = ["[edition]"]
    lines += [_line(name, list(one) if isinstance(one, tuple) else one) for name, one in head.items() if one]
    for name in variables():
        if name in edition.values:
            said = edition.values[name]
            lines += ["", f"[values.{name}]", _line("value", encode(said.value)), _line("clause", said.clause)]
            lines += [_line("note", said.note)] if said.note else []
    return "\n".join(lines) + "\n"


def _line(name: str, value: Any) -> str:
    """Return «name = value», with the rows of a list on lines of their own.

    The library escapes each scalar; the layout is ours, because its own spreads one row over a dozen lines.
    """
    if isinstance(value, list) and any(isinstance(one, dict) for one in value):
        rows = "".join(f"    {_inline(one)},\n" for one in value)
        return f"{name} = [\n{rows}]"
    return f"{name} = {_inline(value)}"


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {_inline(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(one) for one in value) + "]"
    return tomli_w.dumps({"v": value}).removeprefix("v = ").rstrip("\n")
