"""The correction sheet of a thematic plan: on the screen and as PDF."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe

from letopis.core.printer import PrintJob
from letopis.people.middleware import SchoolRequest
from letopis.register.access import course_for
from letopis.register.prints.plan import correction_sheet
from letopis.register.queries.plan_corrections import corrections_of
from letopis.register.views.prints import file_period, pdf_response


@require_GET
def plan_corrections(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Show what was changed in a plan in use, why and by whom."""
    opened = course_for(request.actor, code)
    context = {"opened": opened, "course": opened.course, "corrections": list(corrections_of(opened.course))}
    return render(request, "register/plan_corrections.html", context)


@require_safe
def plan_corrections_pdf(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Send the correction sheet as PDF, with the lines for signatures."""
    opened = course_for(request.actor, code)
    course, today = opened.course, opened.actor.today
    data = correction_sheet(course, on=today)
    name = f"Лист корректировки {course.subject} {course.group} {file_period(course.year.label, '')}"
    job = PrintJob(("register", "plan_corrections", min(today, course.year.ends_on)), data, issued_on=today)
    return pdf_response(request, job, name=name, back=("register:plan_corrections", code))
