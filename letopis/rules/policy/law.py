"""What the law itself says of a variable, by the day it took force: `tables/policy_law/<day>.toml`.

Each table is whole: it holds everything the law says from that day on. A school may be stricter by its own act; where
it is silent, the law stands and not the default.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from letopis.rules.policy.codec import decode
from letopis.rules.policy.model import variables


@dataclass(frozen=True, slots=True)
class Law:
    """A value that the law gives."""

    value: Any
    clause: str
    since: date


def laws(day: date) -> Mapping[str, Law]:
    """Return what the law says on a day, by name of variable."""
    days = [one for one in law_days() if one <= day]
    return _table(days[-1]) if days else {}


@cache
def law_days() -> tuple[date, ...]:
    """Return the days on which the law changed, in order."""
    names = (entry.name for entry in (files("letopis.rules") / "tables" / "policy_law").iterdir())
    return tuple(sorted(date.fromisoformat(name.removesuffix(".toml")) for name in names if name.endswith(".toml")))


@cache
def _table(day: date) -> Mapping[str, Law]:
    path = files("letopis.rules") / "tables" / "policy_law" / f"{day.isoformat()}.toml"
    rows = tomllib.loads(path.read_text("utf-8"))
    return {
        name: Law(decode(row["value"], variables()[name]), row["clause"], row["since"]) for name, row in rows.items()
    }
