"""Verbs of people: give persons access, add a user from the command line."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.views.decorators.debug import sensitive_variables

from letopis.accounts.actions import appoint, open_account, open_accounts
from letopis.accounts.models import User
from letopis.accounts.passwords import hashed, new_password
from letopis.core.errors import Refused, require
from letopis.ledger.actions import Author, Fact, object_name, record, record_all
from letopis.org.models import LocalAct, Organisation
from letopis.people.access import Actor
from letopis.people.models import ActAcquaintance, Employee, Person, Pupil
from letopis.people.queries import account_rows
from letopis.rules import accounts as rules
from letopis.rules import names
from letopis.rules.local_acts import may_acquaint
from letopis.rules.usernames import free_username, username_base
from letopis.rules.verdict import refused

_USERNAME = re.compile(r"[a-z0-9][a-z0-9.\-]{1,63}")


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed for one person, once. The password stands here and nowhere else."""

    person_name: str
    username: str
    password: str = field(repr=False)
    position_or_class: str


@sensitive_variables()
def give_access(actor: Actor, persons: Sequence[Person], *, at: datetime) -> list[Slip]:
    """Open an account for each person who has none, and return their slips in the order of persons.

    Who has an account, left the school or belongs to another one is skipped. Raises Refused for an actor who does
    not manage accounts and for too many persons at once.
    """
    require(rules.may_manage_accounts(actor.roles))
    require(rules.may_give_to_so_many(len(persons)))
    chosen = Person.objects.filter(organisation=actor.organisation, pk__in=[person.pk for person in persons])
    rows = {row.person.pk: row for row in account_rows(chosen, today=actor.today) if row.may_get}
    # Hashing takes seconds on purpose; nobody else may wait for it at a lock.
    passwords = {pk: new_password() for pk in rows}
    hashes = {pk: hashed(password) for pk, password in passwords.items()}
    try:
        users = _open_for(hashes, actor=actor, at=at)
    except IntegrityError:
        # Names are one space for all schools: another school took one between our look and our write.
        users = _open_for(hashes, actor=actor, at=at)
    ordered = [person.pk for person in persons if person.pk in users]
    return [Slip(rows[pk].person.full_name, users[pk].username, passwords[pk], rows[pk].standing) for pk in ordered]


@transaction.atomic
def _open_for(hashes: Mapping[int, str], *, actor: Actor, at: datetime) -> dict[int, User]:
    locked = Person.objects.select_for_update().filter(organisation=actor.organisation, pk__in=hashes, user=None)
    persons = sorted(locked.order_by("pk"), key=lambda person: (person.sort_key, person.pk))
    usernames = _free_usernames([person.last_name for person in persons])
    users = [
        User(organisation=actor.organisation, username=username, password=hashes[person.pk], must_change_password=True)
        for person, username in zip(persons, usernames, strict=True)
    ]
    opened = open_accounts(users, by=actor.author, at=at, whose=[object_name(person) for person in persons])
    for person, user in zip(persons, opened, strict=True):
        person.user = user
    Person.objects.bulk_update(persons, ["user"])
    return {person.pk: user for person, user in zip(persons, opened, strict=True)}


def _free_usernames(last_names: Iterable[str]) -> list[str]:
    """Return a free name for each last name, also free of the names given here before it."""
    bases = [username_base(last_name) for last_name in last_names]
    begins = Q(pk__in=[])
    for base in sorted(set(bases)):
        begins |= Q(username__startswith=base)
    taken = {name.casefold() for name in User.objects.filter(begins).values_list("username", flat=True)}
    found = []
    for base in bases:
        name = free_username(base, taken=taken)
        taken.add(name)
        found.append(name)
    return found


@sensitive_variables()
def add_user(
    *, organisation: Organisation, username: str, role: str, full_name: str, by: Author, at: datetime, today: date
) -> str:
    """Open an account with an office and return its password: the first administrator of a new school.

    full_name: the one person of the school who bears it and has no account gets it, else a person is added;
    empty: an account that belongs to nobody by name.
    """
    name = username.strip().casefold()
    if not _USERNAME.fullmatch(name):
        raise Refused(refused("BAD_USERNAME", "Имя для входа: латинские буквы, цифры, точка и дефис, не меньше двух."))
    password = new_password()
    password_hash = hashed(password)
    with transaction.atomic():
        if User.objects.filter(username__iexact=name).exists():
            raise Refused(refused("USERNAME_TAKEN", f"Имя «{name}» уже занято."))
        user = open_account(
            organisation=organisation, username=name, password_hash=password_hash, by=by, at=at,
            must_change_password=True,
        )  # fmt: skip
        if full_name:
            _belong(user, full_name=full_name, by=by, at=at)
        appoint(user=user, role=role, starts_on=today, basis="Командная строка", by=by, at=at)
    return password


