"""Classes, and the list of a class on a day."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from letopis.core.errors import Refused
from letopis.people.access import Actor
from letopis.people.middleware import SchoolRequest
from letopis.people.models import Employee
from letopis.schooling import access
from letopis.schooling.actions import roster as actions
from letopis.schooling.models import AcademicYear
from letopis.schooling.queries import classes as queries
from letopis.schooling.queries.roster import RosterState, roster_states
from letopis.schooling.queries.staff import staff_of_class


@require_GET
def classes(request: SchoolRequest) -> HttpResponse:
    """List the classes of a year with class teacher and number of pupils."""
    year, years = access.year_for(request.actor, request.GET.get("year", ""))
    day = _within(year, request.today) if year else request.today
    lines = queries.classes_of(year, day) if year else []
    # Only who answers for the lists is reminded of them.
    is_control = request.actor.controls
    rosters = roster_states(year, today=request.today, policy=request.actor.policy) if year and is_control else {}
    context = {
        "rosters": rosters,
        "may_change": access.may_change_year(request.actor),
        "year": year,
        "years": years,
        "day": day,
        "lines": [(line, rosters.get(line.school_class.pk)) for line in lines],
        "pupils": sum(line.pupils for line in lines),
        "open": access.classes_open_to(request.actor, [line.school_class for line in lines]),
    }
    return render(request, "schooling/classes.html", context)


@require_GET
def school_class(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Show the list of a class on a day."""
    opened = access.class_for(request.actor, code)
    shown = opened.school_class
    day = _within(shown.year, _day(request.GET.get("on", ""), default=request.today))
    subgroups = queries.subgroups_of(shown) if opened.sees_all else []
    context = {
        "opened": opened,
        "school_class": shown,
        "day": day,
        "leader": queries.leader_of(shown, day),
        "lines": queries.class_lines(shown, day, sees_all=opened.sees_all),
        "has_subgroups": bool(subgroups),
        "may_staff": access.may_change_year(request.actor),
        "movement": queries.movement_of(shown) if opened.sees_all else [],
        "staff": staff_of_class(shown, day=day),
        "roster": _roster(opened, request.actor) if opened.sees_all else None,
    }
    return render(request, "schooling/school_class.html", context)


@require_POST
def check_roster(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Say that the list of the class is true today."""
    opened = access.class_to_check_for(request.actor, code)
    employee = Employee.objects.get(pk=request.actor.employee_id or 0)
    pupils = len(queries.class_lines(opened.school_class, request.today, sees_all=False))
    try:
        actions.check_roster(
            opened.school_class, employee=employee, pupils=pupils,
            today=request.today, by=request.actor.author, at=request.now,
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    else:
        messages.success(request, _("Проверка списка записана."))
    return redirect("schooling:school_class", code=code)


def _roster(opened: access.OpenClass, actor: Actor) -> RosterState:
    shown = opened.school_class
    return roster_states(shown.year, today=actor.today, policy=actor.policy, only=shown)[shown.pk]


def _within(year: AcademicYear, day: date) -> date:
    """The list of a year that is over is that of its last day, and of one to come that of its first."""
    return min(max(day, year.starts_on), year.ends_on)


def _day(text: str, *, default: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return default
