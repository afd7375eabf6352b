"""What the lesson page shows in its fields: the values in force, or what was typed and refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from letopis.core.days import day_title, weekday_letters
from letopis.register.access import OpenLesson
from letopis.register.forms import OTHER_DAY, LessonInput, TypedEvent, TypedTask
from letopis.register.models import Lesson, Task
from letopis.register.queries.lesson import LessonPage, PupilLine
from letopis.register.queries.lesson_gaps import group_title
from letopis.register.views.lesson_save import ATTENDANCE, FILES, HOMEWORK, TOPIC, Outcome
from letopis.rules.cells import NOT_SET
from letopis.rules.policy import Policy, WorkKind


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form."""

    value: Any
    seen: Any
    error: str = ""
    theirs: str = ""


@dataclass(frozen=True, slots=True)
class ColumnField:
    task: Task
    typed: TypedTask
    error: str = ""


@dataclass(frozen=True, slots=True)
class MarkField:
    name: str
    label: str
    value: str
    seen: str
    is_low: bool
    task: UUID
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class RowFields:
    """A pupil of the form."""

    line: PupilLine
    typed: TypedEvent
    seen_event: str
    cells: tuple[MarkField, ...]
    error: str = ""
    theirs: str = ""

    @property
    def shows_reason(self) -> bool:
        return self.line.attendance.reason != NOT_SET


@dataclass(frozen=True, slots=True)
class DueOption:
    """A line of the list «Выполнить к»."""

    value: str
    title: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Notice:
    text: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class LessonFields:
    """The page ready to print."""

    lesson: Lesson
    subject: str
    group: str
    day: str
    grid_url: str
    sees_course: bool
    may_plan: bool
    may_fill: bool
    notices: tuple[Notice, ...]
    topic: Field
    homework: Field
    due: tuple["DueOption", ...]
    due_other: str
    """The day of the last option, as typed."""
    minutes_text: str
    file_errors: tuple[str, ...]
    columns: tuple[ColumnField, ...]
    rows: tuple[RowFields, ...]
    kinds: Sequence[WorkKind]
    attendance_checked: bool


def lesson_fields(page: LessonPage, *, typed: LessonInput, outcome: Outcome, policy: Policy) -> LessonFields:
    """Return the fields. A field that was refused keeps what was typed; the others show what stands now."""
    opened, lesson = page.opened, page.lesson
    is_cancelled = lesson.state == Lesson.State.CANCELLED
    scale = page.scale.values
    due_text = typed.due_text if HOMEWORK in outcome.troubles else _iso(page.homework.due_on)
    return LessonFields(
        lesson=lesson,
        subject=opened.opened.course.subject.name,
        group=group_title(lesson),
        day=day_title(lesson.on),
        grid_url=page.grid_url,
        sees_course=opened.sees_course,
        may_plan=bool(page.may_plan) and not is_cancelled,
        may_fill=bool(page.may_fill) and not is_cancelled,
        notices=tuple(_notices(page, outcome)),
        topic=_field(outcome, TOPIC, typed=typed.topic and typed.topic.value, stands=lesson.topic),
        homework=_field(outcome, HOMEWORK, typed=typed.homework and typed.homework.value, stands=page.homework),
        due=due_options(page, chosen=due_text),
        due_other="" if any(due_text == _iso(one.on) for one in page.coming) else due_text,
        minutes_text=typed.minutes_text if HOMEWORK in outcome.troubles else str(page.homework.minutes or ""),
        file_errors=tuple(trouble.sentence for trouble in outcome.troubles.get(FILES, ())),
        columns=tuple(_column(task, typed=typed, outcome=outcome) for task in page.tasks) if scale else (),
        rows=tuple(_row(line, page=page, typed=typed, outcome=outcome) for line in page.lines),
        kinds=policy.work_kinds,
        attendance_checked=typed.attendance_checked and bool(outcome.troubles),
    )


def due_options(page: LessonPage, *, chosen: str) -> tuple[DueOption, ...]:
    """Return where a homework may be due: the next lessons of the course, and another day."""
    options = [
        DueOption(_iso(one.on), f"{one.on:%d.%m}, {weekday_letters(one.on)}", chosen == _iso(one.on))
        for one in page.coming
    ]
    if options and not chosen:
        # Sent empty, so that a homework nobody touched is no change.
        options[0] = DueOption("", options[0].title, True)
    is_other = bool(chosen) and not any(one.is_chosen for one in options)
    return (*options, DueOption(OTHER_DAY, _("другой день"), is_other or not options))


def _notices(page: LessonPage, outcome: Outcome) -> list[Notice]:
    opened: OpenLesson = page.opened
    if page.lesson.state == Lesson.State.CANCELLED:
        return [Notice(_("Занятие отменено: заполнять его не нужно."))]
    if not page.may_plan:
        return [Notice(opened.opened.read_only_reason or page.may_plan.sentence)]
    found = [Notice(trouble.sentence, True) for trouble in outcome.troubles.get(ATTENDANCE, ())]
    if page.is_ahead:
        found.append(Notice(_("Урок ещё впереди: сейчас можно записать тему и задание, остальное — в день урока.")))
    elif not opened.sees_course:
        found.append(Notice(_("Замена: вам доступен только этот урок.")))
    return found


def _field(outcome: Outcome, place: str, *, typed: Any, stands: Any) -> Field:
    troubles = outcome.troubles.get(place)
    if not troubles:
        return Field(stands, stands)
    # The value that stands now was shown, so the next press is a decision between the two.
    return Field(typed if typed is not None else stands, stands, troubles[0].sentence, troubles[0].theirs)


def _column(task: Task, *, typed: LessonInput, outcome: Outcome) -> ColumnField:
    troubles = outcome.troubles.get(task.code)
    if troubles and task.code in typed.tasks:
        return ColumnField(task, typed.tasks[task.code].value, troubles[0].sentence)
    return ColumnField(task, TypedTask(task.kind, task.title))


def _row(line: PupilLine, *, page: LessonPage, typed: LessonInput, outcome: Outcome) -> RowFields:
    troubles = outcome.troubles.get(line.code, [])
    stands = TypedEvent(line.attendance.event, str(line.attendance.minutes or "")).tidy()
    event = typed.events[line.code].value if troubles and line.code in typed.events else stands
    cells = []
    for number, task in enumerate(page.tasks if page.scale.values else (), 1):
        seen = line.marks.get(task.code, "")
        key = (task.code, line.code)
        value = typed.marks[key].value if troubles and key in typed.marks else seen
        label = task.kind or (_("Отметка") if len(page.tasks) == 1 else _("Отметка %d") % number)
        cells.append(
            MarkField(
                f"mark-{task.code}_{line.code}",
                label,
                value,
                seen,
                bool(seen) and seen == page.scale.values[-1],
                task.code,
                task.code in line.overdue,
            )
        )
    return RowFields(
        line=line,
        typed=event,
        seen_event=f"{stands.event} {stands.minutes}".strip(),
        cells=tuple(cells),
        error=" ".join(trouble.sentence for trouble in troubles),
        theirs=next((trouble.theirs for trouble in troubles if trouble.theirs), ""),
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
