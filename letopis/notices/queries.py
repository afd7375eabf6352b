"""Reads of notices."""

from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from letopis.notices.models import Notice

MOST_PAST = 30
"""Notices that were closed are shown for a look back, so many of them."""


def unread_count(recipient: str) -> Coalesce:
    """Return the number of unread notices as an expression; recipient: name of the outer column with the code.

    The bell stands on every page: counted inside the query of the actor it costs no query of its own.
    """
    rows = Notice.objects.unread().filter(recipient=OuterRef(recipient)).order_by().values("recipient")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def notices_of(recipient: UUID) -> tuple[list[Notice], list[Notice]]:
    """Return what stands for a person, unread first, then the newest, and what was closed lately. Two queries."""
    rows = Notice.objects.filter(recipient=recipient)
    standing = sorted(rows.standing().order_by("-created_at", "-pk"), key=lambda one: one.read_at is not None)
    return standing, list(rows.exclude(closed_at=None).order_by("-closed_at", "-pk")[:MOST_PAST])
