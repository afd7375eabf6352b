"""A login for every employee of the demo, and one for a parent and a pupil. The password is known: it is a demo."""

import os
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from letopis.accounts.actions import appoint, open_account
from letopis.accounts.models import Role, User
from letopis.ledger.actions import Author
from letopis.org.models import Organisation
from letopis.people.models import Consent, Employee, Guardianship, Person
from letopis.schooling.models import GroupKind, Membership

PASSWORD = os.environ.get("LETOPIS_DEMO_PASSWORD", "letopis-demo")
FAMILY_CLASS = (8, "А")
OFFICES = (
    ("director", "T001", "директор", Role.DIRECTOR),
    ("deputy", "T002", "заместитель директора", Role.DEPUTY),
    ("clerk", "T004", "секретарь", Role.CLERK),
    ("archivist", "T005", "ответственный за архив", Role.ARCHIVIST),
    ("admin", "T006", "администратор журнала", Role.ADMINISTRATOR),
)
TEACHERS = (
    ("teacher", "T017", "учитель математики"),
    ("classteacher", "T022", "классный руководитель 8А, учитель русского языка"),
)


@dataclass(frozen=True, slots=True)
class Login:
    """A line of the printed table."""

    username: str
    role: str
    name: str


@transaction.atomic
def open_logins(organisation: Organisation, *, since: date, by: Author, at: datetime) -> None:
    """Open the accounts of the demo. Twice is harmless."""
    if User.objects.filter(organisation=organisation).exists():
        return
    hashed = make_password(PASSWORD)
    named = {number: username for username, number, *_ in (*OFFICES, *TEACHERS)}
    for employee in Employee.objects.filter(organisation=organisation).select_related("person"):
        username = named.get(employee.number, employee.number.lower())
        _open(employee.person, username, hashed, by=by, at=at)
    for username, _number, _title, role in OFFICES:
        user = User.objects.get(organisation=organisation, username=username)
        appoint(user=user, role=role, starts_on=since, basis="Приказ № 1-к", by=by, at=at)


@transaction.atomic
def open_family_logins(organisation: Organisation, *, by: Author, at: datetime) -> None:
    """Open the accounts of a pupil and of a parent who agreed. Twice is harmless."""
    if User.objects.filter(organisation=organisation, username="parent").exists():
        return
    grade, letter = FAMILY_CLASS
    place = (
        Membership.objects.filter(
            organisation=organisation,
            ends_on=None,
            group__kind=GroupKind.WHOLE_CLASS,
            group__school_class__grade=grade,
            group__school_class__letter=letter,
            pupil__guardianships__consents__state=Consent.State.GIVEN,
        )
        .order_by("-starts_on", "pupil__person__sort_key")
        .select_related("pupil__person")
        .first()
    )
    assert place  # noqa: S101 (the sample has such a pupil)
    link = Guardianship.objects.filter(pupil=place.pupil, consents__state=Consent.State.GIVEN).order_by("pk")
    hashed = make_password(PASSWORD)
    _open(place.pupil.person, "pupil", hashed, by=by, at=at)
    _open(link.select_related("guardian__person")[0].guardian.person, "parent", hashed, by=by, at=at)


def logins(organisation: Organisation) -> list[Login]:
    """Return the table of logins, one for each role."""
    titles = {
        **{username: title for username, _number, title, _role in OFFICES},
        **{username: title for username, _number, title in TEACHERS},
        "parent": "родитель ученика 8А",
        "pupil": "ученик 8А",
        "t099": "уволенный учитель: ничего не видит",
    }
    persons = Person.objects.filter(organisation=organisation, user__username__in=titles).select_related("user")
    names = {person.user.username: person.short_name for person in persons if person.user}
    return [Login(username, title, names[username]) for username, title in titles.items() if username in names]


def _open(person: Person, username: str, hashed: str, *, by: Author, at: datetime) -> None:
    person.user = open_account(organisation=person.organisation, username=username, password_hash=hashed, by=by, at=at)
    person.save(update_fields=["user"])