def _belong(user: User, *, full_name: str, by: Author, at: datetime) -> None:
    """Make the account that of the person with this name."""
    last, first, middle = names.split_full_name(full_name)
    same_name = list(
        Person.objects.select_for_update().filter(
            organisation=user.organisation, user=None, search_key=names.search_key(last, first, middle)
        )
    )
    is_new = len(same_name) != 1
    person = Person(organisation=user.organisation) if is_new else same_name[0]
    if is_new:
        person.rename(last_name=last, first_name=first, middle_name=middle)
    person.user = user
    person.save()
    before = None if is_new else {"user": None}
    after = {"user": object_name(user)} | ({"name": person.full_name} if is_new else {})
    record(Fact(by, at, "people.add_person" if is_new else "people.give_account", object_name(person), before, after))


@dataclass(frozen=True, slots=True)
class NewPupil:
    """A child who comes to the school, as his documents say."""

    last_name: str
    first_name: str
    middle_name: str
    sex: str
    """Code of Person.Sex."""
    born_on: date
    book_number: str
    """In the alphabet book."""
    has_special_needs: bool = False


@transaction.atomic
def register_pupil(organisation: Organisation, *, new: NewPupil, by: Author, at: datetime) -> Pupil:
    """Put a new pupil into the alphabet book; the class and the day are schooling.enrol_in_class.

    Refuses with NUMBER_TAKEN, and with SAME_PERSON when one of this name and day of birth is in the book already.
    """
    if Pupil.objects.filter(organisation=organisation, book_number=new.book_number).exists():
        sentence = f"Номер {new.book_number} в алфавитной книге уже занят: проверьте номер."
        raise Refused(refused("NUMBER_TAKEN", sentence))
    key = names.sort_key(new.last_name, new.first_name, new.middle_name)
    same = Pupil.objects.filter(organisation=organisation, person__sort_key=key, person__born_on=new.born_on).first()
    if same is not None:
        sentence = f"Такой обучающийся уже есть в алфавитной книге, номер {same.book_number}: выберите его из списка."
        raise Refused(refused("SAME_PERSON", sentence))
    person = Person(organisation=organisation, sex=new.sex, born_on=new.born_on)
    person.rename(last_name=new.last_name, first_name=new.first_name, middle_name=new.middle_name)
    person.save()
    pupil = Pupil.objects.create(
        organisation=organisation,
        person=person,
        book_number=new.book_number,
        has_special_needs=new.has_special_needs,
    )
    after = {"name": person.full_name, "book_number": new.book_number, "born_on": new.born_on.isoformat()}
    record(Fact(by, at, "people.register_pupil", object_name(pupil), None, after))
    return pupil


@transaction.atomic
def acquaint(
    act: LocalAct,
    employees: Iterable[Employee],
    *,
    known_on: date,
    on_paper: bool = False,
    today: date,
    by: Author,
    at: datetime,
) -> int:
    """Write down that employees know a local act since a day; return how many were not written down before.

    on_paper: they signed a sheet, and the office enters it; else it is an employee's own electronic mark. Twice is
    harmless: the first mark stands. Refuses with ACT_IS_DRAFT, NOT_ASKED, NOT_EMPLOYEE, DAY_AHEAD, DAYS_BACKWARDS.
    Source: ORG-005.
    """
    # The lock keeps the version that is acknowledged, and two marks of one employee apart.
    act = LocalAct.objects.select_for_update(of=("self",)).get(pk=act.pk)
    known = set(ActAcquaintance.objects.filter(act=act).values_list("employee", flat=True))
    rows = []
    for employee in employees:
        works = employee.dismissed_on is None or employee.dismissed_on > known_on
        require(
            may_acquaint(
                state=act.state,
                is_asked=act.must_be_known,
                adopted_on=act.adopted_on,
                known_on=known_on,
                today=today,
                is_employee=works and employee.organisation_id == act.organisation_id,
            )
        )
        if employee.pk not in known:
            row = ActAcquaintance(
                organisation_id=act.organisation_id,
                act=act,
                employee=employee,
                known_on=known_on,
                on_paper=on_paper,
                entered_at=at,
            )
            rows.append(row)
    ActAcquaintance.objects.bulk_create(rows)
    facts = [
        Fact(
            by,
            at,
            "people.acquaint",
            object_name(act),
            None,
            {"employee": f"people.Employee:{row.employee_id}", "on": known_on.isoformat(), "on_paper": on_paper},
        )
        for row in rows
    ]
    record_all(facts)
    return len(rows)
