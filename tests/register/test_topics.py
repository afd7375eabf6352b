"""«Темы и задания»: the table of a term and its quick edit."""

from typing import Any

import pytest
from django.urls import reverse

from letopis.register.models import Homework, Lesson
from tests.cast import TODAY, Cast
from tests.factories import moment

HTMX = {"HTTP_HX_REQUEST": "true"}


def table(cast: Cast, member: str = "teacher", query: str = "") -> Any:
    return cast.client(member).get(reverse("register:topics", args=[cast.algebra.code]) + query)


def row(cast: Cast) -> str:
    return reverse("register:topic_row", args=[cast.today_lesson.code])


def days(response: Any) -> list[str]:
    return [f"{line.lesson.on:%d.%m}" for line in response.context["table"].lines]


def test_shows_the_lessons_of_the_term_with_their_order_of_the_year(cast: Cast):
    Lesson.objects.filter(pk=cast.lessons[0].pk).update(topic="Корни")
    Homework.objects.create(organisation=cast.organisation, lesson=cast.lessons[0], text="№ 5", due_on=TODAY)

    response = table(cast)

    first = response.context["table"].lines[0]
    assert days(response) == ["02.11", "06.11", "09.11", "13.11", "16.11", "20.11", "23.11", "27.11"]
    assert (first.order, first.lesson.topic, first.homework.text) == (1, "Корни", "№ 5")


def test_another_term_is_another_address(cast: Cast):
    assert days(table(cast, query="?term=1")) == []


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        ("empty", ["06.11", "09.11", "13.11", "16.11"]),
        ("topic", ["06.11", "09.11", "13.11", "16.11"]),
        ("attendance", ["02.11", "09.11", "13.11", "16.11"]),
        ("nonsense", ["02.11", "06.11", "09.11", "13.11", "16.11", "20.11", "23.11", "27.11"]),
    ],
)
def test_shows_only_the_empty_ones(cast: Cast, only: str, expected: list[str]):
    Lesson.objects.filter(pk=cast.lessons[0].pk).update(topic="Корни")
    Homework.objects.create(organisation=cast.organisation, lesson=cast.lessons[0], nothing_set=True)
    Lesson.objects.filter(pk=cast.lessons[1].pk).update(attendance_taken_at=moment(TODAY))

    assert days(table(cast, query=f"?only={only}")) == expected


def test_the_quick_edit_is_a_part_of_the_same_page(cast: Cast):
    client = cast.client("teacher")

    html = client.get(f"{row(cast)}?edit=1&order=5", **HTMX).content.decode()

    assert html.lstrip().startswith("<tr")
    assert '<textarea id="topic-' in html


def test_the_quick_edit_saves_topic_and_homework(cast: Cast):
    client = cast.client("teacher")

    html = client.post(
        f"{row(cast)}?order=5", {"topic": "Корни", "seen-topic": "", "homework": "№ 5", "seen-homework": ""}, **HTMX
    ).content.decode()

    assert html.lstrip().startswith("<tr")
    assert "<textarea" not in html
    assert Lesson.objects.get(pk=cast.today_lesson.pk).topic == "Корни"
    assert Homework.objects.get().text == "№ 5"


def test_a_conflict_keeps_the_field_open_with_both_values(cast: Cast):
    Lesson.objects.filter(pk=cast.today_lesson.pk).update(topic="Корни")

    html = (
        cast.client("teacher")
        .post(row(cast), {"topic": "Дроби", "seen-topic": "", "homework": "", "seen-homework": ""}, **HTMX)
        .content.decode()
    )

    assert ">Дроби</textarea>" in html
    assert '<b class="text">Корни</b>' in html


def test_without_script_it_is_the_lesson_page(cast: Cast):
    response = cast.client("teacher").get(f"{row(cast)}?edit=1")

    assert (response.status_code, response.url) == (302, reverse("register:lesson", args=[cast.today_lesson.code]))


def test_a_reader_gets_no_fields_and_saves_nothing(cast: Cast):
    client = cast.client("class_teacher")

    html = client.get(f"{row(cast)}?edit=1", **HTMX).content.decode()
    response = client.post(row(cast), {"topic": "Чужая", "seen-topic": ""}, **HTMX)

    assert "<textarea" not in html
    assert (response.status_code, Lesson.objects.get(pk=cast.today_lesson.pk).topic) == (403, "")


def test_a_reader_is_told_why_he_only_reads(cast: Cast):
    html = table(cast, "class_teacher").content.decode()

    assert "Вы видите этот журнал как классный руководитель" in html
    assert "Изменить" not in html


def test_the_number_of_queries_is_fixed(cast: Cast, django_assert_num_queries):
    client = cast.client("teacher")

    with django_assert_num_queries(7):
        client.get(reverse("register:topics", args=[cast.algebra.code]))
