"""The next topic of the plan on the lesson: offered, taken, deviated from."""

from typing import Any

import pytest
from django.urls import reverse

from letopis.core.errors import Refused
from letopis.ledger.actions import object_name
from letopis.ledger.queries import history
from letopis.register.access import lesson_for
from letopis.register.actions.plan_topic import fill_by_plan
from letopis.register.models import Homework, Lesson, Task
from letopis.schooling.models import PlanTopic
from tests.cast import TODAY, Cast
from tests.factories import moment
from tests.policy import adopt
from tests.register.test_plan import give, plan  # noqa: F401 (a fixture)


def fill(cast: Cast, lesson: Lesson, topic: str, **fields: Any) -> bool:
    opened = lesson_for(cast.actor("teacher"), lesson.code)
    seen = Lesson.objects.get(pk=lesson.pk).topic
    return fill_by_plan(opened, topic=topic, seen_topic=seen, at=moment(TODAY), **fields)


def state(lesson: Lesson) -> tuple[str, str | None, str]:
    row = Lesson.objects.select_related("plan_topic").get(pk=lesson.pk)
    return row.topic, row.plan_topic.title if row.plan_topic else None, row.deviation


def test_the_words_of_a_topic_make_the_lesson_one_of_its_hours(cast: Cast, plan: list[PlanTopic]) -> None:  # noqa: F811
    assert fill(cast, cast.lessons[0], "корни")
    assert not fill(cast, cast.lessons[0], "корни")

    assert state(cast.lessons[0]) == ("корни", "Корни", "")
    verbs = [change.verb for change in history([object_name(cast.lessons[0])])]
    assert sorted(verbs) == ["register.fill_lesson", "register.follow_plan", "register.hold_lesson"]


def test_a_topic_names_the_kind_of_work(cast: Cast, plan: list[PlanTopic]) -> None:  # noqa: F811
    fill(cast, cast.lessons[0], "Контрольная работа")

    task = Task.objects.get(lesson=cast.lessons[0])
    assert (task.kind, task.title) == ("КР", "Контрольная работа")


def test_a_kind_that_the_teacher_named_stays(cast: Cast, plan: list[PlanTopic]) -> None:  # noqa: F811
    Task.objects.filter(lesson=cast.lessons[0]).update(kind="СР")

    fill(cast, cast.lessons[0], "Контрольная работа")

    assert Task.objects.get(lesson=cast.lessons[0]).kind == "СР"


def test_another_topic_is_a_deviation_with_its_reason(cast: Cast, plan: list[PlanTopic]) -> None:  # noqa: F811
    fill(cast, cast.lessons[0], "Экскурсия", deviation="Приказ № 7")

    assert state(cast.lessons[0]) == ("Экскурсия", None, "Приказ № 7")


def test_own_words_keep_the_topic_until_a_reason_says_otherwise(cast: Cast, plan: list[PlanTopic]) -> None:  # noqa: F811
    give(cast.lessons[0], plan[0])

    fill(cast, cast.lessons[0], "Корни: решение задач", deviation="")
    assert state(cast.lessons[0]) == ("Корни: решение задач", "Корни", "")

    fill(cast, cast.lessons[0], "Экскурсия", deviation="Приказ № 7")
    assert state(cast.lessons[0]) == ("Экскурсия", None, "Приказ № 7")


def test_a_wiped_topic_gives_its_hour_back(cast: Cast, plan: list[PlanTopic]) -> None:  # noqa: F811
    give(cast.lessons[0], plan[0])

    fill(cast, cast.lessons[0], "")

    assert state(cast.lessons[0]) == ("", None, "")


def test_a_school_may_want_the_reason(cast: Cast, plan: list[PlanTopic]) -> None:  # noqa: F811
    adopt(cast.organisation, plan_deviation_reason_required=True)

    with pytest.raises(Refused) as refusal:
        fill(cast, cast.lessons[0], "Экскурсия")

    assert refusal.value.verdict.code == "DEVIATION_REASON"
    assert state(cast.lessons[0]) == ("", None, "")
    assert fill(cast, cast.lessons[0], "Экскурсия", deviation="Приказ № 7")


def test_a_course_without_a_plan_is_asked_nothing(cast: Cast) -> None:
    fill(cast, cast.lessons[0], "Экскурсия")

    assert state(cast.lessons[0]) == ("Экскурсия", None, "")
    page = cast.client("teacher").get(reverse("register:lesson", args=[cast.today_lesson.code])).content.decode()
    assert "По плану" not in page
    assert "не по плану" not in page


def test_the_page_offers_the_next_topic_and_takes_it_by_one_press(cast: Cast, plan: list[PlanTopic]) -> None:  # noqa: F811
    for lesson in cast.lessons[:2]:
        give(lesson, plan[0])
    url, client = reverse("register:lesson", args=[cast.lessons[2].code]), cast.client("teacher")
    assert "По плану: Корни · час 3 из 3" in " ".join(client.get(url).content.decode().split())

    client.post(url, {"intent": "offer", "offer": "Корни", "topic": "", "seen-topic": "", "offer-homework": ""})

    assert state(cast.lessons[2]) == ("Корни", "Корни", "")
    assert "тема № 1, час 3 из 3" in client.get(url).content.decode()


def test_the_offer_brings_its_homework_where_none_is_set(cast: Cast, plan: list[PlanTopic]) -> None:  # noqa: F811
    url = reverse("register:lesson", args=[cast.lessons[0].code])
    fields = {
        "intent": "offer",
        "offer": "Степени",
        "topic": "",
        "seen-topic": "",
        "offer-homework": "§ 5",
        "homework": "",
    }

    cast.client("teacher").post(url, fields)

    assert Homework.objects.get(lesson=cast.lessons[0]).text == "§ 5"


def test_the_table_offers_the_topics_one_after_another(cast: Cast, plan: list[PlanTopic]) -> None:  # noqa: F811
    client = cast.client("teacher")

    page = client.get(reverse("register:topics", args=[cast.algebra.code]), {"term": "year"})
    offered = [line.offered.topic.title for line in page.context["table"].lines]
    assert offered == ["Корни", "Корни", "Корни", "Контрольная работа", *["Степени"] * 4]

    row = reverse("register:topic_row", args=[cast.lessons[0].code])
    fields = {"intent": "offer", "offer": "Корни", "topic": "", "seen-topic": ""}
    answer = client.post(row, fields, headers={"HX-Request": "true"})
    assert "Корни" in answer.content.decode()
    assert state(cast.lessons[0]) == ("Корни", "Корни", "")
