"""What stands around the lessons of a diary: control works ahead, recommendations, distance learning."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from letopis.people.models import Pupil
from letopis.register.models import Lesson, Recommendation
from letopis.register.queries.control_works import works_ahead
from letopis.rules.policy import Policy
from letopis.schooling.models import SchoolClass, Term

SHOWN_FOR = timedelta(days=14)
"""How long a recommendation stays on the page of a week; it comes back with its week."""


@dataclass(frozen=True, slots=True)
class DiaryWork:
    """A control work of the schedule."""

    on: date
    number: int
    subject: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class DiaryRecommendation:
    """A teacher's advice to the pupil or to his class."""

    on: date
    subject: str
    author: str
    text: str
    to_class: str
    """Title of the class when it is to all of it."""


@dataclass(frozen=True, slots=True)
class Works:
    """The schedule of control works from the week to the end of its term (ORG-028)."""

    works: tuple[DiaryWork, ...]
    until: date
    term: str


def works_of(pupil_lessons: QuerySet[Lesson], *, grade: int, first: date, organisation: int, policy: Policy) -> Works:
    """Return the control works from a day to the end of the term it lies in, or of the next one; two queries."""
    term = (
        Term.objects.filter(organisation=organisation, grade_from__lte=grade, grade_to__gte=grade, ends_on__gte=first)
        .order_by("starts_on")
        .first()
    )
    until = term.ends_on if term else first + timedelta(days=60)
    tasks = works_ahead(pupil_lessons, first=first, last=until, policy=policy)
    works = tuple(
        DiaryWork(task.lesson.on, task.lesson.number, task.lesson.course.subject.name, task.kind, task.title)
        for task in tasks
    )
    return Works(works, until, term.title if term else "")


def recommendations_of(
    pupil: Pupil, school_class: SchoolClass | None, *, last: date
) -> tuple[DiaryRecommendation, ...]:
    """Return what was recommended in the two weeks that end on a day; one query."""
    to = Q(pupil=pupil) | Q(school_class=school_class.pk if school_class else 0)
    rows = Recommendation.objects.filter(to, withdrawn_at=None, on__gt=last - SHOWN_FOR, on__lte=last)
    return tuple(
        DiaryRecommendation(
            on=row.on,
            subject=row.subject.name if row.subject else "",
            author=row.author.person.short_name,
            text=row.text,
            to_class=row.school_class.title if row.school_class else "",
        )
        for row in rows.select_related("subject", "author__person", "school_class").order_by("-on", "-pk")
    )
