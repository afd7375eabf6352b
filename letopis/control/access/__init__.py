"""The door to the beginning and the end of a year.

Set-up: director, deputies and administrator see the checklist and name who answers for a section; whoever answers for
one says that it is ready (ORG-B017). End: director and deputies close a year, the director alone opens it again.
Other employees see the year and read why not (403); for everybody else there is no such page (404).
"""

from uuid import UUID

from django.utils.translation import gettext as _

from letopis.accounts.models import Role
from letopis.people.access import Actor, forbid, invisible
from letopis.schooling import access as schooling
from letopis.schooling.models import AcademicYear, SetupSection


def require_control(actor: Actor) -> None:
    """Pass director and deputies; tell the rest of the staff whose page it is, and hide it from everybody else."""
    if not actor.works_here:
        invisible()
    if not actor.controls:
        forbid(_("Контроль журналов школы видят директор и заместитель директора."))


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


def setup_year_for(actor: Actor, starts: str = "") -> tuple[AcademicYear, list[AcademicYear]]:
    """Return the asked year, and all of the school, for who sees how ready it is. Two queries at most."""
    year, years = schooling.year_for(actor, starts)
    if year is None:
        invisible()
    answers = SetupSection.objects.filter(year=year, responsible=actor.employee_id or 0)
    if not (schooling.may_change_year(actor) or answers.exists()):
        forbid(_("Готовность настройки видят администрация школы и те, кто отвечает за раздел."))
    return year, years


def setup_year_to_assign_for(actor: Actor, starts: str) -> AcademicYear:
    """Return the year for who names the people that answer for its sections."""
    return schooling.year_to_change(actor, starts)


def section_to_confirm_for(actor: Actor, starts: str, section: str) -> AcademicYear:
    """Return the year in which the actor may say that a section is ready: his own, or any for who changes the year."""
    year, _years = setup_year_for(actor, starts)
    own = SetupSection.objects.filter(year=year, section=section, responsible=actor.employee_id or 0)
    if not (schooling.may_change_year(actor) or own.exists()):
        forbid(_("О готовности раздела говорит тот, кто за него отвечает."))
    return year


def _year_for(actor: Actor, code: UUID) -> AcademicYear:
    if not actor.works_here:
        invisible()
    years = AcademicYear.objects.filter(organisation=actor.organisation).select_related("organisation")
    return years.filter(code=code).first() or invisible()
