"""The history panel of any page: who changed what stands on it, from the ledger."""

from django.core import signing
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from letopis.control.queries.history import history_of
from letopis.ledger.templatetags.ledger import SALT
from letopis.ledger.words import told, verb_title
from letopis.people.access import invisible
from letopis.people.middleware import SchoolRequest

VALID_SECONDS = 12 * 60 * 60
"""A page that was left open for longer is loaded anew before its history is asked for."""
LINES_OF_PAGE = 50


@require_GET
def history(request: SchoolRequest) -> HttpResponse:
    """Show the changes of what stands on a page, by the token the page gave to this user; else 404."""
    try:
        user, scope, keys = signing.loads(request.GET.get("of", ""), salt=SALT, max_age=VALID_SECONDS)
    except signing.BadSignature:
        invisible()
    if user != request.actor.user_id or not request.actor.works_here:
        invisible()
    page = Paginator(history_of(scope, keys), LINES_OF_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "of": request.GET["of"],
        "lines": [(change, verb_title(change.verb), told(change)) for change in page],
    }
    part = "#panel" if request.htmx else ""
    return render(request, f"control/history.html{part}", context)
