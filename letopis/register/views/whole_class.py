"""The grid of a subject for the whole class, over its subgroups."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from letopis.register.access import courses_together
from letopis.register.queries.whole_class import whole_class


@require_GET
def together(request: HttpRequest, code: UUID) -> HttpResponse:
    """Show all groups of the class in the subject of this course in one table (?term=); only read."""
    courses = courses_together(request.actor, code)  # type: ignore[attr-defined]
    actor = request.actor  # type: ignore[attr-defined]
    shown = whole_class(courses, term=request.GET.get("term"), today=actor.today, policies=actor.policies)
    return render(request, "register/whole_class.html", {"shown": shown, "opened": courses[0], "code": code})
