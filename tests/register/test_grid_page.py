import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from letopis.register.access import course_for
from letopis.register.models import Attendance, Lesson, Mark, Task, TermMark
from letopis.register.queries.grid import grid
from letopis.rules.policy.editions import NO_EDITIONS
from letopis.schooling.models import AcademicYear, Membership, Workload
from tests import factories as make
from tests.cast import TODAY

pytestmark = pytest.mark.django_db

AT = make.moment(TODAY)


def grid_of(cast, course=None, member="teacher", **options):
    return grid(
        course_for(cast.actor(member), (course or cast.algebra).code), today=TODAY, policies=NO_EDITIONS, **options
    )


def put(cast, value, lesson=0, pupil=0, **fields):
    return Mark.objects.create(
        organisation=cast.organisation,
        task=cast.lessons[lesson].tasks.get(position=1),
        pupil=cast.pupils[pupil],
        value=value,
        put_at=make.moment(cast.lessons[lesson].on),
        **fields,
    )


def miss(cast, event="ABSENT", lesson=0, pupil=0, **fields):
    return Attendance.objects.create(
        organisation=cast.organisation,
        lesson=cast.lessons[lesson],
        pupil=cast.pupils[pupil],
        event=event,
        put_at=AT,
        **fields,
    )


def page(cast, member="teacher", course=None, query=""):
    return cast.client(member).get(reverse("register:grid", args=[(course or cast.algebra).code]) + query)


def days_of(shown):
    return [int(re.search(r'class="day">(\d+)', column.head)[1]) for column in shown.columns]


def results_of(shown, row=0):
    """Return the classes and texts at the right: the average, then the term marks."""
    return re.findall(r'<td class="([^"]*)">([^<]*)</td>', shown.rows[row].results)


def cells_of(shown, row=0):
    return re.findall(r'<td(?: class="([^"]*)")?>([^<]*)</td>', shown.rows[row].cells)


def test_says_where_and_when_you_are(cast):
    shown = grid_of(cast)

    assert shown.line == "8А · 2 четверть 2026/27 · 3 часа в неделю"
    assert [(link.title, link.query, link.is_current) for link in shown.terms] == [
        ("1 чт", "?term=1", False),
        ("2 чт", "?term=2", True),
        ("3 чт", "?term=3", False),
        ("4 чт", "?term=4", False),
        ("Год", "?term=year", False),
    ]


def test_a_mark_of_a_cancelled_lesson_does_not_count(cast):
    put(cast, "2")
    put(cast, "5", lesson=1)
    Lesson.objects.filter(pk=cast.lessons[0].pk).update(state=Lesson.State.CANCELLED)

    assert results_of(grid_of(cast))[0][1] == "5,00"


def test_heads_tell_month_day_and_kind_of_work(cast):
    Task.objects.filter(lesson=cast.lessons[0]).update(kind="КР", title="Квадратные корни")
    Task.objects.filter(lesson=cast.lessons[1]).update(kind="СР")

    shown = grid_of(cast)

    assert [(month.title, month.columns) for month in shown.months] == [("ноябрь", 8)]
    assert [re.sub(r'href="[^"]*"', "", column.head) for column in shown.columns[:3]] == [
        '<a  title="Контрольная работа — Квадратные корни"><span class="day">2</span></a>'
        '<a class="kind test"  aria-label="Столбец 02.11: КР">КР</a>',
        '<a  title="Самостоятельная работа"><span class="day">6</span></a>'
        '<a class="kind work"  aria-label="Столбец 06.11: СР">СР</a>',
        '<a ><span class="day">9</span></a><a class="kind"  aria-label="Столбец 09.11: вид работы">…</a>',
    ]


def test_names_stand_in_the_order_of_a_school_list(cast):
    assert [(row.number, row.name) for row in grid_of(cast).rows] == [
        (1, "Антонова Дарья"),
        (2, "Белов Тимофей"),
        (3, "Ёлкин Глеб"),
        (4, "Ершова Полина"),
        (5, "Журавлёв Степан"),
        (6, "Зимина Ксения"),
    ]


def test_cells_carry_only_what_is_exceptional(cast):
    put(cast, "5", 0)
    put(cast, "2", 1)
    put(cast, "4", 2, changes=1)
    miss(cast, lesson=3)
    miss(cast, lesson=4, reason="ILL")
    put(cast, "4", 3, pupil=1)
    miss(cast, "LATE", lesson=3, pupil=1, minutes=10)
    miss(cast, "PRESENT", lesson=4, pupil=1)

    shown = grid_of(cast)

    future = [("future", "")] * 3
    assert cells_of(shown, 0) == [
        ("", "5"),
        ("low", "2"),
        ("corrected", "4"),
        ("absent", "н"),
        ("excused", "б"),
        *future,
    ]
    assert cells_of(shown, 1) == [("", ""), ("", ""), ("", ""), ("", "4 о10"), ("", ""), *future]


