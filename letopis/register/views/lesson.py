"""The lesson page, and the files of its homework."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from letopis.people.access import forbid
from letopis.register.access import homework_file_for, lesson_for
from letopis.register.forms import LessonInput, read_lesson
from letopis.register.queries.lesson import lesson_page
from letopis.register.queries.lesson_homework import homework_side
from letopis.register.queries.plan_offer import plan_of_lesson
from letopis.register.queries.substitutions import arranged_for
from letopis.register.views.files import send_file
from letopis.register.views.lesson_form import lesson_fields
from letopis.register.views.lesson_save import Outcome, save_lesson
from letopis.rules.dates import parse_day


@require_http_methods(["GET", "POST"])
def lesson(request: HttpRequest, code: UUID) -> HttpResponse:
    """Show a lesson; save what its form sends, each part with its own answer."""
    opened = lesson_for(request.actor, code)  # type: ignore[attr-defined]
    page = lesson_page(opened, policies=opened.opened.actor.policies)
    typed, outcome = LessonInput(), Outcome()
    if request.method == "POST":
        if not page.may_plan:
            forbid(page.may_plan.sentence)
        typed = read_lesson(
            request, tasks=[task.code for task in page.tasks], pupils=[line.code for line in page.lines]
        )
        outcome = save_lesson(opened, page=page, typed=typed, at=request.now)  # type: ignore[attr-defined]
        if outcome.said:
            messages.success(request, outcome.sentence())
        if not outcome.troubles:
            if not outcome.said:
                messages.info(request, _("Изменений нет: всё уже записано."))
            return redirect(request.path)
        if outcome.said:
            messages.error(request, _("Сохранено не всё: причины написаны рядом с полями."))
        else:
            messages.error(request, _("Ничего не сохранено: причины написаны рядом с полями."))
        opened = lesson_for(request.actor, code)  # type: ignore[attr-defined]
        page = lesson_page(opened, policies=opened.opened.actor.policies)
    fields = lesson_fields(page, typed=typed, outcome=outcome, policy=opened.policy)
    side = homework_side(page, due=parse_day(typed.due_text), policies=opened.opened.actor.policies)
    context = {
        "page": fields,
        "shown": page,
        "opened": opened.opened,
        "side": side,
        "plan": plan_of_lesson(opened.lesson, policy=opened.policy),
        "arranged": arranged_for(opened.opened.actor, opened.lesson),
    }
    return render(request, "register/lesson.html", context, status=409 if outcome.troubles else 200)


@require_GET
def homework_file(request: HttpRequest, code: UUID) -> FileResponse:
    """Send a file of a homework to one who may see its lesson."""
    return send_file(homework_file_for(request.actor, code))  # type: ignore[attr-defined]
