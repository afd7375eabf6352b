"""Notices by e-mail: the title, which holds counts only, and the way to the page. Never the text: it may name a child.

Dangers. The server is asked outside any transaction. A worker that dies between sending and writing it down sends a
letter twice; the other order would lose letters.
"""

from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils.translation import gettext as _

from letopis.notices.models import Delivery

MOST_AT_ONCE = 20
"""Letters of one sweep: it must stay quick."""
MOST_ATTEMPTS = 6
FIRST_REST = timedelta(minutes=5)
"""Rest after the first failure; doubled by each further one."""


def send_waiting(*, at: datetime) -> int:
    """Send what is due; return how many letters went. A letter that fails waits longer each time, then is given up."""
    waiting = Delivery.objects.filter(next_at__lte=at).select_related("notice").order_by("next_at", "pk")
    return sum(_send(one, at=at) for one in waiting[:MOST_AT_ONCE])


def _send(delivery: Delivery, *, at: datetime) -> bool:
    attempts = delivery.attempts + 1
    rest = FIRST_REST * 2**delivery.attempts
    # Taken by one worker: another that saw the same row changes nothing here and leaves it alone.
    taken = Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts, next_at=delivery.next_at).update(
        attempts=F("attempts") + 1, next_at=at + rest if attempts < MOST_ATTEMPTS else None
    )
    if not taken:
        return False
    try:
        _letter(delivery).send()
    except (SMTPException, OSError) as error:
        Delivery.objects.filter(pk=delivery.pk).update(error=type(error).__name__[:120])
        return False
    Delivery.objects.filter(pk=delivery.pk).update(sent_at=at, next_at=None, error="")
    return True


def _letter(delivery: Delivery) -> EmailMessage:
    body = _("%(title)s.\n\nОткрыть: %(url)s\n\nЭто письмо отправила «Летопись»: отвечать на него не нужно.") % {
        "title": delivery.notice.title,
        "url": f"{settings.LETOPIS_SITE}/notices/",
    }
    return EmailMessage(
        subject=_("Летопись: %(title)s") % {"title": delivery.notice.title}, body=body, to=[delivery.address]
    )
