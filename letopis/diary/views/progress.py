"""«Успеваемость»: how a child stands in each subject, why, and what would make it better."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from letopis.diary.access import Child, child_for, children_of
from letopis.diary.queries.progress import progress_of, subject_progress
from letopis.people.access import invisible
from letopis.people.middleware import SchoolRequest
from letopis.register.views.why import asked_of, form_of
from letopis.rules.publication import explanation


@require_GET
def progress(request: SchoolRequest) -> HttpResponse:
    """Show how a child stands in a term (?pupil=, ?term=); to a guardian who refused, how to change that."""
    actor = request.actor
    child, context = _child(request)
    if not child.is_open:
        return render(request, "diary/refused.html", context)
    found = progress_of(
        child.pupil,
        term=request.GET.get("term"),
        today=actor.today,
        now=timezone.localtime(request.now),
        policies=actor.policies,
    )
    more = {"found": found, "published": explanation(policy=actor.policy), "is_shown": actor.policy.forecast_shown}
    return render(request, "diary/progress.html", context | more | {"policy": actor.policy})


@require_GET
def progress_subject(request: SchoolRequest, subject: UUID) -> HttpResponse:
    """Show why a forecast is what it is and what leads to a better mark (?wanted=, ?add=5:КР); nothing is stored.

    htmx gets the panel alone. A school that shows no forecast to families has no such page (404).
    """
    actor = request.actor
    child, context = _child(request)
    if not child.is_open:
        return render(request, "diary/refused.html", context)
    if not actor.policy.forecast_shown:
        invisible()
    page = subject_progress(
        child.pupil,
        subject,
        asked_of(request.GET),
        term=request.GET.get("term"),
        today=actor.today,
        now=timezone.localtime(request.now),
        policies=actor.policies,
    )
    keep = {"pupil": str(child.pupil.code), "term": str(page.term.number)}
    context |= {
        "page": page,
        "why": page.why,
        "here": reverse("diary:progress_subject", args=[subject]),
        **form_of(page.what_if, signs=page.signs, policy=page.policy, keep=keep),
    }
    part = "#panel" if request.htmx else ""
    return render(request, f"diary/progress_subject.html{part}", context)


def _child(request: SchoolRequest) -> tuple[Child, dict[str, Any]]:
    actor, code = request.actor, request.GET.get("pupil")
    children = children_of(actor)
    child = child_for(actor, children, _code(code) if code else None)
    return child, {"child": child, "children": children, "is_own": child.pupil.pk == actor.pupil_id}


def _code(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        invisible()
