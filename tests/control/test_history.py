"""The history panel that a page offers: what stands on it, for whoever sees the page."""

import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from django.core import signing
from django.urls import reverse

import letopis
from letopis.control.queries.history import SCOPES, history_of
from letopis.ledger.templatetags.ledger import SALT
from letopis.ledger.words import VERBS
from letopis.schooling.actions.calendar import change_break
from letopis.schooling.models import Break
from tests.cast import TODAY, Cast
from tests.factories import moment

NO_VERBS = {
    "archive.archive_year", "archive.build", "archive.verify", "control.archive_year", "exchange.import",
    "ledger.history", "ledger.triggers",
}  # fmt: skip
"""Kinds of jobs and signals: spelled like a verb, recorded nowhere."""

NO_SOURCES = ("words.py", "jobs.py", "apps.py")

LINK = re.compile(r'href="([^"]*/history/\?of=[^"]+)"')


def link_of(cast: Cast, who: str, url: str) -> str:
    page = cast.client(who).get(url).content.decode()
    found = LINK.search(page)
    assert found, url
    return unescape(found.group(1))


@pytest.fixture
def moved_break(cast: Cast) -> Break:
    row = Break.objects.filter(year=cast.year).order_by("starts_on").first()
    assert row is not None
    author = cast.actor("deputy").author
    change_break(row, starts_on=row.starts_on, ends_on=date(2026, 11, 3), by=author, at=moment(TODAY))
    return row


def test_the_page_of_the_year_tells_who_moved_a_break(cast: Cast, moved_break: Break):
    page = cast.client("deputy").get(link_of(cast, "deputy", reverse("schooling:year"))).content.decode()

    assert "изменение каникул" in page
    assert "03.11" in page


def test_a_fragment_answers_htmx(cast: Cast, moved_break: Break):
    url = link_of(cast, "deputy", reverse("schooling:year"))
    fragment = cast.client("deputy").get(url, headers={"hx-request": "true"}).content.decode()

    assert "изменение каникул" in fragment
    assert "<html" not in fragment


def test_a_link_is_of_use_to_nobody_else(cast: Cast, moved_break: Break):
    url = link_of(cast, "deputy", reverse("schooling:year"))

    assert cast.client("director").get(url).status_code == 404


def test_families_get_no_history_even_with_a_token(cast: Cast):
    token = signing.dumps([cast.actor("mother").user_id, "year", [cast.year.pk]], salt=SALT)

    assert cast.client("mother").get(reverse("control:history"), {"of": token}).status_code == 404


@pytest.mark.parametrize("token", ["", "мусор", "W10:1a:b"])
def test_garbage_is_no_token(cast: Cast, token: str):
    assert cast.client("deputy").get(reverse("control:history"), {"of": token}).status_code == 404


def test_each_scope_asks_a_fixed_number_of_queries(cast: Cast, django_assert_max_num_queries):
    for scope, rows in SCOPES.items():
        count = rows.__code__.co_argcount
        with django_assert_max_num_queries(10):
            assert isinstance(history_of(scope, [cast.year.pk] * count), list)


def test_every_recorded_verb_has_a_title_and_no_other():
    apps = "accounts|org|people|schooling|register|attestation|archive|exchange|control|ledger|notices"
    said = re.compile(rf'"((?:{apps})\.[a-z_]+)"')
    sources = [
        path
        for path in Path(letopis.__file__).parent.rglob("*.py")
        if path.name not in ("words.py", "jobs.py", "apps.py")
    ]
    texts = [path.read_text("utf-8") for path in sources if path.parent.name != "migrations"]
    recorded = {verb for text in texts for verb in said.findall(text)} - NO_VERBS

    assert sorted(recorded - set(VERBS)) == []
    assert sorted(set(VERBS) - recorded) == []
