import re

import pytest
from django.urls import reverse

from letopis.accounts.models import Appointment, User
from letopis.ledger.models import Entry, Payload
from letopis.people.models import Person
from tests import factories as make
from tests.cast import TODAY

pytestmark = pytest.mark.django_db

LIST = "/accounts/"
NAME = re.compile(r'<th scope="row">(?:<a [^>]*>)?([^<]+)')
SLIP = re.compile(r'<b class="secret">([^<]+)</b>')


def names_on(response):
    return NAME.findall(response.content.decode())


def codes(*people):
    return {"person": [str(person.code) for person in people]}


def test_lists_employees_guardians_and_pupils_each_in_a_tab(cast):
    client = cast.client("administrator")

    assert names_on(client.get(LIST))[:2] == ["Березина Татьяна Егоровна", "Берёзова Виктория Ярославовна"]
    assert names_on(client.get(LIST, {"kind": "guardians"})) == [
        "Белова Ольга Игоревна", "Ершов Сергей Олегович", "Ершова Анна Викторовна",
    ]  # fmt: skip
    assert len(names_on(client.get(LIST, {"kind": "pupils"}))) == 8
    assert names_on(client.get(LIST, {"kind": "nonsense", "page": "x"})) == names_on(client.get(LIST))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "ЕЛКИН"}, ["Ёлкин Глеб Романович"]),
        ({"class": "7А"}, ["Власов Илья Петрович", "Громова Яна Юрьевна"]),
        ({"class": "7А", "q": "яна"}, ["Громова Яна Юрьевна"]),
        ({"without": "1", "q": "ершова"}, []),
        ({"kind": "guardians", "class": "8А", "q": "ершов"}, ["Ершов Сергей Олегович", "Ершова Анна Викторовна"]),
        ({"kind": "guardians", "class": "7А"}, []),
    ],
)
def test_search_and_filters_stand_in_the_address(cast, query, found):
    response = cast.client("administrator").get(LIST, {"kind": "pupils", **query})

    assert names_on(response) == found


def test_a_filter_stays_when_the_page_is_turned(cast):
    for number in range(60):
        make.make_pupil(cast.organisation, f"Новиков{'а' * (number % 7)} Анна{'а' * number}")

    response = cast.client("administrator").get(LIST, {"kind": "pupils", "q": "новиков", "without": "1"})

    assert len(names_on(response)) == 50
    assert "?kind=pupils&amp;q=%D0%BD%D0%BE%D0%B2%D0%B8%D0%BA%D0%BE%D0%B2&amp;without=1&amp;page=2" in (
        response.content.decode()
    )


def test_the_list_takes_a_fixed_number_of_queries(cast, django_assert_num_queries):
    client = cast.client("administrator")
    # No employee here has a child in the school, so nobody's class is asked for.
    for kind, number in (("employees", 7), ("guardians", 8), ("pupils", 8)):
        with django_assert_num_queries(number):
            client.get(LIST, {"kind": kind})
    for number in range(40):
        pupil = make.make_pupil(cast.organisation, f"Новикова Анна{'а' * number}")
        make.join(make.whole_class(cast.class_8a), pupil)
        make.make_guardian(pupil, f"Новикова Ольга{'а' * number}")

    for kind in ("guardians", "pupils"):
        with django_assert_num_queries(8):
            client.get(LIST, {"kind": kind})


def test_the_director_reads_and_does_not_give(cast):
    text = cast.client("director").get(LIST, {"kind": "pupils"}).content.decode()

    assert "Антонова" in text
    assert 'name="person"' not in text


def test_asks_before_it_gives_and_then_shows_slips_once(cast):
    client = cast.client("administrator")
    chosen = codes(cast.pupils[0].person, cast.polina.person)

    asked = client.get("/accounts/give", chosen)
    assert "Антонова Дарья Ильинична" in asked.content.decode()
    assert Entry.objects.count() == 0

    shown = client.post("/accounts/give", chosen)
    username, password = SLIP.findall(shown.content.decode())
    assert username == "antonova"
    assert User.objects.get(username="antonova").check_password(password)
    assert "http://testserver/" in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]

    again = client.post("/accounts/give", chosen)
    assert (again.status_code, again.url) == (302, LIST)
    assert User.objects.get(username="antonova").check_password(password)


