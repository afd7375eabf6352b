"""Verbs of the closing of a term: close the registers of a class, of all that are ready, open them again.

Dangers. A closing must not pass by a mark that is being saved: it takes the lock of the class, of every lesson of the
term, and of the pupils, and looks what is missing only then. Whoever writes there takes one of these locks first, and
asks whether the period is closed after it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from letopis.control.queries.closing import accepted_words, class_readiness, gaps_of, term_readiness
from letopis.core.errors import Refused, require
from letopis.ledger.actions import Fact, Value, object_name, record
from letopis.people.access import Actor
from letopis.people.models import Pupil
from letopis.register.actions.corrections import order_words
from letopis.register.models import Lesson, PeriodClosing
from letopis.rules.closing import may_close_period, may_reopen_period
from letopis.rules.text import one_line
from letopis.schooling.models import AcademicYear, Membership, SchoolClass, Term


@transaction.atomic
def close_period(actor: Actor, school_class: SchoolClass, term: Term, *, at: datetime) -> PeriodClosing:
    """Close the registers of a class for a term; the ledger keeps what was missing and accepted.

    Twice is harmless. Raises Refused: YEAR_NOT_OPEN, PERIOD_GOES_ON, GAPS.
    """
    _lock(school_class, term)
    standing = PeriodClosing.objects.filter(term=term, school_class=school_class, reopened_at=None).first()
    if standing is not None:
        return standing
    page = class_readiness(actor, school_class, term)
    gaps = gaps_of(page.readiness)
    state = AcademicYear.objects.values_list("state", flat=True).get(pk=school_class.year_id)
    require(may_close_period(year_state=state, ends_on=term.ends_on, today=actor.today, gaps=gaps))
    accepted = accepted_words(page)
    row = PeriodClosing.objects.create(
        organisation=actor.organisation,
        term=term,
        school_class=school_class,
        closed_by_id=actor.employee_id or 0,
        closed_at=at,
        accepted=accepted,
    )
    after: dict[str, Value] = {**_about(row), "state": "CLOSED", "accepted": list(accepted)}
    record(Fact(actor.author, at, "control.close_period", object_name(row), None, after))
    return row


@dataclass(frozen=True, slots=True)
class ClosedClasses:
    """What became of the classes that were ready."""

    closed: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    """Class, and why it was not closed after all."""


def close_ready(actor: Actor, year: AcademicYear, term: Term, *, at: datetime) -> ClosedClasses:
    """Close every class of a term that lacks nothing; each by itself, so that one refused keeps no other."""
    closed, refused = [], []
    for row in term_readiness(actor, year, term).rows:
        if not row.is_ready:
            continue
        try:
            close_period(actor, row.school_class, term, at=at)
        except Refused as refusal:
            refused.append((row.school_class.title, refusal.verdict.sentence))
        else:
            closed.append(row.school_class.title)
    return ClosedClasses(tuple(closed), tuple(refused))


@transaction.atomic
def reopen_period(
    actor: Actor, school_class: SchoolClass, term: Term, *, reason: str, order: str, at: datetime
) -> PeriodClosing | None:
    """Open a closed term of a class again by an order; the closing stays as history. None where it is open.

    Raises Refused: NOT_REOPENER, YEAR_NOT_OPEN, ORDER_NEEDED, REASON_NEEDED.
    """
    _lock(school_class, term)
    row = PeriodClosing.objects.filter(term=term, school_class=school_class, reopened_at=None).first()
    if row is None:
        return None
    reason, order = one_line(reason), order_words(order)
    state = AcademicYear.objects.values_list("state", flat=True).get(pk=school_class.year_id)
    require(may_reopen_period(year_state=state, roles=actor.roles, reason=reason, order=order, policy=actor.policy))
    row.reopened_by_id, row.reopened_at, row.reason, row.order = actor.employee_id, at, reason, order
    row.save(update_fields=["reopened_by", "reopened_at", "reason", "order"])
    after: dict[str, Value] = {**_about(row), "state": "OPEN", "order": order}
    before: dict[str, Value] = {"state": "CLOSED"}
    record(Fact(actor.author, at, "control.reopen_period", object_name(row), before, after, reason))
    return row


def _lock(school_class: SchoolClass, term: Term) -> None:
    SchoolClass.objects.select_for_update(of=("self",), no_key=True).get(pk=school_class.pk)
    lessons = Lesson.objects.filter(
        course__group__school_class=school_class, on__range=(term.starts_on, term.ends_on)
    ).order_by("pk")
    list(lessons.select_for_update(of=("self",)).values_list("pk", flat=True))
    listed = Membership.objects.filter(group__school_class=school_class).values("pupil")
    list(Pupil.objects.filter(pk__in=listed).order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


def _about(row: PeriodClosing) -> dict[str, Value]:
    return {"term": f"schooling.Term:{row.term_id}", "school_class": f"schooling.SchoolClass:{row.school_class_id}"}
