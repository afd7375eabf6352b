"""The outbox: one notice for a matter, told anew when it changes, closed when nothing is left to say."""

from datetime import timedelta

import pytest
from django.urls import reverse

from letopis.notices import actions
from letopis.notices.actions import Message
from letopis.notices.mail import MOST_ATTEMPTS, send_waiting
from letopis.notices.models import Delivery, Notice
from tests import factories as make
from tests.cast import TODAY, Cast

AT = make.moment(TODAY)
LATER = AT + timedelta(hours=7)
NOTICES = reverse("notices:notices")


def message(title: str = "Просрочено: 2", text: str = "8А · Алгебра", email: str = "") -> Message:
    return Message(kind=Notice.Kind.DUTIES, key="duties", title=title, url="/day/", text=text, email=email)


def tell(cast: Cast, *members: str, at=AT, **said: str) -> int:
    return actions.notify_each(
        {cast.users[one].code: message(**said) for one in members}, organisation=cast.organisation.code, at=at
    )


def test_the_same_words_are_told_once_other_words_take_their_place(cast: Cast):
    assert [tell(cast, "teacher"), tell(cast, "teacher")] == [1, 0]
    actions.read(recipient=cast.users["teacher"].code, at=AT)
    assert tell(cast, "teacher", at=LATER) == 0
    assert Notice.objects.get().read_at == AT

    assert tell(cast, "teacher", title="Просрочено: 1", at=LATER) == 1
    row = Notice.objects.get()
    assert (row.title, row.created_at, row.read_at) == ("Просрочено: 1", LATER, None)


def test_a_notice_closes_for_those_who_have_nothing_left_and_comes_back(cast: Cast):
    tell(cast, "teacher", "substitute")
    kept = cast.users["substitute"].code
    closed = [
        actions.close(organisation=cast.organisation.code, key="duties", but=[kept], at=LATER) for _time in range(2)
    ]

    assert closed == [1, 0]
    assert [one.recipient for one in Notice.objects.standing()] == [kept]
    assert tell(cast, "teacher") == 1
    assert Notice.objects.standing().count() == 2


def test_the_number_of_queries_does_not_grow_with_recipients(cast: Cast, django_assert_num_queries):
    members = ("teacher", "substitute", "deputy", "director")
    tell(cast, *members)
    with django_assert_num_queries(3):  # the transaction's two, and one look
        tell(cast, *members)


def test_the_bell_counts_what_is_unread_and_costs_no_query(cast: Cast, django_assert_num_queries):
    client = cast.client("teacher")
    with django_assert_num_queries(4):
        assert b'class="count"' not in client.get(NOTICES).content
    tell(cast, "teacher")

    with django_assert_num_queries(4):
        assert '<span class="count">1' in client.get(NOTICES).content.decode()
    assert cast.actor("teacher").unread == 1


def test_a_person_opens_a_notice_and_it_is_read(cast: Cast):
    tell(cast, "teacher", "deputy")
    client, row = cast.client("teacher"), Notice.objects.get(recipient=cast.users["teacher"].code)
    answer = client.post(reverse("notices:read", args=[row.code]))

    assert (answer.status_code, answer["Location"]) == (302, "/day/")
    row.refresh_from_db()
    assert row.read_at is not None
    assert cast.actor("teacher").unread == 0
    assert cast.actor("deputy").unread == 1


def test_all_are_read_at_once_and_only_ones_own(cast: Cast):
    tell(cast, "teacher", "deputy")
    cast.client("teacher").post(reverse("notices:read_all"))

    assert list(Notice.objects.unread().values_list("recipient", flat=True)) == [cast.users["deputy"].code]


def test_a_notice_of_another_is_not_found(cast: Cast):
    tell(cast, "teacher")
    row = Notice.objects.get()

    assert cast.client("deputy").post(reverse("notices:read", args=[row.code])).status_code == 404


def test_the_page_says_when_there_is_nothing(cast: Cast):
    assert "Напоминать не о чем" in cast.client("mother").get(NOTICES).content.decode()


@pytest.fixture
def with_mail(settings):
    settings.LETOPIS_MAIL = "smtp://mail.school.example:587"
    settings.LETOPIS_SITE = "https://journal.school.example"


def test_a_letter_holds_the_title_and_the_link_and_goes_once(cast: Cast, with_mail, mailoutbox):
    tell(cast, "teacher", text="Ершова Полина", email="kopylova@school.example")

    assert [send_waiting(at=AT), send_waiting(at=LATER)] == [1, 0]
    [letter] = mailoutbox
    assert (letter.to, letter.subject) == (["kopylova@school.example"], "Летопись: Просрочено: 2")
    assert "https://journal.school.example/notices/" in letter.body
    assert "Ершова" not in letter.body
    assert Delivery.objects.get().sent_at == AT


def test_without_a_mail_server_or_an_address_nothing_waits(cast: Cast, settings):
    tell(cast, "teacher", email="kopylova@school.example")
    settings.LETOPIS_MAIL = "smtp://mail.school.example:587"
    tell(cast, "deputy")

    assert not Delivery.objects.exists()


def test_a_newer_telling_takes_the_place_of_a_letter_that_waits_and_closing_stops_it(cast: Cast, with_mail):
    tell(cast, "teacher", email="kopylova@school.example")
    tell(cast, "teacher", title="Просрочено: 3", email="kopylova@school.example")
    assert Delivery.objects.filter(next_at__isnull=False).count() == 1

    actions.close(organisation=cast.organisation.code, key="duties", at=AT)
    assert send_waiting(at=LATER) == 0


def test_a_letter_that_fails_waits_longer_each_time_and_is_given_up(cast: Cast, with_mail, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    tell(cast, "teacher", email="kopylova@school.example")
    at, rests = AT, []
    while (row := Delivery.objects.get()).next_at is not None:
        at = row.next_at
        assert send_waiting(at=at) == 0
        rests.append(((Delivery.objects.get().next_at or at) - at).total_seconds() / 60)

    assert rests == [5, 10, 20, 40, 80, 0]
    assert (row.attempts, row.sent_at) == (MOST_ATTEMPTS, None)
    assert row.error.endswith("Error")
