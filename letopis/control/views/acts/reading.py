"""Reading local acts: the list, one act, its file, the sheet of acquaintance, the archive for the site."""

import csv
from pathlib import PurePosixPath
from uuid import UUID

from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from letopis.control.access import acts as access
from letopis.control.exports import site_archive
from letopis.control.forms.acts import PaperForm, WithdrawForm
from letopis.control.prints import CAPTIONS, acquaintance_sheet, act_cited, cells
from letopis.control.queries import acts as queries
from letopis.core.printer import PrintJob
from letopis.org.models import LocalAct
from letopis.people.access import invisible
from letopis.people.middleware import SchoolRequest
from letopis.register.views.prints import pdf_response
from letopis.rules.local_acts import COMING, DRAFT, IN_FORCE, OVER, WITHDRAWN

SHOWN = 50
STANDINGS = {
    IN_FORCE: (_("действует"), "good"),
    DRAFT: (_("проект"), "soon"),
    COMING: (_("ещё не действует"), "info"),
    OVER: (_("утратил силу"), ""),
    WITHDRAWN: (_("отменён"), "late"),
}
"""How an act stands: its words and the tone of its pill."""


@require_safe
def acts(request: SchoolRequest) -> HttpResponse:
    """List the acts; words, kind and standing are kept in the address."""
    asked = request.GET
    kind, standing = asked.get("kind", ""), asked.get("standing", "")
    filters = queries.ActFilters(
        words=asked.get("q", "").strip(),
        kind=kind if kind in LocalAct.Kind.values else "",
        standing=standing if standing in STANDINGS else "",
    )
    actor = request.actor
    lines, total = queries.act_lines(access.acts_for(actor), filters, day=request.today, employee=actor.employee_id)
    paginator = Paginator(lines, SHOWN)
    page = paginator.get_page(asked.get("page"))
    context = {
        "page": page,
        "page_range": paginator.get_elided_page_range(page.number),
        "lines": [(line, *STANDINGS[line.standing]) for line in page],
        "total": total,
        "waiting": [line for line in lines if line.awaits_me],
        "filters": filters,
        "kinds": LocalAct.Kind.choices,
        "standings": [(code, words) for code, (words, _tone) in STANDINGS.items()],
        "may_draft": access.may_draft(actor),
        "is_staff": actor.works_here,
    }
    return render(request, "control/acts.html", context)


@require_safe
def act(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Show an act with its versions and who knows it."""
    return act_page(request, access.act_for(request.actor, code))


def act_page(
    request: SchoolRequest,
    found: LocalAct,
    *,
    withdraw_form: WithdrawForm | None = None,
    paper_form: PaperForm | None = None,
) -> HttpResponse:
    """Answer with the page of an act; the forms that were refused come with their errors."""
    actor = request.actor
    page = queries.act_page(found, access.acts_for(actor), day=request.today, sees_staff=actor.works_here)
    own = next((line for line in page.sheet if line.employee.pk == actor.employee_id), None)
    words, tone = STANDINGS[page.standing]
    context = {
        "page": page,
        "act": found,
        "cited": act_cited(found),
        "words": words,
        "tone": tone,
        "versions": [(version, *STANDINGS[standing]) for version, standing in page.versions],
        "own": own,
        "may_draft": access.may_draft(actor),
        "may_adopt": access.may_adopt(actor),
        "may_enter_paper": access.may_enter_paper(actor),
        "is_superseded": page.versions[0][0].pk != found.pk,
        "withdraw_form": withdraw_form or WithdrawForm(initial={"on": request.today}, auto_id="withdraw_%s"),
        "paper_form": paper_form or PaperForm(initial={"known_on": request.today}, auto_id="paper_%s"),
    }
    return render(request, "control/act.html", context)


@require_safe
def act_file(request: SchoolRequest, code: UUID) -> FileResponse:
    """Send the document of an act under the name it came by, never to be opened in our own origin."""
    found = access.act_for(request.actor, code)
    if not found.file or not default_storage.exists(found.file):
        invisible()
    return FileResponse(
        default_storage.open(found.file),
        as_attachment=True,
        filename=found.file_name,
        content_type="application/octet-stream",
    )


@require_safe
def sheet_pdf(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Send the sheet of acquaintance, to be signed by who has put no electronic mark."""
    found = access.act_to_sign_for(request.actor, code)
    lines = queries.signature_sheet(found, day=request.today)
    data = acquaintance_sheet(found, lines, on=request.today)
    job = PrintJob(("control", "acquaintance_sheet", request.today), data, issued_on=request.today)
    return pdf_response(request, job, name=f"Лист ознакомления {found.number}".strip(), back=("control:act", code))


@require_safe
def sheet_csv(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Send who knows the act as a table that a spreadsheet opens."""
    found = access.act_to_sign_for(request.actor, code)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"{f'Лист ознакомления {found.number}'.strip()}.csv"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.write("\ufeff")
    writer = csv.writer(response, delimiter=";")
    writer.writerow(CAPTIONS)
    for line in queries.signature_sheet(found, day=request.today):
        writer.writerow([_safe(text) for text in cells(line)])
    return response


@require_safe
def acts_zip(request: SchoolRequest) -> HttpResponse:
    """Send the acts of the school's site: their documents and a page that lists them."""
    access.require_draft(request.actor)
    organisation = request.actor.organisation
    found = queries.published(access.acts_for(request.actor), day=request.today)
    response = HttpResponse(site_archive(organisation, found, on=request.today), content_type="application/zip")
    name = f"Локальные акты {PurePosixPath(organisation.slug).name} {request.today:%Y-%m-%d}.zip"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _safe(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text
