"""Lessons that nobody has filled."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from letopis.control import access
from letopis.control.queries.unfilled import Filters, choices
from letopis.control.queries.unfilled import unfilled as unfilled_of
from letopis.core.web import read_code
from letopis.people.middleware import SchoolRequest
from letopis.rules.dates import parse_day

WEEKS = timedelta(days=14)


@require_GET
def unfilled(request: SchoolRequest) -> HttpResponse:
    """List the lessons of the last two weeks, or of the asked period, that wait for their teacher."""
    access.require_control(request.actor)
    yesterday = request.today - timedelta(days=1)
    last = min(parse_day(request.GET.get("last", "")) or yesterday, yesterday)
    first = min(parse_day(request.GET.get("first", "")) or last - WEEKS, last)
    filters = Filters(
        first=first,
        last=last,
        teacher=read_code(request.GET.get("teacher", "")),
        school_class=read_code(request.GET.get("class", "")),
        with_partial="partial" in request.GET,
    )
    teachers, classes = choices(request.actor, day=last)
    context = {
        "filters": filters,
        "found": unfilled_of(request.actor, filters),
        "teachers": teachers,
        "classes": classes,
    }
    return render(request, "control/unfilled.html", context)
