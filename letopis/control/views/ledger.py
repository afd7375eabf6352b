"""Authenticity of entries: how long the log is, its checkpoints and public key to carry away, a check now."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from letopis.control.access.ledger import require_reader_of_ledger
from letopis.control.actions.ledger import issue_checkpoint, start_check
from letopis.control.queries.ledger import ledger_page
from letopis.core.errors import Refused
from letopis.ledger.keyring import public_key
from letopis.ledger.keys import NoKey, pem_of
from letopis.ledger.models import Checkpoint, TimeStamp
from letopis.people.middleware import SchoolRequest


@require_GET
def ledger(request: SchoolRequest) -> HttpResponse:
    """Show the log of the school; the answer to htmx is what changes while a check runs."""
    require_reader_of_ledger(request.actor)
    template = "control/ledger.html"
    page = ledger_page(request.actor.organisation)
    return render(request, f"{template}#live" if request.htmx else template, {"page": page})


@require_POST
def check(request: SchoolRequest) -> HttpResponse:
    """Start the job that verifies the log; a second press starts nothing."""
    require_reader_of_ledger(request.actor)
    start_check(request.actor)
    messages.success(request, _("Проверка началась. Страницу можно закрыть: работа продолжится."))
    return redirect("control:ledger")


@require_POST
def issue(request: SchoolRequest) -> HttpResponse:
    """Issue a checkpoint of the log as it is now."""
    require_reader_of_ledger(request.actor)
    try:
        row = issue_checkpoint(request.actor, at=request.now)
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    except NoKey as absent:
        messages.error(request, str(absent))
    else:
        messages.success(request, _("Контрольная отметка стоит на %(size)s записей.") % {"size": row.size})
    return redirect("control:ledger")


@require_GET
def checkpoint(request: SchoolRequest, code: uuid.UUID) -> HttpResponse:
    """Give a checkpoint as a file."""
    require_reader_of_ledger(request.actor)
    row = get_object_or_404(Checkpoint, organisation=request.actor.organisation.code, code=code)
    return _file(row.note, f"checkpoint-{row.size}.txt")


@require_GET
def time_stamp(request: SchoolRequest, code: uuid.UUID) -> HttpResponse:
    """Give the time stamp of a checkpoint as a file that openssl reads."""
    require_reader_of_ledger(request.actor)
    rows = TimeStamp.objects.select_related("checkpoint")
    row = get_object_or_404(rows, checkpoint__organisation=request.actor.organisation.code, code=code)
    return _file(bytes(row.reply), f"checkpoint-{row.checkpoint.size}.tsr", kind="application/timestamp-reply")


@require_GET
def key(request: SchoolRequest) -> HttpResponse:
    """Give the public key as a file that this program and openssl read."""
    require_reader_of_ledger(request.actor)
    try:
        return _file(pem_of(public_key()), "ledger-public-key.pem")
    except NoKey as absent:
        messages.error(request, str(absent))
        return redirect("control:ledger")


def _file(content: str | bytes, name: str, *, kind: str = "text/plain; charset=utf-8") -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
