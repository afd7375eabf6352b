"""Results of the cast's class, written as the bulk verbs write them."""

import html
import re

from letopis.attestation.actions.year_marks import bring_in_year_marks
from letopis.register.actions.results import ResultFact
from letopis.register.actions.term_marks import bring_in_term_marks
from letopis.schooling.models import Term
from tests import factories as make
from tests.cast import TODAY

AT = make.moment(TODAY)


def fact(cast, pupil, subject, period, value):
    return ResultFact(
        pupil_id=pupil.pk,
        subject_id=subject.pk,
        period_id=period.pk,
        value=value,
        put_by_id=cast.teacher.pk,
        by=cast.actor("teacher").author,
        at=AT,
    )


def quarter(number):
    return Term.objects.get(kind=Term.Kind.QUARTER, number=number)


def set_quarter(cast, number, subject, values):
    """Set results of the first pupils of the list; «» leaves one out."""
    facts = [
        fact(cast, pupil, subject, quarter(number), value)
        for pupil, value in zip(cast.pupils, values, strict=False)
        if value
    ]
    bring_in_term_marks(facts, organisation=cast.organisation)


def set_year(cast, subject, values):
    facts = [
        fact(cast, pupil, subject, cast.year, value) for pupil, value in zip(cast.pupils, values, strict=False) if value
    ]
    bring_in_year_marks(facts, organisation=cast.organisation)


def text(response):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())
