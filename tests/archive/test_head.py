"""Who answers for a unit: those in office when the year ended."""

from datetime import date

import pytest

from letopis.accounts.models import Appointment, Role
from letopis.archive.units import class_head
from letopis.schooling.models import SchoolClass
from tests.cast import TODAY

pytestmark = pytest.mark.django_db


def persons(cast):
    school_class = SchoolClass.objects.select_related("year", "organisation").get(pk=cast.class_8a.pk)
    head = class_head(school_class, kind="REGISTER", title="Журнал 8А", made_on=TODAY)
    return [(one.position, one.name) for one in head.persons]


def test_an_office_held_on_other_days_is_not_named(cast):
    before = persons(cast)
    director = cast.users["director"]

    Appointment.objects.create(
        organisation=cast.organisation, user=director, role=Role.ARCHIVIST, starts_on=date(2027, 9, 1)
    )

    assert (
        persons(cast)
        == before
        == [
            ("Директор", "Нечаева Милана Магомедовна"),
            ("Ответственный за архив", "Берёзова Виктория Ярославовна"),
            ("Классный руководитель", "Зайцева Арина Алексеевна"),
        ]
    )
