"""Verbs of a missed lesson made up for: the protocol with its mark, and taking it back (REG-B009)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from letopis.core.errors import Refused, require
from letopis.ledger.actions import Fact, Value, object_name, record_all
from letopis.people.access import Actor
from letopis.people.models import Pupil
from letopis.register.access import OpenCourse, OpenLesson
from letopis.register.actions.cell_facts import kind_fact, mark_fact
from letopis.register.models import Attendance, Lesson, MakeUp, Mark, Task
from letopis.register.queries.locks import period_of, term_mark_days
from letopis.rules.cells import marks_in
from letopis.rules.make_up import may_make_up
from letopis.rules.policy import GradingScale, Policy
from letopis.rules.text import one_line
from letopis.rules.verdict import ALLOWED, Verdict, refused
from letopis.rules.windows import may_change_marks_of_period
from letopis.schooling.models import AcademicYear


@dataclass(frozen=True, slots=True)
class Protocol:
    """What the teacher writes into the protocol."""

    held_on: date
    topic: str
    commission: str = ""
    """Who else was there; empty when the teacher was alone."""
    task: UUID | None = None
    """The column of the missed lesson that takes the mark; None without a mark."""
    value: str = ""


@transaction.atomic
def make_up(opened: OpenLesson, *, pupil: Pupil, protocol: Protocol, today: date, at: datetime) -> MakeUp:
    """Record the protocol and put its mark into the missed lesson; the absence stays. The same again is no entry.

    Raises Refused: as `rules.make_up.may_make_up`, ALREADY, UNKNOWN_TASK, OUTSIDE_SCALE, LONG_TOPIC.
    """
    actor, lesson = opened.opened.actor, opened.lesson
    policy = opened.policy
    # The lock of the lesson is the lock of its cells.
    Lesson.objects.select_for_update(of=("self",)).get(pk=lesson.pk)
    present = MakeUp.objects.filter(lesson=lesson, pupil=pupil, withdrawn_at=None).first()
    task, mark = _column(lesson, pupil, protocol)
    if present is not None:
        if _same(present, protocol, task):
            return present
        raise Refused(refused("ALREADY", "Протокол за этот урок уже составлен. Чтобы изменить его, сначала отзовите."))
    event = Attendance.objects.filter(lesson=lesson, pupil=pupil).first()
    require(
        may_make_up(
            lesson_on=lesson.on,
            held_on=protocol.held_on,
            today=today,
            is_absent=event is not None and event.event == Attendance.Event.ABSENT,
            reason=event.reason if event else "",
            has_mark=bool(mark and mark.value),
            wants_mark=bool(protocol.value),
            # A substitute has that lesson and no list of protocols: the regular teacher writes them.
            is_own=opened.is_own and opened.sees_course,
            year_is_open=opened.opened.year_is_open,
            policy=policy,
        )
    )
    scale = policy.scale_for(scale_code=opened.opened.course.subject.scale, grade=opened.opened.grade or 1)
    require(_may_write(protocol, task, scale=scale))
    if task is not None:
        require(_may_be_marked(opened, pupil, policy=policy))
    row = MakeUp.objects.create(
        organisation=actor.organisation,
        lesson=lesson,
        pupil=pupil,
        task=task,
        held_on=protocol.held_on,
        teacher_id=actor.employee_id or 0,
        commission=one_line(protocol.commission),
        topic=one_line(protocol.topic),
        value=protocol.value,
        made_at=at,
    )
    facts = [Fact(actor.author, at, "register.make_up", object_name(row), None, _plain(row))]
    if task is not None:
        facts += _put(actor, task, pupil, mark, value=protocol.value, policy=policy, at=at)
    record_all(facts)
    return row


@transaction.atomic
def withdraw_make_up(opened: OpenCourse, row: MakeUp, *, reason: str, at: datetime) -> MakeUp:
    """Take a protocol back, and its mark unless it was changed since. Twice is harmless.

    Refuses with NO_REASON, YEAR_CLOSED, or what closed the marks of the lesson, as long as the mark of the protocol
    stands: that one is taken away by a correction first.
    """
    actor = opened.actor
    lesson = Lesson.objects.select_for_update(of=("self",)).get(pk=row.lesson_id)
    row.refresh_from_db()
    if row.withdrawn_at is not None:
        return row
    if opened.course.year.state != AcademicYear.State.OPEN:
        raise Refused(refused("YEAR_CLOSED", "Учебный год закрыт: журнал больше не изменяется."))
    if not one_line(reason):
        raise Refused(refused("NO_REASON", "Назовите, почему протокол отзывается."))
    mark = Mark.objects.filter(task=row.task_id or 0, pupil=row.pupil_id).first()
    takes_mark = mark is not None and bool(mark.value) and mark.value == row.value
    if takes_mark:
        require(_is_open(opened, lesson, row.pupil_id, policy=actor.policy_on(lesson.on)))
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    before = _plain(row)
    facts = [Fact(actor.author, at, "register.withdraw_make_up", object_name(row), before, None, one_line(reason))]
    if mark is not None and takes_mark:
        facts.append(_write(actor, mark, value="", at=at))
    record_all(facts)
    return row


def _is_open(course: OpenCourse, lesson: Lesson, pupil: int, *, policy: Policy) -> Verdict:
    """Say whether the marks of a pupil for a missed lesson may still change. pupil: key."""
    lock = period_of(course, lesson.on)
    days = term_mark_days(course, on=lesson.on)
    lock = replace(lock, term_mark_on=days.get(pupil)) if lock else None
    return may_change_marks_of_period(lesson_on=lesson.on, today=course.actor.today, lock=lock, policy=policy)


def _may_be_marked(opened: OpenLesson, pupil: Pupil, *, policy: Policy) -> Verdict:
    """Say whether the missed lesson still takes a mark; after its period is closed the policy says where it goes."""
    verdict = _is_open(opened.opened, opened.lesson, pupil.pk, policy=policy)
    if verdict or policy.late_make_up != "NEXT_TERM":
        return verdict
    sentence = f"{verdict.sentence} Отметку за сданную работу поставьте в новом периоде, протокол — без отметки."
    return refused(verdict.code, sentence, clause=policy.clause("late_make_up"))


def _column(lesson: Lesson, pupil: Pupil, protocol: Protocol) -> tuple[Task | None, Mark | None]:
    if protocol.task is None or not protocol.value:
        return None, None
    task = Task.objects.filter(lesson=lesson, code=protocol.task).first()
    if task is None:
        raise Refused(refused("UNKNOWN_TASK", "Такого столбца у этого урока нет: обновите страницу."))
    return task, Mark.objects.filter(task=task, pupil=pupil).first()


def _may_write(protocol: Protocol, task: Task | None, *, scale: GradingScale) -> Verdict:
    longest = MakeUp._meta.get_field("topic").max_length or 500
    topic = one_line(protocol.topic)
    if not topic:
        return refused("NO_TOPIC", "Назовите тему, которую обучающийся сдал.")
    if len(topic) > longest:
        return refused("LONG_TOPIC", f"Тема длиннее {longest} знаков: сократите её.")
    if task is not None and len(marks_in(protocol.value, scale=scale)) != task.components:
        needed = f"нужна отметка {', '.join(scale.values)}" if scale.values else "обучение безотметочное"
        two = " — две через дробь, например 4/3" if task.components == 2 else ""
        sentence = f"«{protocol.value}» сюда не ставится: {needed}{two}."
        return refused("OUTSIDE_SCALE", sentence)
    return ALLOWED


def _put(
    actor: Actor, task: Task, pupil: Pupil, mark: Mark | None, *, value: str, policy: Policy, at: datetime
) -> list[Fact]:
    facts = []
    if not task.kind:
        was: dict[str, Value] = {"kind": "", "title": task.title}
        task.kind = policy.default_work_kind
        task.save(update_fields=["kind"])
        facts.append(kind_fact(task, before=was, by=actor.author, at=at))
    if mark is not None:
        return [*facts, _write(actor, mark, value=value, at=at)]
    new = Mark.objects.create(
        organisation=actor.organisation, task=task, pupil=pupil, value=value, put_by_id=actor.employee_id, put_at=at
    )
    return [*facts, mark_fact(new, before=None, by=actor.author, at=at)]


def _write(actor: Actor, mark: Mark, *, value: str, at: datetime) -> Fact:
    was, mark.value = mark.value, value
    mark.put_by_id, mark.put_at, mark.changes = actor.employee_id, at, mark.changes + 1
    mark.save(update_fields=["value", "put_by", "put_at", "changes"])
    return mark_fact(mark, before=was, by=actor.author, at=at)


def _same(row: MakeUp, protocol: Protocol, task: Task | None) -> bool:
    asked = (protocol.held_on, one_line(protocol.topic), one_line(protocol.commission), protocol.value)
    return (row.held_on, row.topic, row.commission, row.value) == asked and row.task_id == (task.pk if task else None)


def _plain(row: MakeUp) -> dict[str, Value]:
    return {
        "lesson": f"register.Lesson:{row.lesson_id}",
        "pupil": f"people.Pupil:{row.pupil_id}",
        "held_on": row.held_on.isoformat(),
        "topic": row.topic,
        "commission": row.commission,
        "value": row.value,
    }
