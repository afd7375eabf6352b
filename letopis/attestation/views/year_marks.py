"""The page of year marks of a course."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from letopis.attestation.actions.year_marks import set_year_marks
from letopis.attestation.queries.year_marks import year_mark_sheet
from letopis.core.errors import Refused
from letopis.register.access import course_for
from letopis.register.views.results import SEEN, VALUE, posted, rows_of, say_outcomes, switch
from letopis.rules.attestation import result_choices


@require_http_methods(["GET", "POST"])
def year_marks(request: HttpRequest, code: UUID) -> HttpResponse:
    """Show the year marks of a course; save what was changed; or fill the empty ones with the proposals, unsaved."""
    opened = course_for(request.actor, code)  # type: ignore[attr-defined]
    values, seen, outcomes, status = posted(request.POST, VALUE), posted(request.POST, SEEN), {}, 200
    fills = request.POST.get("intent") == "fill"
    if request.method == "POST" and not fills:
        try:
            saved = set_year_marks(opened, values=values, seen=seen, at=request.now)  # type: ignore[attr-defined]
        except Refused as refusal:
            messages.error(request, refusal.verdict.sentence)
            status = 403
        else:
            say_outcomes(request, saved)
            if all(outcome.verdict for outcome in saved):
                return redirect("attestation:year_marks", code)
            outcomes, status = {outcome.code: outcome for outcome in saved}, 409
    sheet = year_mark_sheet(opened, policy=opened.actor.policy_of_period(opened.course.year.ends_on))
    context = {
        "opened": opened,
        "course": opened.course,
        "terms": switch(opened, sheet.terms, current=None),
        "sheet": sheet,
        "rows": rows_of(sheet.lines, values=values, outcomes=outcomes, fills=fills),
        "choices": result_choices(sheet.scale),
        "fills": fills,
    }
    return render(request, "attestation/year_marks.html", context, status=status)
