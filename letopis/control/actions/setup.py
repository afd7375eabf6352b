"""Verbs of the set-up of a year: who answers for a section, and his word that it is ready (ORG-B017)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from letopis.control.queries.setup import section_facts
from letopis.core.errors import Refused, require
from letopis.ledger.actions import Fact, Value, object_name, record
from letopis.people.access import Actor
from letopis.people.models import Employee
from letopis.rules import setup as rules
from letopis.rules.verdict import refused
from letopis.schooling.actions.years import lock
from letopis.schooling.models import AcademicYear, SetupSection


@transaction.atomic
def assign_section(
    actor: Actor, year: AcademicYear, *, section: str, responsible: Employee | None, at: datetime
) -> SetupSection:
    """Name who answers for a section, or nobody. The same again is no entry. Refuses with UNKNOWN_SECTION."""
    row = _section(year, section)
    if row.responsible_id == (responsible.pk if responsible else None):
        return row
    before: dict[str, Value] = {"responsible": _employee(row.responsible_id)}
    row.responsible = responsible
    row.save(update_fields=["responsible"])
    after: dict[str, Value] = {"section": section, "responsible": _employee(row.responsible_id)}
    record(Fact(actor.author, at, "control.assign_setup_section", object_name(row), before, after))
    return row


@transaction.atomic
def confirm_section(actor: Actor, year: AcademicYear, *, section: str, today: date, at: datetime) -> SetupSection:
    """Say that a section is ready. Twice is harmless. Refuses as `rules.setup.may_confirm`."""
    row = _section(year, section)
    if row.confirmed_at is not None:
        return row
    policy = actor.policy_on(year.starts_on)
    facts = section_facts(year, today=today, policy=policy)[section]
    ready = rules.readiness(
        filled=facts.filled, gaps=facts.missing, needed=facts.is_needed, confirmed_on=None,
        last_day=rules.deadline(year.starts_on, policy=policy), today=today,
    )  # fmt: skip
    is_open = year.state == AcademicYear.State.OPEN
    require(rules.may_confirm(section, state=ready.state, gaps=facts.missing, year_is_open=is_open))
    row.confirmed_by_id, row.confirmed_at = actor.employee_id, at
    row.save(update_fields=["confirmed_by", "confirmed_at"])
    local = at.astimezone(ZoneInfo(year.organisation.time_zone)).date()
    after: dict[str, Value] = {"section": section, "confirmed_on": local.isoformat(), "summary": facts.summary}
    record(Fact(actor.author, at, "control.confirm_setup_section", object_name(row), None, after))
    return row


@transaction.atomic
def withdraw_section(actor: Actor, year: AcademicYear, *, section: str, at: datetime) -> SetupSection:
    """Take the word back: the section is looked at again. Twice is harmless."""
    row = _section(year, section)
    if row.confirmed_at is None:
        return row
    before: dict[str, Value] = {"confirmed_at": row.confirmed_at.isoformat()}
    row.confirmed_by, row.confirmed_at = None, None
    row.save(update_fields=["confirmed_by", "confirmed_at"])
    record(Fact(actor.author, at, "control.withdraw_setup_section", object_name(row), before, {"section": section}))
    return row


def _section(year: AcademicYear, section: str) -> SetupSection:
    """Return the row of a section; the year is locked, so that two people do not make it twice."""
    if section not in rules.BY_CODE:
        raise Refused(refused("UNKNOWN_SECTION", "Такого раздела настройки нет: обновите страницу."))
    year = lock(year)
    row, _made = SetupSection.objects.get_or_create(
        year=year, section=section, defaults={"organisation": year.organisation}
    )
    return row


def _employee(pk: int | None) -> str:
    return f"people.Employee:{pk}" if pk else ""
