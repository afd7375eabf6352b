"""Verbs of the outbox: tell, close, read. Nothing of it is recorded: a notice repeats what other facts already say.

(Decision 0018.) All are harmless twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from letopis.notices.models import Delivery, Notice


@dataclass(frozen=True, slots=True)
class Message:
    """What a person is told."""

    kind: str
    """Notice.Kind."""
    key: str
    """A newer message with the same key takes the place of the older one."""
    title: str
    """Names no child: it goes by e-mail too."""
    url: str
    text: str = ""
    email: str = ""
    """Where it goes besides; empty, or no mail server in the settings: nowhere."""


def notify(*, organisation: UUID, recipient: UUID, message: Message, at: datetime) -> None:
    """Tell one person something."""
    notify_each({recipient: message}, organisation=organisation, at=at)


@transaction.atomic
def notify_each(messages: Mapping[UUID, Message], *, organisation: UUID, at: datetime) -> int:
    """Tell each recipient his message; return how many say something new.

    The same words again leave the notice as it stands, read or not. Other words, or the same after it was closed, are
    told anew. Two queries and one for each that changed, whatever the number of recipients.
    """
    present = {
        (row.recipient, row.key): row
        for row in Notice.objects.filter(recipient__in=messages, key__in={one.key for one in messages.values()})
    }
    fresh, changed = [], []
    for recipient, message in messages.items():
        row = present.get((recipient, message.key))
        if row is None:
            row = Notice(organisation_code=organisation, recipient=recipient, key=message.key)
            fresh.append((_told(row, message, at=at), message))
        elif row.closed_at is not None or not _says(row, message):
            changed.append((_told(row, message, at=at), message))
    # Another worker may tell the same at the same moment: one of the two is enough.
    Notice.objects.bulk_create([row for row, _message in fresh], ignore_conflicts=True)
    for row, _message in changed:
        row.save(update_fields=["kind", "title", "text", "url", "created_at", "read_at", "closed_at"])
    _send_on([*fresh, *changed], at=at)
    return len(fresh) + len(changed)


@transaction.atomic
def close(*, organisation: UUID, key: str, at: datetime, but: Iterable[UUID] = ()) -> int:
    """Close the notices of a key, except those of some recipients; return how many."""
    rows = Notice.objects.standing().filter(organisation_code=organisation, key=key).exclude(recipient__in=list(but))
    closed = list(rows.values_list("pk", flat=True))
    Delivery.objects.filter(notice__in=closed, sent_at=None).update(next_at=None)
    return Notice.objects.filter(pk__in=closed).update(closed_at=at)


def read(*, recipient: UUID, at: datetime, code: UUID | None = None) -> int:
    """Mark a notice of the recipient as read, or all of his; return how many."""
    rows = Notice.objects.filter(recipient=recipient, read_at=None)
    if code is not None:
        rows = rows.filter(code=code)
    return rows.update(read_at=at)


def _says(row: Notice, message: Message) -> bool:
    return (row.title, row.text, row.url) == (message.title, message.text, message.url)


def _told(row: Notice, message: Message, *, at: datetime) -> Notice:
    row.kind, row.title, row.text, row.url = message.kind, message.title, message.text, message.url
    row.created_at, row.read_at, row.closed_at = at, None, None
    return row


def _send_on(told: Iterable[tuple[Notice, Message]], *, at: datetime) -> None:
    """Put what was told into the outbox of e-mail; what waits of an older telling gives way."""
    wanted = {(row.recipient, row.key): message for row, message in told if message.email}
    if not settings.LETOPIS_MAIL or not wanted:
        return
    # Rows of a bulk insert that ignores conflicts come back without keys.
    rows = Notice.objects.filter(recipient__in={one for one, _ in wanted}, key__in={one for _, one in wanted})
    sent_on = [(row, wanted[row.recipient, row.key]) for row in rows if (row.recipient, row.key) in wanted]
    Delivery.objects.filter(notice__in=[row for row, _ in sent_on], sent_at=None).update(next_at=None)
    Delivery.objects.bulk_create(Delivery(notice=row, address=one.email, next_at=at) for row, one in sent_on)
