"""The diary of a week, and the files of its homework."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from letopis.core.errors import Refused
from letopis.core.web import read_code
from letopis.diary.access import child_for, children_of
from letopis.diary.queries import homework_file_of, lessons_by_code, teachers_of, week_of
from letopis.people.access import Actor, forbid, invisible
from letopis.people.models import Pupil
from letopis.register.actions.pupil_homework import open_homework, say_done
from letopis.register.views.files import send_file
from letopis.rules.dates import parse_day
from letopis.rules.publication import explanation

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
    now = timezone.localtime(request.now)  # type: ignore[attr-defined]
    context["week"] = week_of(child.pupil, day=day, today=actor.today, now=now, policy=actor.policy)
    context["published"] = explanation(policy=actor.policy)
    return render(request, "diary/week.html", context)


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


@require_POST
def homework_opened(request: HttpRequest) -> HttpResponse:
    """Remember which homework the pupil saw: the page of his own week says so once it stands before him."""
    pupil = _pupil_himself(request.actor)  # type: ignore[attr-defined]
    codes = [code for text in request.POST.getlist("lesson")[:200] if (code := read_code(text))]
    open_homework(pupil, lessons_by_code(pupil, codes), at=request.now)  # type: ignore[attr-defined]
    return HttpResponse(status=204)


@require_POST
def homework_done(request: HttpRequest, code: UUID) -> HttpResponse:
    """Record that the pupil says a homework is done (done=1), or is not."""
    actor = request.actor  # type: ignore[attr-defined]
    pupil = _pupil_himself(actor)
    lesson = next(iter(lessons_by_code(pupil, [code])), None) or invisible()
    done = request.POST.get("done") == "1"
    try:
        say_done(pupil, lesson, done=done, by=actor.author, at=request.now)  # type: ignore[attr-defined]
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    week = _day(request.POST.get("week", ""), today=actor.today)
    return redirect(f"{reverse('diary:week')}?week={week.isoformat()}#homework-{code}")


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


def _pupil_himself(actor: Actor) -> Pupil:
    """Return the pupil who asks: what was opened and done is his own word, so a guardian gives none (403)."""
    own = next((child for child in children_of(actor) if child.pupil.pk == actor.pupil_id), None)
    if own is not None:
        return own.pupil
    if actor.guardian_id is None:
        invisible()
    forbid(_("«Сделано» отмечает сам обучающийся в своём дневнике."))


def _code(text: str | None) -> UUID | None:
    """Return the code; a broken one is somebody's mistake, not a wish for the first child."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        invisible()
