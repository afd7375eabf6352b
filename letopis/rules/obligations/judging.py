"""The state of a duty at one moment. What does not depend on the single duty is found once for each deadline."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from letopis.rules.deadlines import Due, DueFinder, NoDue
from letopis.rules.obligations.values import DONE, DONE_LATE, DUE_SOON, LATE, OPEN
from letopis.rules.policy import ORAL, Policy

_SECOND = timedelta(seconds=1)


class Judged(NamedTuple):
    """A deadline as it stands now."""

    due: Due | NoDue
    state: str
    """Of a duty that is still open."""
    late_from: datetime | None
    """The first moment that is late, in UTC; None without a deadline."""

    def closed(self, at: datetime | None) -> str:
        """Return the state of a duty that was done at a moment; one that nobody knows was in time."""
        return DONE_LATE if at is not None and self.late_from is not None and at >= self.late_from else DONE


class Judge:
    """Judges duties at one moment.

    Done late is what was done after the effective deadline (C-003); «soon» begins policy.due_soon_hours before it.
    """

    def __init__(self, finder: DueFinder, *, now: datetime) -> None:
        """Take the finder of deadlines of one school year. now: aware."""
        self.finder = finder
        self.now = now.astimezone(UTC)
        self.today = now.astimezone(finder.zone).date()
        self.policy: Policy = finder.policy_on(self.today)
        self._soon = timedelta(hours=self.policy.due_soon_hours)
        # The deadline is kept beside its answer, so that its id stays its own.
        self._judged: dict[int, Judged] = {}
        self._days: dict[tuple[date, int], tuple[Judged, Judged]] = {}
        self._homework: dict[tuple[date, int, datetime | None], Judged] = {}
        self._asking: dict[int, tuple[Policy, dict[str, bool]]] = {}

    def of(self, due: Due | NoDue) -> Judged:
        """Return a deadline as it stands now."""
        found = self._judged.get(id(due))
        if found is None:
            found = self._judged[id(due)] = self._of(due)
        return found

    def lesson(self, on: date, grade: int) -> tuple[Judged, Judged]:
        """Return the deadlines of topic and of attendance of a day, as they stand now."""
        # Without a calendar a deadline is the same for every grade.
        grade = grade if self.finder.calendar else 0
        found = self._days.get((on, grade))
        if found is None:
            topic, attendance = self.finder.lesson(on, grade=grade), self.finder.attendance(on, grade=grade)
            found = self._days[on, grade] = (self.of(topic), self.of(attendance))
        return found

    def homework(self, on: date, grade: int, lessons_end: datetime | None) -> Judged:
        """Return the deadline of homework of a day, as it stands now."""
        grade = grade if self.finder.calendar else 0
        key = (on, grade, lessons_end)
        found = self._homework.get(key)
        if found is None:
            due = self.finder.homework(on, grade=grade, lessons_end=lessons_end)
            found = self._homework[key] = self.of(due)
        return found

    def works(self, policy: Policy) -> dict[str, bool]:
        """Return the kinds of work whose marks are asked for, each with whether it is a control work.

        Nobody need be questioned at every lesson, so a column of oral answers asks for nothing.
        """
        found = self._asking.get(id(policy))
        if found is None:
            kinds = {one.code: one.is_control for one in policy.work_kinds if one.deadline_class != ORAL}
            found = self._asking[id(policy)] = (policy, kinds)
        return found[1]

    def _of(self, due: Due | NoDue) -> Judged:
        if isinstance(due, NoDue):
            return Judged(due, OPEN, None)
        late_from = due.effective.astimezone(UTC).replace(microsecond=0) + _SECOND
        if self.now >= late_from:
            return Judged(due, LATE, late_from)
        return Judged(due, DUE_SOON if self.now >= late_from - self._soon else OPEN, late_from)
