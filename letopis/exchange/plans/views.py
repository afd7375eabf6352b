"""Thematic plans from a workbook on a page: upload, preview, confirm.

The preview carries the plans themselves, signed, so nothing is kept on the server until it is confirmed.
"""

import io
from dataclasses import astuple
from typing import Any, cast

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from letopis.core.errors import Refused
from letopis.exchange.access import years_to_plan
from letopis.exchange.forms import PlansForm
from letopis.exchange.plans.actions import SAME, compare_plans, import_plans
from letopis.exchange.plans.reading import PlanBook, PlanSheet, read_plans
from letopis.exchange.workbook import BrokenWorkbook
from letopis.people.middleware import SchoolRequest
from letopis.register.actions.plan import Correction
from letopis.rules.plan_changes import LONGEST_REASON, PlanItem
from letopis.schooling.models import AcademicYear

SALT = "letopis.plans"
PREVIEW_SECONDS = 24 * 3600


@require_http_methods(["GET", "POST"])
def plans(request: SchoolRequest) -> HttpResponse:
    """Take a workbook of plans and show what it would change; then change it."""
    years = years_to_plan(request.actor)
    if request.method == "POST" and "plans" in request.POST:
        return _confirm(request, years)
    form = PlansForm(request.POST or None, request.FILES or None, years=years)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            book = read_plans(io.BytesIO(file.read()), policy=request.actor.policy)
        except BrokenWorkbook as broken:
            form.add_error("file", f"{broken.sentence} {broken.mend}")
        else:
            context |= _preview(request, book, year=form.cleaned_data["year"], name=file.name or "")
    status = 409 if form.is_bound and form.errors else 200
    return render(request, "exchange/plans.html", context, status=status)


def _preview(request: SchoolRequest, book: PlanBook, *, year: AcademicYear, name: str) -> dict[str, Any]:
    report = compare_plans(book, year=year, actor=request.actor, correction=_correction(request, ""))
    kept = "" if report.problems else _signed(request, book, year=year, name=name)
    return {"report": report, "year": year, "name": name, "kept": kept, "longest_reason": LONGEST_REASON}


def _confirm(request: SchoolRequest, years: list[AcademicYear]) -> HttpResponse:
    try:
        kept = signing.loads(request.POST["plans"], salt=SALT, max_age=PREVIEW_SECONDS)
    except signing.BadSignature:
        messages.error(request, _("Проверка файла устарела: загрузите его снова."))
        return redirect("exchange:plans")
    year = next((one for one in years if str(one.code) == kept["year"]), None)
    if year is None or kept["user"] != request.actor.user_id:
        messages.error(request, _("Проверка файла устарела: загрузите его снова."))
        return redirect("exchange:plans")
    book, name, typed = _book(kept), kept["name"], request.POST.get("reason", "")
    form = PlansForm(years=years)
    try:
        # A plan that comes in for the first time is explained by its file.
        reason = typed.strip() or _first_reason(request, book, year=year, name=name)
        report = import_plans(book, year=year, actor=request.actor, correction=_correction(request, reason))
    except Refused as refusal:
        context = _preview(request, book, year=year, name=name) | {"form": form, "trouble": refusal.verdict.sentence}
        return render(request, "exchange/plans.html", context, status=409)
    if report.problems:
        context = _preview(request, book, year=year, name=name) | {"form": form}
        return render(request, "exchange/plans.html", context, status=409)
    count = sum(one.state != SAME for one in report.courses)
    done = ngettext("План загружен: %(n)s курс.", "Планы загружены, курсов: %(n)s.", count) % {"n": count}
    messages.success(request, done if count else _("Планы уже такие, как в файле: менять нечего."))
    if len(report.courses) == 1:
        return redirect("register:plan", code=report.courses[0].course.code)
    return redirect("register:programme")


def _first_reason(request: SchoolRequest, book: PlanBook, *, year: AcademicYear, name: str) -> str:
    report = compare_plans(book, year=year, actor=request.actor, correction=_correction(request, ""))
    return "" if report.needs_reason else f"Файл {name}"[:LONGEST_REASON]


def _correction(request: SchoolRequest, reason: str) -> Correction:
    actor = request.actor
    return Correction(by=actor.author, at=request.now, on=request.today, reason=reason, made_by_id=actor.employee_id)


def _signed(request: SchoolRequest, book: PlanBook, *, year: AcademicYear, name: str) -> str:
    sheets = [
        [one.title, one.subject, one.grade, one.letter, [astuple(item) for item in one.items]] for one in book.sheets
    ]
    kept = {"user": request.actor.user_id, "year": str(year.code), "name": name, "sheets": sheets}
    return signing.dumps(kept, salt=SALT, compress=True)


def _book(kept: dict[str, Any]) -> PlanBook:
    sheets = (
        PlanSheet(title, subject, grade, letter, tuple(PlanItem(*cast(Any, item)) for item in items))
        for title, subject, grade, letter, items in kept["sheets"]
    )
    return PlanBook(tuple(sheets), (), ())
