"""«Напоминания»."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from letopis.notices import actions
from letopis.notices.access import notice_for
from letopis.notices.queries import notices_of


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """Show what the person was told, and what of it is settled."""
    standing, past = notices_of(_recipient(request))
    unread = sum(one.read_at is None for one in standing)
    return render(request, "notices/notices.html", {"standing": standing, "past": past, "unread": unread})


@require_POST
def read(request: HttpRequest, code: UUID) -> HttpResponse:
    """Mark a notice as read and lead to where it is dealt with."""
    notice = notice_for(_recipient(request), code)
    actions.read(recipient=notice.recipient, code=code, at=request.now)  # type: ignore[attr-defined]
    return redirect("notices:notices" if "stay" in request.POST else notice.url)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    actions.read(recipient=_recipient(request), at=request.now)  # type: ignore[attr-defined]
    return redirect("notices:notices")


def _recipient(request: HttpRequest) -> UUID:
    return request.user.code  # type: ignore[union-attr]
