"""Verbs of corrections: ask, take back, decline, approve; the last approval carries the change out.

Dangers. The approval writes another's lesson: it takes the lock of the request first, then that of the entry
(`correction_writing.lock_entry`), and only then reads what stands. Whatever is refused leaves both as they were.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from letopis.accounts.models import Appointment, Role
from letopis.core.clock import local_day
from letopis.core.errors import Refused, require
from letopis.ledger.actions import Fact, Value, object_name, record_all
from letopis.people.access import Actor
from letopis.people.models import Employee
from letopis.register.access.corrections import JOINED, Entry, Target, entry_of, has_other_approver
from letopis.register.actions.correction_writing import Writing, lock_entry, write
from letopis.register.models import Correction, Remark
from letopis.register.queries.correction_values import current, judge, shown, typed_value
from letopis.register.queries.locks import lock_of_entry
from letopis.rules import corrections as rules
from letopis.rules.text import one_line
from letopis.rules.verdict import Verdict
from letopis.schooling.models import Term

_STATES = Correction.State


@transaction.atomic
def request_correction(target: Target, *, text: str, reason: str, at: datetime) -> Correction:
    """Ask for a correction of an entry that is no longer open. The same request again is the one that waits.

    text: the new value as it is typed (`correction_values.typed_value`).
    Raises Refused: as `rules.corrections.may_request`, and what no such entry may hold (OUTSIDE_SCALE, …).
    """
    entry, actor = target.entry, target.opened.actor
    lock_entry(entry)
    new = typed_value(entry, text)
    if isinstance(new, Verdict):
        raise Refused(new)
    reason, old = one_line(reason), current(entry)
    waiting = _waiting(entry)
    if waiting is not None and waiting.requested_by_id == actor.employee_id and waiting.new_value == new:
        return waiting
    asks_remark = entry.kind == Correction.Kind.MARK and entry.policy.mark_correction == "REMARK"
    remark = _remark(entry) if asks_remark else None
    lock = lock_of_entry(target, new=new, old=old, at=at)
    require(
        rules.may_request(
            lock=lock,
            year_state=entry.course.year.state,
            # Where nobody looked who was there, the word that a pupil was is new.
            old="" if _is_untaken(entry) else old,
            new=new,
            reason=reason,
            remark_required=asks_remark and bool(old),
            has_remark=remark is not None,
            is_waiting=waiting is not None,
        )
    )
    require(judge(entry, new))
    row = Correction.objects.create(
        organisation=actor.organisation,
        kind=entry.kind,
        course=entry.course,
        lesson=entry.lesson,
        task=entry.task,
        term=entry.term or _term_of(entry),
        pupil=entry.pupil,
        old_value=rules.kept_value(old),
        new_value=new,
        reason=reason,
        remark=remark,
        requested_by_id=actor.employee_id or 0,
        requested_at=at,
        clause=lock.clause[:500],
    )
    record_all([_fact(actor, row, "register.request_correction", before=None, reason=reason, at=at)])
    return row


@transaction.atomic
def withdraw_correction(actor: Actor, row: Correction, *, at: datetime) -> Correction:
    """Take a request back. Twice is harmless. Raises Refused: NOT_REQUESTER, DECIDED."""
    row = _locked(row)
    if row.state == _STATES.WITHDRAWN:
        return row
    is_requester = row.requested_by_id == actor.employee_id
    require(rules.may_withdraw(state=row.state, is_requester=is_requester))
    return _decide(actor, row, _STATES.WITHDRAWN, "register.withdraw_correction", decision="", at=at)


@transaction.atomic
def decline_correction(actor: Actor, row: Correction, *, reason: str, at: datetime) -> Correction:
    """Decline a request and say why. Twice is harmless. Raises Refused: NOT_APPROVER, DECIDED, REASON_NEEDED."""
    row, reason = _locked(row), one_line(reason)
    if row.state == _STATES.DECLINED:
        return row
    require(rules.may_decline(state=row.state, roles=actor.roles, reason=reason, policy=actor.policy))
    return _decide(actor, row, _STATES.DECLINED, "register.decline_correction", decision=reason, at=at)


@transaction.atomic
def approve_correction(actor: Actor, row: Correction, *, order: str = "", at: datetime) -> Correction:
    """Approve a request; the approval that completes it changes the entry in the same transaction.

    order: number and date of the order («№ 15 от 20.11.2026»). One that was carried out already stays as it is.
    Raises Refused: as `rules.corrections.may_approve`; CONFLICT where the entry was changed since.
    """
    row, order = _locked(row), order_words(order)
    if row.state == _STATES.APPLIED:
        return row
    policy = actor.policy
    require(
        rules.may_approve(
            state=row.state,
            roles=actor.roles,
            is_requester=row.requested_by_id == actor.employee_id,
            has_other_approver=has_other_approver(actor),
            order=order,
            policy=policy,
            is_first=row.first_by_id is not None and row.first_by_id == actor.employee_id,
            first_was_director=_was_director(row),
            year_state=row.course.year.state,
        )
    )
    entry = entry_of(actor, row)
    lock_entry(entry)
    _require_unchanged(entry, row)
    require(judge(entry, row.new_value))
    if not rules.completes(row.state, policy=policy):
        return _first_approval(actor, row, order=order, at=at)
    row.order = order or row.order
    fresh = _decide(actor, row, _STATES.APPLIED, "register.approve_correction", decision="", at=at, writes=True)
    facts = write(
        entry,
        row.new_value,
        Writing(
            by=actor.author,
            for_employee=row.requested_by_id,
            at=at,
            reason=reason_words(row, actor=actor),
            tells=_tells(row),
        ),
    )
    record_all(facts)
    return fresh


def order_words(text: str) -> str:
    """Return an order as it is shown: «приказ № 15 от 20.11.2026»; nothing for none."""
    text = one_line(text)
    return text if not text or text.casefold().startswith(("приказ", "распоряжение")) else f"приказ {text}"


def reason_words(row: Correction, *, actor: Actor) -> str:
    """Return why an entry was corrected, for its history and for print: why, who asked, who allowed, by which order."""
    first = f" и {row.first_by.person.short_name}" if row.first_by else ""
    order = f"; {row.order}" if row.order else ""
    return f"{row.reason}; просит {row.requested_by.person.short_name}, разрешает {actor.name}{first}{order}"


def _first_approval(actor: Actor, row: Correction, *, order: str, at: datetime) -> Correction:
    row.state, row.first_by_id, row.first_at, row.order = _STATES.HALF, actor.employee_id, at, order
    row.save(update_fields=["state", "first_by", "first_at", "order"])
    before: dict[str, Value] = {"state": str(_STATES.REQUESTED)}
    record_all([_fact(actor, row, "register.approve_correction", before=before, reason="", at=at)])
    return row


def _decide(
    actor: Actor,
    row: Correction,
    state: Correction.State,
    verb: str,
    *,
    decision: str,
    at: datetime,
    writes: bool = False,
) -> Correction:
    before: dict[str, Value] = {"state": str(row.state)}
    row.state, row.decided_at, row.decision = state, at, decision
    row.decided_by_id = actor.employee_id
    row.save(update_fields=["state", "decided_at", "decision", "decided_by", *(["order"] if writes else [])])
    record_all([_fact(actor, row, verb, before=before, reason=decision, at=at)])
    return row


def _is_untaken(entry: Entry) -> bool:
    lesson = entry.lesson
    return entry.kind == Correction.Kind.ATTENDANCE and lesson is not None and lesson.attendance_taken_at is None


def _require_unchanged(entry: Entry, row: Correction) -> None:
    now = current(entry)
    require(
        rules.unchanged_since(old=row.old_value, now=rules.kept_value(now), shown=shown(row.kind, now) if now else "")
    )


def _locked(row: Correction) -> Correction:
    return Correction.objects.select_for_update(of=("self",)).select_related(*JOINED).get(pk=row.pk)


def _waiting(entry: Entry) -> Correction | None:
    rows = Correction.objects.filter(
        kind=entry.kind, course=entry.course, lesson=entry.lesson, task=entry.task, pupil=entry.pupil,
        state__in=rules.WAITING,
    )  # fmt: skip
    return (rows.filter(term=entry.term) if entry.term else rows).first()


def _remark(entry: Entry) -> Remark | None:
    """Return the remark of control that a correction of this mark answers: to the cell, the lesson or the page."""
    remarks = Remark.objects.filter(
        Q(lesson=entry.lesson) | Q(lesson=None),
        Q(pupil=entry.pupil) | Q(pupil=None),
        course=entry.course,
        duty="",
        state__in=[Remark.State.OPEN, Remark.State.REMOVED],
    )
    return remarks.order_by("-pk").first()


def _term_of(entry: Entry) -> Term | None:
    if entry.lesson is None:
        return None
    on, grade = entry.lesson.on, entry.grade
    terms = Term.objects.filter(year=entry.course.year_id, starts_on__lte=on, ends_on__gte=on)
    return terms.filter(grade_from__lte=grade, grade_to__gte=grade).first()


def _was_director(row: Correction) -> bool:
    if row.first_by is None or row.first_at is None:
        return False
    user = Employee.objects.values_list("person__user", flat=True).get(pk=row.first_by.pk)
    day = local_day(row.first_at, row.organisation.time_zone)
    return Appointment.objects.on(day).filter(user=user, role=Role.DIRECTOR).exists()


def _tells(row: Correction) -> dict[str, Value]:
    told: dict[str, Value] = {
        "correction": object_name(row),
        "requested_by": f"people.Employee:{row.requested_by_id}",
        "approved_by": f"people.Employee:{row.decided_by_id}",
    }
    if row.first_by_id:
        told["first_approved_by"] = f"people.Employee:{row.first_by_id}"
    if row.order:
        told["order"] = row.order
    return told


def _fact(
    actor: Actor, row: Correction, verb: str, *, before: dict[str, Value] | None, reason: str, at: datetime
) -> Fact:
    """Return what the ledger is told of the request: an approval binds who, when and exactly what (SEC-020)."""
    after: dict[str, Value] = {
        "state": str(row.state), "entry": str(row.kind), "old": row.old_value, "new": row.new_value,
        "why": row.reason, "course": f"schooling.Course:{row.course_id}",
    }  # fmt: skip
    for name, model, key in (
        ("lesson", "register.Lesson", row.lesson_id),
        ("task", "register.Task", row.task_id),
        ("term", "schooling.Term", row.term_id),
        ("pupil", "people.Pupil", row.pupil_id),
    ):
        if key:
            after[name] = f"{model}:{key}"
    if row.order:
        after["order"] = row.order
    return Fact(actor.author, at, verb, object_name(row), before, after, reason)
