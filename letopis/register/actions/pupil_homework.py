"""Verbs of single pupils: homework of their own, what they did of it, recommendations to them and to a class."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from letopis.core.errors import Refused, require
from letopis.ledger.actions import Author, Fact, Value, object_name, record, record_all
from letopis.people.models import Employee, Pupil
from letopis.register.access import OpenLesson
from letopis.register.actions.lesson import (
    LONGEST_ASSESSMENT,
    LONGEST_HOMEWORK,
    author_of,
    lock_lesson,
    next_lesson_day,
    policy_of,
)
from letopis.register.models import Homework, HomeworkProgress, Lesson, PupilHomework, Recommendation
from letopis.rules import windows
from letopis.rules.homework import may_set_homework
from letopis.rules.russian import short_date
from letopis.rules.text import many_lines, one_line
from letopis.rules.verdict import refused
from letopis.schooling.models import SchoolClass, Subject
from letopis.schooling.queries import pupils_of
from letopis.schooling.queries.distance import distance_of

LONGEST_RECOMMENDATION = 1000


@transaction.atomic
def set_pupil_homework(
    opened: OpenLesson,
    *,
    pupils: Sequence[UUID],
    text: str,
    due_on: date | None = None,
    assessment: str = "",
    at: datetime,
) -> int:
    """Set a homework to these pupils of the lesson besides that of the class; return for how many it changed.

    An empty text takes it back. Without a day it is due at the next lesson when the policy says so. Raises Refused.
    """
    lesson = lock_lesson(opened, part=windows.HOMEWORK)
    text, assessment = many_lines(text), one_line(assessment)
    if text and due_on is None and policy_of(opened, lesson).homework_due_next_lesson:
        due_on = next_lesson_day(lesson)
    _check(lesson, text=text, due_on=due_on, assessment=assessment)
    value = (text, due_on, assessment) if text else ("", None, "")
    known = {row.pupil_id: row for row in PupilHomework.objects.select_for_update().filter(lesson=lesson)}
    facts = []
    for pupil in _members(opened, lesson, pupils):
        row = known.get(pupil.pk)
        before = _value(row)
        if value == ((row.text, row.due_on, row.assessment) if row else ("", None, "")):
            continue
        row = row or PupilHomework(organisation=lesson.organisation, lesson=lesson, pupil=pupil)
        row.text, row.due_on, row.assessment = value
        row.put_by_id, row.put_at = opened.opened.actor.employee_id, at
        row.save()
        about: dict[str, Value] = {"lesson": object_name(lesson), "pupil": object_name(pupil)}
        facts.append(
            Fact(
                author_of(opened),
                at,
                "register.set_pupil_homework",
                object_name(row),
                before,
                (_value(row) or {}) | about,
            )
        )
    if facts:
        record_all(facts)
    return len(facts)


@transaction.atomic
def open_homework(pupil: Pupil, lessons: Sequence[Lesson], *, at: datetime) -> int:
    """Remember that the pupil saw these homeworks; return how many are new to him.

    The row with its moment is all there is to know, so the ledger is not told: it is no value that could be changed.
    """
    rows = Homework.objects.filter(lesson__in=[lesson.pk for lesson in lessons])
    unseen = rows.exclude(progress__pupil=pupil)
    new = [
        HomeworkProgress(organisation_id=pupil.organisation_id, homework=row, pupil=pupil, opened_at=at)
        for row in unseen
    ]
    HomeworkProgress.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


@transaction.atomic
def say_done(pupil: Pupil, lesson: Lesson, *, done: bool, by: Author, at: datetime) -> bool:
    """Record that the pupil says his homework of a lesson is done, or is not after all; return whether that is new."""
    homework = Homework.objects.select_for_update().filter(lesson=lesson).exclude(text="").first()
    if homework is None:
        raise Refused(refused("NOTHING_SET", "Задания уже нет: учитель его убрал. Обновите страницу."))
    row, _made = HomeworkProgress.objects.get_or_create(
        homework=homework,
        pupil=pupil,
        defaults={"organisation_id": pupil.organisation_id, "opened_at": at},
    )
    if (row.done_at is not None) == done:
        return False
    row.done_at = at if done else None
    row.save(update_fields=["done_at"])
    about: dict[str, Value] = {"lesson": object_name(lesson), "pupil": object_name(pupil)}
    record(
        Fact(by, at, "register.say_done", object_name(row), {"done": not done}, {"done": done} | about),
    )
    return True


@transaction.atomic
def recommend(
    *,
    author: Employee,
    to: Sequence[Pupil] | SchoolClass,
    subject: Subject | None,
    on: date,
    text: str,
    by: Author,
    at: datetime,
) -> list[Recommendation]:
    """Write a recommendation to pupils, or to a class; return its rows. The same again the same day is returned.

    Raises Refused: EMPTY_RECOMMENDATION, LONG_RECOMMENDATION, NOBODY. Source: REG-048, REG-B030.
    """
    text = many_lines(text)
    if not text:
        raise Refused(refused("EMPTY_RECOMMENDATION", "Напишите, что вы рекомендуете."))
    if len(text) > LONGEST_RECOMMENDATION:
        sentence = f"Рекомендация длиннее {LONGEST_RECOMMENDATION} знаков: сократите её."
        raise Refused(refused("LONG_RECOMMENDATION", sentence))
    targets = [{"school_class": to}] if isinstance(to, SchoolClass) else [{"pupil": pupil} for pupil in to]
    if not targets:
        raise Refused(refused("NOBODY", "Отметьте в списке, кому рекомендация, или выберите весь класс."))
    Employee.objects.select_for_update(of=("self",)).get(pk=author.pk)
    rows, facts = [], []
    for target in targets:
        same = {"author": author, "subject": subject, "on": on, "text": text, "withdrawn_at": None} | target
        row = Recommendation.objects.filter(**same).first()
        if row is None:
            row = Recommendation.objects.create(organisation_id=author.organisation_id, put_at=at, **same)
            whom = next(iter(target.values()))
            after: dict[str, Value] = {"text": text, "to": object_name(whom), "on": on.isoformat()}
            facts.append(Fact(by, at, "register.recommend", object_name(row), None, after))
        rows.append(row)
    if facts:
        record_all(facts)
    return rows


@transaction.atomic
def withdraw_recommendation(recommendation: Recommendation, *, by: Author, at: datetime) -> bool:
    """Take a recommendation back: it is kept, and no longer shown to the family. Return whether that is new."""
    row = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    if row.withdrawn_at is not None:
        return False
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    before: dict[str, Value] = {"text": row.text, "withdrawn": False}
    record(Fact(by, at, "register.withdraw_recommendation", object_name(row), before, {"withdrawn": True}))
    return True


def _check(lesson: Lesson, *, text: str, due_on: date | None, assessment: str) -> None:
    if len(text) > LONGEST_HOMEWORK:
        raise Refused(refused("LONG_HOMEWORK", f"Задание длиннее {LONGEST_HOMEWORK} знаков: сократите его."))
    if len(assessment) > LONGEST_ASSESSMENT:
        sentence = f"Форма оценивания длиннее {LONGEST_ASSESSMENT} знаков: сократите её."
        raise Refused(refused("LONG_ASSESSMENT", sentence))
    is_distance = bool(text) and distance_of(lesson.course, lesson.on) is not None
    require(may_set_homework(has_text=bool(text), due_on=due_on, assessment=assessment, is_distance=is_distance))
    last = lesson.course.year.ends_on
    if due_on and not lesson.on <= due_on <= last:
        days = f"с {short_date(lesson.on)} по {short_date(last)}"
        raise Refused(refused("DUE_OUTSIDE", f"Срок задания — {days}."))


def _members(opened: OpenLesson, lesson: Lesson, codes: Sequence[UUID]) -> list[Pupil]:
    wanted = set(codes)
    found = [pupil for pupil in pupils_of(opened.opened.course.group, lesson.on) if pupil.code in wanted]
    if not found or len(found) != len(wanted):
        raise Refused(refused("NOBODY", "Отметьте в списке, кому задание."))
    return found


def _value(row: PupilHomework | None) -> dict[str, Value] | None:
    if row is None or not row.text:
        return None
    value: dict[str, Value] = {"text": row.text, "due_on": row.due_on.isoformat() if row.due_on else None}
    return value | ({"assessment": row.assessment} if row.assessment else {})
