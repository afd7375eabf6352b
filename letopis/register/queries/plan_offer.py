"""What the thematic plan has for a lesson: the next topic that is not given yet (REG-B011)."""

from dataclasses import dataclass

from letopis.register.models import Lesson
from letopis.register.queries.plan_facts import PlanFacts, lessons_of_plan, numbers
from letopis.rules.policy import Policy
from letopis.schooling.models import Course, PlanTopic

CHOICES = 12
"""Topics in the list under the field: those that come next, for who takes them in another order."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A topic of the plan for a lesson."""

    topic: PlanTopic
    number: int
    hour: int
    """Which of its hours this lesson is."""

    @property
    def is_long(self) -> bool:
        return self.topic.hours > 1


@dataclass(frozen=True, slots=True)
class LessonPlan:
    """The plan beside one lesson."""

    linked: Offered | None
    """The topic that the lesson gives."""
    offered: Offered | None
    """The topic it might give, while nothing is written."""
    titles: tuple[str, ...]
    """Topics that come next, for the list under the field."""
    deviates: bool
    """Something is written that is no topic of the plan."""
    deviation: str
    reason_required: bool


def offers_of(course: Course, *, policy: Policy) -> dict[int, Offered]:
    """Return what each lesson of a course gives or might give. One query for a course without a plan, else two."""
    topics = tuple(PlanTopic.objects.filter(course=course).order_by("position", "pk"))
    if not topics:
        return {}
    return _offers(PlanFacts(course, topics, lessons_of_plan(course)), policy=policy)


def plan_of_lesson(lesson: Lesson, *, policy: Policy) -> LessonPlan | None:
    """Return the plan beside a lesson; None for a course without one. One query, or two."""
    topics = tuple(PlanTopic.objects.filter(course=lesson.course_id).order_by("position", "pk"))
    if not topics:
        return None
    facts = PlanFacts(lesson.course, topics, lessons_of_plan(lesson.course))
    offer, given = _offers(facts, policy=policy).get(lesson.pk), facts.given()
    undone = [topic.title for topic in facts.studied if given.get(topic.pk, 0) < topic.hours]
    return LessonPlan(
        linked=offer if lesson.plan_topic_id else None,
        offered=None if lesson.plan_topic_id else offer,
        titles=tuple(dict.fromkeys(undone))[:CHOICES],
        deviates=bool(lesson.topic) and lesson.plan_topic_id is None,
        deviation=lesson.deviation,
        reason_required=policy.plan_deviation_reason_required,
    )


def _offers(facts: PlanFacts, *, policy: Policy) -> dict[int, Offered]:
    by_key = {str(topic.pk): topic for topic in facts.topics}
    shown = numbers(facts.topics)
    return {
        lesson: Offered(by_key[offer.topic], shown.get(by_key[offer.topic].pk, 0), offer.hour)
        for lesson, offer in facts.offers(policy=policy).items()
    }
