"""Values of the policy as plain data of TOML and JSON, and back.

Fractions are written exactly («9/2», «4,65»); a value that is missing is written as «нет», because TOML has no null.
"""

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from fractions import Fraction
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from letopis.rules.policy.values import rules_of
from letopis.rules.policy.variable import Variable

NOTHING = "нет"
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{1,12}|/\d{1,12})?", re.ASCII)


class BadValue(ValueError):
    """A value does not fit its variable. The text says what is wrong and what is asked for, in Russian."""

    def __init__(self, sentence: str, *, path: str = "") -> None:
        super().__init__(sentence)
        self.path = path
        """Where inside the value: «[2].limit.unit»; empty for the value itself."""


def encode(value: Any) -> Any:
    """Return a value of a variable as plain data: what `decode` reads back to an equal value."""
    if value is None:
        return NOTHING
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}" if value.denominator != 1 else str(value.numerator)
    if is_dataclass(value):
        # What equals its default is left out: rows stay as short as people would write them.
        return {
            one.name: encode(getattr(value, one.name))
            for one in fields(value)
            if one.default is MISSING or getattr(value, one.name) != one.default
        }
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    raise TypeError(f"no plain spelling of {type(value).__name__}")


def decode(plain: Any, variable: Variable) -> Any:
    """Return the value of a variable from plain data. Raises BadValue: wrong type, unknown code, out of bounds."""
    value = _read(plain, variable.kind, "")
    rules = {"choices": variable.choices, "least": variable.least, "most": variable.most, "unit": variable.unit}
    _check_all(value, rules, "")
    return value


def _check_all(value: Any, rules: Mapping[str, Any], path: str) -> None:
    items = [(value, path)]
    if isinstance(value, tuple):
        items = [(item, f"{path}[{place}]") for place, item in enumerate(value, 1)]
    for item, where in items:
        _check(item, rules, where)


def _check(item: Any, rules: Mapping[str, Any], path: str) -> None:
    choices, least, most = (rules.get(name) for name in ("choices", "least", "most"))
    if choices is not None and isinstance(item, str) and item not in choices:
        known = ", ".join(f"{code} ({words})" for code, words in choices.items() if code)
        raise BadValue(f"«{item}» – не из списка. Можно: {known}.", path=path)
    if isinstance(item, bool) or not isinstance(item, int | Fraction):
        return
    if (least is not None and item < least) or (most is not None and item > most):
        unit = f" ({rules['unit']})" if rules.get("unit") else ""
        raise BadValue(f"{encode(item)} вне границ: от {encode(least)} до {encode(most)}{unit}.", path=path)


def _read(plain: Any, kind: Any, path: str) -> Any:
    origin = get_origin(kind)
    if origin is UnionType or NoneType in get_args(kind):
        if plain == NOTHING or plain is None:
            return None
        return _read(plain, next(one for one in get_args(kind) if one is not NoneType), path)
    if origin is tuple:
        return _read_tuple(plain, get_args(kind), path)
    if is_dataclass(kind):
        return _read_row(plain, kind, path)
    if kind is Fraction:
        return _read_fraction(plain, path)
    if kind is bool and isinstance(plain, bool):
        return plain
    if kind is int and isinstance(plain, int) and not isinstance(plain, bool):
        return plain
    if kind is str and isinstance(plain, str):
        return plain
    asked = {bool: "да или нет (true, false)", int: "целое число", str: "текст"}[kind]
    raise BadValue(f"«{plain}» не подходит: нужно {asked}.", path=path)


def _read_tuple(plain: Any, kinds: tuple[Any, ...], path: str) -> tuple[Any, ...]:
    if not isinstance(plain, list | tuple):
        raise BadValue(f"«{plain}» не подходит: нужен список.", path=path)
    if kinds[-1] is Ellipsis:
        return tuple(_read(item, kinds[0], f"{path}[{place}]") for place, item in enumerate(plain, 1))
    if len(plain) != len(kinds):
        raise BadValue(f"Значений {len(plain)}, а нужно {len(kinds)}.", path=path)
    pairs = zip(plain, kinds, strict=True)
    return tuple(_read(item, kind, f"{path}[{place}]") for place, (item, kind) in enumerate(pairs, 1))


def _read_row(plain: Any, kind: Any, path: str) -> Any:
    if not isinstance(plain, Mapping):
        names = ", ".join(one.name for one in fields(kind))
        raise BadValue(f"«{plain}» не подходит: нужна строка с полями {names}.", path=path)
    hints, known = get_type_hints(kind), {one.name: one for one in fields(kind)}
    for name in plain:
        if name not in known:
            raise BadValue(f"Поля «{name}» нет. Есть: {', '.join(known)}.", path=path)
    for name, one in known.items():
        if one.default is MISSING and name not in plain:
            raise BadValue(f"Не хватает поля «{name}».", path=path)
    read = {name: _read(item, hints[name], f"{path}.{name}") for name, item in plain.items()}
    for name, rules in rules_of(kind).items():
        if name in read:
            _check_all(read[name], rules, f"{path}.{name}")
    row = kind(**read)
    if (problem := getattr(row, "problem", None)) and (sentence := problem()):
        raise BadValue(sentence, path=path)
    return row


def _read_fraction(plain: Any, path: str) -> Fraction:
    if isinstance(plain, float):
        # The text of a decimal number is what was written; its binary value is not.
        plain = repr(plain)
    if isinstance(plain, int | str) and not isinstance(plain, bool):
        try:
            # Only what people write: «1e999999999» would be counted out for hours.
            if _NUMBER.fullmatch(text := str(plain).strip()):
                return Fraction(text.replace(",", "."))
        except (ValueError, ZeroDivisionError):
            pass
    raise BadValue(f"«{str(plain)[:60]}» не подходит: нужно число, как «4,65» или «9/2».", path=path)
