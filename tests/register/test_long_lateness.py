"""A long lateness is a missed lesson where the school says so, on pages and in print alike."""

from datetime import date
from typing import Any

import pytest

from letopis.org.queries import policies
from letopis.register.models import Attendance, Lesson
from letopis.register.prints import class_register
from letopis.register.queries.absence_totals import CLASS, totals_of
from tests.cast import TODAY, Cast
from tests.factories import moment
from tests.policy import adopt

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 11, 6)


def late(cast: Cast, minutes: int | None) -> None:
    Attendance.objects.create(
        organisation=cast.organisation,
        lesson=Lesson.objects.get(course=cast.algebra, on=FRIDAY),
        pupil=cast.polina,
        event="LATE",
        minutes=minutes,
        put_at=moment(TODAY),
    )


def missed(cast: Cast) -> tuple[int, int, int]:
    found = totals_of([cast.class_8a], by=CLASS, first=FRIDAY, last=FRIDAY, policies=policies(cast.organisation)).whole
    return found.days, found.lessons, found.late


@pytest.mark.parametrize(
    ("stated", "minutes", "expected"),
    [
        ({}, 40, (0, 0, 1)),
        ({"missed_lesson_minutes": 23}, 22, (0, 0, 1)),
        ({"missed_lesson_minutes": 23}, 23, (1, 1, 0)),
        ({"missed_lesson_minutes": 23}, None, (0, 0, 1)),
    ],
)
def test_totals_count_a_long_lateness_as_the_school_says(
    cast: Cast, stated: dict[str, Any], minutes: int | None, expected: tuple[int, int, int]
) -> None:
    adopt(cast.organisation, **stated)
    late(cast, minutes)

    assert missed(cast) == expected


@pytest.mark.parametrize(("minutes", "cells"), [(22, ["", "", "1"]), (30, ["1", "1", ""])])
def test_the_printed_register_counts_it_too(cast: Cast, minutes: int, cells: list[str]) -> None:
    adopt(cast.organisation, missed_lesson_minutes=23)
    late(cast, minutes)

    printed = class_register(cast.class_8a, on=TODAY, policies=policies(cast.organisation))

    attendance = printed["attendance"]
    width = len(attendance["measures"])
    number = next(row["number"] for row in printed["pupils"] if row["name"].startswith(cast.polina.person.last_name))
    row = next(row["cells"] for row in attendance["rows"] if row["number"] == number)
    assert [row[-width:][place] for place in (0, 1, width - 1)] == cells
