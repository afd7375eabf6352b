"""Local acts and editions for tests: through the verbs, as a school makes them."""

from datetime import date
from typing import Any

from letopis.ledger.actions import Author
from letopis.org.actions.acts import ActFields, Adoption, adopt_act, enter_act
from letopis.org.actions.policy import adopt_policy
from letopis.org.models import LocalAct, Organisation, PolicyEdition
from tests.factories import moment

TITLE = "Положение о ведении электронного журнала"
FIRST = date(2026, 9, 1)


def author(organisation: Organisation) -> Author:
    return Author(organisation=organisation.code, actor="accounts.User:1", name="Нечаева М. М., Директор")


def told(organisation: Organisation) -> dict[str, Any]:
    return {"by": author(organisation), "at": moment(date(2026, 11, 16))}


def draft(organisation: Organisation, title: str = TITLE, **fields: Any) -> LocalAct:
    wanted = ActFields(kind="REGULATION", title=title, **({"text": "1. Общие положения."} | fields))
    return enter_act(organisation, fields=wanted, **told(organisation))


def adopted(
    organisation: Organisation, title: str = TITLE, *, first: date = FIRST, last: date | None = None, **fields: Any
) -> LocalAct:
    act = draft(organisation, title, **fields)
    adoption = Adoption(
        in_force_from=first, in_force_to=last, number="12", dated=first, adopted_by="педагогический совет",
        adopted_on=first, order_number="45", order_date=first, agreed_with=("совет родителей",),
    )  # fmt: skip
    return adopt_act(act, adoption=adoption, **told(organisation))


def edition(
    organisation: Organisation, stated: dict[str, dict[str, Any]], *, first: date = FIRST, act: LocalAct | None = None
) -> PolicyEdition:
    act = act or adopted(organisation, first=first)
    return adopt_policy(organisation, act=act, in_force_from=first, stated=stated, **told(organisation))
