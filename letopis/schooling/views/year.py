"""The year and the timetable, to read."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET

from letopis.people.middleware import SchoolRequest
from letopis.schooling import access
from letopis.schooling.models import AcademicYear
from letopis.schooling.queries import pages
from letopis.schooling.queries import timetable as queries
from letopis.schooling.queries.years import year_of_day


@require_GET
def year(request: SchoolRequest) -> HttpResponse:
    """Show terms, breaks and special days of a year."""
    chosen, years = access.year_for(request.actor, request.GET.get("year", ""))
    context: dict[str, Any] = {
        "year": chosen,
        "years": years,
        "may_change": access.may_change_year(request.actor),
        "shown": pages.year_page(chosen, today=request.today) if chosen else None,
    }
    return render(request, "schooling/year.html", context)


@require_GET
def timetable(request: SchoolRequest) -> HttpResponse:
    """Show the week of a class, a teacher or a room; the choice stays in the address."""
    years = access.years_for(request.actor)
    day = _day(request.GET.get("week", ""), default=_shown_day(request.today))
    chosen = year_of_day(years, day)
    if chosen is None:
        return render(request, "schooling/timetable.html", {"year": None})
    if not min(year.starts_on for year in years) <= day <= max(year.ends_on for year in years):
        day = min(max(day, chosen.starts_on), chosen.ends_on)
    choice = pages.timetable_choice(
        chosen, kind=_kind(request.GET), code=_code(request.GET), employee_id=request.actor.employee_id
    )
    week = queries.week_of(chosen, whose=choice.whose, day=day, shift=choice.shift)
    context = {
        "year": chosen,
        "choice": choice,
        "week": week,
        "clashes": _clashes(request, chosen, week),
        "may_change": access.may_change_year(request.actor),
    }
    return render(request, "schooling/timetable.html", context)


def _clashes(request: SchoolRequest, year: AcademicYear, week: queries.ShownWeek) -> list[Any]:
    if not (access.may_change_year(request.actor) and week.editions):
        return []
    return queries.clashes_of(week.editions[-1])


def _kind(asked: QueryDict) -> str:
    return next((kind for kind in ("class", "teacher", "room") if kind in asked), "")


def _code(asked: QueryDict) -> UUID | str | None:
    kind = _kind(asked)
    text = asked.get(kind, "") or ""
    if kind == "room":
        return text
    try:
        return UUID(text)
    except ValueError:
        return None


def _shown_day(today: date) -> date:
    """At the weekend people look at the week to come."""
    return today + timedelta(days=2) if today.isoweekday() > 5 else today


def _day(text: str, *, default: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return default
