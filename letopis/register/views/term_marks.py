"""The page of term marks of a course."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from letopis.core.errors import Refused
from letopis.register.access import OpenCourse, course_for
from letopis.register.actions.term_marks import set_term_marks
from letopis.register.actions.term_marks_check import confirm_term_marks
from letopis.register.queries.locks import terms_with_closing
from letopis.register.queries.postponed import postponed_of_course
from letopis.register.queries.term_marks import chosen_term, term_mark_sheet
from letopis.register.views.results import SEEN, VALUE, posted, rows_of, say_outcomes, switch
from letopis.rules.attestation import result_choices
from letopis.schooling.models import Term

CONFIRM = "confirm"


@require_http_methods(["GET", "POST"])
def term_marks(request: HttpRequest, code: UUID) -> HttpResponse:
    """Show the term marks of a course; save what was changed; or fill the empty ones with the proposals, unsaved."""
    opened = course_for(request.actor, code)  # type: ignore[attr-defined]
    terms = list(terms_with_closing(opened))
    term = chosen_term(terms, number=request.GET.get("term"), today=opened.actor.today)
    if term is None:
        raise Http404
    values, seen, outcomes, status = posted(request.POST, VALUE), posted(request.POST, SEEN), {}, 200
    fills = request.POST.get("intent") == "fill"
    if request.POST.get("intent") == CONFIRM:
        return _confirm(request, opened, term)
    if request.method == "POST" and not fills:
        try:
            saved = set_term_marks(opened, term=term, values=values, seen=seen, at=request.now)  # type: ignore[attr-defined]
        except Refused as refusal:
            messages.error(request, refusal.verdict.sentence)
            status = 403
        else:
            say_outcomes(request, saved)
            if all(outcome.verdict for outcome in saved):
                return redirect(f"{reverse('register:term_marks', args=[code])}?term={term.number}")
            outcomes, status = {outcome.code: outcome for outcome in saved}, 409
    sheet = term_mark_sheet(opened, term, terms=terms, policy=opened.actor.policy_of_period(term.ends_on))
    context = {
        "opened": opened,
        "course": opened.course,
        "terms": switch(opened, terms, current=term),
        "term": term,
        "term_query": f"?term={term.number}",
        "sheet": sheet,
        "rows": rows_of(sheet.lines, values=values, outcomes=outcomes, fills=fills),
        "choices": result_choices(sheet.scale),
        "fills": fills,
        "postponed": postponed_of_course(opened.course, term, today=opened.actor.today),
    }
    return render(request, "register/term_marks.html", context, status=status)


def _confirm(request: HttpRequest, opened: OpenCourse, term: Term) -> HttpResponse:
    """Take the teacher's word that the marks are all there, and lead back."""
    try:
        confirm_term_marks(opened, term=term, at=request.now)  # type: ignore[attr-defined]
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    else:
        messages.success(request, _("Записано: отметки за период выставлены все."))
    return redirect(f"{reverse('register:term_marks', args=[opened.course.code])}?term={term.number}")
