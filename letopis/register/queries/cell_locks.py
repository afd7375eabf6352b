"""What closes the cells of one save: the window of each lesson, the closing of its term, each pupil's term mark.

Everything is known already from the two statements of the save. Only what is rare asks once more: whether the class was
taught at a distance, where the window is over, the calendar, where the school forbids late marks and counts so, the
terms, where a subject is marked by half-years of quarters, and corrections, where a mark changes by permission alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from letopis.core.clock import local_day
from letopis.register.access import OpenCourse
from letopis.register.models import Task
from letopis.register.queries.cell_state import MarkState, PupilState
from letopis.register.queries.course_terms import terms_for
from letopis.register.queries.dues import CourseDues
from letopis.register.queries.locks import course_kind, is_by_permission, may_write
from letopis.register.queries.marked_terms import carriers
from letopis.rules import windows
from letopis.rules.cells import marks_in
from letopis.rules.deadlines import Due, NoDue
from letopis.rules.policy import GradingScale, Policy
from letopis.rules.verdict import ALLOWED, Verdict
from letopis.rules.windows import PeriodLock
from letopis.schooling.queries.distance import distance_of

FORBIDDEN = "FORBIDDEN"
WINDOW = "WINDOW"


class CellLocks:
    """Judges the cells of a save. pupils: as `cell_state.pupils_of` gave them, after the lessons were locked."""

    def __init__(
        self,
        opened: OpenCourse,
        tasks: Sequence[Task],
        pupils: Iterable[PupilState],
        *,
        judged: Mapping[int, Policy],
        scales: Mapping[int, GradingScale],
        at: datetime,
    ) -> None:
        self._opened, self._judged, self._scales, self._at = opened, judged, scales, at
        self._zone = opened.actor.organisation.time_zone
        self._dues = CourseDues(opened)
        self._distance: dict[int, bool] = {}
        self._carriers: dict[str, Mapping[int, int]] = {}
        any_pupil = next(iter(pupils), None)
        closed = any_pupil.closed if any_pupil else {}
        self._periods = {task.pk: self._period(task, closed) for task in tasks}

    def window(self, task: Task, part: str) -> Verdict:
        """Say whether a part of the lesson of a column may be changed at all."""
        verdict = self._may_write(task, part)
        if verdict or part != windows.MARKS or verdict.code not in ("WINDOW_OVER", "MONTH_LOCKED"):
            return verdict
        return self._may_write(task, part, is_distance=True) if self._is_distance(task) else verdict

    def mark(self, task: Task, pupil: PupilState, new: MarkState) -> Verdict:
        """Say whether the mark of a pupil may become another: by his term mark, by the rule of corrections."""
        policy, was = self._judged[task.pk], pupil.mark(task)
        verdict = windows.may_change_marks_of_period(
            lesson_on=task.lesson.on, today=self._opened.actor.today, lock=self._lock(task, pupil), policy=policy
        )
        if not verdict or was.put_at is None or not self._is_mark(task, was):
            return verdict
        is_author = was.put_by == self._opened.actor.employee_id and not (
            policy.mark_correction != WINDOW and is_by_permission(task.pk, pupil.stays.pupil_id, put_at=was.put_at)
        )
        return windows.may_change_mark(
            put_at=was.put_at, at=self._at, is_author=is_author, policy=policy, changes=was.changes
        )

    def due(self, task: Task, was: MarkState) -> Due | NoDue | None:
        """Return the deadline that a new mark is judged by; None where none can refuse it."""
        if self._judged[task.pk].backdating != FORBIDDEN or self._is_mark(task, was):
            return None
        return self.due_of(task)

    def is_distance(self, task: Task) -> bool:
        """Say whether the class was taught at a distance; asked only where late marks are forbidden."""
        return self._judged[task.pk].backdating == FORBIDDEN and self._is_distance(task)

    def attendance(self, task: Task) -> Verdict:
        """Say whether absences may be entered: late ones, where nobody has looked yet and the school takes none."""
        policy, lesson = self._judged[task.pk], task.lesson
        if policy.late_lessons != FORBIDDEN or lesson.attendance_taken_at is not None:
            return ALLOWED
        due = self._dues.attendance(on=lesson.on, number=lesson.number)
        return windows.may_enter(windows.ATTENDANCE, due=due, at=self._at, policy=policy)

    def is_overdue(self, task: Task, mark: MarkState) -> bool:
        """Say whether a mark was first put after its deadline. A corrected one tells its correction alone."""
        if mark.changes or mark.put_at is None or not self._is_mark(task, mark):
            return False
        due = self.due_of(task)
        return bool(due) and isinstance(due, Due) and due.is_late(mark.put_at)

    def due_of(self, task: Task) -> Due | NoDue:
        """Return until when the marks of a column are put."""
        lesson, period = task.lesson, self._periods[task.pk]
        return self._dues.mark(
            kind=task.kind,
            on=lesson.on,
            number=lesson.number,
            worked_on=task.worked_on,
            period_end=period.ends_on if period else None,
        )

    def _may_write(self, task: Task, part: str, *, is_distance: bool = False) -> Verdict:
        return may_write(
            self._opened,
            task.lesson,
            part=part,
            policy=self._judged[task.pk],
            lock=self._periods[task.pk],
            is_distance=is_distance,
        )

    def _period(self, task: Task, closed: Mapping[int, datetime]) -> PeriodLock | None:
        key, days = task.term_key, task.term_days  # type: ignore[attr-defined]
        if days is None:
            return None
        at = closed.get(key)
        return PeriodLock(days[1], closed_on=local_day(at, self._zone) if at else None)

    def _lock(self, task: Task, pupil: PupilState) -> PeriodLock | None:
        period = self._periods[task.pk]
        at = pupil.term_marks.get(self._carrier(task)) if period and pupil.term_marks else None
        return replace(period, term_mark_on=local_day(at, self._zone)) if period and at else period

    def _carrier(self, task: Task) -> int:
        """Return the key of the term whose mark the column leads to: of its own, or of the half-year's last quarter."""
        key, own = task.term_key, task.term_kind  # type: ignore[attr-defined]
        kind = course_kind(self._opened, policy=self._judged[task.pk])
        if not kind or kind == own:
            return int(key)
        if kind not in self._carriers:
            self._carriers[kind] = carriers(list(terms_for(self._opened)), kind=kind)
        return self._carriers[kind].get(key, int(key))

    def _is_mark(self, task: Task, mark: MarkState) -> bool:
        return bool(mark.value and marks_in(mark.value, scale=self._scales[task.pk]))

    def _is_distance(self, task: Task) -> bool:
        if task.lesson_id not in self._distance:
            self._distance[task.lesson_id] = distance_of(self._opened.course, task.lesson.on) is not None
        return self._distance[task.lesson_id]
