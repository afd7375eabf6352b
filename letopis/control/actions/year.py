"""Verbs of the end of a year: close it, open it again. Who may is decided at the door (`control/access.py`)."""

from datetime import date, datetime

from django.db import transaction

from letopis.control.queries.year_end import gaps_of_year, last_day_of
from letopis.core.errors import require
from letopis.ledger.actions import Author, Fact, Value, object_name, record
from letopis.org.queries import policies
from letopis.rules.year_end import may_close_year, may_reopen_year
from letopis.schooling.actions.years import lock
from letopis.schooling.models import AcademicYear
from letopis.schooling.queries.years import CLOSE_YEAR


@transaction.atomic
def close_year(year: AcademicYear, *, reason: str, by: Author, at: datetime, today: date) -> AcademicYear:
    """Close a year, so that its registers change no more; the ledger keeps how many gaps it was closed with.

    reason: needed when something is missing. Twice is harmless.
    Raises Refused: YEAR_ARCHIVED, YEAR_GOES_ON, REASON_NEEDED.
    """
    row = lock(year)
    if row.state == AcademicYear.State.CLOSED:
        return row
    policy = policies(row.organisation).of_period(row.ends_on, today=today)
    gaps = gaps_of_year(row, today=today, policy=policy)
    require(may_close_year(state=row.state, last_day=last_day_of(row), today=today, has_gaps=bool(gaps), reason=reason))
    after: dict[str, Value] = {"state": str(AcademicYear.State.CLOSED), **gaps.totals}
    return _set_state(row, AcademicYear.State.CLOSED, verb=CLOSE_YEAR, after=after, reason=reason, by=by, at=at)


@transaction.atomic
def reopen_year(year: AcademicYear, *, reason: str, order: str, by: Author, at: datetime) -> AcademicYear:
    """Open a closed year again by an order. Twice is harmless.

    Raises Refused: YEAR_ARCHIVED, ORDER_NEEDED, REASON_NEEDED.
    """
    row = lock(year)
    require(may_reopen_year(state=row.state, reason=reason, order=order))
    if row.state == AcademicYear.State.OPEN:
        return row
    after: dict[str, Value] = {"state": str(AcademicYear.State.OPEN), "order": order.strip()}
    return _set_state(
        row, AcademicYear.State.OPEN, verb="control.reopen_year", after=after, reason=reason, by=by, at=at
    )


def _set_state(
    row: AcademicYear,
    state: AcademicYear.State,
    *,
    verb: str,
    after: dict[str, Value],
    reason: str,
    by: Author,
    at: datetime,
) -> AcademicYear:
    before: dict[str, Value] = {"state": str(row.state)}
    row.state = state
    row.save(update_fields=["state"])
    record(Fact(by, at, verb, object_name(row), before, after, reason.strip()))
    return row
