"""The report of events: who entered or changed what in a period, by user, verb and kind of thing (REP-B011)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from letopis.accounts.models import User
from letopis.ledger.models import Entry
from letopis.ledger.queries import Change
from letopis.ledger.words import told, verb_title
from letopis.org.models import Organisation
from letopis.people.models import Person, Pupil
from letopis.rules import names

PAGE = 100
"""Events of one page."""
EXPORTED = 20_000
"""Events of one file: a table program opens so many without trouble."""
LONGEST = timedelta(days=366)
SYSTEM = "system"

KINDS: Mapping[str, Any] = {
    "register.Mark": gettext_lazy("Отметки"),
    "register.TermMark": gettext_lazy("Отметки за период"),
    "register.Attendance": gettext_lazy("Посещаемость"),
    "register.Lesson": gettext_lazy("Уроки"),
    "register.Task": gettext_lazy("Колонки отметок"),
    "register.Homework": gettext_lazy("Домашние задания"),
    "register.AbsenceDocument": gettext_lazy("Документы об отсутствии"),
    "register.Substitution": gettext_lazy("Замены"),
    "attestation.YearMark": gettext_lazy("Годовые отметки"),
    "attestation.CouncilDecision": gettext_lazy("Решения педсовета"),
    "schooling.AcademicYear": gettext_lazy("Учебный год"),
    "schooling.Membership": gettext_lazy("Движение обучающихся"),
    "schooling.Course": gettext_lazy("Курсы и нагрузка"),
    "people.Pupil": gettext_lazy("Обучающиеся"),
    "people.Person": gettext_lazy("Люди"),
    "people.Employee": gettext_lazy("Работники"),
    "accounts.User": gettext_lazy("Доступ"),
    "accounts.Appointment": gettext_lazy("Роли"),
    "archive.Package": gettext_lazy("Архивные пакеты"),
    "ledger.Entry": gettext_lazy("Уничтожение содержания"),
}
"""Kinds of things one may ask for, by the name the ledger has for them."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the report is narrowed to; all of it stands in the address. Days are days of the school's time zone."""

    first: date
    last: date
    actor: str = ""
    verb: str = ""
    kind: str = ""
    number: str = ""
    """Key of one thing, with its kind: «123»."""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Event:
    """One entry as the report tells it. what: empty for who may not read values."""

    at: datetime
    who: str
    title: str
    kind: str
    object: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen within the period: (value, title)."""

    actors: list[tuple[str, str]]
    verbs: list[tuple[str, str]]
    kinds: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Events:
    """A page of the report. count: events that fulfil the filters, on all pages."""

    rows: list[Event]
    count: int
    choices: Choices

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.count // PAGE))


def events(organisation: Organisation, filters: Filters, *, with_values: bool) -> Events:
    """Return a page of events, newest first. Six queries, however many events there are."""
    found = _entries(organisation, filters)
    choices = _choices(organisation, filters)
    start = (filters.page - 1) * PAGE
    people = dict(choices.actors)
    rows = [_event(row, people, with_values=with_values) for row in _values(found)[start : start + PAGE]]
    return Events(rows, found.count(), choices)


def all_events(organisation: Organisation, filters: Filters, *, with_values: bool) -> Iterable[Event]:
    """Yield the events of all pages, newest first, no more than EXPORTED. Five queries."""
    people = dict(_choices(organisation, filters).actors)
    for row in _values(_entries(organisation, filters))[:EXPORTED].iterator():
        yield _event(row, people, with_values=with_values)


def _entries(organisation: Organisation, filters: Filters) -> QuerySet[Entry]:
    rows = _of_period(organisation, filters)
    if filters.actor:
        rows = rows.filter(actor=filters.actor)
    if filters.verb:
        rows = rows.filter(verb=filters.verb)
    if filters.kind and filters.number:
        return rows.filter(object=f"{filters.kind}:{filters.number}")
    return rows.filter(object__startswith=f"{filters.kind}:") if filters.kind else rows


def _of_period(organisation: Organisation, filters: Filters) -> QuerySet[Entry]:
    zone = ZoneInfo(organisation.time_zone)
    since = datetime.combine(filters.first, time.min, zone)
    until = datetime.combine(filters.last + timedelta(days=1), time.min, zone)
    return Entry.objects.filter(organisation=organisation.code, at__gte=since, at__lt=until)


def _values(rows: QuerySet[Entry]) -> Any:
    return rows.order_by("-at", "-pk").values_list("at", "actor", "verb", "object", "payload__body")


def _choices(organisation: Organisation, filters: Filters) -> Choices:
    """Return users, verbs and kinds of the period. Four queries."""
    period = _of_period(organisation, filters).order_by()
    actors = set(period.values_list("actor", flat=True).distinct())
    verbs = set(period.values_list("verb", flat=True).distinct())
    return Choices(
        actors=sorted(_names_of(organisation, actors).items(), key=lambda one: names.sort_key(one[1])),
        verbs=sorted(((verb, verb_title(verb)) for verb in verbs), key=lambda one: names.sort_key(one[1])),
        kinds=[(kind, str(title)) for kind, title in KINDS.items()],
    )


def _names_of(organisation: Organisation, actors: set[str]) -> dict[str, str]:
    """Return how the authors of entries are called now; one who has no account any more keeps the ledger's name."""
    found = {actor: _("Система") if actor == SYSTEM else actor for actor in actors}
    users = User.objects.filter(organisation=organisation, pk__in=_keys(actors, "accounts.User"))
    for user in users.select_related("person"):
        found[f"accounts.User:{user.pk}"] = _name(user.person) if user.person else user.username
    # A pupil who has no account yet: the demo speaks for him.
    pupils = Pupil.objects.filter(organisation=organisation, pk__in=_keys(actors, "people.Pupil"))
    for pupil in pupils.select_related("person"):
        found[f"people.Pupil:{pupil.pk}"] = _name(pupil.person)
    return found


def _keys(actors: set[str], kind: str) -> list[int]:
    return [int(number) for name, _colon, number in (actor.partition(":") for actor in actors) if name == kind]


def _name(person: Person) -> str:
    return names.short_name(person.last_name, person.first_name, person.middle_name)


def _event(row: tuple[Any, ...], people: Mapping[str, str], *, with_values: bool) -> Event:
    at, actor, verb, thing, body = row
    kind = thing.partition(":")[0]
    what = reason = ""
    if with_values and body is None:
        what = _("содержание уничтожено по акту")
    elif with_values:
        said = json.loads(bytes(body))
        change = Change(at, said["by"]["name"], verb, thing, said["before"], said["after"], said["reason"])
        what, reason = told(change), change.reason
    return Event(
        at, people.get(actor, actor), verb_title(verb), str(KINDS.get(kind, "")), thing,
        "" if what == verb_title(verb) else what, reason,
    )  # fmt: skip
