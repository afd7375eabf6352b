"""Until when marks and absences of the lessons of one course are put.

The calendar, the bells and the days of the course's lessons are read only where the policy counts by them: by default
all limits are calendar days, and nothing is read at all.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

from letopis.register.access import OpenCourse
from letopis.register.models import Lesson
from letopis.rules.deadlines import Due, DueFinder, NoDue
from letopis.rules.policy import HOURS, LESSONS, LESSONS_END, MINUTES, WORKING_DAYS, Limit, Policy
from letopis.schooling.models import Bell
from letopis.schooling.queries.years import calendar_of


class CourseDues:
    """Deadlines of a course. Asks for each thing it needs once."""

    def __init__(self, opened: OpenCourse) -> None:
        self._opened = opened
        self._zone = ZoneInfo(opened.actor.organisation.time_zone)

    def mark(
        self, *, kind: str, on: date, number: int, worked_on: date | None = None, period_end: date | None = None
    ) -> Due | NoDue:
        """Return until when the marks of a work are put. number: of the lesson that day."""
        limits = [row.limit for row in self._policy(on).mark_deadlines]
        finder = self._by_calendar if self._needs_calendar(on, limits) else self._plain
        return finder.mark(
            kind=kind or self._policy(on).default_work_kind,
            grade=self._opened.grade or 1,
            subject=self._opened.course.subject.name,
            on=on,
            begins=self._begins(on, number, limits),
            worked_on=worked_on,
            lessons_end=self._lessons_end(on, limits),
            following=self._days if any(limit.unit == LESSONS for limit in limits) else (),
            period_end=period_end,
        )

    def attendance(self, *, on: date, number: int) -> Due | NoDue:
        """Return until when the absences of a lesson are entered."""
        return self._of_lesson("attendance", self._policy(on).attendance_limit, on=on, number=number)

    def topic(self, *, on: date, number: int) -> Due | NoDue:
        """Return until when the topic of a lesson is entered."""
        return self._of_lesson("lesson", self._policy(on).lesson_limit, on=on, number=number)

    def _of_lesson(self, name: str, limit: Limit, *, on: date, number: int) -> Due | NoDue:
        finder = self._by_calendar if self._needs_calendar(on, [limit]) else self._plain
        found: Due | NoDue = getattr(finder, name)(
            on,
            begins=self._begins(on, number, [limit]),
            grade=self._opened.grade or 1,
            lessons_end=self._lessons_end(on, [limit]),
            following=self._days if limit.unit == LESSONS else (),
        )
        return found

    def _policy(self, on: date) -> Policy:
        return self._opened.actor.policy_on(on)

    @cached_property
    def _plain(self) -> DueFinder:
        return DueFinder(self._opened.actor.policies, zone=self._zone)

    @cached_property
    def _by_calendar(self) -> DueFinder:
        year = self._opened.course.year
        # The school is there already; without it the calendar would ask for it again.
        year.organisation = self._opened.actor.organisation
        return DueFinder(self._opened.actor.policies, zone=self._zone, calendar=calendar_of(year))

    def _needs_calendar(self, on: date, limits: Sequence[Limit]) -> bool:
        policy = self._policy(on)
        return policy.shift_from_days_off or any(
            limit.unit == WORKING_DAYS for limit in [*limits, policy.term_mark_limit]
        )

    def _begins(self, on: date, number: int, limits: Sequence[Limit]) -> time | None:
        by_hour = not self._policy(on).days_end_at_midnight or any(limit.unit in (MINUTES, HOURS) for limit in limits)
        bell = self._bells.get(number) if by_hour else None
        return bell[0] if bell else None

    def _lessons_end(self, on: date, limits: Sequence[Limit]) -> datetime | None:
        if not any(limit.since == LESSONS_END and limit.unit in (MINUTES, HOURS) for limit in limits):
            return None
        bell = self._bells.get(self._last_numbers.get(on, 0))
        return datetime.combine(on, bell[1], self._zone) if bell else None

    @cached_property
    def _bells(self) -> dict[int, tuple[time, time]]:
        school_class = self._opened.course.group.school_class
        bells = Bell.objects.filter(year=self._opened.course.year_id, shift=school_class.shift if school_class else 1)
        return {number: (start, end) for number, start, end in bells.values_list("number", "starts_at", "ends_at")}

    @cached_property
    def _days(self) -> tuple[date, ...]:
        rows = Lesson.objects.filter(course=self._opened.course.pk).exclude(state=Lesson.State.CANCELLED)
        return tuple(rows.order_by("on", "number").values_list("on", flat=True))

    @cached_property
    def _last_numbers(self) -> dict[date, int]:
        """The number of the last lesson of the class by day."""
        group = self._opened.course.group
        rows = Lesson.objects.filter(course__year=self._opened.course.year_id).exclude(state=Lesson.State.CANCELLED)
        own = (
            rows.filter(course__group__school_class=group.school_class_id)
            if group.school_class_id
            else rows.filter(course=self._opened.course.pk)
        )
        return dict(own.order_by("on", "number").values_list("on", "number"))
