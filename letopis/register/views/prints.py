"""Registers as PDF."""

import atexit
from functools import cache
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from letopis.core.printer import Printer, PrinterDied, PrintJob
from letopis.core.typst import TypstFailed
from letopis.register.access import course_for
from letopis.register.prints import course_register
from letopis.register.prints.groups import group_register
from letopis.register.queries.course_terms import terms_for
from letopis.rules.registers import CLASS, register_of
from letopis.schooling.models import GroupKind


@require_safe
def course_pdf(request: HttpRequest, code: UUID) -> HttpResponse:
    """Send a course, a page of the register, as PDF: for the year, or for a term (?term=2)."""
    opened = course_for(request.actor, code)  # type: ignore[attr-defined]
    course, today = opened.course, opened.actor.today
    wanted = request.GET.get("term")
    term = next((one for one in terms_for(opened) if str(one.number) == wanted), None)
    form, page = ("class_register", course_register)
    if register_of(course.kind).code != CLASS or course.group.kind == GroupKind.INDIVIDUAL:
        form, page = ("group_register", group_register)
    data = page(course, grade=opened.grade, on=today, term=term, policies=opened.actor.policies)
    name = f"Журнал {course.subject} {course.group} {file_period(course.year.label, term.title if term else '')}"
    edition = ("register", form, min(today, course.year.ends_on))
    job = PrintJob(edition, data, issued_on=today)
    return pdf_response(request, job, name=name, back=("register:grid", code))


def file_period(year: str, term: str) -> str:
    """Return «2026-27» or «2026-27, 2 четверть»: a slash cannot stand in a file name."""
    return ", ".join(part for part in (year.replace("/", "-"), term) if part)


def pdf_response(
    request: HttpRequest, job: PrintJob, *, name: str, back: tuple[str, *tuple[UUID, ...]]
) -> HttpResponse:
    """Return the document to be read in the browser, or lead back with the reason when it cannot be printed.

    back: name and arguments of the page to lead back to. What Typst says may quote the data, so it is neither shown
    nor logged.
    """
    try:
        document = shared_printer().render(job)
    except (TypstFailed, PrinterDied):
        messages.error(request, _("Документ не напечатан: печать прервалась. Попробуйте ещё раз позже."))
        return redirect(*back)
    response = HttpResponse(document, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, f"{name}.pdf") or "inline"
    return response


@cache
def shared_printer() -> Printer:
    """Return the printer of this process; its worker starts with the first document and ends with the process."""
    printer = Printer().__enter__()
    atexit.register(printer.__exit__, None, None, None)
    return printer
