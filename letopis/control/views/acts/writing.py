"""Entering, changing, adopting and withdrawing local acts; saying that one knows them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from letopis.control.access import acts as access
from letopis.control.actions.policy import adopt_act_with_policy, shut_until
from letopis.control.forms.acts import BODIES, ActForm, AdoptForm, PaperForm, WithdrawForm, initial_of
from letopis.control.forms.groups import codes_of
from letopis.control.views.acts.reading import act_page
from letopis.core.errors import Refused
from letopis.org.actions import acts as verbs
from letopis.org.actions.act_files import change_document, enter_document
from letopis.org.models import CollegiateDecision
from letopis.people.actions import acquaint
from letopis.people.middleware import SchoolRequest
from letopis.people.models import Employee

DECISIONS_OFFERED = 100


@require_http_methods(["GET", "POST"])
def new_act(request: SchoolRequest) -> HttpResponse:
    """Enter a draft."""
    access.require_draft(request.actor)
    form = ActForm(*_sent(request), initial={"must_be_known": True})
    if request.method == "POST" and form.is_valid():
        try:
            act = enter_document(request.actor.organisation, **_document(form), **_told(request))
        except Refused as refusal:
            form.add_error(None, refusal.verdict.sentence)
        else:
            messages.success(request, _("Проект внесён."))
            return redirect("control:act", act.code)
    return render(request, "control/act_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
def change_act(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Change a draft."""
    act = access.act_to_draft_for(request.actor, code)
    form = ActForm(*_sent(request), initial=initial_of(act))
    if request.method == "POST" and form.is_valid():
        try:
            change_document(act, **_document(form), **_told(request))
        except Refused as refusal:
            form.add_error(None, refusal.verdict.sentence)
        else:
            messages.success(request, _("Проект сохранён."))
            return redirect("control:act", code)
    return render(request, "control/act_form.html", {"form": form, "act": act})


@require_POST
def amend_act(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Begin a new version of an adopted act."""
    act = access.act_to_draft_for(request.actor, code)
    try:
        draft = verbs.amend(act, **_told(request))
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
        return redirect("control:act", code)
    messages.success(request, _("Новая редакция начата: измените текст и примите её."))
    return redirect("control:change_act", draft.code)


@require_http_methods(["GET", "POST"])
def adopt_act(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Adopt a draft, and the rules it decides with it."""
    act = access.act_to_adopt_for(request.actor, code)
    decisions = CollegiateDecision.objects.filter(organisation=request.actor.organisation)
    form = AdoptForm(
        request.POST if request.method == "POST" else None,
        decisions=decisions.order_by("-decided_on", "-pk")[:DECISIONS_OFFERED],
        initial={
            "number": act.number, "dated": act.dated, "registration_number": act.registration_number,
            "agreed_with": "\n".join(act.agreed_with), "in_force_from": request.GET.get("from", ""),
        },
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            edition = adopt_act_with_policy(act, adoption=form.adoption(), **_told(request))
        except Refused as refusal:
            form.add_error(None, refusal.verdict.sentence)
        else:
            if edition:
                messages.success(request, _("Акт принят, правила школы введены."))
                return redirect("control:rules")
            messages.success(request, _("Акт принят."))
            return redirect("control:act", code)
    stated = act.prepared.get("stated", {})
    return render(request, "control/adopt_act.html", {"form": form, "act": act, "stated": stated, "bodies": BODIES})


@require_POST
def withdraw_act(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Withdraw an act or a draft."""
    act = access.act_to_adopt_for(request.actor, code)
    form = WithdrawForm(request.POST, auto_id="withdraw_%s")
    if form.is_valid():
        try:
            verbs.withdraw_act(
                act, **form.cleaned_data, shut_until=shut_until(request.actor.organisation), **_told(request)
            )
        except Refused as refusal:
            form.add_error(None, refusal.verdict.sentence)
        else:
            messages.success(request, _("Акт отменён."))
            return redirect("control:act", code)
    return act_page(request, act, withdraw_form=form)


@require_POST
def publish_act(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Mark an act for the site, or take the mark off."""
    act = access.act_to_adopt_for(request.actor, code)
    published = request.POST.get("published") == "yes"
    try:
        verbs.publish_act(act, published=published, **_told(request))
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    else:
        messages.success(request, _("Акт отмечен для сайта.") if published else _("Отметка для сайта снята."))
    return redirect("control:act", code)


@require_POST
def know_act(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Put the employee's own mark: he knows the act."""
    act = access.act_to_know_for(request.actor, code)
    employee = Employee.objects.filter(pk=request.actor.employee_id or 0)
    try:
        acquaint(act, employee, known_on=request.today, today=request.today, **_told(request))
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    else:
        messages.success(request, _("Отмечено: вы ознакомлены с актом."))
    return redirect("control:act", code)


@require_POST
def enter_paper(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Enter who signed the sheet on paper."""
    act = access.act_to_sign_for(request.actor, code)
    form = PaperForm(request.POST, auto_id="paper_%s")
    codes = codes_of(request.POST.getlist("employee"))
    staff = list(Employee.objects.filter(organisation=request.actor.organisation, code__in=codes))
    if form.is_valid() and not staff:
        form.add_error(None, _("Отметьте, кто подписал лист."))
    if form.is_valid():
        try:
            made = acquaint(
                act, staff, known_on=form.cleaned_data["known_on"], on_paper=True, today=request.today, **_told(request)
            )
        except Refused as refusal:
            form.add_error(None, refusal.verdict.sentence)
        else:
            text = ngettext("Внесена %(n)d подпись.", "Внесено подписей: %(n)d.", made) % {"n": made}
            messages.success(request, text)
            return redirect("control:act", code)
    return act_page(request, act, paper_form=form)


def _sent(request: SchoolRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _told(request: SchoolRequest) -> dict[str, Any]:
    return {"by": request.actor.author, "at": request.now}


def _document(form: ActForm) -> dict[str, Any]:
    return {"fields": form.fields_of_act(), "upload": form.cleaned_data["file"]}
