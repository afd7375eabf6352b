"""«Everybody is present»: the word that attendance was taken and nobody is missing, and taking that word back."""

from datetime import datetime

from django.db import transaction

from letopis.core.errors import Refused
from letopis.ledger.actions import Fact, object_name, record_all
from letopis.ledger.queries import history
from letopis.register.access import OpenLesson
from letopis.register.actions.cell_facts import ATTENDANCE_VERB, attendance_fact, event_value
from letopis.register.actions.lesson import author_of, hold, lock_lesson, policy_of, require_in_time
from letopis.register.actions.lesson_facts import attendance_taken_fact
from letopis.register.models import Attendance, Lesson, Mark
from letopis.rules.cells import NOT_SET, PRESENT
from letopis.rules.russian import counted
from letopis.rules.verdict import refused
from letopis.rules.windows import ATTENDANCE


@transaction.atomic
def everyone_present(opened: OpenLesson, *, confirmed: bool = False, at: datetime) -> bool:
    """Record that everybody is at the lesson; return whether that is new.

    confirmed: who is marked absent or late is taken for present; without it they stand, and it is refused with how many
    they are (ABSENT_STAND). Raises Refused. Source: REG-025.
    """
    lesson = lock_lesson(opened, part=ATTENDANCE)
    rows = list(Attendance.objects.filter(lesson=lesson).exclude(event=PRESENT).order_by("pk"))
    if rows and not confirmed:
        who = counted(len(rows), "обучающегося", "обучающихся", "обучающихся")
        raise Refused(
            refused("ABSENT_STAND", f"У {who} отмечено отсутствие или опоздание: никто не изменён. Снять эти отметки?")
        )
    if lesson.attendance_taken_at is None:
        require_in_time(opened, lesson, part=ATTENDANCE, at=at)
    facts = [_present(row, opened=opened, at=at) for row in rows]
    Attendance.objects.bulk_update(rows, [*_EVENT, "put_by", "put_at"])
    if lesson.attendance_taken_at is None or rows:
        facts += _taken(lesson, opened=opened, at=at)
        lesson.save(update_fields=["attendance_taken_at", "state", "held_at"])
    record_all(facts)
    return bool(facts)


@transaction.atomic
def take_back_everyone(opened: OpenLesson, *, at: datetime) -> int:
    """Take back the word that attendance was taken; return how many absences stand again.

    Those that this word had taken off, at that very moment, are put back as they were; who got a mark since stays
    present, because a mark is no absent pupil's. Raises Refused.
    """
    lesson = lock_lesson(opened, part=ATTENDANCE)
    taken_at = lesson.attendance_taken_at
    if taken_at is None:
        return 0
    symbols = [symbol.code for symbol in policy_of(opened, lesson).symbols]
    marked = Mark.objects.filter(task__lesson=lesson).exclude(value__in=["", *symbols])
    taken_off = Attendance.objects.filter(lesson=lesson, put_at=taken_at, event=PRESENT)
    rows = list(taken_off.exclude(pupil__in=marked.values("pupil")).order_by("pk"))
    changes = reversed(history([object_name(row) for row in rows]))
    was = {change.object: change.before for change in changes if change.verb == ATTENDANCE_VERB}
    back = [row for row in rows if was.get(object_name(row))]
    facts = []
    for row in back:
        before, value = event_value(row.event, row.minutes, row.reason), was[object_name(row)] or {}
        row.event, row.minutes = str(value.get("event", PRESENT)), value.get("minutes")
        row.reason = str(value.get("reason", NOT_SET))
        row.put_by_id, row.put_at = opened.opened.actor.employee_id, at
        facts.append(attendance_fact(row, before=before, by=author_of(opened), at=at))
    Attendance.objects.bulk_update(back, [*_EVENT, "put_by", "put_at"])
    lesson.attendance_taken_at = None
    lesson.save(update_fields=["attendance_taken_at"])
    facts.append(
        Fact(
            by=author_of(opened),
            at=at,
            verb="register.take_back_attendance",
            object=object_name(lesson),
            before={"attendance_taken": True},
            after={"attendance_taken": False},
        )
    )
    record_all(facts)
    return len(back)


_EVENT = ("event", "minutes", "reason", "document", "reason_by", "reason_at")


def _present(row: Attendance, *, opened: OpenLesson, at: datetime) -> Fact:
    before = event_value(row.event, row.minutes, row.reason)
    row.event, row.minutes, row.reason = Attendance.Event.PRESENT, None, NOT_SET
    row.document = row.reason_by = row.reason_at = None
    row.put_by_id, row.put_at = opened.opened.actor.employee_id, at
    return attendance_fact(row, before=before, by=author_of(opened), at=at)


def _taken(lesson: Lesson, *, opened: OpenLesson, at: datetime) -> list[Fact]:
    lesson.attendance_taken_at = at
    return [attendance_taken_fact(lesson, by=author_of(opened), at=at), *hold(lesson, opened=opened, at=at)]
