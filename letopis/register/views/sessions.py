"""«Занятия» of a group or of home tuition: what was done, who was there, and one lesson more."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from letopis.core.errors import Refused
from letopis.people.access import forbid
from letopis.people.middleware import SchoolRequest
from letopis.register.access import course_for
from letopis.register.actions.extra_lessons import add_lessons
from letopis.register.queries.sessions import sessions as sessions_of


class SessionForm(forms.Form):
    """One lesson beside the timetable."""

    on = forms.DateField(label=gettext_lazy("День"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    number = forms.IntegerField(label=gettext_lazy("Номер занятия"), min_value=1, max_value=15)


@require_http_methods(["GET", "POST"])
def sessions(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Show the lessons of a term (?term=); add one on a day."""
    opened = course_for(request.actor, code)
    may_add = opened.may_plan
    year = opened.course.year
    day = min(max(request.today, year.starts_on), year.ends_on)
    form = SessionForm(request.POST if request.method == "POST" else None, initial={"on": day, "number": 8})
    if request.method == "POST":
        if not may_add:
            forbid(_("Занятия добавляют учитель, который их ведёт, и заместитель директора."))
        if form.is_valid():
            places = [(form.cleaned_data["on"], form.cleaned_data["number"])]
            try:
                done = add_lessons(opened.course, places=places, by=request.actor.author, at=request.now)
            except Refused as refusal:
                form.add_error(None, refusal.verdict.sentence)
            else:
                if done.lessons and done.lessons[0].on <= request.today:
                    messages.success(request, _("Занятие добавлено: отметьте присутствующих и запишите тему."))
                    return redirect("register:lesson", done.lessons[0].code)
                messages.success(request, _("Занятие добавлено.") if done.lessons else _("Такое занятие уже есть."))
                return redirect("register:sessions", code)
    table = sessions_of(opened, term=request.GET.get("term"), today=request.today)
    in_timetable = opened.course.kind == "COMPULSORY" and opened.course.group.kind in ("WHOLE_CLASS", "SUBGROUP")
    context = {"opened": opened, "table": table, "form": form if may_add and not in_timetable else None}
    return render(request, "register/sessions.html", context)
