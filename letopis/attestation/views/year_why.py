"""«Почему?» and «что, если» of a year mark."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from letopis.attestation.queries.year_why import year_why as page_of
from letopis.register.access import course_for

TERM = "t"
"""Fields «t4=5» suppose the mark of a term."""


@require_GET
def year_why(request: HttpRequest, code: UUID, pupil: UUID) -> HttpResponse:
    """Show why a year mark is proposed and what leads to another (?wanted=5, ?t4=5). htmx gets the panel alone."""
    opened = course_for(request.actor, code)  # type: ignore[attr-defined]
    given = request.GET.dict()
    supposed = {name[1:]: str(value) for name, value in given.items() if name.startswith(TERM) and name[1:].isdigit()}
    page = page_of(opened, pupil, wanted=request.GET.get("wanted", "").strip(), supposed=supposed)
    context = {
        "opened": opened,
        "page": page,
        "here": reverse("attestation:year_why", args=[code, pupil]),
        "back": reverse("attestation:year_marks", args=[code]),
    }
    part = "#panel" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"attestation/year_why.html{part}", context)
