"""Where a substitution shows besides its own pages: the grid, the topics, the printed register."""

from datetime import date

from django.urls import reverse

from letopis.register.actions import substitutions as verbs
from letopis.register.models import Lesson
from letopis.register.prints import course_register
from letopis.rules.policy.editions import NO_EDITIONS
from letopis.schooling.models import Course
from tests import factories as make
from tests.cast import TODAY, Cast

AT = make.moment(TODAY)
SIGN = '<sup class="changed-lesson">з</sup>'


def arrange(cast: Cast) -> None:
    verbs.substitute(cast.actor("deputy"), cast.today_lesson, acting=cast.substitute, reason="Болезнь", at=AT)


def test_the_grid_marks_the_day_and_only_that(cast: Cast):
    address = reverse("register:grid", args=[cast.algebra.code])
    assert SIGN not in cast.client("teacher").get(address).content.decode()

    arrange(cast)

    page = cast.client("teacher").get(address).content.decode()
    assert page.count(SIGN) == 1
    assert f"{TODAY.day}{SIGN}" in page
    assert "замена или перенос" in page


def test_the_topics_say_who_gave_it(cast: Cast):
    arrange(cast)

    page = cast.client("teacher").get(reverse("register:topics", args=[cast.algebra.code])).content.decode()

    assert page.count("замена или перенос: Орлова Т. П.") == 1


def test_the_printed_register_names_the_substitute(cast: Cast):
    arrange(cast)
    Lesson.objects.filter(pk=cast.today_lesson.pk).update(state="HELD", topic="Корни")

    course = Course.objects.get(pk=cast.algebra.pk)
    page = course_register(course, grade=8, on=TODAY, policies=NO_EDITIONS)["courses"][0]

    teachers = {lesson["date"]: lesson["teacher"] for lesson in page["lessons"]}
    assert teachers[TODAY.isoformat()] == "Орлова Т. П."
    assert teachers[date(2026, 11, 13).isoformat()] == ""


def test_the_printed_register_says_from_where_a_lesson_was_moved(cast: Cast):
    friday = Lesson.objects.get(course=cast.algebra, on=date(2026, 11, 13))
    verbs.move(cast.actor("deputy"), friday, on=date(2026, 11, 12), number=5, reason="Олимпиада", at=AT)

    course = Course.objects.get(pk=cast.algebra.pk)
    page = course_register(course, grade=8, on=TODAY, policies=NO_EDITIONS)["courses"][0]

    assert [one["teacher"] for one in page["lessons"] if one["date"] == "2026-11-12"] == ["перенос с 13.11"]
