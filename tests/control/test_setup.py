"""Readiness of the set-up of a year: gaps, who answers, who is late (ORG-B017)."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from letopis.control.actions import setup as actions
from letopis.control.queries.setup import setup_page
from letopis.core.errors import Refused
from letopis.ledger.models import Entry
from letopis.rules.policy import DEFAULT_POLICY
from letopis.schooling.models import Room, SchoolClass, SetupSection
from tests import factories as make
from tests.cast import TODAY, Cast

IN_TIME = date(2026, 9, 3)


def line(cast: Cast, code: str, *, today: date = TODAY):
    page = setup_page(cast.year, today=today, policy=DEFAULT_POLICY)
    return next(line for line in page.lines if line.section.code == code)


def confirm(cast: Cast, code: str, *, today: date = TODAY, who: str = "deputy") -> SetupSection:
    return actions.confirm_section(cast.actor(who), cast.year, section=code, today=today, at=make.moment(today))


def test_a_section_without_gaps_waits_for_the_word_of_who_answers(cast: Cast):
    Room.objects.create(organisation=cast.organisation, name="404")
    before = line(cast, "ROOMS", today=IN_TIME)
    confirm(cast, "ROOMS", today=IN_TIME)
    after = line(cast, "ROOMS", today=IN_TIME)

    assert (before.readiness.state, after.readiness.state) == ("TO_CONFIRM", "READY")
    assert not after.readiness.is_late
    assert after.confirmed_by.pk == cast.actor("deputy").employee_id


def test_after_the_last_day_an_open_section_is_late_and_so_is_a_late_word(cast: Cast):
    Room.objects.create(organisation=cast.organisation, name="404")
    assert line(cast, "ROOMS").late_sentence == "срок 05.09.2026 прошёл 72 дня назад"

    confirm(cast, "ROOMS")

    assert line(cast, "ROOMS").readiness.is_late
    assert line(cast, "ROOMS").late_sentence == ""


def test_a_gap_keeps_the_section_open_whatever_was_confirmed(cast: Cast):
    found = line(cast, "THEMATIC_PLANS")

    assert found.readiness.state == "GAPS"
    with pytest.raises(Refused) as refusal:
        confirm(cast, "THEMATIC_PLANS")
    assert refusal.value.verdict.code == "GAPS"


def test_the_word_is_recorded_once_and_can_be_taken_back(cast: Cast):
    Room.objects.create(organisation=cast.organisation, name="404")
    row = confirm(cast, "ROOMS")
    confirm(cast, "ROOMS")
    verbs = list(Entry.objects.filter(verb__startswith="control.").values_list("verb", flat=True))
    assert verbs == ["control.confirm_setup_section"]

    actions.withdraw_section(cast.actor("deputy"), cast.year, section="ROOMS", at=make.moment(TODAY))

    row.refresh_from_db()
    assert row.confirmed_at is None
    assert line(cast, "ROOMS").readiness.state == "TO_CONFIRM"


def test_who_answers_sees_the_page_and_confirms_his_section_only(cast: Cast):
    Room.objects.create(organisation=cast.organisation, name="404")
    teacher = cast.actor("teacher").employee_id
    SetupSection.objects.create(organisation=cast.organisation, year=cast.year, section="ROOMS", responsible_id=teacher)
    client = cast.client("teacher")

    assert client.get(reverse("control:setup")).status_code == 200
    assert client.post(reverse("control:confirm_section", args=["ROOMS"])).status_code == 302
    assert client.post(reverse("control:confirm_section", args=["CLASSES"])).status_code == 403
    assert SetupSection.objects.get(section="ROOMS").confirmed_by_id == teacher


def test_the_page_names_who_is_late(cast: Cast):
    client = cast.client("director")
    code = cast.users["teacher"].person.employee.code
    client.post(reverse("control:assign_section", args=["TIMETABLE"]), {"responsible": str(code)})

    text = client.get(reverse("control:setup"), {"only": "late"}).content.decode()

    assert "Опаздывают" in text
    assert "прошёл 72 дня назад" in text
    assert SetupSection.objects.get(section="TIMETABLE").responsible.code == code


@pytest.mark.parametrize("login", ["director", "deputy", "administrator", "teacher"])
def test_every_link_of_the_page_opens_for_who_sees_it(cast: Cast, login: str):
    teacher = cast.actor("teacher").employee_id
    SetupSection.objects.create(organisation=cast.organisation, year=cast.year, section="ROOMS", responsible_id=teacher)
    client = cast.client(login)

    page = client.get(reverse("control:setup")).content.decode()

    links = {
        unescape(link) for link in re.findall(r'<a href="(/[^"]+)"', page.split("<tbody>")[1].split("</tbody>")[0])
    }
    assert links
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_an_unknown_section_is_refused(cast: Cast):
    response = cast.client("deputy").post(reverse("control:confirm_section", args=["ROOF"]), follow=True)

    assert "Такого раздела настройки нет" in response.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_school(cast: Cast, django_assert_max_num_queries):
    for letter in "БВГД":
        SchoolClass.objects.create(organisation=cast.organisation, year=cast.year, grade=8, letter=letter)
    with django_assert_max_num_queries(32):
        setup_page(cast.year, today=TODAY, policy=DEFAULT_POLICY)
