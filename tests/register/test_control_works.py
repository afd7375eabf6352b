"""The schedule of control works: placing, moving, withdrawing; the page, its table and print."""

import subprocess
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from letopis.core.errors import Refused
from letopis.core.typst import render, sample
from letopis.ledger.models import Entry
from letopis.register.access import OpenLesson
from letopis.register.access.homework import lesson_for_control_work
from letopis.register.actions.control_works import move_control_work, place_control_work, withdraw_control_work
from letopis.register.models import Lesson, Mark, PeriodClosing, Task
from letopis.schooling.models import AcademicYear
from tests.cast import TODAY, Cast
from tests.factories import moment
from tests.policy import adopt

AT = moment(TODAY)
FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)
PAGE = reverse("register:control_works")
PLACE = reverse("register:place_control_work")


def lesson_on(cast: Cast, on: date = FRIDAY) -> Lesson:
    return Lesson.objects.get(course=cast.algebra, on=on)


def opened(cast: Cast, on: date = FRIDAY, member: str = "teacher") -> OpenLesson:
    return lesson_for_control_work(cast.actor(member), lesson_on(cast, on).code)


def place(cast: Cast, on: date = FRIDAY, kind: str = "КР", title: str = "Уравнения", **more: object) -> Task:
    return place_control_work(opened(cast, on), kind=kind, title=title, at=AT, **more)[0]


def verbs() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


def test_a_work_takes_the_empty_column_of_its_lesson(cast: Cast):
    task = place(cast)

    assert Task.objects.filter(lesson=lesson_on(cast)).count() == 1
    assert (task.kind, task.title, task.position) == ("КР", "Уравнения", 1)
    assert verbs() == ["register.place_control_work"]


def test_the_same_work_twice_is_one(cast: Cast):
    task = place(cast)

    assert place(cast).pk == task.pk
    assert len(verbs()) == 1


def test_a_second_work_gets_a_column_of_its_own(cast: Cast):
    place(cast)

    assert place(cast, kind="З", title="").position == 2


def test_a_deputy_places_on_any_lesson_and_a_colleague_on_none(cast: Cast):
    place_control_work(opened(cast, member="deputy"), kind="КР-ВШК", at=AT)

    assert Task.objects.get(kind="КР-ВШК").lesson == lesson_on(cast)
    with pytest.raises(PermissionDenied):
        opened(cast, member="class_teacher")


@pytest.mark.parametrize(
    ("on", "kind", "title", "code"),
    [
        (FRIDAY, "УО", "", "NOT_CONTROL"),
        (FRIDAY, "выдумка", "", "NOT_CONTROL"),
        (FRIDAY, "КР", "я" * 201, "LONG_TITLE"),
        (date(2026, 11, 13), "КР", "", "LESSON_PAST"),
    ],
)
def test_refuses_what_is_no_plan(cast: Cast, on: date, kind: str, title: str, code: str):
    with pytest.raises(Refused) as refusal:
        place(cast, on, kind=kind, title=title)

    assert refusal.value.verdict.code == code


def test_refuses_a_cancelled_lesson_and_a_closed_year(cast: Cast):
    Lesson.objects.filter(pk=lesson_on(cast).pk).update(state=Lesson.State.CANCELLED)
    with pytest.raises(Refused) as cancelled:
        place(cast)
    AcademicYear.objects.filter(pk=cast.year.pk).update(state=AcademicYear.State.CLOSED)
    with pytest.raises(Refused) as closed:
        place(cast, MONDAY)

    assert (cancelled.value.verdict.code, closed.value.verdict.code) == ("LESSON_CANCELLED", "YEAR_CLOSED")


def test_limits_warn_and_refuse_only_when_hard(cast: Cast):
    russian = Lesson.objects.get(course=cast.russian, on=MONDAY)
    Task.objects.filter(lesson=russian).update(kind="Д")

    _task, over = place_control_work(opened(cast, MONDAY), kind="КР", at=AT)

    # Algebra is the second lesson, the first of the class that day.
    assert {one.code for one in over} >= {"SAME_DAY", "EDGE_LESSON"}
    adopt(cast.organisation, control_work_hard_limits=("TOO_SOON",))
    with pytest.raises(Refused) as refusal:
        place(cast, FRIDAY)
    assert refusal.value.verdict.code == "TOO_SOON"


