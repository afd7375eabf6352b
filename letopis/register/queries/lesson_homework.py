"""What the lesson page says around its homework: where it may be due, what the class has that day, and in what mode."""

from dataclasses import dataclass
from datetime import date

from letopis.register.access import OpenLesson
from letopis.register.queries.class_homework import HomeworkDay, day_load, lessons_ends
from letopis.register.queries.lesson import LessonPage
from letopis.rules.distance import DistanceSpan
from letopis.rules.homework import is_late
from letopis.rules.policy.editions import Editions
from letopis.schooling.queries.distance import distance_of


@dataclass(frozen=True, slots=True)
class HomeworkSide:
    """Everything around the fields of a homework."""

    distance: DistanceSpan | None
    load: HomeworkDay | None
    """What the class has for the due day; None for a group of several classes, and without a due day."""
    is_late: bool
    assessment_forms: tuple[str, ...]


def homework_side(page: LessonPage, *, due: date | None, policies: Editions) -> HomeworkSide:
    """Return what stands around the homework of a lesson; at most four queries.

    due: the day chosen in the form; None = the one in force, or the next lesson.
    """
    opened, policy = page.opened, policies.on(page.lesson.on)
    school_class = opened.opened.course.group.school_class
    late = False
    if school_class is not None and page.homework_set_at is not None:
        ends = lessons_ends(school_class, [page.lesson.on], zone=opened.opened.actor.organisation.time_zone)
        late = is_late(page.homework_set_at, lessons_end=ends.get(page.lesson.on), policy=policy)
    return HomeworkSide(
        distance=distance_of(opened.opened.course, page.lesson.on),
        load=load_of(opened, due or page.homework.due_on or page.next_day, policies=policies),
        is_late=late,
        assessment_forms=policy.assessment_forms,
    )


def load_of(opened: OpenLesson, due: date | None, *, policies: Editions) -> HomeworkDay | None:
    """Return what the class of the lesson has for a day besides this lesson; one query."""
    school_class = opened.opened.course.group.school_class
    if school_class is None or due is None:
        return None
    return day_load(school_class, due, besides=opened.lesson, policy=policies.on(due))
