"""Packs the year of the demo that is over."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from letopis.control.actions.archive import REFUSED, build_units, classes_to_build
from letopis.demo.lessons import load_season
from letopis.people.models import Employee
from letopis.schooling.models import AcademicYear

ARCHIVIST = "T005"


class NotPacked(Exception):
    """A unit of the demo was refused; the sentences say which and why."""


def pack(year: AcademicYear) -> None:
    """Build the packages of every class of the year, as the archivist did on the last day of June."""
    packed_on = date(year.ends_on.year, 6, 30)
    archivist = Employee.objects.get(organisation=year.organisation, number=ARCHIVIST)
    built = build_units(
        classes_to_build(year),
        by=load_season(year, seed=0, may_forget=False).authors[archivist.pk],
        at=datetime.combine(packed_on, time(14), ZoneInfo(year.organisation.time_zone)),
        today=packed_on,
    )
    if refused := [f"{one.class_title}: {one.sentence}" for one in built if one.outcome == REFUSED]:
        raise NotPacked("; ".join(refused))
