"""Editions of a policy by the day they take force: law, then defaults, then the school's own act.

An edition holds what its act states and nothing else; where it is silent the law or the default stands. It is never
edited. The edition for a day is the latest one not after it, so a past day is always judged by its own.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Any

from letopis.rules.policy.law import law_days, laws
from letopis.rules.policy.model import DEFAULT_POLICY, Policy, variables

LAW, DEFAULT, SCHOOL = "LAW", "DEFAULT", "SCHOOL"


@dataclass(frozen=True, slots=True)
class Stated:
    """A value that an act gives, with the clause it stands in."""

    value: Any
    clause: str
    """«п. 2.4»."""
    note: str = ""
    """How an unclear place was read, in Russian; empty when the act says it outright."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What one local act says from a day on."""

    act: str
    """Short name: «nevinnomyssk-11» of a shipped act, the code of a local act in a school."""
    title: str
    """As documents cite it: «Положение о …, приказ № 478-од от 20.12.2021»."""
    in_force_from: date
    values: Mapping[str, Stated]
    """Only what the act states, by name of variable."""
    in_force_to: date | None = None
    """The last day; None = until a new edition."""
    kind: str = "REGULATION"
    """REGULATION, ORDER, INSTRUCTION, PROCEDURE or PLAN."""
    number: str = ""
    adopted_on: date | None = None
    adopted_by: str = ""
    """The body that adopted it, in Russian."""
    order: str = ""
    """The order that brought it into force: «приказ № 478-од от 20.12.2021»."""
    agreed_with: tuple[str, ...] = ()
    """With whom it was agreed (C-020)."""

    def clause(self, name: str) -> str:
        """Return what a rule cites for a stated value: the act and its clause."""
        return f"{self.title}, {self.values[name].clause}"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a variable stands on a day: the line of the settings page."""

    name: str
    value: Any
    default: Any
    layer: str
    """LAW, DEFAULT or SCHOOL: who gave the value."""
    since: date | None
    """From when it is in force; None for a default."""
    clause: str
    note: str = ""


class EditionsOverlap(ValueError):
    """Two editions of one school would be in force on one day. The text is for the person."""


@dataclass(frozen=True)
class Editions:
    """The editions of one school, in order of their days."""

    editions: tuple[Edition, ...] = ()
    _made: dict[tuple[int, int], Policy] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Raise EditionsOverlap when two are in force on one day."""
        ordered = tuple(sorted(self.editions, key=lambda one: one.in_force_from))
        object.__setattr__(self, "editions", ordered)
        for one, following in pairwise(ordered):
            last = one.in_force_to
            if one.in_force_from == following.in_force_from or (last and last >= following.in_force_from):
                day = following.in_force_from.strftime("%d.%m.%Y")
                raise EditionsOverlap(
                    f"Две редакции действуют в один день, {day}: «{one.title}» и «{following.title}»."
                )

    def edition_on(self, day: date) -> Edition | None:
        """Return the edition of the school in force on a day; None before the first and after the last day of one."""
        place = bisect_right(self.editions, day, key=lambda one: one.in_force_from)
        found = self.editions[place - 1] if place else None
        return found if found is None or found.in_force_to is None or day <= found.in_force_to else None

    def on(self, day: date) -> Policy:
        """Return the policy in force on a day. Made once for each edition, so that a rule may ask for every cell."""
        edition, law = self.edition_on(day), bisect_right(law_days(), day)
        key = (id(edition), law)
        if key not in self._made:
            self._made[key] = _policy(edition, day)
        return self._made[key]

    def of_period(self, ends_on: date, *, today: date) -> Policy:
        """Return the policy that the results of a period are judged by: that of its last day, today's while it lasts.

        ends_on: of a term or of a year, also for a statement, print or package of a past one.
        """
        return self.on(min(ends_on, today))

    def standing(self, name: str, day: date) -> Standing:
        """Return how a variable stands on a day. Raises KeyError for a name that is no variable."""
        one, edition = variables()[name], self.edition_on(day)
        if edition is not None and name in edition.values:
            said = edition.values[name]
            return Standing(
                name, said.value, one.default, SCHOOL, edition.in_force_from, edition.clause(name), said.note
            )
        law = laws(day).get(name)
        if law is not None:
            return Standing(name, law.value, one.default, LAW, law.since, law.clause)
        return Standing(name, one.default, one.default, DEFAULT, None, DEFAULT_POLICY.clause(name))


NO_EDITIONS = Editions()
"""A school that has adopted nothing yet lives by law and defaults."""


def _policy(edition: Edition | None, day: date) -> Policy:
    law = laws(day)
    values = {name: one.value for name, one in law.items()}
    clauses = {name: one.clause for name, one in law.items()}
    if edition is not None:
        values |= {name: one.value for name, one in edition.values.items()}
        clauses |= {name: edition.clause(name) for name in edition.values}
    return replace(DEFAULT_POLICY, **values, clauses=clauses, has_act=edition is not None)


def changed_between(one: Policy, other: Policy, names: Iterable[str] | None = None) -> list[str]:
    """Return the variables whose values differ, in the order of the sections."""
    return [name for name in names or variables() if getattr(one, name) != getattr(other, name)]
