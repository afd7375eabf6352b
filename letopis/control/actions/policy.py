"""The verb that adopts an act together with the rules it decides."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from letopis.ledger.actions import Author
from letopis.org.actions.acts import Adoption, adopt_act
from letopis.org.actions.policy import adopt_policy
from letopis.org.models import LocalAct, Organisation, PolicyEdition
from letopis.register.models import PeriodClosing
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
    """Return the last day of what is closed: of a year, or of a term of some class; None while nothing is.

    What was closed was judged by its own edition, and stays so.
    """
    shut = AcademicYear.objects.filter(organisation=organisation).exclude(state=AcademicYear.State.OPEN)
    years = shut.aggregate(last=Max("ends_on"))["last"]
    closed = PeriodClosing.objects.filter(organisation=organisation, reopened_at=None)
    terms = closed.aggregate(last=Max("term__ends_on"))["last"]
    return max((day for day in (years, terms) if day), default=None)
