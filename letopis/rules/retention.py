"""How long an archived unit is kept, by dated tables, and the first day on which it may be selected for disposal."""

import re
import tomllib
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files

from letopis.rules.policy import Policy
from letopis.rules.russian import counted

_VARIABLES = {"REGISTER": "keep_register", "STATEMENTS": "keep_summary_electronic"}
_YEARS = re.compile(r"(\d{1,2})\s*(?:л|г|лет|год|года)\.?")


class NoRetentionTable(LookupError):
    """No table was in force on a day, or the table in force does not know a kind of unit."""

    def __init__(self, *, kind: str, on: date) -> None:
        super().__init__(f"no retention term of {kind} in force on {on.isoformat()}")
        self.kind, self.on = kind, on


@dataclass(frozen=True, slots=True)
class RetentionRow:
    """How long one kind of unit is kept."""

    kind: str
    """REGISTER or STATEMENTS."""
    index: str
    """Index of the nomenclature; only the number of its section where the model nomenclature has no position."""
    title: str
    """Title of the position, in Russian."""
    years: int
    basis: str
    """What the term rests on, as it is written into packages, in Russian."""
    source: str
    """Where the row was taken from."""

    @property
    def term(self) -> str:
        """«5 лет», as the nomenclature writes it."""
        return counted(self.years, "год", "года", "лет")


def retention_of(kind: str, *, on: date, policy: Policy) -> RetentionRow:
    """Return the term of a kind of unit by the table in force on a day: the latest one not after it.

    policy: of that day. A term in years that the school's own act states goes before the table's, with its clause.
    Raises NoRetentionTable.
    """
    tables = [table for table in _editions() if table <= on]
    rows = {row.kind: row for row in _rows(tables[-1])} if tables else {}
    if kind not in rows:
        raise NoRetentionTable(kind=kind, on=on)
    row, name = rows[kind], _VARIABLES[kind]
    years = years_of(getattr(policy, name))
    if name not in policy.clauses or years is None:
        return row
    return replace(row, years=years, basis=policy.clause(name), source=policy.clause(name))


def years_of(term: str) -> int | None:
    """Return the years of a term as a nomenclature writes it («5 л.», «3 г.», «25 лет»); None for any other term."""
    found = _YEARS.fullmatch(term.strip())
    return int(found.group(1)) if found else None


def disposal_on(closed_on: date, years: int) -> date:
    """Return the first day on which the unit may be selected for disposal.

    The term is counted from 1 January after the year of closing: closed on 31.08.2026, 5 years, gives 01.01.2032.
    Reaching the day makes a candidate, never a deletion.
    Source: order 237 of Rosarchive of 20.12.2019; C-016 (a register is closed in the second calendar year).
    """
    return date(closed_on.year + 1 + years, 1, 1)


def kept_until(closed_on: date, years: int) -> date:
    """Return the last day of the term."""
    return date(closed_on.year + years, 12, 31)


@cache
def _editions() -> tuple[date, ...]:
    names = (entry.name for entry in (files("letopis.rules") / "tables" / "retention").iterdir())
    return tuple(sorted(date.fromisoformat(name.removesuffix(".toml")) for name in names if name.endswith(".toml")))


@cache
def _rows(edition: date) -> tuple[RetentionRow, ...]:
    path = files("letopis.rules") / "tables" / "retention" / f"{edition.isoformat()}.toml"
    return tuple(RetentionRow(**row) for row in tomllib.loads(path.read_text("utf-8"))["row"])
