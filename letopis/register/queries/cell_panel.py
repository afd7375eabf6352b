"""The panel beside the grid: one cell with its history, its lesson, its window, and the proposal of its row."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from letopis.core.days import day_of_month
from letopis.people.access import invisible
from letopis.register.access import OpenCourse, Stays
from letopis.register.models import Attendance, Homework, Mark, Task
from letopis.register.queries.cell_locks import CellLocks
from letopis.register.queries.cell_state import MarkState, PupilState, counted_marks, pupils_of
from letopis.register.queries.cells import look_of
from letopis.register.queries.corrections import Note, notes_of_cell
from letopis.register.queries.course_terms import Span
from letopis.register.queries.homework import due_day
from letopis.register.queries.lesson_history import Line, history_lines
from letopis.register.queries.locks import term_on
from letopis.register.queries.proposals import proposal_of
from letopis.register.queries.term_marks import kind_of_course
from letopis.rules.corrections import offers_correction
from letopis.rules.deadlines import Due
from letopis.rules.policy import GradingScale, Policy, WorkKind
from letopis.rules.policy.editions import Editions
from letopis.rules.verdict import Verdict
from letopis.rules.windows import MARKS, TOPIC
from letopis.schooling.models import Membership


@dataclass(frozen=True, slots=True)
class PanelLine:
    """One line of the history."""

    when: str
    what: str
    who: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CellPanel:
    """What the panel prints."""

    pupil: str
    lesson_on: date
    title: str
    """«Устный ответ: 4»."""
    window: Verdict
    """Whether the actor may change the mark by himself."""
    may_ask: bool
    """A permission for a correction would open it."""
    corrections: tuple[Note, ...]
    overdue: str
    """When the mark was due, of one that was put later; else empty."""
    history: tuple[PanelLine, ...]
    proposal_title: str
    explanation: str
    topic: str
    homework: str
    lesson_url: str
    lesson_code: UUID
    task_url: str
    """The editor of the column; empty for one who may not name the work."""
    task: UUID
    pupil_code: UUID
    has_mark: bool
    mark_note: str
    lesson_note: str
    may_note: bool
    kind: str
    kind_title: str
    kinds: tuple[WorkKind, ...]
    """For the list; empty for one who may not name the work."""

    @property
    def notes(self) -> list[str]:
        return [note for note in (self.mark_note, self.lesson_note) if note]


def cell_panel(
    opened: OpenCourse, *, task: UUID, pupil: UUID, span: Span, policies: Editions, now: datetime
) -> CellPanel:
    """Return the panel of a cell of the course, or answer 404.

    Letters are today's; window and kinds of work those of the lesson's day; the proposal that of the period.
    """
    column = (
        Task.objects.filter(code=task, lesson__course=opened.course.pk)
        .select_related("lesson__homework__due_lesson")
        .first()
    )
    rows = list(
        Membership.objects.filter(group=opened.course.group_id, pupil__code=pupil).select_related("pupil__person")
    )
    if column is None or not rows:
        invisible()
    lesson, person = column.lesson, rows[0].pupil.person
    stays = {pupil: Stays(rows[0].pupil_id, frozenset((row.starts_on, row.ends_on) for row in rows))}
    state = pupils_of(opened, stays=stays, lessons=[lesson.pk], first=span.first, last=span.last)[pupil]
    today, policy = opened.actor.today, policies.on(lesson.on)
    scale = policy.scale_for(scale_code=opened.course.subject.scale, grade=opened.grade or 1)
    kind = next((one for one in policy.work_kinds if one.code == column.kind), None)
    shown = look_of(state.facts(column), is_first=True, scale=scale, policy=policies.on(today)).text
    named = column.title or (kind.title if kind else _("Вид работы не назван"))
    locks = _locks(opened, column, state, policy=policy, scale=scale, now=now)
    window, mark = locks.window(column, MARKS), state.mark(column)
    may_name = opened.may_edit and bool(locks.window(column, TOPIC))
    barred = window if not window else locks.mark(column, state, mark)
    return CellPanel(
        pupil=f"{person.last_name} {person.first_name}",
        lesson_on=lesson.on,
        title=f"{named}: {shown}" if shown else named,
        window=barred,
        may_ask=offers_correction(barred),
        corrections=tuple(notes_of_cell(column, rows[0].pupil_id)),
        overdue=_overdue(locks, column, mark),
        history=_history(column, state, now=now, zone=opened.actor.organisation.time_zone),
        **_proposal(opened, state, span=span, policy=policies.of_period(span.last, today=today)),
        topic=lesson.topic,
        homework=_homework(getattr(lesson, "homework", None)),
        lesson_url=reverse("register:lesson", args=[lesson.code]),
        lesson_code=lesson.code,
        task_url=reverse("register:task", args=[lesson.code, column.code]) if may_name else "",
        task=column.code,
        pupil_code=pupil,
        has_mark=bool(state.mark(column).value),
        mark_note=state.mark(column).note,
        lesson_note=state.event(lesson.pk).note,
        may_note=bool(window) and opened.may_edit and stays[pupil].hold(lesson.on),
        kind=column.kind or policy.default_work_kind,
        kind_title=column.title,
        kinds=policy.work_kinds if may_name else (),
    )


def _locks(
    opened: OpenCourse, task: Any, state: PupilState, *, policy: Policy, scale: GradingScale, now: datetime
) -> CellLocks:
    """Return what closes the cell. One query."""
    term = term_on(opened, task.lesson.on)
    task.term_key, task.term_kind, task.term_days = (
        (term.pk, term.kind, (term.starts_on, term.ends_on)) if term else (None, None, None)
    )
    return CellLocks(opened, [task], [state], judged={task.pk: policy}, scales={task.pk: scale}, at=now)


def _overdue(locks: CellLocks, task: Task, mark: MarkState) -> str:
    due = locks.due_of(task) if locks.is_overdue(task, mark) else None
    return f"{due.effective:%d.%m.%Y %H:%M}" if isinstance(due, Due) else ""


def _history(task: Task, state: PupilState, *, now: datetime, zone: str) -> tuple[PanelLine, ...]:
    names = {}
    if mark := state.mark(task).pk:
        names[f"register.{Mark.__name__}:{mark}"] = ""
    if event := state.event(task.lesson_id).pk:
        names[f"register.{Attendance.__name__}:{event}"] = ""
    return tuple(
        PanelLine(_when(line, now=now, zone=zone), line.what, line.who, line.reason) for line in history_lines(names)
    )


def _when(line: Line, *, now: datetime, zone: str) -> str:
    at, today = line.at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    day = _("сегодня") if at.date() == today else day_of_month(at)
    return f"{day} {at:%H:%M}"


def _proposal(opened: OpenCourse, state: PupilState, *, span: Span, policy: Policy) -> dict[str, Any]:
    scale = policy.scale_for(scale_code=opened.course.subject.scale, grade=opened.grade or 1)
    kind = kind_of_course(opened, policy=policy)
    proposal = proposal_of(
        counted_marks(state), weekly_hours=opened.course.weekly_hours, policy=policy, scale=scale, period=kind
    )
    named = _("Почему прогноз «%(mark)s»") % {"mark": proposal.value} if proposal.value else _("Прогноз")
    title = _("Средняя за год") if span.is_year else named
    return {"proposal_title": title, "explanation": proposal.explanation()}


def _homework(homework: Homework | None) -> str:
    if homework is None:
        return _("Задание не записано")
    if homework.nothing_set:
        return _("Ничего не задано")
    day = due_day(homework)
    due = f" · {_('к')} {day_of_month(day)}" if day else ""
    return f"{_('Д/з')}: {homework.text}{due}"
