"""The clock, read only by views, commands and jobs; all below them takes the day or the moment as an argument."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """Return the present moment, aware.

    With LETOPIS_TODAY set the day is that one and the time of day the real one, so that a demo
    loaded for a date can be walked on that date.
    """
    moment = timezone.now()
    if settings.LETOPIS_TODAY:
        local = moment.astimezone(ZoneInfo(settings.TIME_ZONE))
        return datetime.combine(date.fromisoformat(settings.LETOPIS_TODAY), local.timetz())
    return moment


def local_day(moment: datetime, zone: str) -> date:
    """Return the calendar day of a moment in a school's time zone (IANA name)."""
    return moment.astimezone(ZoneInfo(zone)).date()
