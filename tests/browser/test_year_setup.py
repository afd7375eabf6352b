"""The beginning of a year in a browser: readiness, a changed day of the timetable, the look through a class list."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from letopis.register.actions.lessons import generate_lessons
from letopis.schooling.models import Room, RosterCheck, SetupSection, TimetableEdition
from tests import factories as make
from tests.browser.conftest import DARK, PHONE, WIDE, assert_accessible, assert_fits
from tests.cast import TODAY


def test_a_deputy_names_who_answers_and_confirms_a_section(open_as, cast):
    Room.objects.create(organisation=cast.organisation, name="404")
    page = open_as("deputy", "/year/")
    page.get_by_role("link", name="Готовность").click()
    page.get_by_label("Кто отвечает за раздел Кабинеты").select_option(label="Орлова Т. П.")
    page.get_by_role("button", name="Назначить Кабинеты").click()
    expect(page.get_by_text("Ответственный записан.")).to_be_visible()
    page.get_by_role("button", name="Готов Кабинеты").click()

    expect(page.get_by_text("Готовность раздела записана.")).to_be_visible()
    row = SetupSection.objects.get(section="ROOMS")
    assert row.confirmed_at is not None
    assert row.responsible == cast.substitute


def test_a_deputy_changes_a_day_of_a_class_after_seeing_what_it_does(open_as, cast):
    generate_lessons(cast.year, by=cast.actor("deputy").author, at=make.moment(TODAY))
    page = open_as("deputy", reverse("schooling:timetable") + f"?class={cast.class_8a.code}")
    page.get_by_role("link", name="Изменить").click()
    page.get_by_label("Предмет 7-го урока").first.select_option(label="Алгебра — Копылова М. А.")
    page.get_by_role("button", name="Что изменится").click()
    expect(page.get_by_role("heading", name="Что изменится в журналах")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Изменить расписание").click()

    expect(page.get_by_text("Расписание изменено.")).to_be_visible()
    assert TimetableEdition.objects.filter(starts_on__gt=TODAY).count() == 1


def test_a_class_teacher_says_that_the_list_is_true(open_as, cast):
    page = open_as("class_teacher", reverse("schooling:school_class", args=[cast.class_8a.code]))
    page.get_by_role("button", name="Список проверен").click()

    expect(page.get_by_text("Проверка списка записана.")).to_be_visible()
    assert_accessible(page)
    assert RosterCheck.objects.get().checked_on == TODAY


@pytest.mark.parametrize("options", [WIDE, PHONE | DARK], ids=["wide", "night"])
def test_the_pages_fit_and_are_accessible(open_as, cast, options):
    page = open_as("deputy", reverse("control:setup"), **options)
    for address in ("control:setup", "control:editions", "control:change_timetable", "schooling:classes"):
        page.goto(reverse(address))
        assert_accessible(page)
        assert_fits(page)
    parent = open_as("mother", reverse("diary:teachers"), **options)
    assert_accessible(parent)
    assert_fits(parent)