def test_no_password_of_a_slip_is_kept_anywhere(cast, caplog):
    client = cast.client("administrator")

    shown = client.post("/accounts/give", codes(*(pupil.person for pupil in cast.pupils)))

    secrets = SLIP.findall(shown.content.decode())[1::2]
    bodies = b"".join(bytes(body) for body in Payload.objects.values_list("body", flat=True)).decode()
    kept = f"{dict(client.session.items())} {shown.cookies} {shown.headers} {caplog.text} {bodies}"
    assert len(secrets) == 5
    assert not [secret for secret in secrets if secret in kept]
    assert not [secret for secret in secrets if secret in client.get(LIST, {"kind": "pupils"}).content.decode()]


def test_chosen_strangers_and_nonsense_lead_back_with_a_word(cast):
    stranger = Person.objects.get(user=cast.users["foreign_teacher"])

    response = cast.client("administrator").get("/accounts/give", {"person": [str(stranger.code), "nonsense"]})

    assert (response.status_code, response.url) == (302, LIST)


def address(name, cast, member="teacher"):
    return reverse(f"people:{name}", args=[cast.users[member].code])


def test_an_account_of_another_school_is_not_found(cast):
    client = cast.client("administrator")

    for name in ("account", "reset_password", "close_account", "reopen_account"):
        assert client.get(address(name, cast, "foreign_teacher")).status_code == 404
    for name in ("appoint", "end_office"):
        assert client.post(address(name, cast, "foreign_teacher")).status_code == 404


def test_resets_a_password_and_shows_the_slip_once(cast):
    client = cast.client("administrator")
    asked = client.get(address("reset_password", cast)).content.decode()
    stamp = re.search(r'name="stamp" value="([0-9a-f]+)"', asked)[1]

    shown = client.post(address("reset_password", cast), {"stamp": stamp})
    username, password = SLIP.findall(shown.content.decode())
    again = client.post(address("reset_password", cast), {"stamp": stamp})

    user = User.objects.get(username="kopylova")
    assert (username, user.check_password(password), user.must_change_password) == ("kopylova", True, True)
    assert (again.status_code, again.url) == (302, address("account", cast))
    assert Entry.objects.filter(verb="accounts.reset_password").count() == 1


def test_closing_ends_the_session_and_reopening_lets_in_again(cast):
    teacher, client = cast.client("teacher"), cast.client("administrator")

    client.post(address("close_account", cast), {"reason": "Увольнение"})
    closed = teacher.get("/password").status_code
    client.post(address("reopen_account", cast), {"reason": ""})

    assert (closed, cast.client("teacher").get("/password").status_code) == (302, 200)
    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "accounts.close_account", "accounts.reopen_account",
    ]  # fmt: skip


def test_the_last_administrator_is_told_why_not(cast):
    response = cast.client("administrator").post(
        address("close_account", cast, "administrator"), {"reason": ""}, follow=True
    )

    assert "Свою учётную запись закрыть нельзя" in response.content.decode()


def test_the_director_appoints_and_ends_by_order(cast):
    client = cast.client("director")
    office = {"role": "CLERK", "starts_on": "2026-11-16"}
    by_order = {"order_number": "9-к", "order_on": "2026-11-13"}

    client.post(address("appoint", cast), office | by_order)
    page = client.get(address("account", cast)).content.decode()
    client.post(address("end_office", cast), office | by_order | {"ends_on": "2026-12-31"})

    found = Appointment.objects.get(user=cast.users["teacher"])
    assert "Приказ № 9-к от 13.11.2026" in page
    assert (found.role, found.starts_on, found.ends_on.isoformat()) == ("CLERK", TODAY, "2026-12-31")


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("appoint", {"role": "CLERK", "starts_on": "2026-11-16"}, "Номер приказа: Обязательное поле."),
        ("appoint", {"role": "CLERK", "starts_on": ""}, "С какого дня: Обязательное поле."),
        ("appoint", {"role": "KING", "starts_on": "2026-11-16"}, "Должность в журнале: "),
    ],
)
def test_tells_why_an_appointment_was_not_written(cast, name, data, sentence):
    response = cast.client("director").post(address(name, cast), data, follow=True)

    assert sentence in response.content.decode()
    assert Entry.objects.count() == 0


def test_an_office_that_is_not_there_cannot_end(cast):
    data = {"role": "CLERK", "starts_on": "2026-11-16", "ends_on": "2026-12-31"}
    data |= {"order_number": "9-к", "order_on": "2026-11-13"}

    assert cast.client("director").post(address("end_office", cast), data).status_code == 404
