"""What the ledger is told of marks and attendance. The grid and bulk writers build the same facts."""

from collections.abc import Mapping
from datetime import datetime

from letopis.ledger.actions import Author, Fact, Value, object_name
from letopis.register.models import Attendance, Mark, Task
from letopis.rules.cells import NOT_SET

ATTENDANCE_VERB = "register.mark_attendance"
"""A note on the pupil's lesson is told of the same object under another verb."""


def mark_fact(mark: Mark, *, before: str | None, by: Author, at: datetime) -> Fact:
    """A mark was put, changed or taken away. before: the value that stood; None where there never was one."""
    about: dict[str, Value] = {"task": f"register.Task:{mark.task_id}", "pupil": f"people.Pupil:{mark.pupil_id}"}
    return Fact(
        by=by,
        at=at,
        verb="register.put_mark",
        object=object_name(mark),
        before=None if before is None else {"value": before},
        after={"value": mark.value} | about,
    )


def attendance_fact(row: Attendance, *, before: dict[str, Value] | None, by: Author, at: datetime) -> Fact:
    """The event of a pupil at a lesson was recorded or changed. before: as `event_value`."""
    about: dict[str, Value] = {"lesson": f"register.Lesson:{row.lesson_id}", "pupil": f"people.Pupil:{row.pupil_id}"}
    if row.document_id:
        about["document"] = f"register.AbsenceDocument:{row.document_id}"
    return Fact(
        by=by,
        at=at,
        verb=ATTENDANCE_VERB,
        object=object_name(row),
        before=before,
        after=event_value(row.event, row.minutes, row.reason) | about,
    )


def event_value(event: str, minutes: int | None, reason: str) -> dict[str, Value]:
    """Return an event as the ledger keeps it: minutes and reason only where there are any."""
    value: dict[str, Value] = {"event": str(event)}
    if minutes is not None:
        value["minutes"] = minutes
    if reason != NOT_SET:
        value["reason"] = str(reason)
    return value


def kind_fact(task: Task, *, before: Mapping[str, Value], by: Author, at: datetime) -> Fact:
    """The kind of work of a column was named or changed. before: kind and title."""
    return Fact(
        by=by,
        at=at,
        verb="register.set_task_kind",
        object=object_name(task),
        before=before,
        after={"kind": task.kind, "title": task.title},
    )
