"""Time stamps that were kept: each is checked anew, against the text of its checkpoint and the trust of today."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from letopis.ledger.models import TimeStamp
from letopis.ledger.stamps import protocol, service
from letopis.ledger.verification.replay import Finding


@dataclass(slots=True)
class Stamped:
    """What the time stamps say. count: how many were checked; at: the time of the newest that is good."""

    count: int = 0
    at: datetime | None = None
    found: list[Finding] = field(default_factory=list)


def stored_stamps(organisation: uuid.UUID) -> Stamped:
    """Check every time stamp of the checkpoints of an organisation. One query."""
    rows = list(
        TimeStamp.objects.filter(checkpoint__organisation=organisation)
        .select_related("checkpoint")
        .order_by("checkpoint__size", "pk")
    )
    stamped = Stamped(count=len(rows))
    if not rows:
        return stamped
    try:
        trust = service.trust()
    except protocol.NoStamp as absent:
        stamped.found.append(Finding(absent.code, facts={"stamp": "не проверена ни одна", "reason": str(absent)}))
        return stamped
    for row in rows:
        name = (
            f"от {timezone.localtime(row.at):%d.%m.%Y %H:%M:%S} на {row.checkpoint.size} записей ({row.service_name})"
        )
        try:
            text, not_before = row.checkpoint.note.encode(), row.checkpoint.at
            reply = b"" if isinstance(row.reply, str) else bytes(row.reply)
            at = protocol.check(reply, text, nonce=_number(row.nonce), not_before=not_before, trust=trust)
        except protocol.NoStamp as bad:
            stamped.found.append(Finding(bad.code, facts={"stamp": name, "reason": str(bad)}))
            continue
        if at != row.at:
            stated = f"{timezone.localtime(at):%d.%m.%Y %H:%M:%S}"
            stamped.found.append(Finding("stamp_changed", facts={"stamp": name, "stated": stated}))
        else:
            stamped.at = at
    return stamped


def _number(digits: str) -> int:
    """A forger may have written anything; no answer has a nonce below zero."""
    return int(digits) if digits.isdecimal() else -1
