"""When the lists of classes were looked through, and when that is due again (REG-046)."""

from dataclasses import dataclass
from datetime import date, timedelta

from letopis.rules.policy import Policy
from letopis.rules.setup import roster_check_due
from letopis.schooling.models import AcademicYear, RosterCheck, SchoolClass


@dataclass(frozen=True, slots=True)
class RosterState:
    """The last look through the list of a class."""

    checked_on: date | None
    checked_by: str
    due_on: date
    days_late: int
    """0 when it is not due yet."""

    @property
    def is_late(self) -> bool:
        return self.days_late > 0


def roster_states(
    year: AcademicYear, *, today: date, policy: Policy, only: SchoolClass | None = None
) -> dict[int, RosterState]:
    """Return the state by class. One query, and one for the classes when all are asked for."""
    checks = RosterCheck.objects.filter(school_class__year=year).select_related("checked_by__person")
    if only is not None:
        checks = checks.filter(school_class=only)
    last: dict[int, RosterCheck] = {}
    for check in checks.order_by("checked_on"):
        last[check.school_class_id] = check
    ids = [only.pk] if only else list(SchoolClass.objects.filter(year=year).values_list("pk", flat=True))
    return {pk: _state(last.get(pk), year=year, today=today, policy=policy) for pk in ids}


def _state(check: RosterCheck | None, *, year: AcademicYear, today: date, policy: Policy) -> RosterState:
    day = min(today, year.ends_on)
    late = roster_check_due(check.checked_on if check else None, since=year.starts_on, today=day, policy=policy)
    return RosterState(
        checked_on=check.checked_on if check else None,
        checked_by=check.checked_by.person.short_name if check else "",
        due_on=day - timedelta(days=late),
        days_late=max(late, 0),
    )
