"""How a field of the policy describes itself: what it means, in what unit, within which bounds, by which source."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from fractions import Fraction
from functools import cache
from typing import Any, get_type_hints

Number = int | Fraction

_KEY = "variable"


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of the policy as the settings page and the policy file know it."""

    name: str
    title: str
    """What it decides, in Russian, as a line of the settings page."""
    unit: str
    """In Russian: «дни», «минуты»; empty for what has none."""
    source: str
    """Requirement rows and acts that ask for it."""
    default: Any
    kind: Any
    """Its type: bool, int, str, Fraction, a tuple of them or of rows of `policy.values`; «| None» where it may be
    missing."""
    note: str = ""
    """What the default stands for, in Russian, to be cited where an act is silent."""
    least: Number | None = None
    most: Number | None = None
    choices: Mapping[str, str] | None = None
    """Code → Russian words, for values (or items of a tuple) that are one of a list."""
    section: str = ""
    """Name of the class of the policy that holds it."""


def variable(
    default: Any,
    *,
    title: str,
    source: str,
    unit: str = "",
    note: str = "",
    least: Number | None = None,
    most: Number | None = None,
    choices: Mapping[str, str] | None = None,
) -> Any:
    """Return a dataclass field that carries its description. See `Variable` for the parts."""
    said = {"title": title, "unit": unit, "source": source, "note": note, "least": least, "most": most}
    return field(default=default, metadata={_KEY: {**said, "choices": choices}})


@cache
def described(policy: type) -> Mapping[str, Variable]:
    """Return every variable of a policy class by name, in the order of its sections."""
    hints = get_type_hints(policy)
    home = {name: part.__name__ for part in reversed(policy.__mro__) for name in vars(part).get("__annotations__", ())}
    return {
        one.name: Variable(
            name=one.name,
            default=None if one.default is MISSING else one.default,
            kind=hints[one.name],
            section=home[one.name],
            **one.metadata[_KEY],
        )
        for one in fields(policy)
        if _KEY in one.metadata
    }
