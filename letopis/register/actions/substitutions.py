"""Substitutions: another teacher, joined groups, a cancelled lesson, a moved one; and taking one back.

The lesson itself becomes what it will be; the row of the log keeps what it was (decision 0013). `arrange` does many at
once or none, judged together and in order; the verbs of one lesson go through it. Doing one twice is harmless.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from letopis.core.errors import Refused, require
from letopis.ledger.actions import Fact, object_name, record_all
from letopis.people.access import Actor
from letopis.people.models import Employee
from letopis.register.actions.arrangement import Arrangement, Judged, Wish, lesson_words
from letopis.register.actions.lessons import AWAY
from letopis.register.models import Lesson, Substitution
from letopis.register.queries.substitution_scene import scene_of
from letopis.rules import substitutions as rules
from letopis.rules.text import one_line
from letopis.rules.verdict import refused
from letopis.schooling.models import Workload

Kind = Substitution.Kind
LONGEST_REASON = 200
_VERBS = {
    Kind.OTHER_TEACHER: "register.substitute_lesson",
    Kind.JOINED: "register.join_lessons",
    Kind.CANCELLED: "register.cancel_lesson",
    Kind.MOVED: "register.move_lesson",
}


class NotArranged(Refused):
    """Some of the wishes were refused; nothing was done."""

    def __init__(self, judged: Sequence[Judged]) -> None:
        super().__init__(next(one.verdict for one in judged if not one.verdict))
        self.judged = tuple(judged)


def preview(actor: Actor, wishes: Sequence[Wish]) -> list[Judged]:
    """Return what the rules say to the wishes, nothing done; what may be overruled is told, not refused."""
    return Arrangement(actor, wishes, overrule=True, lock=False).judge()


@transaction.atomic
def arrange(
    actor: Actor, wishes: Sequence[Wish], *, reason: str, order: str = "", overrule: bool = False, at: datetime
) -> list[Substitution]:
    """Carry out all wishes or none; return the rows of the log in force, in their order.

    overrule: clashes that may be overruled are meant; what they were is kept. Raises NotArranged, Refused.
    Sources: ORG-025…027, C-013.
    """
    reason, order = _said(reason, order)
    arrangement = Arrangement(actor, wishes, overrule=overrule, lock=True)
    judged = arrangement.judge()
    if not all(one.verdict for one in judged):
        raise NotArranged(judged)
    return _write(arrangement, judged, actor=actor, reason=reason, order=order, at=at)


def substitute(
    actor: Actor,
    lesson: Lesson,
    *,
    acting: Employee,
    reason: str,
    order: str = "",
    overrule: bool = False,
    at: datetime,
) -> Substitution:
    """Put another teacher on a lesson: he may fill it, and no other."""
    wish = Wish(lesson.pk, Kind.OTHER_TEACHER, acting=acting)
    return arrange(actor, [wish], reason=reason, order=order, overrule=overrule, at=at)[0]


def join(
    actor: Actor,
    lesson: Lesson,
    *,
    with_lesson: Lesson,
    reason: str,
    order: str = "",
    overrule: bool = False,
    at: datetime,
) -> Substitution:
    """Give a lesson to the teacher of another group's lesson at the same time, and to his room."""
    wish = Wish(lesson.pk, Kind.JOINED, joined_with=with_lesson.pk)
    return arrange(actor, [wish], reason=reason, order=order, overrule=overrule, at=at)[0]


def cancel(
    actor: Actor, lessons: Sequence[Lesson], *, reason: str, order: str = "", at: datetime
) -> list[Substitution]:
    """Cancel lessons by an order: a quarantine, a frost day."""
    return arrange(actor, [Wish(one.pk, Kind.CANCELLED) for one in lessons], reason=reason, order=order, at=at)


def move(
    actor: Actor,
    lesson: Lesson,
    *,
    on: date,
    number: int,
    reason: str,
    order: str = "",
    overrule: bool = False,
    at: datetime,
) -> Substitution:
    """Move a lesson to another day or number, with all that was planned in it."""
    wish = Wish(lesson.pk, Kind.MOVED, on=on, number=number)
    return arrange(actor, [wish], reason=reason, order=order, overrule=overrule, at=at)[0]


