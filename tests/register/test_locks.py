"""What the policy locks in the register: term marks, months, deadlines, corrections; seen by a save and by the grid."""

import json
import re
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from letopis.core.errors import Refused
from letopis.register.access import course_for, lesson_for
from letopis.register.actions.cell_results import CellSave
from letopis.register.actions.cells import save_cells
from letopis.register.actions.everyone import everyone_present
from letopis.register.actions.lesson import fill_lesson, take_attendance
from letopis.register.actions.term_marks import set_term_marks
from letopis.register.models import Mark, PeriodClosing, TermMark
from letopis.rules.policy import WindowException
from tests.cast import TODAY, Cast
from tests.factories import MOSCOW, moment
from tests.policy import adopt

AT = moment(TODAY)


def put(cast: Cast, text: str, lesson: int = 0, *, seen: str = "", member: str = "teacher", at=AT, pupil=None):
    cell = CellSave(task=cast.lessons[lesson].tasks.get().code, pupil=(pupil or cast.polina).code, seen=seen, text=text)
    (result,) = save_cells(cast.actor(member), course=cast.algebra.code, cells=[cell], at=at).cells
    return result.verdict.code if result.status == "REFUSED" else result.status


def stands(cast: Cast, value: str, lesson: int = 0, *, at=None, by=None) -> Mark:
    on = cast.lessons[lesson].on
    return Mark.objects.create(
        organisation=cast.organisation, task=cast.lessons[lesson].tasks.get(), pupil=cast.polina, value=value,
        put_at=at or moment(on), put_by=by or cast.teacher,
    )  # fmt: skip


def set_term(cast: Cast, value: str, seen: str = "") -> None:
    opened = course_for(cast.actor("teacher"), cast.algebra.code)
    pupil = cast.polina.code
    set_term_marks(opened, term=cast.term, values={pupil: value}, seen={pupil: seen}, at=AT)


def grid(cast: Cast, member: str = "teacher") -> str:
    return cast.client(member).get(f"{reverse('register:grid', args=[cast.algebra.code])}?term=2").content.decode()


def row_of(cast: Cast, page: str) -> list[str]:
    row = re.search(rf'<tr data-pupil="{cast.polina.code}".*?</tr>', page, re.DOTALL)
    assert row
    return re.findall(r'<td(?: class="([^"]*)")?', row[0])[: len(cast.lessons)]


def test_a_term_mark_locks_the_marks_up_to_its_day_and_no_others(cast):
    set_term(cast, "4")
    today = cast.lessons.index(cast.today_lesson)
    assert put(cast, "5", 0) == "TERM_MARK_SET"
    assert put(cast, "5", today) == "TERM_MARK_SET"
    assert put(cast, "н", 1) == "SAVED"
    assert put(cast, "5", 0, pupil=cast.pupils[0]) == "SAVED"
    TermMark.objects.update(put_at=moment(TODAY - timedelta(days=7)))
    assert put(cast, "5", today) == "SAVED"


def test_a_term_mark_that_is_taken_back_or_put_off_locks_nothing(cast):
    set_term(cast, "4")
    set_term(cast, "", seen="4")
    assert put(cast, "5", 0) == "SAVED"
    set_term(cast, "POSTPONED")
    assert put(cast, "4", 0, seen="5") == "SAVED"


def test_the_grid_shows_the_locked_cells_of_that_pupil_alone_and_says_why_in_the_panel(cast):
    set_term(cast, "4")
    page = grid(cast)
    today = cast.lessons.index(cast.today_lesson)
    assert row_of(cast, page) == ["locked"] * (today + 1) + ["future"] * (len(cast.lessons) - today - 1)
    assert page.count("locked") == today + 1
    assert "data-ask" not in page.replace('data-ask="', "")
    cell = f"task={cast.lessons[0].tasks.get().code}&pupil={cast.polina.code}&term=2"
    panel = cast.client("teacher").get(f"{reverse('register:cell', args=[cast.algebra.code])}?{cell}").content.decode()
    assert "Отметка за период выставлена 16.11.2026" in panel
    assert "Попросить исправление" in panel


def test_the_answer_to_a_refused_cell_says_that_one_may_ask(cast):
    set_term(cast, "4")
    cell = {"task": str(cast.lessons[0].tasks.get().code), "pupil": str(cast.polina.code), "seen": "", "text": "5"}
    response = cast.client("teacher").post(
        reverse("register:cells", args=[cast.algebra.code]),
        json.dumps({"cells": [cell]}),
        content_type="application/json",
    )
    (answer,) = response.json()["cells"]
    assert (answer["code"], answer["may_ask"], answer["may_confirm"]) == ("TERM_MARK_SET", True, False)
    assert answer["clause"]


