"""What the ledger is told of a lesson. The verbs of one lesson and the demo's bulk writer build the same facts."""

from datetime import date, datetime

from letopis.ledger.actions import Author, Fact, Value, object_name
from letopis.register.models import Homework, HomeworkFile, Lesson


def topic_fact(lesson: Lesson, *, before: str, by: Author, at: datetime) -> Fact:
    """The topic of a lesson was written or changed."""
    return Fact(
        by=by,
        at=at,
        verb="register.fill_lesson",
        object=object_name(lesson),
        before={"topic": before} if before else None,
        after={"topic": lesson.topic},
    )


def held_fact(lesson: Lesson, *, by: Author, at: datetime) -> Fact:
    """A planned lesson became a held one, because the first fact of it was written."""
    return Fact(
        by=by,
        at=at,
        verb="register.hold_lesson",
        object=object_name(lesson),
        before={"state": Lesson.State.PLANNED.value},
        after={"state": Lesson.State.HELD.value},
    )


def attendance_taken_fact(lesson: Lesson, *, by: Author, at: datetime) -> Fact:
    """The teacher said that everybody who was not there is marked, be it nobody."""
    return Fact(
        by=by,
        at=at,
        verb="register.take_attendance",
        object=object_name(lesson),
        before=None,
        after={"attendance_taken": True},
    )


def homework_value(homework: Homework | None) -> dict[str, Value] | None:
    """Return a homework as the ledger keeps it; None for one of which nothing is said."""
    if homework is None or not (homework.text or homework.nothing_set):
        return None
    value: dict[str, Value] = {
        "text": homework.text,
        "nothing_set": homework.nothing_set,
        "due_on": _iso(homework.due_on),
    }
    # Only where they are said, so that entries of both kinds read alike.
    if homework.assessment:
        value["assessment"] = homework.assessment
    if homework.minutes:
        value["minutes"] = homework.minutes
    return value


def homework_fact(homework: Homework, *, before: dict[str, Value] | None, by: Author, at: datetime) -> Fact:
    """A homework was set, changed or emptied."""
    return Fact(
        by=by,
        at=at,
        verb="register.set_homework",
        object=object_name(homework.lesson),
        before=before,
        after=homework_value(homework),
    )


def file_fact(file: HomeworkFile, *, removed: bool, by: Author, at: datetime) -> Fact:
    """A file was attached to a homework or taken away from it."""
    value: dict[str, Value] = {"name": file.name, "size": file.size, "sha512": file.digest}
    return Fact(
        by=by,
        at=at,
        verb="register.remove_file" if removed else "register.attach_file",
        object=object_name(file.homework.lesson),
        before=value if removed else None,
        after=None if removed else value,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
