"""The verb that says which topic of the plan a lesson gives, or why it gives another (REG-B011)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from letopis.core.errors import Refused
from letopis.ledger.actions import Fact, Value, object_name, record_all
from letopis.register.access import OpenLesson
from letopis.register.actions.cell_facts import kind_fact
from letopis.register.actions.lesson import author_of, fill_lesson, lock_lesson, policy_of
from letopis.register.models import Lesson, Task
from letopis.register.queries.plan_facts import PlanFacts, lessons_of_plan
from letopis.rules import windows
from letopis.rules.names import match_key
from letopis.rules.text import one_line
from letopis.rules.verdict import refused
from letopis.schooling.models import PlanTopic

LONGEST_DEVIATION = 300


@transaction.atomic
def fill_by_plan(
    opened: OpenLesson,
    *,
    topic: str,
    seen_topic: str,
    deviation: str | None = None,
    at: datetime,
) -> bool:
    """Write the topic as `fill_lesson`, and tell the plan by its words; return whether anything changed.

    The words of a topic that has hours left make the lesson one of its hours, and name the kind of work of a column
    that has none. Other words on a lesson of the plan are the teacher's own, unless he says why they are not the
    plan's; on any other lesson they are a deviation, with a reason if he gives one. deviation: None leaves it alone.
    Raises Refused: DEVIATION_REASON where the policy wants one, LONG_DEVIATION, and as `fill_lesson`.
    """
    changed = fill_lesson(opened, topic=topic, seen_topic=seen_topic, at=at)
    topics = tuple(PlanTopic.objects.filter(course=opened.lesson.course_id).order_by("position", "pk"))
    if not topics:
        return changed
    return _follow(opened, topics, deviation=deviation, at=at) or changed


def _follow(opened: OpenLesson, topics: Sequence[PlanTopic], *, deviation: str | None, at: datetime) -> bool:
    lesson = lock_lesson(opened, part=windows.TOPIC)
    facts = PlanFacts(lesson.course, tuple(topics), lessons_of_plan(lesson.course))
    found = _topic_of(lesson, facts, keeps=not one_line(deviation or ""))
    said = lesson.deviation if deviation is None else one_line(deviation)
    said = said if lesson.topic and found is None else ""
    if len(said) > LONGEST_DEVIATION:
        raise Refused(refused("LONG_DEVIATION", f"Причина длиннее {LONGEST_DEVIATION} знаков: сократите её."))
    policy = policy_of(opened, lesson)
    if lesson.topic and found is None and not said and policy.plan_deviation_reason_required:
        sentence = "Темы нет в плане: выберите тему плана или напишите, почему урок идёт не по плану."
        raise Refused(refused("DEVIATION_REASON", sentence, clause=policy.clause("plan_deviation_reason_required")))
    before, after = _said(lesson.plan_topic, lesson.deviation), _said(found, said)
    if before == after:
        return False
    was_linked = lesson.plan_topic_id
    lesson.plan_topic, lesson.deviation = found, said
    lesson.save(update_fields=["plan_topic", "deviation"])
    record = [Fact(author_of(opened), at, "register.follow_plan", object_name(lesson), before or None, after or None)]
    if found and found.work_kind and found.pk != was_linked:
        record += _name_work(opened, lesson, found, at=at)
    record_all(record)
    return True


def _topic_of(lesson: Lesson, facts: PlanFacts, *, keeps: bool) -> PlanTopic | None:
    """Return the topic the words mean: the first of that title with hours left, else (keeps) what was linked before."""
    words = match_key(lesson.topic)
    if not words:
        return None
    given = facts.given()
    if lesson.plan_topic_id:
        given[lesson.plan_topic_id] = given.get(lesson.plan_topic_id, 1) - 1
    same = [topic for topic in facts.studied if match_key(topic.title) == words]
    linked = next((topic for topic in facts.topics if topic.pk == lesson.plan_topic_id), None)
    if linked in same:
        return linked
    free = next((topic for topic in same if given.get(topic.pk, 0) < topic.hours), None)
    # A topic that needed one lesson more is still that topic: the hours say so by themselves.
    return free or (same[-1] if same else linked if keeps else None)


def _said(topic: PlanTopic | None, deviation: str) -> dict[str, Value]:
    said: dict[str, Value] = {}
    if topic:
        said["plan_topic"] = object_name(topic)
    if deviation:
        said["deviation"] = deviation
    return said


def _name_work(opened: OpenLesson, lesson: Lesson, topic: PlanTopic, *, at: datetime) -> list[Fact]:
    """Name the kind of work of the first column, when the teacher has not."""
    task = Task.objects.filter(lesson=lesson).order_by("position").first()
    if task is None or task.kind or task.title:
        return []
    task.kind, task.title = topic.work_kind, topic.title[:200]
    task.save(update_fields=["kind", "title"])
    return [kind_fact(task, before={"kind": "", "title": ""}, by=author_of(opened), at=at)]
