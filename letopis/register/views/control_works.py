"""The schedule of control works of the school: the page, its print and table, and placing, moving, withdrawing."""

import csv
import io
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from letopis.archive.units.tables import cell_text
from letopis.core.errors import Refused
from letopis.core.printer import PrinterDied, PrintJob
from letopis.core.typst import TypstFailed
from letopis.core.web import read_code
from letopis.people.access import Actor, invisible
from letopis.people.middleware import SchoolRequest
from letopis.register.access import OpenLesson
from letopis.register.access import homework as access
from letopis.register.actions import control_works as verbs
from letopis.register.prints.control_works import control_schedule
from letopis.register.queries import control_works as queries
from letopis.register.queries.control_works import Schedule, ScheduleFilters
from letopis.register.views.prints import file_period, shared_printer
from letopis.rules.control_works import Excess
from letopis.schooling.models import AcademicYear, Course, Term
from letopis.schooling.queries.years import year_of_day, years_of

WHOLE_YEAR = "year"
FILTERS = ("class", "subject", "kind", "only")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    year: AcademicYear | None
    years: list[AcademicYear]
    terms: list[Term]
    term: Term | None
    """None: the whole year."""
    filters: ScheduleFilters

    @property
    def span(self) -> tuple[date, date]:
        of = self.term or self.year
        assert of is not None  # noqa: S101 (callers leave when there is no year)
        return of.starts_on, of.ends_on

    @property
    def period(self) -> str:
        return self.term.title if self.term else _("учебный год")


@require_safe
def control_works(request: SchoolRequest) -> HttpResponse:
    """Show the schedule of a term (?term=, ?class=, ?subject=, ?kind=, ?only=over)."""
    asked = _asked(request)
    found = _schedule(request, asked) if asked.year else None
    year = asked.year
    context = {
        "asked": asked,
        "found": found,
        "classes": queries.schedule_classes(year) if year else [],
        "subjects": _subjects(year) if year else [],
        "kinds": [one for one in request.actor.policy.work_kinds if one.is_control],
        "is_filtered": any(request.GET.get(name) for name in FILTERS),
        "may_place": year is not None and year.state == AcademicYear.State.OPEN and _may_place(request.actor),
        "policy": request.actor.policy,
    }
    return render(request, "register/control_works.html", context)


@require_safe
def control_works_pdf(request: SchoolRequest) -> HttpResponse:
    """Send the schedule as PDF, with the filters of the page."""
    asked = _asked(request)
    year = asked.year or invisible()
    data = control_schedule(_schedule(request, asked), year=year, term=asked.term, on=request.today)
    job = PrintJob(("register", "control_schedule", request.today), data, issued_on=request.today)
    try:
        document = shared_printer().render(job)
    except (TypstFailed, PrinterDied):
        messages.error(request, _("Документ не напечатан: печать прервалась. Попробуйте ещё раз позже."))
        return redirect(f"{reverse('register:control_works')}?{request.GET.urlencode()}")
    return _file(document, "application/pdf", f"{_name(asked)}.pdf", is_attached=False)


