"""The log of substitutions, taking one back, and saying that one knows of it."""

import csv
from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from letopis.core.errors import Refused
from letopis.core.printer import PrinterDied, PrintJob
from letopis.core.typst import TypstFailed
from letopis.core.web import read_code
from letopis.people.middleware import SchoolRequest
from letopis.register import access
from letopis.register.actions import substitutions as verbs
from letopis.register.models import Substitution
from letopis.register.prints.substitutions import CAPTIONS, cells, substitution_log
from letopis.register.queries.substitution_plan import teachers_of
from letopis.register.queries.substitutions import Filters, log
from letopis.register.views.prints import shared_printer
from letopis.rules.dates import parse_day
from letopis.rules.russian import short_date
from letopis.schooling.models import SchoolClass


def read_filters(request: SchoolRequest) -> Filters:
    """Return what the address asks for; without days, the week of today."""
    today = request.today
    monday = today - timedelta(days=today.weekday())
    first = parse_day(request.GET.get("first", "")) or monday
    last = parse_day(request.GET.get("last", "")) or max(first, monday + timedelta(days=6))
    kind = request.GET.get("kind", "")
    return Filters(
        first=first,
        last=max(first, last),
        teacher=read_code(request.GET.get("teacher", "")),
        school_class=read_code(request.GET.get("class", "")),
        kind=kind if kind in Substitution.Kind.values else "",
    )


@require_GET
def substitutions(request: SchoolRequest) -> HttpResponse:
    """Show the log of a period: all of it to director and deputies, his own rows to a teacher."""
    actor, filters = request.actor, read_filters(request)
    lines = log(actor, filters)
    monday = request.today - timedelta(days=request.today.weekday())
    context = {
        "filters": filters,
        "lines": lines,
        "in_force": sum(line.withdrawn_at is None for line in lines),
        "unread": sum(bool(one.acting and not one.acknowledged_at and not one.withdrawn_at) for one in lines),
        "spans": _spans(request.today, monday, filters),
        "kinds": Substitution.Kind.choices,
        "teachers": teachers_of(actor.organisation) if actor.controls else [],
        "classes": _classes(request, filters.first) if actor.controls else [],
        "query": request.GET.urlencode(),
    }
    return render(request, "register/substitutions.html", context)


@require_POST
def withdraw(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Take a substitution back."""
    row = access.substitution_for(request.actor, code)
    access.require_planner(request.actor)
    reason, overrule = request.POST.get("reason", "")[:200], "overrule" in request.POST
    try:
        verbs.withdraw(request.actor, row, reason=reason, overrule=overrule, at=request.now)
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    else:
        messages.success(request, _("Отменено: урок снова стоит как прежде."))
    return redirect(_back(request))


@require_POST
def acknowledge(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Record that the acting teacher knows of it."""
    row = access.substitution_for(request.actor, code)
    try:
        verbs.acknowledge(request.actor, row, at=request.now)
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    else:
        messages.success(request, _("Отмечено: вы знаете о замене."))
    return redirect(_back(request))


@require_safe
def substitutions_pdf(request: SchoolRequest) -> HttpResponse:
    """Send the log of the period as the form of the school, to be signed."""
    access.require_planner(request.actor)
    filters = read_filters(request)
    lines = log(request.actor, filters, with_withdrawn=False)
    data = substitution_log(request.actor.organisation, lines, first=filters.first, last=filters.last, on=request.today)
    try:
        document = shared_printer().render(
            PrintJob(("register", "substitution_log", request.today), data, issued_on=request.today)
        )
    except (TypstFailed, PrinterDied):
        messages.error(request, _("Документ не напечатан: печать прервалась. Попробуйте ещё раз позже."))
        return redirect(f"{reverse('register:substitutions')}?{request.GET.urlencode()}")
    return _sent(document, "application/pdf", f"{_name(filters.first, filters.last)}.pdf", as_attachment=False)


@require_safe
def substitutions_csv(request: SchoolRequest) -> HttpResponse:
    """Send the log of the period as a table that a spreadsheet opens."""
    access.require_planner(request.actor)
    filters = read_filters(request)
    response = _sent(b"", "text/csv; charset=utf-8", f"{_name(filters.first, filters.last)}.csv", as_attachment=True)
    response.write("\ufeff")
    writer = csv.writer(response, delimiter=";")
    writer.writerow([*CAPTIONS, "Отменено"])
    for line in log(request.actor, filters):
        withdrawn = short_date(localdate(line.withdrawn_at)) if line.withdrawn_at else ""
        writer.writerow([_safe(text) for text in (*cells(line), withdrawn)])
    return response


def _safe(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text


def _name(first: date, last: date) -> str:
    return f"Журнал замещения уроков {short_date(first)}-{short_date(last)}"


def _sent(content: bytes, kind: str, name: str, *, as_attachment: bool) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(as_attachment, name) or "inline"
    return response


def _spans(today: date, monday: date, filters: Filters) -> list[tuple[str, date, date, bool]]:
    """Return the quick choices: title, first and last day, whether it is shown now."""
    tomorrow, sunday = today + timedelta(days=1), monday + timedelta(days=6)
    month = today.replace(day=1)
    end = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    found = [
        (_("Сегодня"), today, today),
        (_("Завтра"), tomorrow, tomorrow),
        (_("Неделя"), monday, sunday),
        (_("Следующая"), monday + timedelta(days=7), sunday + timedelta(days=7)),
        (_("Месяц"), month, end),
    ]
    return [(title, first, last, (first, last) == (filters.first, filters.last)) for title, first, last in found]


def _classes(request: SchoolRequest, day: date) -> list[SchoolClass]:
    rows = SchoolClass.objects.filter(
        organisation=request.actor.organisation, year__starts_on__lte=day, year__ends_on__gte=day
    )
    return list(rows.order_by("grade", "letter"))


def _back(request: SchoolRequest) -> str:
    """Return where the form was: an address of our own."""
    back = request.POST.get("back", "")
    own = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return back if own and back.startswith("/") else reverse("register:substitutions")
