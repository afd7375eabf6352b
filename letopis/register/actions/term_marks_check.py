"""The teacher's word that the marks of a term are all there (REG-031)."""

from datetime import datetime

from django.db import transaction

from letopis.core.errors import require
from letopis.ledger.actions import Fact, object_name, record
from letopis.register.access import OpenCourse
from letopis.register.models import TermMarksCheck
from letopis.register.queries.term_marks import term_mark_sheet, terms_of
from letopis.rules.closing import may_confirm_term_marks
from letopis.schooling.models import Course, Term


@transaction.atomic
def confirm_term_marks(opened: OpenCourse, *, term: Term, at: datetime) -> TermMarksCheck:
    """Record that the term marks of a course are all there. Once said, it stays: twice is harmless.

    Raises Refused: NOT_OWN_COURSE, YEAR_NOT_OPEN, PERIOD_AHEAD, TERM_MARKS_MISSING.
    """
    actor, course = opened.actor, opened.course
    # The lock of the course: two words at once are one.
    Course.objects.select_for_update(of=("self",), no_key=True).get(pk=course.pk)
    terms = terms_of(year_id=course.year_id, grade=opened.grade)
    sheet = term_mark_sheet(opened, term, terms=terms, policy=actor.policy_of_period(term.ends_on))
    if sheet.check is not None:
        return sheet.check
    require(
        may_confirm_term_marks(
            is_own=opened.is_own(on=actor.today, teacher_id=None),
            year_state=course.year.state,
            starts_on=term.starts_on,
            today=actor.today,
            missing=sheet.missing if sheet.scale.values else 0,
        )
    )
    row = TermMarksCheck.objects.create(
        organisation=actor.organisation, course=course, term=term, checked_by_id=actor.employee_id or 0, checked_at=at
    )
    after = {"course": f"schooling.Course:{course.pk}", "term": f"schooling.Term:{term.pk}"}
    record(Fact(actor.author, at, "register.confirm_term_marks", object_name(row), None, after))
    return row
