"""Papers with dates: entering one sets the reasons of its days, also for later absences; withdrawing gives them back.

A notice of a family that the class teacher accepts becomes such a paper, of the weakest kind that families make: so it
works for the days to come in the same way, and there is one mechanism, not two.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from letopis.core.clock import local_day
from letopis.core.errors import Refused, require
from letopis.ledger.actions import Author, Fact, Value, object_name, record
from letopis.people.access import Actor
from letopis.people.models import Pupil
from letopis.register.access.classes import OpenAbsences, of_class
from letopis.register.actions.absence_reasons import lock_absences, rest_on
from letopis.register.models import AbsenceDocument, AbsenceNotice, Attendance, Lesson
from letopis.register.queries.absence_papers import papers_by_pupil
from letopis.rules.absence import may_enter_document, may_send_notice, paper_for
from letopis.rules.cells import ABSENT, NOT_SET
from letopis.rules.text import one_line
from letopis.rules.verdict import refused

NEW, ACCEPTED = AbsenceNotice.State.NEW, AbsenceNotice.State.ACCEPTED


@dataclass(frozen=True, slots=True)
class DocumentValue:
    """What a paper says."""

    kind: str
    reason: str
    starts_on: date
    ends_on: date
    number: str = ""
    issuer: str = ""
    issued_on: date | None = None


@transaction.atomic
def enter_document(
    opened: OpenAbsences, *, pupil: Pupil, value: DocumentValue, at: datetime
) -> tuple[AbsenceDocument, int]:
    """Enter a paper; return it and how many absences took its reason. The same paper again is the same paper.

    A reason set by hand gives way to the paper, that of a stronger paper stays (`rules.absence.paper_for`).
    Codes: NO_REASON, ENDS_BEFORE, TOO_LONG, OUTSIDE_YEAR, UNKNOWN_KIND, NOT_IN_CLASS. Raises Refused. Source: C-011.
    """
    require(opened.may_set)
    year = opened.year
    require(
        may_enter_document(
            reason=value.reason,
            first=value.starts_on,
            last=value.ends_on,
            year_first=year.starts_on,
            year_last=year.ends_on,
        )
    )
    if value.kind not in AbsenceDocument.Kind:
        raise Refused(refused("UNKNOWN_KIND", "Выберите вид документа."))
    if not of_class(opened).filter(pupil=pupil).exists():
        raise Refused(refused("NOT_IN_CLASS", "Этого обучающегося нет в списке класса."))
    return _enter(pupil, value, actor=opened.actor, at=at)


@transaction.atomic
def withdraw_document(opened: OpenAbsences, *, document: AbsenceDocument, reason: str, at: datetime) -> int:
    """Take a paper out of force; return how many absences lost its reason. Withdrawing it again changes nothing.

    What rested on it takes the reason of another paper of that day, or has none again; the paper stays in the list.
    Codes: NO_WHY. Raises Refused.
    """
    require(opened.may_set)
    why = one_line(reason)
    if not why:
        raise Refused(refused("NO_WHY", "Напишите, почему документ отзывается."))
    row = AbsenceDocument.objects.select_for_update().select_related("pupil").get(pk=document.pk)
    if row.withdrawn_at is not None:
        return 0
    row.withdrawn_at, row.withdrawn_reason = at, why[:200]
    row.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    author = opened.actor.author
    record(Fact(author, at, "register.withdraw_document", object_name(row), _said(row), {"withdrawn": True}, why))
    keys = Attendance.objects.filter(document=row).values_list("pk", "lesson_id")
    return _rest(row.pupil, lock_absences(keys), actor=opened.actor, at=at)


@transaction.atomic
def send_notice(
    actor: Actor,
    *,
    pupil: Pupil,
    first: date,
    last: date,
    reason: str,
    text: str = "",
    at: datetime,
) -> AbsenceNotice:
    """Tell the school that a child will not come; the caller has checked that it is his. The same again is one.

    Nothing counts until the class teacher accepts it. Raises Refused.
    """
    require(may_send_notice(reason=reason, first=first, last=last, today=actor.today, policy=actor.policy))
    text = one_line(text)
    if len(text) > 500:
        raise Refused(refused("LONG_TEXT", "Сообщение длиннее 500 знаков: сократите его."))
    said = {"starts_on": first, "ends_on": last, "reason": reason, "text": text}
    # Two presses of the button come one after another only behind a lock.
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    known = AbsenceNotice.objects.filter(pupil=pupil, sent_by=actor.person_id, state=NEW, **said).first()
    if known:
        return known
    notice = AbsenceNotice.objects.create(
        organisation=actor.organisation, pupil=pupil, sent_by_id=actor.person_id or 0, sent_at=at, **said
    )
    record(Fact(actor.author, at, "register.send_notice", object_name(notice), None, _notice_said(notice)))
    return notice


@transaction.atomic
def withdraw_notice(actor: Actor, *, notice: AbsenceNotice, at: datetime) -> None:
    """Take back a notice that nobody has decided yet, by the one who sent it. Raises Refused."""
    row = AbsenceNotice.objects.select_for_update().get(pk=notice.pk)
    if row.state == AbsenceNotice.State.WITHDRAWN:
        return
    if row.sent_by_id != actor.person_id:
        raise Refused(refused("NOT_SENDER", "Сообщение отзывает тот, кто его отправил."))
    if row.state != NEW:
        raise Refused(refused("DECIDED", "Классный руководитель уже рассмотрел сообщение: напишите ему."))
    _decide(row, AbsenceNotice.State.WITHDRAWN, by=actor.author, employee=None, at=at)


@transaction.atomic
def accept_notice(opened: OpenAbsences, *, notice: AbsenceNotice, reason: str, at: datetime) -> int:
    """Accept what a family wrote: it becomes an application with dates; return how many absences took its reason.

    reason: as the class teacher judges, which need not be the family's. Again changes nothing. Raises Refused.
    """
    require(opened.may_set)
    row = AbsenceNotice.objects.select_for_update().select_related("pupil", "sent_by").get(pk=notice.pk)
    if row.state == ACCEPTED:
        return 0
    if row.state != NEW:
        raise Refused(refused("DECIDED", "Сообщение уже рассмотрено или отозвано."))
    _decide(row, ACCEPTED, by=opened.actor.author, employee=opened.actor.employee_id, at=at)
    value = DocumentValue(
        kind=AbsenceDocument.Kind.APPLICATION,
        reason=reason,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        issuer=row.sent_by.full_name,
        issued_on=local_day(row.sent_at, opened.actor.organisation.time_zone),
    )
    _document, changed = enter_document(opened, pupil=row.pupil, value=value, at=at)
    return changed


@transaction.atomic
def decline_notice(opened: OpenAbsences, *, notice: AbsenceNotice, at: datetime) -> None:
    """Decline what a family wrote. Again changes nothing; an accepted one is undone by withdrawing its paper."""
    require(opened.may_set)
    row = AbsenceNotice.objects.select_for_update().get(pk=notice.pk)
    if row.state == AbsenceNotice.State.DECLINED:
        return
    if row.state != NEW:
        raise Refused(refused("DECIDED", "Сообщение уже рассмотрено или отозвано."))
    state = AbsenceNotice.State.DECLINED
    _decide(row, state, by=opened.actor.author, employee=opened.actor.employee_id, at=at)


def _enter(pupil: Pupil, value: DocumentValue, *, actor: Actor, at: datetime) -> tuple[AbsenceDocument, int]:
    said = {
        "kind": value.kind, "reason": value.reason, "number": one_line(value.number)[:40],
        "issuer": one_line(value.issuer)[:200], "issued_on": value.issued_on,
        "starts_on": value.starts_on, "ends_on": value.ends_on,
    }  # fmt: skip
    # Two papers entered at once for one child wait for each other, so that each sees what the other decided. Who fills
    # a lesson holds the lesson and then names the pupil in a mark: he must not wait for us while we wait for him.
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    row = AbsenceDocument.objects.filter(pupil=pupil, withdrawn_at=None, **said).first()
    if row is None:
        row = AbsenceDocument.objects.create(
            organisation=actor.organisation, pupil=pupil, entered_by_id=actor.employee_id, entered_at=at, **said
        )
        record(Fact(actor.author, at, "register.enter_document", object_name(row), None, _said(row)))
    absences = Attendance.objects.filter(
        pupil=pupil, event=ABSENT, lesson__on__range=(value.starts_on, value.ends_on)
    ).exclude(lesson__state=Lesson.State.CANCELLED)
    rows = lock_absences(absences.values_list("pk", "lesson_id"))
    return row, _rest(pupil, rows, actor=actor, at=at)


def _rest(pupil: Pupil, rows: Iterable[Attendance], *, actor: Actor, at: datetime) -> int:
    """Let these absences rest on the strongest paper of their day, or on none, each by the policy of its day."""
    found = list(rows)
    in_force = AbsenceDocument.objects.filter(pupil=pupil, withdrawn_at=None)
    papers, entered = papers_by_pupil(in_force)
    wanted: dict[int, tuple[str, int | None, int | None]] = {}
    for row in found:
        paper = paper_for(papers.get(pupil.pk, ()), row.lesson.on, policy=actor.policy_on(row.lesson.on))
        wanted[row.pk] = (paper.reason, paper.key, entered[paper.key]) if paper else (NOT_SET, None, None)
    return rest_on(found, wanted, by=actor.author, at=at)


def _decide(row: AbsenceNotice, state: str, *, by: Author, employee: int | None, at: datetime) -> None:
    before = {"state": str(row.state)}
    row.state, row.decided_by_id, row.decided_at = state, employee, at
    row.save(update_fields=["state", "decided_by", "decided_at"])
    record(Fact(by, at, "register.decide_notice", object_name(row), before, {"state": str(state)}))


def _said(row: AbsenceDocument) -> dict[str, Value]:
    return {
        "pupil": f"people.Pupil:{row.pupil_id}",
        "kind": str(row.kind),
        "reason": str(row.reason),
        "number": row.number,
        "issuer": row.issuer,
        "issued_on": row.issued_on.isoformat() if row.issued_on else None,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
    }


def _notice_said(row: AbsenceNotice) -> dict[str, Value]:
    return {
        "pupil": f"people.Pupil:{row.pupil_id}",
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "reason": str(row.reason),
        "text": row.text,
    }
