"""How a correction that was approved is written, each kind into its own table, with what the ledger is told.

Call inside the transaction that took `lock_entry` and found the value unchanged.
"""

from dataclasses import dataclass
from datetime import datetime

from letopis.core.clock import local_day
from letopis.ledger.actions import Author, Fact, Value, object_name
from letopis.people.models import Pupil
from letopis.register.access.corrections import Entry
from letopis.register.actions.cell_facts import attendance_fact, event_value, kind_fact, mark_fact
from letopis.register.actions.lesson_facts import (
    attendance_taken_fact,
    held_fact,
    homework_fact,
    homework_value,
    topic_fact,
)
from letopis.register.models import Attendance, Correction, Homework, Lesson, Mark, Task, TermMark
from letopis.register.queries.correction_values import (
    NOTHING_SET,
    attendance_of,
    lesson_of,
    mark_of,
    term_mark_of,
)
from letopis.rules.cells import ABSENT, NOT_SET

_KINDS = Correction.Kind


@dataclass(frozen=True, slots=True)
class Writing:
    """By whom and when a correction is carried out."""

    by: Author
    """Who approved last: he presses the button."""
    for_employee: int
    """Who asked: the value stands as his."""
    at: datetime
    reason: str
    """Why, who asked, who approved, by which order: in words."""
    tells: dict[str, Value]
    """What the entry of the ledger says besides the value: the request and the order."""


def lock_entry(entry: Entry) -> None:
    """Take the lock of the entry: of its lesson, or of the pupil for a term mark."""
    if entry.lesson is not None:
        Lesson.objects.select_for_update(of=("self",)).get(pk=entry.lesson.pk)
    elif entry.pupil is not None:
        list(Pupil.objects.filter(pk=entry.pupil.pk).select_for_update(no_key=True).values_list("pk", flat=True))


def write(entry: Entry, value: str, writing: Writing) -> list[Fact]:
    """Write the value and return what the ledger is told; what is written into a planned lesson makes it a held one."""
    writers = {
        _KINDS.MARK: _write_mark,
        _KINDS.ATTENDANCE: _write_attendance,
        _KINDS.TERM_MARK: _write_term_mark,
        _KINDS.TOPIC: _write_topic,
        _KINDS.HOMEWORK: _write_homework,
    }
    facts = writers[_KINDS(entry.kind)](entry, value, writing)
    return facts if entry.lesson is None else [*facts, *_hold(entry.lesson, entry.kind, writing)]


def _hold(lesson: Lesson, kind: str, writing: Writing) -> list[Fact]:
    """Do as the page of the lesson does, so that its duties close: who corrects an absence has looked who was there."""
    row, facts = Lesson.objects.select_related("organisation").get(pk=lesson.pk), []
    if row.state == Lesson.State.PLANNED and row.on <= local_day(writing.at, row.organisation.time_zone):
        row.state, row.held_at = Lesson.State.HELD, row.held_at or writing.at
        facts.append(held_fact(row, by=writing.by, at=writing.at))
    if kind == _KINDS.ATTENDANCE and row.attendance_taken_at is None:
        row.attendance_taken_at = writing.at
        facts.append(attendance_taken_fact(row, by=writing.by, at=writing.at))
    row.save(update_fields=["state", "held_at", "attendance_taken_at"])
    return facts


def _write_mark(entry: Entry, value: str, writing: Writing) -> list[Fact]:
    task, facts = entry.task, []
    assert task is not None  # noqa: S101 (a mark has both)
    assert entry.pupil is not None  # noqa: S101
    if value and not task.kind:
        task.kind = entry.policy.default_work_kind
        Task.objects.filter(pk=task.pk).update(kind=task.kind)
        facts.append(kind_fact(task, before={"kind": "", "title": task.title}, by=writing.by, at=writing.at))
    row = mark_of(entry)
    before = row.value if row else None
    row = row or Mark(organisation_id=entry.course.organisation_id, task=task, pupil=entry.pupil)
    row.value, row.put_by_id, row.put_at = value, writing.for_employee, writing.at
    row.changes += before is not None
    row.save()
    return [*facts, _told(mark_fact(row, before=before, by=writing.by, at=writing.at), writing)]


def _write_attendance(entry: Entry, value: str, writing: Writing) -> list[Fact]:
    assert entry.pupil is not None  # noqa: S101 (attendance is of a pupil)
    event, _colon, minutes = value.partition(":")
    row = attendance_of(entry)
    before = event_value(row.event, row.minutes, row.reason) if row else None
    row = row or Attendance(organisation_id=entry.course.organisation_id, lesson=lesson_of(entry), pupil=entry.pupil)
    stays_absent = row.event == event == ABSENT
    row.event, row.minutes = event, int(minutes) if minutes else None
    if not stays_absent:
        # The reason is the class teacher's to give, for the absence that stands now.
        row.reason, row.document, row.reason_by, row.reason_at = NOT_SET, None, None, None
    row.put_by_id, row.put_at = writing.for_employee, writing.at
    row.save()
    return [_told(attendance_fact(row, before=before, by=writing.by, at=writing.at), writing)]


def _write_term_mark(entry: Entry, value: str, writing: Writing) -> list[Fact]:
    assert entry.pupil is not None  # noqa: S101 (a constraint of the table)
    assert entry.term is not None  # noqa: S101
    row = term_mark_of(entry)
    before: dict[str, Value] | None = {"value": row.value} if row else None
    row = row or TermMark(
        organisation_id=entry.course.organisation_id, pupil=entry.pupil, term=entry.term, subject=entry.course.subject
    )
    row.value, row.put_by_id, row.put_at = value, writing.for_employee, writing.at
    row.changes += before is not None
    row.save()
    after: dict[str, Value] = {
        "value": value,
        "pupil": f"people.Pupil:{row.pupil_id}",
        "subject": f"schooling.Subject:{row.subject_id}",
        "term": f"schooling.Term:{row.term_id}",
    }
    fact = Fact(writing.by, writing.at, "register.set_term_mark", object_name(row), before, after)
    return [_told(fact, writing)]


def _write_topic(entry: Entry, value: str, writing: Writing) -> list[Fact]:
    lesson = Lesson.objects.select_related("organisation").get(pk=lesson_of(entry).pk)
    before, lesson.topic = lesson.topic, value
    if not before:
        lesson.topic_at = writing.at
    lesson.save(update_fields=["topic", "topic_at"])
    return [_told(topic_fact(lesson, before=before, by=writing.by, at=writing.at), writing)]


def _write_homework(entry: Entry, value: str, writing: Writing) -> list[Fact]:
    lesson = lesson_of(entry)
    homework = Homework.objects.filter(lesson=lesson).first()
    before = homework_value(homework)
    homework = homework or Homework(organisation_id=lesson.organisation_id, lesson=lesson)
    homework.lesson, homework.nothing_set = lesson, value == NOTHING_SET
    homework.text = "" if homework.nothing_set else value
    if homework.nothing_set:
        homework.due_on = homework.due_lesson = None
    if before is None:
        homework.set_at = writing.at
    homework.save()
    return [_told(homework_fact(homework, before=before, by=writing.by, at=writing.at), writing)]


def _told(fact: Fact, writing: Writing) -> Fact:
    """Return the fact with the permission it rests on, done on behalf of who asked."""
    return Fact(
        by=fact.by,
        at=fact.at,
        verb=fact.verb,
        object=fact.object,
        before=fact.before,
        after={**(fact.after or {}), **writing.tells},
        reason=writing.reason,
        on_behalf_of=f"people.Employee:{writing.for_employee}",
    )
