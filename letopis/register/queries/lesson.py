"""The lesson page: everything recorded of one lesson, in eleven queries whatever the size of the class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse

from letopis.ledger.actions import object_name
from letopis.register.access import OpenLesson
from letopis.register.models import Attendance, Homework, HomeworkFile, Lesson, Mark, Task
from letopis.register.queries.absence_suggestions import suggestions_for
from letopis.register.queries.corrections import Note, notes_of_lesson
from letopis.register.queries.course_terms import WHOLE_YEAR
from letopis.register.queries.homework import HomeworkValue, homework_of
from letopis.register.queries.lesson_history import Line, history_lines
from letopis.register.queries.lesson_locks import closed_pupils, may_write_part, overdue_marks
from letopis.register.queries.locks import period_lock, term_on
from letopis.register.queries.page_state import late_entry
from letopis.rules import windows
from letopis.rules.cells import NOT_SET, event_letters
from letopis.rules.corrections import offers_correction
from letopis.rules.policy import GradingScale, Policy
from letopis.rules.policy.editions import Editions
from letopis.rules.verdict import Verdict
from letopis.schooling.queries import pupils_of

COMING = 8
"""How many lessons ahead are offered for a homework to be due at."""


@dataclass(frozen=True, slots=True)
class EventValue:
    """What is recorded of a pupil's attendance; nothing recorded is a pupil who was there."""

    event: str = Attendance.Event.PRESENT
    minutes: int | None = None
    reason: str = NOT_SET
    letters: str = ""
    """What the register shows: «н», «б», «о10»."""


@dataclass(frozen=True, slots=True)
class PupilLine:
    """A pupil of the lesson."""

    code: UUID
    name: str
    attendance: EventValue
    suggestion: str
    """Why he is probably not there, until the teacher says; counts for nothing."""
    marks: Mapping[UUID, str]
    """The mark in force by code of the task; a task without one is absent."""
    is_closed: bool = False
    """The term mark is set: the marks of this lesson are changed by permission alone (C-024)."""
    overdue: frozenset[UUID] = frozenset()
    """Tasks whose mark was put after its deadline."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The lesson before or after this one in the course."""

    code: UUID
    on: date
    number: int


@dataclass(frozen=True, slots=True)
class LessonPage:
    """Everything the page shows."""

    opened: OpenLesson
    order: int
    """Which lesson of the course this is, counted from the beginning of the year."""
    tasks: tuple[Task, ...]
    lines: tuple[PupilLine, ...]
    homework: HomeworkValue
    homework_set_at: datetime | None
    late_at: datetime | None
    """When its first fact was entered, where that was after its day (REG-003)."""
    files: tuple[HomeworkFile, ...]
    previous: Neighbour | None
    following: Neighbour | None
    coming: tuple[Neighbour, ...]
    """The next lessons of the course: one of them is where a homework is due."""
    term: int | None
    """Number of the term the lesson lies in, for the way back to the grid; None between terms."""
    history: tuple[Line, ...]
    scale: GradingScale
    may_plan: Verdict
    """Whether topic and homework may be written now."""
    may_fill: Verdict
    """Whether attendance and marks may be put now."""
    corrections: tuple[Note, ...] = ()
    """What was corrected in the lesson, or is asked for."""

    @property
    def lesson(self) -> Lesson:
        return self.opened.lesson

    @property
    def may_ask_plan(self) -> bool:
        """Whether a permission would open topic and homework."""
        return offers_correction(self.may_plan)

    @property
    def may_ask_fill(self) -> bool:
        """Whether a permission would open attendance and marks."""
        return offers_correction(self.may_fill)

    @property
    def suggested(self) -> tuple[PupilLine, ...]:
        """Pupils who are probably not there."""
        return tuple(line for line in self.lines if line.suggestion)

    @property
    def is_ahead(self) -> bool:
        return self.lesson.on > self.opened.opened.actor.today

    @property
    def grid_url(self) -> str:
        """The first column of the lesson in the grid."""
        course = reverse("register:grid", args=[self.opened.opened.course.code])
        column = f"#task={self.tasks[0].code}" if self.tasks else ""
        return f"{course}?term={self.term or WHOLE_YEAR}{column}"

    @property
    def away(self) -> int:
        """How many are marked absent or late: «everybody is present» would take that off, and says so before."""
        return sum(line.attendance.event != Attendance.Event.PRESENT for line in self.lines)

    @property
    def next_day(self) -> date | None:
        """The day a homework without a day of its own is due."""
        return self.following.on if self.following else None


