"""Which columns and pupils of the grid are shown; the figures are those of the whole term all the same."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from letopis.register.access import course_for
from letopis.register.models import Attendance, Mark, Task
from letopis.register.queries.grid import grid
from letopis.register.queries.grid_filter import GridFilter
from letopis.rules.policy.editions import NO_EDITIONS
from tests import factories as make
from tests.cast import TODAY

pytestmark = pytest.mark.django_db

AT = make.moment(TODAY, 10, 41)


@pytest.fixture
def marked(cast):
    """A control work on the first lesson with a mark of Polina, an oral answer on the day."""
    for lesson, kind, value in ((cast.lessons[0], "КР", "3"), (cast.today_lesson, "УО", "5")):
        Task.objects.filter(lesson=lesson).update(kind=kind)
        Mark.objects.create(
            organisation=cast.organisation, task=lesson.tasks.get(), pupil=cast.polina, value=value, put_at=AT
        )
    return cast


def shown(cast, **query):
    return grid(
        course_for(cast.actor("teacher"), cast.algebra.code),
        only=GridFilter.of(query),
        today=TODAY,
        policies=NO_EDITIONS,
    )


def days(found):
    return [re.search(r'data-on="([0-9-]+)"', column.attributes)[1] for column in found.columns]


def test_one_month_one_kind_and_only_marked(marked):
    everything = days(shown(marked))

    assert days(shown(marked, month="2026-11")) == [day for day in everything if day.startswith("2026-11")]
    assert days(shown(marked, kind="КР")) == [str(marked.lessons[0].on)]
    assert days(shown(marked, marked="1")) == [str(marked.lessons[0].on), str(TODAY)]
    assert days(shown(marked, month="2026-13", kind="ЖЖ")) == []


def test_the_means_are_those_of_the_term_whatever_is_shown(marked):
    row = next(row for row in shown(marked, kind="КР").rows if row.pupil == marked.polina.code)

    # (3·3 + 5·1) : 4
    assert "3,50" in row.results


@pytest.mark.parametrize("wanted", ["ершова", "ЕРШ", "полина", "ершова п"])
def test_a_pupil_is_found_by_any_part_of_the_name_and_keeps_the_number(marked, wanted):
    everybody = {row.pupil: row.number for row in shown(marked).rows}

    (row,) = shown(marked, q=wanted).rows

    assert (row.pupil, row.number) == (marked.polina.code, everybody[marked.polina.code])


def test_an_absence_stays_in_the_first_column_where_only_the_second_is_shown(marked):
    Task.objects.create(organisation=marked.organisation, lesson=marked.today_lesson, position=2, kind="СР")
    Attendance.objects.create(
        organisation=marked.organisation, lesson=marked.today_lesson, pupil=marked.pupils[0], event="ABSENT", put_at=AT
    )

    row = next(row for row in shown(marked, kind="СР").rows if row.pupil == marked.pupils[0].code)

    # A save compares with what the cell shows: the second column never showed the absence.
    assert row.cells == '<td class="absent"></td>'


def test_the_page_keeps_the_choice_and_its_eight_queries(marked):
    client, url = marked.client("teacher"), reverse("register:grid", args=[marked.algebra.code])

    with CaptureQueriesContext(connection) as queries:
        text = client.get(url, {"month": "2026-11", "kind": "КР", "marked": "1", "q": "ерш"}).content.decode()

    assert len(queries) == 8
    assert "Показано: ноябрь · КР · с отметками · ерш" in text
    assert '<option value="2026-11" selected>ноябрь</option>' in text


def test_nothing_found_says_so_with_a_way_out(marked):
    url = reverse("register:grid", args=[marked.algebra.code])

    text = marked.client("teacher").get(url, {"q": "никого"}).content.decode()

    assert ("Ничего не нашлось" in text, "Показать всё" in text) == (True, True)
