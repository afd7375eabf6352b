"""The school's rules as pages show them: every variable on a day, editions, two sides compared.

A side of a comparison is what stands in the address: «now», «default», the name of a shipped act, the code of an own
edition, or the code of a draft act that was prepared to decide rules.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from letopis.core.web import read_code
from letopis.org.actions.policy import stated_of
from letopis.org.models import LocalAct, Organisation, PolicyEdition
from letopis.org.queries import edition_of, policies
from letopis.rules.names import match_key
from letopis.rules.policy import SECTIONS, SILENT, SILENT_ACT, Deadline, Policy, Variable, section_title, variables
from letopis.rules.policy.editions import (
    DEFAULT,
    LAW,
    NO_EDITIONS,
    SCHOOL,
    Edition,
    Editions,
    Standing,
    changed_between,
)
from letopis.rules.policy.published import published, published_acts
from letopis.rules.policy.recorded import RECORDED_ONLY
from letopis.rules.policy.words import words

NOW, BY_DEFAULT = "now", "default"
SECTION_NAMES = tuple(one.__name__ for one in SECTIONS)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A variable as a line of the settings page."""

    variable: Variable
    standing: Standing
    value: tuple[str, ...]
    default: tuple[str, ...]
    """In words; empty where the value is the default."""
    act: UUID | None
    """Code of the school's act that gives it."""
    basis: str
    """The act and its clause, or the law; empty for a default."""
    is_silent: bool
    """The school has an act, and it says nothing of this."""

    @property
    def by_law(self) -> bool:
        return self.standing.layer == LAW

    @property
    def is_recorded_only(self) -> bool:
        """Nothing of the product obeys it yet: it is kept, shown and cited."""
        return self.variable.name in RECORDED_ONLY


