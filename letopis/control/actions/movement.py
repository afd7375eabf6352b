"""The verbs of movement that reach into the register or the alphabet book."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from letopis.core.errors import require
from letopis.ledger.actions import Author
from letopis.people.actions import NewPupil, register_pupil
from letopis.people.models import Pupil
from letopis.register.queries.pupil_facts import has_facts
from letopis.rules.groups import may_withdraw_stay
from letopis.schooling.actions import movement, movement_undo
from letopis.schooling.actions.movement_undo import LastMovement
from letopis.schooling.models import Membership, SchoolClass, StudyGroup


@transaction.atomic
def enrol_new_pupil(
    new: NewPupil,
    *,
    to_class: SchoolClass,
    on: date,
    order: str,
    form: str,
    groups: Sequence[StudyGroup] = (),
    by: Author,
    at: datetime,
) -> Membership:
    """Put a child into the alphabet book and into a class from a day; return his membership of the class."""
    pupil = register_pupil(to_class.organisation, new=new, by=by, at=at)
    return movement.enrol_in_class(pupil, to_class=to_class, on=on, order=order, form=form, groups=groups, by=by, at=at)


@transaction.atomic
def withdraw_movement(pupil: Pupil, *, reason: str, by: Author, at: datetime) -> LastMovement:
    """Take the last movement back while the register holds nothing of the pupil in the groups he came to.

    Refuses with FACTS_RECORDED, and as schooling.actions.movement_undo.
    """
    last = movement_undo.last_movement(pupil)
    if last is not None:
        groups = [stay.group_id for stay in movement_undo.came_to(pupil, last)]
        recorded = bool(groups) and has_facts(pupil, groups, since=last.on)
        require(may_withdraw_stay(name=pupil.person.short_name, has_facts=recorded))
    return movement_undo.withdraw_movement(pupil, reason=reason, by=by, at=at)
