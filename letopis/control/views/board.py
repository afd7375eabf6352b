"""The deputy's board, its lists, and a teacher's own duties."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from letopis.control import access
from letopis.control.queries.board.board import BY, board
from letopis.control.queries.board.duty_list import lines, listed, table
from letopis.control.queries.board.filters import (
    NOT_DONE,
    Filters,
    Names,
    names_of,
    read_filters,
    term_key,
    terms_of,
    year_for,
)
from letopis.core.spreadsheets import CSV, XLSX, spreadsheet_response
from letopis.people.access import invisible
from letopis.people.middleware import SchoolRequest
from letopis.register.queries.duty_words import KIND_WORDS, STATE_WORDS
from letopis.rules.obligations import LATE, LESSON

PER_PAGE = 100


@require_GET
def board_page(request: SchoolRequest) -> HttpResponse:
    """Show the map of duties, or sums of them; every choice is kept in the address."""
    access.require_control(request.actor)
    asked = _asked(request, request.GET)
    if asked is None:
        return render(request, "control/board.html", {"shown": None})
    filters, names, context = asked
    by = request.GET.get("by", "")
    shown = board(filters, names, view=request.GET.get("view", ""), by=by if by in BY else "", now=request.now)
    return render(request, "control/board.html", {**context, "shown": shown, "by": shown.by})


@require_GET
def duties(request: SchoolRequest) -> HttpResponse:
    """List duties of the school, the most urgent first; ?format=xlsx or csv sends all of them as a table."""
    access.require_control(request.actor)
    asked = _asked(request, request.GET)
    if asked is None:
        return redirect("control:board")
    return _list(request, *asked, title=_("Обязанности"), is_own=False)


@require_GET
def my_duties(request: SchoolRequest) -> HttpResponse:
    """List the duties of the one who asks: of his lessons, his pages, and the class he leads."""
    if request.actor.employee_id is None:
        invisible()
    given = request.GET.copy()
    given.setdefault("state", NOT_DONE)
    asked = _asked(request, given, own=request.actor.employee_id)
    if asked is None:
        return redirect("control:my_day")
    return _list(request, *asked, title=_("Мои сроки"), is_own=True)


@require_GET
def unfilled(request: SchoolRequest) -> HttpResponse:
    """Lead an old address to the list that took its place."""
    access.require_control(request.actor)
    query = QueryDict(mutable=True)
    query.update({"kind": LESSON, "state": LATE})
    for name in ("first", "last", "teacher", "class"):
        if value := request.GET.get(name):
            query[name] = value
    return redirect(f"{reverse('control:duties')}?{query.urlencode()}")


def _list(
    request: SchoolRequest, filters: Filters, names: Names, context: dict[str, Any], *, title: str, is_own: bool
) -> HttpResponse:
    found = listed(filters, view=request.GET.get("view", ""), now=request.now)
    kind = request.GET.get("format", "")
    if kind in (CSV, XLSX):
        name = f"{title} {filters.first.isoformat()} {filters.last.isoformat()}"
        return spreadsheet_response(name, *table(found, names, today=request.today), kind=kind)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "control/duties.html",
        {
            **context,
            "title": title,
            "is_own": is_own,
            "page": page,
            "page_range": page.paginator.get_elided_page_range(page.number),
            "lines": lines(page.object_list, names, today=request.today),
        },
    )


def _asked(
    request: SchoolRequest, given: Mapping[str, str], *, own: int | None = None
) -> tuple[Filters, Names, dict[str, Any]] | None:
    """Return filters, names and what both pages show of them; None for a school without a year."""
    year, years = year_for(request.actor, given.get("year", ""))
    if year is None:
        return None
    names, terms = names_of(year), terms_of(year)
    filters = read_filters(request.actor, given, names=names, year=year, terms=terms, own=own)
    context = {
        "filters": filters,
        "year": year,
        "years": years,
        "kept": [(name, given[name]) for name in ("view", "by") if given.get(name)],
        "terms": [(term_key(term), term.title) for term in terms],
        "names": names,
        "kinds": KIND_WORDS.items(),
        "states": [(NOT_DONE, _("всё, что не сделано")), *STATE_WORDS.items()],
        "chosen": {
            "class": names.classes[filters.school_class] if filters.school_class else None,
            "subject": names.subjects[filters.subject] if filters.subject else None,
            "teacher": names.teachers[filters.teacher] if filters.teacher else None,
        },
    }
    return filters, names, context
