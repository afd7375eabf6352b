"""Offices of an account: an appointment begins and ends by an order."""

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from letopis.accounts import actions as accounts
from letopis.core.errors import Refused
from letopis.people import access
from letopis.people.forms import AppointForm, EndForm
from letopis.people.middleware import SchoolRequest


@require_POST
def appoint(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Appoint the user of an account to an office."""
    actor = request.actor
    user = access.account_for(actor, code)
    form = AppointForm(request.POST)
    if not form.is_valid():
        _tell_errors(request, form)
        return redirect("people:account", code)
    try:
        accounts.appoint_by_order(user=user, **form.cleaned_data, by=actor.author, at=request.now)
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    else:
        messages.success(request, _("Назначение записано."))
    return redirect("people:account", code)


@require_POST
def end_office(request: SchoolRequest, code: UUID) -> HttpResponse:
    """End an appointment of the user of an account."""
    actor = request.actor
    access.account_for(actor, code)
    form = EndForm(request.POST)
    if not form.is_valid():
        if {"role", "starts_on"} & set(form.errors):
            raise Http404
        _tell_errors(request, form)
        return redirect("people:account", code)
    wanted = dict(form.cleaned_data)
    found = access.appointment_for(actor, code, role=wanted.pop("role"), starts_on=wanted.pop("starts_on"))
    try:
        accounts.end_appointment(appointment=found, **wanted, by=actor.author, at=request.now)
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    else:
        messages.success(request, _("Окончание записано."))
    return redirect("people:account", code)


def _tell_errors(request: SchoolRequest, form: Form) -> None:
    for name, errors in form.errors.items():
        messages.error(request, f"{form[name].label}: {' '.join(str(error) for error in errors)}")