@transaction.atomic
def withdraw(
    actor: Actor, row: Substitution, *, reason: str = "", overrule: bool = False, at: datetime
) -> Substitution:
    """Take a substitution back: the lesson stands again as it was, the row stays in the log, closed. Raises Refused."""
    scene = scene_of(actor.organisation, [row.lesson_id], days=[row.old_on], lock=True)
    row = Substitution.objects.select_related("old_room", "absent_teacher__person").get(pk=row.pk)
    if row.withdrawn_at is not None:
        return row
    reason = one_line(reason)[:LONGEST_REASON]
    lesson = scene.lessons[row.lesson_id]
    rows = scene.in_force[lesson.pk]
    back = (row.old_on, row.old_number) if row.kind == Kind.MOVED else (lesson.on, lesson.number)
    require(
        rules.may_withdraw(
            scene.seen(lesson),
            kind=row.kind,
            is_latest=rows[-1].pk == row.pk,
            is_taken=scene.is_taken(lesson, back),
            reason=reason,
        )
    )
    before = lesson_words(lesson)
    teacher, room = lesson.teacher, lesson.room
    if row.kind in rules.OF_TEACHER:
        teacher, room = _rightful(lesson, row.absent_teacher), row.old_room
    clashing = scene.clashing(lesson, back, teacher=teacher, room=room)
    if clashing and not overrule:
        raise Refused(refused("CLASH", " ".join(clashing)))
    lesson.teacher, lesson.room = teacher, room
    lesson.on, lesson.number = back
    if row.kind == Kind.CANCELLED:
        lesson.state = Lesson.State.PLANNED
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    lesson.save(update_fields=["on", "number", "state", "teacher", "room"])
    after = lesson_words(lesson) | {"in_spite_of": " ".join(clashing)}
    verb, name = "register.withdraw_substitution", object_name(lesson)
    record_all([Fact(actor.author, at, verb, name, before | {"kind": row.kind}, after, reason)])
    return row


@transaction.atomic
def acknowledge(actor: Actor, row: Substitution, *, at: datetime) -> None:
    """Let the acting teacher say that he knows of it («Ознакомлен»); nobody else may. Source: ORG-026."""
    row = Substitution.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.acting_teacher_id is None or row.acting_teacher_id != actor.employee_id:
        raise Refused(refused("NOT_ACTING", "С заменой знакомится тот, кто замещает."))
    if row.withdrawn_at is not None:
        raise Refused(refused("WITHDRAWN", "Эта замена отменена: знакомиться не с чем."))
    if row.acknowledged_at is not None:
        return
    row.acknowledged_at = at
    row.save(update_fields=["acknowledged_at"])
    verb = "register.acknowledge_substitution"
    record_all([Fact(actor.author, at, verb, object_name(row), None, {"acknowledged": True})])


def _write(
    arrangement: Arrangement, judged: Sequence[Judged], *, actor: Actor, reason: str, order: str, at: datetime
) -> list[Substitution]:
    changed = [one.lesson for one in judged if not one.stands]
    rows, facts = [], []
    for before, row in arrangement.put.values():
        row.reason, row.order, row.made_at, row.made_by_id = reason, order, at, actor.employee_id
        rows.append(row)
        lesson = arrangement.scene.lessons[row.lesson_id]
        after = lesson_words(lesson) | {"order": order, "in_spite_of": row.in_spite_of}
        facts.append(Fact(actor.author, at, _VERBS[Kind(row.kind)], object_name(lesson), before, after, reason))
    # A lesson may take the place that another leaves, and a place holds one at a time: all of them leave first.
    moved = [row.lesson_id for _before, row in arrangement.put.values() if row.kind == Kind.MOVED]
    if len(moved) > 1:
        Lesson.objects.filter(pk__in=moved).update(number=F("number") + AWAY)
    Lesson.objects.bulk_update(changed, ["on", "number", "state", "teacher", "room"], batch_size=500)
    Substitution.objects.bulk_create(rows)
    if facts:
        record_all(facts)
    found = [arrangement.standing(one.wish) for one in judged]
    return [row for row in found if row is not None]


def _said(reason: str, order: str) -> tuple[str, str]:
    reason, order = one_line(reason), one_line(order)
    if not reason:
        raise Refused(refused("NO_REASON", "Укажите причину: она стоит в журнале замещения уроков."))
    if max(len(reason), len(order)) > LONGEST_REASON:
        raise Refused(refused("LONG_REASON", f"Причина или приказ длиннее {LONGEST_REASON} знаков: сократите."))
    return reason, order


def _rightful(lesson: Lesson, absent: Employee | None) -> Employee | None:
    """Return whose lesson it is again: the absent teacher's, unless the course has gone to another meanwhile."""
    rows = Workload.objects.filter(course=lesson.course_id).on(lesson.on).select_related("teacher__person")
    in_force: list[Employee | None] = [row.teacher for row in rows.order_by("starts_on", "pk")]
    if not in_force or absent in in_force:
        return absent
    return in_force[0]
