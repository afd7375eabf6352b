"""Puts the actor on the request."""

from django.http import HttpRequest, HttpResponse

from letopis.core import clock
from letopis.core.web import Handler
from letopis.people.access import actor_of


class ActorMiddleware:
    """request.actor for signed-in people; request.now and request.today in the time of their school."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = clock.now()  # type: ignore[attr-defined]
        request.actor = None  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            today = clock.local_day(request.now, request.user.organisation.time_zone)  # type: ignore[attr-defined]
            request.today = today  # type: ignore[attr-defined]
            request.actor = actor_of(request.user, today=today)  # type: ignore[attr-defined]
        return self.get_response(request)
