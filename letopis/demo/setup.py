"""The set-up of this year: who answers for its sections, which are ready, and which class lists were checked."""

from datetime import date, datetime, time, timedelta

from letopis.accounts.models import Appointment, Role
from letopis.control.actions.setup import assign_section, confirm_section
from letopis.control.queries.setup import section_facts
from letopis.demo.facts import chance
from letopis.demo.lessons import Season
from letopis.people.access import actor_of, load_user
from letopis.rules.setup import SECTIONS
from letopis.schooling.actions.roster import check_roster
from letopis.schooling.models import ClassTeacher, GroupKind, Membership

CHECKED = 0.8
"""Which part of the class teachers looked through their list within the month."""


def add(season: Season, *, on: date) -> None:
    """Confirm the sections without gaps, and the lists of most classes. Twice is harmless."""
    if season.is_past:
        return
    _sections(season, on=on)
    _lists(season, on=on)


def _sections(season: Season, *, on: date) -> None:
    year = season.year
    offices = Appointment.objects.filter(organisation=year.organisation, role=Role.DEPUTY).on(on)
    office = offices.select_related("user__person__employee").first()
    ready_on = year.starts_on + timedelta(days=2)
    if office is None or on < ready_on:
        return
    deputy = actor_of(load_user(office.user_id), today=ready_on)
    at = datetime.combine(ready_on, time(15), season.zone)
    facts = section_facts(year, today=ready_on, policy=deputy.policy_on(year.starts_on))
    for section in SECTIONS:
        assign_section(deputy, year, section=section.code, responsible=office.user.person.employee, at=at)
        found = facts[section.code]
        if not found.missing and (found.filled or not found.is_needed):
            confirm_section(deputy, year, section=section.code, today=ready_on, at=at)


def _lists(season: Season, *, on: date) -> None:
    leaders = ClassTeacher.objects.filter(school_class__year=season.year).on(on)
    for leader in leaders.select_related("school_class__year", "employee").order_by("pk"):
        title = leader.school_class.title
        if chance(season.seed, "roster", title) >= CHECKED:
            continue
        checked_on = max(on - timedelta(days=3 + int(chance(season.seed, "roster day", title) * 20)), leader.starts_on)
        pupils = Membership.objects.filter(
            group__school_class=leader.school_class, group__kind=GroupKind.WHOLE_CLASS
        ).on(checked_on)
        check_roster(
            leader.school_class,
            employee=leader.employee,
            pupils=pupils.count(),
            today=checked_on,
            by=season.authors[leader.employee_id],
            at=datetime.combine(checked_on, time(14), season.zone),
        )
