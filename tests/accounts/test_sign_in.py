from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from letopis.accounts.actions import appoint
from letopis.accounts.models import Appointment, Role
from letopis.ledger.models import Entry
from letopis.people.access import load_user
from tests.cast import TODAY
from tests.factories import PASSWORD, moment

pytestmark = pytest.mark.django_db


def sign_in(username, password=PASSWORD):
    client = Client()
    response = client.post(reverse("accounts:sign_in"), {"username": username, "password": password})
    return client, response


def test_a_teacher_signs_in_with_the_name_in_any_case(cast):
    _, response = sign_in("  KOPYLOVA ")

    assert (response.status_code, response.url) == (302, "/")


@pytest.mark.parametrize(("username", "password"), [("kopylova", "wrong"), ("nobody", PASSWORD)])
def test_one_sentence_for_a_wrong_name_and_a_wrong_password(cast, username, password):
    _, response = sign_in(username, password)

    assert response.status_code == 200
    assert "Имя или пароль не подошли" in response.content.decode()


def test_a_closed_account_cannot_sign_in_and_its_session_ends(cast):
    client, _ = sign_in("kopylova")
    user = cast.users["teacher"]
    user.is_active = False
    user.save()

    response = client.get("/")

    assert (response.status_code, response.url) == (302, "/sign-in?next=/")


def test_the_user_comes_with_person_and_appointments_in_one_query(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        user = load_user(cast.users["deputy"].pk)
        assert user.organisation.short_name == "МБОУ «СОШ № 17»"

    assert user.appointment_rows == [("DEPUTY", date(2025, 9, 1), None)]
    assert cast.actor("deputy").name == "Хабибуллина Д. Т."


def test_a_dismissed_teacher_is_no_employee(cast):
    assert cast.actor("dismissed").employee_id is None
    assert cast.actor("teacher").employee_id == cast.teacher.pk


def test_an_ended_appointment_gives_no_role(cast):
    Appointment.objects.filter(user=cast.users["deputy"]).update(ends_on=date(2026, 11, 15))

    assert cast.actor("deputy").roles == frozenset()


def test_appoint_records_once(cast):
    by = cast.actor("director").author

    for _ in range(2):
        appoint(user=cast.users["teacher"], role=Role.DEPUTY, starts_on=TODAY, basis="Приказ № 9-к", by=by,
                at=moment(TODAY))  # fmt: skip

    assert Entry.objects.filter(verb="accounts.appoint").count() == 1


def test_an_office_that_no_order_ended_ends_with_dismissal(cast):
    Appointment.objects.create(
        organisation=cast.organisation, user=cast.users["dismissed"], role=Role.DIRECTOR, starts_on=date(2026, 9, 1)
    )

    assert cast.actor("dismissed").roles == frozenset()
    assert cast.client("dismissed").get(reverse("people:accounts")).status_code == 404


def test_no_cache_keeps_what_a_signed_in_person_gets(cast):
    response = cast.client("teacher").get(reverse("control:my_day"))

    assert response["Cache-Control"] == "private, no-store"
