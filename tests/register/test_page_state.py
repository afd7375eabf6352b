"""How a page of the register is kept."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from letopis.register.access import course_for
from letopis.register.models import Homework, Lesson, Mark, Task
from letopis.register.queries.page_state import page_state
from letopis.rules.policy.editions import NO_EDITIONS
from tests import factories as make
from tests.cast import TODAY

pytestmark = pytest.mark.django_db

AT = make.moment(TODAY, 14, 5)


def state_of(cast):
    return page_state(course_for(cast.actor("deputy"), cast.algebra.code), term="2", today=TODAY, policies=NO_EDITIONS)


def put(cast, pupil, lesson, value):
    Mark.objects.create(organisation=cast.organisation, task=lesson.tasks.get(), pupil=pupil, value=value, put_at=AT)


def test_pupils_with_few_marks_are_named(cast):
    one, two, symbol = cast.pupils[0], cast.pupils[1], cast.pupils[2]
    Task.objects.filter(lesson=cast.lessons[0]).update(components=2)
    put(cast, one, cast.lessons[0], "4/3")
    put(cast, two, cast.lessons[0], "4/3")
    put(cast, two, cast.lessons[1], "5")
    put(cast, symbol, cast.lessons[0], ".")

    state = state_of(cast)

    # A work with two marks counts once, a symbol never.
    assert len(state.with_one) == 1
    assert [few.marks for few in state.below] == [2]
    assert len(state.without_marks) == state.pupils - 2
    assert state.last_entry == AT


def test_lessons_passed_and_what_they_lack(cast):
    Lesson.objects.filter(pk=cast.lessons[0].pk).update(topic="Корни", attendance_taken_at=AT)
    Homework.objects.create(organisation=cast.organisation, lesson=cast.lessons[0], nothing_set=True)

    state = state_of(cast)

    passed = sum(lesson.on <= TODAY for lesson in cast.lessons)
    assert (state.passed, state.lessons) == (passed, len(cast.lessons))
    assert (state.without_topic, state.without_homework, state.without_attendance) == (passed - 1,) * 3


def test_a_lesson_entered_after_its_day_is_told_here_and_on_its_page(cast):
    lesson = cast.lessons[0]
    Lesson.objects.filter(pk=lesson.pk).update(held_at=make.moment(lesson.on + timedelta(days=2), 14, 5))
    Lesson.objects.filter(pk=cast.lessons[1].pk).update(held_at=make.moment(cast.lessons[1].on, 23, 59))
    client = cast.client("deputy")

    text = client.get(reverse("register:page_state", args=[cast.algebra.code])).content.decode()
    page = client.get(reverse("register:lesson", args=[lesson.code])).content.decode()

    said = f"внесено позже: {lesson.on + timedelta(days=2):%d.%m}, 14:05"
    assert [one.lesson.pk for one in state_of(cast).late] == [lesson.pk]
    assert (said in text, said in page) == (True, True)


def test_the_number_of_queries_does_not_grow(cast):
    actor = cast.actor("deputy")
    opened = course_for(actor, cast.algebra.code)
    with CaptureQueriesContext(connection) as few:
        page_state(opened, term="2", today=TODAY, policies=NO_EDITIONS)
    for number in range(5):
        make.join(cast.algebra.group, make.make_pupil(cast.organisation, f"Яковлев{number} Константин Викторович"))
    with CaptureQueriesContext(connection) as many:
        page_state(opened, term="2", today=TODAY, policies=NO_EDITIONS)

    assert len(few) == len(many) == 6
