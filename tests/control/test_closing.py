"""Closing of a term: what is missing, closing, what is closed then, and opening again."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from letopis.control.actions.closing import close_period, close_ready, reopen_period
from letopis.control.queries.closing import class_readiness, term_readiness
from letopis.core.errors import Refused
from letopis.ledger.queries import history
from letopis.people.access import actor_of, load_user
from letopis.register.access import course_for, lesson_for
from letopis.register.actions.cell_results import CellSave
from letopis.register.actions.cells import save_cells
from letopis.register.actions.lesson import fill_lesson
from letopis.register.actions.term_marks import set_term_marks
from letopis.register.actions.term_marks_check import confirm_term_marks
from letopis.register.models import (
    Attendance,
    Correction,
    Homework,
    Lesson,
    Mark,
    PeriodClosing,
    Remark,
    TermMark,
    TermMarksCheck,
)
from letopis.rules.closing import Lack
from letopis.rules.policy import MarksNorm, TermScheme
from letopis.schooling.models import AcademicYear, Term
from tests import factories as make
from tests.cast import TODAY, Cast
from tests.factories import moment
from tests.policy import adopt

OVER = date(2026, 12, 30)
AT = moment(OVER)


def actor(cast: Cast, member: str):
    """The member on the day after the term."""
    return actor_of(load_user(cast.users[member].pk), today=OVER)


@pytest.fixture
def kept(cast: Cast) -> Cast:
    """Every lesson of 8А is written up and every term mark is set."""
    for lesson in Lesson.objects.filter(course__group__school_class=cast.class_8a):
        lesson.topic, lesson.attendance_taken_at, lesson.state = "Корни", moment(lesson.on), Lesson.State.HELD
        lesson.save()
        Homework.objects.create(organisation=cast.organisation, lesson=lesson, nothing_set=True)
    english = cast.english_1.subject
    for pupil in cast.pupils:
        for subject in (cast.algebra.subject, cast.russian.subject, english):
            TermMark.objects.create(
                organisation=cast.organisation, pupil=pupil, subject=subject, term=cast.term, value="4",
                put_at=moment(date(2026, 12, 28)), put_by=cast.teacher,
            )  # fmt: skip
    return cast


def readiness(cast: Cast):
    return class_readiness(actor(cast, "deputy"), cast.class_8a, cast.term)


def lacks(cast: Cast) -> dict[Lack, int]:
    return {one.lack: one.number for one in readiness(cast).readiness.lacks}


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.verdict.code


def close(cast: Cast, member: str = "deputy") -> PeriodClosing:
    return close_period(actor(cast, member), cast.class_8a, cast.term, at=AT)


def put(cast: Cast, text: str, lesson: Lesson | None = None, *, seen: str = ""):
    task = (lesson or cast.lessons[0]).tasks.get()
    cell = CellSave(task=task.code, pupil=cast.polina.code, seen=seen, text=text)
    (result,) = save_cells(actor(cast, "teacher"), course=cast.algebra.code, cells=[cell], at=AT).cells
    return result


def test_a_class_that_lacks_nothing_has_no_gaps(kept):
    found = readiness(kept)
    assert found.readiness.is_ready
    assert found.verdict
    assert {one.lack for one in found.readiness.warnings} == {Lack.UNCONFIRMED, Lack.FEW_MARKS, Lack.PLAN}


def test_every_gap_is_a_link_to_its_place(kept):
    lesson = kept.lessons[0]
    Lesson.objects.filter(pk=lesson.pk).update(topic="", attendance_taken_at=None)
    TermMark.objects.filter(pupil=kept.polina, subject=kept.algebra.subject).delete()
    Attendance.objects.create(
        organisation=kept.organisation, lesson=lesson, pupil=kept.polina, event="ABSENT", put_at=AT
    )
    asked = Correction.objects.create(
        organisation=kept.organisation, kind="MARK", course=kept.algebra, lesson=lesson, task=lesson.tasks.get(),
        pupil=kept.polina, new_value="4", reason="Ошибка", requested_by=kept.teacher, requested_at=AT,
    )  # fmt: skip
    remark = Remark.objects.create(
        organisation=kept.organisation, course=kept.algebra, teacher=kept.teacher, text="Проверьте", due_on=OVER,
        made_at=AT,
    )  # fmt: skip
    found = readiness(kept)
    assert [(one.lack, one.number) for one in found.readiness.gaps] == [
        (Lack.TERM_MARKS, 1), (Lack.LESSONS, 1), (Lack.CORRECTIONS, 1),
    ]  # fmt: skip
    links = {group.count.lack: [line.url for line in group.lines] for group in found.groups}
    texts = {group.count.lack: [line.text for line in group.lines] for group in found.groups}
    marks = f"{reverse('register:term_marks', args=[kept.algebra.code])}?term=2"
    assert links[Lack.TERM_MARKS] == [marks]
    assert texts[Lack.TERM_MARKS] == ["Алгебра, 8А: Ершова Полина"]
    assert links[Lack.LESSONS] == [reverse("register:lesson", args=[lesson.code])]
    assert texts[Lack.LESSONS] == ["Алгебра, 8А, 02.11.2026, 2-й урок: тема, отсутствующие"]
    assert links[Lack.CORRECTIONS] == [reverse("register:correction", args=[asked.code])]
    assert links[Lack.REMARKS] == [reverse("register:remark", args=[remark.code])]
    assert links[Lack.REASONS] == [reverse("register:absence_pupil", args=[kept.class_8a.code, kept.polina.code])]
    with pytest.raises(Refused) as refused:
        close(kept)
    assert code_of(refused) == "GAPS"
    assert "1 отметка за период, 1 урок без записи, 1 нерешённое исправление" in refused.value.verdict.sentence
    assert not PeriodClosing.objects.exists()


def test_what_the_school_does_not_ask_of_a_lesson_is_no_gap(kept):
    Homework.objects.all().delete()
    assert Lack.LESSONS in lacks(kept)
    adopt(kept.organisation, lesson_mandatory=("TOPIC", "ATTENDANCE"))
    assert Lack.LESSONS not in lacks(kept)


def test_a_postponed_mark_stands_in_place_of_one_and_is_remembered(kept):
    TermMark.objects.filter(pupil=kept.polina, subject=kept.algebra.subject).update(
        value="POSTPONED", postponed_until=date(2027, 1, 15), postponed_reason="Болезнь"
    )
    row = close(kept)
    assert "Алгебра, 8А: Ершова Полина: отложено до 15.01.2027" in row.accepted
    opened = course_for(actor(kept, "teacher"), kept.algebra.code)
    values, seen = {kept.polina.code: "4", kept.pupils[0].code: "5"}, {kept.polina.code: "POSTPONED"}
    seen[kept.pupils[0].code] = "4"
    outcomes = set_term_marks(opened, term=kept.term, values=values, seen=seen, at=AT)
    assert {one.code: one.verdict.code for one in outcomes} == {
        kept.polina.code: "", kept.pupils[0].code: "PERIOD_CLOSED",
    }  # fmt: skip


def test_marks_of_both_quarters_are_counted_for_a_half_year(kept):
    adopt(kept.organisation, term_schemes=(TermScheme("HALF_YEAR"),), minimum_marks=(MarksNorm(1),))
    lesson = kept.lessons[0]
    few = lacks(kept)[Lack.FEW_MARKS]
    Lesson.objects.filter(pk=lesson.pk).update(on=date(2026, 9, 14))
    Mark.objects.create(
        organisation=kept.organisation, task=lesson.tasks.get(), pupil=kept.polina, value="4",
        put_at=moment(date(2026, 9, 14)),
    )  # fmt: skip
    assert lacks(kept)[Lack.FEW_MARKS] == few - 1


def test_a_remark_counts_where_its_lesson_lies_and_one_about_the_class_is_named_by_it(kept):
    about = {
        "organisation": kept.organisation,
        "teacher": kept.teacher,
        "text": "Внесите",
        "due_on": OVER,
        "made_at": AT,
    }
    Remark.objects.create(school_class=kept.class_8a, **about)
    Remark.objects.create(course=kept.algebra, lesson=kept.lessons[0], **about)
    Remark.objects.create(course=kept.algebra, lesson=kept.lessons[1], **about)
    Lesson.objects.filter(pk=kept.lessons[1].pk).update(on=date(2027, 2, 1))
    found = readiness(kept)
    (lines,) = [group.lines for group in found.groups if group.count.lack is Lack.REMARKS]
    assert sorted(line.text.split(":")[0] for line in lines) == ["8А", "Алгебра, 8А"]


def test_where_no_postponement_is_allowed_it_is_a_gap(kept):
    TermMark.objects.filter(pupil=kept.polina, subject=kept.algebra.subject).update(value="POSTPONED")
    adopt(kept.organisation, postponement_allowed=False)
    with pytest.raises(Refused) as refused:
        close(kept)
    assert code_of(refused) == "GAPS"


def test_closing_is_recorded_and_twice_is_harmless(kept):
    row = close(kept)
    assert close(kept, "director") == row
    (change,) = history([f"register.PeriodClosing:{row.pk}"])
    assert (change.verb, change.after["state"], change.after["accepted"]) == (
        "control.close_period",
        "CLOSED",
        row.accepted,
    )
    assert row.closed_by.person.last_name == "Хабибуллина"


def test_a_term_that_goes_on_and_a_closed_year_are_refused(kept):
    with pytest.raises(Refused) as refused:
        close_period(kept.actor("deputy"), kept.class_8a, kept.term, at=moment(TODAY))
    assert code_of(refused) == "PERIOD_GOES_ON"
    AcademicYear.objects.filter(pk=kept.year.pk).update(state="CLOSED")
    with pytest.raises(Refused) as refused:
        close(kept)
    assert code_of(refused) == "YEAR_NOT_OPEN"


def test_a_closed_period_is_read_only(kept):
    assert put(kept, "н").status == "SAVED"
    Attendance.objects.update(reason="ILL")
    close(kept)
    for text in ("5", "н", ""):
        result = put(kept, text, kept.lessons[1], seen="")
        assert text == "" or (result.status, result.verdict.code, result.may_ask) == ("REFUSED", "PERIOD_CLOSED", True)
    with pytest.raises(Refused) as refused:
        fill_lesson(lesson_for(actor(kept, "teacher"), kept.lessons[0].code), topic="Новая", seen_topic="Корни", at=AT)
    assert code_of(refused) == "PERIOD_CLOSED"


def test_the_registers_of_another_class_stay_open(kept):
    other = make.make_course(make.whole_class(kept.class_7a), kept.algebra.subject, teacher=kept.teacher)
    lesson = Lesson.objects.create(
        organisation=kept.organisation, course=other, on=date(2026, 11, 3), number=1, teacher=kept.teacher
    )
    close(kept)
    assert fill_lesson(lesson_for(actor(kept, "teacher"), lesson.code), topic="Новая", seen_topic="", at=AT)


def test_opening_again_needs_the_director_a_reason_and_an_order_and_keeps_history(kept):
    row = close(kept)
    refusals = {}
    for member, reason, order in (
        ("deputy", "Ошибка", "№ 1"), ("director", "Ошибка", " "), ("director", " ", "№ 1"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            reopen_period(actor(kept, member), kept.class_8a, kept.term, reason=reason, order=order, at=AT)
        refusals[member, reason, order] = code_of(refused)
    assert list(refusals.values()) == ["NOT_REOPENER", "ORDER_NEEDED", "REASON_NEEDED"]
    again = reopen_period(
        actor(kept, "director"), kept.class_8a, kept.term, reason="Неверные отметки", order="№ 7", at=AT
    )
    assert (again.pk, again.order, again.reason) == (row.pk, "приказ № 7", "Неверные отметки")
    assert history([f"register.PeriodClosing:{row.pk}"])[0].reason == "Неверные отметки"
    assert put(kept, "н").status == "SAVED"
    assert reopen_period(actor(kept, "director"), kept.class_8a, kept.term, reason="x", order="y", at=AT) is None
    Attendance.objects.update(reason="ILL")
    assert close(kept).pk != row.pk
    assert PeriodClosing.objects.count() == 2


def test_ready_classes_are_closed_together_and_the_others_stay(kept):
    lesson = Lesson.objects.create(
        organisation=kept.organisation, on=date(2026, 11, 3), number=1, teacher=kept.teacher,
        course=make.make_course(make.whole_class(kept.class_7a), kept.algebra.subject, teacher=kept.teacher),
    )  # fmt: skip
    done = close_ready(actor(kept, "deputy"), kept.year, kept.term, at=AT)
    assert (done.closed, done.refused) == (("8А",), ())
    page = term_readiness(actor(kept, "deputy"), kept.year, kept.term)
    assert [(row.school_class.title, row.closing is not None) for row in page.rows] == [("7А", False), ("8А", True)]
    assert lesson.course.group.school_class == kept.class_7a


def test_a_teacher_confirms_that_the_marks_are_all_there(kept):
    opened = course_for(actor(kept, "teacher"), kept.algebra.code)
    assert confirm_term_marks(opened, term=kept.term, at=AT) == confirm_term_marks(opened, term=kept.term, at=AT)
    assert TermMarksCheck.objects.count() == 1
    unconfirmed = next(one for one in readiness(kept).groups if one.count.lack is Lack.UNCONFIRMED)
    assert "Алгебра, 8А" not in [line.text for line in unconfirmed.lines]
    TermMarksCheck.objects.all().delete()
    TermMark.objects.filter(pupil=kept.polina).delete()
    with pytest.raises(Refused) as refused:
        confirm_term_marks(opened, term=kept.term, at=AT)
    assert code_of(refused) == "TERM_MARKS_MISSING"
    with pytest.raises(Refused) as refused:
        confirm_term_marks(course_for(actor(kept, "class_teacher"), kept.algebra.code), term=kept.term, at=AT)
    assert code_of(refused) == "NOT_OWN_COURSE"


def test_the_number_of_queries_does_not_grow_with_classes_and_gaps(kept):
    first = Term.objects.get(year=kept.year, kind="QUARTER", number=1)
    counts = []
    for more in (0, 3):
        for number in range(more):
            school_class = make.make_class(kept.year, 6, "АБВ"[number])
            make.join(make.whole_class(school_class), make.make_pupil(kept.organisation, f"Новиков Олег{number}"))
            make.make_course(make.whole_class(school_class), kept.algebra.subject, teacher=kept.teacher)
        with CaptureQueriesContext(connection) as queries:
            term_readiness(actor(kept, "deputy"), kept.year, first)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 22


def test_the_pages_close_refuse_and_open_again(kept, settings):
    settings.LETOPIS_TODAY = OVER.isoformat()
    deputy, director = kept.client("deputy"), kept.client("director")
    where = {"code": kept.class_8a.code, "term": kept.term.code}
    page, listed = reverse("control:closing_class", kwargs=where), reverse("control:closing")
    TermMark.objects.filter(pupil=kept.polina, subject=kept.algebra.subject).update(value="")
    refused = deputy.post(reverse("control:close_period", kwargs=where))
    assert refused.status_code == 409
    assert "Закрыть нельзя: 1 отметка за период" in refused.content.decode()
    TermMark.objects.filter(value="").update(value="4")
    shown = deputy.get(f"{listed}?term={kept.term.code}&only=ready").content.decode()
    assert "Закрыть готовые: 2" in shown
    deputy.post(reverse("control:close_ready"), {"year": "2026", "term": kept.term.code})
    assert "Период закрыт" in deputy.get(page).content.decode()
    assert "Открыть период снова" not in deputy.get(page).content.decode()
    kept_typed = director.post(reverse("control:reopen_period", kwargs=where), {"reason": "Ошибка", "order": ""})
    assert (kept_typed.status_code, "Ошибка" in kept_typed.content.decode()) == (409, True)
    director.post(reverse("control:reopen_period", kwargs=where), {"reason": "Ошибка", "order": "№ 5"})
    assert "приказ № 5 · Ошибка" in director.get(page).content.decode()


def test_a_gap_of_yesterday_is_not_a_lesson_to_come(kept):
    Lesson.objects.create(
        organisation=kept.organisation,
        course=kept.algebra,
        on=TODAY + timedelta(days=1),
        number=1,
        teacher=kept.teacher,
    )
    page = class_readiness(kept.actor("deputy"), kept.class_8a, kept.term)
    assert Lack.LESSONS not in {one.lack for one in page.readiness.lacks}
