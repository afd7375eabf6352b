"""The day of a school for those who control it: lessons that lack something, by teacher. Five queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from letopis.people.access import Actor
from letopis.register.models import Lesson
from letopis.register.queries.lesson_gaps import LessonState, states_of
from letopis.rules.names import match_key


@dataclass(frozen=True, slots=True)
class TeacherDay:
    """One teacher with his lessons that lack something."""

    teacher: str
    states: tuple[LessonState, ...]


@dataclass(frozen=True, slots=True)
class SchoolDay:
    """Everything the page shows."""

    on: date
    """The day shown: the wanted one, or the next with lessons."""
    wanted: date
    previous: date | None
    following: date | None
    """The nearest days with lessons before and after it."""
    total: int
    """Lessons of the day."""
    complete: int
    teachers: tuple[TeacherDay, ...]

    @property
    def is_moved(self) -> bool:
        return self.on != self.wanted


def school_day(actor: Actor, *, wanted: date, now: datetime) -> SchoolDay:
    """Return the lessons of the school's day that lack something, by teacher in the order of names.

    wanted: the day asked for; one without lessons gives the next that has some.
    """
    lessons = Lesson.objects.filter(organisation=actor.organisation)
    days = lessons.exclude(state=Lesson.State.CANCELLED).values_list("on", flat=True)
    on = days.filter(on__gte=wanted).order_by("on").first() or wanted
    states = states_of(lessons.filter(on=on), organisation=actor.organisation, now=now)
    by_teacher: dict[str, list[LessonState]] = defaultdict(list)
    for state in states:
        teacher = state.lesson.teacher
        if state.gaps:
            by_teacher[teacher.person.short_name if teacher else _("вакансия")].append(state)
    return SchoolDay(
        on=on,
        wanted=wanted,
        previous=days.filter(on__lt=on).order_by("-on").first(),
        following=days.filter(on__gt=on).order_by("on").first(),
        total=len(states),
        complete=sum(not state.gaps for state in states),
        teachers=tuple(TeacherDay(name, tuple(by_teacher[name])) for name in sorted(by_teacher, key=match_key)),
    )
