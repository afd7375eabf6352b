"""The forecast and the rating of a class, for who leads it and who controls the school."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from letopis.attestation.access import class_forecast_for
from letopis.attestation.queries.forecast import ClassForecast, ForecastFilter, class_forecast
from letopis.attestation.queries.forecast_cells import ForecastCell
from letopis.core.spreadsheets import CSV, spreadsheet_response
from letopis.people.middleware import SchoolRequest
from letopis.rules.forecast_risks import FEW, NEAR, TWO

TITLES = {
    TWO: gettext_lazy("прогноз «2»"),
    FEW: gettext_lazy("мало отметок"),
    NEAR: gettext_lazy("одна отметка до лучшей"),
}
SIGNS = {TWO: "!", FEW: "…", NEAR: "↑"}
"""What stands beside the mark: a risk is never told by colour alone."""
TONES = {TWO: "late", FEW: "soon", NEAR: "good"}


@require_safe
def forecast(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Show the forecast of a class (?term=2 or year, ?risk=, ?subject=, ?by=average); ?format=csv sends the table."""
    opened = class_forecast_for(request.actor, code)
    only = ForecastFilter.of(request.GET)
    found = class_forecast(opened, term_number=request.GET.get("term"), only=only)
    if found is None:
        raise Http404
    if request.GET.get("format") == CSV:
        return _table(opened.school_class.title, found)
    context = {
        "opened": opened,
        "school_class": opened.school_class,
        "found": found,
        "only": only,
        "is_filtered": bool(only.risk or only.subject),
        "risks": [
            {"code": risk, "title": title, "sign": SIGNS[risk], "tone": TONES[risk], "count": found.counts[risk]}
            for risk, title in TITLES.items()
            # A norm of marks and a next mark are matters of a term; of a year a two is left.
            if risk == TWO or not found.period.is_year
        ],
        "rows": [{"line": line, "cells": [_cell(cell) for cell in line.cells]} for line in found.lines],
        "term_key": str(found.period.term.number) if found.period.term else "year",
    }
    return render(request, "attestation/forecast.html", context)


def _cell(cell: ForecastCell) -> dict[str, object]:
    risks = [risk for risk in TITLES if risk in cell.risks]
    return {
        "cell": cell,
        "marks": "".join(SIGNS[risk] for risk in risks),
        "title": ", ".join(str(TITLES[risk]) for risk in risks),
        "tone": risks[0] if risks else "",
    }


def _table(title: str, found: ClassForecast) -> HttpResponse:
    heads = [_("№"), _("Обучающийся")]
    for subject in found.subjects:
        heads += [subject.name, _("%(subject)s, среднее") % {"subject": subject.name}]
    heads += [_("Средний балл"), _("Место")]
    rows: list[list[str | int]] = []
    for line in found.lines:
        row: list[str | int] = [line.number, line.pupil.name]
        for cell in line.cells:
            row += [cell.sign, cell.shown_mean]
        rows.append([*row, line.shown_average, line.place or ""])
    name = _("Прогноз %(title)s, %(period)s") % {"title": title, "period": found.period.title}
    return spreadsheet_response(name, heads, rows, kind=CSV)
