"""Who imports: the administrator of the register, the clerk and the director."""

import uuid

from django.db.models import QuerySet

from letopis.accounts.models import Role
from letopis.exchange.models import ImportRun
from letopis.people.access import Actor, invisible, require

ROLES = (Role.ADMINISTRATOR, Role.CLERK, Role.DIRECTOR)


def import_runs_of(actor: Actor) -> QuerySet[ImportRun]:
    """Return the imports of the actor's school, newest first; 404 for whoever does not import."""
    require(actor, *ROLES)
    return ImportRun.objects.filter(organisation=actor.organisation).order_by("-uploaded_at")


def import_run_for(actor: Actor, code: uuid.UUID) -> ImportRun:
    """Return one import of the actor's school."""
    return import_runs_of(actor).filter(code=code).first() or invisible()
