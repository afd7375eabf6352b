"""Verbs of one lesson: its topic, its homework, the word that attendance is taken.

Each locks the lesson, asks `locks.may_write`, writes, and tells the ledger once for each changed fact. Doing one
twice is harmless: a value that stands already is left alone, whatever the page had seen.
"""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from letopis.core.errors import Refused, require
from letopis.ledger.actions import Author, Fact, record_all
from letopis.register.access import OpenLesson
from letopis.register.actions.lesson_facts import (
    attendance_taken_fact,
    held_fact,
    homework_fact,
    homework_value,
    topic_fact,
)
from letopis.register.models import Homework, HomeworkFile, Lesson
from letopis.register.queries.dues import CourseDues
from letopis.register.queries.homework import HomeworkValue, homework_of
from letopis.register.queries.locks import may_write, period_of
from letopis.rules import windows
from letopis.rules.homework import may_set_homework
from letopis.rules.policy import Policy
from letopis.rules.russian import short_date
from letopis.rules.text import one_line
from letopis.rules.verdict import refused
from letopis.schooling.queries.distance import distance_of

LONGEST_TOPIC = 500
LONGEST_HOMEWORK = 2000
LONGEST_ASSESSMENT = 120
LONGEST_MINUTES = 600


class Conflict(Refused):
    """Somebody else wrote another value since the page was loaded; nothing was overwritten."""

    def __init__(self, other: str) -> None:
        super().__init__(
            refused("CONFLICT", "Пока вы заполняли страницу, здесь записали другое. Сравните и сохраните ещё раз.")
        )
        self.other = other
        """The value that stands now."""


@transaction.atomic
def fill_lesson(
    opened: OpenLesson,
    *,
    topic: str,
    seen_topic: str,
    at: datetime,
) -> bool:
    """Write the topic; return whether it changed. Raises Refused, Conflict."""
    lesson = lock_lesson(opened, part=windows.TOPIC)
    topic, seen_topic = one_line(topic), one_line(seen_topic)
    if topic == lesson.topic:
        return False
    if lesson.topic != seen_topic:
        raise Conflict(lesson.topic or "пусто")
    if len(topic) > LONGEST_TOPIC:
        raise Refused(refused("LONG_TOPIC", f"Тема длиннее {LONGEST_TOPIC} знаков: сократите её."))
    before, lesson.topic = lesson.topic, topic
    if not before:
        require_in_time(opened, lesson, part=windows.TOPIC, at=at)
    if topic and not before:
        # A topic that was cleared and written again is as late as the second writing.
        lesson.topic_at = at
    facts = [
        topic_fact(lesson, before=before, by=author_of(opened), at=at),
        *hold(lesson, opened=opened, at=at),
    ]
    lesson.save(update_fields=["topic", "topic_at", "state", "held_at"])
    record_all(facts)
    return True


@transaction.atomic
def set_homework(
    opened: OpenLesson,
    *,
    value: HomeworkValue,
    seen: HomeworkValue,
    at: datetime,
) -> bool:
    """Write the homework, or that nothing is set; return whether it changed. Raises Refused, Conflict.

    A homework without a day is due at the next lesson of the course when the policy says so. One that is due on a day
    of a lesson of the course is due at that lesson, and goes along when the lesson is moved.
    """
    lesson = lock_lesson(opened, part=windows.HOMEWORK)
    value = _completed(value, lesson=lesson, policy=policy_of(opened, lesson))
    homework = Homework.objects.filter(lesson=lesson).select_related("due_lesson").first()
    stands = homework_of(homework)
    if value.tidy() == stands.tidy():
        return False
    if stands.tidy() != seen.tidy():
        raise Conflict(stands.sentence())
    _check_homework(value, lesson=lesson, homework=homework)
    before = homework_value(homework)
    homework = homework or Homework(organisation=lesson.organisation, lesson=lesson)
    homework.lesson = lesson
    homework.text, homework.due_on, homework.nothing_set = value.text, value.due_on, value.nothing_set
    homework.assessment, homework.minutes = value.assessment, value.minutes
    homework.due_lesson = lesson_on(lesson, value.due_on)
    if before is None:
        # A homework that is reworded was set when it was set.
        homework.set_at = at
    homework.save()
    facts = [
        homework_fact(homework, before=before, by=author_of(opened), at=at),
        *hold(lesson, opened=opened, at=at),
    ]
    lesson.save(update_fields=["state", "held_at"])
    record_all(facts)
    return True


@transaction.atomic
def take_attendance(opened: OpenLesson, *, at: datetime) -> bool:
    """Record that everybody who was not there is marked; return whether that is new. Raises Refused.

    The pupils themselves go through `actions.cells.save_cells`, as in the grid.
    """
    lesson = lock_lesson(opened, part=windows.ATTENDANCE)
    if lesson.attendance_taken_at is not None:
        return False
    require_in_time(opened, lesson, part=windows.ATTENDANCE, at=at)
    lesson.attendance_taken_at = at
    facts = [attendance_taken_fact(lesson, by=author_of(opened), at=at), *hold(lesson, opened=opened, at=at)]
    lesson.save(update_fields=["attendance_taken_at", "state", "held_at"])
    record_all(facts)
    return True


