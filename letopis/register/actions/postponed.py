"""The verb that says until when the mark of a term is put off, and why."""

from datetime import date, datetime

from django.db import transaction

from letopis.core.errors import Refused, require
from letopis.ledger.actions import Fact, Value, object_name, record
from letopis.people.models import Pupil
from letopis.register.access import OpenCourse
from letopis.register.models import TermMark
from letopis.register.queries.term_marks import may_set_term
from letopis.rules.make_up import may_postpone
from letopis.rules.text import one_line
from letopis.rules.verdict import refused
from letopis.schooling.models import Term

LONGEST_REASON = 200


@transaction.atomic
def postpone_term_mark(
    opened: OpenCourse, *, term: Term, pupil: Pupil, until: date, reason: str, at: datetime
) -> TermMark:
    """Say until when a postponed mark of a term is due. The same again is no entry.

    Raises Refused: as `rules.make_up.may_postpone`, as the page of term marks, LONG_REASON.
    """
    require(may_set_term(opened, term))
    reason = one_line(reason)
    if len(reason) > LONGEST_REASON:
        raise Refused(refused("LONG_REASON", f"Причина длиннее {LONGEST_REASON} знаков: сократите её."))
    row = (
        TermMark.objects.select_for_update(of=("self",))
        .filter(pupil=pupil, term=term, subject=opened.course.subject_id)
        .first()
    )
    if row is None:
        raise Refused(refused("NOT_POSTPONED", "Сначала запишите итог «отлож», потом его срок."))
    require(
        may_postpone(
            value=row.value,
            until=until,
            reason=reason,
            term_ends=term.ends_on,
            year_ends=opened.course.year.ends_on,
        )
    )
    if (row.postponed_until, row.postponed_reason) == (until, reason):
        return row
    was = row.postponed_until
    before: dict[str, Value] | None = (
        {"until": was.isoformat(), "reason": row.postponed_reason} if was is not None else None
    )
    row.postponed_until, row.postponed_reason = until, reason
    row.save(update_fields=["postponed_until", "postponed_reason"])
    after: dict[str, Value] = {"until": until.isoformat(), "reason": reason}
    record(Fact(opened.actor.author, at, "register.postpone_term_mark", object_name(row), before, after))
    return row
