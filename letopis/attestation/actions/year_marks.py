"""The verb that sets the marks of a year."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from letopis.attestation.models import YearMark
from letopis.attestation.queries.year_marks import may_set_year, year_roster
from letopis.core.errors import require
from letopis.org.models import Organisation
from letopis.register.access import OpenCourse
from letopis.register.actions.results import Outcome, ResultFact, ResultTable, bring_in, save_results
from letopis.register.queries.term_marks import terms_of

YEAR_MARKS = ResultTable(model=YearMark, period="year", verb="attestation.set_year_mark")


@transaction.atomic
def set_year_marks(
    opened: OpenCourse,
    *,
    values: Mapping[UUID, str],
    seen: Mapping[UUID, str],
    at: datetime,
) -> tuple[Outcome, ...]:
    """Set the year marks of the pupils of a course that the page changed; an outcome per pupil touched.

    values, seen: code of a result (rules.results) by code of the pupil; empty takes the result away.
    Raises Refused: NOT_OWN_COURSE, YEAR_NOT_OPEN, PERIOD_AHEAD. What concerns one pupil stands in his outcome.
    """
    course, actor = opened.course, opened.actor
    require(may_set_year(opened))
    policy = actor.policy_of_period(course.year.ends_on)
    lines, _attached = year_roster(opened, terms_of(year_id=course.year_id, grade=opened.grade))
    return save_results(
        YEAR_MARKS,
        organisation=actor.organisation,
        lines=lines,
        values=values,
        seen=seen,
        scale=policy.scale_for(scale_code=course.subject.scale, grade=opened.grade),
        fact=ResultFact(
            pupil_id=0,
            subject_id=course.subject_id,
            period_id=course.year_id,
            value="",
            put_by_id=actor.employee_id,
            by=actor.author,
            at=at,
        ),
    )


def bring_in_year_marks(facts: Iterable[ResultFact], *, organisation: Organisation) -> int:
    """Write year marks of many classes where there are none yet; return how many. See `results.bring_in`."""
    return bring_in(YEAR_MARKS, facts, organisation=organisation)
