"""The thematic plan of a course and the lessons that give it, as values for the rules. Two queries."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from letopis.register.models import Lesson
from letopis.rules import plan
from letopis.rules.plan import Fit, Offer, PlannedLesson, Topic
from letopis.rules.plan_changes import PlanItem
from letopis.rules.policy import Policy
from letopis.schooling.models import Course, PlanTopic


class LessonOfPlan(NamedTuple):
    """A lesson that is not cancelled, in the order of the year."""

    pk: int
    on: date
    state: str
    words: str
    plan_topic: int | None

    @property
    def is_open(self) -> bool:
        """Whether the plan may still have it: nothing is written as its topic."""
        return self.plan_topic is None and not self.words


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """The plan of a course with its lessons."""

    course: Course
    topics: tuple[PlanTopic, ...]
    """All of them, also dropped ones, in order."""
    lessons: tuple[LessonOfPlan, ...]

    @property
    def studied(self) -> tuple[PlanTopic, ...]:
        return tuple(topic for topic in self.topics if topic.fate in plan.STUDIED)

    def items(self) -> tuple[PlanItem, ...]:
        """Return the plan as people write it, without the topics that were dropped."""
        given = self.given()
        return tuple(
            item_of(topic, given=given.get(topic.pk, 0))
            for topic in self.topics
            if topic.fate != PlanTopic.Fate.DROPPED
        )

    def given(self, *, held_by: date | None = None) -> dict[int, int]:
        """Return how many lessons give each topic; held_by: only those held up to that day."""
        counts: dict[int, int] = {}
        for lesson in self.lessons:
            is_counted = held_by is None or (lesson.state == Lesson.State.HELD and lesson.on <= held_by)
            if lesson.plan_topic and is_counted:
                counts[lesson.plan_topic] = counts.get(lesson.plan_topic, 0) + 1
        return counts

    def rule_topics(self, *, policy: Policy, held_by: date | None = None) -> list[Topic]:
        """Return the topics for the rules, without dropped ones; key is the primary key as text."""
        controls = {kind.code for kind in policy.work_kinds if kind.is_control}
        given = self.given(held_by=held_by)
        return [
            Topic(
                key=str(topic.pk),
                hours=topic.hours,
                section=topic.section,
                given=given.get(topic.pk, 0),
                planned_on=topic.planned_on,
                is_control=topic.work_kind in controls,
                fate=topic.fate,
            )
            for topic in self.topics
            if topic.fate != PlanTopic.Fate.DROPPED
        ]

    def offers(self, *, policy: Policy) -> dict[int, Offer]:
        """Return the offer of the plan by primary key of the lesson."""
        lessons = (
            PlannedLesson(lesson.pk, str(lesson.plan_topic or ""), bool(lesson.words)) for lesson in self.lessons
        )
        return plan.offers(self.rule_topics(policy=policy), lessons)

    def fit(self, *, policy: Policy) -> Fit:
        """Return how the plan stands to the year: once it is given, lessons with other words are none it can have."""
        is_given = any(lesson.plan_topic for lesson in self.lessons)
        lessons = sum(lesson.plan_topic is not None or lesson.is_open or not is_given for lesson in self.lessons)
        return plan.fit_of_year(self.rule_topics(policy=policy), lessons=lessons)

    def is_in_use(self, *, on: date) -> bool:
        """Say whether a change is a correction with a reason."""
        days = [topic.planned_on for topic in self.topics if topic.planned_on]
        return plan.plan_is_in_use(first_planned_on=min(days, default=None), gave_lessons=bool(self.given()), on=on)

    @property
    def digest(self) -> str:
        """Short name of this state: a page says which one it showed, so that nobody overwrites a plan unseen."""
        state = "|".join(
            f"{one.pk}.{one.position}.{one.hours}.{one.fate}.{one.title}.{one.section}" for one in self.topics
        )
        return hashlib.sha256(state.encode()).hexdigest()[:16]


def plan_facts(course: Course) -> PlanFacts:
    """Return the plan of a course with its lessons. Two queries."""
    topics = PlanTopic.objects.filter(course=course).order_by("position", "pk")
    return PlanFacts(course, tuple(topics), lessons_of_plan(course))


def facts_of_courses(courses: Sequence[Course]) -> dict[int, PlanFacts]:
    """Return the plans of several courses by primary key. Two queries, whatever their number."""
    ids = [course.pk for course in courses]
    topics: dict[int, list[PlanTopic]] = {pk: [] for pk in ids}
    for topic in PlanTopic.objects.filter(course__in=ids).order_by("position", "pk"):
        topics[topic.course_id].append(topic)
    lessons: dict[int, list[LessonOfPlan]] = {pk: [] for pk in ids}
    for course_id, *row in _lessons().filter(course__in=ids).values_list("course_id", *_FIELDS):
        lessons[course_id].append(LessonOfPlan(*row))
    return {one.pk: PlanFacts(one, tuple(topics[one.pk]), tuple(lessons[one.pk])) for one in courses}


def lessons_of_plan(course: Course) -> tuple[LessonOfPlan, ...]:
    """Return the lessons of a course in order, without cancelled ones. One query."""
    return tuple(LessonOfPlan(*row) for row in _lessons().filter(course=course).values_list(*_FIELDS))


_FIELDS = ("pk", "on", "state", "topic", "plan_topic_id")


def _lessons() -> QuerySet[Lesson]:
    return Lesson.objects.exclude(state=Lesson.State.CANCELLED).order_by("on", "number", "pk")


def item_of(topic: PlanTopic, *, given: int = 0) -> PlanItem:
    """Return a topic as people write it."""
    return PlanItem(
        key=str(topic.code),
        title=topic.title,
        hours=topic.hours,
        section=topic.section,
        work_kind=topic.work_kind,
        lesson_kind=topic.lesson_kind,
        homework=topic.homework,
        fate=topic.fate,
        given=given,
    )


def numbers(topics: Iterable[PlanTopic]) -> dict[int, int]:
    """Return the number of each topic as the plan is printed: studied ones are counted from 1."""
    studied = (topic for topic in topics if topic.fate in plan.STUDIED)
    return {topic.pk: number for number, topic in enumerate(studied, 1)}


def new_days(facts: PlanFacts, *, policy: Policy) -> dict[int, date | None]:
    """Return the topics whose day would change if the plan were laid now, with that day.

    At first it is laid over all lessons of the year, later over those that are open still.
    """
    is_first = all(topic.planned_on is None for topic in facts.topics)
    days = [lesson.on for lesson in facts.lessons if lesson.is_open or (is_first and lesson.plan_topic is None)]
    laid = plan.lay(facts.rule_topics(policy=policy), days=days)
    return {
        topic.pk: laid[str(topic.pk)]
        for topic in facts.topics
        if str(topic.pk) in laid and laid[str(topic.pk)] != topic.planned_on
    }
