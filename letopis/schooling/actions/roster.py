"""The verb of the monthly look through a class list (REG-046)."""

from datetime import date, datetime

from django.db import transaction

from letopis.core.errors import require
from letopis.ledger.actions import Author, Fact, Value, object_name, record
from letopis.people.models import Employee
from letopis.rules.movement import may_change_year
from letopis.schooling.actions.years import lock, span_of
from letopis.schooling.models import RosterCheck, SchoolClass


@transaction.atomic
def check_roster(
    school_class: SchoolClass, *, employee: Employee, pupils: int, today: date, by: Author, at: datetime
) -> RosterCheck:
    """Say that the list of the class and the data in it are true today. Twice a day is one check.

    pupils: how many were in the list looked through. Refuses with YEAR_CLOSED or OUTSIDE_YEAR. Source: REG-046.
    """
    year = lock(school_class.year)
    require(may_change_year(span_of(year), on=today))
    row, made = RosterCheck.objects.get_or_create(
        school_class=school_class,
        checked_on=today,
        defaults={"organisation": year.organisation, "checked_by": employee},
    )
    if made:
        after: dict[str, Value] = {"class": school_class.title, "checked_on": today.isoformat(), "pupils": pupils}
        record(Fact(by, at, "schooling.check_roster", object_name(row), None, after))
    return row
