"""Who imports a school: the administrator of the register, the clerk and the director; thematic plans: who teaches."""

import uuid

from django.db.models import QuerySet

from letopis.accounts.models import Role
from letopis.exchange.models import ImportRun
from letopis.people.access import Actor, invisible, require
from letopis.register.access import courses_of
from letopis.schooling.models import AcademicYear

ROLES = (Role.ADMINISTRATOR, Role.CLERK, Role.DIRECTOR)


def import_runs_of(actor: Actor) -> QuerySet[ImportRun]:
    """Return the imports of the actor's school, newest first; 404 for whoever does not import."""
    require(actor, *ROLES)
    return ImportRun.objects.filter(organisation=actor.organisation).order_by("-uploaded_at")


def import_run_for(actor: Actor, code: uuid.UUID) -> ImportRun:
    """Return one import of the actor's school."""
    return import_runs_of(actor).filter(code=code).first() or invisible()


def years_to_plan(actor: Actor) -> list[AcademicYear]:
    """Return the open years the actor may bring thematic plans in for, the nearest first; 404 for who has none.

    Director and deputy for all courses, a teacher for his own. One query.
    """
    open_years = AcademicYear.objects.filter(organisation=actor.organisation, state=AcademicYear.State.OPEN)
    if not actor.controls:
        if actor.employee_id is None:
            invisible()
        taught = courses_of(actor).filter(workloads__teacher=actor.employee_id)
        open_years = open_years.filter(pk__in=taught.values("year"))
    years = list(open_years.order_by("starts_on"))
    if not years and not actor.controls:
        invisible()
    return sorted(years, key=lambda year: (year.ends_on < actor.today, year.starts_on))
