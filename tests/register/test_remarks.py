"""Remarks of control: who puts, answers, confirms, returns and withdraws them; what is recorded and told."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from letopis.core.errors import Refused
from letopis.ledger.actions import Author
from letopis.ledger.models import Entry
from letopis.ledger.queries import history
from letopis.notices.models import Notice
from letopis.register.access import course_for
from letopis.register.access.remarks import page_for, remark_for, remarks_of
from letopis.register.actions import remarks as verbs
from letopis.register.actions.automatic_remarks import Automatic, settle_automatic
from letopis.register.models import PageReview, Remark
from letopis.schooling.models import AcademicYear
from tests import factories as make
from tests.cast import TODAY, Cast

AT = make.moment(TODAY)
DUE = date(2026, 11, 19)


def put(cast: Cast, *, member: str = "deputy", text: str = "Не записана тема", due: date = DUE, **asked: str) -> Remark:
    page = page_for(cast.actor(member), asked or {"course": str(cast.algebra.code)})
    return verbs.put_remark(
        page, teacher=page.teachers[0] if page.teachers else None, text=text, due_on=due, today=TODAY, at=AT
    )


def opened(cast: Cast, row: Remark, member: str):
    return remark_for(cast.actor(member), row.code)


def verbs_of(row: Remark) -> list[str]:
    return [change.verb.removeprefix("register.") for change in reversed(history([f"register.Remark:{row.pk}"]))]


def unread(cast: Cast, member: str) -> list[str]:
    return [one.title for one in Notice.objects.unread().filter(recipient=cast.users[member].code).order_by("pk")]


def refuses(code: str, verb, *args, **kwargs) -> None:
    with pytest.raises(Refused) as refusal:
        verb(*args, **kwargs)
    assert refusal.value.verdict.code == code


def test_a_remark_is_put_once_recorded_and_told(cast: Cast):
    row = put(cast)
    put(cast)

    assert (row.teacher, row.course, row.state, row.due_on) == (cast.teacher, cast.algebra, "OPEN", DUE)
    assert verbs_of(row) == ["put_remark"]
    assert unread(cast, "teacher") == ["Замечание к журналу, срок 19.11.2026"]


def test_a_remark_stands_at_a_cell_a_lesson_or_a_class(cast: Cast):
    cell = put(cast, lesson=str(cast.today_lesson.code), pupil=str(cast.polina.code))
    lesson = put(cast, lesson=str(cast.today_lesson.code))
    of_class = put(cast, **{"class": str(cast.class_8a.code)})

    assert (cell.lesson, cell.pupil, cell.course) == (cast.today_lesson, cast.polina, cast.algebra)
    assert (lesson.lesson, lesson.pupil) == (cast.today_lesson, None)
    assert (of_class.school_class, of_class.course, of_class.teacher) == (cast.class_8a, None, cast.class_teacher)


@pytest.mark.parametrize(
    ("member", "error"), [("teacher", PermissionDenied), ("class_teacher", PermissionDenied), ("mother", Http404)]
)
def test_others_cannot_put_one(cast: Cast, member, error):
    with pytest.raises(error):
        put(cast, member=member)


def test_refuses_a_past_term_no_words_and_a_closed_year(cast: Cast):
    refuses("PAST_TERM", put, cast, due=date(2026, 11, 15))
    refuses("NO_TEXT", put, cast, text=" \n ")
    AcademicYear.objects.filter(pk=cast.year.pk).update(state="CLOSED")
    refuses("YEAR_CLOSED", put, cast)
    assert not Remark.objects.exists()


def test_refuses_a_teacher_who_is_not_of_the_page(cast: Cast):
    page = page_for(cast.actor("deputy"), {"course": str(cast.algebra.code)})
    refuses("NO_TEACHER", verbs.put_remark, page, teacher=cast.substitute, text="Нет", due_on=DUE, today=TODAY, at=AT)


def test_the_teacher_answers_and_the_deputy_confirms(cast: Cast):
    row = put(cast)
    for _time in range(2):
        verbs.answer_remark(opened(cast, row, "teacher"), answer="Записала", at=AT)
    assert unread(cast, "teacher") == []
    assert unread(cast, "deputy") == ["Замечание устранено, подтвердите"]
    for _time in range(2):
        verbs.confirm_remark(opened(cast, row, "deputy"), at=AT)

    row.refresh_from_db()
    assert (row.state, row.answer, row.removed_at, row.closed_at) == ("CONFIRMED", "Записала", AT, AT)
    assert verbs_of(row) == ["put_remark", "answer_remark", "confirm_remark"]
    assert unread(cast, "deputy") == []


def test_the_deputy_returns_a_remark_with_what_is_missing(cast: Cast):
    row = put(cast)
    later = date(2026, 11, 23)
    refuses(
        "NOT_REMOVED", verbs.return_remark, opened(cast, row, "deputy"), note="Нет", due_on=later, today=TODAY, at=AT
    )
    verbs.answer_remark(opened(cast, row, "teacher"), answer="", at=AT)
    verbs.return_remark(opened(cast, row, "deputy"), note="Нет темы 13.11", due_on=later, today=TODAY, at=AT)

    row.refresh_from_db()
    assert (row.state, row.due_on) == ("OPEN", later)
    assert history([f"register.Remark:{row.pk}"])[0].reason == "Нет темы 13.11"
    assert unread(cast, "teacher") == ["Замечание возвращено, срок 23.11.2026"]
    verbs.answer_remark(opened(cast, row, "teacher"), answer="Исправила", at=AT)
    verbs.confirm_remark(opened(cast, row, "director"), at=AT)
    assert verbs_of(row) == ["put_remark", "answer_remark", "return_remark", "answer_remark", "confirm_remark"]


def test_the_term_is_changed_once_and_a_remark_is_withdrawn_for_a_reason(cast: Cast):
    row = put(cast)
    later = date(2026, 11, 30)
    for _time in range(2):
        verbs.change_term(opened(cast, row, "deputy"), due_on=later, today=TODAY, at=AT)
    refuses("NO_REASON", verbs.withdraw_remark, opened(cast, row, "deputy"), reason=" ", at=AT)
    for _time in range(2):
        verbs.withdraw_remark(opened(cast, row, "deputy"), reason="Тема была", at=AT)

    row.refresh_from_db()
    assert (row.state, row.due_on) == ("WITHDRAWN", later)
    assert verbs_of(row) == ["put_remark", "change_remark_term", "withdraw_remark"]
    assert unread(cast, "teacher") == []
    refuses("FINISHED", verbs.answer_remark, opened(cast, row, "teacher"), answer="", at=AT)


def test_only_its_teacher_answers_and_only_the_control_confirms(cast: Cast):
    row = put(cast)
    refuses("NOT_HIS", verbs.answer_remark, opened(cast, row, "class_teacher"), answer="", at=AT)
    refuses("NOT_CONTROL", verbs.confirm_remark, opened(cast, row, "teacher"), at=AT)
    refuses("NOT_CONTROL", verbs.withdraw_remark, opened(cast, row, "teacher"), reason="Нет", at=AT)


@pytest.mark.parametrize("member", ["mother", "pupil", "foreign_teacher", "dismissed"])
def test_strangers_and_families_do_not_know_of_remarks(cast: Cast, member):
    row = put(cast)
    with pytest.raises(Http404):
        opened(cast, row, member)


def test_the_course_page_shows_how_many_remarks_stand(cast: Cast):
    put(cast)
    put(cast, lesson=str(cast.today_lesson.code))

    assert course_for(cast.actor("teacher"), cast.algebra.code).course.standing_remarks == 2
    assert remarks_of(cast.actor("substitute")).count() == 0
    assert remarks_of(cast.actor("class_teacher")).count() == 2


def test_a_review_is_recorded_once_a_day_for_the_same_words(cast: Cast):
    for note in ("", "", "Темы записаны"):
        verbs.review_page(course_for(cast.actor("deputy"), cast.algebra.code), note=note, today=TODAY, at=AT)

    assert PageReview.objects.count() == Entry.objects.filter(verb="register.review_page").count() == 2
    refuses(
        "NOT_CONTROL",
        verbs.review_page,
        course_for(cast.actor("teacher"), cast.algebra.code),
        note="",
        today=TODAY,
        at=AT,
    )


def settle(cast: Cast, *wanted: Automatic):
    by = Author(cast.organisation.code, "system", "Летопись, ночная проверка")
    return settle_automatic(cast.organisation, wanted, year=cast.year, due_on=DUE, by=by, at=AT)


def automatic(cast: Cast, text: str = "Тема не записана: 09.11.2026", duty: str = "TOPIC:x:2026-W46") -> Automatic:
    return Automatic(duty=duty, text=text, teacher=cast.teacher.pk, course=cast.algebra.pk)


def test_an_automatic_remark_is_made_once_told_anew_and_closes_itself(cast: Cast):
    made = [settle(cast, automatic(cast)) for _time in range(2)]
    changed = settle(cast, automatic(cast, "Тема не записана: 09.11.2026, 13.11.2026"))
    kept = settle(cast, replace(automatic(cast, "Тема не записана: 13.11.2026"), is_ripe=False))
    closed = [settle(cast) for _time in range(2)]

    row = Remark.objects.get()
    assert [one.made for one in made] == [1, 0]
    assert (changed.changed, kept.changed, kept.closed, [one.closed for one in closed]) == (1, 1, 0, [1, 0])
    assert (row.state, row.made_by, row.closed_at) == ("CLOSED", None, AT)
    assert verbs_of(row) == ["make_automatic_remark", *["change_automatic_remark"] * 2, "close_automatic_remark"]


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        ("TOPIC", "topics/?only=topic&term=year"),
        ("HOMEWORK", "topics/?only=empty&term=year"),
        ("MARKS", "?term=year"),
        ("TERM_MARK", "term-marks/"),
    ],
)
def test_an_automatic_remark_leads_to_what_is_missing(cast: Cast, kind, page):
    settle(cast, automatic(cast, duty=f"{kind}:x:2026-W46"))

    address = reverse("register:grid", args=[cast.algebra.code])
    shown = cast.client("teacher").get(reverse("register:remark", args=[Remark.objects.get().code]))
    assert shown.context["line"].place_url == address + page
    assert cast.client("teacher").get(address + page).status_code == 200


@pytest.mark.parametrize(
    ("kind", "page"), [("ROSTER", "schooling:school_class"), ("ABSENCE_REASON", "register:absence_unset")]
)
def test_an_automatic_remark_of_a_class_leads_to_what_is_missing(cast: Cast, kind, page):
    of_class = replace(automatic(cast, duty=f"{kind}:x:2026-W46"), course=None, school_class=cast.class_8a.pk)
    settle(cast, replace(of_class, teacher=cast.class_teacher.pk))

    shown = cast.client("deputy").get(reverse("register:remark", args=[Remark.objects.get().code]))
    assert shown.context["line"].place_url == reverse(page, args=[cast.class_8a.code])


def test_an_automatic_remark_is_not_answered_and_not_made_again_once_withdrawn(cast: Cast):
    settle(cast, automatic(cast))
    row = Remark.objects.get()
    refuses("AUTOMATIC", verbs.answer_remark, opened(cast, row, "teacher"), answer="", at=AT)
    verbs.withdraw_remark(opened(cast, row, "deputy"), reason="Урока не было", at=AT)

    assert settle(cast, automatic(cast)).made == 0
    assert Remark.objects.count() == 1


def test_a_duty_too_young_makes_no_remark(cast: Cast):
    assert settle(cast, replace(automatic(cast), is_ripe=False)).made == 0


def test_a_week_that_was_done_and_is_late_again_gets_a_new_remark(cast: Cast):
    settle(cast, automatic(cast))
    settle(cast)

    assert settle(cast, automatic(cast)).made == 1
    assert sorted(Remark.objects.values_list("state", flat=True)) == ["CLOSED", "OPEN"]
