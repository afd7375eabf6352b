"""The diary of a week: what a parent finds on a phone, and what is nobody else's business."""

from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from letopis.people.models import Consent, Enrolment, Guardianship
from letopis.register.models import Attendance, Homework, HomeworkFile, Lesson, Mark, Task
from letopis.schooling.models import Membership
from tests import factories as make
from tests.cast import TODAY, Cast
from tests.factories import moment

PAGE = reverse("diary:week")


def week(cast: Cast, member: str = "mother", query: str = "") -> Any:
    return cast.client(member).get(f"{PAGE}{query}").context["week"]


def lesson_of(shown: Any, subject: str, weekday: int = 0) -> Any:
    return next(lesson for lesson in shown.days[weekday].lessons if lesson.subject == subject)


def put_mark(cast: Cast, pupil: Any, value: str, kind: str = "КР") -> None:
    task = Task.objects.get(lesson=cast.today_lesson)
    Task.objects.filter(pk=task.pk).update(kind=kind)
    Mark.objects.create(organisation=cast.organisation, task=task, pupil=pupil, value=value, put_at=moment(TODAY))


def decide(cast: Cast, member: str, state: str) -> None:
    person = cast.users[member].person
    Consent.objects.create(
        organisation=cast.organisation,
        guardianship=Guardianship.objects.get(guardian=person.guardian),
        state=state,
        on=date(2026, 11, 1),
    )


@pytest.mark.parametrize("member", ["mother", "pupil"])
def test_shows_a_week_from_monday(cast: Cast, member: str):
    shown = week(cast, member)

    assert (shown.first, shown.last, shown.school_class.title) == (date(2026, 11, 16), date(2026, 11, 22), "8А")
    assert [len(day.lessons) for day in shown.days] == [3, 0, 0, 0, 1, 0]
    assert [lesson.subject for lesson in shown.days[0].lessons] == [
        "Алгебра", "Русский язык", "Иностранный язык (английский)",
    ]  # fmt: skip


def test_shows_marks_with_the_work_and_absence_in_letters(cast: Cast):
    put_mark(cast, cast.polina, "2")
    Attendance.objects.create(
        organisation=cast.organisation, lesson=cast.today_lesson, pupil=cast.polina, event="LATE", minutes=10,
        put_at=moment(TODAY),
    )  # fmt: skip

    lesson = lesson_of(week(cast), "Алгебра")

    assert [(mark.value, mark.work, mark.is_low) for mark in lesson.marks] == [("2", "КР", True)]
    assert (lesson.letters, lesson.letters_title) == ("о10", "опоздание")


def test_marks_of_other_children_are_not_shown(cast: Cast):
    put_mark(cast, cast.pupils[0], "2")

    assert lesson_of(week(cast), "Алгебра").marks == ()


def test_homework_stands_where_it_was_set_and_where_it_is_due(cast: Cast):
    Homework.objects.create(
        organisation=cast.organisation, lesson=cast.today_lesson, text="№ 5", due_on=date(2026, 11, 20)
    )

    shown = week(cast)

    assert [one.value.text for one in lesson_of(shown, "Алгебра").set_now] == ["№ 5"]
    assert [one.value.text for one in lesson_of(shown, "Алгебра", weekday=4).due] == ["№ 5"]


def test_a_topic_placed_ahead_is_seen_at_once(cast: Cast):
    Lesson.objects.filter(pk=cast.lessons[5].pk).update(topic="Повторение")

    assert lesson_of(week(cast), "Алгебра", weekday=4).topic == "Повторение"


def test_nothing_set_is_said(cast: Cast):
    Homework.objects.create(organisation=cast.organisation, lesson=cast.today_lesson, nothing_set=True)

    assert "Ничего не задано" in cast.client("mother").get(PAGE).content.decode()


def test_a_pupil_who_changed_groups_keeps_the_lessons_of_each_in_its_days(cast: Cast):
    Membership.objects.filter(pupil=cast.polina, group=cast.english_2.group).update(ends_on=date(2026, 11, 15))
    make.join(cast.english_1.group, cast.polina, since=date(2026, 11, 16))

    english = "Иностранный язык (английский)"
    assert sum(lesson.subject == english for lesson in week(cast).days[0].lessons) == 1
    assert sum(lesson.subject == english for lesson in week(cast, query="?week=2026-11-09").days[0].lessons) == 1


