"""Closing a year: what is missing, who closes it, and what becomes of its registers."""

import html
import re
from datetime import date

import pytest
from django.urls import reverse

from letopis.attestation.models import CouncilDecision, YearMark
from letopis.control.actions.year import close_year, reopen_year
from letopis.control.queries.year_end import gaps_of_year
from letopis.core.errors import Refused
from letopis.ledger.actions import object_name
from letopis.ledger.queries import history
from letopis.register.models import Lesson
from letopis.rules.policy import DEFAULT_POLICY
from letopis.schooling.models import AcademicYear
from tests import factories as make

SUMMER = date(2027, 6, 1)
AT = make.moment(SUMMER)
OFFICE = "Совет в августе"


@pytest.fixture
def summer(cast, settings):
    settings.LETOPIS_TODAY = SUMMER.isoformat()
    return cast


def close(cast, *, reason=OFFICE, member="deputy", today=SUMMER):
    return close_year(cast.year, reason=reason, by=cast.actor(member).author, at=make.moment(today), today=today)


def reopen(cast, *, reason="Пересдача", order="12-к"):
    return reopen_year(cast.year, reason=reason, order=order, by=cast.actor("director").author, at=AT)


def code_of(verb, *args, **options):
    with pytest.raises(Refused) as refusal:
        verb(*args, **options)
    return refusal.value.verdict.code


def text(response):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_what_is_missing_is_counted_by_class(cast):
    Lesson.objects.filter(pk__in=[lesson.pk for lesson in cast.lessons[:3]]).update(topic="Дроби")
    Lesson.objects.filter(pk=cast.lessons[0].pk).update(attendance_taken_at=AT)
    Lesson.objects.filter(pk=cast.lessons[-1].pk).update(state=Lesson.State.CANCELLED)
    organisation, polina = cast.organisation, cast.polina
    YearMark.objects.create(
        organisation=organisation, pupil=polina, subject=cast.algebra.subject, year=cast.year, value="5", put_at=AT
    )
    CouncilDecision.objects.create(
        organisation=organisation, pupil=polina, year=cast.year, decision="PROMOTED", protocol_number="9",
        protocol_on=SUMMER,
    )  # fmt: skip

    gaps = gaps_of_year(cast.year, today=SUMMER, policy=DEFAULT_POLICY)

    of_7a, of_8a = gaps.classes
    algebra = next(one for one in gaps.courses if one.code == cast.algebra.code)
    assert (algebra.topics, algebra.attendance) == (4, 6)
    assert [one.group for one in gaps.courses] == ["8А · 1 подгруппа", "8А · 2 подгруппа", "8А", "8А"]
    # Eight lessons of algebra, four of Russian and of each English group; one is cancelled.
    assert (of_8a.topics, of_8a.attendance) == (4 + 12, 6 + 12)
    # Six pupils with algebra, Russian and English in four quarters.
    assert (of_8a.missing.term_marks, of_8a.missing.year_marks, of_8a.missing.undecided) == (72, 17, 5)
    assert (of_7a.topics, of_7a.missing.term_marks, of_7a.missing.undecided) == (0, 0, 2)


def test_counting_costs_the_same_for_every_number_of_classes(cast, django_assert_num_queries):
    for letter in "БВГ":
        make.join(make.whole_class(make.make_class(cast.year, 7, letter)), make.make_pupil(cast.organisation, "Я Я Я"))

    with django_assert_num_queries(9):
        gaps_of_year(cast.year, today=SUMMER, policy=DEFAULT_POLICY)


@pytest.mark.parametrize(
    ("today", "reason", "code"),
    [(date(2027, 5, 26), OFFICE, "YEAR_GOES_ON"), (SUMMER, " ", "REASON_NEEDED")],
)
def test_closing_is_refused(cast, today, reason, code):
    assert code_of(close, cast, today=today, reason=reason) == code
    assert AcademicYear.objects.get(pk=cast.year.pk).state == "OPEN"


def test_closing_with_gaps_says_in_the_ledger_why_and_with_how_many(cast):
    assert close(cast).state == AcademicYear.State.CLOSED

    [change] = history([object_name(cast.year)])
    assert (change.verb, change.reason, change.before) == ("control.close_year", OFFICE, {"state": "OPEN"})
    assert change.after["state"] == "CLOSED"
    assert change.after["pupils_without_decision"] == 8


def test_closing_twice_is_harmless(cast):
    close(cast)

    close(cast, reason="")

    assert len(history([object_name(cast.year)])) == 1


def test_after_closing_marks_are_refused(cast):
    close(cast)
    cell = {"task": cast.today_lesson.tasks.get().code, "pupil": cast.polina.code, "seen": "", "text": "5"}

    response = cast.client("teacher").post(
        reverse("register:cells", args=[cast.algebra.code]), {"cells": [cell]}, content_type="application/json"
    )

    assert "YEAR_CLOSED" in response.content.decode()


def test_the_director_opens_a_closed_year_by_an_order(cast):
    close(cast)

    assert reopen(cast).state == AcademicYear.State.OPEN

    change = history([object_name(cast.year)])[0]
    assert (change.verb, change.reason) == ("control.reopen_year", "Пересдача")
    assert change.after == {"state": "OPEN", "order": "12-к"}


@pytest.mark.parametrize(
    ("state", "order", "code"), [("CLOSED", "", "ORDER_NEEDED"), ("ARCHIVED", "12-к", "YEAR_ARCHIVED")]
)
def test_opening_again_is_refused(cast, state, order, code):
    AcademicYear.objects.filter(pk=cast.year.pk).update(state=state)

    assert code_of(reopen, cast, order=order) == code


def test_the_page_names_gaps_with_links_and_closes_with_a_reason(summer):
    client, address = summer.client("deputy"), reverse("control:close_year", args=[summer.year.code])
    assert address in client.get(reverse("schooling:year")).content.decode()

    shown = client.get(address)
    refused = client.post(address, {"reason": ""})
    done = client.post(address, {"reason": OFFICE}, follow=True)

    assert reverse("attestation:statement", args=[summer.class_8a.code]) in shown.content.decode()
    assert reverse("register:topics", args=[summer.algebra.code]) in shown.content.decode()
    assert "напишите, почему год закрывается с ними" in text(refused)
    assert f"Хабибуллина Д. Т., Заместитель директора. Причина: {OFFICE}" in text(done)
    assert "Открыть год снова" not in text(done)


def test_before_the_last_term_ends_the_page_only_shows_what_is_missing(cast):
    page = text(cast.client("deputy").get(reverse("control:close_year", args=[cast.year.code])))

    assert "заканчивается 26.05.2027" in page
    assert "Не закрывать" not in page


def test_the_director_opens_the_year_again_on_its_page(summer):
    close(summer)
    client = summer.client("director")

    done = client.post(
        reverse("control:reopen_year", args=[summer.year.code]),
        {"reason": "Пересдача", "order": "12-к"},
        follow=True,
    )

    assert "учебный год снова открыт" in text(done)
    assert AcademicYear.objects.get(pk=summer.year.pk).state == "OPEN"
