"""Notes on a mark and on a pupil's lesson: for the school itself, unless its policy shows them to families."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from letopis.core.errors import Refused, require
from letopis.ledger.actions import Fact, Value, object_name, record
from letopis.people.access import Actor
from letopis.register import access
from letopis.register.models import Attendance, Lesson, Mark
from letopis.register.queries.locks import may_write, period_of
from letopis.rules.text import one_line
from letopis.rules.verdict import refused
from letopis.rules.windows import MARKS, may_mark_attendance

MARK, LESSON = "mark", "lesson"
"""What a note is about."""
VERB = "register.note"


@transaction.atomic
def set_note(
    actor: Actor,
    *,
    course: UUID,
    task: UUID,
    pupil: UUID,
    about: str,
    text: str,
    at: datetime,
) -> bool:
    """Write a note on the mark in a cell, or on the pupil at its lesson; return whether it changed.

    An empty text takes the note away; the ledger keeps what it said. A pupil who was there gets a row of attendance for
    the note alone. Raises Refused; answers 404 for a course the actor may not see.
    """
    opened, tasks, stays = access.cells_to_fill(actor, course, {task}, {pupil})
    column = next((one for one in tasks if one.code == task), None)
    if column is None or pupil not in stays or about not in (MARK, LESSON):
        raise Refused(refused("UNKNOWN_CELL", "Такой клетки в журнале нет: обновите страницу."))
    lesson, text = column.lesson, one_line(text)
    policy = actor.policy_on(lesson.on)
    lock = period_of(opened, lesson.on)
    require(may_write(opened, lesson, part=MARKS, policy=policy, lock=lock))
    require(may_mark_attendance(pupil_is_member=stays[pupil].hold(lesson.on)))
    if len(text) > policy.longest_note:
        raise Refused(refused("LONG_NOTE", f"Заметка длиннее {policy.longest_note} знаков: сократите её."))
    row = _row(about, column.pk, lesson, stays[pupil].pupil_id, actor=actor, at=at)
    if row.note == text:
        return False
    before, row.note = row.note, text
    row.save()
    names: dict[str, Value] = {"pupil": f"people.Pupil:{row.pupil_id}", "lesson": f"register.Lesson:{lesson.pk}"}
    record(
        Fact(
            by=actor.author,
            at=at,
            verb=VERB,
            object=object_name(row),
            before={"note": before} if before else None,
            after={"note": text} | names,
        )
    )
    return True


def _row(about: str, task_id: int, lesson: Lesson, pupil_id: int, *, actor: Actor, at: datetime) -> Mark | Attendance:
    if about == LESSON:
        found = Attendance.objects.filter(lesson=lesson, pupil=pupil_id).first()
        return found or Attendance(
            organisation=actor.organisation, lesson=lesson, pupil_id=pupil_id, event=Attendance.Event.PRESENT,
            put_by_id=actor.employee_id, put_at=at,
        )  # fmt: skip
    mark = Mark.objects.filter(task=task_id, pupil=pupil_id).exclude(value="").first()
    if mark is None:
        raise Refused(refused("NO_MARK", "Отметки в клетке нет: напишите заметку об ученике на уроке."))
    return mark
