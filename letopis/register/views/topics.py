"""«Темы и задания» of a course, with a quick edit of one line."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from letopis.people.access import forbid
from letopis.register.access import course_for, lesson_for
from letopis.register.forms import read_lesson
from letopis.register.queries.topics import FILTERS, topic_line, topic_table
from letopis.register.views.lesson_save import Outcome, save_plan


@require_GET
def topics(request: HttpRequest, code: UUID) -> HttpResponse:
    """Show topics, homework and files of a term; the choices are kept in the address (?term=, ?only=)."""
    opened = course_for(request.actor, code)  # type: ignore[attr-defined]
    only = request.GET.get("only", "")
    table = topic_table(
        opened,
        term=request.GET.get("term"),
        only=only if only in FILTERS else "",
        today=request.today,  # type: ignore[attr-defined]
        policies=opened.actor.policies,
    )
    context = {"opened": opened, "table": table, "only": only if only in FILTERS else ""}
    return render(request, "register/topics.html", context)


@require_http_methods(["GET", "POST"])
def topic_row(request: HttpRequest, code: UUID) -> HttpResponse:
    """Show one line of the table, or its fields (?edit=1); save topic and homework. Without script: the lesson page."""
    opened = lesson_for(request.actor, code)  # type: ignore[attr-defined]
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("register:lesson", code=code)
    today = request.today  # type: ignore[attr-defined]
    line = topic_line(opened, today=today, policies=opened.opened.actor.policies)
    context = {"line": line, "order": request.GET.get("order", ""), "typed": None, "outcome": Outcome()}
    is_editing = "edit" in request.GET and line.may_plan
    if request.method == "POST":
        if not line.may_plan:
            forbid("")
        typed, outcome = read_lesson(request, tasks=[], pupils=[]), Outcome()
        save_plan(opened, typed, outcome, at=request.now)  # type: ignore[attr-defined]
        is_editing = bool(outcome.troubles)
        line = topic_line(opened, today=today, policies=opened.opened.actor.policies)
        context |= {"line": line, "typed": typed, "outcome": outcome}
    fragment = "edit" if is_editing else "row"
    return render(request, f"register/topics.html#{fragment}", context)