def test_a_cancelled_lesson_says_so(cast: Cast):
    Lesson.objects.filter(pk=cast.today_lesson.pk).update(state=Lesson.State.CANCELLED)

    assert lesson_of(week(cast), "Алгебра").is_cancelled is True


def test_vacation_is_named(cast: Cast):
    shown = week(cast, query="?week=2026-10-28")

    assert [day.note for day in shown.days] == ["Осенние"] * 6


def test_a_guardian_who_refused_is_told_so_kindly(cast: Cast):
    response = cast.client("father").get(PAGE)

    html = response.content.decode()
    assert (response.status_code, "week" in response.context) == (200, False)
    assert "28.08.2026 вы отказались" in html
    assert "Как изменить решение" in html
    assert "Алгебра" not in html


def test_the_other_parent_and_the_child_still_see(cast: Cast):
    assert week(cast, "mother").school_class.title == "8А"
    assert week(cast, "pupil").school_class.title == "8А"


def test_a_later_consent_opens_the_diary(cast: Cast):
    decide(cast, "father", Consent.State.GIVEN)

    assert week(cast, "father").school_class.title == "8А"


def test_a_withdrawn_consent_closes_it(cast: Cast):
    decide(cast, "mother", Consent.State.WITHDRAWN)

    assert "01.11.2026 вы отозвали согласие" in cast.client("mother").get(PAGE).content.decode()


@pytest.mark.parametrize("code", ["{other}", "00000000-0000-0000-0000-000000000000", "nobody"])
def test_another_child_does_not_exist(cast: Cast, code: str):
    query = f"?pupil={code.format(other=cast.pupils[0].code)}"

    assert cast.client("mother").get(f"{PAGE}{query}").status_code == 404


def test_a_guardian_of_two_switches_between_them(cast: Cast):
    guardian = cast.users["mother"].person.guardian
    Guardianship.objects.create(
        organisation=cast.organisation, guardian=guardian, pupil=cast.pupils[0], relation="мать"
    )

    response = cast.client("mother").get(f"{PAGE}?pupil={cast.pupils[0].code}")

    assert response.context["child"].pupil == cast.pupils[0]
    assert f"?pupil={cast.polina.code}" in response.content.decode()


def test_files_are_sent_to_those_who_see_the_diary(cast: Cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    homework = Homework.objects.create(organisation=cast.organisation, lesson=cast.today_lesson, text="№ 5")
    file = HomeworkFile(organisation=cast.organisation, homework=homework, name="задачи.pdf", size=1, digest="0")
    file.file.save("x", ContentFile(b"1"))
    address = reverse("diary:homework_file", args=[file.code])

    assert b"".join(cast.client("mother").get(address)) == b"1"
    assert cast.client("father").get(address).status_code == 404
    Membership.objects.filter(pupil=cast.polina, group=cast.algebra.group).update(ends_on=date(2026, 11, 1))
    assert cast.client("mother").get(address).status_code == 404


def test_the_number_of_queries_is_fixed(cast: Cast, django_assert_num_queries):
    put_mark(cast, cast.polina, "5")
    client = cast.client("mother")

    with django_assert_num_queries(18):
        client.get(PAGE)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_that_no_school_reaches_shows_this_week(cast: Cast, day: str):
    assert week(cast, query=f"?week={day}").first == date(2026, 11, 16)


def test_who_is_taught_at_home_sees_no_lessons_of_his_class(cast: Cast):
    since = date(2026, 11, 18)
    Enrolment.objects.filter(pupil=cast.polina).update(ends_on=date(2026, 11, 17))
    Enrolment.objects.create(organisation=cast.organisation, pupil=cast.polina, form="HOME", starts_on=since)

    shown = week(cast)

    assert [len(day.lessons) for day in shown.days] == [3, 0, 0, 0, 0, 0]
