"""Statements and registers of classes as PDF."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from letopis.attestation.access import OpenClass, class_for
from letopis.attestation.prints import consolidated_statement, year_results_of
from letopis.core.printer import PrintJob
from letopis.people.access import forbid
from letopis.register.prints import class_register
from letopis.register.queries.term_marks import terms_of
from letopis.register.views.prints import file_period, pdf_response
from letopis.schooling.models import Term


@require_safe
def statement_pdf(request: HttpRequest, code: UUID) -> HttpResponse:
    """Send the statement of a class as PDF, for the year or for a term (?term=2)."""
    opened = class_for(request.actor, code)  # type: ignore[attr-defined]
    school_class, today = opened.school_class, opened.actor.today
    term = _term(request, opened)
    data = consolidated_statement(
        school_class, on=today, term=term, policy=opened.actor.policy_of_period(school_class.year.ends_on)
    )
    name = f"Сводная ведомость {school_class.title} {file_period(school_class.year.label, term.title if term else '')}"
    edition = ("attestation", "consolidated_statement", min(today, school_class.year.ends_on))
    job = PrintJob(edition, data, issued_on=today)
    return pdf_response(request, job, name=name, back=("attestation:statement", code))


@require_safe
def class_register_pdf(request: HttpRequest, code: UUID) -> HttpResponse:
    """Send the register of a class as PDF, with all its courses, for the year or for a term (?term=2)."""
    opened = class_for(request.actor, code)  # type: ignore[attr-defined]
    if not opened.may_print_register:
        forbid("Журнал класса печатают классный руководитель, администрация и ответственный за архив.")
    school_class, today = opened.school_class, opened.actor.today
    term = _term(request, opened)
    data = class_register(
        school_class, on=today, term=term, year_results=year_results_of(school_class), policies=opened.actor.policies
    )
    name = f"Журнал {school_class.title} {file_period(school_class.year.label, term.title if term else '')}"
    edition = ("register", "class_register", min(today, school_class.year.ends_on))
    job = PrintJob(edition, data, issued_on=today)
    return pdf_response(request, job, name=name, back=("attestation:statement", code))


def _term(request: HttpRequest, opened: OpenClass) -> Term | None:
    """Return the term named in the address; none means the year."""
    wanted = request.GET.get("term")
    terms = terms_of(year_id=opened.school_class.year_id, grade=opened.school_class.grade) if wanted else []
    return next((term for term in terms if str(term.number) == wanted), None)
