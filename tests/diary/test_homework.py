"""Homework, control works, recommendations and distance learning in the diary."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from letopis.register.models import Homework, HomeworkProgress, Lesson, PupilHomework, Recommendation, Task
from letopis.schooling.models import DistancePeriod
from tests.cast import TODAY, Cast
from tests.factories import moment

PAGE = reverse("diary:week")
FRIDAY = date(2026, 11, 20)
AT = moment(TODAY)


def week(cast: Cast, member: str = "pupil", query: str = "") -> Any:
    return cast.client(member).get(f"{PAGE}{query}").context["week"]


def algebra(shown: Any, weekday: int = 0) -> Any:
    return next(one for one in shown.days[weekday].lessons if one.subject == "Алгебра")


def homework(cast: Cast, **more: Any) -> Homework:
    facts = {"text": "№ 5", "due_on": FRIDAY, "lesson": cast.today_lesson} | more
    return Homework.objects.create(organisation=cast.organisation, **facts)


def friday(cast: Cast) -> Lesson:
    return Lesson.objects.get(course=cast.algebra, on=FRIDAY)


def test_homework_follows_the_lesson_it_is_due_at(cast: Cast):
    homework(cast, due_lesson=friday(cast), minutes=40, assessment="тест")
    Lesson.objects.filter(pk=friday(cast).pk).update(on=date(2026, 11, 19))

    due = algebra(week(cast), 3).due

    assert [(one.value.text, one.value.due_on, one.value.minutes) for one in due] == [("№ 5", date(2026, 11, 19), 40)]


def test_what_is_due_on_a_day_without_the_lesson_is_shown_on_the_day(cast: Cast):
    homework(cast, due_on=date(2026, 11, 18))

    assert [one.value.text for one in week(cast).days[2].due] == ["№ 5"]


def test_homework_of_one_pupil_is_seen_by_him_and_his_parents_only(cast: Cast):
    PupilHomework.objects.create(
        organisation=cast.organisation, lesson=cast.today_lesson, pupil=cast.polina, text="Карточка 3", due_on=FRIDAY,
        put_at=AT,
    )  # fmt: skip

    seen = {
        member: [one.value.text for one in algebra(week(cast, member), 4).due]
        for member in ("pupil", "mother", "other_parent")
    }

    assert seen == {"pupil": ["Карточка 3"], "mother": ["Карточка 3"], "other_parent": []}
    assert [one.is_own for one in algebra(week(cast), 4).due] == [True]


def test_a_homework_taken_back_is_not_shown(cast: Cast):
    PupilHomework.objects.create(
        organisation=cast.organisation, lesson=cast.today_lesson, pupil=cast.polina, text="", put_at=AT
    )

    assert algebra(week(cast)).set_now == ()


def test_only_the_pupil_says_that_it_is_done(cast: Cast):
    homework(cast)
    url = reverse("diary:homework_done", args=[cast.today_lesson.code])

    answers = [cast.client(member).post(url, {"done": "1"}).status_code for member in ("mother", "teacher", "pupil")]

    assert answers == [403, 404, 302]
    assert HomeworkProgress.objects.get().done_at is not None
    assert algebra(week(cast, "mother"), 4).due[0].done_at is not None
    cast.client("pupil").post(url, {"done": "0"})
    assert HomeworkProgress.objects.get().done_at is None


def test_homework_of_another_class_is_nobodys(cast: Cast):
    stranger = Lesson.objects.filter(course=cast.english_1, on=TODAY).get()
    homework(cast, lesson=stranger)

    response = cast.client("pupil").post(reverse("diary:homework_done", args=[stranger.code]), {"done": "1"})

    assert response.status_code == 404


def test_reading_the_page_is_not_yet_opening(cast: Cast):
    homework(cast)
    client = cast.client("pupil")

    shown = client.get(PAGE).context["week"]

    assert shown.unopened == (cast.today_lesson.code,)
    assert not HomeworkProgress.objects.exists()
    client.post(reverse("diary:homework_opened"), {"lesson": [*shown.unopened, "нет"]})
    assert HomeworkProgress.objects.get().pupil == cast.polina
    assert client.get(PAGE).context["week"].unopened == ()


def test_the_schedule_reaches_to_the_end_of_the_term(cast: Cast):
    Task.objects.filter(lesson=friday(cast)).update(kind="КР", title="Уравнения")
    Task.objects.filter(lesson__course=cast.algebra, lesson__on=date(2026, 11, 13)).update(kind="КР")
    Task.objects.filter(lesson__course=cast.english_1).update(kind="КР")

    shown = week(cast, "mother")

    assert [(one.on, one.subject, one.title) for one in shown.works.works] == [(FRIDAY, "Алгебра", "Уравнения")]
    assert (shown.works.until, algebra(shown, 4).works) == (date(2026, 12, 29), ("КР: Уравнения",))


def recommend(cast: Cast, **more: Any) -> None:
    facts = {"pupil": cast.polina, "text": "Повторите формулы", "on": TODAY} | more
    Recommendation.objects.create(
        organisation=cast.organisation, author=cast.teacher, subject=cast.algebra.subject, put_at=AT, **facts
    )


@pytest.mark.parametrize(
    ("more", "seen"),
    [
        (lambda cast: {}, 1),
        (lambda cast: {"pupil": None, "school_class": cast.class_8a}, 1),
        (lambda cast: {"pupil": None, "school_class": cast.class_7a}, 0),
        (lambda cast: {"pupil": cast.pupils[0]}, 0),
        (lambda cast: {"withdrawn_at": AT}, 0),
        (lambda cast: {"on": date(2026, 10, 20)}, 0),
        (lambda cast: {"on": date(2026, 11, 10)}, 1),
    ],
)
def test_recommendations_reach_their_pupil_and_class(cast: Cast, more: Any, seen: int):
    recommend(cast, **more(cast))

    shown = week(cast, "mother").recommendations

    assert [(one.subject, one.author) for one in shown] == [("Алгебра", "Копылова М. А.")] * seen


def test_lessons_at_a_distance_are_labelled(cast: Cast):
    DistancePeriod.objects.create(
        organisation=cast.organisation, year=cast.year, group=cast.algebra.group, starts_on=FRIDAY, basis="Приказ"
    )

    assert (algebra(week(cast)).is_distance, algebra(week(cast), 4).is_distance) == (False, True)
    assert "дистанционно" in cast.client("mother").get(PAGE).content.decode()
