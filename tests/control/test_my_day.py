"""«Мой день»: lessons, what each lacks, links to the exact place, and which day is shown."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from letopis.register.actions import substitutions
from letopis.register.models import Attendance, Homework, Lesson, Mark, Task
from letopis.rules.obligations import ATTENDANCE, HOMEWORK, TOPIC
from letopis.schooling.models import CalendarDay
from tests.cast import TODAY, Cast
from tests.factories import moment

PAGE = reverse("control:my_day")


def day(cast: Cast, member: str = "teacher", query: str = "") -> Any:
    return cast.client(member).get(f"{PAGE}{query}").context["day"]


def fill(lesson: Lesson, **changes: Any) -> None:
    Lesson.objects.filter(pk=lesson.pk).update(**({"topic": "Корни", "attendance_taken_at": moment(TODAY)} | changes))
    Homework.objects.create(organisation=lesson.organisation, lesson=lesson, nothing_set=True)


def gaps(state: Any) -> list[str]:
    return [link.duty.kind for link in state.gaps]


def test_shows_todays_lessons_with_what_each_lacks(cast: Cast, monkeypatch):
    monkeypatch.setattr("letopis.people.middleware.clock.now", lambda: moment(TODAY, 10))

    shown = day(cast)

    lesson = shown.lessons[0]
    address = reverse("register:lesson", args=[cast.today_lesson.code])
    assert (lesson.state.lesson.course.subject.name, lesson.state.group_title) == ("Алгебра", "8А")
    assert (f"{lesson.starts_at:%H:%M}", lesson.state.lesson.room.name) == ("09:30", "204")
    assert [link.url for link in lesson.state.gaps] == [
        f"{address}#attendance", f"{address}#topic", f"{address}#homework",
    ]  # fmt: skip


def test_a_filled_lesson_lacks_nothing(cast: Cast):
    fill(cast.today_lesson)

    assert day(cast).lessons[0].is_complete


def test_a_control_work_without_marks_leads_to_its_column(cast: Cast):
    fill(cast.today_lesson)
    task = Task.objects.get(lesson=cast.today_lesson)
    Task.objects.filter(pk=task.pk).update(kind="КР")

    link = day(cast).lessons[0].state.gaps[0]

    address = reverse("register:lesson", args=[cast.today_lesson.code])
    assert (link.sentence, link.due, link.tone) == ("КР: нет отметок (6)", "до 23 ноября", "")
    assert link.url == f"{address}#task-{task.code}"


def test_a_control_work_waits_until_everybody_who_was_there_has_a_mark(cast: Cast):
    fill(cast.today_lesson)
    task = Task.objects.get(lesson=cast.today_lesson)
    Task.objects.filter(pk=task.pk).update(kind="КР")
    absent, *present = cast.pupils
    for pupil in present[1:]:
        Mark.objects.create(organisation=cast.organisation, task=task, pupil=pupil, value="5", put_at=moment(TODAY))
    Attendance.objects.create(
        organisation=cast.organisation, lesson=cast.today_lesson, pupil=absent, event="ABSENT", put_at=moment(TODAY)
    )

    assert [link.sentence for link in day(cast).lessons[0].state.gaps] == ["КР: нет отметок (1)"]

    Mark.objects.create(organisation=cast.organisation, task=task, pupil=present[0], value="4", put_at=moment(TODAY))

    assert day(cast).lessons[0].is_complete


def test_one_mark_is_enough_for_another_work(cast: Cast):
    fill(cast.today_lesson)
    task = Task.objects.get(lesson=cast.today_lesson)
    Task.objects.filter(pk=task.pk).update(kind="СР")
    Mark.objects.create(
        organisation=cast.organisation, task=task, pupil=cast.pupils[0], value="5", put_at=moment(TODAY)
    )

    assert day(cast).lessons[0].is_complete


def test_says_until_when_each_thing_is_due(cast: Cast, monkeypatch):
    monkeypatch.setattr("letopis.people.middleware.clock.now", lambda: moment(TODAY, 10))

    shown = day(cast)

    # The last lesson of 8А that day is the fourth.
    assert [(link.duty.kind, link.due) for link in shown.lessons[0].state.gaps] == [
        (ATTENDANCE, "до 23:59"), (TOPIC, "до 23:59"), (HOMEWORK, "до 13:40"),
    ]  # fmt: skip
    assert shown.waiting[0].first.due == "срок был 2 ноября"
    assert "политика по умолчанию" in shown.waiting[0].first.clause


def test_the_bell_marks_the_lesson_that_goes_on(cast: Cast, monkeypatch):
    monkeypatch.setattr("letopis.people.middleware.clock.now", lambda: moment(TODAY, 9, 45))

    assert day(cast).lessons[0].is_now is True


def test_says_who_is_replaced(cast: Cast):
    Lesson.objects.filter(pk=cast.today_lesson.pk).update(teacher=cast.substitute)

    lesson = day(cast, "substitute").lessons[0]

    assert (lesson.state.lesson.number, lesson.instead_of) == (2, "Копылова М. А.")
    assert day(cast, "substitute").lessons[1].instead_of == ""


def test_waiting_are_the_lessons_of_two_weeks_the_longest_late_first(cast: Cast):
    fill(cast.lessons[0], topic="")
    fill(cast.lessons[2])

    shown = day(cast)

    assert [(one.state.lesson.on, gaps(one.state)[0]) for one in shown.waiting] == [
        (date(2026, 11, 2), TOPIC),
        (date(2026, 11, 6), ATTENDANCE),
        (date(2026, 11, 13), ATTENDANCE),
    ]
    assert [one.ago for one in shown.waiting] == ["14 дней назад", "10 дней назад", "3 дня назад"]


def test_cancelled_lessons_are_left_out(cast: Cast):
    Lesson.objects.update(state=Lesson.State.CANCELLED)

    assert day(cast) is None


@pytest.mark.parametrize(
    ("on", "shown", "said"),
    [
        pytest.param(
            "2026-10-28", "2026-11-02", "28 октября — каникулы. Показан следующий учебный день", id="vacation"
        ),
        pytest.param("2026-11-14", "2026-11-16", "14 ноября — выходной. Показан следующий учебный день", id="Saturday"),
        pytest.param(
            "2026-11-17", "2026-11-20", "17 ноября у вас нет уроков. Показан следующий день с уроками", id="no lessons"
        ),
    ],
)
def test_a_day_without_lessons_gives_the_next_one_and_says_so(cast: Cast, on: str, shown: str, said: str):
    response = cast.client("teacher").get(f"{PAGE}?on={on}")

    assert response.context["day"].on == date.fromisoformat(shown)
    assert said in response.content.decode()


def test_in_vacation_today_says_so(cast: Cast, settings):
    settings.LETOPIS_TODAY = "2026-10-28"

    html = cast.client("teacher").get(PAGE).content.decode()

    assert "Сегодня каникулы. Показан следующий учебный день: понедельник, 2 ноября 2026." in html


def test_a_holiday_in_the_middle_of_the_week(cast: Cast):
    CalendarDay.objects.create(
        organisation=cast.organisation, year=cast.year, on=date(2026, 11, 4), kind="OFF", title="День единства"
    )

    html = cast.client("teacher").get(f"{PAGE}?on=2026-11-04").content.decode()

    assert "4 ноября — нерабочий день." in html


def test_after_the_last_lesson_there_is_no_next_day(cast: Cast):
    response = cast.client("teacher").get(f"{PAGE}?on=2026-11-30")

    assert response.context["day"].on is None
    assert "Дальше в расписании уроков нет." in response.content.decode()


def test_arrows_lead_to_days_with_lessons(cast: Cast):
    shown = day(cast)

    assert (shown.previous, shown.following) == (date(2026, 11, 13), date(2026, 11, 20))


def test_lessons_to_come_lack_nothing_yet(cast: Cast):
    assert day(cast, query="?on=2026-11-20").lessons[0].is_complete


def test_a_wrong_day_is_today(cast: Cast):
    assert day(cast, query="?on=вчера").on == TODAY


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("member", ["teacher", "deputy"])
def test_a_day_that_no_school_reaches_is_today(cast: Cast, member: str, on: str):
    response = cast.client(member).get(f"{PAGE}?on={on}")

    assert (response.status_code, response.context["day"].on) == (200, TODAY)


def test_the_deputy_sees_the_day_of_the_school_by_teacher(cast: Cast):
    fill(cast.today_lesson)

    shown = day(cast, "deputy")

    assert (shown.total, shown.complete) == (4, 1)
    assert [(one.teacher, len(one.states)) for one in shown.teachers] == [("Зайцева А. А.", 2), ("Орлова Т. П.", 1)]


def test_the_deputy_sees_the_next_school_day_on_a_sunday(cast: Cast):
    response = cast.client("deputy").get(f"{PAGE}?on=2026-11-22")

    shown = response.context["day"]
    assert (shown.on, shown.previous, shown.following) == (date(2026, 11, 23), date(2026, 11, 20), date(2026, 11, 27))
    assert shown.total == 4
    assert "22 ноября в школе нет уроков. Показан следующий учебный день: " in response.content.decode()


def test_a_vacancy_is_a_teacher_of_the_schools_day(cast: Cast):
    Lesson.objects.filter(pk=cast.today_lesson.pk).update(teacher=None)

    assert day(cast, "director").teachers[0].teacher == "вакансия"


def test_an_employee_without_lessons_is_told_so(cast: Cast):
    assert "Уроков у вас нет" in cast.client("clerk").get(PAGE).content.decode()


def test_the_way_in_leads_to_my_day(cast: Cast):
    assert cast.client("teacher").get("/").url == PAGE


@pytest.mark.parametrize(
    ("member", "place"),
    [("clerk", "exchange:imports"), ("administrator", "exchange:imports"), ("archivist", "archive:packages")],
)
def test_the_way_in_leads_an_office_to_its_own_work(cast: Cast, member: str, place: str):
    assert cast.client(member).get("/").url == reverse(place)


def test_the_number_of_queries_does_not_grow(cast: Cast, django_assert_max_num_queries):
    client = cast.client("teacher")
    Task.objects.update(kind="КР")

    with django_assert_max_num_queries(8):
        client.get(PAGE)
    Lesson.objects.update(teacher=cast.teacher)
    with django_assert_max_num_queries(8):
        client.get(PAGE)
    with django_assert_max_num_queries(8):
        client.get(f"{PAGE}?on=2026-11-17")


def test_a_substitution_shows_at_once_on_both_days(cast: Cast):
    lesson = cast.today_lesson
    row = substitutions.substitute(
        cast.actor("deputy"), lesson, acting=cast.substitute, reason="Болезнь", at=moment(TODAY)
    )

    mine, theirs = day(cast), day(cast, "substitute")

    assert [(one.on, one.number, one.title, one.words) for one in mine.away] == [
        (TODAY, 2, "8А · Алгебра", "замена: Орлова Т. П.")
    ]
    assert all(one.state.lesson.pk != lesson.pk for one in mine.lessons)
    assert [one.instead_of for one in theirs.lessons if one.state.lesson.pk == lesson.pk] == ["Копылова М. А."]

    substitutions.withdraw(cast.actor("deputy"), row, at=moment(TODAY))

    assert day(cast).away == ()
    assert all(one.state.lesson.pk != lesson.pk for one in day(cast, "substitute").lessons)