def test_moves_the_column_with_its_history(cast: Cast):
    task = place(cast)

    move_control_work(opened(cast), task, to=opened(cast, MONDAY), at=AT)
    move_control_work(opened(cast), task, to=opened(cast, MONDAY), at=AT)

    moved = Task.objects.get(pk=task.pk)
    assert (moved.lesson.on, moved.position, moved.title) == (MONDAY, 1, "Уравнения")
    assert [(one.kind, one.position) for one in lesson_on(cast).tasks.all()] == [("", 1)]
    assert [(one.kind, one.position) for one in lesson_on(cast, MONDAY).tasks.all()] == [("КР", 1)]
    assert verbs() == ["register.place_control_work", "register.move_control_work"]


def test_moves_beside_another_work(cast: Cast):
    task, other = place(cast), place(cast, MONDAY, title="Другая")

    move_control_work(opened(cast), task, to=opened(cast, MONDAY), at=AT)

    columns = lesson_on(cast, MONDAY).tasks.order_by("position").values_list("pk", "position")
    assert list(columns) == [(other.pk, 1), (task.pk, 2)]
    assert lesson_on(cast).tasks.count() == 1


def test_a_work_with_marks_stays(cast: Cast):
    task = place(cast, TODAY)
    Mark.objects.create(organisation=cast.organisation, task=task, pupil=cast.polina, value="5", put_at=AT)

    for act in (
        lambda: move_control_work(opened(cast, TODAY), task, to=opened(cast, MONDAY), at=AT),
        lambda: withdraw_control_work(opened(cast, TODAY), task, at=AT),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.verdict.code == "HAS_MARKS"
    assert Task.objects.get(pk=task.pk).lesson.on == TODAY


def test_a_work_does_not_go_to_another_course(cast: Cast):
    task = place(cast)
    russian = Lesson.objects.get(course=cast.russian, on=MONDAY)

    with pytest.raises(Refused) as refusal:
        move_control_work(opened(cast), task, to=lesson_for_control_work(cast.actor("deputy"), russian.code), at=AT)

    assert refusal.value.verdict.code == "OTHER_COURSE"


def test_withdraws_once_and_leaves_the_lesson_a_column(cast: Cast):
    task = place(cast)

    assert withdraw_control_work(opened(cast), task, at=AT) is True
    assert withdraw_control_work(opened(cast), task, at=AT) is False
    assert [(one.kind, one.title) for one in lesson_on(cast).tasks.all()] == [("", "")]


def test_a_closed_period_keeps_its_works(cast: Cast):
    task = place(cast)
    PeriodClosing.objects.create(
        organisation=cast.organisation, term=cast.term, school_class=cast.class_8a, closed_by=cast.teacher,
        closed_at=AT,
    )  # fmt: skip
    for verb in (
        lambda: withdraw_control_work(opened(cast, member="deputy"), task, at=AT),
        lambda: move_control_work(opened(cast), task, to=opened(cast, MONDAY), at=AT),
        lambda: place(cast, title="Дроби"),
    ):
        with pytest.raises(Refused) as refused:
            verb()
        assert refused.value.verdict.code == "PERIOD_CLOSED"


def test_a_column_that_is_no_control_work_is_not_withdrawn(cast: Cast):
    task = lesson_on(cast).tasks.get()
    task.kind, task.title = "ДЗ", "Задача из учебника"
    task.save()

    with pytest.raises(Refused) as refusal:
        withdraw_control_work(opened(cast, member="deputy"), task, at=AT)

    task.refresh_from_db()
    assert (refusal.value.verdict.code, task.kind) == ("NOT_CONTROL", "ДЗ")


def test_a_second_column_goes_with_its_work(cast: Cast):
    place(cast)
    second = place(cast, kind="З", title="")

    withdraw_control_work(opened(cast), second, at=AT)

    assert [one.kind for one in lesson_on(cast).tasks.all()] == ["КР"]


def test_the_page_shows_classes_by_days(cast: Cast):
    place(cast)
    place(cast, MONDAY, kind="КР-ВШК", title="")

    found = cast.client("clerk").get(PAGE).context["found"]
    internal = cast.client("deputy").get(PAGE, {"kind": "КР-ВШК"}).context["found"]
    none = cast.client("deputy").get(PAGE, {"class": cast.class_7a.code}).context["found"]

    assert (found.days, [row.title for row in found.rows]) == ((FRIDAY, MONDAY), ["8А"])
    assert [[work.kind for work in cell] for cell in found.rows[0].cells] == [["КР"], ["КР-ВШК"]]
    assert [work.kind for work in internal.works] == ["КР-ВШК"]
    assert none.works == ()
    # A filter hides a work, not what it means for the others.
    assert "TOO_SOON" in {one.code for one in internal.works[0].excesses}


def test_who_may_change_what(cast: Cast):
    place(cast)

    may = {
        member: [work.may_change for work in cast.client(member).get(PAGE).context["found"].works]
        for member in ("teacher", "deputy", "class_teacher", "clerk")
    }

    assert may == {"teacher": [True], "deputy": [True], "class_teacher": [False], "clerk": [False]}


def test_a_work_is_placed_moved_and_withdrawn_by_hand(cast: Cast):
    client = cast.client("deputy")
    form = {"course": cast.algebra.code, "lesson": lesson_on(cast).code, "kind": "КР", "title": "Уравнения"}

    placed = client.post(PLACE, form, follow=True)
    task = Task.objects.get(kind="КР")
    choice = client.get(PLACE, {"task": task.code})
    client.post(PLACE, {"task": task.code, "lesson": lesson_on(cast, MONDAY).code})

    assert "Работа поставлена в график" in str(next(iter(placed.context["messages"])))
    assert FRIDAY not in [lesson.on for lesson, _over in choice.context["lessons"]]
    assert Task.objects.get(pk=task.pk).lesson.on == MONDAY
    client.post(reverse("register:withdraw_control_work", args=[task.code]))
    assert not Task.objects.filter(kind="КР").exists()


def test_a_refused_form_keeps_what_was_typed(cast: Cast):
    form = {"course": cast.algebra.code, "kind": "КР", "title": "Уравнения"}

    response = cast.client("teacher").post(PLACE, form)

    assert response.status_code == 409
    assert "Выберите урок." in response.content.decode()
    assert 'value="Уравнения"' in response.content.decode()


def test_a_teacher_places_only_in_his_courses(cast: Cast):
    courses = cast.client("teacher").get(PLACE).context["courses"]

    assert [course.pk for course in courses] == [cast.algebra.pk]


def test_the_table_is_read_by_a_spreadsheet_and_runs_nothing(cast: Cast):
    place(cast, title="=HYPERLINK(1)")

    text = cast.client("deputy").get(reverse("register:control_works_csv")).content.decode("utf-8-sig")

    assert "20.11.2026;2;8А;;Алгебра;КР;'=HYPERLINK(1)" in text


def test_the_print_holds_every_work(cast: Cast, tmp_path):
    place(cast, title="Квадратные уравнения")

    response = cast.client("deputy").get(reverse("register:control_works_pdf"))

    path = tmp_path / "schedule.pdf"
    path.write_bytes(response.content)
    text = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True).stdout.decode()
    assert response["Content-Type"] == "application/pdf"
    assert [word in text for word in ("График контрольных работ", "2 четверть", "Квадратные уравнения", "8А")] == [
        True, True, True, True,
    ]  # fmt: skip


def test_an_empty_and_a_long_schedule_are_printed(tmp_path):
    data = sample("register", "control_schedule")
    days = [f"{day:02}.11" for day in range(1, 31)]
    long = data | {"days": days, "rows": [{"class": "7А", "cells": ["Алгебра, КР"] * 30}], "works": data["works"] * 40}

    for one in (data | {"days": [], "rows": [], "works": []}, long):
        assert render(("register", "control_schedule", TODAY), one, issued_on=TODAY).startswith(b"%PDF")


def test_the_page_takes_the_same_queries_whatever_it_holds(cast: Cast, django_assert_max_num_queries):
    Task.objects.filter(lesson__on__gte=TODAY).update(kind="КР")
    client = cast.client("deputy")

    with django_assert_max_num_queries(11):
        client.get(PAGE)
