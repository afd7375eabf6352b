"""One table of a subject that a class learns in subgroups."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from letopis.register.access import courses_together
from letopis.register.models import Attendance, Lesson, Mark
from letopis.register.queries.whole_class import whole_class
from letopis.rules.names import match_key
from letopis.rules.policy.editions import NO_EDITIONS
from tests import factories as make
from tests.cast import TODAY

pytestmark = pytest.mark.django_db

AT = make.moment(TODAY, 10, 41)


def shown(cast, member="deputy", course=None):
    courses = courses_together(cast.actor(member), (course or cast.english_1).code)
    return whole_class(courses, term="2", today=TODAY, policies=NO_EDITIONS)


def lesson_of(course):
    return Lesson.objects.filter(course=course, on=TODAY).get()


def pupil_of(course):
    return course.group.memberships.order_by("pk").first().pupil


def test_all_pupils_of_both_groups_stand_in_one_list_with_their_groups(cast):
    page = shown(cast)

    names = [row.name for row in page.rows]
    groups = {course.group.name for course in (cast.english_1, cast.english_2)}
    of_both = cast.english_1.group.memberships.count() + cast.english_2.group.memberships.count()
    assert (names, {row.group for row in page.rows}, len(names)) == (sorted(names, key=match_key), groups, of_both)
    assert [row.number for row in page.rows] == list(range(1, len(names) + 1))


def test_lessons_at_the_same_time_share_a_column_and_each_pupil_has_his_own(cast):
    for course, value in ((cast.english_1, "5"), (cast.english_2, "3")):
        task = lesson_of(course).tasks.get()
        Mark.objects.create(organisation=cast.organisation, task=task, pupil=pupil_of(course), value=value, put_at=AT)
    Attendance.objects.create(
        organisation=cast.organisation, lesson=lesson_of(cast.english_2), pupil=pupil_of(cast.english_2),
        event="LATE", minutes=5, put_at=AT,
    )  # fmt: skip

    page = shown(cast)

    place = [column.on for column in page.columns].index(TODAY)
    cells = {row.looks[place].text: row for row in page.rows if row.looks[place].text}
    assert [column.on for column in page.columns].count(TODAY) == 1
    assert {text: (row.group, row.average) for text, row in cells.items()} == {
        "5": (cast.english_1.group.name, "5,00"),
        "3 о5": (cast.english_2.group.name, "3,00"),
    }


def test_a_teacher_of_one_group_sees_that_group_alone(cast):
    assert {row.group for row in shown(cast, "substitute").rows} == {cast.english_1.group.name}
    assert len({row.group for row in shown(cast, "class_teacher").rows}) == 2


def test_the_page_is_only_read_and_leads_to_each_group(cast):
    client = cast.client("deputy")
    url = reverse("register:whole_class", args=[cast.english_1.code])

    with CaptureQueriesContext(connection) as queries:
        text = client.get(url).content.decode()

    # session, user, the course, its kin, and six for each of the two groups.
    assert len(queries) == 16
    assert "data-editable" not in text
    for course in (cast.english_1, cast.english_2):
        assert reverse("register:grid", args=[course.code]) in text
    assert url in client.get(reverse("register:grid", args=[cast.english_1.code])).content.decode()
