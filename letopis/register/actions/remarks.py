"""Verbs of a remark: put, answer, confirm, return, withdraw, another term; and the mark that a page was looked through.

Each tells the other side by a notice, which closes with the remark. Sources: REG-023, REG-038, REG-B032.
"""

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from letopis.core.errors import require
from letopis.ledger.actions import Fact, Value, object_name, record
from letopis.notices.actions import Message, close, notify
from letopis.notices.models import Notice
from letopis.people.access import Actor
from letopis.people.models import Employee
from letopis.register.access import OpenCourse
from letopis.register.access.remarks import OpenRemark, Page
from letopis.register.models import PageReview, Remark
from letopis.rules import remarks as rules
from letopis.rules.russian import short_date
from letopis.rules.text import many_lines, one_line

State = Remark.State


@transaction.atomic
def put_remark(page: Page, *, teacher: Employee | None, text: str, due_on: date, today: date, at: datetime) -> Remark:
    """Put a remark to a page and tell its teacher. The same words to the same page, still open, are no second remark.

    due_on: last day to remove it; without a word of the deputy `rules.remarks.due_on`.
    Raises Refused: as `rules.remarks.may_put`; NO_TEACHER for one who is not of this page.
    """
    actor, text = page.actor, many_lines(text)
    is_of_page = teacher is not None and teacher.pk in {one.pk for one in page.teachers}
    require(
        rules.may_put(
            controls=actor.controls and actor.employee_id is not None,
            year_is_open=page.year_is_open,
            has_teacher=is_of_page,
            text=text,
            due=due_on,
            today=today,
        )
    )
    assert teacher is not None  # noqa: S101 (the rule has refused a page without a teacher)
    place = {"course": page.course, "school_class": page.school_class, "lesson": page.lesson, "pupil": page.pupil}
    # The lock of the teacher is the lock of his remarks: a double press must not put one twice.
    Employee.objects.select_for_update(of=("self",)).get(pk=teacher.pk)
    same = Remark.objects.filter(organisation=actor.organisation, teacher=teacher, text=text, state=State.OPEN, **place)
    if present := same.first():
        return present
    row = Remark.objects.create(
        organisation=actor.organisation,
        teacher=teacher,
        text=text,
        due_on=due_on,
        made_by_id=actor.employee_id,
        made_at=at,
        **place,
    )
    record(Fact(actor.author, at, "register.put_remark", object_name(row), None, _plain(row)))
    _tell(actor, row, teacher, f"Замечание к журналу, срок {short_date(due_on)}", at=at)
    return row


@transaction.atomic
def change_term(opened: OpenRemark, *, due_on: date, today: date, at: datetime) -> Remark:
    """Give a remark another term. The same day again is no entry. Refuses as `rules.remarks.may_change_term`."""
    row = _locked(opened)
    if row.due_on == due_on and row.state in rules.STANDING:
        return row
    require(rules.may_change_term(controls=opened.actor.controls, state=row.state, due=due_on, today=today))
    before, row.due_on = _plain(row), due_on
    row.save(update_fields=["due_on"])
    record(Fact(opened.actor.author, at, "register.change_remark_term", object_name(row), before, _plain(row)))
    title = f"Новый срок замечания: {short_date(due_on)}"
    _tell(opened.actor, row, opened.remark.teacher, title, at=at)
    return row


@transaction.atomic
def answer_remark(opened: OpenRemark, *, answer: str, at: datetime) -> Remark:
    """Say that the remark is removed, in the teacher's words if he has any. The same again is no entry.

    Refuses as `rules.remarks.may_answer`.
    """
    row, answer = _locked(opened), one_line(answer)
    if row.state == State.REMOVED and row.answer == answer and opened.is_his:
        return row
    require(rules.may_answer(is_his=opened.is_his, state=row.state, is_automatic=bool(row.duty), answer=answer))
    before = _plain(row)
    row.state, row.answer, row.removed_at = State.REMOVED, answer, at
    row.save(update_fields=["state", "answer", "removed_at"])
    record(Fact(opened.actor.author, at, "register.answer_remark", object_name(row), before, _plain(row)))
    close(organisation=opened.actor.organisation.code, key=_key(row), at=at)
    if opened.remark.made_by:
        _tell(opened.actor, row, opened.remark.made_by, "Замечание устранено, подтвердите", at=at)
    return row


@transaction.atomic
def confirm_remark(opened: OpenRemark, *, at: datetime) -> Remark:
    """Confirm that a remark is removed. Twice is harmless. Refuses as `rules.remarks.may_confirm`."""
    row = _locked(opened)
    if row.state == State.CONFIRMED and opened.actor.controls:
        return row
    require(rules.may_confirm(controls=opened.actor.controls, state=row.state))
    return _finish(opened.actor, row, State.CONFIRMED, verb="register.confirm_remark", at=at)


