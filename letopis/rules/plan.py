"""The thematic plan over the lessons of a year: when each topic stands, what fits, what comes next, what lags.

Sources: ORG-020…023, REG-B011; how hours are shared out is the product's proposal, which a teacher accepts or changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from letopis.rules.russian import counted

IN_PLAN, NEXT_YEAR, MODULES, DROPPED = "IN_PLAN", "NEXT_YEAR", "MODULES", "DROPPED"
STUDIED = frozenset({IN_PLAN, MODULES})
"""Fates of topics that take lessons of this year; a topic taught in modules stays in it with a mark (ORG-022)."""
MOST_HOURS = 99
"""Of one topic. Unit: lessons. More is a slip of the keyboard."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as the rules see it."""

    key: str
    hours: int
    section: str = ""
    given: int = 0
    """Lessons that gave it already."""
    planned_on: date | None = None
    """Day of its first lesson as it was laid before."""
    is_control: bool = False
    """Ends with a control work: it is never shortened."""
    fate: str = IN_PLAN

    @property
    def left(self) -> int:
        """Hours still to be given."""
        return max(0, self.hours - self.given) if self.fate in STUDIED else 0


@dataclass(frozen=True, slots=True)
class Fit:
    """How the hours of a plan stand to the lessons there are for them."""

    hours: int
    lessons: int

    @property
    def over(self) -> int:
        """Hours that have no lesson; negative when lessons are left without a topic."""
        return self.hours - self.lessons

    @property
    def sentence(self) -> str:
        """«В плане 102 ч, уроков в году 98: не помещаются 4 часа»."""
        head = f"В плане {self.hours} ч, уроков в году {self.lessons}"
        if self.over > 0:
            verb = "не помещается" if self.over % 10 == 1 and self.over % 100 != 11 else "не помещаются"
            return f"{head}: {verb} {counted(self.over, 'час', 'часа', 'часов')}"
        if self.over < 0:
            return f"{head}: без темы остаётся {counted(-self.over, 'урок', 'урока', 'уроков')}"
        return f"{head}: план помещается полностью"


def fit_of_year(topics: Iterable[Topic], *, lessons: int) -> Fit:
    """Return how the whole plan stands to the lessons of the year.

    lessons: of the year, without cancelled ones; a lesson that gave no topic of the plan is none the plan can have, so
    the caller leaves it out.
    """
    return Fit(sum(topic.hours for topic in topics if topic.fate in STUDIED), lessons)


def lay(topics: Sequence[Topic], *, days: Sequence[date]) -> dict[str, date | None]:
    """Return the day of the first lesson of every topic, by key; None where no lesson is left for it.

    topics: in the order of the plan. days: of the lessons that may still be given a topic, in order, a day with two
    lessons twice. A topic that was begun keeps its day and takes as many lessons as it has hours left; so a day off or
    a moved lesson moves what is not begun yet, and the past stays as it was planned. Source: ORG-020.
    """
    laid: dict[str, date | None] = {}
    used = 0
    for topic in topics:
        if topic.fate not in STUDIED:
            laid[topic.key] = topic.planned_on
            continue
        begins = days[used] if used < len(days) and topic.left else None
        laid[topic.key] = topic.planned_on if topic.given and topic.planned_on else begins or _kept(topic)
        used += topic.left
    return laid


def _kept(topic: Topic) -> date | None:
    """A topic given in full keeps the day it was planned for."""
    return None if topic.left else topic.planned_on


def distribute(topics: Sequence[Topic], *, lessons: int) -> dict[str, int]:
    """Return new hours by key for the topics to shorten or to extend, so that what is left fits the lessons left.

    lessons: left for the plan. The difference is shared among sections in proportion to their hours left (largest
    remainder), inside a section the longest topic gives or takes first. No topic falls below one hour or below what was
    given, no control work is touched; so the answer may fall short, see `fit_of_year`.
    """
    hours = {topic.key: topic.hours for topic in topics if topic.left and not topic.is_control}
    over = sum(topic.left for topic in topics) - lessons
    loose = [topic for topic in topics if topic.key in hours]
    floor = {topic.key: max(1, topic.given) for topic in loose}
    sections: dict[str, list[Topic]] = {}
    for topic in loose:
        sections.setdefault(topic.section, []).append(topic)
    step = -1 if over > 0 else 1
    for section, share in _shares({name: sum(t.left for t in of) for name, of in sections.items()}, abs(over)).items():
        for _ in range(share):
            _step(sections[section], hours, floor, step)
    # What a section could not give, because its topics are short already, others give.
    done = sum(topic.hours - hours[topic.key] for topic in loose)
    for _ in range(abs(over - done)):
        _step(loose, hours, floor, step)
    return {topic.key: hours[topic.key] for topic in loose if hours[topic.key] != topic.hours}


