"""How results of periods are written: term marks here, year marks by attestation, in one way.

A save carries the value that was seen. Only what the teacher changed is written; a value that somebody else changed
meanwhile is a conflict of that pupil alone, and the others are saved.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from letopis.core.bulk import insert_all
from letopis.ledger.actions import Author, Fact, object_name, record_all
from letopis.org.models import Organisation
from letopis.people.models import Pupil
from letopis.register.queries.term_marks import RosterLine
from letopis.rules.attestation import may_have_result, result_conflict
from letopis.rules.policy import GradingScale
from letopis.rules.verdict import ALLOWED, Verdict

BATCH = MANY = 500
"""Rows in one statement; from so many on new ones are written as bulk rows."""


@dataclass(frozen=True, slots=True)
class ResultTable:
    """A table of results: one row per pupil, subject and period."""

    model: Any
    """The model class."""
    period: str
    """Name of the foreign key to the period: «term», «year»."""
    verb: str


@dataclass(frozen=True, slots=True)
class ResultFact:
    """One result to be written, by whom and when."""

    pupil_id: int
    subject_id: int
    period_id: int
    value: str
    put_by_id: int | None
    """Employee."""
    by: Author
    at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one pupil's result in a save."""

    code: UUID
    name: str
    verdict: Verdict
    value: str
    """In force now."""
    is_changed: bool = False


def save_results(
    table: ResultTable,
    *,
    organisation: Organisation,
    lines: Iterable[RosterLine],
    values: Mapping[UUID, str],
    seen: Mapping[UUID, str],
    scale: GradingScale,
    fact: ResultFact,
    may_set: Callable[[str], Verdict] = lambda _current: ALLOWED,
) -> tuple[Outcome, ...]:
    """Write what was changed on a page and return an outcome per pupil that was touched. Call inside a transaction.

    may_set: says of the value that stands whether it may be replaced at all; asked after the pupils are locked.

    values, seen: by code of the pupil; a value equal to the seen one was not touched.
    fact: everything a written result shares; its pupil and value are replaced.
    """
    touched = [line for line in lines if line.code in values and values[line.code] != seen.get(line.code, "")]
    pupils = [line.pupil_id for line in touched]
    # The row may not exist yet, so the lock is the pupil's; the rows are read after it.
    list(Pupil.objects.filter(pk__in=pupils).order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    rows = _rows(table, pupils=pupils, fact=fact)
    outcomes, changes = [], []
    for line in touched:
        wanted, row = values[line.code], rows.get(line.pupil_id)
        current = row.value if row else ""
        verdict = may_set(current) if wanted != current else ALLOWED
        if verdict:
            verdict = _verdict(line, wanted=wanted, current=current, seen=seen.get(line.code, ""), scale=scale)
        writes = bool(verdict) and wanted != current
        if writes:
            changes.append(replace(fact, pupil_id=line.pupil_id, value=wanted))
        outcomes.append(Outcome(line.code, line.name, verdict, wanted if verdict else current, writes))
    write(table, changes, rows=rows, organisation=organisation)
    return tuple(outcomes)


@transaction.atomic
def bring_in(table: ResultTable, facts: Iterable[ResultFact], *, organisation: Organisation) -> int:
    """Write results of many classes at once where there are none yet, and return how many were written.

    For the demo and for loading from another system: a result that exists is left as it is, so twice is harmless.
    """
    wanted = list(facts)
    periods = {fact.period_id for fact in wanted}
    present = set(
        table.model._default_manager.filter(
            **{"organisation": organisation, f"{table.period}__in": periods}
        ).values_list("pupil_id", "subject_id", f"{table.period}_id")
    )
    fresh = {(fact.pupil_id, fact.subject_id, fact.period_id): fact for fact in wanted}
    added = [fact for key, fact in fresh.items() if key not in present]
    write(table, added, rows={}, organisation=organisation)
    return len(added)


def write(table: ResultTable, facts: list[ResultFact], *, rows: Mapping[int, Any], organisation: Organisation) -> None:
    """Write facts and record each. rows: existing rows by pupil. Call inside a transaction."""
    befores = [{"value": rows[fact.pupil_id].value} if fact.pupil_id in rows else None for fact in facts]
    new = [_new_row(table, fact, organisation) for fact in facts if fact.pupil_id not in rows]
    old = [_changed_row(rows[fact.pupil_id], fact) for fact in facts if fact.pupil_id in rows]
    if len(new) < MANY:
        table.model._default_manager.bulk_create(new)
    else:
        insert_all(new)
    created = iter(new)
    table.model._default_manager.bulk_update(old, ["value", "put_by", "put_at", "changes"], batch_size=BATCH)
    names = [object_name(rows[fact.pupil_id] if fact.pupil_id in rows else next(created)) for fact in facts]
    record_all(
        Fact(by=fact.by, at=fact.at, verb=table.verb, object=name, before=before, after=_after(table, fact))
        for fact, name, before in zip(facts, names, befores, strict=True)
    )


def _verdict(line: RosterLine, *, wanted: str, current: str, seen: str, scale: GradingScale) -> Verdict:
    possible = may_have_result(wanted, scale=scale, is_present=line.is_present)
    if not possible:
        return possible
    if current not in (seen, wanted):
        return result_conflict(current=current, wanted=wanted)
    return ALLOWED


def _rows(table: ResultTable, *, pupils: list[int], fact: ResultFact) -> dict[int, Any]:
    key = {"subject": fact.subject_id, f"{table.period}_id": fact.period_id, "pupil__in": pupils}
    return {row.pupil_id: row for row in table.model._default_manager.filter(**key)}


def _new_row(table: ResultTable, fact: ResultFact, organisation: Organisation) -> Any:
    return table.model(
        organisation=organisation,
        pupil_id=fact.pupil_id,
        subject_id=fact.subject_id,
        value=fact.value,
        put_by_id=fact.put_by_id,
        put_at=fact.at,
        **{f"{table.period}_id": fact.period_id},
    )


def _changed_row(row: Any, fact: ResultFact) -> Any:
    row.value, row.put_by_id, row.put_at = fact.value, fact.put_by_id, fact.at
    row.changes += 1
    return row


def _after(table: ResultTable, fact: ResultFact) -> dict[str, Any]:
    return {
        "value": fact.value,
        "pupil": f"people.Pupil:{fact.pupil_id}",
        "subject": f"schooling.Subject:{fact.subject_id}",
        table.period: f"schooling.{'Term' if table.period == 'term' else 'AcademicYear'}:{fact.period_id}",
    }
