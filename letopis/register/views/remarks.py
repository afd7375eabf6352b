"""Remarks of control: the list, one remark with its verbs, a new one; the page «Проверка» of a course."""

import csv
from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from letopis.core.errors import Refused
from letopis.core.printer import PrintJob
from letopis.core.web import safe_next
from letopis.people.middleware import SchoolRequest
from letopis.register import access
from letopis.register.access.remarks import OpenRemark, page_for, remark_for, require_control
from letopis.register.actions import remarks as verbs
from letopis.register.models import Remark
from letopis.register.prints.remarks import CAPTIONS, cells, course_title, remarks_sheet
from letopis.register.queries.remarks import (
    ALL,
    AUTOMATIC,
    OVERDUE,
    OWN,
    STAND,
    Filters,
    control_of,
    line_of,
    remark_list,
    reviews_of,
    steps_of,
)
from letopis.register.views.prints import pdf_response
from letopis.rules import remarks as rules
from letopis.rules.dates import parse_day
from letopis.rules.russian import short_date

PER_PAGE = 50
CONTROL = ("confirm", "return", "withdraw", "term")
"""What the control does to a remark; the teacher answers."""


def read_filters(request: SchoolRequest) -> Filters:
    """Return what the address asks for."""
    asked = request.GET
    state = asked.get("state", STAND)
    return Filters(
        state=state if state in (ALL, OVERDUE, *Remark.State.values) else STAND,
        teacher=asked.get("teacher", "")[:36],
        school_class=asked.get("class", "")[:60],
        subject=asked.get("subject", "")[:36],
        words=asked.get("q", "")[:100],
        made=asked.get("made", "") if asked.get("made") in (OWN, AUTOMATIC) else "",
        first=parse_day(asked.get("first", "")),
        last=parse_day(asked.get("last", "")),
    )


@require_GET
def remarks(request: SchoolRequest) -> HttpResponse:
    """List remarks: all of the school to the control, to an employee those he removes."""
    filters = read_filters(request)
    found = remark_list(request.actor, filters)
    pages = Paginator(found.lines, PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "found": found,
        "is_filtered": replace(filters, state=STAND) != Filters(),
        "page": page,
        "page_range": pages.get_elided_page_range(page.number),
        "states": [(STAND, _("ждут")), (OVERDUE, _("просрочены")), *Remark.State.choices, (ALL, _("все"))],
        "made": [("", _("все")), (OWN, _("сделаны человеком")), (AUTOMATIC, _("автоматические"))],
        "query": request.GET.urlencode(),
    }
    return render(request, "register/remarks.html", context)


@require_safe
def remarks_csv(request: SchoolRequest) -> HttpResponse:
    """Send the list as it is narrowed, as a table that a spreadsheet opens."""
    lines = remark_list(request.actor, read_filters(request)).lines
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = (
        content_disposition_header(True, f"Замечания {short_date(request.today)}.csv") or ""
    )
    response.write("\ufeff")
    writer = csv.writer(response, delimiter=";")
    writer.writerow(CAPTIONS)
    for line in lines:
        writer.writerow([_safe(text) for text in cells(line)])
    return response


@require_safe
def remarks_pdf(request: SchoolRequest) -> HttpResponse:
    """Send the sheet «Замечания по ведению журнала»: of what the list is narrowed to, with the reviews of its days."""
    actor, filters = request.actor, read_filters(request)
    require_control(actor)
    lines = remark_list(actor, filters).lines
    made = [localdate(line.remark.made_at) for line in lines]
    first, last = filters.first or min(made, default=request.today), filters.last or request.today
    reviews = reviews_of(actor.organisation, first=first, last=last, class_title=filters.school_class)
    data = remarks_sheet(
        actor.organisation, lines, reviews, title=filters.school_class, first=first, last=last, on=request.today
    )
    job = PrintJob(("register", "remarks_sheet", request.today), data, issued_on=request.today)
    name = _("Замечания по ведению журнала %(day)s") % {"day": short_date(request.today)}
    return pdf_response(request, job, name=name, back=("register:remarks",))


