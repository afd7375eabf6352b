"""Template tags that every page may need: the import map, an icon, the chosen theme."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from letopis.rules.policy import Policy

register = template.Library()

THEMES = frozenset({"light", "dark"})


@register.simple_tag(takes_context=True)
def import_map(context: Context) -> SafeString:
    """Return the import map that leads the plain address of each of our modules to its hashed one.

    Modules import each other by plain relative addresses; a manifest storage serves them under hashed names, and
    without the map a browser would load a second, uncached copy. Nothing to map, as in development, gives nothing.
    """
    imports = _module_addresses()
    if not imports:
        return mark_safe("")
    request = context.get("request")
    nonce = getattr(request, "csp_nonce", "")
    # The text is made of names of our own files, so it cannot close the element.
    text = mark_safe(json.dumps({"imports": imports}, sort_keys=True))
    return format_html('<script type="importmap" nonce="{}">{}</script>', nonce, text)


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """Return the icon of that name from core/icons.svg, hidden from readers: the word beside it says the same."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', _address("core/icons.svg"), name
    )


@register.simple_tag
@cache
def module_preloads(names: tuple[str, ...]) -> SafeString:
    """Return the links that fetch these modules at once: found by their imports, they would come in several rounds."""
    return format_html_join("", '<link rel="modulepreload" href="{}">', ((_address(name),) for name in names))


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """Return the theme the user chose, "light" or "dark", or nothing to follow the system."""
    request: Any = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else ""
    return chosen if chosen in THEMES else ""


@cache
def _module_addresses() -> dict[str, str]:
    names = sorted(
        path.relative_to(root).as_posix()
        for config in apps.get_app_configs()
        if config.name.startswith("letopis.")
        for root in [Path(config.path) / "static"]
        for path in root.rglob("*.js")
    )
    plain = {name: f"{settings.STATIC_URL}{name}" for name in names}
    return {plain[name]: _address(name) for name in names if _address(name) != plain[name]}


@cache
def _address(name: str) -> str:
    return str(staticfiles_storage.url(name))


@register.filter
def clause(policy: Policy, name: str) -> str:
    """Return what a value of the policy rests on: the act and its clause (`Policy.clause`)."""
    return policy.clause(name)
