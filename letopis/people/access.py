"""Who is asking: the actor of a request, and the loaders of persons."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import Http404

from letopis.accounts.models import Appointment, Role, User
from letopis.ledger.actions import Author
from letopis.notices.queries import unread_count
from letopis.org.models import Organisation
from letopis.org.queries import policies
from letopis.people.models import Person
from letopis.rules import names
from letopis.rules.accounts import may_manage_accounts
from letopis.rules.policy import Policy
from letopis.rules.policy.editions import Editions

_JOINED = {
    "person_pk": F("person__pk"),
    "last_name": F("person__last_name"),
    "first_name": F("person__first_name"),
    "middle_name": F("person__middle_name"),
    "employee_pk": F("person__employee__pk"),
    "position": F("person__employee__position"),
    "dismissed_on": F("person__employee__dismissed_on"),
    "pupil_pk": F("person__pupil__pk"),
    "guardian_pk": F("person__guardian__pk"),
    "role": F("appointments__role"),
    "role_from": F("appointments__starts_on"),
    "role_to": F("appointments__ends_on"),
    "unread": unread_count(User._meta.db_table),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, in which organisation, as what, on which day. Made once for a request, by one query."""

    user_id: int
    organisation: Organisation
    today: date
    name: str
    position: str = ""
    person_id: int | None = None
    employee_id: int | None = None
    """Set while the person works in the school on that day."""
    pupil_id: int | None = None
    guardian_id: int | None = None
    roles: frozenset[str] = frozenset()
    unread: int = 0
    """Notices that wait to be read."""
    request_id: str = field(default_factory=lambda: uuid.uuid4().hex)

    def has(self, *roles: Role) -> bool:
        """Return whether the actor holds one of these appointments today."""
        return any(role in self.roles for role in roles)

    @property
    def works_here(self) -> bool:
        """Whether the actor belongs to the staff: an employee, or the holder of an office opened by command."""
        return self.employee_id is not None or bool(self.roles)

    @property
    def controls(self) -> bool:
        """Whether the actor sees every register of the school: director, deputy."""
        return self.has(Role.DIRECTOR, Role.DEPUTY)

    @property
    def policies(self) -> Editions:
        """The editions of the school's policy. No query, but after a new one was adopted."""
        return policies(self.organisation)

    @property
    def policy(self) -> Policy:
        """The policy in force today: for what is shown. What is judged asks for the policy of its own day."""
        return self.policies.on(self.today)

    def policy_on(self, day: date) -> Policy:
        """Return the policy in force on a day."""
        return self.policies.on(day)

    def policy_of_period(self, ends_on: date) -> Policy:
        """Return the policy that results of the term or year which ends on a day are judged by."""
        return self.policies.of_period(ends_on, today=self.today)

    @property
    def author(self) -> Author:
        """How the ledger names the actor."""
        office = f", {self.position}" if self.position else ""
        return Author(
            organisation=self.organisation.code,
            actor=f"accounts.User:{self.user_id}",
            name=f"{self.name}{office}",
            request_id=self.request_id,
        )


def load_user(user_id: int) -> User | None:
    """Return the user with organisation, person and appointments joined in, by one query; None when there is none."""
    rows: list[Any] = list(_users().filter(pk=user_id))
    if not rows:
        return None
    user: Any = rows[0]
    user.appointment_rows = [(row.role, row.role_from, row.role_to) for row in rows if row.role]
    return user  # type: ignore[no-any-return]


@cache
def _users() -> QuerySet[User]:
    """Made once: every request asks it, and building it takes longer than running it."""
    return User.objects.select_related("organisation").annotate(**_JOINED)


def actor_of(user: Any, *, today: date) -> Actor:
    """Return the actor of a user loaded by `load_user`."""
    works = user.employee_pk is not None and (user.dismissed_on is None or user.dismissed_on > today)
    known = user.person_pk is not None
    return Actor(
        user_id=user.pk,
        organisation=user.organisation,
        today=today,
        name=names.short_name(user.last_name, user.first_name, user.middle_name) if known else user.username,
        position=user.position if works else "",
        person_id=user.person_pk,
        employee_id=user.employee_pk if works else None,
        pupil_id=user.pupil_pk,
        guardian_id=user.guardian_pk,
        roles=_roles(user, today=today, is_dismissed=user.employee_pk is not None and not works),
        unread=user.unread,
    )


def _roles(user: Any, *, today: date, is_dismissed: bool) -> frozenset[str]:
    """Return the offices held on the day; nobody holds one after he was dismissed, also when no order ended it.

    An account that belongs to no employee, such as the first administrator's, holds what it was appointed to.
    """
    if is_dismissed:
        return frozenset()
    return frozenset(
        role for role, start, end in user.appointment_rows if start <= today and (end is None or end >= today)
    )


def invisible() -> NoReturn:
    """Answer 404: what a person may not see does not exist for him."""
    raise Http404


def forbid(sentence: str) -> NoReturn:
    """Answer 403 with the reason: visible, but not his to do."""
    raise PermissionDenied(sentence)


def require(actor: Actor, *roles: Role) -> None:
    """Pass an actor who holds one of the roles; to everybody else the page does not exist."""
    if not actor.has(*roles):
        invisible()


def require_reader_of_accounts(actor: Actor) -> None:
    """Pass who sees the accounts of the school; to everybody else there is no such page."""
    require(actor, Role.DIRECTOR, Role.ADMINISTRATOR)


def account_for(actor: Actor, code: uuid.UUID) -> User:
    """Return an account of the actor's school with its person; director and administrator see it, nobody else."""
    require_reader_of_accounts(actor)
    found = User.objects.select_related("organisation", "person").filter(organisation=actor.organisation, code=code)
    return found.first() or invisible()


def account_to_manage(actor: Actor, code: uuid.UUID) -> User:
    """Return an account whose password and state are the actor's to change; the director only sees it."""
    user = account_for(actor, code)
    require_management(actor)
    return user


def require_management(actor: Actor) -> None:
    """Pass who manages accounts; tell the director that he only sees them; hide them from everybody else."""
    require_reader_of_accounts(actor)
    if not (verdict := may_manage_accounts(actor.roles)):
        forbid(verdict.sentence)


def persons_to_let_in(actor: Actor, codes: Sequence[uuid.UUID]) -> list[Person]:
    """Return the persons of the actor's school among the codes, in the order of lists; strangers are left out."""
    require_management(actor)
    persons = Person.objects.filter(organisation=actor.organisation, code__in=codes)
    return list(persons.order_by("sort_key", "pk"))


def appointment_for(actor: Actor, code: uuid.UUID, *, role: str, starts_on: date) -> Appointment:
    """Return an appointment of an account, found by the office and its first day."""
    user = account_for(actor, code)
    return user.appointments.filter(role=role, starts_on=starts_on).first() or invisible()
