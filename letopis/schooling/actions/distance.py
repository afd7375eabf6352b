"""Verbs of distance learning: declare a period, end it (ORG-034)."""

from datetime import date, datetime

from django.db import transaction

from letopis.core.errors import require
from letopis.ledger.actions import Author, Fact, Value, object_name, record
from letopis.rules import distance
from letopis.rules.movement import may_change_year
from letopis.rules.text import one_line
from letopis.schooling.actions.years import lock, span_of
from letopis.schooling.models import AcademicYear, DistancePeriod, SchoolClass, StudyGroup
from letopis.schooling.queries import distance as queries


@transaction.atomic
def declare_distance(
    year: AcademicYear,
    *,
    school_class: SchoolClass | None = None,
    group: StudyGroup | None = None,
    starts_on: date,
    ends_on: date | None,
    basis: str,
    by: Author,
    at: datetime,
) -> DistancePeriod:
    """Declare distance learning of a class, a group, or with neither of the whole school; return the period.

    Raises Refused: YEAR_CLOSED, NO_BASIS, OUTSIDE_YEAR, WRONG_END, ALREADY_DECLARED. The same again is returned.
    """
    locked = lock(year)
    require(may_change_year(span_of(locked), on=starts_on))
    basis = one_line(basis)[:200]
    wanted = distance.DistanceSpan(
        starts_on, ends_on, school_class.pk if school_class else None, group.pk if group else None, basis
    )
    rows = queries.distance_of_year(locked)
    for row in rows:
        if queries.span_of(row) == wanted:
            return row
    present = [queries.span_of(row) for row in rows]
    require(distance.may_declare(wanted, present=present, first=locked.starts_on, last=locked.ends_on))
    period = DistancePeriod.objects.create(
        organisation_id=locked.organisation_id,
        year=locked,
        school_class=school_class,
        group=group,
        starts_on=starts_on,
        ends_on=ends_on,
        basis=basis,
    )
    record(Fact(by, at, "schooling.declare_distance", object_name(period), None, _value(period), reason=basis))
    return period


@transaction.atomic
def end_distance(period: DistancePeriod, *, ends_on: date, by: Author, at: datetime) -> bool:
    """Name the last day of a period, or another one; return whether it changed. Raises Refused: WRONG_END."""
    locked = lock(period.year)
    row = DistancePeriod.objects.select_for_update(of=("self",)).get(pk=period.pk)
    require(may_change_year(span_of(locked), on=row.starts_on))
    require(distance.may_end(queries.span_of(row), ends_on=ends_on, last=locked.ends_on))
    if row.ends_on == ends_on:
        return False
    before = _value(row)
    row.ends_on = ends_on
    row.save(update_fields=["ends_on"])
    record(Fact(by, at, "schooling.end_distance", object_name(row), before, _value(row)))
    return True


def _value(period: DistancePeriod) -> dict[str, Value]:
    return {
        "starts_on": period.starts_on.isoformat(),
        "ends_on": period.ends_on.isoformat() if period.ends_on else None,
        "school_class": f"schooling.SchoolClass:{period.school_class_id}" if period.school_class_id else "",
        "group": f"schooling.StudyGroup:{period.group_id}" if period.group_id else "",
        "basis": period.basis,
    }
