"""How the ledger is told of a local act."""

from typing import Any

from letopis.ledger.actions import object_name
from letopis.org.models import LocalAct

_DAYS = ("dated", "adopted_on", "order_date", "in_force_from", "in_force_to")
_TEXTS = (
    "kind", "title", "number", "registration_number", "state", "adopted_by", "approved_by", "order_number", "text",
    "file_name", "file_digest",
)  # fmt: skip


def act_value(act: LocalAct) -> dict[str, Any]:
    """Return the act as the ledger holds it; what is empty is left out."""
    said: dict[str, Any] = {name: value for name in _TEXTS if (value := getattr(act, name))}
    said |= {name: value.isoformat() for name in _DAYS if (value := getattr(act, name))}
    said |= {"agreed_with": list(act.agreed_with)} if act.agreed_with else {}
    said |= {"decision": object_name(act.decision)} if act.decision else {}
    said |= {"supersedes": f"org.LocalAct:{act.supersedes_id}"} if act.supersedes_id else {}
    return said | {"must_be_known": act.must_be_known}
