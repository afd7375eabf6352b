"""«Журналы»: which registers each person finds, and what each still waits for."""

import pytest
from django.urls import reverse

from letopis.register.models import Lesson
from tests import factories as make
from tests.cast import TODAY, Cast
from tests.factories import moment

PAGE = reverse("register:courses")
ALL_8A = [("Алгебра", "8А", ""), ("Русский язык", "8А", "")]
ENGLISH = "Иностранный язык (английский)"


def lines(cast: Cast, member: str, query: str = "") -> list[tuple[str, str, str]]:
    found = cast.client(member).get(f"{PAGE}{query}").context["page"].object_list
    return [(line.course.subject.name, line.class_title, line.group_title) for line in found]


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        pytest.param("teacher", [("Алгебра", "8А", "")], id="a teacher finds his own"),
        pytest.param("substitute", [(ENGLISH, "8А", "1 подгруппа")], id="one who also leads a class without registers"),
        pytest.param(
            "class_teacher",
            [(ENGLISH, "8А", "2 подгруппа"), ("Русский язык", "8А", ""), ("Алгебра", "8А", ""),
             (ENGLISH, "8А", "1 подгруппа")],
            id="a class teacher finds his own first, then those of his class",
        ),
        pytest.param(
            "deputy",
            [("Алгебра", "8А", ""), (ENGLISH, "8А", "1 подгруппа"), (ENGLISH, "8А", "2 подгруппа"),
             ("Русский язык", "8А", "")],
            id="control finds all",
        ),
        pytest.param("foreign_teacher", [], id="a teacher of another school finds nothing"),
    ],
)  # fmt: skip
def test_each_finds_what_he_may_open(cast: Cast, member: str, expected: list):
    assert lines(cast, member) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=алГЕбра", [("Алгебра", "8А", "")]),
        ("?q=Копылова", [("Алгебра", "8А", "")]),
        ("?q=англ+2", [(ENGLISH, "8А", "2 подгруппа")]),
        ("?class=7А", []),
        ("?subject={russian}", [("Русский язык", "8А", "")]),
        ("?teacher={teacher}", [("Алгебра", "8А", "")]),
        ("?teacher={teacher}&q=русский", []),
        ("?year=not-a-code&page=many", [("Алгебра", "8А", ""), (ENGLISH, "8А", "1 подгруппа"),
                                         (ENGLISH, "8А", "2 подгруппа"), ("Русский язык", "8А", "")]),
    ],
)  # fmt: skip
def test_control_filters_and_searches(cast: Cast, query: str, expected: list):
    codes = {"russian": cast.russian.subject.code, "teacher": cast.teacher.code}

    assert lines(cast, "deputy", query.format(**codes)) == expected


def test_counts_lessons_up_to_today_that_lack_something(cast: Cast):
    Lesson.objects.filter(pk=cast.lessons[0].pk).update(topic="Корни", attendance_taken_at=moment(TODAY))
    Lesson.objects.filter(pk=cast.lessons[1].pk).update(topic="Корни")
    Lesson.objects.filter(pk=cast.lessons[2].pk).update(state=Lesson.State.CANCELLED)

    line = cast.client("teacher").get(PAGE).context["page"].object_list[0]

    assert (line.without_topic, line.without_attendance) == (2, 3)


def test_past_years_are_a_switch(cast: Cast):
    past = make.make_year(cast.organisation, 2025)
    class_7a = make.make_class(past, 7, "А")
    make.make_course(make.whole_class(class_7a), cast.algebra.subject, teacher=cast.teacher)

    response = cast.client("teacher").get(f"{PAGE}?year={past.code}")

    assert [line.class_title for line in response.context["page"].object_list] == ["7А"]
    assert "только чтение" in response.content.decode()
    assert lines(cast, "teacher") == [("Алгебра", "8А", "")]


@pytest.mark.parametrize("member", ["clerk", "archivist", "administrator", "mother", "pupil", "dismissed"])
def test_those_who_keep_no_register_have_no_such_page(cast: Cast, member: str):
    assert cast.client(member).get(PAGE).status_code == 404


def test_the_number_of_queries_does_not_grow(cast: Cast, django_assert_num_queries):
    client = cast.client("deputy")
    with django_assert_num_queries(6):
        client.get(PAGE)
    for number in range(10):
        subject = make.make_subject(cast.organisation, f"Предмет {number}")
        make.make_course(make.whole_class(cast.class_7a), subject, teacher=cast.teacher)

    with django_assert_num_queries(6):
        client.get(PAGE)
