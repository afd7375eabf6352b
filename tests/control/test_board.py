"""The deputy's board: map, sums, indicators, lists with links, tables; a teacher's own list."""

from collections import Counter
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from letopis.control.queries.board.cells import short_name_of
from letopis.control.queries.board.sums import Sum
from letopis.register.models import Homework, Lesson, Substitution, Task
from letopis.register.queries.duty_words import ASKED, KIND_WORDS, STATE_WORDS
from letopis.rules.obligations import KINDS, STATES, WORDS
from tests.cast import TODAY, Cast
from tests.factories import moment

BOARD, DUTIES, MINE = reverse("control:board"), reverse("control:duties"), reverse("control:my_duties")


def board(cast: Cast, query: str = "", member: str = "deputy") -> Any:
    return cast.client(member).get(f"{BOARD}?{query}").context["shown"]


def cells(cast: Cast, query: str = "") -> dict[tuple[str, str], tuple[str, str]]:
    shown = board(cast, query)
    return {
        (row.title, head[1]): (cell.text, cell.step)
        for row in shown.rows
        for head, cell in zip(shown.heads, row.cells, strict=True)
    }


def listed(cast: Cast, query: str = "", member: str = "deputy", page: str = DUTIES) -> list[Any]:
    return list(cast.client(member).get(f"{page}?{query}").context["lines"])


def places(lines: list[Any]) -> list[tuple[str, str]]:
    return [(line.duty.kind, f"{line.duty.since:%d.%m}") for line in lines]


def fill(*lessons: Lesson) -> None:
    for lesson in lessons:
        Lesson.objects.filter(pk=lesson.pk).update(
            topic="Корни", state="HELD", held_at=moment(lesson.on), attendance_taken_at=moment(lesson.on)
        )
        Homework.objects.create(organisation=lesson.organisation, lesson=lesson, nothing_set=True)


def test_words_of_pages_are_those_of_the_rules():
    assert {kind: str(words) for kind, words in ASKED.items()} == WORDS
    assert {kind: str(words) for kind, words in KIND_WORDS.items()} == KINDS
    assert {state: str(words) for state, words in STATE_WORDS.items()} == STATES


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Алгебра", "Алгебра"), ("Биология", "Биоло."), ("Русский язык", "Рус. язы."),
        ("Алгебра и начала анализа", "Алг. нач."), ("Иностранный язык (английский)", "Ино. язы."),
    ],
)  # fmt: skip
def test_subjects_have_short_heads(name: str, short: str):
    assert short_name_of(name) == short


@pytest.mark.parametrize(("late", "step"), [(0, 0), (1, 1), (2, 1), (3, 2), (5, 2), (6, 3), (60, 3)])
def test_the_loudness_of_a_cell(late: int, step: int):
    assert Sum(late=late).step == step


def test_timeliness_is_counted_of_what_was_to_be_done():
    assert (Sum(late=1, soon=5, open=9, done=6, done_late=1).timely, Sum(open=3).timely) == (75, None)


def test_the_map_counts_what_is_late_once_for_each_empty_lesson(cast: Cast):
    shown = cells(cast, "view=lessons")

    # Algebra had four lessons before today, the others two.
    assert shown[("8А", "Алгебра")] == ("4", "c2")
    assert shown[("8А", "Русский язык")] == ("2", "c1")
    assert shown[("8А", "Иностранный язык (английский)")] == ("4", "c2")


def test_a_filled_subject_has_no_debts(cast: Cast):
    fill(*(lesson for lesson in cast.lessons if lesson.on <= TODAY))

    assert cells(cast, "view=lessons")[("8А", "Алгебра")] == ("✓", "c0")