@require_safe
def control_works_csv(request: SchoolRequest) -> HttpResponse:
    """Send the schedule as a table for a spreadsheet, with the filters of the page."""
    asked = _asked(request)
    _year = asked.year or invisible()
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    heads = (_("День"), _("Урок"), _("Класс"), _("Группа"), _("Предмет"), _("Вид"), _("Название"), _("Учитель"))
    writer.writerow([*heads, _("Сверх предела")])
    for work in _schedule(request, asked).works:
        over = " ".join(one.sentence for one in work.excesses)
        row = (f"{work.on:%d.%m.%Y}", work.number, work.class_title, work.group, work.subject, work.kind, work.title)
        writer.writerow([cell_text(value) for value in (*row, work.teacher, over)])
    # The mark at the beginning tells spreadsheets that the text is UTF-8.
    return _file(text.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", f"{_name(asked)}.csv")


@require_http_methods(["GET", "POST"])
def place_control_work(request: SchoolRequest) -> HttpResponse:
    """Choose course (?course=), lesson and kind, and place a work; with ?task= move one to another lesson."""
    asked = request.POST if request.method == "POST" else request.GET
    moved = _moved(request, asked.get("task", ""))
    year = year_of_day(years_of(request.actor.organisation), request.today)
    courses = access.courses_for_control_works(request.actor, year) if year else []
    if moved is None and not courses:
        invisible()
    course = moved[0].opened.course if moved else next((c for c in courses if str(c.code) == asked.get("course")), None)
    error = ""
    if request.method == "POST":
        error = _carry_out(request, moved)
        if not error:
            return redirect(_back(course))
    context = {
        "courses": courses,
        "course": course,
        "moved": moved[1] if moved else None,
        "lessons": _lessons(course, request.actor, moved) if course else [],
        "kinds": [one for one in request.actor.policy.work_kinds if one.is_control],
        "typed": {name: asked.get(name, "") for name in ("lesson", "kind", "title")},
        "error": error,
    }
    return render(request, "register/place_control_work.html", context, status=409 if error else 200)


@require_POST
def withdraw_control_work(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Take a work out of the schedule."""
    opened, task = access.control_work_for(request.actor, code)
    try:
        gone = verbs.withdraw_control_work(opened, task, at=request.now)
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    else:
        messages.success(request, _("Работа снята с графика.") if gone else _("Этой работы в графике уже нет."))
    return redirect(_back(opened.opened.course))


def _carry_out(request: SchoolRequest, moved: tuple[OpenLesson, Any] | None) -> str:
    """Place or move the work; return why not, or an empty text."""
    post = request.POST
    code = read_code(post.get("lesson", ""))
    if code is None:
        return _("Выберите урок.")
    target = access.lesson_for_control_work(request.actor, code)
    try:
        if moved:
            over = verbs.move_control_work(moved[0], moved[1], to=target, at=request.now)
            said = _("Работа перенесена.")
        else:
            kind, title = post.get("kind", ""), post.get("title", "")
            _task, over = verbs.place_control_work(target, kind=kind, title=title, at=request.now)
            said = _("Работа поставлена в график: её видно в журнале и в дневнике.")
    except Refused as refusal:
        return refusal.verdict.sentence
    messages.success(request, said)
    for one in over:
        messages.warning(request, f"{one.sentence} ({one.clause})")
    return ""


def _moved(request: SchoolRequest, text: str) -> tuple[OpenLesson, Any] | None:
    if not text:
        return None
    code = read_code(text)
    return access.control_work_for(request.actor, code) if code else invisible()


def _lessons(
    course: Course, actor: Actor, moved: tuple[OpenLesson, Any] | None
) -> list[tuple[Any, tuple[Excess, ...]]]:
    besides = moved[1] if moved else None
    found = queries.placing_lessons(course, since=actor.today, besides=besides, policies=actor.policies)
    return [(lesson, over) for lesson, over in found if besides is None or lesson.pk != besides.lesson_id]


def _asked(request: SchoolRequest) -> Asked:
    """Return what the address asks for; the schedule is read by the whole staff, and by nobody else (404)."""
    actor, get = request.actor, request.GET
    if not actor.works_here:
        invisible()
    years = years_of(actor.organisation)
    year = next((one for one in years if str(one.starts_on.year) == get.get("year")), None)
    year = year or year_of_day(years, request.today)
    terms = queries.spans_of(year) if year else []
    wanted = get.get("term", "")
    term = next((one for one in terms if str(one.code) == wanted), None)
    if term is None and wanted != WHOLE_YEAR:
        # Of a quarter and a half-year that both hold today, the shorter one.
        running = [one for one in terms if one.starts_on <= request.today <= one.ends_on]
        term = min(running, key=lambda one: one.ends_on - one.starts_on, default=None)
    filters = ScheduleFilters(
        school_class=get.get("class", ""),
        subject=get.get("subject", ""),
        kind=get.get("kind", ""),
        only_over=get.get("only") == "over",
    )
    return Asked(year, years, terms, term, filters)


def _schedule(request: SchoolRequest, asked: Asked) -> Schedule:
    first, last = asked.span
    year = asked.year or invisible()
    return queries.schedule(
        year, first=first, last=last, actor=request.actor, filters=asked.filters, policies=request.actor.policies
    )


def _subjects(year: AcademicYear) -> list[tuple[str, str]]:
    rows = Course.objects.filter(year=year).order_by("subject__sort_key").values_list("subject__code", "subject__name")
    return [(str(code), name) for code, name in dict.fromkeys(rows)]


def _may_place(actor: Actor) -> bool:
    return actor.controls or actor.employee_id is not None


def _name(asked: Asked) -> str:
    label = asked.year.label if asked.year else ""
    return f"{_('График контрольных работ')} {file_period(label, asked.term.title if asked.term else '')}"


def _file(content: bytes, content_type: str, name: str, *, is_attached: bool = True) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(is_attached, name) or "attachment"
    return response


def _back(course: Course | None) -> str:
    group = course.group if course else None
    of_class = {"class": str(group.school_class.code)} if group and group.school_class else {}
    return f"{reverse('register:control_works')}?{urlencode({'term': WHOLE_YEAR} | of_class)}"
