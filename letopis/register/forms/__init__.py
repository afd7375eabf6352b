"""What the lesson page sends, read into one value. Nothing is judged here: the verbs do that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict

from letopis.core.web import read_code
from letopis.register.models import Attendance
from letopis.register.queries.homework import HomeworkValue
from letopis.rules.dates import parse_day

PRESENT, LATE = Attendance.Event.PRESENT.value, Attendance.Event.LATE.value
OTHER_DAY = "other"
"""What the list of due lessons sends when the day is written beside it."""
T = TypeVar("T")
CellKey = tuple[UUID, UUID]
"""Codes of the task and of the pupil."""


@dataclass(frozen=True, slots=True)
class TypedEvent:
    """Attendance of a pupil as the form tells it."""

    event: str = PRESENT
    minutes: str = ""

    def tidy(self) -> "TypedEvent":
        """Minutes belong to lateness only."""
        return TypedEvent(self.event, self.minutes.strip() if self.event == LATE else "")


@dataclass(frozen=True, slots=True)
class TypedTask:
    """Kind and title of a work."""

    kind: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Typed(Generic[T]):
    """What was typed in a field, and what had stood there when the page was loaded."""

    value: T
    seen: T

    @property
    def is_changed(self) -> bool:
        return self.value != self.seen


@dataclass(frozen=True, slots=True)
class LessonInput:
    """Everything the form sent; a field that the page did not have is absent."""

    topic: Typed[str] | None = None
    deviation: str | None = None
    """Why the topic is not the plan's; None when the page did not ask."""
    homework: Typed[HomeworkValue] | None = None
    due_text: str = ""
    """The due day as typed."""
    due_is_wrong: bool = False
    minutes_text: str = ""
    """The minutes as typed."""
    minutes_are_wrong: bool = False
    files: Sequence[UploadedFile[Any]] = ()
    removed: Sequence[UUID] = ()
    marks: dict[CellKey, Typed[str]] = field(default_factory=dict)
    events: dict[UUID, Typed[TypedEvent]] = field(default_factory=dict)
    tasks: dict[UUID, Typed[TypedTask]] = field(default_factory=dict)
    all_present: bool = False
    attendance_checked: bool = False


def read_lesson(request: HttpRequest, *, tasks: Iterable[UUID], pupils: Iterable[UUID]) -> LessonInput:
    """Return what the form sent for these tasks and pupils."""
    post = request.POST
    tasks, pupils = list(tasks), list(pupils)
    due_text = post.get("due", "").strip()
    if due_text == OTHER_DAY:
        due_text = post.get("due-other", "").strip()
    due_on = parse_day(due_text)
    minutes_text = post.get("minutes", "").strip()
    confirmed = set(post.getlist("suggested")) if post.get("intent") == "confirm_suggested" else set()
    return LessonInput(
        topic=Typed(_topic(post), post.get("seen-topic", "")) if "topic" in post else None,
        deviation=post.get("deviation"),
        homework=_homework(post, due_on=due_on) if "homework" in post else None,
        due_text=due_text,
        due_is_wrong=bool(due_text) and due_on is None,
        minutes_text=minutes_text,
        minutes_are_wrong=bool(minutes_text) and _number(minutes_text) is None,
        files=request.FILES.getlist("files"),
        removed=[code for text in post.getlist("remove") if (code := read_code(text))],
        marks={
            (task, pupil): Typed(post.get(name, "").strip(), post.get(f"seen-{name}", ""))
            for task in tasks
            for pupil in pupils
            if (name := f"mark-{task}_{pupil}") in post
        },
        events={
            pupil: _event(post, pupil, is_confirmed=str(pupil) in confirmed)
            for pupil in pupils
            if f"event-{pupil}" in post
        },
        tasks={task: _task(post, task) for task in tasks if f"kind-{task}" in post},
        all_present=post.get("intent") == "all_present",
        attendance_checked="attendance-checked" in post,
    )


def _topic(post: QueryDict) -> str:
    """The topic as typed, or the plan's when its button was pressed (REG-B011)."""
    return post.get("offer", "") if post.get("intent") == "offer" else post.get("topic", "")


def _offered(post: QueryDict, name: str) -> str:
    """What was typed; the plan's only where nothing was, and its button was pressed."""
    is_offered = post.get("intent") == "offer" and not post.get(name, "").strip() and "nothing" not in post
    return post.get(f"offer-{name}", "") if is_offered else post.get(name, "")


def _homework(post: QueryDict, *, due_on: date | None) -> Typed[HomeworkValue]:
    return Typed(
        HomeworkValue(
            _offered(post, "homework"),
            due_on,
            "nothing" in post,
            post.get("assessment", ""),
            _number(post.get("minutes", "").strip()),
        ).tidy(),
        HomeworkValue(
            post.get("seen-homework", ""),
            parse_day(post.get("seen-due", "")),
            bool(post.get("seen-nothing")),
            post.get("seen-assessment", ""),
            _number(post.get("seen-minutes", "")),
        ).tidy(),
    )


def _event(post: QueryDict, pupil: UUID, *, is_confirmed: bool) -> Typed[TypedEvent]:
    """Return what is told of a pupil; one whose absence was suggested is absent when the teacher confirms it."""
    seen, _, minutes = post.get(f"seen-event-{pupil}", PRESENT).partition(" ")
    typed = TypedEvent(post.get(f"event-{pupil}", PRESENT), post.get(f"minutes-{pupil}", ""))
    if is_confirmed and typed.event == PRESENT:
        typed = TypedEvent(Attendance.Event.ABSENT.value)
    return Typed(typed.tidy(), TypedEvent(seen, minutes).tidy())


def _task(post: QueryDict, task: UUID) -> Typed[TypedTask]:
    return Typed(
        TypedTask(post.get(f"kind-{task}", ""), " ".join(post.get(f"title-{task}", "").split())),
        TypedTask(post.get(f"seen-kind-{task}", ""), post.get(f"seen-title-{task}", "")),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else None
