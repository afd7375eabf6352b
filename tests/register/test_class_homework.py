"""Homework with lesson, form and time; the day and the week of a class; distance learning."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from letopis.core.errors import Refused
from letopis.ledger.queries import history
from letopis.register.access import OpenLesson, lesson_for
from letopis.register.actions.lesson import HomeworkValue, set_homework
from letopis.register.models import Homework, Lesson
from letopis.schooling.actions.distance import declare_distance
from letopis.schooling.models import DistancePeriod
from tests.cast import TODAY, Cast
from tests.factories import moment

AT = moment(TODAY)
FRIDAY, NEXT_MONDAY = date(2026, 11, 20), date(2026, 11, 23)
NOTHING = HomeworkValue()
PAGE = reverse("register:class_homework")


def opened(cast: Cast, lesson: Lesson | None = None, member: str = "teacher") -> OpenLesson:
    return lesson_for(cast.actor(member), (lesson or cast.today_lesson).code)


def give(cast: Cast, text: str = "№ 5", **more: Any) -> Homework:
    due = more.pop("due_on", FRIDAY)
    lesson = more.pop("lesson", cast.today_lesson)
    set_homework(opened(cast, lesson), value=HomeworkValue(text, due, **more), seen=NOTHING, at=AT)
    return Homework.objects.get(lesson=lesson)


def russian_today(cast: Cast) -> Lesson:
    return Lesson.objects.get(course=cast.russian, on=TODAY)


def test_a_homework_keeps_form_minutes_and_the_lesson_it_is_due_at(cast: Cast):
    homework = give(cast, assessment="проверка тетрадей", minutes=40)

    friday = Lesson.objects.get(course=cast.algebra, on=FRIDAY)
    assert (homework.due_lesson, homework.due_on, homework.assessment, homework.minutes, homework.set_at) == (
        friday, FRIDAY, "проверка тетрадей", 40, AT,
    )  # fmt: skip
    change = history([f"register.Lesson:{cast.today_lesson.pk}"])[-1]
    assert change.after == {
        "text": "№ 5", "nothing_set": False, "due_on": "2026-11-20", "assessment": "проверка тетрадей", "minutes": 40,
    }  # fmt: skip


def test_a_day_without_a_lesson_of_the_course_has_no_lesson(cast: Cast):
    homework = give(cast, due_on=date(2026, 11, 25))

    assert (homework.due_on, homework.due_lesson) == (date(2026, 11, 25), None)


def test_when_the_lesson_moves_the_day_moves_with_it(cast: Cast):
    homework = give(cast)
    Lesson.objects.filter(pk=homework.due_lesson_id).update(on=date(2026, 11, 21))

    page = cast.client("teacher").get(reverse("register:lesson", args=[cast.today_lesson.code]))

    assert page.context["shown"].homework.due_on == date(2026, 11, 21)
    assert "к 21.11.2026" in cast.client("deputy").get(page.request["PATH_INFO"]).content.decode()


def test_a_reworded_homework_was_set_when_it_was_set(cast: Cast):
    give(cast)

    set_homework(
        opened(cast), value=HomeworkValue("№ 6", FRIDAY), seen=HomeworkValue("№ 5", FRIDAY), at=AT + timedelta(hours=9)
    )

    assert Homework.objects.get().set_at == AT


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (HomeworkValue("№ 5", minutes=0), "WRONG_MINUTES"),
        (HomeworkValue("№ 5", minutes=601), "WRONG_MINUTES"),
        (HomeworkValue("№ 5", assessment="я" * 121), "LONG_ASSESSMENT"),
    ],
)
def test_refuses_what_cannot_be_kept(cast: Cast, value: HomeworkValue, code: str):
    with pytest.raises(Refused) as refusal:
        set_homework(opened(cast), value=value, seen=NOTHING, at=AT)

    assert refusal.value.verdict.code == code
    assert not Homework.objects.exists()


def declare(cast: Cast, **more: Any) -> DistancePeriod:
    wanted: dict[str, Any] = {"starts_on": TODAY, "ends_on": FRIDAY, "basis": "Приказ № 12"} | more
    return declare_distance(cast.year, **wanted, by=cast.actor("deputy").author, at=AT)


def test_in_distance_learning_a_homework_needs_its_form(cast: Cast):
    declare(cast, school_class=cast.class_8a)

    with pytest.raises(Refused) as refusal:
        give(cast)

    assert refusal.value.verdict.code == "DISTANCE_HOMEWORK"
    assert give(cast, assessment="файл с ответом").assessment == "файл с ответом"
    assert set_homework(opened(cast), value=NOTHING, seen=HomeworkValue("№ 5", FRIDAY, False, "файл с ответом"), at=AT)


def test_distance_learning_of_another_class_asks_for_nothing(cast: Cast):
    declare(cast, school_class=cast.class_7a)

    assert give(cast).text == "№ 5"


def test_the_lesson_page_sends_the_lesson_the_form_and_the_minutes(cast: Cast):
    url = reverse("register:lesson", args=[cast.today_lesson.code])
    form = {"homework": "№ 7", "due": "2026-11-23", "assessment": "тест", "minutes": "25", "seen-homework": ""}

    response = cast.client("teacher").post(url, form, follow=True)

    homework = Homework.objects.get()
    assert [str(one) for one in response.context["messages"]] == ["Урок сохранён: задание"]
    assert (homework.due_on, homework.due_lesson.on, homework.assessment, homework.minutes) == (
        NEXT_MONDAY, NEXT_MONDAY, "тест", 25,
    )  # fmt: skip
    assert [one.value for one in response.context["page"].due if one.is_chosen] == ["2026-11-23"]


def test_another_day_is_written_beside_the_list(cast: Cast):
    url = reverse("register:lesson", args=[cast.today_lesson.code])

    cast.client("teacher").post(url, {"homework": "№ 7", "due": "other", "due-other": "2026-11-25"})

    assert Homework.objects.get().due_on == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("minutes", "полчаса", "Время на задание — это число минут, а написано «полчаса»."),
        ("minutes", "700", "Время на задание — от 1 до 600 минут."),
        ("due-other", "завтра", "Срок задания не похож на день"),
    ],
)
def test_a_refused_field_keeps_everything_that_was_typed(cast: Cast, field: str, typed: str, sentence: str):
    url = reverse("register:lesson", args=[cast.today_lesson.code])
    form = {"homework": "№ 7", "due": "other", "due-other": "2026-11-25", "assessment": "тест", "minutes": "25"}

    response = cast.client("teacher").post(url, form | {field: typed})

    page = response.content.decode()
    assert response.status_code == 409
    assert sentence in page
    assert ["№ 7" in page, 'value="тест"' in page, f'value="{typed}"' in page] == [True, True, True]
    assert not Homework.objects.exists()


def test_the_page_tells_what_the_class_already_has_for_the_day(cast: Cast):
    russian = russian_today(cast)
    Homework.objects.create(organisation=cast.organisation, lesson=russian, text="Упр. 112", due_on=FRIDAY, minutes=140)
    url = reverse("register:day_load", args=[cast.today_lesson.code])

    there = cast.client("teacher").get(url, {"due": "2026-11-20"}).content.decode()
    elsewhere = cast.client("teacher").get(url, {"due": "other", "due-other": "2026-11-25"}).content.decode()

    assert "Упр. 112" in there
    assert "140 мин" in there
    assert "ничего не задано" in elsewhere
    assert "Упр. 112" not in elsewhere


def test_the_week_of_a_class_adds_up_and_warns(cast: Cast):
    give(cast, minutes=80)
    Homework.objects.create(
        organisation=cast.organisation, lesson=russian_today(cast), text="Упр. 112", due_on=FRIDAY, minutes=90
    )

    days = cast.client("class_teacher").get(PAGE, {"class": cast.class_8a.code}).context["days"]

    friday = next(day for day in days if day.on == FRIDAY)
    assert [line.subject for line in friday.lines] == ["Алгебра", "Русский язык"]
    assert (friday.volume.minutes, friday.volume.limit, friday.volume.is_over) == (170, 150, True)
    by_set = cast.client("deputy").get(PAGE, {"class": cast.class_8a.code, "by": "set"}).context["days"]
    assert [len(day.lines) for day in by_set] == [2, 0, 0, 0, 0, 0]


def test_homework_entered_in_the_evening_is_shown_as_late(cast: Cast):
    late = moment(TODAY, 21)
    set_homework(opened(cast), value=HomeworkValue("№ 5", FRIDAY), seen=NOTHING, at=late)
    Homework.objects.create(
        organisation=cast.organisation,
        lesson=russian_today(cast),
        text="Упр. 1",
        due_on=FRIDAY,
        set_at=moment(TODAY, 13),
    )

    days = cast.client("deputy").get(PAGE, {"class": cast.class_8a.code}).context["days"]
    page = cast.client("teacher").get(reverse("register:lesson", args=[cast.today_lesson.code]))

    lines = {line.subject: line.is_late for day in days for line in day.lines}
    assert lines == {"Алгебра": True, "Русский язык": False}
    assert page.context["side"].is_late is True


def test_without_a_class_in_the_address_the_first_one_is_shown(cast: Cast):
    body = cast.client("substitute").get(PAGE).content.decode()

    assert "<h2" in body
    assert "7А · неделя" in " ".join(body.split())


def test_who_does_not_teach_the_class_does_not_see_its_homework(cast: Cast):
    answers = {
        member: cast.client(member).get(PAGE, {"class": cast.class_7a.code}).status_code
        for member in ("substitute", "deputy", "teacher", "class_teacher", "pupil", "mother")
    }

    assert answers == {
        "substitute": 200, "deputy": 200, "teacher": 404, "class_teacher": 404, "pupil": 404, "mother": 404,
    }  # fmt: skip


def test_the_week_takes_the_same_queries_whatever_it_holds(cast: Cast, django_assert_max_num_queries):
    client = cast.client("deputy")
    for lesson in cast.lessons:
        Homework.objects.create(
            organisation=cast.organisation, lesson=lesson, text="№", due_on=FRIDAY, set_at=AT, minutes=10
        )

    with django_assert_max_num_queries(12):
        client.get(PAGE, {"class": cast.class_8a.code})


def test_a_huge_file_is_refused_in_words_and_the_rest_is_kept(cast: Cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    url = reverse("register:lesson", args=[cast.today_lesson.code])
    film = SimpleUploadedFile("урок.mp4", b"0" * (21 * 2**20))

    response = cast.client("teacher").post(
        url, {"topic": "Корни", "seen-topic": "", "homework": "№ 7", "assessment": "тест", "files": film}
    )

    page = response.content.decode()
    assert response.status_code == 409
    assert "урок.mp4" in page
    assert "20 МБ" in page
    assert (Lesson.objects.get(pk=cast.today_lesson.pk).topic, Homework.objects.get().text) == ("Корни", "№ 7")
