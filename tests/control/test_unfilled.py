"""Lessons gone by that nobody has filled: by teacher and class, with filters (REG-004)."""

from datetime import date

from django.urls import reverse

from letopis.register.models import Homework, Lesson
from tests.cast import TODAY, Cast
from tests.factories import moment

PAGE = reverse("control:unfilled")
FIRST_WEEK = "first=2026-11-02&last=2026-11-08"


def shown(cast: Cast, query: str = "") -> dict[str, tuple[tuple[str, int], ...]]:
    found = cast.client("deputy").get(f"{PAGE}?{query}").context["found"]
    return {one.teacher: one.classes for one in found.teachers}


def test_counts_what_each_teacher_has_not_filled_by_class(cast: Cast):
    assert shown(cast, FIRST_WEEK) == {
        "Зайцева А. А.": (("8А", 1), ("8А · 2 подгруппа", 1)),
        "Копылова М. А.": (("8А", 2),),
        "Орлова Т. П.": (("8А · 1 подгруппа", 1),),
    }


def test_a_held_and_a_cancelled_lesson_do_not_wait(cast: Cast):
    Lesson.objects.filter(pk=cast.lessons[0].pk).update(state="HELD")
    Lesson.objects.filter(pk=cast.lessons[1].pk).update(state="CANCELLED")

    assert "Копылова М. А." not in shown(cast, FIRST_WEEK)


def test_one_filled_in_part_waits_only_when_asked_for(cast: Cast):
    Lesson.objects.filter(course=cast.algebra).update(state="HELD", topic="Корни", attendance_taken_at=moment(TODAY))
    Homework.objects.create(organisation=cast.organisation, lesson=cast.lessons[0], nothing_set=True)

    assert "Копылова М. А." not in shown(cast, FIRST_WEEK)
    assert shown(cast, f"{FIRST_WEEK}&partial=on")["Копылова М. А."] == (("8А", 1),)


def test_filters_by_teacher_and_class(cast: Cast):
    assert list(shown(cast, f"{FIRST_WEEK}&teacher={cast.substitute.code}")) == ["Орлова Т. П."]
    assert shown(cast, f"{FIRST_WEEK}&class={cast.class_7a.code}") == {}
    assert len(shown(cast, f"{FIRST_WEEK}&class=rubbish")) == 3


def test_today_and_tomorrow_are_not_late(cast: Cast):
    page = cast.client("deputy").get(f"{PAGE}?first=2026-11-16&last=2026-12-31")

    assert page.context["filters"].last == date(2026, 11, 15)


def test_the_number_of_queries_does_not_grow(cast: Cast, django_assert_max_num_queries):
    client = cast.client("deputy")
    with django_assert_max_num_queries(7) as day:
        client.get(f"{PAGE}?first=2026-11-02&last=2026-11-02")
    with django_assert_max_num_queries(len(day)):
        client.get(f"{PAGE}?first=2026-09-01&last=2026-11-15")
