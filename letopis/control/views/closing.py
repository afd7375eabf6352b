"""Closing of periods: what the classes of a term lack, one class with every gap, closing and opening again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from letopis.control.access import closing as access
from letopis.control.actions import closing as verbs
from letopis.control.queries.closing import ClassReadiness, class_readiness, term_readiness, terms_of_year
from letopis.core.errors import Refused
from letopis.people.access import invisible
from letopis.people.middleware import SchoolRequest
from letopis.rules.closing import may_reopen
from letopis.rules.verdict import Verdict
from letopis.schooling.access import year_for
from letopis.schooling.models import AcademicYear, SchoolClass, Term


@require_GET
def closing(request: SchoolRequest) -> HttpResponse:
    """Show how ready the classes of a term are (?year=2026, ?term=code, ?only=gaps, ready or closed)."""
    access.require_closing(request.actor)
    year, years = year_for(request.actor, request.GET.get("year", ""))
    terms = terms_of_year(year) if year else []
    term = _chosen(request, terms)
    page = term_readiness(request.actor, year, term) if year and term else None
    only = request.GET.get("only", "")
    context = {
        "page": page,
        "rows": [row for row in page.rows if _is_asked(row, only)] if page else [],
        "year": year,
        "years": years,
        "terms": terms,
        "term": term,
        "only": only,
        "onlies": [("", _("Все")), ("gaps", _("С пробелами")), ("ready", _("Готовы")), ("closed", _("Закрыты"))],
        "may_close": request.actor.controls,
    }
    return render(request, "control/closing.html", context)


@require_POST
def close_ready(request: SchoolRequest) -> HttpResponse:
    """Close every class of a term that lacks nothing."""
    access.require_closing(request.actor)
    if not request.actor.controls:
        invisible()
    year, _years = year_for(request.actor, request.POST.get("year", ""))
    asked, terms = request.POST.get("term"), terms_of_year(year) if year else []
    term = next((one for one in terms if str(one.code) == asked), None)
    if year is None or term is None:
        messages.error(request, _("Такого периода нет: обновите страницу."))
        return redirect("control:closing")
    done = verbs.close_ready(request.actor, year, term, at=request.now)
    for title, sentence in done.refused:
        messages.error(request, f"{title}: {sentence}")
    if done.closed:
        text = ngettext("Закрыт %(n)d класс: %(titles)s.", "Закрыто классов: %(n)d — %(titles)s.", len(done.closed))
        messages.success(request, text % {"n": len(done.closed), "titles": ", ".join(done.closed)})
    elif not done.refused:
        messages.info(request, _("Готовых классов нет: сначала нужно заполнить пробелы."))
    return redirect(_address(year, term))


@require_GET
def closing_class(request: SchoolRequest, code: UUID, term: UUID) -> HttpResponse:
    """Show one class in a term with every gap a link."""
    school_class, of = access.class_in_term_for(request.actor, code, term)
    return _page(request, school_class, of)


@require_POST
def close_period(request: SchoolRequest, code: UUID, term: UUID) -> HttpResponse:
    """Close the registers of a class for a term; a refusal lists what is missing."""
    school_class, of = access.class_to_close_for(request.actor, code, term)
    try:
        verbs.close_period(request.actor, school_class, of, at=request.now)
    except Refused as refusal:
        return _page(request, school_class, of, error=refusal.verdict)
    messages.success(
        request, _("%(title)s, %(term)s: период закрыт.") % {"title": school_class.title, "term": of.title}
    )
    return redirect("control:closing_class", code=code, term=term)


@require_POST
def reopen_period(request: SchoolRequest, code: UUID, term: UUID) -> HttpResponse:
    """Open a closed term of a class again by an order; a refusal keeps what was typed."""
    school_class, of = access.class_to_reopen_for(request.actor, code, term)
    reason, order = request.POST.get("reason", ""), request.POST.get("order", "")
    try:
        verbs.reopen_period(request.actor, school_class, of, reason=reason, order=order, at=request.now)
    except Refused as refusal:
        return _page(request, school_class, of, error=refusal.verdict)
    messages.success(request, _("Период снова открыт. Приказ и причина остались в истории."))
    return redirect("control:closing_class", code=code, term=term)


def _page(
    request: SchoolRequest, school_class: SchoolClass, term: Term, *, error: Verdict | None = None
) -> HttpResponse:
    context = {
        "page": class_readiness(request.actor, school_class, term),
        "back": _address(school_class.year, term),
        "may_close": request.actor.controls,
        "may_reopen": may_reopen(request.actor.roles, policy=request.actor.policy),
        "error": error,
        "reason": request.POST.get("reason", ""),
        "order": request.POST.get("order", ""),
    }
    return render(request, "control/closing_class.html", context, status=200 if error is None else 409)


def _is_asked(row: ClassReadiness, only: str) -> bool:
    held = {"gaps": row.closing is None and bool(row.gaps), "ready": row.is_ready, "closed": row.closing is not None}
    return held.get(only, True)


def _chosen(request: SchoolRequest, terms: list[Term]) -> Term | None:
    """Return the asked term, else the latest that is over, else the first."""
    asked = next((one for one in terms if str(one.code) == request.GET.get("term")), None)
    over = [one for one in terms if one.ends_on <= request.today]
    return asked or max(over, key=lambda one: (one.ends_on, -one.grade_from), default=terms[0] if terms else None)


def _address(year: AcademicYear, term: Term) -> str:
    return f"{reverse('control:closing')}?year={year.starts_on.year}&term={term.code}"
