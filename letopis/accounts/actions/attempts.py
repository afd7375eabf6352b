"""Attempts to sign in: five wrong passwords for a name lock it for a quarter of an hour."""

from datetime import datetime

from django.utils.crypto import salted_hmac

from letopis.accounts.models import SignInAttempt
from letopis.core.errors import Refused
from letopis.rules import accounts as rules


def begin_attempt(username: str, *, at: datetime) -> None:
    """Count an attempt for a name before the password is looked at. Raises Refused while the name is locked.

    The row is committed first and the others are counted after it: of any number of attempts sent at one moment no
    more than five get through. One that succeeds takes its row back with `forget_attempts`.
    """
    kept_since = at - rules.ATTEMPTS_ARE_KEPT
    SignInAttempt.objects.filter(at__lt=kept_since).delete()
    attempt = SignInAttempt.objects.create(name_digest=_digest(username), at=at)
    others = SignInAttempt.objects.filter(name_digest=attempt.name_digest).exclude(pk=attempt.pk)
    verdict = rules.may_try(list(others.order_by("at").values_list("at", flat=True)), at=at)
    if not verdict:
        attempt.delete()
        raise Refused(verdict)


def forget_attempts(username: str) -> None:
    """Forget the attempts for a name after its password was right or was replaced."""
    SignInAttempt.objects.filter(name_digest=_digest(username)).delete()


def _digest(username: str) -> str:
    name = username.strip().casefold()
    return salted_hmac("letopis.accounts.attempts", name, algorithm="sha256").hexdigest()
