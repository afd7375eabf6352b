"""When a mark reaches the family: at once, after a while, at set hours, or on application only."""

from datetime import datetime, time, timedelta

from letopis.rules.policy import Policy

AT_ONCE, DELAY, TWICE_A_DAY, ON_APPLICATION = "AT_ONCE", "DELAY", "TWICE_A_DAY", "ON_APPLICATION"


def published_before(now: datetime, *, policy: Policy) -> datetime | None:
    """Return the moment up to which entries are shown to families; None when they are shown on application only.

    now: with the zone of the school; the hours of publication are local. An entry put at that very moment is shown.
    Source: local act; policy options publication, publication_delay_minutes, publication_hours.
    """
    if policy.publication == ON_APPLICATION:
        return None
    if policy.publication == DELAY:
        return now - timedelta(minutes=policy.publication_delay_minutes)
    if policy.publication == TWICE_A_DAY and policy.publication_hours:
        return _last_hour(now, policy.publication_hours)
    return now


def _last_hour(now: datetime, hours: tuple[int, ...]) -> datetime:
    """Return the latest hour of publication that has struck; before the first of today the last of yesterday."""
    moments = [datetime.combine(now.date(), time(hour), tzinfo=now.tzinfo) for hour in sorted(hours)]
    struck = [moment for moment in moments if moment <= now]
    return struck[-1] if struck else moments[-1] - timedelta(days=1)


def explanation(*, policy: Policy) -> str:
    """Return what the diary says of marks that are not shown yet; nothing when they are shown at once."""
    if policy.publication == ON_APPLICATION:
        return "Отметки сообщаются семье по заявлению."
    if policy.publication == DELAY and policy.publication_delay_minutes:
        return f"Отметки появляются через {_span(policy.publication_delay_minutes)} после записи."
    if policy.publication == TWICE_A_DAY and policy.publication_hours:
        hours = ", ".join(f"{hour}:00" for hour in sorted(policy.publication_hours))
        return f"Новые отметки появляются в {hours}."
    return ""


def _span(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} ч" if hours else "", f"{rest} мин" if rest else ""]
    return " ".join(part for part in parts if part)
