"""The lesson page: a plain form that works without script."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from letopis.register.models import Attendance, Homework, HomeworkFile, Lesson, Mark, Task
from letopis.schooling.models import AcademicYear
from tests.cast import TODAY, Cast
from tests.factories import join, make_pupil, moment, whole_class


def page(cast: Cast, lesson: Lesson | None = None) -> str:
    return reverse("register:lesson", args=[(lesson or cast.today_lesson).code])


def mark_name(cast: Cast, number: int) -> str:
    task = Task.objects.get(lesson=cast.today_lesson)
    return f"mark-{task.code}_{cast.pupils[number].code}"


def untouched(cast: Cast) -> dict[str, Any]:
    """What the form of a fresh lesson sends when nothing was filled."""
    task = Task.objects.get(lesson=cast.today_lesson)
    data: dict[str, Any] = {
        "topic": "", "seen-topic": "", "homework": "", "due": "", "seen-homework": "", "seen-due": "",
        "seen-nothing": "", "intent": "save", f"kind-{task.code}": "", f"title-{task.code}": "",
        f"seen-kind-{task.code}": "", f"seen-title-{task.code}": "",
    }  # fmt: skip
    for number, pupil in enumerate(cast.pupils):
        data |= {f"event-{pupil.code}": "PRESENT", f"minutes-{pupil.code}": "", f"seen-event-{pupil.code}": "PRESENT"}
        data |= {mark_name(cast, number): "", f"seen-{mark_name(cast, number)}": ""}
    return data


def save(client: Client, cast: Cast, **changes: Any) -> Any:
    return client.post(page(cast), untouched(cast) | changes, follow=True)


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def marks(cast: Cast) -> dict[str, str]:
    return {
        mark.pupil.person.last_name: mark.value
        for mark in Mark.objects.filter(task__lesson=cast.today_lesson).exclude(value="")
    }


def test_one_save_fills_the_whole_lesson(cast: Cast):
    absent = cast.pupils[5]

    response = save(
        cast.client("teacher"),
        cast,
        topic="Формула корней",
        homework="№ 512–515",
        **{
            mark_name(cast, 0): "5",
            mark_name(cast, 1): "4",
            mark_name(cast, 2): "2",
            f"event-{absent.code}": "ABSENT",
        },
    )

    lesson = Lesson.objects.get(pk=cast.today_lesson.pk)
    assert said(response) == ["Урок сохранён: тема, задание, 3 отметки, 1 отсутствие"]
    assert marks(cast) == {"Антонова": "5", "Белов": "4", "Ёлкин": "2"}
    assert (lesson.topic, lesson.state, lesson.attendance_taken_at is not None) == (
        "Формула корней", Lesson.State.HELD, True,
    )  # fmt: skip
    assert Homework.objects.get().due_on == date(2026, 11, 20)
    assert Attendance.objects.get().pupil == absent


def test_an_untouched_form_writes_nothing(cast: Cast):
    response = save(cast.client("teacher"), cast)

    lesson = Lesson.objects.get(pk=cast.today_lesson.pk)
    assert said(response) == ["Изменений нет: всё уже записано."]
    assert (lesson.state, lesson.attendance_taken_at) == (Lesson.State.PLANNED, None)


def test_everybody_is_present_by_one_press(cast: Cast):
    response = save(cast.client("teacher"), cast, intent="all_present")

    assert said(response) == ["Урок сохранён: все присутствуют"]
    assert Lesson.objects.get(pk=cast.today_lesson.pk).attendance_taken_at is not None
    assert not Attendance.objects.exists()


def test_everybody_present_takes_an_absence_back(cast: Cast):
    client, pupil = cast.client("teacher"), cast.pupils[0]
    save(client, cast, **{f"event-{pupil.code}": "ABSENT"})

    response = save(client, cast, intent="all_present", **{f"seen-event-{pupil.code}": "ABSENT"})

    assert said(response) == ["Урок сохранён: 1 обучающийся отмечен присутствующим"]
    assert Attendance.objects.get().event == "PRESENT"


def test_a_mark_and_lateness_with_minutes_of_one_pupil(cast: Cast):
    pupil = cast.pupils[0]

    response = save(
        cast.client("teacher"),
        cast,
        **{mark_name(cast, 0): "4", f"event-{pupil.code}": "LATE", f"minutes-{pupil.code}": "10"},
    )

    event = Attendance.objects.get()
    assert said(response) == ["Урок сохранён: 1 отметка, 1 опоздание"]
    assert (event.event, event.minutes, marks(cast)) == ("LATE", 10, {"Антонова": "4"})


def test_a_letter_in_the_field_of_a_mark_counts_as_an_absence(cast: Cast):
    response = save(cast.client("teacher"), cast, **{mark_name(cast, 0): "5", mark_name(cast, 1): "н"})

    assert said(response) == ["Урок сохранён: 1 отметка, 1 отсутствие"]
    assert (Attendance.objects.get().event, marks(cast)) == ("ABSENT", {"Антонова": "5"})


def test_two_marks_in_one_field_are_refused(cast: Cast):
    response = save(cast.client("teacher"), cast, **{mark_name(cast, 0): "5 4"})

    assert said(response) == ["Ничего не сохранено: причины написаны рядом с полями."]
    assert "«5 4» в клетку не ставится" in response.content.decode()
    assert marks(cast) == {}


def test_the_history_is_short_and_writes_days_as_people_do(cast: Cast):
    client = cast.client("teacher")
    save(client, cast, homework="задача " * 100, due="20.11.2026")

    html = client.get(reverse("register:lesson", args=[cast.today_lesson.code])).content.decode()
    history = html[html.index('class="history') :]

    assert "срок: 20.11.2026" in history
    assert "задача зада…" in history
    assert len(history) < 3000


def test_a_wiped_mark_leaves_the_lateness(cast: Cast):
    client, pupil = cast.client("teacher"), cast.pupils[0]
    late = {f"event-{pupil.code}": "LATE", f"minutes-{pupil.code}": "10"}
    save(client, cast, **{mark_name(cast, 0): "4"} | late)

    save(client, cast, **{f"seen-{mark_name(cast, 0)}": "4", f"seen-event-{pupil.code}": "LATE 10"} | late)

    event = Attendance.objects.get()
    assert (event.event, event.minutes, marks(cast)) == ("LATE", 10, {})


def test_a_mark_turns_into_an_absence_in_one_save(cast: Cast):
    client, pupil = cast.client("teacher"), cast.pupils[0]
    save(client, cast, **{mark_name(cast, 0): "4"})

    save(client, cast, **{f"seen-{mark_name(cast, 0)}": "4", f"event-{pupil.code}": "ABSENT"})

    assert (Attendance.objects.get().event, marks(cast)) == ("ABSENT", {})


def test_an_absence_turns_into_a_mark_in_one_save(cast: Cast):
    client, pupil = cast.client("teacher"), cast.pupils[0]
    save(client, cast, **{f"event-{pupil.code}": "ABSENT"})

    save(client, cast, **{f"seen-event-{pupil.code}": "ABSENT", mark_name(cast, 0): "3"})

    assert (Attendance.objects.get().event, marks(cast)) == ("PRESENT", {"Антонова": "3"})


def test_a_refused_row_keeps_what_was_typed_and_the_rest_is_saved(cast: Cast):
    pupil = cast.pupils[0]

    response = save(
        cast.client("teacher"),
        cast,
        topic="Корни",
        **{mark_name(cast, 0): "5", f"event-{pupil.code}": "ABSENT", mark_name(cast, 1): "7"},
    )

    html = response.content.decode()
    assert response.status_code == 409
    assert said(response) == ["Урок сохранён: тема, 1 отсутствие", "Сохранено не всё: причины написаны рядом с полями."]
    assert f'name="{mark_name(cast, 0)}" value="5"' in html
    assert f'name="{mark_name(cast, 1)}" value="7"' in html
    assert "Отметки «7» нет в шкале «пятибалльная»: можно 5, 4, 3, 2." in html
    assert "сначала снимите отсутствие" in html
    assert Lesson.objects.get(pk=cast.today_lesson.pk).attendance_taken_at is not None


def test_a_conflict_shows_both_values(cast: Cast):
    client = cast.client("teacher")
    save(client, cast, topic="Корни", **{mark_name(cast, 0): "4"})

    response = save(client, cast, topic="Дроби", **{mark_name(cast, 0): "5"})

    html = response.content.decode()
    assert response.status_code == 409
    assert 'value="Дроби"' in html
    assert '<b class="text">Корни</b>' in html
    assert "<b>4 — Копылова М. А.</b>" in html
    assert marks(cast) == {"Антонова": "4"}


def test_the_second_press_decides_a_conflict(cast: Cast):
    client = cast.client("teacher")
    save(client, cast, topic="Корни")

    save(client, cast, **{"topic": "Дроби", "seen-topic": "Корни"})

    assert Lesson.objects.get(pk=cast.today_lesson.pk).topic == "Дроби"


def test_names_the_kind_and_title_of_a_work(cast: Cast):
    task = Task.objects.get(lesson=cast.today_lesson)

    response = save(cast.client("teacher"), cast, **{f"kind-{task.code}": "КР", f"title-{task.code}": "Вариант 2"})

    task.refresh_from_db()
    assert said(response) == ["Урок сохранён: вид работы"]
    assert (task.kind, task.title) == ("КР", "Вариант 2")


def test_nothing_set_is_an_explicit_word(cast: Cast):
    save(cast.client("teacher"), cast, nothing="on")

    assert Homework.objects.get().nothing_set is True


def test_a_wrong_due_day_stays_typed(cast: Cast):
    response = save(cast.client("teacher"), cast, homework="№ 5", due="завтра")

    html = response.content.decode()
    assert "Срок задания не похож на день" in html
    assert 'value="завтра"' in html


def test_files_are_sent_back_as_attachments(cast: Cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = cast.client("teacher")

    response = save(client, cast, files=[SimpleUploadedFile("задачи.pdf", b"2 + 2")])

    file = HomeworkFile.objects.get()
    sent = client.get(reverse("register:homework_file", args=[file.code]))
    assert said(response) == ["Урок сохранён: 1 файл"]
    assert b"".join(sent) == b"2 + 2"
    assert sent["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert (sent["Content-Type"], sent["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")


def test_says_in_one_sentence_why_a_file_is_refused(cast: Cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    response = save(cast.client("teacher"), cast, files=[SimpleUploadedFile("игра.exe", b"MZ")])

    assert "«игра.exe»: файлы такого вида не прикладывают." in response.content.decode()
    assert not HomeworkFile.objects.exists()


def test_a_removed_file_is_no_longer_sent(cast: Cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = cast.client("teacher")
    save(client, cast, files=[SimpleUploadedFile("задачи.pdf", b"2 + 2")])
    file = HomeworkFile.objects.get()

    response = save(client, cast, remove=str(file.code))

    assert said(response) == ["Урок сохранён: убрано: 1 файл"]
    assert client.get(reverse("register:homework_file", args=[file.code])).status_code == 404


def test_a_lesson_to_come_takes_topic_and_homework_only(cast: Cast):
    client, ahead = cast.client("teacher"), cast.lessons[-1]

    html = client.get(page(cast, ahead)).content.decode()
    client.post(
        page(cast, ahead), {"topic": "Повторение", "seen-topic": "", "homework": "№ 5", "intent": "all_present"}
    )

    assert "Урок ещё впереди" in html
    assert "Все присутствуют" not in html
    lesson = Lesson.objects.get(pk=ahead.pk)
    assert (lesson.topic, lesson.state, lesson.attendance_taken_at) == ("Повторение", Lesson.State.PLANNED, None)


@pytest.mark.parametrize("member", ["class_teacher", "deputy", "director"])
def test_others_read_only(cast: Cast, member: str):
    client = cast.client(member)

    html = client.get(page(cast)).content.decode()

    assert "<textarea" not in html
    assert client.post(page(cast), untouched(cast) | {"topic": "Чужая"}).status_code == 403
    assert Lesson.objects.get(pk=cast.today_lesson.pk).topic == ""


def test_a_substitute_fills_his_lesson_and_sees_no_other(cast: Cast):
    Lesson.objects.filter(pk=cast.today_lesson.pk).update(teacher=cast.substitute)
    client = cast.client("substitute")

    response = save(client, cast, topic="Корни")

    assert said(response) == ["Урок сохранён: тема"]
    assert "Замена: вам доступен только этот урок." in response.content.decode()
    assert client.get(page(cast, cast.lessons[0])).status_code == 404


def test_a_closed_year_is_read_only(cast: Cast):
    AcademicYear.objects.filter(pk=cast.year.pk).update(state=AcademicYear.State.CLOSED)
    client = cast.client("teacher")

    assert "Учебный год закрыт" in client.get(page(cast)).content.decode()
    assert client.post(page(cast), untouched(cast)).status_code == 403


def test_leads_to_the_lessons_before_and_after_and_to_the_grid(cast: Cast):
    html = cast.client("teacher").get(page(cast)).content.decode()

    before, after = cast.lessons[3], cast.lessons[5]
    assert (before.on, after.on) == (date(2026, 11, 13), date(2026, 11, 20))
    assert f'rel="prev" href="{page(cast, before)}"' in html
    assert f'rel="next" href="{page(cast, after)}"' in html
    task = Task.objects.get(lesson=cast.today_lesson)
    assert f"{reverse('register:grid', args=[cast.algebra.code])}?term=2#task={task.code}" in html


def test_tells_who_changed_what_and_when(cast: Cast):
    client = cast.client("teacher")
    save(client, cast, topic="Корни", **{mark_name(cast, 0): "4"})
    save(client, cast, **{"seen-topic": "Корни", "topic": "Корни", mark_name(cast, 0): "5",
                          f"seen-{mark_name(cast, 0)}": "4"})  # fmt: skip

    html = client.get(page(cast)).content.decode()

    assert "Антонова Дарья: <b>отметка: 4 → 5</b>" in html
    assert "<b>тема: Корни</b>" in html
    assert "Копылова М. А., Учитель математики" in html


def test_escapes_what_was_typed(cast: Cast):
    response = save(cast.client("teacher"), cast, topic="<script>alert(1)</script>")

    assert "<script>alert(1)" not in response.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_class(cast: Cast, django_assert_num_queries):
    client = cast.client("teacher")
    with django_assert_num_queries(18):
        client.get(page(cast))
    newcomers = [make_pupil(cast.organisation, f"Яковлев{number} Пётр") for number in range(20)]
    join(whole_class(cast.class_8a), *newcomers)
    task = Task.objects.get(lesson=cast.today_lesson)
    for pupil in newcomers:
        Mark.objects.create(organisation=cast.organisation, task=task, pupil=pupil, value="5", put_at=moment(TODAY))

    with django_assert_num_queries(18):
        client.get(page(cast))
