"""The statement of marks of a pupil: for another school on paper, and from another school by hand (REG-B037)."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from letopis.core.errors import Refused
from letopis.core.printer import PrintJob
from letopis.people.middleware import SchoolRequest
from letopis.register.access.make_ups import OpenPupil, pupil_for, statement_for
from letopis.register.actions import outside as verbs
from letopis.register.prints.make_ups import marks_statement
from letopis.register.queries.outside import statements_of, subjects_of, terms_to_enter
from letopis.register.views.prints import pdf_response
from letopis.schooling.models import Subject, Term


class StatementForm(forms.Form):
    """Who issued the statement."""

    school = forms.CharField(label=gettext_lazy("Какая школа выдала"), max_length=250)
    number = forms.CharField(label=gettext_lazy("Номер"), max_length=40, required=False)
    issued_on = forms.DateField(
        label=gettext_lazy("Дата"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


@require_http_methods(["GET", "POST"])
def outside(request: SchoolRequest, code: UUID, pupil: UUID) -> HttpResponse:
    """Show the statements of a pupil from other schools and a form for one more; a refusal keeps what was typed."""
    opened = pupil_for(request.actor, code, pupil)
    subjects, terms = (
        subjects_of(opened.pupil, opened.school_class),
        terms_to_enter(opened.school_class, today=request.today),
    )
    form = StatementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = {(subject, term): _typed(request.POST, subject, term) for subject in subjects for term in terms}
        try:
            verbs.enter_statement(opened, **form.cleaned_data, rows=typed, at=request.now)
        except Refused as refusal:
            form.add_error(None, refusal.verdict.sentence)
        else:
            messages.success(request, _("Ведомость внесена. Её отметки войдут в предложение итога."))
            return redirect("register:outside", code=code, pupil=pupil)
    lines = [
        (subject, [(term, _name(subject, term), _typed(request.POST, subject, term)) for term in terms])
        for subject in subjects
    ]
    context: dict[str, Any] = {
        "opened": opened,
        "form": form,
        "lines": lines,
        "terms": terms,
        "statements": statements_of(opened.pupil, opened.school_class),
    }
    return render(request, "register/outside.html", context)


@require_POST
def withdraw_outside(request: SchoolRequest, code: UUID, pupil: UUID, statement: UUID) -> HttpResponse:
    """Take a statement back."""
    opened = pupil_for(request.actor, code, pupil)
    try:
        verbs.withdraw_statement(
            opened, statement_for(opened, statement), reason=request.POST.get("reason", "")[:300], at=request.now
        )
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    else:
        messages.success(request, _("Ведомость отозвана."))
    return redirect("register:outside", code=code, pupil=pupil)


@require_safe
def statement_pdf(request: SchoolRequest, code: UUID, pupil: UUID) -> HttpResponse:
    """Send the statement of current and period marks of a pupil as PDF, as of today or of the day he left."""
    opened = pupil_for(request.actor, code, pupil)
    on = _last_day(opened, request.today)
    data = marks_statement(opened.pupil, opened.school_class, on=on)
    job = PrintJob(("register", "marks_statement", on), data, issued_on=request.today)
    name = _("Ведомость отметок %(name)s") % {"name": opened.pupil.person.full_name}
    return pdf_response(request, job, name=name, back=("register:outside", code, pupil))


def _last_day(opened: OpenPupil, today: date) -> date:
    return min(today, opened.school_class.year.ends_on)


def _name(subject: Subject, term: Term) -> str:
    return f"{subject.code}-{term.number}"


def _typed(posted: QueryDict, subject: Subject, term: Term) -> verbs.TypedRow:
    name = _name(subject, term)
    values = {part: str(posted.get(f"{part}-{name}", ""))[:400] for part in ("marks", "term_mark", "missed")}
    return verbs.TypedRow(**values)
