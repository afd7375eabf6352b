"""Distance learning: the periods of a year, declared and ended by director and deputies."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from letopis.core.errors import Refused
from letopis.people.access import forbid
from letopis.people.middleware import SchoolRequest
from letopis.schooling import access
from letopis.schooling.actions import distance
from letopis.schooling.forms import DistanceEndForm, DistanceForm
from letopis.schooling.models import AcademicYear
from letopis.schooling.queries.distance import distance_lines, distance_targets


@require_http_methods(["GET", "POST"])
def periods(request: SchoolRequest) -> HttpResponse:
    """Show the periods of a year (?year=2026); declare one."""
    asked = request.POST if request.method == "POST" else request.GET
    year, years = access.year_for(request.actor, asked.get("year", ""))
    may_declare = year is not None and access.may_declare_distance(request.actor)
    form = None
    if year is not None and may_declare:
        targets = distance_targets(year)
        form = DistanceForm(request.POST if request.method == "POST" else None, targets=targets, today=request.today)
    if request.method == "POST":
        if year is None or form is None:
            forbid(_("Дистанционное обучение объявляют директор и заместитель директора."))
        if form.is_valid():
            try:
                distance.declare_distance(year, **form.values(), by=request.actor.author, at=request.now)
            except Refused as refusal:
                form.add_error(None, refusal.verdict.sentence)
            else:
                messages.success(request, _("Дистанционное обучение объявлено: его видно в журнале и в дневнике."))
                return redirect(_url(year))
    lines = distance_lines(year, today=request.today) if year else []
    context: dict[str, Any] = {"year": year, "years": years, "form": form, "lines": lines}
    context["end_form"] = DistanceEndForm(initial={"ends_on": request.today}) if may_declare else None
    return render(request, "schooling/distance.html", context, status=409 if form is not None and form.errors else 200)


@require_POST
def end(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Name the last day of a period."""
    period = access.distance_to_end(request.actor, code)
    form = DistanceEndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Последний день не похож на день: напишите его как 20.11.2026."))
    else:
        try:
            changed = distance.end_distance(period, **form.cleaned_data, by=request.actor.author, at=request.now)
        except Refused as refusal:
            messages.error(request, refusal.verdict.sentence)
        else:
            messages.success(request, _("Последний день записан.") if changed else _("Этот день уже записан."))
    return redirect(_url(period.year))


def _url(year: AcademicYear) -> str:
    return f"{reverse('schooling:distance')}?year={year.starts_on.year}"
