"""Missed lessons made up for, with their protocols; marks of terms that were put off."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from letopis.core.errors import Refused
from letopis.core.printer import PrintJob
from letopis.core.web import read_code
from letopis.people.middleware import SchoolRequest
from letopis.register import access
from letopis.register.access.make_ups import make_up_for, make_up_to_withdraw, member_for
from letopis.register.actions import make_up as verbs
from letopis.register.actions.postponed import LONGEST_REASON, postpone_term_mark
from letopis.register.models import Task
from letopis.register.prints.make_ups import make_up_protocol
from letopis.register.queries.course_terms import terms_for
from letopis.register.queries.make_ups import free_tasks, make_up_page
from letopis.register.queries.postponed import postponed_of_year
from letopis.register.views.prints import pdf_response
from letopis.rules.dates import parse_day
from letopis.schooling.access import year_for


class ProtocolForm(forms.Form):
    """What stands in the protocol of a made-up lesson."""

    held_on = forms.DateField(
        label=gettext_lazy("Когда занимались"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    topic = forms.CharField(label=gettext_lazy("Тема"), max_length=500)
    commission = forms.CharField(
        label=gettext_lazy("Комиссия"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Кто принимал, кроме учителя; пусто — учитель один."),
    )
    task = forms.ChoiceField(label=gettext_lazy("В какой столбец отметка"), required=False)
    value = forms.CharField(
        label=gettext_lazy("Отметка"), max_length=8, required=False, help_text=gettext_lazy("Пусто — без отметки.")
    )

    def __init__(self, *args: Any, tasks: list[Task], topic: str, today: date, **kwargs: Any) -> None:
        first = str(tasks[0].code) if tasks else ""
        super().__init__(*args, **{"initial": {"held_on": today, "topic": topic, "task": first}, **kwargs})
        choices = [(str(task.code), _task_title(task)) for task in tasks]
        self.fields["task"].choices = choices or [("", _("отметки за урок уже стоят"))]  # type: ignore[attr-defined]

    def protocol(self) -> verbs.Protocol:
        values = self.cleaned_data
        task = values["task"]
        return verbs.Protocol(
            held_on=values["held_on"],
            topic=values["topic"],
            commission=values["commission"],
            task=UUID(task) if task and values["value"] else None,
            value=values["value"].strip(),
        )


@require_GET
def make_ups(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Show what of a course may be made up for, and the protocols (?pupil= leaves one pupil)."""
    opened = access.course_for(request.actor, code)
    asked = read_code(request.GET.get("pupil", ""))
    context = {
        "opened": opened,
        "course": opened.course,
        "page": make_up_page(opened, policies=request.actor.policies, pupil=asked),
        "asked": asked,
    }
    return render(request, "register/make_ups.html", context)


@require_http_methods(["GET", "POST"])
def make_up(request: SchoolRequest, code: UUID, pupil: UUID) -> HttpResponse:
    """Write the protocol of a missed lesson; a refusal keeps what was typed."""
    opened = access.lesson_for(request.actor, code)
    missed = member_for(opened.opened, pupil)
    tasks = free_tasks(opened.lesson, pupil_id=missed.pk)
    form = ProtocolForm(request.POST or None, tasks=tasks, topic=opened.lesson.topic, today=request.today)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.make_up(opened, pupil=missed, protocol=form.protocol(), today=request.today, at=request.now)
        except Refused as refusal:
            form.add_error(None, refusal.verdict.sentence)
        else:
            messages.success(request, _("Протокол записан. Пропуск урока остаётся в журнале."))
            return redirect("register:make_ups", code=opened.lesson.course.code)
    context = {"opened": opened.opened, "lesson": opened.lesson, "pupil": missed, "form": form}
    return render(request, "register/make_up.html", context)


@require_POST
def withdraw_make_up(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Take a protocol back."""
    opened, row = make_up_to_withdraw(request.actor, code)
    try:
        verbs.withdraw_make_up(opened, row, reason=request.POST.get("reason", ""), at=request.now)
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    else:
        messages.success(request, _("Протокол отозван."))
    return redirect("register:make_ups", code=opened.course.code)


@require_safe
def make_up_pdf(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Send the protocol as PDF."""
    opened, row = make_up_for(request.actor, code)
    job = PrintJob(
        ("register", "make_up_protocol", row.held_on), make_up_protocol(row, on=request.today), issued_on=request.today
    )
    name = _("Протокол %(day)s %(subject)s") % {"day": f"{row.held_on:%d.%m.%Y}", "subject": opened.course.subject}
    return pdf_response(request, job, name=name, back=("register:make_ups", opened.course.code))


@require_POST
def postpone(request: SchoolRequest, code: UUID, pupil: UUID) -> HttpResponse:
    """Say until when a postponed mark of a term is due, and why."""
    opened = access.course_for(request.actor, code)
    number = request.POST.get("term", "")
    term = next((one for one in terms_for(opened) if str(one.number) == number), None)
    until = parse_day(request.POST.get("until", ""))
    if term is None or until is None:
        messages.error(request, _("Назовите день, до которого отложена аттестация."))
    else:
        try:
            postpone_term_mark(
                opened, term=term, pupil=member_for(opened, pupil), until=until,
                reason=request.POST.get("reason", "")[: LONGEST_REASON + 1], at=request.now,
            )  # fmt: skip
        except Refused as refusal:
            messages.error(request, refusal.verdict.sentence)
        else:
            messages.success(request, _("Срок отложенной аттестации записан."))
    return redirect(f"{reverse('register:term_marks', args=[code])}?term={number}")


@require_GET
def postponed(request: SchoolRequest) -> HttpResponse:
    """List what is put off in a year, of what the actor sees (?only=late)."""
    year, years = year_for(request.actor, request.GET.get("year", ""))
    lines = postponed_of_year(request.actor, year) if year else []
    only_late = request.GET.get("only") == "late"
    context = {
        "year": year,
        "years": years,
        "only_late": only_late,
        "lines": [line for line in lines if line.is_late or not only_late],
    }
    return render(request, "register/postponed.html", context)


def _task_title(task: Task) -> str:
    return " · ".join(part for part in (task.kind, task.title) if part) or _("%(n)d-й столбец") % {"n": task.position}
