"""Reads of the ledger."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from letopis.ledger.models import Payload


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an object as its payload tells it."""

    at: datetime
    who: str
    verb: str
    object: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str


def history(objects: Sequence[str]) -> list[Change]:
    """Return the changes of these objects («register.Mark:123»), newest first. One query."""
    rows = (
        Payload.objects.filter(entry__object__in=objects)
        .order_by("-entry__at", "-entry_id")
        .values_list("entry__at", "entry__verb", "entry__object", "body")
    )
    changes = []
    for at, verb, name, body in rows:
        said = json.loads(bytes(body))
        changes.append(Change(at, said["by"]["name"], verb, name, said["before"], said["after"], said["reason"]))
    return changes
