"""One section of the form: what stands in it, what was typed, and what it makes of the edition."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from letopis.control.forms.policy import columns as c
from letopis.control.forms.policy.cells import Cell, Row, filled, plain_of, ticked, typed_of
from letopis.control.queries.rules import silent_values
from letopis.org.actions.policy import WrongValue
from letopis.rules.policy import Variable, variables
from letopis.rules.policy.codec import BadValue, decode, encode
from letopis.rules.policy.words import FIELD_TITLES, words
from letopis.rules.text import one_line

LONGEST_CLAUSE = 200
SPARE_ROWS = 2


@dataclass(slots=True)
class RuleField:
    """A variable in the form."""

    variable: Variable
    shape: c.Shape
    without_act: tuple[str, ...]
    """What stands where the act is silent, in words."""
    rows: list[Row]
    """One of them, but for a table."""
    lines: str = ""
    """Text of a field of lines."""
    clause: str = ""
    is_stated: bool = False
    errors: list[str] = field(default_factory=list)

    @property
    def layout(self) -> str:
        return self.shape.layout

    @property
    def cell(self) -> Cell:
        return self.rows[0].cells[0]

    @property
    def error_id(self) -> str:
        return f"{self.variable.name}_error" if self.errors else ""


class SectionForm:
    """The variables of a section with what an edition in preparation says of them.

    stated: plain values by name, as LocalAct.prepared keeps them; data: what was sent, or None for a fresh page.
    """

    def __init__(
        self, section: str, *, stated: Mapping[str, Mapping[str, Any]], day: date, data: QueryDict | None = None
    ) -> None:
        self.section, self.before, self.data = section, stated, data
        self.silent = silent_values(day)
        self.stated: dict[str, dict[str, Any]] = {}
        self.fields = [self._field(one) for one in variables().values() if one.section == section]

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """Name, title and sentence of everything that is wrong."""
        return [(one.variable.name, one.variable.title, error) for one in self.fields for error in one.errors]

    def is_valid(self) -> bool:
        return not self.errors

    def whole(self) -> dict[str, dict[str, Any]]:
        """Return the stated values of the whole edition with this section as it was typed."""
        mine = {one.variable.name for one in self.fields}
        kept = {name: dict(said) for name, said in self.before.items() if name not in mine} | self.stated
        return {name: kept[name] for name in variables() if name in kept}

    def blame(self, wrong: list[WrongValue]) -> list[str]:
        """Put what the whole edition does wrong at its fields; return what belongs to other sections."""
        by_name = {one.variable.name: one for one in self.fields}
        rest = []
        for one in wrong:
            if one.name in by_name:
                by_name[one.name].errors.append(one.sentence)
            else:
                rest.append(one.sentence)
        return rest

    def _field(self, variable: Variable) -> RuleField:
        shape, base = c.layout_of(variable), self.silent[variable.name]
        said = self.before.get(variable.name)
        one = RuleField(variable, shape, words(base, variable), [], is_stated=said is not None)
        if self.data is None:
            one.clause = said["clause"] if said else ""
            self._fill(one, said["value"] if said else encode(base))
        else:
            one.clause = one_line(self.data.get(f"clause-{variable.name}", ""))[:LONGEST_CLAUSE]
            self._read(one, self.data, base)
        return one

    def _fill(self, one: RuleField, plain: Any) -> None:
        """Show a plain value."""
        name, shape = one.variable.name, one.shape
        if shape.layout == c.LINES:
            one.lines = "\n".join(plain)
        elif shape.layout == c.TICKS:
            one.rows = [ticked(name, shape, plain)]
        elif shape.layout == c.TABLE:
            one.rows = [filled(name, at, shape, row) for at, row in enumerate(plain, 1)]
            one.rows += [filled(name, len(plain) + at, shape, None) for at in range(1, SPARE_ROWS + 1)]
        else:
            one.rows = [filled(name, 0, shape, plain)]

    def _read(self, one: RuleField, data: QueryDict, base: Any) -> None:
        """Take what was sent; without a clause the value has to be the one that stands anyway."""
        variable = one.variable
        one.lines, one.rows = typed_of(variable.name, one.shape, data)
        try:
            plain = self._as_before(one, plain_of(one.shape, one.rows, one.lines), base)
            value = decode(plain, variable)
        except BadValue as bad:
            one.errors.append(f"{place_words(bad.path)}{bad}")
            return
        one.is_stated = bool(one.clause)
        if one.clause:
            self.stated[variable.name] = {"value": encode(value), "clause": one.clause, **self._note(variable, value)}
        elif value != base:
            one.errors.append(_("Укажите пункт акта, который так решает, или верните прежнее значение."))

    def _note(self, variable: Variable, value: Any) -> dict[str, str]:
        """Keep the note of how an unclear place was read, while the value stays what it was read as."""
        said = self.before.get(variable.name, {})
        note: str = said.get("note", "")
        return {"note": note} if note and decode(said["value"], variable) == value else {}

    def _as_before(self, one: RuleField, plain: Any, base: Any) -> Any:
        """Return ticks in the order they had: it decides nothing, and the same ticks are the same value."""
        if one.layout != c.TICKS:
            return plain
        said = self.before.get(one.variable.name)
        known = (said["value"] if said else None, encode(base))
        return next((list(old) for old in known if old is not None and set(old) == set(plain)), plain)


def place_words(path: str) -> str:
    """Return «Строка 2, «Сколько»: » for «[2].limit.amount»."""
    if not path:
        return ""
    row, _dot, rest = path.partition(".")
    number, name = row.strip("[]").partition("][")[0], rest.rpartition(".")[2]
    line = _("Строка %(n)s") % {"n": number} if number else ""
    return ", ".join(part for part in (line, f"«{FIELD_TITLES[name]}»" if name in FIELD_TITLES else "") if part) + ": "
