"""Local acts of the demo: a regulation with its edition of the rules for each year, an order, a draft in work."""

import tomllib
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from letopis.accounts.models import Appointment, Role
from letopis.control.actions.policy import adopt_act_with_policy
from letopis.demo.facts import chance
from letopis.demo.lessons import Season
from letopis.org.actions.acts import ActFields, Adoption, adopt_act, amend, change_act, enter_act, publish_act
from letopis.org.actions.decisions import record_decision
from letopis.org.actions.policy import plain_of, prepare_policy
from letopis.org.models import LocalAct
from letopis.people.access import Actor, actor_of, load_user
from letopis.people.actions import acquaint
from letopis.people.models import ActAcquaintance
from letopis.people.queries import working_employees
from letopis.rules.policy.published import published

ADOPTED_BEFORE = timedelta(days=4)
"""The council meets, and the order is signed, so long before the year begins."""
KNOWN = 0.9
"""Which part of the staff has acknowledged the regulation."""
ON_PAPER = 0.2
AGREED = ("совет родителей", "совет обучающихся", "управляющий совет")
NOT_TAKEN = frozenset({"keep_interim_protocols", "copy_signatures", "register_kinds"})
"""Values of the model act that the demo school leaves to the defaults, which its papers follow."""


def add(season: Season, *, on: date) -> None:
    """Adopt the regulation of the year with its rules, and let most of the staff know it. Twice is harmless."""
    director = _holder(season, Role.DIRECTOR)
    if director is None:
        return
    act = _regulation(season, director)
    # What is written after this in the same process is judged by the edition that was just adopted.
    season.year.organisation.refresh_from_db(fields=["policy_version"])
    _acquaint(season, act, on=on)
    if not season.is_past:
        _order(season, director)
        _next_draft(season, act, director, on=on)


def _regulation(season: Season, director: Actor) -> LocalAct:
    """Return the version of this year: the first of the school, or an amendment of last year's."""
    year, said = season.year, _said()
    versions = LocalAct.objects.filter(organisation=year.organisation, title=said["title"]).exclude(state="DRAFT")
    found = versions.filter(in_force_from=year.starts_on).first()
    if found is not None:
        return found
    adopted_on = year.starts_on - ADOPTED_BEFORE
    told = _told(season, director, adopted_on)
    fields = ActFields(
        kind="REGULATION", title=said["title"], text=said["text_before"] if season.is_past else said["text"],
        agreed_with=AGREED,
    )  # fmt: skip
    before = versions.order_by("in_force_from").last()
    if before is None:
        act = enter_act(year.organisation, fields=fields, **told)
    else:
        act = amend(before, **told)
        change_act(act, fields=fields, **told)
    prepare_policy(act, stated=_stated(season), made_from="model", **told)
    decision = record_decision(
        year.organisation, body="педагогический совет", protocol_number="1", decided_on=adopted_on, item="4",
        text=f"Принять «{said['title']}» и ввести его с {year.starts_on:%d.%m.%Y}.", today=adopted_on, **told,
    )  # fmt: skip
    adoption = Adoption(
        in_force_from=year.starts_on, number="12" if season.is_past else "15", dated=adopted_on,
        adopted_by="педагогический совет", adopted_on=adopted_on, decision=decision,
        approved_by=told["by"].name, order_number=f"{adopted_on.day + 40}-од", order_date=adopted_on,
        agreed_with=AGREED, registration_number=f"{adopted_on.year}-07",
    )  # fmt: skip
    act.refresh_from_db()
    adopt_act_with_policy(act, adoption=adoption, **told)
    publish_act(act, published=True, **told)
    act.refresh_from_db()
    return act


def _stated(season: Season) -> dict[str, dict[str, Any]]:
    """Return what the regulation decides: the model act's values, and the school's own in place of some."""
    taken = plain_of(published("model").editions[-1].values)
    stated = {name: said for name, said in taken.items() if name not in NOT_TAKEN}
    own = {one["name"]: {"value": one["value"], "clause": one["clause"]} for one in _said()["own"]}
    if season.is_past:
        return stated | {"mark_deadlines": own["mark_deadlines"] | {"clause": "п. 2.2"}}
    return stated | own


def _acquaint(season: Season, act: LocalAct, *, on: date) -> None:
    """Let most employees say that they know the act, within three weeks; some sign a sheet that the office enters."""
    known = set(ActAcquaintance.objects.filter(act=act).values_list("employee", flat=True))
    clerk = _holder(season, Role.CLERK)
    for employee in working_employees(season.year.organisation, day=season.year.starts_on):
        lot = chance(season.seed, "knows the act", season.year.label, employee.number)
        known_on = season.year.starts_on + timedelta(days=1 + int(lot * 20))
        if lot >= KNOWN or employee.pk in known or known_on > on or employee.pk not in season.authors:
            continue
        on_paper = clerk is not None and lot < ON_PAPER
        by = clerk.author if clerk and on_paper else season.authors[employee.pk]
        at = datetime.combine(known_on, time(15), season.zone)
        acquaint(act, [employee], known_on=known_on, on_paper=on_paper, today=known_on, by=by, at=at)


def _order(season: Season, director: Actor) -> None:
    """Let an order of this year stand beside the regulation."""
    year, said = season.year, _said()
    orders = LocalAct.objects.filter(organisation=year.organisation, title=said["order"])
    if orders.filter(in_force_from=year.starts_on).exists():
        return
    on = year.starts_on - timedelta(days=1)
    told = _told(season, director, on)
    fields = ActFields(kind="ORDER", title=said["order"], text=said["order_text"], must_be_known=False)
    act = enter_act(year.organisation, fields=fields, **told)
    adoption = Adoption(
        in_force_from=year.starts_on, in_force_to=year.ends_on, number="83-од", dated=on, adopted_by="директор",
        adopted_on=on,
    )  # fmt: skip
    adopt_act(act, adoption=adoption, **told)


def _next_draft(season: Season, act: LocalAct, director: Actor, *, on: date) -> None:
    """Let the deputy prepare the next edition, so that its preview shows something."""
    deputy = _holder(season, Role.DEPUTY) or director
    begun_on = season.year.starts_on + timedelta(days=60)
    if on < begun_on or LocalAct.objects.filter(supersedes=act).exists():
        return
    told = _told(season, deputy, begun_on)
    said, draft = _said(), amend(act, **told)
    fields = ActFields(kind="REGULATION", title=said["title"], text=said["text"] + said["text_coming"])
    change_act(draft, fields=fields, **told)
    coming = {one["name"]: {"value": one["value"], "clause": one["clause"]} for one in said["coming"]}
    prepare_policy(draft, stated=act.prepared["stated"] | coming, **told)


def _holder(season: Season, role: Role) -> Actor | None:
    """Return who held an office when the year began."""
    first = season.year.starts_on
    held = Appointment.objects.filter(organisation=season.year.organisation, role=role).on(first)
    office = held.order_by("starts_on", "pk").first()
    return actor_of(load_user(office.user_id), today=first) if office else None


def _told(season: Season, actor: Actor, on: date) -> dict[str, Any]:
    by = season.authors.get(actor.employee_id or 0) or actor.author
    return {"by": by, "at": datetime.combine(on, time(16), season.zone)}


@cache
def _said() -> dict[str, Any]:
    """Return the texts and values of regulation.toml."""
    return tomllib.loads((files("letopis.demo") / "regulation.toml").read_text("utf-8"))
