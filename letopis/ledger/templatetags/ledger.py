"""`{% history_of "year" year %}`: the way from a page to the history of what stands on it."""

from typing import Any

from django import template
from django.core import signing
from django.template.context import Context

register = template.Library()

SALT = "ledger.history"


@register.inclusion_tag("ledger/history_link.html", takes_context=True)
def history_of(context: Context, scope: str, *things: Any) -> dict[str, Any]:
    """Return the link to the history of a page: its scope (control.queries.history) and the rows it is about.

    Both are signed together with the user: who may see a page may see what happened to what stands on it, and nobody
    can ask for the history of other things. Families have no such link: they see corrections in the diary.
    """
    actor = context.get("actor")
    if actor is None or not actor.works_here or not all(things):
        return {}
    return {"token": signing.dumps([actor.user_id, scope, [row.pk for row in things]], salt=SALT)}
