"""The checklist of a year's set-up: what is missing, who answers, who is late (ORG-B017)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from letopis.accounts.models import Role
from letopis.control import access
from letopis.control.actions import setup as actions
from letopis.control.queries.setup import setup_page
from letopis.core.errors import Refused
from letopis.core.web import read_code
from letopis.people.access import Actor
from letopis.people.middleware import SchoolRequest
from letopis.people.models import Employee
from letopis.people.queries import working_employees
from letopis.schooling.access import may_change_year
from letopis.schooling.models import AcademicYear


@require_GET
def setup(request: SchoolRequest) -> HttpResponse:
    """Show every section with its gaps; `?only=late` leaves those that are late."""
    year, years = access.setup_year_for(request.actor, request.GET.get("year", ""))
    page = setup_page(year, today=request.today, policy=request.actor.policy_on(year.starts_on))
    only_late = request.GET.get("only") == "late"
    closed = _closed_to(request.actor)
    context = {
        "page": page,
        "years": years,
        "only_late": only_late,
        "lines": [
            (line, not line.facts.url.startswith(closed)) for line in page.lines if line.late_sentence or not only_late
        ],
        "may_assign": may_change_year(request.actor),
        "employees": working_employees(year.organisation, day=request.today),
        "employee_id": request.actor.employee_id,
    }
    return render(request, "control/setup.html", context)


def _closed_to(actor: Actor) -> tuple[str, ...]:
    """Return how the addresses begin that a section may lead to and this actor has no page at."""
    accounts = () if actor.has(Role.ADMINISTRATOR, Role.DIRECTOR) else (reverse("people:accounts"),)
    # An office without control has no registers; who gives lessons sees his own.
    registers = (reverse("register:courses"),) if actor.roles and not actor.controls else ()
    timetable = () if may_change_year(actor) else (reverse("control:editions"),)
    return accounts + registers + timetable


@require_POST
def confirm_section(request: SchoolRequest, section: str) -> HttpResponse:
    """Say that a section is ready, or take the word back."""
    year = access.section_to_confirm_for(request.actor, request.POST.get("year", ""), section)
    try:
        if request.POST.get("withdraw"):
            actions.withdraw_section(request.actor, year, section=section, at=request.now)
            messages.success(request, _("Раздел снова в работе."))
        else:
            actions.confirm_section(request.actor, year, section=section, today=request.today, at=request.now)
            messages.success(request, _("Готовность раздела записана."))
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    return redirect(_url(year))


@require_POST
def assign_section(request: SchoolRequest, section: str) -> HttpResponse:
    """Name who answers for a section."""
    year = access.setup_year_to_assign_for(request.actor, request.POST.get("year", ""))
    try:
        actions.assign_section(
            request.actor, year, section=section, responsible=_employee(request, year), at=request.now
        )
        messages.success(request, _("Ответственный записан."))
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    return redirect(_url(year))


def _employee(request: SchoolRequest, year: AcademicYear) -> Employee | None:
    code = read_code(request.POST.get("responsible", ""))
    return next((one for one in working_employees(year.organisation, day=request.today) if one.code == code), None)


def _url(year: AcademicYear) -> str:
    return f"{reverse('control:setup')}?year={year.starts_on.year}"
