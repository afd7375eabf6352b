"""Who of the school has access: the list of accounts, and what each person is to the school."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from letopis.accounts.models import Appointment, Role, User
from letopis.core import clock
from letopis.core.models import Job
from letopis.ledger.actions import Author
from letopis.org.models import Organisation
from letopis.people.access import actor_of, load_user
from letopis.people.models import Employee, Enrolment, Guardianship, Person, Pupil
from letopis.rules.accounts import may_get_access
from letopis.rules.names import match_key
from letopis.rules.verdict import Verdict

EMPLOYEES, GUARDIANS, PUPILS = "employees", "guardians", "pupils"
KINDS: Mapping[str, tuple[Any, Q]] = {
    # The first administrator, made on the command line, may be neither employee nor guardian nor pupil yet.
    EMPLOYEES: (_("Работники"), Q(employee__isnull=False) | Q(guardian=None, pupil=None)),
    GUARDIANS: (_("Родители"), Q(guardian__isnull=False)),
    PUPILS: (_("Обучающиеся"), Q(pupil__isnull=False)),
}

STATES: Mapping[str, tuple[Any, str]] = {
    "NONE": (_("нет доступа"), ""),
    "FIRST": (_("ждёт первого входа"), "soon"),
    "OPEN": (_("открыт"), "good"),
    "CLOSED": (_("закрыт"), "late"),
}
"""State of an account: its word and the tone of its pill."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; all of it stands in the address."""

    kind: str = EMPLOYEES
    query: str = ""
    school_class: str = ""
    """«8А»; for pupils and their guardians."""
    is_without: bool = False
    """Only persons without an account."""


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A person as a line of the list."""

    person: Person
    standing: str
    """Position, class, or whose parent."""
    state: str
    offices: tuple[str, ...]
    may_get: Verdict

    @property
    def state_text(self) -> str | Promise:
        return STATES[self.state][0]  # type: ignore[no-any-return]

    @property
    def tone(self) -> str:
        return STATES[self.state][1]


def author_of(job: Job, *, organisation: Organisation) -> Author:
    """Return who asked for a job, as the ledger names him today: the row of a job holds nobody's name. Two queries."""
    user = load_user(int(job.started_by.rpartition(":")[2]))
    today = clock.local_day(clock.now(), organisation.time_zone)
    name = actor_of(user, today=today).author.name if user else job.started_by
    return Author(organisation=organisation.code, actor=job.started_by, name=name, request_id=str(job.code))


def persons_of(organisation: Organisation, filters: Filters) -> QuerySet[Person]:
    """Return the persons of the list in the order of a school's lists."""
    persons = Person.objects.filter(KINDS[filters.kind][1], organisation=organisation)
    if key := match_key(filters.query):
        persons = persons.filter(search_key__contains=key)
    if filters.is_without:
        persons = persons.filter(user=None)
    return persons.order_by("sort_key", "pk")


def in_class(persons: QuerySet[Person], *, kind: str, grade: int, letter: str, today: date) -> QuerySet[Person]:
    """Narrow persons to the pupils of a class, or to their guardians."""
    pupils = Pupil.objects.filter(
        _of_class_on(today),
        memberships__group__school_class__grade=grade,
        memberships__group__school_class__letter=letter,
    )
    if kind == PUPILS:
        return persons.filter(pupil__in=pupils)
    return persons.filter(pk__in=Guardianship.objects.filter(pupil__in=pupils).values("guardian__person"))


def classes_of(organisation: Organisation, today: date) -> list[tuple[int, str]]:
    """Return grade and letter of the classes that have pupils today, in order."""
    found = Pupil.objects.filter(_of_class_on(today), organisation=organisation).values_list(*_CLASS).distinct()
    return sorted(found)


