"""The verbs of the thematic plan and its pages."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from letopis.core.errors import Refused
from letopis.ledger.actions import object_name
from letopis.ledger.queries import history
from letopis.register.access import course_for
from letopis.register.actions.plan import Correction, change_plan, lay_plan, link_lessons
from letopis.register.models import Lesson
from letopis.register.queries.plan_facts import plan_facts
from letopis.register.views.plan import _carry
from letopis.rules.plan_changes import PlanItem
from letopis.schooling.models import AcademicYear, PlanCorrection, PlanTopic
from tests import factories as make
from tests.cast import TODAY, Cast
from tests.factories import moment

FIRST = date(2026, 11, 2)
"""The first lesson of algebra; Mondays and Fridays follow, eight lessons in all."""
DRAFT = (
    PlanItem("", "Корни", 3, section="Корни"),
    PlanItem("", "Контрольная работа", 1, section="Корни", work_kind="КР"),
    PlanItem("", "Степени", 4, section="Степени", homework="§ 5"),
    PlanItem("", "Обобщение", 2, section="Степени"),
)


def correction(cast: Cast, reason: str = "", on: date = TODAY) -> Correction:
    actor = cast.actor("teacher")
    return Correction(by=actor.author, at=moment(on), on=on, reason=reason, made_by_id=actor.employee_id)


@pytest.fixture
def plan(cast: Cast) -> list[PlanTopic]:
    """The plan of algebra, made before the year: ten hours for eight lessons."""
    change_plan(cast.algebra, DRAFT, correction=correction(cast, on=date(2026, 8, 28)))
    return list(PlanTopic.objects.filter(course=cast.algebra).order_by("position"))


def give(lesson: Lesson, topic: PlanTopic) -> None:
    Lesson.objects.filter(pk=lesson.pk).update(plan_topic=topic, topic=topic.title, state=Lesson.State.HELD)


def test_a_new_plan_is_laid_over_the_lessons_and_told_as_one_fact(cast: Cast, plan: list[PlanTopic]) -> None:
    assert [topic.planned_on for topic in plan] == [FIRST, date(2026, 11, 13), date(2026, 11, 16), None]
    assert [change.verb for change in history([object_name(cast.algebra)])] == ["register.bring_plan"]
    assert not PlanCorrection.objects.exists()


def test_the_same_plan_again_changes_nothing(cast: Cast, plan: list[PlanTopic]) -> None:
    assert change_plan(cast.algebra, plan_facts(cast.algebra).items(), correction=correction(cast)) == ()


def test_a_change_of_a_plan_in_use_needs_a_reason_and_stands_on_the_sheet(cast: Cast, plan: list[PlanTopic]) -> None:
    items = plan_facts(cast.algebra).items()
    after = [items[0], items[1], PlanItem(**{**vars_of(items[2]), "hours": 2}), items[3]]

    with pytest.raises(Refused) as refusal:
        change_plan(cast.algebra, after, correction=correction(cast))
    assert refusal.value.verdict.code == "NO_REASON"

    change_plan(cast.algebra, after, correction=correction(cast, "Карантин, приказ № 112"))

    row = PlanCorrection.objects.get()
    assert (row.kind, row.before, row.after, row.reason) == ("HOURS", "4 ч", "2 ч", "Карантин, приказ № 112")
    assert (row.topic, row.made_on, row.made_by) == (plan[2], TODAY, cast.teacher)
    assert [change.verb for change in history([object_name(plan[2])])] == ["register.change_plan"]


def vars_of(item: PlanItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in PlanItem.__dataclass_fields__}


def test_a_draft_loses_a_topic_and_a_plan_in_use_keeps_it_as_dropped(cast: Cast, plan: list[PlanTopic]) -> None:
    items = plan_facts(cast.algebra).items()
    change_plan(cast.algebra, items[:3], correction=correction(cast, on=date(2026, 8, 29)))
    assert not PlanTopic.objects.filter(pk=plan[3].pk).exists()

    change_plan(cast.algebra, items[:2], correction=correction(cast, "Приказ № 1"))
    assert PlanTopic.objects.get(pk=plan[2].pk).fate == PlanTopic.Fate.DROPPED


def test_refuses_what_another_page_changed_meanwhile(cast: Cast, plan: list[PlanTopic]) -> None:
    seen, items = plan_facts(cast.algebra).digest, plan_facts(cast.algebra).items()
    change_plan(cast.algebra, items[:3], correction=correction(cast, "Приказ № 1"))

    with pytest.raises(Refused) as refusal:
        change_plan(cast.algebra, items[:2], seen=seen, correction=correction(cast, "Приказ № 2"))

    assert refusal.value.verdict.code == "CONFLICT"
    assert PlanCorrection.objects.count() == 1


def test_refuses_a_closed_year(cast: Cast, plan: list[PlanTopic]) -> None:
    AcademicYear.objects.filter(pk=cast.year.pk).update(state=AcademicYear.State.CLOSED)

    with pytest.raises(Refused) as refusal:
        lay_plan(cast.algebra, correction=correction(cast))

    assert refusal.value.verdict.code == "YEAR_CLOSED"


def test_a_cancelled_lesson_moves_what_is_ahead(cast: Cast, plan: list[PlanTopic]) -> None:
    for lesson in cast.lessons[:2]:
        give(lesson, plan[0])
    Lesson.objects.filter(pk=cast.lessons[2].pk).update(state=Lesson.State.CANCELLED)

    assert lay_plan(cast.algebra, correction=correction(cast)) == 2
    assert lay_plan(cast.algebra, correction=correction(cast)) == 0

    days = list(PlanTopic.objects.filter(course=cast.algebra).order_by("position").values_list("planned_on", flat=True))
    assert days == [FIRST, date(2026, 11, 16), date(2026, 11, 20), None]


def test_lessons_held_before_find_their_topics_by_their_words(cast: Cast, plan: list[PlanTopic]) -> None:
    for lesson, words in zip(cast.lessons, ("корни", "Корни", "Экскурсия", "Контрольная работа"), strict=False):
        Lesson.objects.filter(pk=lesson.pk).update(topic=words, state=Lesson.State.HELD)

    assert link_lessons(cast.algebra, correction=correction(cast)) == 3
    assert link_lessons(cast.algebra, correction=correction(cast)) == 0

    linked = Lesson.objects.filter(course=cast.algebra).order_by("on").values_list("plan_topic__title", flat=True)
    assert list(linked)[:4] == ["Корни", "Корни", None, "Контрольная работа"]
    assert [change.verb for change in history([object_name(cast.lessons[0])])] == ["register.link_lesson"]


def test_the_page_shows_hours_states_and_what_does_not_fit(cast: Cast, plan: list[PlanTopic]) -> None:
    give(cast.lessons[0], plan[0])

    page = cast.client("teacher").get(reverse("register:plan", args=[cast.algebra.code])).content.decode()

    assert "Осталось дать 9 ч, уроков для них 7: не помещается 2 ч." in page
    assert "Отставание от плана: 4 часа." in page
    assert all(word in page for word in ("частично", "отстаёт", "нет урока"))


@pytest.mark.parametrize("topics", [1, 30])
def test_the_page_asks_as_much_for_a_long_plan(cast: Cast, topics: int, django_assert_num_queries: Any) -> None:
    draft = [PlanItem("", f"Тема {number}", 1) for number in range(topics)]
    change_plan(cast.algebra, draft, correction=correction(cast))
    client = cast.client("teacher")
    client.get("/")

    with django_assert_num_queries(7):
        client.get(reverse("register:plan", args=[cast.algebra.code]))


def form_of(topic: PlanTopic, **fields: Any) -> dict[str, Any]:
    values = {"title": topic.title, "section": topic.section, "hours": topic.hours, "work_kind": topic.work_kind}
    return values | {"after": "first", "fate": topic.fate, "seen": plan_facts(topic.course).digest} | fields


def test_a_topic_is_moved_to_next_year_by_the_page(cast: Cast, plan: list[PlanTopic]) -> None:
    url = reverse("register:plan_topic", args=[cast.algebra.code, plan[3].code])
    after = str(plan[2].code)
    fields = form_of(plan[3], fate="NEXT_YEAR", reason="Дистанционное обучение", after=after)

    answer = cast.client("teacher").post(url, fields)

    assert answer.status_code == 302
    plan[3].refresh_from_db()
    assert plan[3].fate == "NEXT_YEAR"
    assert list(PlanCorrection.objects.values_list("kind", "reason")) == [("NEXT_YEAR", "Дистанционное обучение")]


def test_the_page_asks_for_the_reason(cast: Cast, plan: list[PlanTopic]) -> None:
    url = reverse("register:plan_topic", args=[cast.algebra.code, plan[2].code])

    answer = cast.client("teacher").post(url, form_of(plan[2], hours=1, after=str(plan[1].code)))

    assert answer.status_code == 409
    assert not PlanCorrection.objects.exists()


def test_adds_a_topic_after_another(cast: Cast, plan: list[PlanTopic]) -> None:
    url = reverse("register:plan_add", args=[cast.algebra.code])
    fields = {
        "title": "Резерв", "hours": 1, "after": str(plan[0].code), "fate": "IN_PLAN", "reason": "Приказ № 3",
        "seen": plan_facts(cast.algebra).digest,
    }  # fmt: skip

    assert cast.client("deputy").post(url, fields).status_code == 302

    titles = PlanTopic.objects.filter(course=cast.algebra).order_by("position").values_list("title", flat=True)
    assert list(titles)[:3] == ["Корни", "Резерв", "Контрольная работа"]


def test_the_class_teacher_sees_the_plan_and_may_not_change_it(cast: Cast, plan: list[PlanTopic]) -> None:
    client = cast.client("class_teacher")

    assert client.get(reverse("register:plan", args=[cast.algebra.code])).status_code == 200
    assert client.get(reverse("register:plan_add", args=[cast.algebra.code])).status_code == 403


def test_shares_hours_out_and_takes_what_was_accepted(cast: Cast, plan: list[PlanTopic]) -> None:
    url, client = reverse("register:plan_distribute", args=[cast.algebra.code]), cast.client("teacher")

    page = client.get(url).content.decode()
    assert f'name="hours-{plan[0].code}" value="2"' in page
    assert f'name="hours-{plan[2].code}" value="3"' in page

    fields = {
        f"hours-{plan[0].code}": "2",
        f"hours-{plan[2].code}": "3",
        "reason": "Уплотнение",
        "seen": plan_facts(cast.algebra).digest,
    }
    assert client.post(url, fields).status_code == 302

    rows = PlanCorrection.objects.order_by("pk").values_list("kind", "before", "after")
    assert list(rows) == [("HOURS", "3 ч", "2 ч"), ("HOURS", "4 ч", "3 ч")]
    assert not PlanTopic.objects.filter(course=cast.algebra, planned_on=None).exists()


@pytest.mark.parametrize("typed", ["много", "-1", "99999999", ""])
def test_hours_that_are_no_number_change_nothing(cast: Cast, plan: list[PlanTopic], typed: str) -> None:
    url = reverse("register:plan_distribute", args=[cast.algebra.code])
    fields = {f"hours-{plan[0].code}": typed, "reason": "Уплотнение", "seen": plan_facts(cast.algebra).digest}

    assert cast.client("teacher").post(url, fields).status_code == 409
    assert not PlanCorrection.objects.exists()


def test_topics_of_last_year_drop_nothing_that_was_added_meanwhile(cast: Cast, plan: list[PlanTopic]) -> None:
    opened, read = course_for(cast.actor("teacher"), cast.algebra.code), plan_facts(cast.algebra)
    PlanTopic.objects.create(
        organisation=cast.organisation, course=cast.algebra, position=99, title="Добавлена рядом", hours=1
    )

    with pytest.raises(Refused) as refusal:
        _carry(opened, read, correction(cast, "С прошлого года"))

    assert refusal.value.verdict.code == "CONFLICT"
    assert PlanTopic.objects.get(title="Добавлена рядом").fate == "IN_PLAN"


def test_last_years_topics_come_into_this_years_plan(cast: Cast, plan: list[PlanTopic]) -> None:
    past = make.make_year(cast.organisation, 2025)
    course = make.make_course(
        make.whole_class(make.make_class(past, 7, "А")), cast.algebra.subject, teacher=cast.teacher
    )
    topic = PlanTopic.objects.create(
        organisation=cast.organisation, course=course, position=1, title="Функции", hours=2, fate="NEXT_YEAR"
    )
    client = cast.client("teacher")
    url = reverse("register:plan", args=[cast.algebra.code])
    assert "«Функции», 2 ч" in client.get(url).content.decode()

    client.post(
        reverse("register:plan_lay", args=[cast.algebra.code]), {"intent": "carry", "reason": "С прошлого года"}
    )

    first = PlanTopic.objects.filter(course=cast.algebra).order_by("position")[0]
    assert (first.title, first.carried_from, first.fate) == ("Функции", topic, "IN_PLAN")
    assert "«Функции», 2 ч" not in client.get(url).content.decode()


def test_the_correction_sheet_is_printed(cast: Cast, plan: list[PlanTopic]) -> None:
    items = plan_facts(cast.algebra).items()
    change_plan(cast.algebra, items[:3], correction=correction(cast, "Приказ № 1"))
    client = cast.client("teacher")

    assert "Приказ № 1" in client.get(reverse("register:plan_corrections", args=[cast.algebra.code])).content.decode()
    answer = client.get(reverse("register:plan_corrections_pdf", args=[cast.algebra.code]))
    assert answer.content.startswith(b"%PDF-")
