"""Garbage in an address or in a form is answered with a page, at every address, by who may do most there."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from tests.cast import Cast
from tests.house.test_addresses import ROWS

NAMES = [
    "after",
    "as",
    "at",
    "back",
    "before",
    "by",
    "class",
    "classes",
    "code",
    "column",
    "components",
    "course",
    "date",
    "day",
    "due",
    "due-other",
    "ends_on",
    "everyone",
    "file",
    "first",
    "form",
    "format",
    "from",
    "grade",
    "group",
    "groups",
    "hours",
    "kind",
    "last",
    "lesson",
    "lessons",
    "level",
    "month",
    "name",
    "new",
    "next",
    "number",
    "on",
    "only",
    "order",
    "page",
    "part",
    "period",
    "pupil",
    "pupils",
    "q",
    "reason",
    "responsible",
    "room",
    "seen",
    "section",
    "severity",
    "sheet",
    "starts_on",
    "state",
    "step",
    "subject",
    "subjects",
    "task",
    "tasks",
    "teacher",
    "teachers",
    "term",
    "text",
    "title",
    "to",
    "to_class",
    "topic",
    "until",
    "value",
    "values",
    "week",
    "weekday",
    "weekdays",
    "weekly_hours",
    "weight",
    "without",
    "year",
]
ASKED = ("abc", "9" * 5000, "0001-01-01", "9999-12-31", "00000000-0000-4000-8000-000000000000")
SENT = ("abc", "9" * 5000)
MEMBERS = ("deputy", "class_teacher", "teacher", "mother", "pupil", "director", "administrator", "clerk", "archivist")


@pytest.mark.parametrize("name", sorted(ROWS))
def test_garbage_is_answered(name: str, cast: Cast):
    row = ROWS[name]
    client = cast.client(next((one for one in MEMBERS if one in row.sees), "teacher"))
    url = reverse(name, kwargs=row.arguments(cast))

    # What is raised in a view comes out of the client.
    asked = [client.get(f"{url}?{urlencode(dict.fromkeys(NAMES, value))}") for value in ASKED]
    sent = [client.post(url, dict.fromkeys(NAMES, value)) for value in SENT]

    for response in (*asked, *sent):
        list(response)  # a file that is sent is closed after its last byte
        assert response.status_code < 500


def test_an_address_with_a_nul_is_no_address(cast: Cast):
    client = cast.client("deputy")

    assert client.get(reverse("control:groups") + "?q=%00").status_code == 400
    assert client.post("/setup/%00/confirm/").status_code == 400
