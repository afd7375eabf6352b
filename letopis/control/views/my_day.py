"""«Мой день»."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from letopis.control.queries.my_day import my_day as day_of
from letopis.control.queries.school_day import school_day
from letopis.core.days import day_title
from letopis.people.access import invisible
from letopis.rules.dates import parse_day

FARTHEST = timedelta(days=20 * 365)
"""How far from today a day may be asked for."""


@require_GET
def my_day(request: HttpRequest) -> HttpResponse:
    """Show the day of the teacher; to director and deputy without lessons of their own, the day of the school."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor.employee_id is None:
        invisible()
    wanted = _day(request.GET.get("on", ""), today=actor.today)
    wants_school = actor.controls and "school" in request.GET
    day = None if wants_school else day_of(actor, wanted=wanted, now=request.now)  # type: ignore[attr-defined]
    if day is None and actor.controls:
        shown = school_day(actor, wanted=wanted, now=request.now)  # type: ignore[attr-defined]
        context = {
            "day": shown,
            "title": day_title(shown.on),
            "is_today": wanted == actor.today,
            "is_asked": wants_school,
        }
        return render(request, "control/school_day.html", context)
    context = {"day": day, "title": day_title(day.on if day and day.on else wanted), "is_today": wanted == actor.today}
    return render(request, "control/my_day.html", context)


def _day(text: str, *, today: date) -> date:
    """Return the day; one that no school year reaches is a slip of typing."""
    day = parse_day(text) or today
    return day if abs(day - today) < FARTHEST else today