@require_http_methods(["GET", "POST"])
def new_remark(request: SchoolRequest) -> HttpResponse:
    """Put a remark to a course, a lesson, a cell or a class (?course=, ?lesson=, &pupil=, ?class=)."""
    asked = request.POST if request.method == "POST" else request.GET
    page = page_for(request.actor, asked)
    due = parse_day(asked.get("due", "")) or rules.due_on(put_on=request.today, policy=request.actor.policy)
    chosen = asked.get("teacher", "")
    teacher = next(
        (one for one in page.teachers if str(one.code) == chosen), page.teachers[0] if page.teachers else None
    )
    error = ""
    if request.method == "POST":
        try:
            row = verbs.put_remark(
                page, teacher=teacher, text=asked.get("text", ""), due_on=due, today=request.today, at=request.now
            )
        except Refused as refusal:
            error = refusal.verdict.sentence
        else:
            messages.success(request, _("Замечание сделано: учитель увидит его в напоминаниях."))
            return redirect(safe_next(request) or reverse("register:remark", args=[row.code]))
    context = {
        "page": page,
        "due": due,
        "teacher": teacher,
        "text": asked.get("text", ""),
        "error": error,
        "next": safe_next(request),
    }
    return render(request, "register/new_remark.html", context, status=422 if error else 200)


@require_http_methods(["GET", "POST"])
def remark(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Show a remark with its history; POST `do` is one of answer, confirm, return, withdraw, term."""
    opened = remark_for(request.actor, code)
    if request.method == "POST":
        wanted = request.POST.get("do", "")
        if wanted in CONTROL:
            require_control(request.actor)
        try:
            said = _do(request, opened, wanted)
        except Refused as refusal:
            messages.error(request, refusal.verdict.sentence)
        else:
            messages.success(request, said)
        return redirect(safe_next(request) or reverse("register:remark", args=[code]))
    row = opened.remark
    context = {
        "opened": opened,
        "line": line_of(opened),
        "steps": steps_of(row),
        "due": max(row.due_on, rules.due_on(put_on=request.today, policy=request.actor.policy)),
        "may_answer": rules.may_answer(
            is_his=opened.is_his, state=row.state, is_automatic=bool(row.duty), answer=""
        ).allowed,
        "stands": row.state in rules.STANDING,
    }
    return render(request, "register/remark.html", context)


@require_http_methods(["GET", "POST"])
def review(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Show who looked a course through and what was remarked; the control puts «Журнал проверен»."""
    opened = access.course_for(request.actor, code)
    if request.method == "POST":
        require_control(request.actor)
        try:
            verbs.review_page(opened, note=request.POST.get("note", ""), today=request.today, at=request.now)
        except Refused as refusal:
            messages.error(request, refusal.verdict.sentence)
        else:
            messages.success(request, _("Записано: журнал проверен."))
        return redirect("register:review", code)
    context = {"opened": opened, "control": control_of(request.actor, opened.course)}
    return render(request, "register/review.html", context)


@require_safe
def review_pdf(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Send «Замечания по ведению журнала» of a course, to be filed with its register (?first=, ?last=)."""
    opened = access.course_for(request.actor, code)
    first = parse_day(request.GET.get("first", "")) or opened.course.year.starts_on
    last = parse_day(request.GET.get("last", "")) or min(request.today, opened.course.year.ends_on)
    control = control_of(request.actor, opened.course, first=first, last=last)
    title = course_title(opened.course)
    data = remarks_sheet(
        request.actor.organisation, control.lines, control.reviews,
        title=title, first=first, last=last, on=request.today,
    )  # fmt: skip
    job = PrintJob(("register", "remarks_sheet", request.today), data, issued_on=request.today)
    name = _("Замечания по ведению журнала %(title)s") % {"title": title}
    return pdf_response(request, job, name=name, back=("register:review", code))


def _do(request: SchoolRequest, opened: OpenRemark, wanted: str) -> str:
    """Carry out a verb and return what to say."""
    asked, today, at = request.POST, request.today, request.now
    due = parse_day(asked.get("due", "")) or opened.remark.due_on
    match wanted:
        case "confirm":
            verbs.confirm_remark(opened, at=at)
            return _("Устранение подтверждено.")
        case "return":
            verbs.return_remark(opened, note=asked.get("note", ""), due_on=due, today=today, at=at)
            return _("Замечание возвращено учителю.")
        case "withdraw":
            verbs.withdraw_remark(opened, reason=asked.get("reason", ""), at=at)
            return _("Замечание отозвано.")
        case "term":
            verbs.change_term(opened, due_on=due, today=today, at=at)
            return _("Срок изменён.")
    verbs.answer_remark(opened, answer=asked.get("answer", ""), at=at)
    return _("Отмечено: замечание устранено. Теперь его проверит администрация.")


def _safe(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text
