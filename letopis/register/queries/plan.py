"""The page of a thematic plan: topics, the days they stand on, what was given, what lags."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from letopis.register.access import OpenCourse
from letopis.register.queries.plan_facts import PlanFacts, new_days, numbers, plan_facts
from letopis.rules import plan as rules
from letopis.rules.plan import Fit, Topic
from letopis.rules.policy import Policy
from letopis.schooling.models import PlanCorrection, PlanTopic


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A topic of the table."""

    topic: PlanTopic
    number: int
    """As printed; 0 for a topic that is not studied this year."""
    given: int
    """Lessons held up to the day of the page."""
    days: tuple[date, ...]
    """When they were."""
    state: str
    """GIVEN, PARTLY, LATE, AHEAD, AWAY of rules.plan."""
    new_section: bool


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Everything the page shows."""

    facts: PlanFacts
    on: date
    lines: tuple[PlanLine, ...]
    dropped: tuple[PlanTopic, ...]
    fit: Fit
    rest: Fit
    """What is left of the plan against the lessons that are open still."""
    planned: int
    """Hours wanted by the day of the page."""
    given: int
    topics_given: int
    is_in_use: bool
    corrections: int
    stale: int
    """Topics that would stand on another day if the plan were laid over the lessons of now."""
    unlinked: int
    """Lessons held with words of their own, that no topic of the plan was found for."""
    carried: tuple[PlanTopic, ...]
    """Topics of last year's plan that were moved to this year and are not in it yet (ORG-022)."""

    @property
    def lag(self) -> int:
        """Hours behind the plan; negative when ahead of it."""
        return self.planned - self.given


def plan_page(opened: OpenCourse, *, on: date, policy: Policy) -> PlanPage:
    """Return the plan of a course as it stood to its lessons on a day. Four queries."""
    facts = plan_facts(opened.course)
    topics = facts.rule_topics(policy=policy, held_by=on)
    by_key = {topic.key: topic for topic in topics}
    days = _days(facts, on=on)
    given = sum(len(held) for held in days.values())
    studied = facts.studied
    return PlanPage(
        facts=facts,
        on=on,
        lines=tuple(_lines(facts, by_key, days, on=on)),
        dropped=tuple(topic for topic in facts.topics if topic.fate == PlanTopic.Fate.DROPPED),
        fit=facts.fit(policy=policy),
        rest=rest_of(facts, policy=policy),
        planned=rules.planned_hours(
            [(topic.hours, topic.planned_on) for topic in studied], days=[one.on for one in facts.lessons], on=on
        ),
        given=given,
        topics_given=sum(by_key[str(topic.pk)].left == 0 for topic in studied),
        is_in_use=facts.is_in_use(on=on),
        corrections=PlanCorrection.objects.filter(course=opened.course).count(),
        stale=len(new_days(facts, policy=policy)) if facts.topics and opened.year_is_open else 0,
        unlinked=sum(bool(one.words) and one.plan_topic is None and one.on <= on for one in facts.lessons),
        carried=carried_topics(opened),
    )


def rest_of(facts: PlanFacts, *, policy: Policy) -> Fit:
    """Return the hours of the plan that no lesson gives yet, against the lessons that are open."""
    left = sum(topic.left for topic in facts.rule_topics(policy=policy))
    return Fit(left, sum(lesson.is_open for lesson in facts.lessons))


def carried_topics(opened: OpenCourse) -> tuple[PlanTopic, ...]:
    """Return last year's topics of this class and subject that were moved to this year and are not here. One query.

    The class of last year is the one a grade lower with the same letter, the group the one of the same name.
    """
    course = opened.course
    school_class = course.group.school_class
    if school_class is None:
        return ()
    found = PlanTopic.objects.filter(
        Q(course__group__kind=course.group.kind),
        course__subject=course.subject_id,
        course__year__ends_on__lt=course.year.starts_on,
        course__year__starts_on__year=course.year.starts_on.year - 1,
        course__group__school_class__grade=school_class.grade - 1,
        course__group__school_class__letter=school_class.letter,
        fate=PlanTopic.Fate.NEXT_YEAR,
    ).exclude(carried_to__course=course)
    if course.group.name and course.group.kind == "SUBGROUP":
        found = found.filter(course__group__name=course.group.name)
    return tuple(found.order_by("position", "pk"))


def _days(facts: PlanFacts, *, on: date) -> dict[int, list[date]]:
    days: dict[int, list[date]] = {}
    for lesson in facts.lessons:
        if lesson.plan_topic and lesson.state == "HELD" and lesson.on <= on:
            days.setdefault(lesson.plan_topic, []).append(lesson.on)
    return days


def _lines(
    facts: PlanFacts, topics: Mapping[str, Topic], days: Mapping[int, Sequence[date]], *, on: date
) -> list[PlanLine]:
    shown = numbers(facts.topics)
    lines: list[PlanLine] = []
    for topic in facts.topics:
        if topic.fate == PlanTopic.Fate.DROPPED:
            continue
        held = tuple(days.get(topic.pk, ()))
        lines.append(
            PlanLine(
                topic=topic,
                number=shown.get(topic.pk, 0),
                given=len(held),
                days=held,
                state=rules.state_of(topics[str(topic.pk)], on=on),
                new_section=not lines or lines[-1].topic.section != topic.section,
            )
        )
    return lines
