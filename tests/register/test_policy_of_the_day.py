"""Two editions of a school's policy: what lies before the border is judged by the first, what lies after by the second.

Editions: from the beginning, and from 10.11.2026. Algebra of 8А is on Mondays and Fridays: 6.11 is before the border,
13.11 after it; today is Monday 16.11.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from letopis.core.errors import Refused
from letopis.org import queries
from letopis.org.models import Organisation
from letopis.org.queries import policies
from letopis.register.access import course_for, lesson_for
from letopis.register.access.classes import absences_for
from letopis.register.actions.absence_documents import DocumentValue, enter_document
from letopis.register.actions.cell_results import CellSave
from letopis.register.actions.cells import save_cells, set_task_kind
from letopis.register.actions.lesson import fill_lesson, set_homework
from letopis.register.actions.term_marks import set_term_marks
from letopis.register.models import AbsenceDocument, Attendance, Homework, Lesson, Mark, Task
from letopis.register.packages import register_unit
from letopis.register.queries.absence_totals import CLASS, totals_of
from letopis.register.queries.homework import HomeworkValue
from letopis.register.queries.lesson_gaps import states_of
from letopis.rules.obligations import MARKS
from letopis.rules.policy import DEFAULT_POLICY, ORAL, Threshold, WorkKind
from letopis.rules.policy.editions import Editions
from letopis.schooling.models import SchoolClass, Term
from tests.cast import TODAY, Cast
from tests.factories import moment
from tests.policy import adopt

AT = moment(TODAY)
BORDER = date(2026, 11, 10)
BEFORE, AFTER = date(2026, 11, 6), date(2026, 11, 13)


def lesson_on(cast: Cast, day: date) -> Lesson:
    return Lesson.objects.get(course=cast.algebra, on=day)


def opened(cast: Cast, day: date) -> Any:
    return lesson_for(cast.actor("teacher"), lesson_on(cast, day).code)


def two(cast: Cast, *, first: dict[str, Any], then: dict[str, Any]) -> None:
    adopt(cast.organisation, **first)
    adopt(cast.organisation, on=BORDER, **then)


def put(cast: Cast, *days: date, text: str = "5", seen: str = "", confirm: bool = False) -> list[str]:
    """Save a cell of Polina at each of these lessons in one save; return what became of each."""
    cells = [
        CellSave(
            task=lesson_on(cast, day).tasks.get().code, pupil=cast.polina.code, seen=seen, text=text, confirm=confirm
        )
        for day in days
    ]
    saved = save_cells(cast.actor("teacher"), course=cast.algebra.code, cells=cells, at=AT)
    return [result.verdict.code or result.status for result in saved.cells]


def absent(cast: Cast, *days: date, reason: str = "NOT_SET") -> None:
    for day in days:
        Attendance.objects.create(
            organisation=cast.organisation,
            lesson=lesson_on(cast, day),
            pupil=cast.polina,
            event="ABSENT",
            reason=reason,
            put_at=AT,
        )


# cells


def test_one_save_judges_each_cell_by_the_window_of_its_day(cast: Cast) -> None:
    two(cast, first={"edit_window_days": None}, then={"edit_window_days": 2})

    assert put(cast, BEFORE, AFTER, TODAY) == ["SAVED", "WINDOW_OVER", "SAVED"]
    assert list(Mark.objects.order_by("task__lesson__on").values_list("task__lesson__on", flat=True)) == [BEFORE, TODAY]


def test_a_window_that_grew_opens_no_lesson_of_before(cast: Cast) -> None:
    two(cast, first={"edit_window_days": 2}, then={"edit_window_days": None})

    assert put(cast, BEFORE, AFTER) == ["WINDOW_OVER", "SAVED"]


def test_the_strictness_to_the_absent_is_that_of_the_lesson(cast: Cast) -> None:
    two(cast, first={"mark_for_absent": DEFAULT_POLICY.mark_for_absent}, then={"mark_for_absent": "FORBIDDEN"})
    absent(cast, BEFORE, AFTER)

    assert put(cast, BEFORE, AFTER, seen="н", confirm=True) == ["SAVED", "ABSENT_UNCONFIRMED"]


def test_letters_are_todays_on_every_page_and_in_every_save(cast: Cast) -> None:
    two(cast, first={"absence_letter": "н"}, then={"absence_letter": "отс"})
    absent(cast, BEFORE)

    grid = cast.client("teacher").get(reverse("register:grid", args=[cast.algebra.code]))
    page = cast.client("teacher").get(reverse("register:lesson", args=[lesson_on(cast, BEFORE).code]))

    assert grid.context["letters"]["absent"] == "отс"
    shown = {line.code: line.attendance.letters for line in page.context["shown"].lines}
    assert shown[cast.polina.code] == "отс"
    # The old letter means nothing any more, also in a lesson of its days; the new one is put and compared.
    assert put(cast, BEFORE, seen="отс", text="н") == ["UNKNOWN_TEXT"]
    assert put(cast, BEFORE, seen="отс", text="+") == ["SAVED"]
    assert put(cast, BEFORE, text="отс") == ["SAVED"]


def test_the_lesson_page_saves_with_the_letters_it_shows(cast: Cast) -> None:
    two(cast, first={"absence_letter": "н"}, then={"absence_letter": "отс"})
    lesson = lesson_on(cast, BEFORE)
    page = {f"event-{cast.polina.code}": "ABSENT", f"seen-event-{cast.polina.code}": "PRESENT"}

    response = cast.client("teacher").post(reverse("register:lesson", args=[lesson.code]), page)

    assert response.status_code == 302
    assert Attendance.objects.get(lesson=lesson, pupil=cast.polina).event == "ABSENT"


def test_the_right_to_name_a_reason_is_that_of_the_lesson(cast: Cast) -> None:
    two(
        cast,
        first={"reason_letters_by_subject_teacher": False},
        then={"reason_letters_by_subject_teacher": True},
    )

    refused, saved = put(cast, BEFORE, AFTER, text="б")

    assert refused not in ("SAVED", "UNKNOWN_TEXT")
    assert saved == "SAVED"
    assert Attendance.objects.get().lesson.on == AFTER


def test_kinds_of_work_are_those_of_the_lesson(cast: Cast) -> None:
    kinds = (*DEFAULT_POLICY.work_kinds, WorkKind("ВПР", "Всероссийская проверочная работа", 3, "WRITTEN"))
    adopt(cast.organisation, on=BORDER, work_kinds=kinds)
    actor = cast.actor("teacher")

    def name(day: date) -> None:
        set_task_kind(actor, course=cast.algebra.code, task=lesson_on(cast, day).tasks.get().code, kind="ВПР", at=AT)

    with pytest.raises(Refused) as refusal:
        name(BEFORE)
    name(AFTER)

    assert refusal.value.verdict.code == "UNKNOWN_KIND"
    assert Task.objects.get(kind="ВПР").lesson.on == AFTER


# one lesson


def test_a_lesson_is_filled_by_the_window_of_its_day(cast: Cast) -> None:
    two(cast, first={"edit_window_days": None}, then={"edit_window_days": 2})

    assert fill_lesson(opened(cast, BEFORE), topic="Корни", seen_topic="", at=AT)
    with pytest.raises(Refused) as refusal:
        fill_lesson(opened(cast, AFTER), topic="Корни", seen_topic="", at=AT)

    assert refusal.value.verdict.code == "WINDOW_OVER"
    assert Lesson.objects.exclude(topic="").get().on == BEFORE


def test_a_lesson_that_was_moved_over_the_border_is_judged_by_its_new_day(cast: Cast) -> None:
    two(cast, first={"edit_window_days": None}, then={"edit_window_days": 2})
    page = opened(cast, BEFORE)
    Lesson.objects.filter(pk=page.lesson.pk).update(on=AFTER - timedelta(days=1), number=7)

    with pytest.raises(Refused) as refusal:
        fill_lesson(page, topic="Корни", seen_topic="", at=AT)

    assert refusal.value.verdict.code == "WINDOW_OVER"


def test_homework_is_due_as_the_policy_of_its_lesson_says(cast: Cast) -> None:
    two(cast, first={"homework_due_next_lesson": True}, then={"homework_due_next_lesson": False})
    value = HomeworkValue(text="№ 5")

    for day in (BEFORE, AFTER):
        set_homework(opened(cast, day), value=value, seen=HomeworkValue(), at=AT)

    due = Homework.objects.order_by("lesson__on").values_list("lesson__on", "due_on")
    assert list(due) == [(BEFORE, date(2026, 11, 9)), (AFTER, None)]


def test_a_work_waits_for_marks_where_it_was_no_oral_answer_then(cast: Cast) -> None:
    plain = tuple(replace(one, deadline_class=ORAL) for one in DEFAULT_POLICY.work_kinds)
    two(cast, first={"work_kinds": plain}, then={"work_kinds": DEFAULT_POLICY.work_kinds})
    lessons = Lesson.objects.filter(course=cast.algebra, on__in=(BEFORE, AFTER))
    Task.objects.filter(lesson__in=lessons).update(kind="КР")

    states = states_of(lessons, organisation=cast.organisation, now=AT)

    found = {state.lesson.on: sum(gap.duty.kind == MARKS for gap in state.gaps) for state in states}
    assert found == {BEFORE: 0, AFTER: 1}


# absences


def test_a_missed_day_is_counted_as_on_that_day(cast: Cast) -> None:
    russian = [
        Lesson.objects.create(
            organisation=cast.organisation, course=cast.russian, on=day, number=5, teacher=cast.class_teacher
        )
        for day in (BEFORE, AFTER)
    ]
    two(cast, first={"missed_day_lessons": 1}, then={"missed_day_lessons": 2})
    absent(cast, BEFORE, AFTER)

    def days() -> int:
        editions = policies(cast.organisation)
        return totals_of([cast.class_8a], by=CLASS, first=BEFORE, last=AFTER, policies=editions).whole.days

    assert days() == 1
    Attendance.objects.create(
        organisation=cast.organisation, lesson=russian[1], pupil=cast.polina, event="ABSENT", put_at=AT
    )
    assert days() == 2


def test_the_stronger_paper_is_that_of_the_day(cast: Cast) -> None:
    strength = DEFAULT_POLICY.absence_paper_order
    two(cast, first={"absence_paper_order": strength}, then={"absence_paper_order": tuple(reversed(strength))})
    absent(cast, BEFORE, AFTER)
    page = absences_for(cast.actor("class_teacher"), cast.class_8a.code)
    for kind, reason in ((strength[0], "ILL"), (strength[-1], "VALID")):
        enter_document(page, pupil=cast.polina, value=DocumentValue(kind, reason, BEFORE, AFTER), at=AT)

    assert AbsenceDocument.objects.count() == 2
    reasons = Attendance.objects.order_by("lesson__on").values_list("lesson__on", "reason")
    assert list(reasons) == [(BEFORE, "ILL"), (AFTER, "VALID")]


# terms, years, packages


def test_a_term_is_judged_by_its_last_day_and_a_running_one_by_today(cast: Cast) -> None:
    """A half-year that is over keeps its thresholds; the running term has those of today, with its earlier marks."""
    over = Term.objects.get(year=cast.year, number=1, grade_from__lte=8, grade_to__gte=8)
    mild = (Threshold("5", 4), Threshold("4", 3), Threshold("3", 2), Threshold("2", 0))
    two(cast, first={"term_thresholds": mild}, then={"term_thresholds": DEFAULT_POLICY.term_thresholds})
    early = Lesson.objects.create(
        organisation=cast.organisation, course=cast.algebra, on=over.ends_on, number=2, teacher=cast.teacher
    )
    Task.objects.create(organisation=cast.organisation, lesson=early)
    for lesson in (early, lesson_on(cast, BEFORE)):
        Mark.objects.create(
            organisation=cast.organisation, task=lesson.tasks.get(), pupil=cast.polina, value="4", put_at=AT
        )

    def proposed(number: int) -> str | None:
        address = reverse("register:term_marks", args=[cast.algebra.code])
        sheet = cast.client("teacher").get(f"{address}?term={number}").context["sheet"]
        return next(line.proposal for line in sheet.lines if line.pupil.code == cast.polina.code).value

    assert over.ends_on < BORDER < TODAY < cast.term.ends_on
    assert (proposed(1), proposed(2)) == ("5", "4")


def test_a_term_mark_is_of_the_scale_of_its_term(cast: Cast) -> None:
    over = Term.objects.get(year=cast.year, number=1, grade_from__lte=8, grade_to__gte=8)
    two(cast, first={"ungraded_grades": (1, 8)}, then={"ungraded_grades": (1,)})
    page = course_for(cast.actor("teacher"), cast.algebra.code)

    def is_set(term: Term) -> bool:
        values, seen = {cast.polina.code: "4"}, {cast.polina.code: ""}
        return bool(set_term_marks(page, term=term, values=values, seen=seen, at=AT)[0].verdict)

    assert (is_set(over), is_set(cast.term)) == (False, True)


def test_a_package_keeps_the_policy_of_the_end_of_its_year(cast: Cast) -> None:
    two(cast, first={"absence_letter": "н"}, then={"absence_letter": "отс"})
    adopt(cast.organisation, on=date(2027, 9, 1), absence_letter="нет")
    school_class = SchoolClass.objects.select_related("year", "organisation").get(pk=cast.class_8a.pk)

    def letter(made_on: date) -> Any:
        editions = policies(cast.organisation)
        return register_unit(school_class, made_on=made_on, policies=editions).policy["policy"]["absence_letter"]

    assert [letter(day)["value"] for day in (BEFORE, TODAY, date(2027, 10, 1))] == ["н", "отс", "отс"]
    assert letter(date(2027, 10, 1))["clause"] == "Положение о ведении журнала, № 10-11-26, п. 1"


# what a process remembers


def test_a_process_sees_an_edition_that_another_adopted(cast: Cast) -> None:
    adopt(cast.organisation, absence_letter="н")
    here = Organisation.objects.get(pk=cast.organisation.pk)
    assert policies(here).on(TODAY).absence_letter == "н"
    kept = queries._known[here.pk]

    adopt(cast.organisation, on=BORDER, absence_letter="отс")
    # As in a process that has not asked since: it remembers the one edition it read.
    queries._known[here.pk] = kept
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = [cast.actor("teacher").policy_on(day).absence_letter for day in (BEFORE, TODAY)]

    assert found == ["н", "отс"]
    assert sum("org_policyedition" in one["sql"] for one in asked) == 1


def test_pages_ask_nothing_more_in_a_school_with_its_own_policy(cast: Cast) -> None:
    addresses = [
        reverse("register:grid", args=[cast.algebra.code]),
        reverse("register:lesson", args=[cast.today_lesson.code]),
        reverse("register:term_marks", args=[cast.algebra.code]),
        reverse("register:absence_week", args=[cast.class_8a.code]),
    ]
    client = cast.client("class_teacher")

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert [client.get(address).status_code for address in addresses] == [200] * len(addresses)
        return len(asked)

    count()
    without = count()
    two(cast, first={"edit_window_days": None}, then={"edit_window_days": 2})

    assert count() == without + 1
    assert count() == without


def test_editions_know_the_policy_of_a_period() -> None:
    editions = Editions()

    assert editions.of_period(BEFORE, today=TODAY) is editions.on(BEFORE)
    assert editions.of_period(date(2027, 8, 31), today=TODAY) is editions.on(TODAY)
