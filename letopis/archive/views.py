"""Pages of the archive: the packages of a year, and one package."""

import uuid

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from letopis.archive import access, actions, queries, year_actions
from letopis.archive.carrying import folder_name, zip_of
from letopis.archive.contents import read_object
from letopis.archive.models import Package
from letopis.core.errors import Refused
from letopis.people.middleware import SchoolRequest
from letopis.schooling.models import AcademicYear


@require_GET
def packages(request: SchoolRequest) -> HttpResponse:
    """Show which units of a year are built; the answer to htmx is what changes while a build runs."""
    years = access.years_of(request.actor)
    year = _chosen(years, request.GET.get("year", ""))
    opened = access.OpenYear(request.actor, year) if year else None
    context = {"years": years, "opened": opened, "page": queries.archive_page(year) if year else None}
    template = "archive/packages.html"
    return render(request, f"{template}#live" if request.htmx else template, context)


@require_POST
def build(request: SchoolRequest, code: uuid.UUID) -> HttpResponse:
    """Start the job that builds the packages of a year, or of one class; a second press starts nothing."""
    opened = access.year_to_build_for(request.actor, code)
    chosen = request.POST.get("class", "")
    school_class = access.class_to_build_for(opened, chosen) if chosen else None
    try:
        year_actions.start_build(request.actor, opened.year, school_class=school_class)
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    else:
        messages.success(request, _("Сборка началась. Страницу можно закрыть: работа продолжится."))
    return _to_year(opened.year)


@require_POST
def verify_year(request: SchoolRequest, code: uuid.UUID) -> HttpResponse:
    """Start the job that verifies every package of a year; a second press starts nothing."""
    opened = access.year_for(request.actor, code)
    if not queries.archive_page(opened.year).packages:
        messages.info(request, _("Проверять нечего: пакеты этого года ещё не собраны."))
        return _to_year(opened.year)
    try:
        year_actions.start_verification(request.actor, opened.year)
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    else:
        messages.success(request, _("Проверка началась. Страницу можно закрыть: работа продолжится."))
    return _to_year(opened.year)


@require_POST
def archive(request: SchoolRequest, code: uuid.UUID) -> HttpResponse:
    """Set a year archived."""
    opened = access.year_to_build_for(request.actor, code)
    try:
        year_actions.archive_year(opened, reason=request.POST.get("reason", ""), at=request.now)
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    else:
        messages.success(request, _("%(year)s учебный год передан в архив.") % {"year": opened.year.label})
    return _to_year(opened.year)


@require_GET
def package(request: SchoolRequest, code: uuid.UUID) -> HttpResponse:
    """Show a package: versions, files, digest, the last check and how to check by hand."""
    found = access.package_for(request.actor, code)
    return render(request, "archive/package.html", {"page": queries.package_page(found)})


@require_POST
def verify(request: SchoolRequest, code: uuid.UUID) -> HttpResponse:
    """Verify a package and record the result; problems are named on its page."""
    found = access.package_for(request.actor, code)
    check = actions.verify_package(found, by=request.actor.author, at=request.now)
    if check.is_sound:
        messages.success(request, _("Пакет цел: все файлы на месте и не изменены."))
    else:
        messages.error(request, _("Целостность нарушена. Что именно — названо ниже."))
    return redirect("archive:package", code=found.code)


@require_GET
def download(request: SchoolRequest, code: uuid.UUID) -> HttpResponseBase:
    """Give the newest version as one file. A damaged package is not given out; looking at it records nothing."""
    found = access.package_for(request.actor, code)
    if not actions.is_whole(found):
        messages.error(
            request, _("Пакет повреждён, поэтому не выдаётся. Проверьте целостность: проверка назовёт причину.")
        )
        return redirect("archive:package", code=found.code)
    return _as_file(found)


def _as_file(found: Package) -> StreamingHttpResponse:
    stored = read_object(queries.package_path(found))
    response = StreamingHttpResponse(zip_of(stored), content_type="application/zip")
    # The name is ASCII: an object id and a version.
    response["Content-Disposition"] = f'attachment; filename="{folder_name(stored)}.zip"'
    return response


def _chosen(years: list[AcademicYear], label: str) -> AcademicYear | None:
    """Return the year that was asked for, else the newest that has ended, else the newest."""
    by_label = {year.label: year for year in years}
    over = [year for year in years if year.state != AcademicYear.State.OPEN]
    return by_label.get(label) or next(iter(over), next(iter(years), None))


def _to_year(year: AcademicYear) -> HttpResponse:
    return redirect(f"{reverse('archive:packages')}?year={year.label}")
