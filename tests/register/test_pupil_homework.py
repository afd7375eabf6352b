"""Homework of single pupils, who did what, and recommendations."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from letopis.core.errors import Refused
from letopis.ledger.models import Entry
from letopis.register.access import lesson_for
from letopis.register.actions.pupil_homework import (
    open_homework,
    recommend,
    say_done,
    set_pupil_homework,
    withdraw_recommendation,
)
from letopis.register.models import Homework, HomeworkProgress, PupilHomework, Recommendation
from tests.cast import TODAY, Cast
from tests.factories import moment

AT = moment(TODAY)


def give(cast: Cast, *numbers: int, text: str = "Карточка 3", **more: Any) -> int:
    pupils = [cast.pupils[number].code for number in numbers]
    return set_pupil_homework(
        lesson_for(cast.actor("teacher"), cast.today_lesson.code), pupils=pupils, text=text, **more, at=AT
    )


def verbs() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


def page(cast: Cast) -> str:
    return reverse("register:lesson_homework", args=[cast.today_lesson.code])


def test_sets_some_pupils_a_homework_of_their_own(cast: Cast):
    assert give(cast, 0, 2) == 2

    rows = PupilHomework.objects.order_by("pk")
    assert [(row.pupil, row.text, row.due_on) for row in rows] == [
        (cast.pupils[0], "Карточка 3", date(2026, 11, 20)),
        (cast.pupils[2], "Карточка 3", date(2026, 11, 20)),
    ]
    assert verbs() == ["register.set_pupil_homework"] * 2


def test_twice_is_harmless_and_an_empty_text_takes_it_back(cast: Cast):
    give(cast, 0)

    assert give(cast, 0) == 0
    assert give(cast, 0, text="") == 1
    assert give(cast, 0, text="") == 0
    assert (PupilHomework.objects.get().text, len(verbs())) == ("", 2)


@pytest.mark.parametrize(
    ("numbers", "more", "code"),
    [
        ((), {}, "NOBODY"),
        ((0,), {"due_on": date(2026, 11, 15)}, "DUE_OUTSIDE"),
        ((0,), {"text": "я" * 2001}, "LONG_HOMEWORK"),
        ((0,), {"assessment": "я" * 121}, "LONG_ASSESSMENT"),
    ],
)
def test_refuses_what_makes_no_sense(cast: Cast, numbers: tuple[int, ...], more: dict[str, Any], code: str):
    with pytest.raises(Refused) as refusal:
        give(cast, *numbers, **more)

    assert refusal.value.verdict.code == code
    assert not PupilHomework.objects.exists()


def test_a_pupil_of_another_class_is_nobody_here(cast: Cast):
    stranger = cast.class_7a.groups.get().memberships.first().pupil

    with pytest.raises(Refused) as refusal:
        set_pupil_homework(
            lesson_for(cast.actor("teacher"), cast.today_lesson.code), pupils=[stranger.code], text="№ 1", at=AT
        )

    assert refusal.value.verdict.code == "NOBODY"


def homework(cast: Cast) -> Homework:
    return Homework.objects.create(organisation=cast.organisation, lesson=cast.today_lesson, text="№ 5")


def test_opened_is_remembered_once(cast: Cast):
    homework(cast)

    assert open_homework(cast.polina, [cast.today_lesson], at=AT) == 1
    assert open_homework(cast.polina, [cast.today_lesson], at=moment(TODAY, 18)) == 0
    assert HomeworkProgress.objects.get().opened_at == AT


def test_done_is_said_and_taken_back(cast: Cast):
    homework(cast)
    by = cast.actor("pupil").author

    assert say_done(cast.polina, cast.today_lesson, done=True, by=by, at=AT) is True
    assert say_done(cast.polina, cast.today_lesson, done=True, by=by, at=AT) is False
    assert HomeworkProgress.objects.get().done_at == AT
    assert say_done(cast.polina, cast.today_lesson, done=False, by=by, at=AT) is True
    assert verbs() == ["register.say_done"] * 2


def test_nothing_is_done_where_nothing_is_set(cast: Cast):
    with pytest.raises(Refused) as refusal:
        say_done(cast.polina, cast.today_lesson, done=True, by=cast.actor("pupil").author, at=AT)

    assert refusal.value.verdict.code == "NOTHING_SET"


def advise(cast: Cast, to: Any, text: str = "Повторите формулы") -> list[Recommendation]:
    return recommend(
        author=cast.teacher,
        to=to,
        subject=cast.algebra.subject,
        on=TODAY,
        text=text,
        by=cast.actor("teacher").author,
        at=AT,
    )


def test_recommends_to_pupils_and_to_a_class_once(cast: Cast):
    first = advise(cast, cast.pupils[:2])

    assert [row.pk for row in advise(cast, cast.pupils[:2])] == [row.pk for row in first]
    assert advise(cast, cast.class_8a)[0].school_class == cast.class_8a
    assert verbs() == ["register.recommend"] * 3


@pytest.mark.parametrize(("to", "text", "code"), [
    ([], "Повторите", "NOBODY"), (None, " ", "EMPTY_RECOMMENDATION"), (None, "я" * 1001, "LONG_RECOMMENDATION"),
])  # fmt: skip
def test_refuses_an_empty_recommendation(cast: Cast, to: Any, text: str, code: str):
    with pytest.raises(Refused) as refusal:
        advise(cast, cast.pupils[:1] if to is None else to, text)

    assert refusal.value.verdict.code == code


def test_a_withdrawn_recommendation_is_kept(cast: Cast):
    (row,) = advise(cast, cast.pupils[:1])
    by = cast.actor("teacher").author

    assert withdraw_recommendation(row, by=by, at=AT) is True
    assert withdraw_recommendation(row, by=by, at=AT) is False
    assert Recommendation.objects.get().withdrawn_at == AT
    assert len(advise(cast, cast.pupils[:1])) == 1
    assert Recommendation.objects.count() == 2


def test_the_page_shows_who_opened_and_did_it(cast: Cast):
    homework(cast)
    open_homework(cast.pupils[0], [cast.today_lesson], at=AT)
    say_done(cast.polina, cast.today_lesson, done=True, by=cast.actor("pupil").author, at=AT)
    give(cast, 1)

    shown = cast.client("class_teacher").get(page(cast)).context["page"]

    assert (shown.opened, shown.done, len(shown.lines)) == (2, 1, 6)
    assert [line.name for line in shown.lines if line.own] == ["Белов Тимофей"]


def test_the_page_sets_and_recommends(cast: Cast):
    client = cast.client("teacher")
    chosen = {"pupil": [cast.pupils[0].code, cast.pupils[1].code]}

    client.post(page(cast), chosen | {"intent": "individual", "text": "Карточка 3", "due": "2026-11-23"})
    client.post(page(cast), chosen | {"intent": "recommend", "recommendation": "Решать по вариантам"})
    client.post(page(cast), {"intent": "recommend", "recommendation": "Готовьтесь к зачёту", "whole-class": "on"})

    assert PupilHomework.objects.filter(due_on=date(2026, 11, 23)).count() == 2
    assert Recommendation.objects.filter(pupil__isnull=False).count() == 2
    assert Recommendation.objects.get(pupil=None).school_class == cast.class_8a


def test_a_refused_page_keeps_what_was_typed(cast: Cast):
    response = cast.client("teacher").post(
        page(cast), {"intent": "individual", "text": "Карточка 3", "due": "2026-11-23"}
    )

    body = response.content.decode()
    assert response.status_code == 409
    assert "Отметьте в списке, кому задание." in body
    assert "Карточка 3" in body


def test_a_class_teacher_recommends_and_sets_nothing(cast: Cast):
    client = cast.client("class_teacher")
    chosen = {"pupil": [cast.pupils[0].code]}

    set_it = client.post(page(cast), chosen | {"intent": "individual", "text": "Карточка"})
    advised = client.post(page(cast), chosen | {"intent": "recommend", "recommendation": "Больше читать"})

    assert (set_it.status_code, advised.status_code) == (403, 302)
    assert Recommendation.objects.get().author == cast.class_teacher


def test_the_list_shows_own_and_those_of_the_class(cast: Cast):
    advise(cast, cast.pupils[:1])
    address = reverse("register:recommendations")

    seen = {
        member: len(cast.client(member).get(address).context["lines"])
        for member in ("teacher", "class_teacher", "deputy", "substitute")
    }

    assert seen == {"teacher": 1, "class_teacher": 1, "deputy": 1, "substitute": 0}


def test_the_page_takes_the_same_queries_whatever_the_class(cast: Cast, django_assert_max_num_queries):
    give(cast, 0, 1, 2, 3, 4, 5)
    advise(cast, cast.pupils)
    client = cast.client("teacher")

    with django_assert_max_num_queries(9):
        client.get(page(cast))
