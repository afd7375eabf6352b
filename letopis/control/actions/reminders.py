"""Digests: what each teacher still owes, and the dates of the administration: one notice for a person.

Sources: MSG-B007, MSG-B008.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse

from letopis.accounts.models import Appointment, Role
from letopis.control.queries.obligations import Duties, Scope
from letopis.control.queries.setup import setup_page
from letopis.notices.actions import Message, close, notify_each
from letopis.notices.models import Notice
from letopis.org.models import Organisation
from letopis.org.queries import policies
from letopis.people.models import Person
from letopis.rules import reminders as rules
from letopis.rules.deadlines import Due
from letopis.rules.obligations import TERM_MARK, Obligation
from letopis.rules.policy import Policy
from letopis.rules.setup import deadline as setup_deadline
from letopis.schooling.models import AcademicYear
from letopis.schooling.queries.years import year_of_day, years_of

DUTIES, SETUP, STATEMENTS = "duties", "setup", "statements"
"""Keys of the notices: a newer digest takes the place of the older one."""

MOST_TEXT = 1500
"""Characters of a notice."""

Report = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many people were told something new, and how many notices closed because nothing is left."""

    told: int
    closed: int


def remind(organisation: Organisation, *, at: datetime, report: Report) -> Reminded:
    """Tell every teacher, the director and the deputies what is near or late; close what is settled.

    Twice is harmless. report: told each step.
    """
    local = at.astimezone(ZoneInfo(organisation.time_zone))
    today, years = local.date(), years_of(organisation)
    year = year_of_day(years, today)
    if year is None:
        return Reminded(0, 0)
    year.organisation = organisation
    policy = policies(organisation).on(today)
    report(0, 2, "")
    done = [_tell(organisation, DUTIES, Notice.Kind.DUTIES, _of_teachers(year, local=local, at=at), at=at)]
    report(1, 2, "")
    office = _control(organisation, on=today)
    for key, said, url in _of_the_year(year, years, today=today, policy=policy):
        digests = dict.fromkeys(office, said) if said else {}
        done.append(_tell(organisation, key, Notice.Kind.SCHOOL, digests, at=at, url=url))
    report(2, 2, "")
    return Reminded(told=sum(one.told for one in done), closed=sum(one.closed for one in done))


def _of_teachers(year: AcademicYear, *, local: datetime, at: datetime) -> dict[UUID, rules.Digest]:
    """Return the digest of each who owes something and has an account, by the code of the account."""
    if year.state != AcademicYear.State.OPEN or local.date() < year.starts_on:
        return {}
    scope = Scope(year=year, first=year.starts_on, last=min(local.date(), year.ends_on))
    owed: dict[int, list[rules.Matter]] = defaultdict(list)
    for one in Duties(scope, now=at).of(list(rules.REMINDED)):
        if one.is_open and one.who and not one.is_part:
            owed[one.who].append(_matter(one))
    found = {who: said for who, matters in owed.items() if (said := rules.digest(matters, now=local))}
    people = Person.objects.filter(employee__in=found, user__is_active=True)
    users = dict(people.values_list("employee", "user__code"))
    return {users[who]: said for who, said in found.items() if who in users}


def _matter(one: Obligation) -> rules.Matter:
    place = " · ".join(part for part in (one.page.title, one.page.subject_name) if part)
    due = one.due.effective if isinstance(one.due, Due) else None
    return rules.Matter(
        what=rules.REMINDED[one.kind],
        place=place,
        due=due,
        is_late=one.state == "LATE",
        is_period=one.kind == TERM_MARK,
    )


def _of_the_year(
    year: AcademicYear, years: Collection[AcademicYear], *, today: date, policy: Policy
) -> list[tuple[str, rules.Digest | None, str]]:
    """Return the dates of the administration: key, what to say if anything, where it leads."""
    setup = setup_deadline(year.starts_on, policy=policy)
    said = None
    if rules.is_near(setup, today=today):
        page = setup_page(year, today=today, policy=policy)
        said = rules.setup_reminder(ready=page.ready, total=len(page.lines), last_day=setup, today=today)
    # After 31 May the year of the day may be the coming one already.
    ending = max((one for one in years if one.ends_on <= today), key=lambda one: one.ends_on, default=year)
    last = rules.statements_day(year_ends=ending.ends_on, policy=policy)
    statements = rules.statements_reminder(
        is_closed=ending.state != AcademicYear.State.OPEN, last_day=last, today=today
    )
    return [
        (SETUP, said, reverse("control:setup")),
        (STATEMENTS, statements, reverse("attestation:classes")),
    ]


def _control(organisation: Organisation, *, on: date) -> list[UUID]:
    """Return the accounts of the director and the deputies of a day."""
    offices = Appointment.objects.on(on).filter(organisation=organisation, role__in=[Role.DIRECTOR, Role.DEPUTY])
    return list(
        offices.filter(Q(user__is_active=True)).order_by("user").values_list("user__code", flat=True).distinct()
    )


def _tell(
    organisation: Organisation,
    key: str,
    kind: str,
    digests: Mapping[UUID, rules.Digest],
    *,
    at: datetime,
    url: str = "",
) -> Reminded:
    emails = dict(Person.objects.filter(user__code__in=digests).values_list("user__code", "email"))
    messages = {
        user: Message(
            kind=kind, key=key, title=said.title, text=said.text[:MOST_TEXT], email=emails.get(user, ""),
            url=url or reverse("control:my_duties"),
        )
        for user, said in digests.items()
    }  # fmt: skip
    told = notify_each(messages, organisation=organisation.code, at=at)
    return Reminded(told, close(organisation=organisation.code, key=key, at=at, but=messages))
