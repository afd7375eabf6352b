"""An administrator whom the server's command made, without a person, works in the school all the same."""

from datetime import date

import pytest
from django.test import Client

from letopis.accounts.models import Appointment, Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(cast):
    user = make_user(cast.organisation, "server-admin")
    Appointment.objects.create(
        organisation=cast.organisation, user=user, role=Role.ADMINISTRATOR, starts_on=date(2026, 8, 25)
    )
    client = Client()
    client.force_login(user, backend="letopis.people.backends.PersonBackend")
    return client


@pytest.mark.parametrize("path", ["/year/", "/timetable/", "/classes/", "/imports/", "/accounts/"])
def test_opens_the_pages_of_the_office(client, path):
    assert client.get(path).status_code == 200


def test_is_shown_the_way_to_them(client):
    shown = client.get("/imports/").content.decode()

    assert all(path in shown for path in ("/year/", "/timetable/", "/classes/"))


def test_a_user_without_office_or_person_sees_none_of_them(cast):
    client = Client()
    client.force_login(make_user(cast.organisation, "nobody"), backend="letopis.people.backends.PersonBackend")

    assert client.get("/year/").status_code == 404
