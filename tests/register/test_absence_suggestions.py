"""Who is probably not at the lesson: suggested on its page, counted only when the teacher confirms."""

import pytest
from django.urls import reverse

from letopis.register.models import Attendance, Lesson
from letopis.register.queries.absence_suggestions import suggestions_for
from tests.cast import TODAY, Cast
from tests.register.test_absence_reasons import AT, absent, notice, paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def third(cast) -> Lesson:
    """Russian, the third lesson of today; algebra is the second."""
    return Lesson.objects.get(course=cast.russian, on=TODAY)


def suggested(cast: Cast, lesson: Lesson):
    found = suggestions_for(lesson, [pupil.pk for pupil in cast.pupils])
    return {pupil: one.why for pupil, one in found.items()}


def test_who_was_absent_an_hour_ago_is_suggested(cast, third):
    absent(cast, cast.polina, cast.today_lesson)
    absent(cast, cast.pupils[0], cast.today_lesson, event="LATE")

    assert suggested(cast, third) == {cast.polina.pk: "EARLIER"}
    assert suggested(cast, cast.today_lesson) == {}


def test_a_paper_and_a_notice_are_suggested_unless_the_pupil_came_an_hour_ago(cast, third):
    paper(cast, cast.pupils[0])
    paper(cast, cast.pupils[1])
    notice(cast)
    absent(cast, cast.pupils[1], cast.today_lesson, event="LATE")

    assert suggested(cast, third) == {cast.pupils[0].pk: "PAPER", cast.polina.pk: "NOTICE"}


def test_who_has_an_event_at_this_very_lesson_is_no_question(cast, third):
    absent(cast, cast.polina, cast.today_lesson, third)

    assert suggested(cast, third) == {}


def test_one_query(cast, third, django_assert_num_queries):
    with django_assert_num_queries(1):
        suggestions_for(third, [pupil.pk for pupil in cast.pupils])


def test_the_lesson_page_shows_them_in_grey_and_one_press_confirms_all(cast, third):
    absent(cast, cast.polina, cast.today_lesson)
    client, url = cast.client("class_teacher"), reverse("register:lesson", args=[third.code])

    page = client.get(url).content.decode()
    assert "не было на 2-м уроке" in page
    assert "Подтвердить н?: 1" in page
    assert Attendance.objects.filter(lesson=third).count() == 0

    data = {f"event-{pupil.code}": "PRESENT" for pupil in cast.pupils} | {
        f"seen-event-{pupil.code}": "PRESENT" for pupil in cast.pupils
    }
    client.post(url, data | {"intent": "confirm_suggested", "suggested": [str(cast.polina.code)]})

    assert list(Attendance.objects.filter(lesson=third).values_list("pupil", "event")) == [(cast.polina.pk, "ABSENT")]
    assert "Подтвердить н?" not in client.get(url).content.decode()


def test_a_saved_lesson_confirms_nothing_by_itself(cast, third):
    absent(cast, cast.polina, cast.today_lesson)
    client, url = cast.client("class_teacher"), reverse("register:lesson", args=[third.code])
    data = {f"event-{cast.polina.code}": "PRESENT", f"seen-event-{cast.polina.code}": "PRESENT"}

    client.post(
        url, data | {"intent": "save", "suggested": [str(cast.polina.code)], "topic": "Наречие", "seen-topic": ""}
    )

    assert Attendance.objects.filter(lesson=third).count() == 0


def test_a_lesson_whose_attendance_was_taken_asks_no_more(cast, third):
    absent(cast, cast.polina, cast.today_lesson)
    Lesson.objects.filter(pk=third.pk).update(attendance_taken_at=AT)

    page = cast.client("class_teacher").get(reverse("register:lesson", args=[third.code])).content.decode()

    assert "Подтвердить" not in page
