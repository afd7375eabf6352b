"""Helpers of views that know nothing of a school."""

import secrets
from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.urls import is_valid_path
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

Handler = Callable[[HttpRequest], HttpResponse]


def safe_next(request: HttpRequest) -> str:
    """Return where the person came from (?next= or a field «next»), when that is an address of ours; else nothing."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # A word without a slash would be taken for the name of a view.
    return wanted if is_ours and wanted.startswith("/") else ""


def read_code(text: str) -> UUID | None:
    """Return the code that an address or a form names; None for what is no code."""
    try:
        return UUID(text)
    except ValueError:
        return None


class ContentSecurityMiddleware:
    """Sends a strict Content-Security-Policy; nothing is loaded from outside the school's own server.

    The nonce is made for each request and read by templates as request.csp_nonce. Django 6 has
    this built in; this class goes when we move there.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        nonce = secrets.token_urlsafe(16)
        request.csp_nonce = nonce  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.setdefault(
            "Content-Security-Policy",
            f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
            "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        )
        return response


class NoNulMiddleware:
    """Answers 400 to an address with a NUL: no page makes one, and PostgreSQL fails on it wherever it is looked for.

    What is pasted into a field is another thing: `rules.text` takes control characters out of it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest()
        return self.get_response(request)


class OnlyByButtonMiddleware:
    """Gives a page to a 405 that a person meets: he pressed a button signed out, and the sign-in led to its address.

    The page leads to the nearest address above it. The answer stays 405.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or request.method != "GET":
            return response
        page = render(request, "405.html", {"above": _address_above(request.path_info)}, status=response.status_code)
        page["Allow"] = response["Allow"]
        return page


def _address_above(path: str) -> str:
    """Return the nearest address of ours that the path goes on from: «/ledger/» for «/ledger/check/»."""
    parts = path.strip("/").split("/")
    for length in range(len(parts) - 1, 0, -1):
        for above in (f"/{'/'.join(parts[:length])}/", f"/{'/'.join(parts[:length])}"):
            if is_valid_path(above):
                return above
    return "/"


class ChosenLanguageMiddleware:
    """Speaks Russian until a person chooses English, which his browser then remembers in a cookie.

    Django's own middleware also obeys Accept-Language: half of a Russian school would get English pages only
    because somebody once installed an English browser.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",))
        return response
