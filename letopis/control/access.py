"""The door to the end of a year: director and deputies close it, the director alone opens it again.

Other employees see the year and read why not (403); for everybody else there is no such page (404).
"""

from uuid import UUID

from django.utils.translation import gettext as _

from letopis.accounts.models import Role
from letopis.people.access import Actor, forbid, invisible
from letopis.schooling.models import AcademicYear


def year_to_close_for(actor: Actor, code: UUID) -> AcademicYear:
    """Return the year that the actor may close, with its organisation joined in. One query."""
    year = _year_for(actor, code)
    if not actor.controls:
        forbid(_("Учебный год закрывают директор и заместитель директора."))
    return year


def year_to_reopen_for(actor: Actor, code: UUID) -> AcademicYear:
    """Return the year that the actor may open again, with its organisation joined in. One query."""
    year = _year_for(actor, code)
    if not may_reopen(actor):
        forbid(_("Закрытый учебный год открывает только директор."))
    return year


def may_reopen(actor: Actor) -> bool:
    """Say whether the actor opens closed years again."""
    return actor.has(Role.DIRECTOR)


def _year_for(actor: Actor, code: UUID) -> AcademicYear:
    if not actor.works_here:
        invisible()
    years = AcademicYear.objects.filter(organisation=actor.organisation).select_related("organisation")
    return years.filter(code=code).first() or invisible()