def lesson_page(opened: OpenLesson, *, policies: Editions) -> LessonPage:
    """Return the page of a lesson. Its letters are today's; what may be done is said by the policy of its day."""
    lesson, course = opened.lesson, opened.opened.course
    policy, signs = policies.on(lesson.on), policies.on(opened.opened.actor.today)
    tasks = tuple(Task.objects.filter(lesson=lesson).order_by("position"))
    marks = list(Mark.objects.filter(task__in=[task.pk for task in tasks]))
    attendances = list(Attendance.objects.filter(lesson=lesson))
    homework = Homework.objects.filter(lesson=lesson).select_related("due_lesson").first()
    pupils = pupils_of(course.group, lesson.on)
    names = {pupil.pk: f"{pupil.person.last_name} {pupil.person.first_name}" for pupil in pupils}
    facts: list[Mark | Attendance] = [*marks, *attendances]
    about = {object_name(row): names.get(row.pupil_id, "") for row in facts}
    about |= {object_name(row): "" for row in [lesson, *tasks]}
    order, previous, coming = _neighbours(lesson)
    files = HomeworkFile.objects.filter(homework=homework, removed_at=None).order_by("pk") if homework else []
    events = {row.pupil_id: _event(row, policy=signs) for row in attendances}
    term = term_on(opened.opened, lesson.on)
    lock = period_lock(term, zone=opened.opened.actor.organisation.time_zone) if term else None
    may_fill = may_write_part(opened, part=windows.MARKS, policy=policy, lock=lock)
    closed = closed_pupils(opened, lock=lock, policy=policy) if may_fill else set()
    overdue = overdue_marks(opened, tasks=tasks, marks=marks, lock=lock)
    asks = bool(may_fill) and lesson.attendance_taken_at is None and lesson.on <= opened.opened.actor.today
    suggested = suggestions_for(lesson, list(names)) if asks else {}
    return LessonPage(
        opened=opened,
        order=order,
        tasks=tasks,
        lines=tuple(
            PupilLine(
                code=pupil.code,
                name=names[pupil.pk],
                attendance=events.get(pupil.pk, EventValue()),
                suggestion=suggested[pupil.pk].sentence if pupil.pk in suggested else "",
                marks=_marks_of(pupil.pk, tasks=tasks, marks=marks),
                is_closed=pupil.pk in closed,
                overdue=frozenset(
                    task.code
                    for task in tasks
                    for mark in marks
                    if (mark.task_id, mark.pupil_id) == (task.pk, pupil.pk)
                    and mark.pk in overdue
                    and events.get(pupil.pk, EventValue()).event != Attendance.Event.ABSENT
                ),
            )
            for pupil in pupils
        ),
        homework=homework_of(homework),
        homework_set_at=homework.set_at if homework else None,
        late_at=late_entry(lesson, zone=opened.opened.actor.organisation.time_zone),
        files=tuple(files),
        previous=previous,
        following=coming[0] if coming else None,
        coming=coming,
        term=term.number if term else None,
        history=history_lines(about),
        scale=policy.scale_for(scale_code=course.subject.scale, grade=opened.opened.grade or 1),
        may_plan=may_write_part(opened, part=windows.TOPIC, policy=policy, lock=lock),
        may_fill=may_fill,
        corrections=tuple(notes_of_lesson(lesson)),
    )


def _event(row: Attendance, *, policy: Policy) -> EventValue:
    return EventValue(
        row.event, row.minutes, row.reason, event_letters(row.event, row.minutes, row.reason, policy=policy)
    )


def _marks_of(pupil_id: int, *, tasks: Sequence[Task], marks: Sequence[Mark]) -> dict[UUID, str]:
    codes = {task.pk: task.code for task in tasks}
    return {codes[mark.task_id]: mark.value for mark in marks if mark.pupil_id == pupil_id and mark.value}


def _neighbours(lesson: Lesson) -> tuple[int, Neighbour | None, tuple[Neighbour, ...]]:
    rows = [
        Neighbour(*row)
        for row in Lesson.objects.filter(course=lesson.course_id)
        .exclude(state=Lesson.State.CANCELLED)
        .order_by("on", "number")
        .values_list("code", "on", "number")
    ]
    before = [row for row in rows if (row.on, row.number) < (lesson.on, lesson.number)]
    after = [row for row in rows if (row.on, row.number) > (lesson.on, lesson.number)]
    return len(before) + 1, before[-1] if before else None, tuple(after[:COMING])
