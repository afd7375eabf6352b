"""The door to the closing of periods: director and deputies see what is missing and close; who opens a closed period
again is named by the policy (`rules.closing.may_reopen`). Other employees read whose page it is (403); strangers 404.
"""

from uuid import UUID

from django.utils.translation import gettext as _

from letopis.people.access import Actor, forbid, invisible
from letopis.rules.closing import may_reopen
from letopis.schooling.models import SchoolClass, Term


def require_closing(actor: Actor) -> None:
    """Pass who may see how ready the periods are: control, and who may open a closed one again."""
    if not actor.works_here:
        invisible()
    if not (actor.controls or may_reopen(actor.roles, policy=actor.policy)):
        forbid(_("Периоды закрывают директор и заместитель директора."))


def class_in_term_for(actor: Actor, school_class: UUID, term: UUID) -> tuple[SchoolClass, Term]:
    """Return a class and a term of its own grade and year, for who closes periods. Two queries."""
    if not actor.works_here:
        invisible()
    classes = SchoolClass.objects.filter(organisation=actor.organisation).select_related("year")
    found = classes.filter(code=school_class).first() or invisible()
    found.year.organisation = actor.organisation
    terms = Term.objects.filter(year=found.year_id, grade_from__lte=found.grade, grade_to__gte=found.grade)
    of = terms.filter(code=term).first() or invisible()
    require_closing(actor)
    return found, of


def class_to_close_for(actor: Actor, school_class: UUID, term: UUID) -> tuple[SchoolClass, Term]:
    """Return a class and term for who closes the period; 403 for who only opens it again."""
    found = class_in_term_for(actor, school_class, term)
    if not actor.controls:
        forbid(_("Периоды закрывают директор и заместитель директора."))
    return found


def class_to_reopen_for(actor: Actor, school_class: UUID, term: UUID) -> tuple[SchoolClass, Term]:
    """Return a class and term for who opens a closed period again; 403 for everybody else who sees it."""
    found = class_in_term_for(actor, school_class, term)
    if not may_reopen(actor.roles, policy=actor.policy):
        forbid(_("Закрытый период открывает директор или тот, кого назвал локальный акт."))
    return found
