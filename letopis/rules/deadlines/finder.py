"""Deadlines of a whole school at once: every answer is found once and remembered.

A page of the deputy asks for tens of thousands of them. What a deadline depends on is little (the row of the table, the
day, the last day of the term), so the answers are few.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, tzinfo
from typing import Any

from letopis.rules.calendar import FIVE_DAY_WEEK, SchoolCalendar
from letopis.rules.deadlines import duties
from letopis.rules.deadlines.counting import is_by_day
from letopis.rules.deadlines.duties import Head
from letopis.rules.deadlines.values import Due, Moments, NoDue
from letopis.rules.policy import LESSON, LESSONS, LESSONS_END, Limit, Policy
from letopis.rules.policy.editions import Editions

_LAST_SECOND = time(23, 59, 59)
"""Stands for the hour of a lesson that is not known: nobody can be late by a bell that is not known."""


class DueFinder:
    """Finds deadlines by the edition of the day of each lesson (of the term's last day for term marks).

    The object holds no clock and may be used for any number of courses of one school year.
    """

    def __init__(
        self,
        editions: Editions,
        *,
        zone: tzinfo,
        calendar: SchoolCalendar | None = None,
        weekdays: frozenset[int] = FIVE_DAY_WEEK,
    ) -> None:
        self.editions, self.zone, self.calendar, self.weekdays = editions, zone, calendar, weekdays
        self._policies: dict[date, Policy] = {}
        self._heads: dict[tuple[Any, ...], Head | NoDue] = {}
        self._shared: dict[tuple[Any, ...], Head] = {}
        self._found: dict[tuple[Any, ...], Due | NoDue] = {}

    def policy_on(self, day: date) -> Policy:
        """Return the policy in force on a day."""
        policy = self._policies.get(day)
        if policy is None:
            policy = self._policies[day] = self.editions.on(day)
        return policy

    def mark(
        self,
        *,
        kind: str,
        grade: int,
        subject: str,
        on: date,
        begins: time | None = None,
        worked_on: date | None = None,
        lessons_end: datetime | None = None,
        following: Sequence[date] = (),
        period_end: date | None = None,
    ) -> Due | NoDue:
        """Return until when the marks of a work are put. See `duties.mark_due`.

        on: day of the lesson; begins: its hour, needed only where the policy counts hours; without it they
        are counted from the end of the day.
        """
        policy = self.policy_on(on)
        half = duties.half_year_of(on)
        asked = (id(policy), kind, grade, subject, half)
        head = self._heads.get(asked)
        if head is None:
            head = self._heads[asked] = self._head(policy, kind, grade, subject, half)
        if isinstance(head, NoDue):
            return head
        key: tuple[Any, ...]
        if head.limit.unit == LESSONS:
            key = (head, on, worked_on, tuple(following), grade, period_end)
        elif head.limit.since == LESSON and is_by_day(head.limit, policy=policy):
            key = (head, on, grade, period_end)
        else:
            key = (head, on, begins, worked_on, lessons_end, grade, period_end)
        found = self._found.get(key)
        if found is None:
            moments = self._moments(
                on,
                begins=begins,
                worked_on=worked_on,
                lessons_end=lessons_end,
                following=following,
                period_end=period_end,
                grade=grade,
            )
            term = self.term_mark(period_end, grade=grade) if period_end else None
            deadline = term.limit if isinstance(term, Due) else None
            found = self._found[key] = duties.due_of(
                head.limit, head.clause, moments=moments, policy=policy, steps=head.steps, term_deadline=deadline
            )
        return found

    def lesson(self, on: date, *, begins: time | None = None, grade: int = 0, **given: Any) -> Due | NoDue:
        """Return until when the topic is entered. given: as `mark` takes, from lessons_end on."""
        return self._by_name("lesson", on, begins=begins, grade=grade, **given)

    def attendance(self, on: date, *, begins: time | None = None, grade: int = 0, **given: Any) -> Due | NoDue:
        """Return until when absences are entered."""
        return self._by_name("attendance", on, begins=begins, grade=grade, **given)

    def homework(self, on: date, *, begins: time | None = None, grade: int = 0, **given: Any) -> Due | NoDue:
        """Return until when homework is entered; lessons_end: the end of the class's last lesson that day."""
        return self._by_name("homework", on, begins=begins, grade=grade, **given)

    def absence_reason(self, on: date, *, begins: time | None = None, grade: int = 0, **given: Any) -> Due | NoDue:
        """Return until when the reason of an absence is given."""
        return self._by_name("absence_reason", on, begins=begins, grade=grade, **given)

    def term_mark(self, period_end: date, *, grade: int = 0) -> Due | NoDue:
        """Return until when the marks of the term with this last day are put."""
        key = ("term_mark", period_end, grade)
        found = self._found.get(key)
        if found is None:
            policy, moments = self.policy_on(period_end), self._moments(period_end, grade=grade)
            found = duties.term_mark_due(period_end, zone=self.zone, policy=policy, moments=moments)
            self._found[key] = found
        return found

    def _by_name(self, name: str, on: date, **given: Any) -> Due | NoDue:
        policy = self.policy_on(on)
        limit: Limit | None = getattr(policy, f"{name}_limit")
        given["following"] = tuple(given.get("following", ()))
        if limit is not None and is_by_day(limit, policy=policy) and limit.since in (LESSON, LESSONS_END):
            given = {"grade": given["grade"]}
        key = (name, on, *given.items())
        found = self._found.get(key)
        if found is None:
            moments = self._moments(on, **given)
            found = self._found[key] = getattr(duties, f"{name}_due")(moments=moments, policy=policy)
        return found

    def _head(self, policy: Policy, kind: str, grade: int, subject: str, half: int) -> Head | NoDue:
        """Return one head for all subjects that a row does not tell apart."""
        head = duties.mark_head(kind, grade=grade, subject=subject, half_year=half, policy=policy)
        if isinstance(head, NoDue):
            return head
        return self._shared.setdefault((id(policy), head.limit, head.clause, head.steps), head)

    def _moments(
        self,
        on: date,
        *,
        begins: time | None = None,
        worked_on: date | None = None,
        lessons_end: datetime | None = None,
        following: Sequence[date] = (),
        period_end: date | None = None,
        grade: int = 0,
    ) -> Moments:
        return Moments(
            lesson=datetime.combine(on, begins or _LAST_SECOND, self.zone),
            worked_on=worked_on,
            lessons_end=lessons_end,
            following_lessons=following,
            period_end=period_end,
            calendar=self.calendar,
            grade=grade,
            weekdays=self.weekdays,
        )