@transaction.atomic
def return_remark(opened: OpenRemark, *, note: str, due_on: date, today: date, at: datetime) -> Remark:
    """Give a remark back to its teacher with what is still missing, and a term.

    The note is the reason of the entry in the ledger; the answer stays. A second time there is nothing to return.
    Refuses as `rules.remarks.may_return`.
    """
    row, note = _locked(opened), one_line(note)
    require(rules.may_return(controls=opened.actor.controls, state=row.state, note=note, due=due_on, today=today))
    before = _plain(row)
    row.state, row.due_on = State.OPEN, due_on
    row.save(update_fields=["state", "due_on"])
    record(Fact(opened.actor.author, at, "register.return_remark", object_name(row), before, _plain(row), note))
    close(organisation=opened.actor.organisation.code, key=_key(row), at=at)
    title = f"Замечание возвращено, срок {short_date(due_on)}"
    _tell(opened.actor, row, opened.remark.teacher, title, at=at, text=note)
    return row


@transaction.atomic
def withdraw_remark(opened: OpenRemark, *, reason: str, at: datetime) -> Remark:
    """Take a remark back with the reason, an automatic one too. Twice is harmless.

    Refuses as `rules.remarks.may_withdraw`.
    """
    row, reason = _locked(opened), one_line(reason)
    if row.state == State.WITHDRAWN and opened.actor.controls:
        return row
    require(rules.may_withdraw(controls=opened.actor.controls, state=row.state, reason=reason))
    return _finish(opened.actor, row, State.WITHDRAWN, verb="register.withdraw_remark", reason=reason, at=at)


@transaction.atomic
def review_page(opened: OpenCourse, *, note: str, today: date, at: datetime) -> PageReview:
    """Record that a course was looked through. The same words of the same person on the same day are no second mark.

    Refuses as `rules.remarks.may_review`.
    """
    actor, note = opened.actor, one_line(note)
    require(
        rules.may_review(
            controls=actor.controls and actor.employee_id is not None, year_is_open=opened.year_is_open, note=note
        )
    )
    same = {"course": opened.course, "reviewed_by_id": actor.employee_id, "reviewed_on": today, "note": note}
    if present := PageReview.objects.filter(**same).first():
        return present
    row = PageReview.objects.create(organisation=actor.organisation, made_at=at, **same)
    after: dict[str, Value] = {
        "course": object_name(opened.course), "reviewed_on": today.isoformat(), "note": note,
    }  # fmt: skip
    record(Fact(actor.author, at, "register.review_page", object_name(row), None, after))
    return row


def _locked(opened: OpenRemark) -> Remark:
    return Remark.objects.select_for_update(of=("self",)).get(pk=opened.remark.pk)


def _finish(actor: Actor, row: Remark, state: State, *, verb: str, at: datetime, reason: str = "") -> Remark:
    before = _plain(row)
    row.state, row.closed_by_id, row.closed_at = state, actor.employee_id, at
    row.save(update_fields=["state", "closed_by", "closed_at"])
    record(Fact(actor.author, at, verb, object_name(row), before, _plain(row), reason))
    close(organisation=actor.organisation.code, key=_key(row), at=at)
    return row


def _tell(actor: Actor, row: Remark, to: Employee, title: str, *, at: datetime, text: str = "") -> None:
    """Tell a person of the remark, if he has an account.

    The title goes by e-mail and names no child; it is Russian, because nobody knows the language of the reader here.
    """
    user = to.person.user
    if user is None:
        return
    message = Message(
        kind=Notice.Kind.REMARK,
        key=_key(row),
        title=title,
        text=text or row.text,
        url=reverse("register:remark", args=[row.code]),
        email=to.person.email,
    )
    notify(organisation=actor.organisation.code, recipient=user.code, message=message, at=at)


def _key(row: Remark) -> str:
    return f"remark:{row.code}"


def _plain(row: Remark) -> dict[str, Value]:
    named = {
        "course": row.course_id and f"schooling.Course:{row.course_id}",
        "class": row.school_class_id and f"schooling.SchoolClass:{row.school_class_id}",
        "lesson": row.lesson_id and f"register.Lesson:{row.lesson_id}",
        "pupil": row.pupil_id and f"people.Pupil:{row.pupil_id}",
    }
    return {
        **{name: value for name, value in named.items() if value},
        "teacher": f"people.Employee:{row.teacher_id}",
        "text": row.text,
        "due_on": row.due_on.isoformat(),
        "state": row.state,
        "answer": row.answer,
    }
