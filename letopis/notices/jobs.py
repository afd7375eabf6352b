"""What the worker does for notices by itself."""

from django.conf import settings

from letopis.core import clock
from letopis.notices.mail import send_waiting


def sweep() -> None:
    """Send what waits to go by e-mail."""
    if settings.LETOPIS_MAIL:
        send_waiting(at=clock.now())
