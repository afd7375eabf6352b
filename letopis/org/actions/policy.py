"""Verbs of the school's policy: prepare an edition in a draft, adopt it by an act.

Dangers. An edition decides how marks are judged: it is written whole or not at all, never changed, and never from a day
of a closed year. Whoever changes `stated` by another way leaves other processes with the policy they have read.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from letopis.core.errors import Refused, require
from letopis.ledger.actions import Author, Fact, canonical, object_name, record, record_all
from letopis.org.models import LocalAct, Organisation, PolicyEdition
from letopis.rules.local_acts import may_adopt_policy, may_change
from letopis.rules.policy import DEFAULT_POLICY, variables
from letopis.rules.policy.codec import BadValue, decode, encode
from letopis.rules.policy.consistency import contradictions
from letopis.rules.policy.editions import Stated
from letopis.rules.text import one_line
from letopis.rules.verdict import refused

Plain = Mapping[str, Mapping[str, Any]]
"""Name of variable → {"value": plain value, "clause": …, "note": …}, as PolicyEdition keeps it."""


@dataclass(frozen=True, slots=True)
class WrongValue:
    """What is wrong with one stated value."""

    name: str
    sentence: str


def plain_of(stated: Mapping[str, Stated]) -> dict[str, dict[str, Any]]:
    """Return stated values as an edition keeps them."""
    return {
        name: {"value": encode(said.value), "clause": said.clause, **({"note": said.note} if said.note else {})}
        for name, said in stated.items()
    }


def stated_of(plain: Plain) -> dict[str, Stated]:
    """Return the stated values of a kept edition, those of unknown variables left out. Raises BadValue."""
    known = variables()
    return {
        name: Stated(decode(said["value"], known[name]), said["clause"], said.get("note", ""))
        for name, said in plain.items()
        if name in known
    }


def wrong_values(plain: Plain) -> list[WrongValue]:
    """Return what is wrong with stated values: unknown variable, bad value, no clause, contradiction."""
    known, found = variables(), []
    for name, said in plain.items():
        if name not in known:
            found.append(WrongValue(name, f"Переменной «{name}» нет."))
            continue
        try:
            decode(said.get("value"), known[name])
        except BadValue as bad:
            found.append(WrongValue(name, f"{known[name].title}: {bad}"))
            continue
        if not one_line(said.get("clause", "")):
            found.append(WrongValue(name, f"{known[name].title}: укажите пункт акта, который так решает."))
    return found or _contradictory(stated_of(plain))


def _contradictory(stated: Mapping[str, Stated]) -> list[WrongValue]:
    """Return what cannot stand together; a contradiction among defaults alone is not the school's."""
    policy = replace(DEFAULT_POLICY, **{name: said.value for name, said in stated.items()})
    blamed = (
        (next((name for name in one.names if name in stated), ""), one.sentence) for one in contradictions(policy)
    )
    return [WrongValue(name, sentence) for name, sentence in blamed if name]


@transaction.atomic
def prepare_policy(act: LocalAct, *, stated: Plain, made_from: str = "", by: Author, at: datetime) -> bool:
    """Write down what a draft is to decide of the policy; return whether anything was changed.

    Refuses with ACT_ADOPTED, BAD_POLICY.
    """
    act = LocalAct.objects.select_for_update(of=("self",)).get(pk=act.pk)
    require(may_change(state=act.state))
    _require_right(stated)
    prepared: dict[str, Any] = {"stated": dict(stated), "made_from": made_from or act.prepared.get("made_from", "")}
    if prepared == act.prepared:
        return False
    before, act.prepared = act.prepared, prepared
    act.save(update_fields=["prepared"])
    record(Fact(by, at, "org.prepare_policy", object_name(act), before or None, prepared))
    return True


@transaction.atomic
def adopt_policy(
    organisation: Organisation,
    *,
    act: LocalAct,
    in_force_from: date,
    stated: Plain,
    made_from: str = "",
    shut_until: date | None = None,
    by: Author,
    at: datetime,
) -> PolicyEdition:
    """Adopt what an act in force decides of the policy from a day on, and return the edition.

    stated: only what the act says; law and defaults stand for the rest. shut_until: the last day of the last closed
    year, which the caller knows. The same edition twice is harmless: the first one is returned.
    An edition of an act with a last day ends with it; one that would last longer than the day before ends there.
    Refuses with NOTHING_STATED, BAD_POLICY, ACT_NOT_IN_FORCE, OVERLAP, YEAR_CLOSED.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    act = LocalAct.objects.get(pk=act.pk, organisation=organisation)
    rows = list(PolicyEdition.objects.filter(organisation=organisation).order_by("in_force_from"))
    stated = {name: dict(said) for name, said in stated.items()}
    for row in rows:
        if (row.act_id, row.in_force_from, row.stated) == (act.pk, in_force_from, stated):
            return row
    if not stated:
        raise Refused(refused("NOTHING_STATED", "Акт не задаёт ни одного правила: вводить нечего."))
    _require_right(stated)
    require(
        may_adopt_policy(
            first=in_force_from,
            act_state=act.state,
            act_first=act.in_force_from,
            act_last=act.in_force_to,
            editions_from=[row.in_force_from for row in rows],
            shut_until=shut_until,
        )
    )
    ended = end_edition(rows[-1], last=in_force_from - timedelta(days=1), by=by, at=at) if rows else None
    edition = PolicyEdition.objects.create(
        organisation=organisation,
        act=act,
        in_force_from=in_force_from,
        in_force_to=act.in_force_to,
        stated=stated,
        made_from=made_from,
        adopted_at=at,
    )
    Organisation.objects.filter(pk=organisation.pk).update(policy_version=F("policy_version") + 1)
    after: dict[str, Any] = {
        "act": object_name(act),
        "in_force_from": in_force_from.isoformat(),
        **({"in_force_to": act.in_force_to.isoformat()} if act.in_force_to else {}),
        "made_from": made_from,
        "digest": hashlib.sha256(canonical(stated)).hexdigest(),
        "stated": stated,
    }
    record_all([*([ended] if ended else []), Fact(by, at, "org.adopt_policy", object_name(edition), None, after)])
    return edition


def end_edition(row: PolicyEdition, *, last: date, by: Author, at: datetime) -> Fact | None:
    """Bring the last day of an edition forward, where one is set that is later; return what to record of it.

    Without one an edition ends where the next begins, and nothing is written. Two editions on one day would leave the
    school without a policy at all (`Editions` refuses them).
    """
    if row.in_force_to is None or row.in_force_to <= last:
        return None
    return set_end(row, last=last, by=by, at=at)


def set_end(row: PolicyEdition, *, last: date, by: Author, at: datetime) -> Fact:
    """Write the last day of an edition and return what to record of it."""
    before = row.in_force_to.isoformat() if row.in_force_to else None
    row.in_force_to = last
    row.save(update_fields=["in_force_to"])
    return Fact(by, at, "org.end_policy", object_name(row), {"in_force_to": before}, {"in_force_to": last.isoformat()})


def _require_right(stated: Plain) -> None:
    if wrong := wrong_values(stated):
        raise Refused(refused("BAD_POLICY", " ".join(one.sentence for one in wrong[:5])))
