"""The verb that adopts an act together with the rules it decides."""

from datetime import date, datetime

from django.db import transaction

from letopis.ledger.actions import Author
from letopis.org.actions.acts import Adoption, adopt_act
from letopis.org.actions.policy import adopt_policy
from letopis.org.models import LocalAct, Organisation, PolicyEdition
from letopis.schooling.models import AcademicYear


@transaction.atomic
def adopt_act_with_policy(act: LocalAct, *, adoption: Adoption, by: Author, at: datetime) -> PolicyEdition | None:
    """Adopt a draft and what it was prepared to decide of the policy, both or neither; return the edition, if any.

    Refuses as `adopt_act` and `adopt_policy` do.
    """
    act = adopt_act(act, adoption=adoption, by=by, at=at)
    stated = act.prepared.get("stated")
    if not stated:
        return None
    return adopt_policy(
        act.organisation,
        act=act,
        in_force_from=adoption.in_force_from,
        stated=stated,
        made_from=act.prepared.get("made_from", ""),
        shut_until=shut_until(act.organisation),
        by=by,
        at=at,
    )


def shut_until(organisation: Organisation) -> date | None:
    """Return the last day of the last year that is closed or in the archive; None while none is."""
    shut = AcademicYear.objects.filter(organisation=organisation).exclude(state=AcademicYear.State.OPEN)
    return shut.order_by("ends_on").values_list("ends_on", flat=True).last()
