"""The three-way comparison: the file, what was last imported, and what the product holds now.

A field that the file does not change since the last import is the product's own: whatever was done to it here stays.
A field that the file changes is taken if the product still holds what was imported, and is a conflict otherwise.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from letopis.exchange.importing.world import World
from letopis.exchange.models import ImportedRow

CREATED, CHANGED, LEFT = "created", "changed", "left"


@dataclass(frozen=True, slots=True)
class Held:
    """What the product holds for a key: the row and its values."""

    pk: int
    object: str
    values: Mapping[str, str]


class Adapter(Protocol):
    """How one sheet meets the tables."""

    name: str
    """Of the base rows; adapters of one sheet differ in it."""
    sheet: str
    is_perennial: bool
    """Whether rows live longer than one school year."""

    def rows(self, world: World) -> Iterable[tuple[str, Any, dict[str, str]]]:
        """Return key, row and values of every row of the file."""

    def held(self, world: World) -> Mapping[str, Held]:
        """Return what the product holds, by key."""

    def create(self, lines: "list[Line]", world: World) -> dict[str, str]:
        """Create rows in bulk; return the ledger's name of each by key."""

    def change(self, line: "Line", world: World) -> None:
        """Write the changed fields of one row."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that was edited here and changed in the file."""

    sheet: str
    row: int
    field: str
    file: str
    imported: str
    here: str


@dataclass(slots=True)
class Line:
    """What the import will do with one row of the file."""

    key: str
    row: Any
    values: dict[str, str]
    status: str
    held: Held | None = None
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Field → value here, value to write."""
    conflicts: list[Conflict] = field(default_factory=list)
    base: dict[str, str] = field(default_factory=dict)
    """What will be remembered as imported."""

    def after(self, name: str) -> str:
        """Return what a field holds after the import: what the product holds, unless this line changes it."""
        if name in self.changes:
            return self.changes[name][1]
        return self.values[name] if self.held is None else self.held.values.get(name, "")


@dataclass(slots=True)
class SheetPlan:
    """The lines of one adapter, and the rows that the file no longer has."""

    adapter: Adapter
    lines: list[Line]
    vanished: list[str]
    remembered: dict[str, ImportedRow]

    def of(self, status: str) -> list[Line]:
        return [line for line in self.lines if line.status == status]


def make_plan(adapters: Iterable[Adapter], world: World) -> list[SheetPlan]:
    """Compare every sheet; writes nothing. Two queries for each adapter at the most, besides one for the base."""
    base = _base(world)
    return [_plan_sheet(adapter, world, base.get(adapter.name, {})) for adapter in adapters]


def base_year(adapter: Adapter, world: World) -> int:
    """Return the year under which an adapter's rows are remembered; 0 for rows that outlive a year."""
    assert world.book.school is not None  # noqa: S101 (a book with errors never comes here)
    return 0 if adapter.is_perennial else world.book.school.year_starts


def _base(world: World) -> dict[str, dict[str, ImportedRow]]:
    remembered: dict[str, dict[str, ImportedRow]] = {}
    if world.organisation and world.book.school:
        rows = ImportedRow.objects.filter(
            organisation=world.organisation, year_starts__in=[0, world.book.school.year_starts]
        )
        for row in rows:
            remembered.setdefault(row.sheet, {})[row.key] = row
    return remembered


def _plan_sheet(adapter: Adapter, world: World, remembered: dict[str, ImportedRow]) -> SheetPlan:
    is_known = world.organisation is not None and (adapter.is_perennial or world.year is not None)
    held = adapter.held(world) if is_known else {}
    lines = [
        _compare(adapter.sheet, key, row, values, remembered.get(key), held.get(key))
        for key, row, values in adapter.rows(world)
    ]
    present = {line.key for line in lines}
    vanished = [key for key in remembered if key not in present and key in held]
    return SheetPlan(adapter, lines, vanished, remembered)


def _compare(
    sheet: str, key: str, row: Any, values: dict[str, str], base: ImportedRow | None, held: Held | None
) -> Line:
    if held is None:
        return _compare_missing(sheet, key, row, values, base)
    line = Line(key, row, values, LEFT, held)
    imported = base.values if base else {}
    for name, file in values.items():
        here = held.values.get(name, "")
        if file == imported.get(name) or file == here:
            line.base[name] = file
        elif here == imported.get(name, ""):
            line.changes[name] = (here, file)
            line.base[name] = file
        else:
            line.conflicts.append(Conflict(sheet, row.row, name, file, imported.get(name, ""), here))
            if name in imported:
                line.base[name] = imported[name]
    if line.changes:
        line.status = CHANGED
    return line


def _compare_missing(sheet: str, key: str, row: Any, values: dict[str, str], base: ImportedRow | None) -> Line:
    """A row the product does not hold: new, or ended here since it was imported."""
    if base is None:
        return Line(key, row, values, CREATED, base=dict(values))
    line = Line(key, row, values, LEFT, base=dict(base.values))
    for name, file in values.items():
        if file != base.values.get(name):
            line.conflicts.append(Conflict(sheet, row.row, name, file, base.values.get(name, ""), ""))
    return line
