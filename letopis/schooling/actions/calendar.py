"""Verbs of the calendar: days off and working days, breaks.

They change the plan of the year only; control.actions.timetable calls them together with the lessons.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version

import holidays
from django.db import transaction

from letopis.core.errors import require
from letopis.ledger.actions import Author, Fact, Value, object_name, record, record_all
from letopis.rules.movement import may_change_year
from letopis.schooling.actions.years import lock, span_of
from letopis.schooling.models import AcademicYear, Break, CalendarDay

SATURDAY = 6


@dataclass(frozen=True, slots=True)
class ProposedDay:
    """A day that the official calendar names, before anybody in the school has taken it."""

    on: date
    kind: str
    """Code of CalendarDay.Kind."""
    title: str
    source: str


def proposed_days(year: AcademicYear) -> list[ProposedDay]:
    """Return the days of a year that the package `holidays` names for Russia and the calendar does not have yet.

    Only days the school would otherwise work on are named; working Saturdays, from which a free day was moved, only
    where Saturday is a school day. A day a person has decided about is never proposed again.
    """
    decided = set(CalendarDay.objects.filter(year=year).values_list("on", flat=True))
    return [day for day in _official_days(year) if day.on not in decided]


@transaction.atomic
def propose_days_off(year: AcademicYear, *, by: Author, at: datetime) -> list[CalendarDay]:
    """Take the proposed days into the calendar, one ledger entry each, and return the new rows. Twice is harmless."""
    year = lock(year)
    require(may_change_year(span_of(year), on=year.starts_on))
    rows = CalendarDay.objects.bulk_create(
        CalendarDay(
            organisation=year.organisation, year=year, on=day.on, kind=day.kind, title=day.title, source=day.source
        )
        for day in proposed_days(year)
    )
    record_all(
        Fact(by, at, "schooling.propose_day", object_name(row), None, _words(row), reason=row.source) for row in rows
    )
    return rows


@transaction.atomic
def set_day_off(year: AcademicYear, *, on: date, title: str, source: str = "", by: Author, at: datetime) -> CalendarDay:
    """Make a day of the year free for everybody. Twice is harmless."""
    return _set_day(year, on=on, kind=CalendarDay.Kind.OFF, title=title, source=source, by=by, at=at)


@transaction.atomic
def set_working_day(
    year: AcademicYear, *, on: date, title: str, source: str = "", by: Author, at: datetime
) -> CalendarDay:
    """Make a day of the year a school day, though its weekday or a holiday says otherwise. Twice is harmless."""
    return _set_day(year, on=on, kind=CalendarDay.Kind.WORKING, title=title, source=source, by=by, at=at)


@transaction.atomic
def clear_day(year: AcademicYear, *, on: date, reason: str = "", by: Author, at: datetime) -> bool:
    """Take a day off or a working day back, so that the week's rule holds again; say whether there was one.

    The row goes, the ledger keeps it: a row of «nothing special» would have to be explained on every page.
    """
    year = lock(year)
    require(may_change_year(span_of(year), on=on))
    row = CalendarDay.objects.filter(year=year, on=on).first()
    if row is None:
        return False
    record(Fact(by, at, "schooling.clear_day", object_name(row), _words(row), None, reason=reason))
    row.delete()
    return True


@transaction.atomic
def change_break(one: Break, *, starts_on: date, ends_on: date, order: str = "", by: Author, at: datetime) -> Break:
    """Move a break to other days of its year (ORG-015). Twice is harmless."""
    year = lock(one.year)
    for day in (starts_on, ends_on):
        require(may_change_year(span_of(year), on=day))
    row = Break.objects.select_for_update().get(pk=one.pk)
    if (row.starts_on, row.ends_on) == (starts_on, ends_on):
        return row
    before = _span_words(row)
    row.starts_on, row.ends_on = starts_on, ends_on
    row.save(update_fields=["starts_on", "ends_on"])
    record(Fact(by, at, "schooling.change_break", object_name(row), before, _span_words(row), reason=order))
    return row


def _set_day(
    year: AcademicYear, *, on: date, kind: str, title: str, source: str, by: Author, at: datetime
) -> CalendarDay:
    year = lock(year)
    require(may_change_year(span_of(year), on=on))
    row = CalendarDay.objects.filter(year=year, on=on).first()
    before = _words(row) if row else None
    if row is None:
        row = CalendarDay(organisation=year.organisation, year=year, on=on)
    row.kind, row.title, row.source = kind, title, source
    if _words(row) == before:
        return row
    row.save()
    verb = "schooling.set_day_off" if kind == CalendarDay.Kind.OFF else "schooling.set_working_day"
    record(Fact(by, at, verb, object_name(row), before, _words(row), reason=source))
    return row


def _official_days(year: AcademicYear) -> Iterator[ProposedDay]:
    calendar_years = range(year.starts_on.year, year.ends_on.year + 1)
    # The package names days in Russian by itself; its text is the name of the holiday and from where a day was moved.
    official = holidays.country_holidays("RU", years=calendar_years, language="ru")
    source = f"производственный календарь РФ (holidays {version('holidays')})"
    works = set(range(1, year.organisation.week_days + 1))
    named = [(day, CalendarDay.Kind.OFF, title) for day, title in official.items() if day.isoweekday() in works]
    if SATURDAY in works:
        saturdays = (day for day in official.weekend_workdays if day.isoweekday() == SATURDAY)
        named += [(day, CalendarDay.Kind.WORKING, "Рабочая суббота (выходной перенесён)") for day in saturdays]
    for day, kind, title in sorted(named):
        if year.starts_on <= day <= year.ends_on:
            yield ProposedDay(on=day, kind=kind, title=title, source=source)


def _words(row: CalendarDay) -> dict[str, Value]:
    return {"on": row.on.isoformat(), "kind": str(row.kind), "title": row.title, "source": row.source}


def _span_words(row: Break) -> dict[str, Value]:
    return {"title": row.title, "starts_on": row.starts_on.isoformat(), "ends_on": row.ends_on.isoformat()}
