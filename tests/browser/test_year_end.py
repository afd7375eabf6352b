"""The end of a year in a browser: the deputy sees the gaps and closes the year, the director opens it again."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from letopis.schooling.models import AcademicYear
from tests.browser.conftest import DARK, PHONE, WIDE, assert_accessible, assert_fits


@pytest.fixture
def address(cast, settings):
    settings.LETOPIS_TODAY = "2027-06-01"
    return reverse("control:close_year", args=[cast.year.code])


def test_a_deputy_closes_the_year_with_a_reason(open_as, cast, address):
    page = open_as("deputy", "/year/")
    page.get_by_role("link", name="Закрыть год").click()
    expect(page.get_by_role("link", name="8А · Алгебра")).to_be_visible()
    page.get_by_label("Причина").fill("Совет в августе")
    page.get_by_role("button", name="Закрыть год").click()

    expect(page.get_by_role("heading", name="Год закрыт")).to_be_visible()
    assert_accessible(page)
    assert AcademicYear.objects.get(pk=cast.year.pk).state == "CLOSED"


def test_the_director_opens_it_again_by_an_order(open_as, cast, address):
    AcademicYear.objects.filter(pk=cast.year.pk).update(state="CLOSED")
    page = open_as("director", address)
    assert_accessible(page)
    page.get_by_label("Номер и дата приказа").fill("№ 12-к от 01.06.2027")
    page.get_by_label("Причина").fill("Пересдача")
    page.get_by_role("button", name="Открыть год").click()

    expect(page.get_by_text("учебный год снова открыт")).to_be_visible()
    assert AcademicYear.objects.get(pk=cast.year.pk).state == "OPEN"


@pytest.mark.parametrize("options", [WIDE, PHONE, WIDE | DARK, PHONE | DARK], ids=["wide", "phone", "dark", "night"])
def test_the_page_of_gaps_fits_and_is_accessible(open_as, cast, address, options):
    page = open_as("deputy", address, **options)

    expect(page.get_by_role("heading", level=1)).to_have_text("Закрытие года")
    assert_accessible(page)
    assert_fits(page)