def test_a_cleared_mark_leaves_its_corner(cast):
    put(cast, "", changes=1)

    assert cells_of(grid_of(cast))[0] == ("corrected", "")


def test_two_works_of_a_lesson_are_two_columns_with_one_absence(cast):
    second = Task.objects.create(organisation=cast.organisation, lesson=cast.lessons[0], position=2, kind="Д")
    miss(cast)
    put(cast, "5", pupil=1)
    put_at = make.moment(cast.lessons[0].on)
    Mark.objects.create(organisation=cast.organisation, task=second, pupil=cast.pupils[1], value="4", put_at=put_at)

    shown = grid_of(cast)

    assert days_of(shown)[:3] == [2, 2, 6]
    assert cells_of(shown, 0)[:2] == [("absent", "н"), ("absent", "")]
    assert cells_of(shown, 1)[:2] == [("", "5"), ("", "4")]


def test_the_average_is_weighted_and_the_proposal_stands_beside_it(cast):
    Task.objects.filter(lesson=cast.lessons[0]).update(kind="КР")
    put(cast, "3", 0)
    put(cast, "5", 1)

    assert results_of(grid_of(cast)) == [("average", "3,50"), ("term proposed", "4")]


def test_a_set_term_mark_stands_instead_of_the_proposal(cast):
    put(cast, "3")
    TermMark.objects.create(
        organisation=cast.organisation, pupil=cast.pupils[0], subject=cast.algebra.subject, term=cast.term,
        value="EXEMPT", put_at=AT,
    )  # fmt: skip

    assert results_of(grid_of(cast)) == [("average", "3,00"), ("term", "осв")]


def test_the_year_shows_every_term_mark(cast):
    TermMark.objects.create(
        organisation=cast.organisation, pupil=cast.pupils[0], subject=cast.algebra.subject, term=cast.term,
        value="4", put_at=AT,
    )  # fmt: skip
    put(cast, "3")

    shown = grid_of(cast, term="year")

    assert [title for title, _kind in shown.heads] == ["1 чт", "2 чт", "3 чт", "4 чт"]
    assert [text for _classes, text in results_of(shown)] == ["3,00", "", "4", "", ""]


@pytest.mark.parametrize(
    ("start", "end", "note", "is_gone", "closed"),
    [
        (date(2026, 9, 1), date(2026, 11, 9), "до 09.11", True, [3, 4]),
        (date(2026, 11, 9), None, "с 09.11", False, [0, 1]),
        (date(2026, 11, 6), date(2026, 11, 13), "с 06.11, до 13.11", True, [0, 4]),
        (date(2026, 9, 1), date(2026, 12, 1), "", False, []),
    ],
)
def test_days_outside_the_class_are_grey_and_closed(cast, start, end, note, is_gone, closed):
    Membership.objects.filter(pupil=cast.pupils[0]).update(starts_on=start, ends_on=end)

    shown = grid_of(cast)

    row = shown.rows[0]
    grey = [index for index, (classes, _text) in enumerate(cells_of(shown)[:5]) if "outside" in classes]
    assert (row.note, row.is_gone, grey) == (note, is_gone, closed)


def test_a_pupil_who_left_before_the_term_is_not_in_its_list(cast):
    Membership.objects.filter(pupil=cast.pupils[0]).update(ends_on=date(2026, 10, 1))

    assert grid_of(cast).rows[0].name == "Белов Тимофей"
    assert grid_of(cast, term="1").rows[0].name == "Антонова Дарья"


def test_marks_of_the_group_a_pupil_came_from_count_in_his_average(cast):
    pupil = cast.pupils[0]
    Membership.objects.filter(group=cast.english_1.group, pupil=pupil).update(ends_on=date(2026, 11, 8))
    make.join(cast.english_2.group, pupil, since=date(2026, 11, 9))
    for course, value in ((cast.english_1, "2"), (cast.english_2, "5")):
        lesson = Lesson.objects.filter(course=course).order_by("on")[0 if course == cast.english_1 else 2]
        Mark.objects.create(
            organisation=cast.organisation, task=lesson.tasks.get(), pupil=pupil, value=value, put_at=AT
        )

    shown = grid_of(cast, course=cast.english_2, member="class_teacher")

    assert (shown.rows[0].name, results_of(shown)[0]) == ("Антонова Дарья", ("average", "3,50"))
    assert "".join(text for _classes, text in cells_of(shown)) == "5"


def test_a_subgroup_shows_only_its_own_pupils(cast):
    shown = grid_of(cast, course=cast.english_1, member="substitute")

    assert [row.name for row in shown.rows] == ["Антонова Дарья", "Белов Тимофей", "Ёлкин Глеб"]


def test_lessons_before_the_workload_are_locked_and_say_why(cast):
    Workload.objects.filter(course=cast.algebra).update(starts_on=date(2026, 11, 9))
    Lesson.objects.update(teacher=None)

    shown = grid_of(cast)

    assert [column.place for column in shown.columns[:4]] == ["locked", "locked", "", ""]
    assert "Этот урок вёл другой учитель" in shown.columns[0].attributes