def test_a_cell_leads_to_its_list_and_a_line_to_the_very_place(cast: Cast):
    shown = board(cast, "view=lessons")
    [row] = [row for row in shown.rows if row.title == "8А"]
    place = [full for _short, full in shown.heads].index("Алгебра")

    lines = listed(cast, row.cells[place].url.removeprefix("?"))

    assert places(lines) == [("LESSON", "02.11"), ("LESSON", "06.11"), ("LESSON", "09.11"), ("LESSON", "13.11")]
    assert lines[0].url == reverse("register:lesson", args=[cast.lessons[0].code])
    assert (lines[0].due, lines[0].teacher, lines[0].tone) == ("срок был 2 ноября", "Копылова М. А.", "late")
    assert "политика по умолчанию" in lines[0].clause


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("", {"LESSON": 10, "ROSTER": 2}),
        ("kind=TOPIC", {"TOPIC": 10}),
        ("kind=LESSON&first=2026-11-02&last=2026-11-02", {"LESSON": 4}),
        ("kind=nonsense&first=rubbish", {"LESSON": 10, "ROSTER": 2}),
        ("view=homework&first=2026-11-02&last=2026-11-13", {"HOMEWORK": 10}),
        ("view=marks", {}),
    ],
)
def test_filters_narrow_the_list_of_what_is_late(cast: Cast, query: str, kinds: dict[str, int]):
    assert Counter(line.duty.kind for line in listed(cast, f"state=LATE&{query}")) == kinds


def test_a_class_as_a_whole_and_groups_have_cells_and_lists_of_their_own(cast: Cast):
    lesson = cast.lessons[0]
    lesson.attendances.create(
        organisation=cast.organisation, pupil=cast.polina, event="ABSENT", put_at=moment(lesson.on)
    )

    shown = board(cast, "view=attendance")
    [row] = [row for row in shown.rows if row.title == "8А"]
    lines = listed(cast, row.cells[-1].url.removeprefix("?"))

    assert shown.heads[-1][0] == "Класс"
    assert [line.duty.kind for line in lines] == ["ABSENCE_REASON"]
    assert listed(cast, "class=none") == []


def test_filters_by_teacher_class_subject_and_vacancy(cast: Cast):
    Lesson.objects.filter(pk=cast.lessons[0].pk).update(teacher=None)

    def found(query: str) -> int:
        return len(listed(cast, f"state=LATE&kind=LESSON&{query}"))

    assert found(f"teacher={cast.teacher.code}") == 3
    assert found("teacher=none") == 1
    assert found(f"class={cast.class_8a.code}") == 10
    assert found(f"class={cast.class_7a.code}") == 0
    assert found(f"subject={cast.algebra.subject.code}") == 4
    assert found(f"class={cast.class_8a.code}&subject={cast.russian.subject.code}") == 2


def test_sums_by_teacher_tell_the_days_without_entries(cast: Cast):
    fill(cast.lessons[0], cast.lessons[1])

    rows = {row.title: row for row in board(cast, "by=teacher").sums}

    mine = rows["Копылова М. А."]
    assert (mine.sum.late, mine.silent, mine.is_bad) == (2, 2, True)
    assert rows["Орлова Т. П."].silent == 2


@pytest.mark.parametrize("by", ["class", "subject", "kind"])
def test_sums_by_everything_else_count_the_same(cast: Cast, by: str):
    total = board(cast, "").total

    assert sum(row.sum.late for row in board(cast, f"by={by}").sums) == total.late


def test_indicators_of_the_school(cast: Cast):
    fill(*(lesson for lesson in cast.lessons if lesson.on <= TODAY))
    task = Task.objects.get(lesson=cast.lessons[0])
    for pupil in cast.pupils[:3]:
        task.marks.create(organisation=cast.organisation, pupil=pupil, value="5", put_at=moment(TODAY))

    figures = {one.words: one.figure for one in board(cast).indicators}

    # Five lessons of algebra are filled and six others late; three pupils of eighteen places have one mark.
    assert figures["уроков заполнено в срок"] == "45 %"
    assert figures["учеников с одной отметкой"] == "16,7 %"
    assert figures["учеников без отметок по предмету"] == "83,3 %"


def test_density_shows_marks_for_each_pupil(cast: Cast):
    task = Task.objects.get(lesson=cast.lessons[0])
    for pupil in cast.pupils:
        task.marks.create(organisation=cast.organisation, pupil=pupil, value="5", put_at=moment(TODAY))

    shown = cells(cast, "view=density")
    assert shown[("8А", "Алгебра")] == ("1,0", "c0")
    assert shown[("8А", "Русский язык")] == ("0,0", "c3")