def _shares(weights: Mapping[str, int], whole: int) -> dict[str, int]:
    """Share a whole number out in proportion to weights; the largest remainders get what rounding left over."""
    total = sum(weights.values())
    if not total:
        return {}
    exact = {name: Fraction(whole * weight, total) for name, weight in weights.items()}
    shares = {name: int(share) for name, share in exact.items()}
    by_remainder = sorted(exact, key=lambda name: (shares[name] - exact[name], -weights[name]))
    for name in by_remainder[: whole - sum(shares.values())]:
        shares[name] += 1
    return shares


def _step(topics: Sequence[Topic], hours: dict[str, int], floor: Mapping[str, int], step: int) -> None:
    able = [topic for topic in topics if floor[topic.key] <= hours[topic.key] + step <= MOST_HOURS]
    if able:
        hours[max(able, key=lambda topic: hours[topic.key] - floor[topic.key]).key] += step


@dataclass(frozen=True, slots=True)
class PlannedLesson:
    """A lesson as the offer sees it."""

    key: int
    topic: str = ""
    """Key of the topic of the plan it gives; empty for none."""
    has_words: bool = False
    """Something else was written as its topic."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The topic the plan has for a lesson, and which of its hours that is."""

    topic: str
    hour: int
    hours: int


def offers(topics: Sequence[Topic], lessons: Iterable[PlannedLesson]) -> dict[int, Offer]:
    """Return by lesson the next topic that is not given yet; one hour of the plan for each empty lesson, in order.

    topics: in the order of the plan; `given` is not read, lessons say what they gave. A lesson that gives a topic shows
    which hour of it that is; one with other words (a deviation) takes nothing from the plan. Source: REG-B011.
    """
    ordered = list(lessons)
    hours = {topic.key: topic.hours for topic in topics if topic.fate in STUDIED}
    given: dict[str, int] = {}
    for lesson in ordered:
        if lesson.topic:
            given[lesson.topic] = given.get(lesson.topic, 0) + 1
    left = iter([(key, hour) for key, count in hours.items() for hour in range(given.get(key, 0) + 1, count + 1)])
    shown: dict[str, int] = {}
    found: dict[int, Offer] = {}
    for lesson in ordered:
        if lesson.topic:
            hour = shown[lesson.topic] = shown.get(lesson.topic, 0) + 1
            found[lesson.key] = Offer(lesson.topic, hour, hours.get(lesson.topic, hour))
        elif not lesson.has_words and (following := next(left, None)):
            found[lesson.key] = Offer(following[0], following[1], hours[following[0]])
    return found


GIVEN, PARTLY, LATE, AHEAD, AWAY = "GIVEN", "PARTLY", "LATE", "AHEAD", "AWAY"


def state_of(topic: Topic, *, on: date) -> str:
    """Return GIVEN, PARTLY, LATE (its day is over, it is not begun), AHEAD, or AWAY (not studied this year)."""
    if topic.fate not in STUDIED:
        return AWAY
    if not topic.left:
        return GIVEN
    if topic.given:
        return PARTLY
    return LATE if topic.planned_on and topic.planned_on < on else AHEAD


def planned_hours(topics: Iterable[tuple[int, date | None]], *, days: Sequence[date], on: date) -> int:
    """Return how many hours the plan wanted given by the end of a day.

    topics: hours and planned day of the studied topics, in the order of the plan. days: of the lessons of the course up
    to that day, at least from the last begun topic on. Every topic begun before the last one counts in full, the last
    one as many hours as there were lessons since its day. Source: ORG-023.
    """
    begun = [(hours, day) for hours, day in topics if day is not None and day <= on]
    if not begun:
        return 0
    last_hours, last_day = begun[-1]
    same_day = sum(hours for hours, day in begun[:-1] if day == last_day)
    since = sum(last_day <= day <= on for day in days) - same_day
    return sum(hours for hours, _day in begun[:-1]) + min(last_hours, max(0, since))


def curriculum_hours(*, weekly_hours: Fraction, school_days: int, week_days: int) -> Fraction:
    """Return how many lessons the curriculum wants in so many school days: weekly hours × weeks. Source: REG-B031."""
    return weekly_hours * school_days / week_days


def plan_is_in_use(*, first_planned_on: date | None, gave_lessons: bool, on: date) -> bool:
    """Say whether a change of the plan is a correction with a reason: lessons gave it, or its first day has come.

    Before that the teacher still draws it up, and nothing need be explained. Source: ORG-021.
    """
    return gave_lessons or (first_planned_on is not None and first_planned_on < on)
