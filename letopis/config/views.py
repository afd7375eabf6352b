"""The way in: where each person's work begins."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import i18n

from letopis.config.navigation import navigation

set_language = login_not_required(i18n.set_language)


def home(request: HttpRequest) -> HttpResponse:
    """Send a person to the first place of his navigation."""
    places = navigation(request.actor, path="/")  # type: ignore[attr-defined]
    return redirect(places[0].url) if places else render(request, "core/no_place.html")
