"""The door to local acts, decisions, and the school's rules.

Everybody who works in the school reads all of them. Director, deputies and administrator enter drafts; the director
adopts, withdraws and publishes; the clerk too enters who signed on paper. Families read the acts that are marked for
the school's site, and nothing else of it (404).
"""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from letopis.accounts.models import Role
from letopis.org.models import LocalAct
from letopis.people.access import Actor, forbid, invisible

DRAFT_ROLES = (Role.DIRECTOR, Role.DEPUTY, Role.ADMINISTRATOR)
OFFICE_ROLES = (*DRAFT_ROLES, Role.CLERK)


def may_draft(actor: Actor) -> bool:
    """Say whether the actor enters and changes drafts, of acts and of rules."""
    return actor.has(*DRAFT_ROLES)


def may_adopt(actor: Actor) -> bool:
    """Say whether the actor adopts, withdraws and publishes acts."""
    return actor.has(Role.DIRECTOR)


def may_enter_paper(actor: Actor) -> bool:
    """Say whether the actor enters who signed a sheet on paper."""
    return actor.has(*OFFICE_ROLES)


def acts_for(actor: Actor) -> QuerySet[LocalAct]:
    """Return the acts that the actor may see."""
    acts = LocalAct.objects.filter(organisation=actor.organisation)
    if actor.works_here:
        return acts
    if actor.guardian_id is None and actor.pupil_id is None:
        invisible()
    return acts.filter(is_published=True).exclude(state=LocalAct.State.DRAFT)


def act_for(actor: Actor, code: UUID) -> LocalAct:
    """Return an act that the actor may see. One query."""
    found = acts_for(actor).select_related("decision", "supersedes").filter(code=code)
    return found.first() or invisible()


def act_to_draft_for(actor: Actor, code: UUID) -> LocalAct:
    """Return an act for who enters drafts; other employees are told whose work it is, families see nothing."""
    act = act_for(actor, code)
    require_draft(actor)
    return act


def act_to_adopt_for(actor: Actor, code: UUID) -> LocalAct:
    """Return an act for the director; other employees are told whose decision it is."""
    act = act_for(actor, code)
    require_staff(actor)
    if not may_adopt(actor):
        forbid(_("Акты принимает, отменяет и выкладывает на сайт директор."))
    return act


def act_to_sign_for(actor: Actor, code: UUID) -> LocalAct:
    """Return an act for who enters paper signatures and prints the sheet."""
    act = act_for(actor, code)
    require_staff(actor)
    if not may_enter_paper(actor):
        forbid(_("Листы ознакомления ведут администрация школы и секретарь."))
    return act


def act_to_know_for(actor: Actor, code: UUID) -> LocalAct:
    """Return an act that the actor, an employee, may say he knows."""
    act = act_for(actor, code)
    if actor.employee_id is None:
        invisible()
    return act


def require_staff(actor: Actor) -> None:
    """Pass who works in the school; to everybody else there is no such page."""
    if not actor.works_here:
        invisible()


def require_draft(actor: Actor) -> None:
    """Pass who enters drafts; tell the rest of the staff whose work it is."""
    require_staff(actor)
    if not may_draft(actor):
        forbid(_("Проекты актов и правил готовят директор, заместитель директора и администратор."))
