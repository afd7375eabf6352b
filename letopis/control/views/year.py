"""The end of a year: what is missing, the closing, and opening again."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from letopis.control import access
from letopis.control.actions import year as actions
from letopis.control.queries.year_end import year_end_page
from letopis.core.errors import Refused
from letopis.people.middleware import SchoolRequest

REASON_LENGTH = 300
ORDER_LENGTH = 100


@require_http_methods(["GET", "POST"])
def close_year(request: SchoolRequest, code: uuid.UUID) -> HttpResponse:
    """Show what the year lacks; close it when confirmed. A refused closing keeps what was typed."""
    year = access.year_to_close_for(request.actor, code)
    reason = request.POST.get("reason", "")[:REASON_LENGTH]
    error = ""
    if request.method == "POST":
        try:
            actions.close_year(year, reason=reason, by=request.actor.author, at=request.now, today=request.today)
        except Refused as refusal:
            error = refusal.verdict.sentence
        else:
            messages.success(request, _("%(year)s учебный год закрыт.") % {"year": year.label})
            return redirect("control:close_year", code=year.code)
    context = {
        "page": year_end_page(year, today=request.today, policy=request.actor.policy_of_period(year.ends_on)),
        "may_reopen": access.may_reopen(request.actor),
        "reason": reason,
        "error": error,
    }
    return render(request, "control/close_year.html", context)


@require_POST
def reopen_year(request: SchoolRequest, code: uuid.UUID) -> HttpResponse:
    """Open a closed year again by an order."""
    year = access.year_to_reopen_for(request.actor, code)
    reason, order = request.POST.get("reason", "")[:REASON_LENGTH], request.POST.get("order", "")[:ORDER_LENGTH]
    try:
        actions.reopen_year(year, reason=reason, order=order, by=request.actor.author, at=request.now)
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    else:
        messages.success(request, _("%(year)s учебный год снова открыт.") % {"year": year.label})
    return redirect("control:close_year", code=year.code)
