"""The verb that sets the marks of a term."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import transaction

from letopis.core.errors import Refused, require
from letopis.org.models import Organisation
from letopis.register.access import OpenCourse
from letopis.register.actions.results import Outcome, ResultFact, ResultTable, bring_in, save_results
from letopis.register.models import TermMark
from letopis.register.queries.locks import may_set_pupil, period_lock, terms_with_closing
from letopis.register.queries.term_marks import may_set_term, roster
from letopis.rules.verdict import Verdict, refused
from letopis.rules.windows import PeriodLock
from letopis.schooling.models import Term

TERM_MARKS = ResultTable(model=TermMark, period="term", verb="register.set_term_mark")


@transaction.atomic
def set_term_marks(
    opened: OpenCourse,
    *,
    term: Term,
    values: Mapping[UUID, str],
    seen: Mapping[UUID, str],
    at: datetime,
) -> tuple[Outcome, ...]:
    """Set the term marks of the pupils of a course that the page changed; an outcome per pupil touched.

    values, seen: code of a result (rules.results) by code of the pupil; empty takes the result away.
    The result belongs to the pupil, the subject and the term, whatever groups he passed through (C-001).
    Raises Refused when nothing here may be set by this actor: NOT_OWN_COURSE, YEAR_NOT_OPEN, PERIOD_AHEAD,
    TERM_NOT_OF_COURSE, NOT_MARKED_IN_TERM. What concerns one pupil (CONFLICT, LEFT_COURSE, …) stands in his outcome.
    """
    course, actor = opened.course, opened.actor
    if term.year_id != course.year_id or not term.grade_from <= opened.grade <= term.grade_to:
        raise Refused(refused("TERM_NOT_OF_COURSE", "Этот период не относится к классу."))
    require(may_set_term(opened, term))
    policy = actor.policy_of_period(term.ends_on)

    def may_set(current: str) -> Verdict:
        return may_set_pupil(term_lock(), today=actor.today, policy=policy, stands=current)

    @cache
    def term_lock() -> PeriodLock:
        # Read after the pupils are locked: whoever closes a period takes these locks first.
        row: Any = terms_with_closing(opened).get(pk=term.pk)
        return period_lock(row, zone=actor.organisation.time_zone)

    return save_results(
        TERM_MARKS,
        organisation=actor.organisation,
        lines=roster(course, starts_on=term.starts_on, ends_on=term.ends_on, today=actor.today),
        values=values,
        seen=seen,
        scale=policy.scale_for(scale_code=course.subject.scale, grade=opened.grade),
        fact=ResultFact(
            pupil_id=0,
            subject_id=course.subject_id,
            period_id=term.pk,
            value="",
            put_by_id=actor.employee_id,
            by=actor.author,
            at=at,
        ),
        may_set=may_set,
    )


def bring_in_term_marks(facts: Iterable[ResultFact], *, organisation: Organisation) -> int:
    """Write term marks of many classes where there are none yet; return how many. See `results.bring_in`."""
    return bring_in(TERM_MARKS, facts, organisation=organisation)
