"""Plan and fact of the school."""

from typing import Any

import pytest
from django.urls import reverse

from letopis.register.access import course_for
from letopis.register.actions.plan import change_plan
from letopis.register.models import Lesson
from letopis.register.queries.plan import plan_page
from letopis.register.queries.programme import CLASS, Figures, ProgrammeFilters, ProgrammeLine, programme
from letopis.rules.plan_changes import PlanItem
from letopis.rules.policy import DEFAULT_POLICY
from letopis.schooling.models import PlanTopic
from tests.cast import TODAY, Cast
from tests.register.test_plan import DRAFT, correction, give

URL = "register:programme"


@pytest.fixture
def algebra(cast: Cast) -> ProgrammeLine:
    """Algebra with a plan of ten hours; two of four lessons held so far gave it, today's is not filled yet."""
    change_plan(cast.algebra, DRAFT, correction=correction(cast))
    first = PlanTopic.objects.get(course=cast.algebra, position=1)
    for lesson in cast.lessons[:2]:
        give(lesson, first)
    for lesson in cast.lessons[2:4]:
        Lesson.objects.filter(pk=lesson.pk).update(topic="Экскурсия", state=Lesson.State.HELD)
    lines = programme(cast.actor("deputy"), year_code="", on=TODAY, filters=ProgrammeFilters()).lines
    return next(line for line in lines if line.course == cast.algebra)


def test_counts_plan_and_fact(cast: Cast, algebra: ProgrammeLine) -> None:
    found = algebra.figures

    assert (found.in_year, found.planned, found.given, found.lag) == (10, 5, 2, 3)
    assert (found.topics_planned, found.topics_given, found.over, found.held) == (2, 0, 4, 4)
    assert algebra.teachers == "Копылова М. А."


def test_says_the_same_as_the_page_of_the_course(cast: Cast, algebra: ProgrammeLine) -> None:
    opened = course_for(cast.actor("teacher"), cast.algebra.code)
    for on in (cast.lessons[0].on, cast.lessons[3].on, TODAY, cast.lessons[-1].on):
        page = plan_page(opened, on=on, policy=DEFAULT_POLICY)
        found = programme(cast.actor("teacher"), year_code="", on=on, filters=ProgrammeFilters()).lines[0].figures

        assert (found.planned, found.given, found.topics_given) == (page.planned, page.given, page.topics_given)
        assert found.over == max(0, page.rest.over)


def test_compares_lessons_with_the_curriculum(cast: Cast, algebra: ProgrammeLine) -> None:
    assert algebra.figures.wanted_lessons > algebra.figures.held
    assert algebra.figures.missing_lessons == algebra.figures.wanted_lessons - 4


def test_sums_by_class(cast: Cast, algebra: ProgrammeLine) -> None:
    found = programme(cast.actor("deputy"), year_code="", on=TODAY, filters=ProgrammeFilters(by=CLASS))

    assert [(line.title, line.courses, line.figures.lag) for line in found.lines] == [("8А", 4, 3)]
    assert found.total == sum((line.figures for line in found.lines), Figures())


def test_filters_stay_in_the_address(cast: Cast, algebra: ProgrammeLine) -> None:
    client = cast.client("deputy")

    lagging = client.get(reverse(URL), {"only": "lag"}).context["found"]
    without = client.get(reverse(URL), {"only": "none"}).context["found"]

    assert [line.subject for line in lagging.lines] == ["Алгебра"]
    assert len(without.lines) == 3


def test_a_teacher_sees_his_courses_and_a_class_teacher_his_class(cast: Cast, algebra: ProgrammeLine) -> None:
    def subjects(member: str) -> list[str]:
        return [line.subject for line in cast.client(member).get(reverse(URL)).context["found"].lines]

    english = "Иностранный язык (английский)"
    assert subjects("teacher") == ["Алгебра"]
    assert subjects("class_teacher") == ["Алгебра", english, english, "Русский язык"]


def test_the_table_opens_in_a_spreadsheet(cast: Cast, algebra: ProgrammeLine) -> None:
    answer = cast.client("teacher").get(reverse(URL), {"format": "csv", "on": TODAY.isoformat()})

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Класс, группа;Предмет;Учитель;")
    assert lines[1].startswith("8А;Алгебра;Копылова М. А.;10;5;2;3;2;0;4;4;")


@pytest.mark.parametrize("with_plans", [False, True])
def test_asks_as_much_for_a_large_school(cast: Cast, with_plans: bool, django_assert_num_queries: Any) -> None:
    if with_plans:
        for course in (cast.algebra, cast.russian, cast.english_1):
            change_plan(course, [PlanItem("", f"Тема {n}", 1) for n in range(9)], correction=correction(cast))
    actor = cast.actor("deputy")

    # Without any plan there are no days since its last topic to ask for.
    with django_assert_num_queries(11 if with_plans else 9):
        programme(actor, year_code="", on=TODAY, filters=ProgrammeFilters())
