"""Editions of a school's policy for tests: adopted by an act, as the school would, without the ledger entry."""

from datetime import UTC, date, datetime
from typing import Any

from django.db.models import F

from letopis.org.models import LocalAct, Organisation, PolicyEdition
from letopis.rules.policy.codec import encode


def adopt(organisation: Organisation, *, on: date = date(2020, 1, 1), **values: Any) -> PolicyEdition:
    """Let the school live by these values from a day on, and return the edition. Actors made after it see it.

    values: variables of the policy by name; the others stand as law and defaults have them.
    """
    act = LocalAct.objects.create(
        organisation=organisation,
        title="Положение о ведении журнала",
        number=f"{on:%d-%m-%y}",
        state=LocalAct.State.IN_FORCE,
        in_force_from=on,
        entered_at=datetime(2020, 1, 1, tzinfo=UTC),
    )
    edition = PolicyEdition.objects.create(
        organisation=organisation,
        act=act,
        in_force_from=on,
        stated={name: {"value": encode(value), "clause": "п. 1"} for name, value in values.items()},
        adopted_at=act.entered_at,
    )
    Organisation.objects.filter(pk=organisation.pk).update(policy_version=F("policy_version") + 1)
    organisation.refresh_from_db(fields=["policy_version"])
    return edition
