"""The register of local acts: the list, the page of one act with its versions, and who knows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from letopis.org.models import CollegiateDecision, LocalAct, Organisation, PolicyEdition
from letopis.people.models import ActAcquaintance, Employee
from letopis.people.queries import working_employees
from letopis.rules.local_acts import COMING, DRAFT, IN_FORCE, OVER, WITHDRAWN, standing
from letopis.rules.names import match_key

STANDINGS = (IN_FORCE, DRAFT, COMING, OVER, WITHDRAWN)


@dataclass(frozen=True, slots=True)
class ActFilters:
    """What the list is narrowed to; all of it stands in the address."""

    words: str = ""
    kind: str = ""
    standing: str = ""


@dataclass(frozen=True, slots=True)
class ActLine:
    """An act as a line of the list."""

    act: LocalAct
    standing: str
    known: int
    """How many employees know it."""
    is_mine: bool
    """The reader has said that he knows it."""
    awaits_me: bool
    """The reader is asked to say it and has not."""


@dataclass(frozen=True, slots=True)
class Signed:
    """An employee on the sheet of acquaintance."""

    employee: Employee
    mark: ActAcquaintance | None
    """None while he has not acknowledged the act."""


@dataclass(frozen=True, slots=True)
class ActPage:
    """One act with everything that stands around it."""

    act: LocalAct
    standing: str
    versions: tuple[tuple[LocalAct, str], ...]
    """Every version, the newest first, with how it stands."""
    editions: tuple[PolicyEdition, ...]
    """What it decides of the policy."""
    sheet: tuple[Signed, ...]
    """Who works here, and who signed and has left; empty for an act that nobody is asked to know."""

    @property
    def known(self) -> int:
        return sum(one.mark is not None for one in self.sheet)

    @property
    def missing(self) -> int:
        return len(self.sheet) - self.known


def standing_of(act: LocalAct, day: date) -> str:
    """Return how an act stands on a day."""
    return standing(state=act.state, first=act.in_force_from, last=act.in_force_to, day=day)


def act_lines(
    acts: QuerySet[LocalAct], filters: ActFilters, *, day: date, employee: int | None
) -> tuple[list[ActLine], int]:
    """Return the lines that fit, the newest first, and how many acts there are in all. Two queries."""
    rows = list(acts.defer("text", "prepared").annotate(known=Count("acquaintances")).order_by("-in_force_from", "-pk"))
    mine = set(ActAcquaintance.objects.filter(employee=employee).values_list("act", flat=True)) if employee else set()
    lines = []
    for act in sorted(rows, key=lambda one: one.state != DRAFT):
        now = standing_of(act, day)
        lines.append(
            ActLine(
                act,
                now,
                act.known,
                is_mine=act.pk in mine,
                awaits_me=bool(employee) and act.must_be_known and act.pk not in mine and now in (IN_FORCE, COMING),
            )
        )
    return [line for line in lines if _fits(line, filters)], len(lines)


def _fits(line: ActLine, filters: ActFilters) -> bool:
    act = line.act
    if filters.kind not in ("", act.kind) or filters.standing not in ("", line.standing):
        return False
    key = match_key(f"{act.title} {act.number} {act.registration_number} {act.order_number} {act.adopted_by}")
    return all(word in key for word in match_key(filters.words).split())


def act_page(act: LocalAct, visible: QuerySet[LocalAct], *, day: date, sees_staff: bool) -> ActPage:
    """Return the page of an act. A fixed number of queries: versions, editions, employees, marks."""
    rows = {one.pk: one for one in visible.defer("text", "prepared")}
    after = {one.supersedes_id: one for one in rows.values() if one.supersedes_id}
    chain, one = [rows.get(act.pk, act)], rows.get(act.pk, act)
    while one.supersedes_id in rows:
        one = rows[one.supersedes_id]
        chain.append(one)
    newest = chain[0]
    while newest.pk in after:
        newest = after[newest.pk]
        chain.insert(0, newest)
    return ActPage(
        act=act,
        standing=standing_of(act, day),
        versions=tuple((version, standing_of(version, day)) for version in chain),
        editions=tuple(act.editions.order_by("in_force_from")) if sees_staff else (),
        sheet=signature_sheet(act, day=day) if sees_staff and act.must_be_known and act.state != DRAFT else (),
    )


def signature_sheet(act: LocalAct, *, day: date) -> tuple[Signed, ...]:
    """Return who is to know an act, in the order of lists, with the marks. Two queries."""
    marks = {one.employee_id: one for one in ActAcquaintance.objects.filter(act=act).select_related("employee__person")}
    staff = working_employees(act.organisation, day=day)
    working = {one.pk for one in staff}
    gone = [one.employee for one in marks.values() if one.employee_id not in working]
    every = sorted([*staff, *gone], key=lambda one: one.person.sort_key)
    return tuple(Signed(one, marks.get(one.pk)) for one in every)


@dataclass(frozen=True, slots=True)
class Decisions:
    """The register of decisions, narrowed."""

    rows: tuple[CollegiateDecision, ...]
    bodies: tuple[str, ...]
    years: tuple[int, ...]
    total: int


def decisions_of(organisation: Organisation, *, body: str, year: str, words: str) -> Decisions:
    """Return the decisions of a school, the newest first, and what they may be narrowed by. One query."""
    rows = list(CollegiateDecision.objects.filter(organisation=organisation).order_by("-decided_on", "-pk"))
    keys = match_key(words).split()
    return Decisions(
        rows=tuple(
            one
            for one in rows
            if body in ("", one.body)
            and year in ("", str(one.decided_on.year))
            and _has_all(keys, f"{one.text} {one.protocol_number} {one.item}")
        ),
        bodies=tuple(sorted({one.body for one in rows})),
        years=tuple(sorted({one.decided_on.year for one in rows}, reverse=True)),
        total=len(rows),
    )


def _has_all(keys: Sequence[str], text: str) -> bool:
    found = match_key(text)
    return all(key in found for key in keys)


def published(acts: Iterable[LocalAct], *, day: date) -> list[LocalAct]:
    """Return the acts of a site: marked for it, and in force on the day or coming, by kind and title."""
    shown = [one for one in acts if one.is_published and standing_of(one, day) in (IN_FORCE, COMING)]
    return sorted(shown, key=lambda one: (one.kind, match_key(one.title), one.in_force_from or day))
