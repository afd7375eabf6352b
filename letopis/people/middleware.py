"""Puts the actor on the request."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from letopis.core import clock
from letopis.core.web import Handler
from letopis.people.access import Actor, actor_of


class SchoolRequest(HttpRequest):
    """The request as views of signed-in people get it: what the middleware has put there, for the type checker."""

    actor: Actor
    today: date
    now: datetime
    htmx: HtmxDetails


OPEN_BEFORE_OWN_PASSWORD = ("accounts:password", "accounts:sign_out", "set_language")


class ActorMiddleware:
    """request.actor for signed-in people; request.today, and every hour on a page, in the time of their school.

    Who still has the password of a slip is led to the page where he sets his own, whatever he asks for.
    What a signed-in person gets is kept by no cache.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = clock.now()  # type: ignore[attr-defined]
        request.actor = None  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            today = clock.local_day(request.now, request.user.organisation.time_zone)  # type: ignore[attr-defined]
            request.today = today  # type: ignore[attr-defined]
            request.actor = actor_of(request.user, today=today)  # type: ignore[attr-defined]
            if request.user.must_change_password and not _opens_before_own_password(request.path):
                return redirect("accounts:password")
        with timezone.override(_zone_of(request)):
            response = self.get_response(request)
        if request.actor is not None:  # type: ignore[attr-defined]
            # Marks, documents and packages must not stay on a computer of the school after sign-out.
            response.setdefault("Cache-Control", "private, no-store")
        return response


def _zone_of(request: HttpRequest) -> ZoneInfo | None:
    """Return the zone pages tell the time in; None leaves that of the server to who is not signed in."""
    return ZoneInfo(request.user.organisation.time_zone) if request.user.is_authenticated else None


def _opens_before_own_password(path: str) -> bool:
    return path in {reverse(name) for name in OPEN_BEFORE_OWN_PASSWORD}
