"""The verb that records what the pedagogical council decided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from letopis.attestation.access import OpenClass
from letopis.attestation.models import CouncilDecision
from letopis.attestation.queries.rolls import RollPupil, load_rolls
from letopis.core.errors import Refused
from letopis.ledger.actions import Author, Fact, object_name, record_all
from letopis.org.models import Organisation
from letopis.people.models import Pupil
from letopis.rules.attestation import may_decide, may_record_protocol
from letopis.rules.text import one_line
from letopis.rules.verdict import ALLOWED, Verdict, refused

VERB = "attestation.set_council_decision"
BATCH = 500


@dataclass(frozen=True, slots=True)
class DecisionFact:
    """One decision to be written, by whom and when."""

    pupil_id: int
    year_id: int
    decision: str
    protocol_number: str
    protocol_on: date
    by: Author
    at: datetime


@dataclass(frozen=True, slots=True)
class DecisionOutcome:
    """What became of the decision about one pupil."""

    code: UUID
    name: str
    verdict: Verdict
    is_changed: bool = False


@transaction.atomic
def set_council_decisions(
    opened: OpenClass,
    *,
    decisions: Mapping[UUID, str],
    seen: Mapping[UUID, str],
    protocol_number: str,
    protocol_on: date | None,
    renew_protocol: bool = False,
    at: datetime,
) -> tuple[DecisionOutcome, ...]:
    """Record the decisions about pupils of a class that differ from those seen; an outcome per pupil touched.

    decisions, seen: CouncilDecision.Decision by code of the pupil; empty where there is none.
    renew_protocol: writes number and date also where the decision stays, to mend a protocol named wrongly.
    A decision may be recorded after the year is closed or archived (C-009); it is replaced, never taken away.
    Raises Refused: NOT_FOR_COUNCIL, NO_PROTOCOL, PROTOCOL_AHEAD.
    """
    if not opened.may_decide:
        raise Refused(refused("NOT_FOR_COUNCIL", "Решения педагогического совета вносят директор и заместители."))
    named = may_record_protocol(number=protocol_number, decided_on=protocol_on, today=opened.actor.today)
    if not named or protocol_on is None:
        raise Refused(named)
    school_class = opened.school_class
    policy = opened.actor.policy_of_period(school_class.year.ends_on)
    roll = load_rolls(school_class.year, [school_class], policy=policy)[school_class.pk]
    touched = [
        pupil
        for pupil in roll.pupils
        if decisions.get(pupil.code) and (renew_protocol or decisions[pupil.code] != seen.get(pupil.code, ""))
    ]
    keys = [pupil.pupil_id for pupil in touched]
    list(Pupil.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    rows = {row.pupil_id: row for row in CouncilDecision.objects.filter(year=school_class.year, pupil__in=keys)}
    outcomes, facts = [], []
    for pupil in touched:
        fact = DecisionFact(
            pupil_id=pupil.pupil_id,
            year_id=school_class.year_id,
            decision=decisions[pupil.code],
            protocol_number=one_line(protocol_number),
            protocol_on=protocol_on,
            by=opened.actor.author,
            at=at,
        )
        row = rows.get(pupil.pupil_id)
        verdict = _verdict(pupil, fact, row, seen=seen, grade=school_class.grade)
        writes = bool(verdict) and _body(fact) != (_body(row) if row else None)
        if writes:
            facts.append(fact)
        outcomes.append(DecisionOutcome(pupil.code, pupil.name, verdict, writes))
    _write(facts, rows=rows, organisation=opened.actor.organisation)
    return tuple(outcomes)


@transaction.atomic
def bring_in_council_decisions(facts: Iterable[DecisionFact], *, organisation: Organisation) -> int:
    """Write decisions of many classes where there are none yet; return how many were written. Twice is harmless."""
    wanted = {(fact.pupil_id, fact.year_id): fact for fact in facts}
    years = {year for _pupil, year in wanted}
    present = set(
        CouncilDecision.objects.filter(organisation=organisation, year__in=years).values_list("pupil_id", "year_id")
    )
    added = [fact for key, fact in wanted.items() if key not in present]
    _write(added, rows={}, organisation=organisation)
    return len(added)


def _verdict(
    pupil: RollPupil, fact: DecisionFact, row: CouncilDecision | None, *, seen: Mapping[UUID, str], grade: int
) -> Verdict:
    possible = may_decide(fact.decision, grade=grade)
    if not possible:
        return possible
    current = row.decision if row else ""
    if current not in (seen.get(pupil.code, ""), fact.decision):
        label = CouncilDecision.Decision(current).label if current else "пусто"
        return refused("CONFLICT", f"Пока страница была открыта, здесь стало «{label}». Выберите снова.")
    return ALLOWED


def _write(facts: list[DecisionFact], *, rows: Mapping[int, CouncilDecision], organisation: Organisation) -> None:
    befores = [_body(rows[fact.pupil_id]) if fact.pupil_id in rows else None for fact in facts]
    new = [
        CouncilDecision(
            organisation=organisation,
            pupil_id=fact.pupil_id,
            year_id=fact.year_id,
            decision=fact.decision,
            protocol_number=fact.protocol_number,
            protocol_on=fact.protocol_on,
        )
        for fact in facts
        if fact.pupil_id not in rows
    ]
    old = []
    for fact in facts:
        if row := rows.get(fact.pupil_id):
            row.decision, row.protocol_number, row.protocol_on = fact.decision, fact.protocol_number, fact.protocol_on
            old.append(row)
    created = iter(CouncilDecision.objects.bulk_create(new, batch_size=BATCH))
    CouncilDecision.objects.bulk_update(old, ["decision", "protocol_number", "protocol_on"], batch_size=BATCH)
    names = [object_name(rows[fact.pupil_id] if fact.pupil_id in rows else next(created)) for fact in facts]
    record_all(
        Fact(by=fact.by, at=fact.at, verb=VERB, object=name, before=before, after=_after(fact))
        for fact, name, before in zip(facts, names, befores, strict=True)
    )


def _body(of: DecisionFact | CouncilDecision) -> dict[str, Any]:
    return {
        "decision": str(of.decision),
        "protocol_number": of.protocol_number,
        "protocol_on": of.protocol_on.isoformat(),
    }


def _after(fact: DecisionFact) -> dict[str, Any]:
    return _body(fact) | {
        "pupil": f"people.Pupil:{fact.pupil_id}",
        "year": f"schooling.AcademicYear:{fact.year_id}",
    }