def test_the_end_of_a_period_locks_its_marks_where_the_school_says_so(cast):
    adopt(cast.organisation, current_marks_lock="PERIOD_END")
    cast.term.__class__.objects.filter(pk=cast.term.pk).update(ends_on=date(2026, 11, 13))
    assert put(cast, "5", 0) == "PERIOD_ENDED"
    assert put(cast, "н", 0) == "SAVED"
    assert row_of(cast, grid(cast))[0] == "absent locked"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"edit_window_days": 3}, "WINDOW_OVER"),
        ({"edit_window_days": 30}, "SAVED"),
        ({"edit_window_days": 3, "window_exceptions": (WindowException(30, classes=("8А",)),)}, "SAVED"),
        ({"window_exceptions": (WindowException(3, subjects=("алгебра",)),)}, "WINDOW_OVER"),
        ({"month_locked_on": 10}, "SAVED"),
        ({"backdating": "FORBIDDEN"}, "BACKDATED"),
    ],
)
def test_windows_of_the_policy(cast, values, code):
    adopt(cast.organisation, **values)
    assert put(cast, "5", 0) == code


def test_a_locked_month(cast):
    adopt(cast.organisation, month_locked_on=10)
    lesson = cast.lessons[0]
    lesson.on = date(2026, 10, 5)
    lesson.save()
    assert put(cast, "5", 0) == "MONTH_LOCKED"
    lesson.on = date(2026, 11, 3)
    lesson.save()
    assert put(cast, "5", 0) == "SAVED"


def test_a_mark_after_its_deadline_is_stored_and_shown_as_late(cast):
    assert put(cast, "5", 0) == "SAVED"
    page = grid(cast)
    assert row_of(cast, page)[0] == "overdue"
    cell = f"task={cast.lessons[0].tasks.get().code}&pupil={cast.polina.code}&term=2"
    panel = cast.client("teacher").get(f"{reverse('register:cell', args=[cast.algebra.code])}?{cell}").content.decode()
    assert "он был до 03.11.2026 23:59" in panel
    lesson = cast.client("teacher").get(reverse("register:lesson", args=[cast.lessons[0].code])).content.decode()
    assert "поздно" in lesson


def test_a_mark_in_time_is_not_late(cast):
    assert put(cast, "5", cast.lessons.index(cast.today_lesson)) == "SAVED"
    assert "overdue" not in grid(cast)


@pytest.mark.parametrize(("micro", "shown"), [(999_999, ""), (1_000_000, "overdue")])
def test_the_whole_last_second_is_in_time(cast, micro, shown):
    stands(cast, "5", at=datetime(2026, 11, 3, 23, 59, 59, tzinfo=MOSCOW) + timedelta(microseconds=micro))
    assert row_of(cast, grid(cast))[0] == shown


@pytest.mark.parametrize(("mode", "code"), [("REQUEST", "CORRECTION_NEEDED"), ("REMARK", "REMARK_NEEDED")])
def test_a_standing_mark_is_changed_by_permission_alone_but_for_a_slip(cast, mode, code):
    adopt(cast.organisation, mark_correction=mode, correction_grace_minutes=15)
    stands(cast, "4", at=AT - timedelta(minutes=16))
    assert put(cast, "5", 0, seen="4") == code
    assert put(cast, "", 0, seen="4") == code
    Mark.objects.update(put_at=AT - timedelta(minutes=15))
    assert put(cast, "5", 0, seen="4") == "SAVED"
    Mark.objects.update(put_at=AT, put_by=cast.substitute)
    assert put(cast, "4", 0, seen="5") == code
    assert put(cast, "5", 1) == "SAVED"


def test_a_sign_that_is_no_mark_gives_way_to_one(cast):
    adopt(cast.organisation, mark_correction="REQUEST", correction_grace_minutes=0)
    stands(cast, ".")
    assert put(cast, "5", 0, seen=".") == "SAVED"


def test_a_late_entry_of_the_lesson_is_refused_where_the_school_takes_none(cast):
    adopt(cast.organisation, late_lessons="FORBIDDEN")
    late, now = (
        lesson_for(cast.actor("teacher"), cast.lessons[0].code),
        lesson_for(cast.actor("teacher"), cast.today_lesson.code),
    )
    for write in (
        lambda one: fill_lesson(one, topic="Корни", seen_topic="", at=AT),
        lambda one: take_attendance(one, at=AT),
        lambda one: everyone_present(one, at=AT),
    ):
        with pytest.raises(Refused) as refused:
            write(late)
        assert refused.value.verdict.code == "LATE_LESSON"
        write(now)
    assert put(cast, "н", 0) == "LATE_LESSON"


def test_the_lesson_page_leads_from_closed_fields_to_the_request(cast):
    PeriodClosing.objects.create(
        organisation=cast.organisation, term=cast.term, school_class=cast.class_8a, closed_by=cast.teacher, closed_at=AT
    )
    stands(cast, "4")
    url = reverse("register:lesson", args=[cast.lessons[0].code])
    page = cast.client("teacher").get(url).content.decode()
    assert "kind=TOPIC" in page
    assert "kind=HOMEWORK" in page
    assert f"pupil={cast.polina.code}" in page
    assert "kind=TOPIC" not in cast.client("deputy").get(url).content.decode()


def test_on_the_lesson_page_a_pupil_with_a_term_mark_keeps_his_marks(cast):
    stands(cast, "4")
    set_term(cast, "4")
    page = cast.client("teacher").get(reverse("register:lesson", args=[cast.lessons[0].code])).content.decode()
    field = re.search(rf'name="mark-[^"]*_{cast.polina.code}"[^>]*>', page)
    assert field
    assert "readonly" in field[0]
    assert page.count("readonly") == 1
