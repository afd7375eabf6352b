"""A login for every employee of the demo, and one for a parent and a pupil. The password is known: it is a demo."""

import os
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from letopis.accounts.actions import appoint, open_account
from letopis.accounts.models import User
from letopis.demo.schools import OFFICES, demo_school
from letopis.ledger.actions import Author
from letopis.org.models import Organisation
from letopis.people.models import Consent, Employee, Guardianship, Person
from letopis.schooling.models import GroupKind, Membership

PASSWORD = os.environ.get("LETOPIS_DEMO_PASSWORD", "letopis-demo")


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
    school, hashed = demo_school(organisation.slug), make_password(PASSWORD)
    named = {number: username for username, number, *_ in (*OFFICES, *school.teachers)}
    for employee in Employee.objects.filter(organisation=organisation).select_related("person"):
        username = named.get(employee.number, employee.number.lower())
        _open(employee.person, school.prefix + username, hashed, by=by, at=at)
    for username, _number, _title, role in OFFICES:
        user = User.objects.get(organisation=organisation, username=school.prefix + username)
        appoint(user=user, role=role, starts_on=since, basis="Приказ № 1-к", by=by, at=at)


@transaction.atomic
def open_family_logins(organisation: Organisation, *, by: Author, at: datetime) -> None:
    """Open the accounts of a pupil and of a parent who agreed. Twice is harmless."""
    school = demo_school(organisation.slug)
    if User.objects.filter(organisation=organisation, username=f"{school.prefix}parent").exists():
        return
    grade, letter = school.family_class
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
    _open(place.pupil.person, f"{school.prefix}pupil", hashed, by=by, at=at)
    _open(link.select_related("guardian__person")[0].guardian.person, f"{school.prefix}parent", hashed, by=by, at=at)


def logins(organisation: Organisation) -> list[Login]:
    """Return the table of logins, one for each role."""
    school = demo_school(organisation.slug)
    of_class = "{}{}".format(*school.family_class)
    told = {
        **{username: title for username, _number, title, _role in OFFICES},
        **{username: title for username, _number, title in school.teachers},
        "parent": f"родитель ученика {of_class}",
        "pupil": f"ученик {of_class}",
        "t099": "уволенный учитель: ничего не видит",
    }
    titles = {school.prefix + username: title for username, title in told.items()}
    persons = Person.objects.filter(organisation=organisation, user__username__in=titles).select_related("user")
    names = {person.user.username: person.short_name for person in persons if person.user}
    return [Login(username, title, names[username]) for username, title in titles.items() if username in names]


def _open(person: Person, username: str, hashed: str, *, by: Author, at: datetime) -> None:
    person.user = open_account(organisation=person.organisation, username=username, password_hash=hashed, by=by, at=at)
    person.save(update_fields=["user"])
