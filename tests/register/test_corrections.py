"""Verbs of corrections: ask, take back, decline, approve; both values stay."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from letopis.accounts.models import Appointment, Role
from letopis.control.queries.obligations import Scope, obligations_of
from letopis.core.errors import Refused
from letopis.ledger.models import Entry, Payload
from letopis.ledger.queries import history
from letopis.register.access import lesson_for
from letopis.register.access.corrections import Asked, correction_for, correction_to_decide, target_for
from letopis.register.actions.cell_results import CellSave
from letopis.register.actions.cells import save_cells
from letopis.register.actions.control_works import withdraw_control_work
from letopis.register.actions.corrections import (
    approve_correction,
    decline_correction,
    order_words,
    request_correction,
    withdraw_correction,
)
from letopis.register.actions.tasks import TaskSaid, add_task, remove_task
from letopis.register.models import Attendance, Correction, Homework, Lesson, Mark, PeriodClosing, Remark, TermMark
from letopis.register.queries.corrections import shown_to_family
from letopis.rules.policy import TermScheme
from letopis.schooling.models import AcademicYear, Term, Workload
from tests.cast import TODAY, Cast
from tests.factories import moment
from tests.policy import adopt

AT = moment(TODAY)
FIRST_DAY = date(2026, 11, 2)


@pytest.fixture
def shut(cast: Cast) -> Cast:
    """The window of 3 days is over for the first lesson, where Polina has a 3."""
    adopt(cast.organisation, edit_window_days=3)
    task = cast.lessons[0].tasks.get()
    Mark.objects.create(
        organisation=cast.organisation, task=task, pupil=cast.polina, value="3", put_at=moment(FIRST_DAY),
        put_by=cast.teacher,
    )  # fmt: skip
    return cast


def asked(cast: Cast, kind: str = "MARK", **named: object) -> Asked:
    lesson = cast.lessons[0]
    if kind == "MARK":
        named = {"task": lesson.tasks.get().code, "pupil": cast.polina.code, **named}
    elif kind == "TERM_MARK":
        named = {"course": cast.algebra.code, "term": "2", "pupil": cast.polina.code, **named}
    else:
        pupil = {"pupil": cast.polina.code} if kind == "ATTENDANCE" else {}
        named = {"lesson": lesson.code, **pupil, **named}
    return Asked(kind=kind, **named)


def ask(cast: Cast, text: str = "4", *, kind: str = "MARK", reason: str = "Ошибка при вводе", member="teacher"):
    target = target_for(cast.actor(member), asked(cast, kind))
    return request_correction(target, text=text, reason=reason, at=AT)


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.verdict.code


def mark(cast: Cast) -> Mark:
    return Mark.objects.get(task__lesson=cast.lessons[0], pupil=cast.polina)


def test_a_request_waits_and_changes_nothing(shut):
    row = ask(shut)
    assert (row.state, row.old_value, row.new_value, row.requested_by) == ("REQUESTED", "3", "4", shut.teacher)
    assert row.term == shut.term
    assert "REG" not in row.clause
    assert row.clause
    assert mark(shut).value == "3"
    assert Entry.objects.get().verb == "register.request_correction"


def test_the_same_request_again_is_the_one_that_waits(shut):
    assert ask(shut) == ask(shut)
    assert Correction.objects.count() == Entry.objects.count() == 1


def test_an_approval_writes_the_value_with_who_why_and_the_order(shut):
    row = ask(shut)
    done = approve_correction(shut.actor("deputy"), row, order="№ 15 от 16.11.2026", at=AT)
    assert (done.state, done.order, done.decided_by.person.last_name) == (
        "APPLIED", "приказ № 15 от 16.11.2026", "Хабибуллина",
    )  # fmt: skip
    put = mark(shut)
    assert (put.value, put.changes, put.put_by, put.put_at) == ("4", 1, shut.teacher, AT)
    change = history([f"register.Mark:{put.pk}"])[0]
    assert (change.before, change.after["value"], change.after["order"]) == (
        {"value": "3"}, "4", "приказ № 15 от 16.11.2026",
    )  # fmt: skip
    assert change.reason == (
        "Ошибка при вводе; просит Копылова М. А., разрешает Хабибуллина Д. Т.; приказ № 15 от 16.11.2026"
    )
    entry = Entry.objects.get(object=f"register.Mark:{put.pk}")
    assert (entry.actor, entry.on_behalf_of) == (
        f"accounts.User:{shut.users['deputy'].pk}", f"people.Employee:{shut.teacher.pk}",
    )  # fmt: skip


def test_an_approval_twice_writes_once(shut):
    row = ask(shut)
    approve_correction(shut.actor("deputy"), row, at=AT)
    before = Payload.objects.count()
    assert approve_correction(shut.actor("director"), row, at=AT).state == "APPLIED"
    assert (Payload.objects.count(), mark(shut).changes) == (before, 1)


def test_a_value_changed_since_is_a_conflict_and_nothing_is_written(shut):
    row = ask(shut)
    Mark.objects.update(value="2")
    with pytest.raises(Refused) as refused:
        approve_correction(shut.actor("deputy"), row, at=AT)
    assert code_of(refused) == "CONFLICT"
    assert "«2»" in refused.value.verdict.sentence
    row.refresh_from_db()
    assert (row.state, mark(shut).value, Entry.objects.count()) == ("REQUESTED", "2", 1)


@pytest.mark.parametrize(
    ("kind", "text", "read"),
    [
        ("ATTENDANCE", "о10", lambda cast: Attendance.objects.values_list("event", "minutes").get()),
        ("ATTENDANCE", "н", lambda cast: Attendance.objects.values_list("event", "minutes").get()),
        ("TOPIC", "Корни", lambda cast: Lesson.objects.values_list("topic", flat=True).get(pk=cast.lessons[0].pk)),
        ("HOMEWORK", "§ 5, № 12", lambda cast: Homework.objects.values_list("text", flat=True).get()),
        ("HOMEWORK", "NOTHING_SET", lambda cast: Homework.objects.values_list("nothing_set", flat=True).get()),
    ],
)
def test_other_entries_are_corrected_too(cast, kind, text, read):
    adopt(cast.organisation, edit_window_days=3)
    row = ask(cast, text, kind=kind)
    approve_correction(cast.actor("director"), row, at=AT)
    wanted = {"о10": ("LATE", 10), "н": ("ABSENT", None), "NOTHING_SET": True}.get(text, text)
    assert read(cast) == wanted
    beside = ["register.hold_lesson", "register.take_attendance"]
    entry = Entry.objects.exclude(object__startswith="register.Correction").exclude(verb__in=beside).get()
    changes = [change for change in history([entry.object]) if change.verb not in beside]
    assert changes[0].reason.startswith("Ошибка при вводе; просит Копылова М. А.")


def test_a_lesson_filled_by_a_correction_is_held_and_owes_nothing(cast):
    adopt(cast.organisation, edit_window_days=3)
    approve_correction(cast.actor("director"), ask(cast, "Корни", kind="TOPIC"), at=AT)
    lesson = Lesson.objects.get(pk=cast.lessons[0].pk)
    assert (lesson.state, lesson.held_at, lesson.topic_at, lesson.attendance_taken_at) == ("HELD", AT, AT, None)
    owed = obligations_of(Scope(cast.year, FIRST_DAY, FIRST_DAY, course=cast.algebra.pk), now=AT, kinds=["LESSON"])
    assert [one.state for one in owed if one.code == lesson.code] == ["DONE_LATE"]


def test_that_everybody_was_there_is_asked_for_where_nobody_looked(cast):
    adopt(cast.organisation, edit_window_days=3)
    absent = ask(cast, "н", kind="ATTENDANCE")
    withdraw_correction(cast.actor("teacher"), absent, at=AT)
    approve_correction(cast.actor("director"), ask(cast, "+", kind="ATTENDANCE"), at=AT)
    assert Lesson.objects.get(pk=cast.lessons[0].pk).attendance_taken_at == AT
    assert shown_to_family(cast.polina, first=FIRST_DAY, last=TODAY, until=None) == {}
    with pytest.raises(Refused) as refused:
        ask(cast, "+", kind="ATTENDANCE")
    assert code_of(refused) == "NOTHING_NEW"


def test_a_topic_is_no_longer_than_the_lesson_keeps(cast):
    adopt(cast.organisation, edit_window_days=3)
    with pytest.raises(Refused) as refused:
        ask(cast, "я" * 501, kind="TOPIC")
    assert code_of(refused) == "LONG_TOPIC"


def test_what_no_longer_fits_is_not_carried_out(shut):
    row, lesson = ask(shut), shut.lessons[0]
    lesson.tasks.update(components=2)
    with pytest.raises(Refused):
        approve_correction(shut.actor("deputy"), row, at=AT)
    lesson.tasks.update(components=1)
    Lesson.objects.filter(pk=lesson.pk).update(state="CANCELLED")
    with pytest.raises(Refused) as refused:
        approve_correction(shut.actor("deputy"), row, at=AT)
    assert code_of(refused) == "LESSON_CANCELLED"
    assert (mark(shut).value, Correction.objects.get().state) == ("3", "REQUESTED")


def test_a_column_that_a_request_is_about_is_not_removed(cast):
    adopt(cast.organisation, mark_correction="REQUEST", backdating="FORBIDDEN")
    lesson = cast.lessons[0]
    task = add_task(lesson_for(cast.actor("teacher"), lesson.code), said=TaskSaid("КР"), at=AT)
    target = target_for(cast.actor("teacher"), Asked(kind="MARK", task=task.code, pupil=cast.polina.code))
    request_correction(target, text="4", reason="Работа найдена", at=AT)
    with pytest.raises(Refused) as refused:
        remove_task(lesson_for(cast.actor("teacher"), lesson.code), task=task.code, at=AT)
    assert code_of(refused) == "MARKS_WERE_PUT"
    with pytest.raises(Refused) as kept:
        withdraw_control_work(lesson_for(cast.actor("deputy"), lesson.code), task, at=AT)
    assert code_of(kept) == "HAS_MARKS"


def test_a_quarter_without_a_mark_of_its_own_gets_none_by_a_correction(cast):
    adopt(cast.organisation, term_schemes=(TermScheme("HALF_YEAR"),))
    first = Term.objects.get(year=cast.year, kind="QUARTER", number=1)
    PeriodClosing.objects.create(
        organisation=cast.organisation, term=first, school_class=cast.class_8a, closed_by=cast.teacher, closed_at=AT
    )
    target = target_for(cast.actor("teacher"), asked(cast, "TERM_MARK", term="1"))
    with pytest.raises(Refused) as refused:
        request_correction(target, text="5", reason="Итог", at=AT)
    assert code_of(refused) == "NOT_MARKED_IN_TERM"


def test_a_term_mark_of_a_closed_period_is_corrected(cast):
    PeriodClosing.objects.create(
        organisation=cast.organisation, term=cast.term, school_class=cast.class_8a, closed_by=cast.teacher, closed_at=AT
    )
    TermMark.objects.create(
        organisation=cast.organisation, pupil=cast.polina, subject=cast.algebra.subject, term=cast.term, value="3",
        put_at=AT,
    )  # fmt: skip
    row = ask(cast, "4", kind="TERM_MARK")
    approve_correction(cast.actor("director"), row, order="приказ № 3", at=AT)
    result = TermMark.objects.get()
    assert (result.value, result.changes) == ("4", 1)
    assert history([f"register.TermMark:{result.pk}"])[0].reason.endswith("приказ № 3")


@pytest.mark.parametrize(
    ("text", "reason", "code"),
    [
        ("3", "Ошибка", "NOTHING_NEW"),
        ("4", "  ", "REASON_NEEDED"),
        ("4", "я" * 501, "LONG_REASON"),
        ("7", "Ошибка", "OUTSIDE_SCALE"),
        ("н", "Ошибка", "NOT_A_MARK"),
        ("да", "Ошибка", "UNKNOWN_TEXT"),
    ],
)
def test_a_request_says_what_and_why(shut, text, reason, code):
    with pytest.raises(Refused) as refused:
        ask(shut, text, reason=reason)
    assert code_of(refused) == code
    assert not Correction.objects.exists()


def test_an_open_entry_needs_no_request(cast):
    with pytest.raises(Refused) as refused:
        ask(cast)
    assert code_of(refused) == "STILL_OPEN"


@pytest.mark.parametrize(("state", "code"), [("CLOSED", "YEAR_CLOSED"), ("ARCHIVED", "YEAR_ARCHIVED")])
def test_a_closed_year_is_refused_with_clause_and_way_out(shut, state, code):
    row = ask(shut)
    AcademicYear.objects.filter(pk=shut.year.pk).update(state=state)
    with pytest.raises(Refused) as refused:
        ask(shut, "5")
    assert code_of(refused) == code
    assert refused.value.verdict.clause
    assert "директор" in refused.value.verdict.sentence.casefold()
    with pytest.raises(Refused) as refused:
        approve_correction(shut.actor("director"), row, at=AT)
    assert code_of(refused) == code
    assert mark(shut).value == "3"


def test_two_requests_for_one_entry_do_not_wait_together(shut):
    ask(shut)
    with pytest.raises(Refused) as refused:
        ask(shut, "5")
    assert code_of(refused) == "ALREADY_ASKED"


def test_a_mark_for_an_absent_pupil_is_refused_when_asked_and_when_approved(shut):
    row = ask(shut)
    Attendance.objects.create(
        organisation=shut.organisation, lesson=shut.lessons[0], pupil=shut.polina, event="ABSENT", put_at=AT
    )
    with pytest.raises(Refused) as refused:
        approve_correction(shut.actor("deputy"), row, at=AT)
    assert code_of(refused) == "MARK_FOR_ABSENT"
    assert (mark(shut).value, Correction.objects.get().state) == ("3", "REQUESTED")


def test_a_decline_says_why_and_leaves_the_entry(shut):
    row = ask(shut)
    with pytest.raises(Refused) as refused:
        decline_correction(shut.actor("deputy"), row, reason=" ", at=AT)
    assert code_of(refused) == "REASON_NEEDED"
    done = decline_correction(shut.actor("deputy"), row, reason="Работа написана на 3", at=AT)
    assert (done.state, done.decision, mark(shut).value) == ("DECLINED", "Работа написана на 3", "3")
    count = Entry.objects.count()
    decline_correction(shut.actor("director"), row, reason="Ещё раз", at=AT)
    assert Entry.objects.count() == count
    with pytest.raises(Refused) as refused:
        approve_correction(shut.actor("deputy"), row, at=AT)
    assert code_of(refused) == "DECIDED"


def test_who_asked_takes_it_back(shut):
    row = ask(shut)
    with pytest.raises(Refused) as refused:
        withdraw_correction(shut.actor("deputy"), row, at=AT)
    assert code_of(refused) == "NOT_REQUESTER"
    assert withdraw_correction(shut.actor("teacher"), row, at=AT).state == "WITHDRAWN"
    count = Entry.objects.count()
    withdraw_correction(shut.actor("teacher"), row, at=AT)
    assert Entry.objects.count() == count
    assert ask(shut, "5").pk != row.pk


def test_two_different_people_approve_and_one_is_the_director(shut):
    adopt(shut.organisation, on=date(2026, 11, 10), correction_approvals=2, correction_order_required=True)
    row = ask(shut)
    deputy, director = shut.actor("deputy"), shut.actor("director")
    half = approve_correction(deputy, row, at=AT)
    assert (half.state, half.first_by_id, mark(shut).value) == ("HALF", deputy.employee_id, "3")
    with pytest.raises(Refused) as refused:
        approve_correction(deputy, row, at=AT)
    assert code_of(refused) == "SECOND_PERSON"
    with pytest.raises(Refused) as refused:
        approve_correction(director, row, at=AT)
    assert code_of(refused) == "ORDER_NEEDED"
    assert approve_correction(director, row, order="№ 7", at=AT).state == "APPLIED"
    assert "Нечаева М. М. и Хабибуллина Д. Т.; приказ № 7" in history([f"register.Mark:{mark(shut).pk}"])[0].reason


def test_nobody_approves_his_own_request_while_another_can(shut):
    Appointment.objects.create(
        organisation=shut.organisation, user=shut.users["teacher"], role=Role.DEPUTY, starts_on=date(2026, 9, 1)
    )
    row = ask(shut)
    with pytest.raises(Refused) as refused:
        approve_correction(shut.actor("teacher"), row, at=AT)
    assert code_of(refused) == "OWN_REQUEST"
    others = Appointment.objects.filter(role__in=[Role.DIRECTOR, Role.DEPUTY]).exclude(user=shut.users["teacher"])
    others.update(ends_on=date(2026, 11, 1))
    assert approve_correction(shut.actor("teacher"), row, at=AT).state == "APPLIED"


def test_a_mark_is_corrected_by_a_remark_alone_where_the_school_says_so(cast):
    adopt(cast.organisation, mark_correction="REMARK", correction_grace_minutes=15)
    task = cast.lessons[0].tasks.get()
    Mark.objects.create(
        organisation=cast.organisation, task=task, pupil=cast.polina, value="3", put_at=moment(FIRST_DAY),
        put_by=cast.teacher,
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        ask(cast)
    assert code_of(refused) == "REMARK_NEEDED"
    remark = Remark.objects.create(
        organisation=cast.organisation, course=cast.algebra, lesson=cast.lessons[0], teacher=cast.teacher,
        text="Проверьте отметку", due_on=TODAY, made_at=AT,
    )  # fmt: skip
    assert ask(cast).remark == remark


def test_what_a_permission_put_is_no_slip_of_the_one_who_asked(cast):
    adopt(cast.organisation, mark_correction="REQUEST", correction_grace_minutes=15)
    task = cast.lessons[0].tasks.get()
    Mark.objects.create(
        organisation=cast.organisation, task=task, pupil=cast.polina, value="3", put_at=moment(FIRST_DAY),
        put_by=cast.teacher,
    )  # fmt: skip
    approve_correction(cast.actor("director"), ask(cast), at=AT)
    cell = CellSave(task=task.code, pupil=cast.polina.code, seen="4", text="5")
    (answer,) = save_cells(cast.actor("teacher"), course=cast.algebra.code, cells=[cell], at=AT).cells
    assert (answer.verdict.code, mark(cast).value) == ("CORRECTION_NEEDED", "4")
    assert ask(cast, "5").state == "REQUESTED"


@pytest.mark.parametrize(
    ("member", "error"),
    [("class_teacher", PermissionDenied), ("deputy", PermissionDenied), ("substitute", Http404), ("clerk", Http404)],
)
def test_only_who_teaches_asks(shut, member, error):
    with pytest.raises(error):
        target_for(shut.actor(member), asked(shut))


def test_a_substitute_asks_for_the_lesson_he_gave(shut):
    Lesson.objects.filter(pk=shut.lessons[0].pk).update(teacher=shut.substitute)
    assert ask(shut, member="substitute").requested_by == shut.substitute


def test_the_next_teacher_asks_for_the_lessons_of_the_one_before(shut):
    Workload.objects.filter(course=shut.algebra).update(starts_on=TODAY)
    Lesson.objects.filter(pk=shut.lessons[0].pk).update(teacher=shut.substitute)
    row = ask(shut)
    assert (row.requested_by, row.clause) == (shut.teacher, shut.actor("teacher").policy.clause("correction_approvers"))
    approve_correction(shut.actor("director"), row, at=AT)
    assert mark(shut).value == "4"


def test_requests_are_seen_by_who_asked_who_sees_the_course_and_who_approves(shut):
    row = ask(shut)
    for member in ("teacher", "class_teacher", "deputy", "director"):
        assert correction_for(shut.actor(member), row.code) == row
    for member in ("substitute", "clerk", "archivist", "administrator", "mother", "foreign_teacher"):
        with pytest.raises(Http404):
            correction_for(shut.actor(member), row.code)
    with pytest.raises(PermissionDenied):
        correction_to_decide(shut.actor("class_teacher"), row.code)


def test_an_order_is_named_as_one():
    assert order_words(" № 15  от 20.11.2026 ") == "приказ № 15 от 20.11.2026"
    assert order_words("Распоряжение № 2") == "Распоряжение № 2"
    assert order_words("  ") == ""
