"""Papers with dates, and what families wrote."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from letopis.core.errors import Refused
from letopis.people.middleware import SchoolRequest
from letopis.people.models import Pupil
from letopis.register.access.classes import (
    OpenAbsences,
    absences_for,
    absences_to_set,
    document_to_change,
    notice_to_decide,
)
from letopis.register.actions.absence_documents import (
    DocumentValue,
    accept_notice,
    decline_notice,
    enter_document,
    withdraw_document,
)
from letopis.register.forms.absences import REASONS, DocumentForm
from letopis.register.models import AbsenceNotice
from letopis.register.queries.absence_cells import counts_of, pupils_of_year
from letopis.register.queries.absence_documents import (
    ALL,
    ENDED,
    ENDING,
    IN_FORCE,
    WITHDRAWN,
    documents_of,
    notices_of,
)


@require_http_methods(["GET", "POST"])
def documents(request: SchoolRequest, code: UUID) -> HttpResponse:
    """List the papers of the class (?state=, ?q=); enter one."""
    opened = absences_for(request.actor, code)
    pupils = pupils_of_year(opened)
    form = None
    if opened.may_set or request.method == "POST":
        initial = {"pupil": request.GET.get("pupil", ""), "starts_on": opened.last_day, "ends_on": opened.last_day}
        form = DocumentForm(request.POST or None, pupils=pupils, initial=initial)
    if request.method == "POST" and form is not None:
        absences_to_set(request.actor, code)
        if form.is_valid() and _enter(request, opened, form):
            return redirect("register:absence_documents", code)
    state = request.GET.get("state", IN_FORCE)
    context = {
        "opened": opened,
        "tab": "documents",
        "counts": counts_of(opened, pupils),
        "form": form,
        "state": state,
        "states": _states(),
        "q": request.GET.get("q", ""),
        "lines": documents_of(opened, state=state, search=request.GET.get("q", "")),
    }
    status = 409 if form is not None and form.errors else 200
    return render(request, "register/absence_documents.html", context, status=status)


@require_POST
def withdraw(request: SchoolRequest, code: UUID, document: UUID) -> HttpResponse:
    """Take a paper out of force, with why."""
    opened = absences_to_set(request.actor, code)
    row = document_to_change(opened, document)
    try:
        number = withdraw_document(opened, document=row, reason=request.POST.get("reason", ""), at=request.now)
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    else:
        said = ngettext(
            "Документ отозван, причина изменилась у %(n)s пропуска.",
            "Документ отозван, причина изменилась у пропусков: %(n)s.",
            number,
        )
        messages.success(request, said % {"n": number})
    return redirect("register:absence_documents", code)


@require_GET
def notices(request: SchoolRequest, code: UUID) -> HttpResponse:
    """List what families wrote: what waits first."""
    opened = absences_for(request.actor, code)
    rows = list(notices_of(opened))
    context = {
        "opened": opened,
        "tab": "notices",
        "counts": counts_of(opened),
        "waiting": [row for row in rows if row.state == AbsenceNotice.State.NEW],
        "decided": [row for row in rows if row.state != AbsenceNotice.State.NEW],
        "reasons": REASONS,
    }
    return render(request, "register/absence_notices.html", context)


@require_POST
def decide(request: SchoolRequest, code: UUID, notice: UUID) -> HttpResponse:
    """Accept a notice with a reason, or decline it."""
    opened = absences_to_set(request.actor, code)
    row = notice_to_decide(opened, notice)
    try:
        if request.POST.get("verb") == "accept":
            number = accept_notice(opened, notice=row, reason=request.POST.get("reason", ""), at=request.now)
            said = ngettext(
                "Сообщение принято, причина записана: %(n)s пропуск. Новые пропуски этих дней получат её сами.",
                "Сообщение принято, причина записана, пропусков: %(n)s. Новые пропуски этих дней получат её сами.",
                number,
            )
            messages.success(request, said % {"n": number})
        else:
            decline_notice(opened, notice=row, at=request.now)
            messages.success(request, _("Сообщение не принято. Семья увидит это в дневнике."))
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    return redirect("register:absence_notices", code)


def _enter(request: SchoolRequest, opened: OpenAbsences, form: DocumentForm) -> bool:
    values = dict(form.cleaned_data)
    pupil = Pupil.objects.get(organisation=request.actor.organisation, code=values.pop("pupil"))
    try:
        _document, number = enter_document(opened, pupil=pupil, value=DocumentValue(**values), at=request.now)
    except Refused as refusal:
        form.add_error(None, refusal.verdict.sentence)
        return False
    said = ngettext(
        "Документ внесён, причина записана: %(n)s пропуск. Новые пропуски этих дней получат её сами.",
        "Документ внесён, причина записана, пропусков: %(n)s. Новые пропуски этих дней получат её сами.",
        number,
    )
    messages.success(request, said % {"n": number})
    return True


def _states() -> list[tuple[str, str]]:
    return [
        (IN_FORCE, _("Действуют")),
        (ENDING, _("Скоро кончатся")),
        (ENDED, _("Кончились")),
        (WITHDRAWN, _("Отозваны")),
        (ALL, _("Все")),
    ]
