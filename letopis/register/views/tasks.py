"""The editor of a column of marks: a dialog over the grid, and a page of its own without script."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from letopis.core.errors import Refused
from letopis.core.web import safe_next
from letopis.people.access import forbid
from letopis.register.access import OpenLesson, lesson_for
from letopis.register.actions.everyone import everyone_present, take_back_everyone
from letopis.register.actions.tasks import TaskSaid, add_task, edit_task, remove_task, weight_said
from letopis.register.queries.task_editor import TaskEditor, task_editor
from letopis.rules.dates import parse_day
from letopis.rules.verdict import refused


@require_http_methods(["GET", "POST"])
def task(request: HttpRequest, code: UUID, task: UUID | None = None) -> HttpResponse:
    """Show a column of a lesson, or a new one; save what the form says, or take the column away (intent=remove)."""
    opened = lesson_for(request.actor, code)  # type: ignore[attr-defined]
    editor = task_editor(opened, task=task, policy=opened.policy)
    if request.method == "GET":
        return _page(request, opened, editor)
    if not editor.may_edit:
        forbid(editor.may_edit.sentence)
    try:
        said = _save(request, opened, task=task)
    except Refused as refusal:
        return _page(request, opened, editor, trouble=refusal.verdict.sentence)
    messages.success(request, said)
    return redirect(safe_next(request) or editor.grid_url or lesson_url(opened))


@require_POST
def everyone(request: HttpRequest, code: UUID) -> HttpResponse:
    """Say that everybody is at the lesson (with confirm=1 also those marked absent), or take it back (intent=undo)."""
    opened = lesson_for(request.actor, code)  # type: ignore[attr-defined]
    editor = task_editor(opened, task=None, policy=opened.policy)
    if not opened.is_own:
        forbid(editor.may_take_attendance.sentence)
    at = request.now  # type: ignore[attr-defined]
    try:
        if request.POST.get("intent") == "undo":
            back = take_back_everyone(opened, at=at)
            words = ngettext("снова отмечен %(n)s обучающийся", "снова отмечено обучающихся: %(n)s", back) % {"n": back}
            said = _("Отметка о посещаемости снята") + (f": {words}." if back else ".")
        else:
            is_new = everyone_present(opened, confirmed=request.POST.get("confirm") == "1", at=at)
            said = _("Все присутствуют: записано.") if is_new else _("Посещаемость уже отмечена, отсутствующих нет.")
    except Refused as refusal:
        if refusal.verdict.code == "ABSENT_STAND":
            context = {"editor": editor, "opened": opened.opened, "sentence": refusal.verdict.sentence}
            context["next"] = safe_next(request)
            return render(request, "register/everyone.html", context, status=409)
        messages.error(request, refusal.verdict.sentence)
    else:
        messages.success(request, said)
    return redirect(safe_next(request) or lesson_url(opened))


def lesson_url(opened: OpenLesson) -> str:
    """Return the address of the lesson page."""
    return reverse("register:lesson", args=[opened.lesson.code])


def _save(request: HttpRequest, opened: OpenLesson, *, task: UUID | None) -> str:
    at = request.now  # type: ignore[attr-defined]
    if task is not None and request.POST.get("intent") == "remove":
        remove_task(opened, task=task, at=at)
        return _("Столбец убран.")
    said = _said(request)
    if task is None:
        add_task(opened, said=said, at=at)
        return _("Столбец добавлен.")
    return _("Столбец изменён.") if edit_task(opened, task=task, said=said, at=at) else _("Изменений нет.")


def _said(request: HttpRequest) -> TaskSaid:
    day_text = request.POST.get("worked-on", "").strip()
    worked_on = parse_day(day_text)
    if day_text and worked_on is None:
        raise Refused(refused("WRONG_DAY", _("День работы не похож на день: напишите его как 20.11.2026.")))
    return TaskSaid(
        kind=request.POST.get("kind", ""),
        title=request.POST.get("title", ""),
        weight=weight_said(request.POST.get("weight", "")),
        components=2 if request.POST.get("components") == "2" else 1,
        worked_on=worked_on,
    )


def _page(request: HttpRequest, opened: OpenLesson, editor: TaskEditor, *, trouble: str = "") -> HttpResponse:
    shown = editor.task
    typed = {
        "kind": request.POST.get("kind") or (shown.kind if shown else "") or editor.default_kind,
        "title": request.POST.get("title", shown.title if shown else ""),
        "weight": request.POST.get("weight", shown.weight if shown and shown.weight else ""),
        "components": request.POST.get("components", str(shown.components if shown else 1)),
        "worked_on": request.POST.get("worked-on", shown.worked_on.isoformat() if shown and shown.worked_on else ""),
    }
    context = {
        "editor": editor,
        "opened": opened.opened,
        "typed": typed,
        "trouble": trouble,
        "next": safe_next(request),
    }
    is_dialog = request.htmx and not trouble  # type: ignore[attr-defined]
    template = "register/task.html#form" if is_dialog else "register/task.html"
    return render(request, template, context, status=409 if trouble else 200)
