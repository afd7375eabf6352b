"""Reasons of absence: by hand, by papers, also for absences entered later; by whom they may be set."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from letopis.core.errors import Refused
from letopis.ledger.models import Entry
from letopis.ledger.queries import history
from letopis.register.access.classes import absences_for, absences_to_set
from letopis.register.actions.absence_documents import (
    DocumentValue,
    accept_notice,
    decline_notice,
    enter_document,
    send_notice,
    withdraw_document,
    withdraw_notice,
)
from letopis.register.actions.absence_reasons import ReasonCell, set_reason_of_span, set_reasons, take_back
from letopis.register.actions.cell_results import CellSave
from letopis.register.actions.cells import save_cells
from letopis.register.models import AbsenceDocument, AbsenceNotice, Attendance, Lesson
from letopis.schooling.models import AcademicYear, ClassTeacher
from tests import factories as make
from tests.cast import TODAY, Cast
from tests.policy import adopt

pytestmark = pytest.mark.django_db

AT = make.moment(TODAY, 15)
FRIDAY = date(2026, 11, 13)
MEDICAL = AbsenceDocument.Kind.MEDICAL


def absent(cast: Cast, pupil, *lessons: Lesson, event="ABSENT"):
    return [
        Attendance.objects.create(
            organisation=cast.organisation, lesson=lesson, pupil=pupil, event=event, put_by=cast.teacher, put_at=AT
        )
        for lesson in lessons
    ]


def lessons_of_day(cast: Cast, day=TODAY):
    return list(Lesson.objects.filter(course__in=[cast.algebra, cast.russian], on=day).order_by("number"))


def opened(cast: Cast, member="class_teacher", **options):
    return absences_for(cast.actor(member), cast.class_8a.code, **options)


def cell(pupil, text, *, seen="н", on=TODAY, lesson=None):
    return ReasonCell(pupil=pupil.code, on=on, seen=seen, text=text, lesson=lesson.code if lesson else None)


def reasons(pupil):
    rows = Attendance.objects.filter(pupil=pupil).order_by("lesson__on", "lesson__number")
    return list(rows.values_list("reason", flat=True))


def paper(cast: Cast, pupil=None, *, first=TODAY, last=TODAY, reason="ILL", kind=MEDICAL, at=AT):
    value = DocumentValue(
        kind=kind, reason=reason, starts_on=first, ends_on=last, number="17", issuer="Поликлиника № 2"
    )
    return enter_document(opened(cast), pupil=pupil or cast.polina, value=value, at=at)


def teacher_marks(cast: Cast, text="н", seen="", lesson=None):
    task = (lesson or cast.today_lesson).tasks.get()
    saved = save_cells(
        cast.actor("teacher"),
        course=cast.algebra.code,
        cells=[CellSave(task.code, cast.polina.code, seen, text)],
        at=AT,
    )
    return saved.cells[0]


# by hand


def test_one_letter_sets_the_reason_of_the_whole_day(cast):
    absent(cast, cast.polina, *lessons_of_day(cast))

    saved = set_reasons(opened(cast), cells=[cell(cast.polina, "б")], at=AT)

    rows = Attendance.objects.filter(pupil=cast.polina)
    assert (saved.cells[0].status, saved.cells[0].shown) == ("SAVED", "б")
    assert {(row.reason, row.reason_by, row.reason_at, row.document) for row in rows} == {
        ("ILL", cast.class_teacher, AT, None)
    }


def test_letters_in_the_order_of_lessons_and_one_lesson_alone(cast):
    first, second = lessons_of_day(cast)
    absent(cast, cast.polina, first, second)

    set_reasons(opened(cast), cells=[cell(cast.polina, "бу")], at=AT)
    assert reasons(cast.polina) == ["ILL", "VALID"]

    set_reasons(opened(cast), cells=[cell(cast.polina, "g", seen="у", lesson=second)], at=AT)
    assert reasons(cast.polina) == ["ILL", "UNEXCUSED"]


def test_each_reason_is_an_entry_with_what_stood_before(cast):
    (row,) = absent(cast, cast.polina, cast.today_lesson)

    set_reasons(opened(cast), cells=[cell(cast.polina, "б")], at=AT)
    set_reasons(opened(cast), cells=[cell(cast.polina, "б", seen="б")], at=AT)

    (change,) = history([f"register.Attendance:{row.pk}"])
    assert (change.before, change.after["reason"], change.who) == (
        {"event": "ABSENT"}, "ILL", "Зайцева А. А., Учитель",
    )  # fmt: skip


def test_a_refused_cell_does_not_keep_the_others(cast):
    absent(cast, cast.polina, *lessons_of_day(cast))
    absent(cast, cast.pupils[0], cast.today_lesson)

    saved = set_reasons(
        opened(cast),
        cells=[cell(cast.polina, "бубу"), cell(cast.pupils[0], "у"), cell(cast.pupils[1], "б")],
        at=AT,
    )

    assert [(one.status, one.verdict.code) for one in saved.cells] == [
        ("REFUSED", "LETTERS_AND_LESSONS"), ("SAVED", ""), ("REFUSED", "NOTHING_MISSED"),
    ]  # fmt: skip
    assert reasons(cast.pupils[0]) == ["VALID"]


def test_what_somebody_else_set_meanwhile_is_not_overwritten(cast):
    (_row,) = absent(cast, cast.polina, cast.today_lesson)
    set_reasons(opened(cast), cells=[cell(cast.polina, "у")], at=AT)

    saved = set_reasons(opened(cast), cells=[cell(cast.polina, "б", seen="н")], at=AT)

    assert (saved.cells[0].status, saved.cells[0].shown) == ("CONFLICT", "у")
    assert reasons(cast.polina) == ["VALID"]


def test_a_span_of_several_pupils_leaves_what_has_a_reason_and_can_be_taken_back(cast):
    friday = [one for one in cast.lessons if one.on == FRIDAY]
    absent(cast, cast.polina, *friday, cast.today_lesson)
    absent(cast, cast.pupils[0], cast.today_lesson)
    set_reasons(opened(cast), cells=[cell(cast.pupils[0], "п")], at=AT)

    saved = set_reason_of_span(
        opened(cast), pupils=[cast.polina.code, cast.pupils[0].code], first=FRIDAY, last=TODAY, reason="VALID", at=AT
    )

    assert (len(saved.changes), reasons(cast.polina), reasons(cast.pupils[0])) == (2, ["VALID"] * 2, ["UNEXCUSED"])
    assert take_back(opened(cast), changes=saved.changes, at=AT) == 2
    assert reasons(cast.polina) == ["NOT_SET"] * 2
    assert take_back(opened(cast), changes=saved.changes, at=AT) == 0


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"reason": "LATE"}, "NO_REASON"),
        ({"pupils": []}, "NO_PUPILS"),
        ({"first": TODAY, "last": FRIDAY}, "ENDS_BEFORE"),
        ({}, "NOTHING_MISSED"),
    ],
)
def test_a_span_is_refused_with_a_code(cast, asked, code):
    values = {"pupils": [cast.polina.code], "first": FRIDAY, "last": TODAY, "reason": "ILL"} | asked

    with pytest.raises(Refused) as refusal:
        set_reason_of_span(opened(cast), **values, at=AT)

    assert refusal.value.verdict.code == code


def test_lateness_takes_no_reason(cast):
    absent(cast, cast.polina, cast.today_lesson, event="LATE")

    saved = set_reasons(opened(cast), cells=[cell(cast.polina, "б", seen="")], at=AT)

    assert saved.cells[0].verdict.code == "NOTHING_MISSED"


# who


def test_controllers_see_and_do_not_set_unless_the_policy_allows(cast):
    absent(cast, cast.polina, cast.today_lesson)

    with pytest.raises(PermissionDenied):
        absences_to_set(cast.actor("deputy"), cast.class_8a.code)
    with pytest.raises(Refused) as refusal:
        set_reasons(opened(cast, "deputy"), cells=[cell(cast.polina, "б")], at=AT)
    assert refusal.value.verdict.code == "NOT_CLASS_TEACHER"

    adopt(cast.organisation, absence_reasons_by_control=True)
    set_reasons(opened(cast, "deputy"), cells=[cell(cast.polina, "б")], at=AT)
    assert reasons(cast.polina) == ["ILL"]


@pytest.mark.parametrize("member", ["teacher", "substitute", "clerk", "archivist", "administrator"])
def test_no_other_employee_sees_reasons_and_papers(cast, member):
    with pytest.raises(PermissionDenied):
        opened(cast, member)


@pytest.mark.parametrize("member", ["mother", "pupil", "dismissed", "foreign_teacher"])
def test_for_everybody_else_there_is_no_such_page(cast, member):
    with pytest.raises(Http404):
        opened(cast, member)


def test_who_led_the_class_before_sees_nothing_of_it(cast):
    ClassTeacher.objects.filter(school_class=cast.class_8a).update(ends_on=date(2026, 11, 15))

    with pytest.raises(PermissionDenied):
        opened(cast)


def test_in_a_closed_year_reasons_are_only_read(cast):
    AcademicYear.objects.update(state="CLOSED")

    assert opened(cast).may_set.code == "YEAR_CLOSED"


# papers


def test_a_paper_sets_the_reason_of_all_its_days_at_once(cast):
    friday = [one for one in cast.lessons if one.on == FRIDAY]
    absent(cast, cast.polina, *friday, *lessons_of_day(cast))

    document, changed = paper(cast, first=FRIDAY)

    assert (changed, reasons(cast.polina)) == (3, ["ILL"] * 3)
    assert set(Attendance.objects.values_list("document", "reason_by")) == {(document.pk, cast.class_teacher.pk)}


def test_an_absence_entered_later_takes_the_reason_of_the_paper(cast):
    document, changed = paper(cast)

    result = teacher_marks(cast)

    row = Attendance.objects.get()
    assert (changed, result.look.text) == (0, "б")
    assert (row.reason, row.document, row.reason_by, row.put_by) == ("ILL", document, cast.class_teacher, cast.teacher)


def test_an_absence_corrected_away_loses_paper_and_reason(cast):
    paper(cast)
    teacher_marks(cast)

    teacher_marks(cast, "+", seen="б")

    row = Attendance.objects.get()
    assert (row.event, row.reason, row.document, row.reason_by) == ("PRESENT", "NOT_SET", None, None)


def test_a_paper_of_other_days_or_of_another_pupil_says_nothing(cast):
    paper(cast, first=FRIDAY, last=FRIDAY)
    paper(cast, cast.pupils[0])

    teacher_marks(cast)

    assert reasons(cast.polina) == ["NOT_SET"]


def test_a_save_asks_for_papers_once_and_only_for_a_new_absence(cast):
    teacher_marks(cast, "5", lesson=cast.lessons[0])
    teacher_marks(cast, "4", seen="5", lesson=cast.lessons[0])
    asked = []

    for text, seen in (("5", ""), ("", "5"), ("н", ""), ("о5", "н")):
        with CaptureQueriesContext(connection) as statements:
            teacher_marks(cast, text, seen=seen)
        asked.append(sum("register_absencedocument" in one["sql"] and "SELECT" in one["sql"] for one in statements))
    assert asked == [0, 0, 1, 0]


def test_the_doctor_stands_over_the_family_whoever_came_first(cast):
    absent(cast, cast.polina, cast.today_lesson)
    doctor, _changed = paper(cast)

    _application, changed = paper(cast, reason="VALID", kind=AbsenceDocument.Kind.APPLICATION)

    assert (changed, reasons(cast.polina)) == (0, ["ILL"])
    assert Attendance.objects.get().document == doctor


def test_the_same_paper_again_is_the_same_paper(cast):
    first, _ = paper(cast)
    entries = Entry.objects.count()

    again, changed = paper(cast, at=make.moment(TODAY, 16))

    assert (again, changed, AbsenceDocument.objects.count(), Entry.objects.count()) == (first, 0, 1, entries)


def test_what_rested_on_a_withdrawn_paper_goes_to_the_next_or_to_none(cast):
    friday = [one for one in cast.lessons if one.on == FRIDAY]
    absent(cast, cast.polina, *friday, cast.today_lesson)
    doctor, _ = paper(cast, first=FRIDAY)
    application, _ = paper(cast, reason="VALID", kind=AbsenceDocument.Kind.APPLICATION)

    lost = withdraw_document(opened(cast), document=doctor, reason="Внесена не тому ребёнку", at=AT)

    rows = list(Attendance.objects.order_by("lesson__on").values_list("reason", "document"))
    assert (lost, rows) == (2, [("NOT_SET", None), ("VALID", application.pk)])
    assert withdraw_document(opened(cast), document=doctor, reason="Ещё раз", at=AT) == 0


def test_a_reason_set_by_hand_over_a_paper_stays_when_the_paper_goes(cast):
    absent(cast, cast.polina, cast.today_lesson)
    document, _ = paper(cast)
    set_reasons(opened(cast), cells=[cell(cast.polina, "у", seen="б")], at=AT)

    withdraw_document(opened(cast), document=document, reason="Ошибка", at=AT)

    assert reasons(cast.polina) == ["VALID"]


@pytest.mark.parametrize(
    ("change", "code"),
    [({"reason": "NOT_SET"}, "NO_REASON"), ({"kind": "PAPER"}, "UNKNOWN_KIND"), ({"ends_on": FRIDAY}, "ENDS_BEFORE")],
)
def test_a_paper_is_refused_with_a_code(cast, change, code):
    value = replace(DocumentValue(kind=MEDICAL, reason="ILL", starts_on=TODAY, ends_on=TODAY), **change)

    with pytest.raises(Refused) as refusal:
        enter_document(opened(cast), pupil=cast.polina, value=value, at=AT)

    assert refusal.value.verdict.code == code


def test_a_paper_of_a_pupil_of_another_class_is_refused(cast):
    stranger = make.make_pupil(cast.organisation, "Чужой Пётр")
    value = DocumentValue(kind=MEDICAL, reason="ILL", starts_on=TODAY, ends_on=TODAY)

    with pytest.raises(Refused) as refusal:
        enter_document(opened(cast), pupil=stranger, value=value, at=AT)

    assert refusal.value.verdict.code == "NOT_IN_CLASS"


# notices


def notice(cast: Cast, **change):
    said = {"first": TODAY, "last": TODAY, "reason": "ILL", "text": "Температура"} | change
    return send_notice(cast.actor("mother"), pupil=cast.polina, **said, at=AT)


def test_a_notice_counts_for_nothing_until_it_is_accepted(cast):
    absent(cast, cast.polina, cast.today_lesson)

    row = notice(cast)

    assert (row.state, row.sent_by, reasons(cast.polina)) == ("NEW", cast.users["mother"].person, ["NOT_SET"])


def test_an_accepted_notice_sets_the_reason_also_of_absences_to_come(cast):
    row = notice(cast)

    accept_notice(opened(cast), notice=row, reason="ILL", at=AT)
    teacher_marks(cast)

    document = AbsenceDocument.objects.get()
    assert (document.kind, document.issuer, document.entered_by) == (
        "APPLICATION", "Ершова Анна Викторовна", cast.class_teacher,
    )  # fmt: skip
    assert Attendance.objects.get().document == document
    assert accept_notice(opened(cast), notice=row, reason="ILL", at=AT) == 0
    assert AbsenceDocument.objects.count() == 1


def test_the_paper_has_the_day_on_which_the_family_wrote_as_the_school_counts_days(cast):
    cast.organisation.time_zone = "Asia/Vladivostok"
    cast.organisation.save()
    evening = make.moment(TODAY, 20)
    row = send_notice(cast.actor("mother"), pupil=cast.polina, first=TODAY, last=TODAY, reason="ILL", at=evening)

    accept_notice(opened(cast), notice=row, reason="ILL", at=AT)

    assert AbsenceDocument.objects.get().issued_on == TODAY + timedelta(days=1)
    # 20:00 of Moscow is three in the morning there.
    assert "03:00" in cast.client("mother").get("/diary/absence/").content.decode()


def test_a_notice_that_was_decided_is_not_taken_back(cast):
    row = notice(cast)
    decline_notice(opened(cast), notice=row, at=AT)

    with pytest.raises(Refused) as refusal:
        withdraw_notice(cast.actor("mother"), notice=row, at=AT)

    row.refresh_from_db()
    assert (refusal.value.verdict.code, row.state, row.decided_by) == ("DECIDED", "DECLINED", cast.class_teacher)


def test_a_notice_is_taken_back_by_who_sent_it_alone(cast):
    row = notice(cast)
    with pytest.raises(Refused):
        withdraw_notice(cast.actor("other_parent"), notice=row, at=AT)

    withdraw_notice(cast.actor("mother"), notice=row, at=AT)

    row.refresh_from_db()
    assert row.state == "WITHDRAWN"
    with pytest.raises(Refused):
        accept_notice(opened(cast), notice=row, reason="ILL", at=AT)


def test_a_notice_sent_twice_is_one(cast):
    assert notice(cast) == notice(cast)
    assert AbsenceNotice.objects.count() == 1


def test_a_paper_over_two_years_leaves_the_closed_one_as_it_is(cast):
    year = make.make_year(cast.organisation, 2025)
    AcademicYear.objects.filter(pk=year.pk).update(state="CLOSED")
    before = make.make_course(make.whole_class(make.make_class(year, 7, "А")), cast.algebra.subject, teacher=None)
    lesson = Lesson.objects.create(organisation=cast.organisation, course=before, on=date(2026, 5, 20), number=1)
    (old,) = absent(cast, cast.polina, lesson)
    absent(cast, cast.polina, cast.today_lesson)

    _document, changed = paper(cast, first=lesson.on, last=TODAY)

    old.refresh_from_db()
    assert (changed, old.reason, old.document) == (1, "NOT_SET", None)
    assert history([f"register.Attendance:{old.pk}"]) == []


def test_a_reason_of_a_paper_withdrawn_meanwhile_is_not_put_back(cast):
    (row,) = absent(cast, cast.polina, cast.today_lesson)
    document, _changed = paper(cast)
    saved = set_reasons(opened(cast), cells=[cell(cast.polina, "у", seen="б")], at=AT)
    withdraw_document(opened(cast), document=document, reason="Ошибка", at=AT)

    assert take_back(opened(cast), changes=saved.changes, at=AT) == 0

    row.refresh_from_db()
    assert (row.reason, row.document) == ("VALID", None)
