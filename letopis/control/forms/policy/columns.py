"""How a value of the policy is typed: one cell, a few, ticks, lines, or a table with a column for each field."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from fractions import Fraction
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from django.utils.translation import gettext_lazy as _

from letopis.rules.policy import Limit, Variable
from letopis.rules.policy.values import rules_of
from letopis.rules.policy.words import FIELD_TITLES

CELL, CELLS, TICKS, LINES, TABLE = "cell", "cells", "ticks", "lines", "table"
TEXT, NUMBER, FRACTION, CHOICE, FLAG, NUMBERS, CODES, NAMES, MONTH_DAY, DAY = (
    "text", "number", "fraction", "choice", "flag", "numbers", "codes", "names", "month_day", "day",
)  # fmt: skip

YES_NO = {"yes": _("да"), "no": _("нет")}
REASONS = {"ILL": _("болезнь"), "VALID": _("уважительная"), "UNEXCUSED": _("без уважительной")}
ORDERED = frozenset({"absence_paper_order"})
"""Lists of choices in which the order decides: a table of one column, not ticks."""
_BY_COMMAS = frozenset({"kinds", "classes"})
"""Codes hold no commas; names of subjects may."""


@dataclass(frozen=True, slots=True)
class Column:
    """One thing to be typed."""

    path: tuple[str, ...]
    """Where it belongs in the plain value: field names of a row; nothing for a plain value."""
    title: str
    kind: str
    choices: Mapping[str, Any] | None = None
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """How a variable is typed."""

    layout: str
    """CELL, CELLS, TICKS, LINES or TABLE."""
    columns: tuple[Column, ...]
    may_be_missing: bool = False
    """All cells empty mean that there is no value."""


@cache
def shape_of(name: str, kind: Any) -> Shape:
    """Return how a variable of this name and kind is typed; choices of the variable itself are not in it."""
    inner, missing = _bare(kind)
    if get_origin(inner) is not tuple:
        if inner is Limit:
            return Shape(CELLS, _columns(Limit), missing)
        return Shape(CELL, (Column((), "", _kind_of(inner), None, is_required=not missing),), missing)
    items = get_args(inner)
    if Ellipsis not in items:
        # Month and day, or a whole day: the policy has no other tuples of a fixed length.
        return Shape(CELL, (Column((), "", MONTH_DAY if len(items) == 2 else DAY, None, is_required=True),))
    item = items[0]
    if is_dataclass(item):
        return Shape(TABLE, _columns(item))
    if get_origin(item) is tuple:
        return Shape(TABLE, _pair_columns(get_args(item)))
    if item is int:
        return Shape(CELL, (Column((), "", NUMBERS),))
    return Shape(TABLE, (Column((), str(_("По порядку")), CHOICE),)) if name in ORDERED else Shape(LINES, ())


def layout_of(variable: Variable) -> Shape:
    """Return how a variable is typed, with its choices."""
    shape = shape_of(variable.name, variable.kind)
    if variable.choices is None:
        return shape
    if shape.layout == LINES:
        return Shape(TICKS, (Column((), "", FLAG, variable.choices),))
    columns = tuple(Column(one.path, one.title, CHOICE, variable.choices, one.is_required) for one in shape.columns)
    return Shape(shape.layout, columns, shape.may_be_missing)


def _bare(kind: Any) -> tuple[Any, bool]:
    """Return the type without «| None», and whether it had it."""
    if NoneType not in get_args(kind):
        return kind, False
    return next(one for one in get_args(kind) if one is not NoneType), True


def _columns(row: Any, prefix: tuple[str, ...] = ()) -> tuple[Column, ...]:
    hints, rules = get_type_hints(row), rules_of(row)
    found: list[Column] = []
    for one in fields(row):
        inner, missing = _bare(hints[one.name])
        path = (*prefix, one.name)
        if is_dataclass(inner):
            found += _columns(inner, path)
            continue
        choices = rules[one.name].get("choices")
        kind = CHOICE if choices else _kind_of(inner, one.name)
        required = one.default is MISSING and not missing and kind != FLAG
        found.append(Column(path, FIELD_TITLES[one.name], kind, choices, required))
    return tuple(found)


def _kind_of(inner: Any, name: str = "") -> str:
    if get_origin(inner) is tuple:
        if get_args(inner)[0] is int:
            return NUMBERS
        return CODES if name in _BY_COMMAS else NAMES
    if inner is bool:
        return FLAG if name else CHOICE
    return {int: NUMBER, Fraction: FRACTION, str: TEXT}[inner]


def _pair_columns(items: tuple[Any, ...]) -> tuple[Column, ...]:
    if len(items) == 3:
        titles = (_("С класса"), _("По класс"), _("Минут"))
        return tuple(Column((str(at),), str(title), NUMBER, None, True) for at, title in enumerate(titles))
    return (
        Column(("0",), str(_("Причина")), CHOICE, REASONS, True),
        Column(("1",), str(_("Буква")), TEXT, None, True),
    )
