"""The register of decisions of collegiate bodies."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from letopis.control.access import acts as access
from letopis.control.forms.acts import BODIES, DecisionForm
from letopis.control.queries.acts import decisions_of
from letopis.core.errors import Refused
from letopis.org.actions.decisions import record_decision
from letopis.people.middleware import SchoolRequest

SHOWN = 50


@require_http_methods(["GET", "POST"])
def decisions(request: SchoolRequest) -> HttpResponse:
    """List the decisions, narrowed by body, year and words of the address; record one."""
    actor = request.actor
    access.require_staff(actor)
    if request.method == "POST":
        access.require_draft(actor)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            record_decision(
                actor.organisation, **form.cleaned_data, today=request.today, by=actor.author, at=request.now
            )
        except Refused as refusal:
            form.add_error(None, refusal.verdict.sentence)
        else:
            messages.success(request, _("Решение внесено."))
            return redirect("control:decisions")
    asked = {name: request.GET.get(name, "").strip() for name in ("body", "year", "words")}
    found = decisions_of(actor.organisation, **asked)
    paginator = Paginator(found.rows, SHOWN)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "found": found,
        "page": page,
        "page_range": paginator.get_elided_page_range(page.number),
        "asked": asked,
        "form": form,
        "may_draft": access.may_draft(actor),
        "bodies": sorted({*BODIES, *found.bodies}),
    }
    return render(request, "control/decisions.html", context)
