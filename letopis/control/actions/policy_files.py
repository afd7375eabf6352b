"""The verb of an edition that comes as a file: a draft act with the rules it is to decide."""

from datetime import datetime

from django.db import transaction

from letopis.ledger.actions import Author
from letopis.org.actions.acts import ActFields, enter_act
from letopis.org.actions.policy import plain_of, prepare_policy
from letopis.org.models import LocalAct, Organisation
from letopis.rules.policy.editions import Edition


@transaction.atomic
def begin_edition(
    organisation: Organisation,
    *,
    title: str,
    kind: str,
    edition: Edition | None,
    made_from: str = "",
    by: Author,
    at: datetime,
) -> LocalAct:
    """Enter a draft act that is to decide the rules of an edition, or none of them yet, and return it.

    made_from: name of the shipped act it begins with. Refuses with NO_TITLE, BAD_POLICY.
    """
    fields = ActFields(
        kind=kind,
        title=title,
        number=edition.number if edition else "",
        agreed_with=edition.agreed_with if edition else (),
    )
    act = enter_act(organisation, fields=fields, by=by, at=at)
    stated = plain_of(edition.values) if edition else {}
    prepare_policy(act, stated=stated, made_from=made_from, by=by, at=at)
    act.refresh_from_db()
    return act
