"""The import on a page: upload, preview, confirm."""

import hashlib
import io
import uuid

from django.contrib import messages
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from letopis.core import jobs
from letopis.exchange import access, actions, queries
from letopis.exchange.forms import WorkbookForm
from letopis.exchange.jobs import import_workbook
from letopis.exchange.models import ImportRun
from letopis.exchange.reading import read_workbook
from letopis.exchange.workbook import BrokenWorkbook
from letopis.people.middleware import SchoolRequest

RUNS_ON_A_PAGE = 20


@require_http_methods(["GET", "POST"])
def imports(request: SchoolRequest) -> HttpResponse:
    """List the imports of the school; take a new workbook and lead to its preview."""
    runs = access.import_runs_of(request.actor)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = _take(request, form.cleaned_data["file"])
        except BrokenWorkbook as broken:
            form.add_error("file", f"{broken.sentence} {broken.mend}")
        else:
            return redirect("exchange:import_run", code=run.code)
    page = Paginator(runs, RUNS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "pages": page.paginator.get_elided_page_range(page.number)}
    return render(request, "exchange/imports.html", context)


@require_GET
def import_run(request: SchoolRequest, code: uuid.UUID) -> HttpResponse:
    """Show what an import would do or did; the answer to htmx is the state alone."""
    run = access.import_run_for(request.actor, code)
    sheet, severity = request.GET.get("sheet", ""), request.GET.get("severity", "")
    context = {
        "shown": queries.shown_run(run, sheet=sheet, severity=severity),
        "sheets_with_problems": queries.sheets_with_problems(run),
        "sheet": sheet,
        "severity": severity,
    }
    template = "exchange/import_run.html"
    return render(request, f"{template}#state" if request.htmx else template, context)


@require_POST
def confirm(request: SchoolRequest, code: uuid.UUID) -> HttpResponse:
    """Start the import. A second press while it runs starts nothing."""
    run = access.import_run_for(request.actor, code)
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if locked.state == ImportRun.State.PREVIEW and locked.job_code is None:
            job = jobs.start(
                import_workbook,
                kind="exchange.import",
                title=_("Импорт %(file)s") % {"file": run.file_name},
                organisation_code=request.actor.organisation.code,
                started_by=request.actor.author.actor,
                arguments={"run": str(run.code)},
            )
            locked.job_code = job.code
            locked.save(update_fields=["job_code"])
            messages.success(request, _("Загрузка началась. Страницу можно закрыть: работа продолжится."))
    return redirect("exchange:import_run", code=run.code)


def _take(request: SchoolRequest, file: "UploadedFile[bytes]") -> ImportRun:
    """Read, preview and keep an uploaded workbook. Raises BrokenWorkbook; then nothing is kept."""
    content = file.read()
    book = read_workbook(io.BytesIO(content))
    report = actions.preview_school(book, organisation=request.actor.organisation, today=request.today)
    # A book with errors is uploaded anew when it is mended: what it says of children need not lie here till then.
    stored = "" if report.has_errors else default_storage.save(f"imports/{uuid.uuid4().hex}.xlsx", ContentFile(content))
    return actions.upload(
        organisation=request.actor.organisation,
        file_name=file.name or "",
        stored=stored,
        digest=hashlib.sha512(content).hexdigest(),
        report=report,
        by=request.actor.author,
        at=request.now,
    )
