"""Changes of the calendar: first what they do with the lessons, then the change."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from letopis.control.actions import timetable
from letopis.control.forms import BreakForm, DayForm
from letopis.core.errors import Refused
from letopis.people.middleware import SchoolRequest
from letopis.register.actions.lessons import Generation
from letopis.schooling import access
from letopis.schooling.models import AcademicYear, Break


@require_http_methods(["GET", "POST"])
def calendar_day(request: SchoolRequest) -> HttpResponse:
    """Show what a change of one day does with the lessons of its week; carry it out when confirmed."""
    asked = request.POST if request.method == "POST" else request.GET
    year = access.year_to_change(request.actor, asked.get("year", ""))
    form = DayForm(asked if "on" in asked else None)
    context = {"year": year, "form": form, "preview": None}
    if form.is_valid():
        values = form.cleaned_data
        if request.method == "POST":
            try:
                done = timetable.change_day(year, **values, by=request.actor.author, at=request.now)
            except Refused as refusal:
                form.add_error(None, refusal.verdict.sentence)
            else:
                messages.success(request, said(_("Календарь изменён."), done))
                return redirect(_year_url(year))
        else:
            context["preview"] = timetable.preview_day(year, on=values["on"], kind=values["kind"], at=request.now)
    return render(request, "control/calendar_day.html", context)


@require_http_methods(["GET", "POST"])
def proposed_days(request: SchoolRequest) -> HttpResponse:
    """Show the official days not taken yet and what taking them does with the lessons; take them when confirmed."""
    asked = request.POST if request.method == "POST" else request.GET
    year = access.year_to_change(request.actor, asked.get("year", ""))
    if request.method == "POST":
        try:
            days, done = timetable.take_proposed_days(year, by=request.actor.author, at=request.now)
        except Refused as refusal:
            messages.error(request, refusal.verdict.sentence)
        else:
            text = ngettext("Добавлен %(n)d день.", "Добавлено дней: %(n)d.", len(days)) % {"n": len(days)}
            messages.success(request, said(text, done))
        return redirect(_year_url(year))
    days_left, preview = timetable.preview_proposed_days(year, at=request.now)
    context = {"year": year, "days": days_left, "preview": preview}
    return render(request, "control/proposed_days.html", context)


@require_http_methods(["GET", "POST"])
def change_break(request: SchoolRequest) -> HttpResponse:
    """Show what other days of a break do with the lessons of the year; carry it out when confirmed (ORG-015)."""
    asked = request.POST if request.method == "POST" else request.GET
    year = access.year_to_change(request.actor, asked.get("year", ""))
    breaks = list(Break.objects.filter(year=year).select_related("year").order_by("starts_on", "grade_from"))
    form = BreakForm(asked if "starts_on" in asked else None, breaks=breaks)
    context = {"year": year, "form": form, "breaks": breaks, "preview": None}
    if form.is_valid():
        days = {"starts_on": form.cleaned_data["starts_on"], "ends_on": form.cleaned_data["ends_on"]}
        if request.method == "POST":
            order = form.cleaned_data["order"]
            try:
                _row, done = timetable.change_break(
                    form.chosen, **days, order=order, by=request.actor.author, at=request.now
                )
            except Refused as refusal:
                form.add_error(None, refusal.verdict.sentence)
            else:
                messages.success(request, said(_("Каникулы изменены."), done))
                return redirect(_year_url(year))
        else:
            context["preview"] = timetable.preview_break(form.chosen, **days, at=request.now)
    return render(request, "control/change_break.html", context)


def _year_url(year: AcademicYear) -> str:
    return f"{reverse('schooling:year')}?year={year.starts_on.year}"


def said(text: str, done: Generation) -> str:
    """Return what was done, with the counts of the lessons."""
    if done.changes_nothing:
        return f"{text} {_('Занятия не изменились.')}"
    counts = _(
        "Занятий добавлено: %(created)d, перенесено: %(moved)d, снято: %(removed)d, отменено: %(cancelled)d."
    ) % {
        "created": done.created,
        "moved": done.moved,
        "removed": done.removed,
        "cancelled": done.cancelled,
    }
    return f"{text} {counts}"
