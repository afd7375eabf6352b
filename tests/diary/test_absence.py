"""A guardian tells that a child will not come."""

import pytest
from django.urls import reverse

from letopis.register.models import AbsenceNotice
from tests.cast import Cast

pytestmark = pytest.mark.django_db

FORM = {"first": "2026-11-17", "last": "2026-11-18", "reason": "ILL", "text": "Температура"}


def send(cast: Cast, member="mother", **change):
    return cast.client(member).post(reverse("diary:absence"), FORM | change, follow=True)


def test_a_guardian_sends_sees_and_takes_back(cast):
    page = send(cast).content.decode()
    assert "Сообщение отправлено классному руководителю." in page
    assert "17.11.2026 – 18.11.2026" in page
    row = AbsenceNotice.objects.get()
    assert (row.pupil, row.sent_by, row.state, row.text) == (
        cast.polina, cast.users["mother"].person, "NEW", "Температура",
    )  # fmt: skip

    again = cast.client("mother").post(reverse("diary:withdraw_notice", args=[row.code]), follow=True)

    assert "Сообщение отозвано." in again.content.decode()
    row.refresh_from_db()
    assert row.state == "WITHDRAWN"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"last": "2026-11-16"}, "Последний день раньше первого"),
        ({"reason": "UNEXCUSED"}, "Выберите корректный вариант"),
        ({"first": "2027-02-01", "last": "2027-02-01"}, "не дальше 30 дней"),
        ({"first": ""}, "Обязательное поле"),
    ],
)
def test_what_cannot_be_sent_is_said_in_the_form(cast, change, sentence):
    answer = send(cast, **change)

    assert answer.status_code == 409
    assert sentence in answer.content.decode()
    assert not AbsenceNotice.objects.exists()


def test_nobody_reads_or_takes_back_what_is_about_another_child(cast):
    send(cast)
    row = AbsenceNotice.objects.get()

    other = cast.client("other_parent")

    assert other.post(reverse("diary:withdraw_notice", args=[row.code])).status_code == 404
    assert "Температура" not in other.get(reverse("diary:absence")).content.decode()
    assert other.get(reverse("diary:absence") + f"?pupil={cast.polina.code}").status_code == 404


def test_a_pupil_is_told_who_sends_and_a_guardian_who_refused_sees_nothing(cast):
    assert cast.client("pupil").get(reverse("diary:absence")).status_code == 403
    assert send(cast, "father").status_code == 200
    assert not AbsenceNotice.objects.exists()
    assert reverse("diary:absence") not in cast.client("pupil").get(reverse("diary:week")).content.decode()
    assert reverse("diary:absence") in cast.client("mother").get(reverse("diary:week")).content.decode()
