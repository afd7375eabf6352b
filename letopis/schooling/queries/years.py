"""Which year a day belongs to, and its calendar as one value for the rules."""

from collections.abc import Iterable
from datetime import date

from letopis.ledger.actions import object_name
from letopis.ledger.queries import Change, history
from letopis.org.models import Organisation
from letopis.rules.calendar import FIVE_DAY_WEEK, SIX_DAY_WEEK, Period, SchoolCalendar, WorkingDay
from letopis.schooling.models import AcademicYear, Break, CalendarDay, Term

CLOSE_YEAR = "control.close_year"
"""How the ledger names the verb that closes a year; the archive asks when it was, and control lies above it."""


def years_of(organisation: Organisation) -> list[AcademicYear]:
    """Return the years of a school, the latest first."""
    return list(AcademicYear.objects.filter(organisation=organisation).order_by("-starts_on"))


def current_year(organisation: Organisation, day: date) -> AcademicYear | None:
    """Return the year the day lies in, else the next one, else the last one; None when the school has none."""
    return year_of_day(years_of(organisation), day)


def year_of_day(years: Iterable[AcademicYear], day: date) -> AcademicYear | None:
    """Return what `current_year` does, from years that are loaded already."""
    ordered = sorted(years, key=lambda year: year.starts_on)
    coming = next((year for year in ordered if year.ends_on >= day), None)
    return coming or (ordered[-1] if ordered else None)


def closing_of(year: AcademicYear) -> Change | None:
    """Return how the year was closed the last time, as the ledger tells it; None when it never was. One query."""
    return next((change for change in history([object_name(year)]) if change.verb == CLOSE_YEAR), None)


def calendar_of(year: AcademicYear) -> SchoolCalendar:
    """Return all dates of a year as one value for the rules; three queries, four when the school is not loaded."""
    days = list(CalendarDay.objects.filter(year=year).order_by("on"))
    return SchoolCalendar(
        starts_on=year.starts_on,
        ends_on=year.ends_on,
        terms=tuple(_period(term) for term in Term.objects.filter(year=year).order_by("starts_on", "grade_from", "pk")),
        breaks=tuple(_period(one) for one in Break.objects.filter(year=year).order_by("starts_on", "grade_from", "pk")),
        days_off=frozenset(day.on for day in days if day.kind == CalendarDay.Kind.OFF),
        working_days=tuple(WorkingDay(day.on) for day in days if day.kind == CalendarDay.Kind.WORKING),
        weekdays=SIX_DAY_WEEK if year.organisation.week_days == 6 else FIVE_DAY_WEEK,
    )


def _period(row: Term | Break) -> Period:
    grades = frozenset(range(row.grade_from, row.grade_to + 1))
    return Period(title=row.title, grades=grades, starts_on=row.starts_on, ends_on=row.ends_on)