def account_rows(persons: QuerySet[Person], *, today: date) -> list[AccountRow]:
    """Return the lines of some persons, in their order, by four queries however many they are."""
    enrolled = Enrolment.objects.on(today).filter(pupil__person=OuterRef("pk"))
    found: list[Any] = list(
        persons.select_related("user", "employee", "pupil", "guardian").annotate(is_enrolled=Exists(enrolled))
    )
    standings = _standings(found, today=today)
    offices = _offices([person.user_id for person in found if person.user_id], today=today)
    return [
        AccountRow(
            person=person,
            standing=standings.get(person.pk, ""),
            state=account_state(person.user),
            offices=offices.get(person.user_id, ()),
            may_get=may_get_access(has_account=person.user_id is not None, is_gone=_is_gone(person, today)),
        )
        for person in found
    ]


def account_state(user: User | None) -> str:
    """Return a key of STATES."""
    if user is None:
        return "NONE"
    if not user.is_active:
        return "CLOSED"
    return "FIRST" if user.must_change_password else "OPEN"


def appointments_of(user: User) -> list[Appointment]:
    """Return all appointments of a user, the latest first."""
    return list(user.appointments.order_by("-starts_on", "role"))


# People lies below classes: a class is reached from the pupil's side, by the names of relations.
_CLASS = ("memberships__group__school_class__grade", "memberships__group__school_class__letter")


def _of_class_on(day: date) -> Q:
    """Return the condition of a pupil's membership, on a day, in a whole class of the year of that day."""
    return Q(
        Q(memberships__ends_on=None) | Q(memberships__ends_on__gte=day),
        memberships__starts_on__lte=day,
        memberships__group__kind="WHOLE_CLASS",
        memberships__group__year__starts_on__lte=day,
        memberships__group__year__ends_on__gte=day,
    )


def _standings(persons: Sequence[Any], *, today: date) -> dict[int, str]:
    """Return for each person the position, the class, or whose parent he is; several are joined."""
    links = list(
        Guardianship.objects.filter(guardian__person__in=[person.pk for person in persons])
        .select_related("pupil__person", "guardian")
        .order_by("pupil__person__sort_key", "pk")
    )
    pupils = {link.pupil_id for link in links} | {person.pupil.pk for person in persons if _has(person, "pupil")}
    classes = {
        pk: f"{grade}{letter}"
        for pk, grade, letter in Pupil.objects.filter(_of_class_on(today), pk__in=pupils).values_list("pk", *_CLASS)
    }
    children: dict[int, list[str]] = {}
    for link in links:
        words = (link.relation + ":", link.pupil.person.short_name, classes.get(link.pupil_id, ""))
        children.setdefault(link.guardian.person_id, []).append(" ".join(word for word in words if word))
    return {
        person.pk: "; ".join(
            part
            for part in (
                person.employee.position if _has(person, "employee") else "",
                classes.get(person.pupil.pk, "") if _has(person, "pupil") else "",
                *children.get(person.pk, ()),
            )
            if part
        )
        for person in persons
    }


def _offices(user_ids: Sequence[int], *, today: date) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    held = Appointment.objects.on(today).filter(user__in=user_ids).order_by("role")
    for user_id, role in held.values_list("user_id", "role"):
        found[user_id] = (*found.get(user_id, ()), str(Role(role).label))
    return found


def _is_gone(person: Any, today: date) -> bool:
    """Return whether nothing binds the person to the school any more."""
    if _has(person, "guardian"):
        return False
    works = _has(person, "employee") and (person.employee.dismissed_on is None or person.employee.dismissed_on > today)
    was_here = _has(person, "employee") or _has(person, "pupil")
    return was_here and not works and not person.is_enrolled


def _has(person: Any, relation: str) -> bool:
    """Return whether a one-to-one row that was joined in exists."""
    return getattr(person, relation, None) is not None


def working_employees(organisation: Organisation, *, day: date) -> list[Employee]:
    """Return who works in the school on a day, with their persons, in the order of a list. One query."""
    working = Employee.objects.filter(organisation=organisation).filter(Q(dismissed_on=None) | Q(dismissed_on__gt=day))
    return list(working.select_related("person").order_by("person__sort_key", "pk"))
