"""The report of events: who entered or changed what in a period (REP-B011)."""

from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from letopis.control.access.ledger import require_reader_of_ledger, sees_values
from letopis.control.queries.events import EXPORTED, KINDS, LONGEST, Filters, all_events
from letopis.control.queries.events import events as events_of
from letopis.core.spreadsheets import CSV, spreadsheet_response
from letopis.people.middleware import SchoolRequest
from letopis.rules.dates import parse_day

WEEK = timedelta(days=6)


@require_GET
def events(request: SchoolRequest) -> HttpResponse:
    """List the events of a week, or of the asked period; with `export=csv` give them as a file."""
    require_reader_of_ledger(request.actor)
    filters, with_values = _filters(request), sees_values(request.actor)
    if request.GET.get("export") == CSV:
        return _file(request, filters, with_values=with_values)
    found = events_of(request.actor.organisation, filters, with_values=with_values)
    query = _query(filters)
    context = {
        "filters": filters,
        "found": found,
        "with_values": with_values,
        "query": query,
        "export": f"?{query}&export={CSV}",
        "before": f"?{query}&page={filters.page - 1}" if filters.page > 1 else "",
        "after": f"?{query}&page={filters.page + 1}" if filters.page < found.pages else "",
        "most": EXPORTED,
    }
    return render(request, "control/events.html", context)


def _filters(request: SchoolRequest) -> Filters:
    asked = request.GET
    last = parse_day(asked.get("last", "")) or request.today
    first = min(parse_day(asked.get("first", "")) or last - WEEK, last)
    kind, page, number = asked.get("kind", ""), asked.get("page", ""), asked.get("number", "").strip()
    return Filters(
        first=max(first, last - LONGEST),
        last=last,
        actor=asked.get("actor", ""),
        verb=asked.get("verb", ""),
        kind=kind if kind in KINDS else "",
        number=number if number.isdecimal() and kind in KINDS else "",
        page=int(page) if page.isdecimal() and 0 < len(page) < 7 and int(page) else 1,
    )


def _query(filters: Filters) -> str:
    """Return the filters as they stand in the address, without the page."""
    words = {
        "first": filters.first.isoformat(), "last": filters.last.isoformat(), "actor": filters.actor,
        "verb": filters.verb, "kind": filters.kind, "number": filters.number,
    }  # fmt: skip
    return urlencode({name: value for name, value in words.items() if value})


def _file(request: SchoolRequest, filters: Filters, *, with_values: bool) -> HttpResponse:
    heads = [_("Когда"), _("Кто"), _("Действие"), _("Что"), _("Обозначение")]
    heads += [_("Изменение"), _("Причина")] if with_values else []
    rows = []
    for one in all_events(request.actor.organisation, filters, with_values=with_values):
        row = [f"{localtime(one.at):%d.%m.%Y %H:%M:%S}", one.who, one.title, one.kind, one.object]
        rows.append([*row, one.what, one.reason] if with_values else row)
    name = f"events-{filters.first:%Y-%m-%d}-{filters.last:%Y-%m-%d}"
    return spreadsheet_response(name, heads, rows, kind=CSV)
