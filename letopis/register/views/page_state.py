"""How a page of the register is kept."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from letopis.register.access import course_for
from letopis.register.queries.page_state import page_state


@require_GET
def state(request: HttpRequest, code: UUID) -> HttpResponse:
    """Show last entry, lessons passed, what is missing and who has few marks, for a term (?term=)."""
    opened = course_for(request.actor, code)  # type: ignore[attr-defined]
    shown = page_state(opened, term=request.GET.get("term"), today=request.today, policies=opened.actor.policies)  # type: ignore[attr-defined]
    return render(request, "register/page_state.html", {"state": shown, "opened": opened})
