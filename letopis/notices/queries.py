"""Reads of notices."""

from uuid import UUID

from django.db.models import IntegerField
from django.db.models.expressions import RawSQL

from letopis.notices.models import Notice

MOST_PAST = 30
"""Notices that were closed are shown for a look back, so many of them."""


def unread_count(user: str) -> RawSQL:
    """Return the number of unread notices as an expression. user: table of accounts in the outer query.

    The bell stands on every page: counted inside the query of the actor it costs no query of its own. As an expression
    of the ORM it would take longer to build, at every request, than the whole query takes to run.
    """
    table = Notice._meta.db_table
    rows = f"SELECT COUNT(*) FROM {table} WHERE recipient = {user}.code AND read_at IS NULL AND closed_at IS NULL"  # noqa: S608 (names of our own tables)
    return RawSQL(f"({rows})", (), output_field=IntegerField())  # noqa: S611


def notices_of(recipient: UUID) -> tuple[list[Notice], list[Notice]]:
    """Return what stands for a person, unread first, then the newest, and what was closed lately. Two queries."""
    rows = Notice.objects.filter(recipient=recipient)
    standing = sorted(rows.standing().order_by("-created_at", "-pk"), key=lambda one: one.read_at is not None)
    return standing, list(rows.exclude(closed_at=None).order_by("-closed_at", "-pk")[:MOST_PAST])
