"""The door to the diary: a pupil sees his own, a guardian that of each child unless this guardian refused it.

The decision is each guardian's own: one may refuse the electronic form while the child stays visible to the other,
and to the child (C-015). Nobody else has a diary at all (404).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from letopis.people.access import Actor, invisible
from letopis.people.models import Consent, Guardianship, Pupil
from letopis.register.models import AbsenceNotice

CLOSED_STATES = (Consent.State.REFUSED, Consent.State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Child:
    """A pupil whose diary the actor may ask for."""

    pupil: Pupil
    """With the person joined in."""
    consent: Consent | None = None
    """The guardian's last decision; None for the pupil himself, and where nothing was decided."""

    @property
    def is_open(self) -> bool:
        """Whether the diary is shown; a guardian who refused gets the page that says so."""
        return self.consent is None or self.consent.state not in CLOSED_STATES


def children_of(actor: Actor) -> list[Child]:
    """Return the pupils whose diaries the actor may ask for, himself first; at most three queries."""
    found = []
    if actor.pupil_id is not None:
        found += [Child(pupil) for pupil in Pupil.objects.filter(pk=actor.pupil_id).select_related("person")]
    if actor.guardian_id is not None:
        links = list(
            Guardianship.objects.filter(guardian=actor.guardian_id)
            .select_related("pupil__person")
            .order_by("pupil__person__sort_key", "pk")
        )
        decisions = Consent.objects.filter(guardianship__in=links, on__lte=actor.today).order_by("on", "pk")
        last = {decision.guardianship_id: decision for decision in decisions}
        found += [Child(link.pupil, last.get(link.pk)) for link in links]
    return found


def notice_for(actor: Actor, code: UUID) -> AbsenceNotice:
    """Return a notice about a child whose diary is open to this guardian, or answer 404. At most four queries."""
    pupils = [child.pupil.pk for child in children_of(actor) if child.is_open and child.pupil.pk != actor.pupil_id]
    rows = AbsenceNotice.objects.filter(pupil__in=pupils, code=code).select_related("pupil")
    return rows.first() or invisible()


def child_for(actor: Actor, children: Sequence[Child], code: UUID | None) -> Child:
    """Return the child with this code, or without one the first whose diary is open; 404 for anybody else's."""
    if code is not None:
        return next((child for child in children if child.pupil.code == code), None) or invisible()
    return next((child for child in children if child.is_open), None) or next(iter(children), None) or invisible()
