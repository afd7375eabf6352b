from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from letopis.accounts.models import SignInAttempt, User
from letopis.core import clock
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

NEW = "морковь телега окно"
LOCKED = "Слишком много неверных попыток"
WRONG = "Имя или пароль не подошли"


def sign_in(username, password=PASSWORD, client=None):
    return (client or Client()).post(reverse("accounts:sign_in"), {"username": username, "password": password})


def change(client, old=PASSWORD, new=NEW, again=None):
    return client.post(reverse("accounts:password"), {"old": old, "new": new, "again": new if again is None else again})


@pytest.fixture
def newcomer(cast):
    User.objects.filter(username="kopylova").update(must_change_password=True)
    client = Client()
    sign_in("kopylova", client=client)
    return client


@pytest.mark.parametrize("address", ["/", "/accounts/", "/nothing-is-here"])
def test_whatever_a_newcomer_asks_for_he_sets_a_password_first(newcomer, address):
    response = newcomer.get(address)

    assert (response.status_code, response.url) == (302, "/password")


def test_a_newcomer_may_leave_and_choose_the_language(newcomer):
    assert newcomer.post(reverse("set_language"), {"language": "en"}).url != "/password"
    assert newcomer.post(reverse("accounts:sign_out")).url == reverse("accounts:sign_in")


def test_after_the_change_everything_opens_and_other_sessions_end(newcomer, cast):
    elsewhere = cast.client("teacher")

    response = change(newcomer)

    assert (response.status_code, response.url) == (302, "/")
    assert newcomer.get(reverse("accounts:password")).status_code == 200
    assert elsewhere.get(reverse("accounts:password")).status_code == 302
    assert sign_in("kopylova", NEW).status_code == 302
    assert not User.objects.get(username="kopylova").must_change_password


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"old": "wrong"}, "Нынешний пароль не подошёл"),
        ({"again": "другое"}, "Пароли не совпали"),
        ({"new": "коротко"}, "слишком короткий"),
        ({"new": "password123456"}, "слишком"),
        ({"new": PASSWORD}, "совпадает с нынешним"),
        ({"new": ""}, "Обязательное поле"),
    ],
)
def test_says_what_is_wrong_with_a_new_password(cast, typed, sentence):
    response = change(cast.client("teacher"), **typed)

    text = response.content.decode()
    assert (response.status_code, sentence in text) == (400, True)
    assert User.objects.get(username="kopylova").check_password(PASSWORD)
    assert not [value for value in typed.values() if value and f'value="{value}"' in text]


def test_neither_session_nor_messages_nor_log_hold_a_password(newcomer, caplog):
    response = change(newcomer)

    kept = f"{dict(newcomer.session.items())} {response.cookies} {response.headers} {caplog.text}"
    assert PASSWORD not in kept
    assert NEW not in kept


@pytest.mark.parametrize("username", ["kopylova", "nobody"])
def test_five_wrong_passwords_lock_a_name_whether_or_not_it_exists(cast, username):
    answers = [sign_in(username, "wrong").content.decode() for _ in range(6)]

    assert [WRONG in text for text in answers] == [True] * 5 + [False]
    assert [LOCKED in text for text in answers] == [False] * 5 + [True]
    assert SignInAttempt.objects.count() == 5


def test_a_locked_name_does_not_take_the_right_password_until_a_quarter_of_an_hour_has_passed(cast):
    for _ in range(5):
        sign_in("kopylova", "wrong")

    assert LOCKED in sign_in(" KOPYLOVA ").content.decode()
    assert sign_in("orlova").status_code == 302

    SignInAttempt.objects.update(at=clock.now() - timedelta(minutes=15))
    assert sign_in("kopylova").status_code == 302
    assert SignInAttempt.objects.count() == 0


def test_the_right_password_forgets_the_wrong_ones(cast):
    for _ in range(4):
        sign_in("kopylova", "wrong")

    assert sign_in("kopylova").status_code == 302
    assert SignInAttempt.objects.count() == 0


def test_a_locked_name_is_not_even_looked_for(cast, django_assert_num_queries):
    for _ in range(5):
        sign_in("kopylova", "wrong")
        sign_in("nobody", "wrong")

    for username in ("kopylova", "nobody"):
        with django_assert_num_queries(4):
            sign_in(username)