def test_a_cancelled_lesson_has_no_column(cast):
    Lesson.objects.filter(pk=cast.lessons[0].pk).update(state=Lesson.State.CANCELLED)

    assert days_of(grid_of(cast))[0] == 6


@pytest.mark.parametrize("member", ["class_teacher", "deputy"])
def test_those_who_only_see_are_told_so(cast, member):
    text = page(cast, member).content.decode()

    assert "отметки ставит учитель предмета" in text
    assert "data-editable" not in text


def test_a_closed_year_is_only_read(cast):
    AcademicYear.objects.update(state=AcademicYear.State.CLOSED)

    assert "data-editable" not in page(cast).content.decode()


def test_an_empty_group_and_a_term_without_lessons_say_so(cast):
    without_lessons = page(cast, query="?term=4").content.decode()
    Membership.objects.filter(group=cast.algebra.group).delete()
    without_pupils = page(cast).content.decode()

    assert ("Занятий нет" in without_lessons, "В группе никого нет" in without_pupils) == (True, True)


def crowd(cast, pupils, columns):
    """Fill the class up to so many pupils and the term up to so many columns, with marks of believable density."""
    group = cast.algebra.group
    for number in range(pupils - len(cast.pupils)):
        make.join(group, make.make_pupil(cast.organisation, f"Яковлев{number:02} Константин Викторович"))
    day = cast.lessons[0].on
    made = [
        Lesson.objects.create(
            organisation=cast.organisation, course=cast.algebra, on=day + timedelta(days=n // 4), number=4 + n % 4,
            teacher=cast.teacher,
        )
        for n in range(columns - len(cast.lessons))
    ]  # fmt: skip
    for lesson in made:
        task = Task.objects.create(organisation=cast.organisation, lesson=lesson, kind="УО")
        Mark.objects.bulk_create(
            Mark(organisation=cast.organisation, task=task, pupil_id=stay.pupil_id, value="4", put_at=AT)
            for stay in group.memberships.all()[:: 1 + lesson.pk % 3]
        )


@pytest.mark.parametrize("pupils", [6, 35])
def test_the_whole_request_takes_at_most_eight_queries(cast, pupils):
    crowd(cast, pupils, 12)
    client = cast.client("teacher")

    with CaptureQueriesContext(connection) as queries:
        response = client.get(reverse("register:grid", args=[cast.algebra.code]))

    assert (response.status_code, len(queries)) == (200, 8)


def test_thirty_pupils_by_forty_columns_fit_in_100_kb(cast):
    crowd(cast, 30, 40)

    text = page(cast).content

    assert len(re.findall(rb"<td", text)) == 30 * (40 + 2)
    assert len(text) <= 100 * 1024


def panel(cast, lesson=0, **query):
    cell = {"task": cast.lessons[lesson].tasks.get().code, "pupil": cast.polina.code}
    return cast.client("teacher").get(reverse("register:cell", args=[cast.algebra.code]), cell | query)


def test_the_panel_tells_history_proposal_and_lesson(cast):
    Task.objects.filter(lesson=cast.today_lesson).update(kind="УО")
    Lesson.objects.filter(pk=cast.today_lesson.pk).update(topic="Формула корней")
    body = {"term": "2", "cells": [{
        "task": str(cast.today_lesson.tasks.get().code), "pupil": str(cast.polina.code), "seen": "", "text": "4",
    }]}  # fmt: skip
    cast.client("teacher").post(
        reverse("register:cells", args=[cast.algebra.code]), body, content_type="application/json"
    )

    text = panel(cast, lesson=cast.lessons.index(cast.today_lesson)).content.decode()

    for part in ("Ершова Полина · 16 ноября", "Устный ответ: 4", "Копылова М. А.", "отметка: 4", "Формула корней",
                 "Почему прогноз «4»", "4·1"):  # fmt: skip
        assert part in text, part


def test_the_panel_says_why_a_cell_is_closed(cast):
    assert "ставят в день занятия" in panel(cast, lesson=-1).content.decode()


@pytest.mark.parametrize("query", [{"task": "x"}, {"pupil": "x"}, {"pupil": ""}])
def test_the_panel_of_no_cell_is_not_found(cast, query):
    assert panel(cast, **query).status_code == 404


def test_the_panel_of_a_stranger_is_not_found(cast):
    stranger = make.make_pupil(cast.organisation, "Громов Яков Юрьевич")

    assert panel(cast, pupil=stranger.code).status_code == 404


def test_a_work_is_named_by_a_plain_form(cast):
    task = cast.today_lesson.tasks.get()
    url = reverse("register:task_kind", args=[cast.algebra.code, task.code])

    response = cast.client("teacher").post(url, {"kind": "КР", "title": "Корни", "term": "2"})

    task.refresh_from_db()
    assert (response.url, task.kind, task.title) == (
        f"{reverse('register:grid', args=[cast.algebra.code])}?term=2", "КР", "Корни",
    )  # fmt: skip
