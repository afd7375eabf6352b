"""A period that is closed keeps the rules it was judged by."""

from datetime import date

from letopis.control.actions.policy import shut_until
from letopis.register.models import PeriodClosing
from letopis.schooling.models import Term
from tests.cast import Cast
from tests.factories import moment


def test_a_closed_period_shuts_its_days_until_it_is_reopened(cast: Cast):
    first = Term.objects.get(year=cast.year, kind=Term.Kind.QUARTER, number=1)
    before = shut_until(cast.organisation)
    closing = PeriodClosing.objects.create(
        organisation=cast.organisation,
        term=first,
        school_class=cast.class_8a,
        closed_by=cast.teacher,
        closed_at=moment(date(2026, 10, 30)),
    )
    closed = shut_until(cast.organisation)
    PeriodClosing.objects.filter(pk=closing.pk).update(reopened_at=moment(date(2026, 11, 3)))

    assert (before, closed, shut_until(cast.organisation)) == (None, first.ends_on, None)