@dataclass(frozen=True, slots=True)
class RuleSection:
    """A part of the settings page."""

    name: str
    title: str
    lines: tuple[RuleLine, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison, and what a file is made of."""

    key: str
    title: str
    policy: Policy
    edition: Edition | None
    """None for «now» without an edition, and for the defaults."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A variable on two sides."""

    variable: Variable
    one: tuple[str, ...]
    other: tuple[str, ...]
    one_clause: str
    other_clause: str
    differs: bool


def rule_sections(
    editions: Editions, *, day: date, section: str = "", only_act: bool = False, search: str = ""
) -> tuple[RuleSection, ...]:
    """Return the variables on a day, narrowed. No query.

    section: name of one, or empty for all. only_act: what the school's act gives. search: words of the title, of the
    basis or of the value.
    """
    edition, keys = editions.edition_on(day), match_key(search).split()
    found: dict[str, list[RuleLine]] = {name: [] for name in SECTION_NAMES}
    for name, variable in variables().items():
        if section not in ("", variable.section):
            continue
        line = _line(editions.standing(name, day), variable, edition)
        text = match_key(" ".join((variable.title, name, line.basis, *line.value))) if keys else ""
        if (only_act and line.standing.layer != SCHOOL) or any(key not in text for key in keys):
            continue
        found[variable.section].append(line)
    return tuple(RuleSection(name, section_title(name), tuple(lines)) for name, lines in found.items() if lines)


def _line(standing: Standing, variable: Variable, edition: Edition | None) -> RuleLine:
    is_own = standing.layer == SCHOOL and edition is not None
    value = words(standing.value, variable)
    return RuleLine(
        variable=variable,
        standing=standing,
        value=value,
        default=() if _bare(standing.value) == _bare(standing.default) else words(standing.default, variable),
        act=read_code(edition.act) if is_own and edition else None,
        basis=standing.clause if standing.layer != DEFAULT else "",
        is_silent=edition is not None and not is_own,
    )


def _bare(value: Any) -> Any:
    """Return a value without the clauses of its rows: they are told beside it and change nothing."""
    if isinstance(value, tuple):
        return tuple(replace(row, clause="") if isinstance(row, Deadline) else row for row in value)
    return value


def edition_rows(organisation: Organisation) -> list[PolicyEdition]:
    """Return the adopted editions, the newest first. One query."""
    rows = PolicyEdition.objects.filter(organisation=organisation).select_related("act")
    return list(rows.order_by("-in_force_from"))


def drafts_of(organisation: Organisation) -> list[LocalAct]:
    """Return the drafts that were prepared to decide rules, the newest first. One query."""
    drafts = LocalAct.objects.filter(organisation=organisation, state=LocalAct.State.DRAFT).defer("text")
    return [act for act in drafts.order_by("-pk") if act.prepared.get("stated") is not None]


def draft_edition(act: LocalAct, *, first: date) -> Edition:
    """Return what a draft is to decide, as if it were in force from a day. Raises BadValue for values of old."""
    return Edition(
        act=str(act.code),
        title=act.title,
        in_force_from=first,
        values=stated_of(act.prepared.get("stated", {})),
        kind=act.kind,
        number=act.number,
        agreed_with=tuple(act.agreed_with),
    )


def own_editions(organisation: Organisation, rows: Iterable[PolicyEdition]) -> list[tuple[str, str]]:
    """Return key and title of the school's editions for a choice."""
    return [
        (str(row.code), _("с %(day)s: %(act)s") % {"day": f"{row.in_force_from:%d.%m.%Y}", "act": row.act.title})
        for row in rows
    ]


def shipped_choices() -> list[tuple[str, str]]:
    """Return key and title of the shipped acts for a choice."""
    return [(key, f"{key}: {published(key).editions[-1].title}") for key in published_acts()]


def side_of(organisation: Organisation, key: str, *, day: date) -> Side | None:
    """Return a side by its key, as on a day; None for a key of nothing. At most two queries."""
    if key == NOW:
        own = policies(organisation)
        title = _("Школа на %(day)s") % {"day": f"{day:%d.%m.%Y}"}
        return Side(NOW, title, own.on(day), own.edition_on(day))
    if key == BY_DEFAULT:
        return Side(BY_DEFAULT, _("Без акта: закон и значения по умолчанию"), NO_EDITIONS.on(day), None)
    if key in published_acts():
        edition = published(key).edition_on(day) or published(key).editions[-1]
        return Side(key, edition.title, published(key).on(max(day, edition.in_force_from)), edition)
    code = read_code(key)
    if code is None:
        return None
    row = PolicyEdition.objects.filter(organisation=organisation, code=code).select_related("act").first()
    if row is not None:
        edition = edition_of(row)
        return Side(key, edition.title, policies(organisation).on(row.in_force_from), edition)
    act = LocalAct.objects.filter(organisation=organisation, code=code, state=LocalAct.State.DRAFT).first()
    if act is None or act.prepared.get("stated") is None:
        return None
    edition = draft_edition(act, first=day)
    return Side(key, _("Проект: %(act)s") % {"act": act.title}, Editions((edition,)).on(day), edition)


def differences(one: Side, other: Side, *, with_equal: bool = False) -> tuple[Difference, ...]:
    """Return the variables whose values differ, or all of them. No query."""
    names = changed_between(one.policy, other.policy)
    changed = {name for name in names if _bare(getattr(one.policy, name)) != _bare(getattr(other.policy, name))}
    return tuple(
        Difference(
            variable=variable,
            one=words(getattr(one.policy, name), variable),
            other=words(getattr(other.policy, name), variable),
            one_clause=_clause(one, name),
            other_clause=_clause(other, name),
            differs=name in changed,
        )
        for name, variable in variables().items()
        if with_equal or name in changed
    )


def _clause(side: Side, name: str) -> str:
    """Return the clause alone where the side's own act gives the value, since its title stands above the column."""
    if side.edition is not None and name in side.edition.values:
        return side.edition.values[name].clause
    clause = side.policy.clause(name)
    return "" if clause.startswith((SILENT, SILENT_ACT)) else clause


def silent_values(day: date) -> Mapping[str, object]:
    """Return what stands for each variable where no act of the school speaks: law, else the default."""
    policy = NO_EDITIONS.on(day)
    return {name: getattr(policy, name) for name in variables()}
