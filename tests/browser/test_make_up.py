"""A missed lesson made up for, a mark put off, a statement from another school: by hand in a browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from letopis.register.models import Attendance, Mark, OutsideStatement, TermMark
from tests import factories as make
from tests.browser.conftest import DARK, PHONE, WIDE, assert_accessible, assert_fits
from tests.cast import TODAY, Cast


@pytest.fixture
def missed(cast: Cast):
    lesson = cast.lessons[0]
    Attendance.objects.create(
        organisation=cast.organisation, lesson=lesson, pupil=cast.polina, event="ABSENT", reason="ILL",
        put_at=make.moment(TODAY),
    )  # fmt: skip
    return lesson


def test_a_teacher_writes_a_protocol_and_takes_it_back(open_as, cast, missed):
    page = open_as("teacher", reverse("register:grid", args=[cast.algebra.code]))
    page.get_by_role("link", name="Восполнение").click()
    page.get_by_role("link", name="Протокол Ершова Полина").click()
    page.get_by_label("Тема").fill("Свойства корней")
    page.locator("[name=value]").fill("4")
    assert_accessible(page)
    page.get_by_role("button", name="Записать протокол").click()
    expect(page.get_by_text("Протокол записан.")).to_be_visible()
    assert Mark.objects.get().value == "4"
    assert_accessible(page)

    page.get_by_text("Отозвать").first.click()
    page.get_by_label("Почему").fill("Не тот урок")
    page.get_by_role("button", name="Отозвать").click()
    expect(page.get_by_text("Протокол отозван.")).to_be_visible()
    assert Mark.objects.get().value == ""


def test_a_teacher_says_until_when_a_mark_is_put_off(open_as, cast):
    TermMark.objects.create(
        organisation=cast.organisation, pupil=cast.polina, subject=cast.algebra.subject, term=cast.term,
        value="POSTPONED", put_at=make.moment(TODAY),
    )  # fmt: skip
    page = open_as("teacher", reverse("register:term_marks", args=[cast.algebra.code]) + f"?term={cast.term.number}")
    section = page.get_by_role("region", name="Отложенная аттестация")
    section.get_by_label("до").fill("2027-01-20")
    section.get_by_label("почему").fill("Болезнь")
    section.get_by_role("button", name="Записать срок").click()

    expect(page.get_by_text("Срок отложенной аттестации записан.")).to_be_visible()
    assert TermMark.objects.get().postponed_reason == "Болезнь"


def test_a_class_teacher_enters_a_statement_of_another_school(open_as, cast):
    page = open_as("class_teacher", reverse("register:outside", args=[cast.class_8a.code, cast.polina.code]))
    page.get_by_label("Какая школа выдала").fill("МБОУ «Гимназия № 2»")
    page.get_by_label("Алгебра, 2 четверть: отметки").fill("5 4 4")
    page.get_by_role("button", name="Внести ведомость").click()

    expect(page.get_by_text("Ведомость внесена.")).to_be_visible()
    assert_accessible(page)
    assert OutsideStatement.objects.get().school == "МБОУ «Гимназия № 2»"


@pytest.mark.parametrize("options", [WIDE | DARK, PHONE], ids=["dark", "phone"])
def test_the_pages_fit_and_are_accessible(open_as, cast, missed, options):
    page = open_as("class_teacher", reverse("register:outside", args=[cast.class_8a.code, cast.polina.code]), **options)
    assert_accessible(page)
    assert_fits(page)
    other = open_as("teacher", reverse("register:make_ups", args=[cast.algebra.code]), **options)
    assert_accessible(other)
    assert_fits(other)
    other.goto(reverse("register:postponed"))
    assert_accessible(other)
