"""«Выполнение программы»: plan and fact of the school, of a class, of a teacher."""

import csv
import io
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from letopis.people.access import invisible
from letopis.people.middleware import SchoolRequest
from letopis.register.queries.programme import (
    CLASS,
    COURSE,
    LAGS,
    NO_PLAN,
    NO_ROOM,
    SUBJECT,
    TEACHER,
    Programme,
    ProgrammeFilters,
    programme,
)

PER_PAGE = 100
BY = (COURSE, CLASS, SUBJECT, TEACHER)
ONLY = (LAGS, NO_PLAN, NO_ROOM)


@require_GET
def programme_page(request: SchoolRequest) -> HttpResponse:
    """Show plan and fact on a day (?on=); the choices are kept in the address, ?format=csv sends a table."""
    actor, get = request.actor, request.GET
    if actor.employee_id is None:
        invisible()
    by, only = get.get("by", COURSE), get.get("only", "")
    filters = ProgrammeFilters(
        school_class=get.get("class", "").strip(),
        subject=get.get("subject", "").strip(),
        teacher=get.get("teacher", "").strip(),
        only=only if only in ONLY else "",
        by=by if by in BY else COURSE,
    )
    found = programme(actor, year_code=get.get("year", ""), on=_day(get.get("on", "")), filters=filters)
    if not found.subjects and actor.roles and not actor.controls:
        invisible()
    if get.get("format") == "csv":
        return _table(found)
    page = Paginator(found.lines, PER_PAGE).get_page(get.get("page"))
    context = {
        "found": found,
        "filters": filters,
        "page": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "is_filtered": bool(filters.school_class or filters.subject or filters.teacher or filters.only),
        "link_name": {CLASS: "class", SUBJECT: "subject", TEACHER: "teacher"}.get(filters.by, ""),
    }
    return render(request, "register/programme.html", context)


def _table(found: Programme) -> HttpResponse:
    """Return the rows for a spreadsheet: UTF-8 with its mark and semicolons, as a Russian Excel opens."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow([
        _("Класс, группа"), _("Предмет"), _("Учитель"), _("Часов в плане на год"), _("По плану на день"),
        _("Дано по плану"),
        _("Отставание, ч"), _("Тем по плану"), _("Тем дано"), _("Не помещается, ч"), _("Уроков проведено"),
        _("Уроков по учебному плану"),
    ])  # fmt: skip
    for line in found.lines:
        of = line.figures
        cells = [_plain(line.title), _plain(line.subject), _plain(line.teachers)]
        counts = [
            of.in_year, of.planned, of.given, of.lag, of.topics_planned, of.topics_given, of.over, of.held,
            of.wanted_lessons,
        ]  # fmt: skip
        writer.writerow([*cells, *counts])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    name = _("Выполнение программы на %(day)s.csv") % {"day": found.on.isoformat()}
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _plain(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
