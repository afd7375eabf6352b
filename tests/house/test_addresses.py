"""The access matrix: every address with every member of the cast; an address without a row fails."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from letopis.exchange.models import ImportRun
from tests.cast import MEMBERS, TODAY, Cast
from tests.factories import moment

OFFICE = {"deputy", "director", "clerk", "archivist", "administrator"}
EMPLOYEES = {"teacher", "substitute", "class_teacher", *OFFICE}
EVERYONE = set(MEMBERS)


@dataclass(frozen=True)
class Row:
    """Who gets what at an address: 2xx/3xx for `sees`, 403 for `forbidden`, 404 for everybody else.

    arguments: of the address, from the cast. data: of a POST.
    """

    sees: set[str]
    forbidden: set[str] = field(default_factory=set)
    arguments: Callable[[Cast], dict[str, Any]] = lambda cast: {}
    query: str = ""
    method: str = "get"
    data: Callable[[Cast], Any] = lambda cast: {}
    content_type: str = ""
    anonymous: bool = False


def import_run(cast: Cast) -> dict[str, Any]:
    run = ImportRun.objects.create(
        organisation=cast.organisation,
        file_name="school.xlsx",
        digest="0",
        state=ImportRun.State.REFUSED,
        report={"sheets": {}, "problems": [], "conflicts": [], "vanished": [], "ignored": []},
        uploaded_at=moment(TODAY),
        uploaded_by="Березина Т. Е.",
    )
    return {"code": run.code}


IMPORTERS = {"administrator", "clerk", "director"}

ROWS: dict[str, Row] = {
    "exchange:imports": Row(IMPORTERS),
    "exchange:import_run": Row(IMPORTERS, arguments=import_run),
    "exchange:confirm": Row(IMPORTERS, arguments=import_run, method="post"),
    "home": Row(EVERYONE),
    "set_language": Row(EVERYONE, method="post", data=lambda cast: {"language": "ru"}, anonymous=True),
    "accounts:sign_in": Row(EVERYONE, anonymous=True),
    "accounts:sign_out": Row(EVERYONE, method="post"),
}


def addresses(resolver: URLResolver | None = None, namespace: str = "") -> list[str]:
    """Return the names of all addresses, with their namespaces."""
    names = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            names.append(f"{namespace}{pattern.name}")
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            names.extend(addresses(pattern, inner))
    return names


def answer(client: Client, row: Row, name: str, cast: Cast) -> int:
    url = reverse(name, kwargs=row.arguments(cast)) + row.query
    options = {"content_type": row.content_type} if row.content_type else {}
    return getattr(client, row.method)(url, row.data(cast), **options).status_code


def test_every_address_has_a_row():
    assert sorted(set(addresses()) - set(ROWS)) == []


def test_every_row_has_an_address():
    assert sorted(set(ROWS) - set(addresses())) == []


@pytest.mark.parametrize("name", sorted(ROWS))
def test_each_member_gets_what_the_row_says(name: str, cast: Cast):
    row = ROWS[name]
    expected = {
        member: "sees" if member in row.sees else "forbidden" if member in row.forbidden else "invisible"
        for member in MEMBERS
    }

    found = {}
    for member in MEMBERS:
        status = answer(cast.client(member), row, name, cast)
        found[member] = {403: "forbidden", 404: "invisible"}.get(status, "sees" if status < 400 else status)

    assert found == expected


@pytest.mark.parametrize("name", sorted(ROWS))
def test_without_signing_in_every_address_but_the_door_leads_to_the_door(name: str, cast: Cast):
    row = ROWS[name]
    client = Client()
    url = reverse(name, kwargs=row.arguments(cast)) + row.query

    response = getattr(client, row.method)(url, row.data(cast))

    if row.anonymous:
        assert response.status_code < 400
    else:
        assert (response.status_code, response.url.split("?")[0]) == (302, reverse("accounts:sign_in"))
