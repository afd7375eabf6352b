"""The diary of a week, and the files of its homework."""

from datetime import date, timedelta
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from letopis.diary.access import child_for, children_of
from letopis.diary.queries import homework_file_of, teachers_of, week_of
from letopis.people.access import invisible
from letopis.register.views.files import send_file
from letopis.rules.dates import parse_day
from letopis.rules.policy import DEFAULT_POLICY

FARTHEST = timedelta(days=20 * 365)
"""How far from today a week may be asked for."""


@require_GET
def week(request: HttpRequest) -> HttpResponse:
    """Show a week of a child (?pupil=, ?week= any day of it); to a guardian who refused, how to change that."""
    actor = request.actor  # type: ignore[attr-defined]
    children = children_of(actor)
    child = child_for(actor, children, _code(request.GET.get("pupil")))
    context = {"child": child, "children": children, "is_own": child.pupil.pk == actor.pupil_id}
    if not child.is_open:
        return render(request, "diary/refused.html", context)
    day = _day(request.GET.get("week", ""), today=actor.today)
    shown = week_of(child.pupil, day=day, today=actor.today, policy=DEFAULT_POLICY)
    return render(request, "diary/week.html", context | {"week": shown})


@require_GET
def teachers(request: HttpRequest) -> HttpResponse:
    """Show who works with a child (?pupil=), as of today or the last day of his last year (ORG-029)."""
    actor = request.actor  # type: ignore[attr-defined]
    children = children_of(actor)
    child = child_for(actor, children, _code(request.GET.get("pupil")))
    context = {"child": child, "children": children, "is_own": child.pupil.pk == actor.pupil_id}
    if not child.is_open:
        return render(request, "diary/refused.html", context)
    return render(request, "diary/teachers.html", context | {"lines": teachers_of(child.pupil, today=actor.today)})


@require_GET
def homework_file(request: HttpRequest, code: UUID) -> FileResponse:
    """Send a file of a homework that was set to a child whose diary the actor sees."""
    children = children_of(request.actor)  # type: ignore[attr-defined]
    file = homework_file_of([child.pupil for child in children if child.is_open], code)
    return send_file(file or invisible())


def _day(text: str, *, today: date) -> date:
    """Return the day; one that no pupil's school years reach is a slip of typing."""
    day = parse_day(text) or today
    return day if abs(day - today) < FARTHEST else today


def _code(text: str | None) -> UUID | None:
    """Return the code; a broken one is somebody's mistake, not a wish for the first child."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        invisible()
