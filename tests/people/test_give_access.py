import json
from datetime import date

import pytest
from django.contrib.auth.hashers import check_password

from letopis.accounts.models import User
from letopis.config import cli
from letopis.core.errors import Refused
from letopis.ledger.actions import object_name
from letopis.ledger.models import Entry, Payload
from letopis.people.actions import Slip, give_access
from letopis.people.models import Enrolment, Person
from tests import factories as make
from tests.cast import TODAY
from tests.factories import moment

pytestmark = pytest.mark.django_db

AT = moment(TODAY)


def persons(cast):
    return [pupil.person for pupil in cast.pupils]


def bodies():
    return b"".join(bytes(body) for body in Payload.objects.values_list("body", flat=True)).decode()


def test_gives_every_person_without_an_account_one_and_a_slip(cast):
    slips = give_access(cast.actor("administrator"), persons(cast), at=AT)

    assert [(slip.person_name, slip.username, slip.position_or_class) for slip in slips] == [
        ("Антонова Дарья Ильинична", "antonova", "8А"),
        ("Белов Тимофей Маркович", "belov", "8А"),
        ("Ёлкин Глеб Романович", "elkin", "8А"),
        ("Журавлёв Степан Львович", "zhuravlev", "8А"),
        ("Зимина Ксения Олеговна", "zimina", "8А"),
    ]
    for slip in slips:
        user = User.objects.get(username=slip.username)
        assert (check_password(slip.password, user.password), user.must_change_password) == (True, True)
        assert user.person.full_name == slip.person_name


def test_records_one_entry_for_an_account_and_no_password(cast):
    slips = give_access(cast.actor("administrator"), persons(cast), at=AT)

    found = [json.loads(bytes(body)) for body in Payload.objects.order_by("entry__pk").values_list("body", flat=True)]
    first = Person.objects.get(last_name="Антонова")
    assert [fact["verb"] for fact in found] == ["accounts.open_account"] * 5
    assert found[0]["object"] == object_name(first.user)
    assert found[0]["after"] == {"username": "antonova", "person": object_name(first)}
    assert not [slip for slip in slips if slip.password in bodies()]
    assert not [user for user in User.objects.all() if user.password in bodies()]
    assert slips[0].password not in repr(slips)


def test_twice_is_harmless(cast):
    give_access(cast.actor("administrator"), persons(cast), at=AT)
    before = list(User.objects.order_by("pk").values_list("username", "password"))

    again = give_access(cast.actor("administrator"), persons(cast), at=AT)

    assert again == []
    assert list(User.objects.order_by("pk").values_list("username", "password")) == before
    assert Entry.objects.count() == 5


def test_people_of_one_name_get_names_with_numbers(cast):
    alike = [make.make_pupil(cast.organisation, f"Копылова {first}").person for first in ("Анна", "Вера")]

    slips = give_access(cast.actor("administrator"), alike, at=AT)

    assert [slip.username for slip in slips] == ["kopylova2", "kopylova3"]


def test_skips_who_left_and_who_belongs_to_another_school(cast):
    gone = make.make_employee(cast.organisation, "Уволенный Пётр", dismissed_on=date(2026, 10, 1)).person
    leaver = make.make_pupil(cast.organisation, "Выбывший Олег")
    Enrolment.objects.filter(pupil=leaver).update(ends_on=date(2026, 10, 1))
    stranger = make.make_person(cast.users["foreign_teacher"].organisation, "Чужой Иван")
    parent = make.make_guardian(cast.pupils[0], "Антонова Инна Юрьевна").person

    slips = give_access(cast.actor("administrator"), [gone, leaver.person, stranger, parent], at=AT)

    assert [(slip.username, slip.position_or_class) for slip in slips] == [("antonova", "мать: Антонова Д. И. 8А")]


@pytest.mark.parametrize(
    ("member", "number", "code"),
    [("director", 1, "NOT_ADMINISTRATOR"), ("teacher", 1, "NOT_ADMINISTRATOR"), ("administrator", 51, "TOO_MANY")],
)
def test_refuses_with_a_code_and_changes_nothing(cast, member, number, code):
    before = User.objects.count()

    with pytest.raises(Refused) as caught:
        give_access(cast.actor(member), [cast.pupils[0].person] * number, at=AT)

    assert caught.value.verdict.code == code
    assert (User.objects.count(), Entry.objects.count()) == (before, 0)


def test_takes_as_many_queries_for_thirty_as_for_three(cast, django_assert_max_num_queries):
    many = [make.make_pupil(cast.organisation, f"Новикова{'а' * number} Анна").person for number in range(30)]

    with django_assert_max_num_queries(16):
        slips = give_access(cast.actor("administrator"), many, at=AT)

    assert len(slips) == 30


def test_a_slip_never_shows_its_password_by_accident():
    assert "secret" not in repr(Slip("А", "a", "secret", "8А"))


def run(*arguments, capsys):
    code = cli.main(["user", *arguments])
    out, error = capsys.readouterr()
    return code, out, error


def test_the_command_adds_the_first_administrator_and_prints_the_password_once(cast, capsys, caplog):
    code, out, _ = run(
        "add", "--org", "school", "--username", "Admin", "--role", "ADMINISTRATOR", "--full-name",
        "Новая Инна Петровна", capsys=capsys,
    )  # fmt: skip

    user = User.objects.get(username="admin")
    password = out.splitlines()[1].split()[-1]
    assert (code, out.splitlines()[0]) == (0, "Имя для входа: admin")
    assert (user.check_password(password), user.must_change_password) == (True, True)
    assert user.person.full_name == "Новая Инна Петровна"
    assert list(user.appointments.values_list("role", "starts_on")) == [("ADMINISTRATOR", TODAY)]
    assert password not in bodies() + caplog.text
    assert [entry.verb for entry in Entry.objects.order_by("pk")] == [
        "accounts.open_account", "people.add_person", "accounts.appoint",
    ]  # fmt: skip


def test_the_command_gives_the_account_to_the_person_of_that_name(cast, capsys):
    employee = make.make_employee(cast.organisation, "Петрова Алёна Олеговна")

    run("add", "--org", "school", "--username", "petrova", "--role", "ADMINISTRATOR", "--full-name",
        "петрова алена олеговна", capsys=capsys)  # fmt: skip

    assert User.objects.get(username="petrova").person == employee.person
    assert Entry.objects.filter(verb="people.give_account").count() == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["add", "--org", "none", "--username", "x1", "--role", "CLERK"], "Организации «none» нет."),
        (["add", "--org", "school", "--username", "Kopylova", "--role", "CLERK"], "Имя «kopylova» уже занято."),
        (["add", "--org", "school", "--username", "копылова", "--role", "CLERK"], "Имя для входа: латинские буквы"),
        (["reset", "--username", "nobody"], "Имени «nobody» нет."),
    ],
)
def test_the_command_says_what_is_wrong(cast, capsys, arguments, sentence):
    code, out, error = run(*arguments, capsys=capsys)

    assert (code, out) == (1, "")
    assert error.startswith(sentence)
    assert Entry.objects.count() == 0


def test_the_command_resets_a_password(cast, capsys):
    code, out, _ = run("reset", "--username", "BEREZINA", capsys=capsys)

    user = User.objects.get(username="berezina")
    assert (code, user.check_password(out.splitlines()[1].split()[-1])) == (0, True)
    assert Entry.objects.get().actor == "system"