def test_days_with_too_much_homework_are_told(cast: Cast):
    for lesson in Lesson.objects.filter(on=TODAY, course__in=[cast.algebra, cast.russian]):
        Homework.objects.create(
            organisation=cast.organisation, lesson=lesson, text="№ 5", minutes=80, due_on=date(2026, 11, 20)
        )

    [one] = [one for one in board(cast, "view=volume").loads if one.days]
    assert (one.title, one.days, one.which) == ("8А", 1, "20.11")
    assert one.url == f"{reverse('register:class_homework')}?class={cast.class_8a.code}"


def test_substituted_and_cancelled_lessons_are_counted(cast: Cast):
    for lesson, kind in ((cast.lessons[0], "OTHER_TEACHER"), (cast.lessons[1], "CANCELLED")):
        Substitution.objects.create(
            organisation=cast.organisation, lesson=lesson, kind=kind, absent_teacher=cast.teacher, old_on=lesson.on,
            old_number=2, reason="Болезнь", made_at=moment(TODAY),
        )  # fmt: skip

    assert cells(cast, "view=changes")[("8А", "Алгебра")] == ("1/1", "c1")


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_list_goes_into_a_table(cast: Cast, kind: str):
    answer = cast.client("deputy").get(f"{DUTIES}?state=LATE&kind=LESSON&format={kind}")

    if kind == "xlsx":
        rows = list(load_workbook(BytesIO(answer.content)).active.values)
    else:
        rows = [tuple(line.split(";")) for line in answer.content.decode("utf-8-sig").splitlines()]
    assert rows[0][:4] == ("Класс", "Предмет", "Что", "День")
    assert len(rows) == 11
    assert ("8А", "Алгебра", "заполнить урок", "02.11.2026") in {row[:4] for row in rows}


def test_a_teacher_sees_his_own_and_nobody_elses(cast: Cast):
    lines = listed(cast, f"teacher={cast.substitute.code}&kind=LESSON&state=LATE", "teacher", MINE)

    assert {line.duty.who for line in lines} == {cast.teacher.pk}
    assert len(lines) == 4


def test_by_default_a_teacher_is_shown_what_is_not_done(cast: Cast):
    fill(cast.lessons[0])

    lines = listed(cast, "", "teacher", MINE)

    assert all(line.duty.is_open for line in lines)
    assert cast.lessons[0].code not in {line.duty.code for line in lines}


def test_what_a_teacher_left_undone_in_a_term_before_stays_his(cast: Cast):
    Lesson.objects.filter(pk=cast.lessons[0].pk).update(on=date(2026, 10, 5))

    by_default, of_the_term = listed(cast, "", "teacher", MINE), listed(cast, "term=QUARTER-2", "teacher", MINE)

    lost = cast.lessons[0].code
    assert lost in {line.duty.code for line in by_default}
    assert lost not in {line.duty.code for line in of_the_term}


def test_a_class_teacher_sees_the_absences_of_his_class(cast: Cast):
    lesson = cast.lessons[0]
    lesson.attendances.create(
        organisation=cast.organisation, pupil=cast.polina, event="ABSENT", put_at=moment(lesson.on)
    )

    [line] = listed(cast, "kind=ABSENCE_REASON", "class_teacher", MINE)

    address = reverse("register:absence_day", args=[cast.class_8a.code])
    assert (line.asked, line.url) == ("указать причины пропусков: 1", f"{address}?on=2026-11-02")


def test_the_old_address_of_unfilled_lessons_leads_to_the_list(cast: Cast):
    answer = cast.client("deputy").get(f"{reverse('control:unfilled')}?first=2026-11-02&teacher=x")

    assert answer.url == f"{DUTIES}?kind=LESSON&state=LATE&first=2026-11-02&teacher=x"


def test_a_school_without_a_year_is_told_so(cast: Cast):
    page = cast.client("foreign_teacher")

    assert page.get(MINE).status_code == 302


@pytest.mark.parametrize("address", [BOARD, f"{BOARD}?by=teacher", f"{BOARD}?view=density", f"{DUTIES}?state=LATE"])
def test_the_number_of_queries_does_not_grow(cast: Cast, address: str, django_assert_max_num_queries):
    client = cast.client("deputy")
    with django_assert_max_num_queries(32) as few:
        client.get(f"{address}{'&' if '?' in address else '?'}first=2026-11-13&last=2026-11-13")
    fill(*cast.lessons)
    with django_assert_max_num_queries(len(few)):
        client.get(f"{address}{'&' if '?' in address else '?'}first=2026-11-02&last=2026-11-16")
