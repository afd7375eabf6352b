"""How much was missed: pages, print and download; and lessons whose attendance nobody took."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from letopis.core.printer import PrintJob
from letopis.core.spreadsheets import CSV, XLSX, spreadsheet_response
from letopis.core.web import read_code
from letopis.people.access import invisible
from letopis.people.middleware import SchoolRequest
from letopis.register.access.classes import OpenAbsences, absences_for, led_classes, pupil_absences_for
from letopis.register.prints.absences import heads_of, missed_print, rows_of, totals_print
from letopis.register.queries.absence_cells import counts_of, days_by_pupil, days_of_pupil
from letopis.register.queries.absence_periods import Period, period_of
from letopis.register.queries.absence_totals import CLASS, PUPIL, WAYS, subjects_of, totals_of
from letopis.register.queries.attendance_gaps import attendance_gaps
from letopis.register.views.prints import pdf_response
from letopis.rules.names import short_name
from letopis.schooling.models import Subject
from letopis.schooling.queries.classes import leader_of

FORM = ("register", "absences")


@require_GET
def totals(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Show what the class missed by pupil, subject or day (?by=, ?period= or ?from=&to=, ?subject=)."""
    opened = absences_for(request.actor, code)
    context = _totals(request, opened) | {"tab": "totals", "counts": counts_of(opened)}
    return render(request, "register/absence_totals.html", context)


@require_safe
def totals_pdf(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Send the same table as PDF."""
    opened = absences_for(request.actor, code)
    found = _totals(request, opened)
    data = totals_print(
        found["totals"],
        by=found["by"],
        organisation=request.actor.organisation.full_name,
        of_whom=f"{opened.school_class.title} класс",
        period=_russian(found["period"], opened),
        subject=found["subject"].name if found["subject"] else "",
        signed_by=_leader(opened),
        printed_on=request.today,
    )
    name = f"Посещаемость {opened.school_class.title} {_file(found['period'])}"
    return _pdf(request, opened, data, name=name)


@require_safe
def totals_file(request: SchoolRequest, code: UUID, kind: str) -> HttpResponse:
    """Send the same table as XLSX or CSV."""
    opened = absences_for(request.actor, code)
    if kind not in (XLSX, CSV):
        invisible()
    found = _totals(request, opened)
    name = f"Посещаемость {opened.school_class.title} {_file(found['period'])}"
    return spreadsheet_response(name, heads_of(found["by"]), rows_of(found["totals"]), kind=kind)


@require_safe
def missed_pdf(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Send the missed lessons with their topics as PDF: of the class, or of one pupil (?pupil=)."""
    wanted = read_code(request.GET.get("pupil", ""))
    opened, pupil = (
        pupil_absences_for(request.actor, code, wanted) if wanted else (absences_for(request.actor, code), None)
    )
    period = _period(request, opened)
    if pupil:
        days = days_of_pupil(opened, pupil, first=period.first, last=period.last, policy=opened.actor.policy)
        pupils = [(pupil.person.full_name, days)]
    else:
        pupils = days_by_pupil(opened, first=period.first, last=period.last, policy=opened.actor.policy)
    data = missed_print(
        pupils,
        organisation=request.actor.organisation.full_name,
        of_whom=f"{opened.school_class.title} класс",
        period=_russian(period, opened),
        signed_by=_leader(opened),
        printed_on=request.today,
        policy=opened.actor.policy,
    )
    whose = pupil.person.short_name if pupil else opened.school_class.title
    return _pdf(request, opened, data, name=f"Пропущенные темы {whose} {_file(period)}")


@require_GET
def school(request: SchoolRequest) -> HttpResponse:
    """Show director and deputies what every class missed (?period= or ?from=&to=), and what has no reason."""
    if not request.actor.controls:
        invisible()
    classes = led_classes(request.actor)
    if not classes:
        return render(request, "register/absence_school.html", {"classes": []})
    period = period_of(classes[0].year, grade=None, asked=request.GET.dict(), today=request.today)
    found = totals_of(classes, by=CLASS, first=period.first, last=period.last, policies=request.actor.policies)
    if request.GET.get("file") in (XLSX, CSV):
        name = f"Посещаемость школы {_file(period)}"
        return spreadsheet_response(name, heads_of(CLASS), rows_of(found), kind=request.GET["file"])
    context = {"classes": classes, "period": period, "totals": found, "policy": request.actor.policy}
    return render(request, "register/absence_school.html", context)


@require_GET
def gaps(request: SchoolRequest) -> HttpResponse:
    """Show lessons without attendance: of the class of a class teacher, of the school to a controller (?class=)."""
    classes = led_classes(request.actor)
    if not classes:
        invisible()
    wanted = read_code(request.GET.get("class", ""))
    chosen = next((one for one in classes if one.code == wanted), None)
    if chosen is None and not request.actor.controls:
        chosen = classes[0]
    year = classes[0].year
    period = period_of(year, grade=chosen.grade if chosen else None, asked=request.GET.dict(), today=request.today)
    found = attendance_gaps(
        year=year.pk,
        school_class=chosen,
        first=period.first,
        last=min(period.last, request.today),
        teacher=request.GET.get("teacher", ""),
    )
    context = {
        "classes": classes,
        "chosen": chosen,
        "period": period,
        "gaps": found,
        "teacher": request.GET.get("teacher", ""),
    }
    return render(request, "register/attendance_gaps.html", context)


def _totals(request: SchoolRequest, opened: OpenAbsences) -> dict[str, Any]:
    period = _period(request, opened)
    by = request.GET.get("by", PUPIL)
    by = by if by in WAYS else PUPIL
    subjects = subjects_of([opened.school_class])
    wanted = read_code(request.GET.get("subject", ""))
    subject: Subject | None = next((one for one in subjects if one.code == wanted), None)
    return {
        "opened": opened,
        "period": period,
        "by": by,
        "ways": [("pupil", _("По обучающимся")), ("subject", _("По предметам")), ("day", _("По дням"))],
        "subjects": subjects,
        "subject": subject,
        "policy": opened.actor.policy,
        "totals": totals_of(
            [opened.school_class],
            by=by,
            first=period.first,
            last=period.last,
            subject=subject.code if subject else None,
            policies=opened.actor.policies,
        ),
    }


def _period(request: SchoolRequest, opened: OpenAbsences) -> Period:
    return period_of(opened.year, grade=opened.school_class.grade, asked=request.GET.dict(), today=request.today)


def _leader(opened: OpenAbsences) -> str:
    name = leader_of(opened.school_class, opened.last_day)
    return short_name(*name.split(maxsplit=2)) if name else ""


def _russian(period: Period, opened: OpenAbsences) -> str:
    """Return the period for paper: official sheets are Russian whatever the reader's language."""
    chosen = period.chosen
    days = f"{chosen.first:%d.%m.%Y} – {chosen.last:%d.%m.%Y}"
    return f"{chosen.title} {opened.year.label} ({days})" if chosen.key.startswith("term") else days


def _file(period: Period) -> str:
    return f"{period.first:%d.%m.%Y}-{period.last:%d.%m.%Y}"


def _pdf(request: SchoolRequest, opened: OpenAbsences, data: dict[str, Any], *, name: str) -> HttpResponse:
    edition = (*FORM, min(request.today, opened.year.ends_on))
    job = PrintJob(edition, data, issued_on=request.today)
    return pdf_response(request, job, name=name, back=("register:absence_totals", opened.school_class.code))
