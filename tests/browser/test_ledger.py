"""Authenticity of entries in a real browser: sign the log, carry the checkpoint away, check it."""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from letopis.ledger.actions import record_all
from letopis.ledger.models import Checkpoint
from tests.browser.conftest import DARK, PHONE, OpenAs, assert_accessible, assert_fits
from tests.ledger.logs import facts


@pytest.fixture(autouse=True)
def _a_key_of_its_own(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def test_a_director_signs_the_log_and_carries_the_checkpoint_away(cast, open_as: OpenAs):
    with transaction.atomic():
        record_all(facts(3, cast.organisation.code))
    page = open_as("director", "/ledger/")
    expect(page.get_by_text("Контрольных отметок ещё нет")).to_be_visible()

    page.get_by_role("button", name="Поставить контрольную отметку").click()
    expect(page.get_by_text("Контрольная отметка стоит на")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать").click()

    row = Checkpoint.objects.get()
    assert download.value.path().read_text() == row.note
    assert_accessible(page)
    page.get_by_role("button", name="Проверить сейчас").click()
    expect(page.get_by_text("Проверка началась")).to_be_visible()
    expect(page.get_by_role("button", name="Проверить сейчас")).to_be_disabled()


def test_a_phone_shows_the_log_and_the_report_of_events(cast, open_as: OpenAs):
    with transaction.atomic():
        record_all(facts(3, cast.organisation.code))
    page = open_as("deputy", "/ledger/", **PHONE, **DARK)
    page.get_by_role("button", name="Поставить контрольную отметку").click()
    expect(page.get_by_text("Контрольная отметка стоит на")).to_be_visible()
    assert_fits(page)
    assert_accessible(page)

    page.get_by_role("link", name="Кто и что изменял").click()
    expect(page.get_by_text("register.Mark:2")).to_be_visible()
    assert_fits(page)
    assert_accessible(page)
