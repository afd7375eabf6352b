"""What is closed in a grid: columns by their window and the closing of the term, rows by the pupil's term mark.

No query but where the policy counts deadlines by the calendar or the bells (`dues`).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from letopis.core.clock import local_day
from letopis.register.access import OpenCourse
from letopis.register.models import Lesson
from letopis.register.queries.cell_state import NO_LOCK_VALUES
from letopis.register.queries.dues import CourseDues
from letopis.register.queries.grid_facts import LessonRow
from letopis.register.queries.locks import course_kind, lock_on, may_write
from letopis.register.queries.marked_terms import carriers
from letopis.rules.deadlines import Due
from letopis.rules.policy.editions import Editions
from letopis.rules.verdict import Verdict
from letopis.rules.windows import MARKS, PeriodLock, may_change_marks_of_period

LOCKED = "locked"
TERM_MARK = "TERM_MARK"


class GridLocks:
    """Judges the columns and rows of a page.

    terms: with their closing. put: by pupil and term, the mark set in it and when.
    """

    def __init__(
        self,
        opened: OpenCourse,
        terms: Sequence[Any],
        put: Mapping[tuple[int, int | None], tuple[str, datetime]],
        *,
        policies: Editions,
    ) -> None:
        self._opened, self._terms, self._put, self._policies = opened, terms, put, policies
        self._zone = opened.actor.organisation.time_zone
        self._periods: dict[date, PeriodLock | None] = {}
        self._carriers: dict[str, Mapping[int, int]] = {}

    def window(self, row: LessonRow) -> Verdict:
        """Say whether the actor may fill the column today."""
        # The rule asks for four fields of a lesson; they stand in the row.
        lesson = Lesson(on=row.on, teacher_id=row.teacher_id, state=Lesson.State.HELD)
        policy = self._policies.on(row.on)
        return may_write(self._opened, lesson, part=MARKS, policy=policy, lock=self._period(row.on))

    def is_ended(self, row: LessonRow) -> bool:
        """Say whether the end of the period closed the marks of the column, while its attendance is open."""
        policy = self._policies.on(row.on)
        if not self._opened.may_edit or policy.current_marks_lock == TERM_MARK:
            return False
        return not may_change_marks_of_period(
            lesson_on=row.on, today=self._opened.actor.today, lock=self._period(row.on), policy=policy
        )

    def due_of(self, rows: Sequence[LessonRow]) -> dict[int, datetime]:
        """Return by task until when its marks are put, without those that have no such term."""
        dues, found = CourseDues(self._opened), {}
        for row in rows:
            if row.task_id is None:
                continue
            period = self._period(row.on)
            due = dues.mark(
                kind=row.kind or "",
                on=row.on,
                number=row.number,
                worked_on=row.worked_on,
                period_end=period.ends_on if period else None,
            )
            if isinstance(due, Due):
                found[row.task_id] = due.effective
        return found

    def closed_rows(self, rows: Sequence[LessonRow], places: Sequence[str]) -> Callable[[int], Sequence[str] | None]:
        """Return a function from a pupil to the classes of his cells; None = as for everybody.

        The marks up to the day his term mark was set are closed (C-024). A class mostly has them set on one day, so the
        rows of a page are made of few such lists.
        """
        if not self._opened.may_edit:
            return lambda _pupil: None
        by_mark = [self._policies.on(row.on).current_marks_lock == TERM_MARK for row in rows]
        term_of = {row.on: self._carrier(row.on) for row in rows}
        terms = sorted({key for key in term_of.values() if key})
        days = {key: local_day(at, self._zone) for key, (value, at) in self._put.items() if value not in NO_LOCK_VALUES}
        made: dict[tuple[date | None, ...], Sequence[str] | None] = {}

        def closed(pupil: int) -> Sequence[str] | None:
            key = tuple(days.get((pupil, term)) for term in terms)
            if key not in made:
                until: dict[int | None, date | None] = dict(zip(terms, key, strict=True))
                locked = [
                    on_day and (day := until.get(term_of[row.on])) and row.on <= day
                    for row, on_day in zip(rows, by_mark, strict=True)
                ]
                made[key] = (
                    [place or (LOCKED if is_in else "") for place, is_in in zip(places, locked, strict=True)]
                    if any(locked)
                    else None
                )
            return made[key]

        return closed

    def _carrier(self, on: date) -> int | None:
        """Return the key of the term whose mark the lessons of a day lead to."""
        own = next((one.pk for one in self._terms if one.starts_on <= on <= one.ends_on), None)
        kind = course_kind(self._opened, policy=self._policies.on(on))
        if kind not in self._carriers:
            self._carriers[kind] = carriers(self._terms, kind=kind)
        return None if own is None else self._carriers[kind].get(own)

    def _period(self, on: date) -> PeriodLock | None:
        if on not in self._periods:
            self._periods[on] = lock_on(self._terms, on, zone=self._zone)
        return self._periods[on]
