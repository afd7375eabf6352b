"""The cells of one save as they stand and as they become: each cell is read, judged and put, or refused alone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from letopis.people.models import Employee
from letopis.register.access import SUBSTITUTE, OpenCourse, Stays
from letopis.register.actions.cell_policies import CellPolicies
from letopis.register.actions.cell_results import (
    CONFLICT,
    MAY_BE_CONFIRMED,
    REFUSED,
    SAVED,
    CellResult,
    CellSave,
    RowResult,
    Theirs,
)
from letopis.register.actions.cell_writing import Changes
from letopis.register.models import Task
from letopis.register.queries.absence_papers import reason_for
from letopis.register.queries.absent_marks import AbsentMarks
from letopis.register.queries.cell_locks import CellLocks
from letopis.register.queries.cell_state import EventState, MarkState, PupilState, counted_marks, pupils_of
from letopis.register.queries.cells import Look, look_of
from letopis.register.queries.proposals import mean_and_value, weights_of
from letopis.rules.cells import ABSENT, NOT_SET, PRESENT, CellInput, marks_in, parse_cell
from letopis.rules.decimals import format_mean
from letopis.rules.names import short_name
from letopis.rules.verdict import ALLOWED, Verdict, refused
from letopis.rules.windows import ATTENDANCE, MARKS, may_mark_absent, may_mark_attendance, may_put_mark

_UNKNOWN = refused("UNKNOWN_CELL", "Такой клетки в журнале нет: обновите страницу.")


class Sheet:
    """The touched part of the grid. `put` changes it cell by cell; what must be written gathers in `changes`."""

    def __init__(
        self,
        opened: OpenCourse,
        tasks: Sequence[Task],
        stays: Mapping[UUID, Stays],
        *,
        whole_year: bool,
        at: datetime,
    ) -> None:
        self.opened, self.whole_year, self.at = opened, whole_year, at
        self.policies = CellPolicies(opened, tasks)
        self.judged, self.scales = self.policies.judged, self.policies.scales
        self.tasks = {task.code: task for task in tasks}
        self.absent_marks = AbsentMarks(opened.course, policies=self.policies.editions)
        self.changes = Changes()
        self.columns: dict[int, list[Task]] = {}
        for task in tasks:
            self.columns.setdefault(task.lesson_id, []).append(task)
        self.pupils = self._pupils(stays) if tasks else {}
        self.locks = CellLocks(opened, tasks, self.pupils.values(), judged=self.judged, scales=self.scales, at=at)

    def put(self, cell: CellSave) -> CellResult:
        """Judge one cell and put it on the sheet."""
        task, pupil = self.tasks.get(cell.task), self.pupils.get(cell.pupil)
        if task is None or pupil is None:
            return CellResult(cell.task, cell.pupil, REFUSED, _UNKNOWN)
        # Nothing can be written where the marks are closed, except attendance beside a lesson at a distance.
        window = self.locks.window(task, MARKS)
        if not window:
            return CellResult(cell.task, cell.pupil, REFUSED, window)
        asked = parse_cell(
            cell.text,
            scale=self.scales[task.pk],
            policy=self.policies.letters(task),
            components=task.components,
            whole=cell.exact,
        )
        if isinstance(asked, Verdict):
            return CellResult(cell.task, cell.pupil, REFUSED, asked)
        mark, event = self._wanted(task, pupil, asked, exact=cell.exact)
        was_mark, was_event = pupil.mark(task), pupil.event(task.lesson_id)
        if (mark.value, event.known) == (was_mark.value, was_event.known):
            return CellResult(cell.task, cell.pupil, SAVED)
        if self._look(task, pupil).text != cell.seen:
            return CellResult(cell.task, cell.pupil, CONFLICT, theirs=self._theirs(task, pupil))
        verdict = self._verdict(task, pupil, mark=mark, event=event)
        if not verdict and not (cell.confirm and verdict.code in MAY_BE_CONFIRMED):
            return CellResult(cell.task, cell.pupil, REFUSED, verdict)
        self._put(task, pupil, mark=mark, event=event)
        return CellResult(cell.task, cell.pupil, SAVED)

    def rest_on_papers(self) -> None:
        """Give new absences the reason of the paper in force that day (C-011): one query, only when there are any."""
        fresh = {
            (lesson, pupil): self.changes.lessons[lesson].on
            for (lesson, pupil), (before, after) in self.changes.events.items()
            if after.event == ABSENT != before.event and after.reason == NOT_SET
        }
        papers = reason_for([(pupil, on) for (_lesson, pupil), on in fresh.items()], policies=self.policies.editions)
        pupils = {pupil.stays.pupil_id: pupil for pupil in self.pupils.values()}
        for (lesson, pupil), on in fresh.items():
            if (pupil, on) in papers:
                paper, entered_by = papers[pupil, on]
                before, after = self.changes.events[lesson, pupil]
                rested = replace(after, reason=paper.reason, document=paper.key, reason_by=entered_by)
                pupils[pupil].events[lesson] = rested
                self.changes.events[lesson, pupil] = (before, rested)

    def shown(self, result: CellResult) -> CellResult:
        """Return the result with how its cell looks after the whole save."""
        task, pupil = self.tasks.get(result.task), self.pupils.get(result.pupil)
        if task is None or pupil is None:
            return result
        others = [one for one in self.columns[task.lesson_id] if one.pk != task.pk]
        return replace(
            result,
            look=self._look(task, pupil),
            others=tuple((one.code, self._look(one, pupil)) for one in others),
        )

    def rows(self) -> tuple[RowResult, ...]:
        """Return the figures of the touched pupils; a substitute sees lessons and no course: none."""
        if self.opened.sees_as == SUBSTITUTE or not self.pupils:
            return ()
        policy = self.policies.of_period(self._span()[1])
        weights, scale, rows = weights_of(policy), self.policies.scale_of(policy), []
        for code, pupil in self.pupils.items():
            mean, value = mean_and_value(counted_marks(pupil), weights=weights, policy=policy, scale=scale)
            average = format_mean(mean) if mean is not None else ""
            rows.append(RowResult(code, average, "" if self.whole_year else value or ""))
        return tuple(rows)

    def _pupils(self, stays: Mapping[UUID, Stays]) -> dict[UUID, PupilState]:
        first, last = self._span()
        return pupils_of(self.opened, stays=stays, lessons=list(self.columns), first=first, last=last)

    def _span(self) -> tuple[date, date]:
        """Return the days of the page that the figures of its rows are of."""
        year = self.opened.course.year
        terms = [task.term_days for task in self.tasks.values()]  # type: ignore[attr-defined]
        spans = [(year.starts_on, year.ends_on)] if self.whole_year or None in terms else terms
        return min(first for first, _last in spans), max(last for _first, last in spans)

    def _is_first(self, task: Task) -> bool:
        return self.columns[task.lesson_id][0].pk == task.pk

    def _look(self, task: Task, pupil: PupilState) -> Look:
        facts = pupil.facts(task)
        if facts.mark:
            facts = replace(facts, is_overdue=self.locks.is_overdue(task, pupil.mark(task)))
        return look_of(facts, is_first=self._is_first(task), scale=self.scales[task.pk], policy=self.policies.signs)

    def _wanted(self, task: Task, pupil: PupilState, asked: CellInput, *, exact: bool) -> tuple[MarkState, EventState]:
        """Return the mark and the event the cell would hold; what is not asked for stays, unless the text is exact."""
        mark, event = pupil.mark(task), pupil.event(task.lesson_id)
        if asked.clear or (exact and asked.mark is None):
            mark = replace(mark, value="")
        if (asked.clear or exact) and asked.attendance is None and self._is_first(task) and event.pk:
            # A second column does not show the event, so emptying it does not take the event away.
            event = replace(event, event=PRESENT, minutes=None, reason=NOT_SET)
        if asked.mark is not None:
            mark = replace(mark, value=asked.mark)
        if asked.attendance == PRESENT and event.event in ("", PRESENT):
            return mark, event
        if asked.attendance is not None:
            kept = asked.attendance == event.event == ABSENT and asked.reason is None
            reason = event.reason if kept else asked.reason or NOT_SET
            event = replace(event, event=asked.attendance, minutes=asked.minutes, reason=reason)
        return mark, event

    def _verdict(self, task: Task, pupil: PupilState, *, mark: MarkState, event: EventState) -> Verdict:
        was_mark, was_event = pupil.mark(task), pupil.event(task.lesson_id)
        locked = self._locked(task, pupil, mark=mark, event=event)
        if not locked:
            return locked
        is_member = pupil.stays.hold(task.lesson.on)
        if mark.value and mark.value != was_mark.value and not self._is_mark(task, mark):
            # «.» for an absent pupil is what it is for: his work is awaited.
            return may_put_mark(
                pupil_is_member=is_member, absent=False, scale=self.scales[task.pk], policy=self.judged[task.pk]
            )
        if mark.value and mark.value != was_mark.value:
            absent, lesson = event.event == ABSENT, task.lesson
            strict = absent and self.absent_marks.is_strict(lesson)
            return may_put_mark(
                pupil_is_member=is_member,
                absent=absent,
                scale=self.scales[task.pk],
                is_strict=strict,
                policy=self.judged[task.pk],
                confirmed_illness=strict and self.absent_marks.is_confirmed(lesson, pupil.stays.pupil_id),
                due=self.locks.due(task, was_mark),
                at=self.at,
                is_distance=self.locks.is_distance(task),
            )
        if event.event == ABSENT and event.known != was_event.known:
            others = [one for one in self.columns[task.lesson_id] if one.pk != task.pk]
            has_mark = self._is_mark(task, mark) or any(self._is_mark(one, pupil.mark(one)) for one in others)
            return may_mark_absent(pupil_is_member=is_member, has_mark=has_mark)
        return may_mark_attendance(pupil_is_member=is_member)

    def _locked(self, task: Task, pupil: PupilState, *, mark: MarkState, event: EventState) -> Verdict:
        """Refuse what is closed for this pupil: his mark by the term mark, attendance by its own window and term."""
        if mark.value != pupil.mark(task).value:
            verdict = self.locks.mark(task, pupil, mark)
            if not verdict:
                return verdict
        if event.known == pupil.event(task.lesson_id).known:
            return ALLOWED
        window = self.locks.window(task, ATTENDANCE)
        return self.locks.attendance(task) if window else window

    def _is_mark(self, task: Task, mark: MarkState) -> bool:
        return bool(marks_in(mark.value, scale=self.scales[task.pk]))

    def _put(self, task: Task, pupil: PupilState, *, mark: MarkState, event: EventState) -> None:
        was_mark, was_event = pupil.mark(task), pupil.event(task.lesson_id)
        if mark.value != was_mark.value:
            if mark.value and not task.kind:
                task.kind = self.judged[task.pk].default_work_kind
                self.changes.named[task.pk] = task
            after = replace(
                mark,
                kind=task.kind,
                weight=task.weight,
                changes=was_mark.changes + (was_mark.pk is not None),
                put_at=self.at,
                put_by=self.opened.actor.employee_id,
            )
            pupil.marks[task.pk] = after
            self.changes.put_mark((task.pk, pupil.stays.pupil_id), was_mark, after)
        if event.known != was_event.known:
            pupil.events[task.lesson_id] = event
            self.changes.put_event((task.lesson_id, pupil.stays.pupil_id), was_event, event)
        self.changes.lessons[task.lesson_id] = task.lesson

    def _theirs(self, task: Task, pupil: PupilState) -> Theirs:
        mark, event = pupil.mark(task), pupil.event(task.lesson_id)
        moments = [(state.put_at, state.put_by) for state in (mark, event) if state.put_at is not None]
        at, who = max(moments, key=lambda moment: moment[0], default=(None, None))
        person = Employee.objects.filter(pk=who or 0).values_list(
            "person__last_name", "person__first_name", "person__middle_name"
        )
        return Theirs(self._look(task, pupil).text, short_name(*(person.first() or ("",))), at)
