"""A lesson without a teacher is nobody's: it opens no class to an office that has no employee behind it."""

import pytest
from django.test import Client
from django.urls import reverse

from letopis.accounts.models import Appointment, Role
from letopis.schooling.models import Workload
from tests import factories as make
from tests.cast import Cast


@pytest.mark.parametrize(
    ("role", "address", "status"),
    [
        (Role.ADMINISTRATOR, "attestation:statement", 404),
        (Role.ARCHIVIST, "schooling:school_class", 403),
        (Role.ADMINISTRATOR, "register:courses", 404),
    ],
)
def test_a_vacancy_is_not_the_office_without_an_employee(cast: Cast, role: str, address: str, status: int):
    course = make.make_course(
        make.whole_class(cast.class_8a), make.make_subject(cast.organisation, "Астрономия"), teacher=cast.teacher
    )
    Workload.objects.filter(course=course).update(teacher=None)
    user = make.make_user(cast.organisation, "office")
    Appointment.objects.create(organisation=cast.organisation, user=user, role=role, starts_on=cast.year.starts_on)
    client = Client()
    client.force_login(user, backend="letopis.people.backends.PersonBackend")
    arguments = {} if address == "register:courses" else {"code": cast.class_8a.code}

    assert client.get(reverse(address, kwargs=arguments)).status_code == status