def lock_lesson(opened: OpenLesson, *, part: str) -> Lesson:
    """Return the lesson locked, when this part of it may be changed now; raises Refused. Call in a transaction.

    The window is that of the policy of the lesson's day.
    """
    lesson = (
        Lesson.objects.select_related("course__year", "course__group", "organisation")
        .select_for_update(of=("self",))
        .get(pk=opened.lesson.pk)
    )
    course = opened.opened
    # Read after the lesson is locked: whoever closes a period takes the locks of its lessons first.
    lock = period_of(course, lesson.on)
    policy, state = policy_of(opened, lesson), lesson.course.year.state
    require(may_write(course, lesson, part=part, policy=policy, lock=lock, year_state=state))
    return lesson


def require_in_time(opened: OpenLesson, lesson: Lesson, *, part: str, at: datetime) -> None:
    """Refuse the first topic, or the first look at who is there, where the school takes none after its deadline."""
    policy = policy_of(opened, lesson)
    if policy.late_lessons != "FORBIDDEN" or lesson.on > opened.opened.actor.today:
        return
    dues = CourseDues(opened.opened)
    find = dues.topic if part == windows.TOPIC else dues.attendance
    require(windows.may_enter(part, due=find(on=lesson.on, number=lesson.number), at=at, policy=policy))


def hold(lesson: Lesson, *, opened: OpenLesson, at: datetime) -> list[Fact]:
    """Turn a planned lesson of today or before into a held one; return what to tell the ledger. The caller saves."""
    if lesson.state != Lesson.State.PLANNED or lesson.on > opened.opened.actor.today:
        return []
    lesson.state, lesson.held_at = Lesson.State.HELD, lesson.held_at or at
    return [held_fact(lesson, by=author_of(opened), at=at)]


def author_of(opened: OpenLesson) -> Author:
    """Return who writes, as the ledger names him."""
    return opened.opened.actor.author


def policy_of(opened: OpenLesson, lesson: Lesson) -> Policy:
    """Return the policy of the day of the locked lesson: it may have been moved since the page was opened."""
    return opened.opened.actor.policy_on(lesson.on)


def next_lesson_day(lesson: Lesson) -> date | None:
    """Return the day of the next lesson of the course, or None when this is the last one."""
    return (
        Lesson.objects.filter(course=lesson.course_id, on__gt=lesson.on)
        .exclude(state=Lesson.State.CANCELLED)
        .order_by("on")
        .values_list("on", flat=True)
        .first()
    )


def lesson_on(lesson: Lesson, day: date | None) -> Lesson | None:
    """Return the lesson of the same course on a later day, the first of that day; None when there is none."""
    if day is None or day <= lesson.on:
        return None
    rows = Lesson.objects.filter(course=lesson.course_id, on=day).exclude(state=Lesson.State.CANCELLED)
    return rows.order_by("number").first()


def _completed(value: HomeworkValue, *, lesson: Lesson, policy: Policy) -> HomeworkValue:
    value = value.tidy()
    if not value.text:
        return HomeworkValue(nothing_set=value.nothing_set)
    if value.due_on is None and policy.homework_due_next_lesson:
        return replace(value, due_on=next_lesson_day(lesson))
    return value


def _check_homework(value: HomeworkValue, *, lesson: Lesson, homework: Homework | None) -> None:
    if value.nothing_set and value.text:
        sentence = "Отмечено «Ничего не задано», но задание написано: оставьте что-то одно."
        raise Refused(refused("HOMEWORK_AND_NOTHING", sentence))
    if value.nothing_set and homework and HomeworkFile.objects.filter(homework=homework, removed_at=None).exists():
        sentence = "К заданию приложены файлы: сначала уберите их, потом отмечайте «Ничего не задано»."
        raise Refused(refused("FILES_AND_NOTHING", sentence))
    if len(value.text) > LONGEST_HOMEWORK:
        raise Refused(refused("LONG_HOMEWORK", f"Задание длиннее {LONGEST_HOMEWORK} знаков: сократите его."))
    if len(value.assessment) > LONGEST_ASSESSMENT:
        sentence = f"Форма оценивания длиннее {LONGEST_ASSESSMENT} знаков: сократите её."
        raise Refused(refused("LONG_ASSESSMENT", sentence))
    if value.minutes is not None and not 1 <= value.minutes <= LONGEST_MINUTES:
        raise Refused(refused("WRONG_MINUTES", f"Время на задание — от 1 до {LONGEST_MINUTES} минут."))
    is_distance = distance_of(lesson.course, lesson.on) is not None if value.text else False
    require(
        may_set_homework(
            has_text=bool(value.text), due_on=value.due_on, assessment=value.assessment, is_distance=is_distance
        )
    )
    if value.due_on and not lesson.on <= value.due_on <= lesson.course.year.ends_on:
        first, last = short_date(lesson.on), short_date(lesson.course.year.ends_on)
        raise Refused(refused("DUE_OUTSIDE", f"Срок задания — не раньше дня занятия и не позже {last}: с {first}."))
