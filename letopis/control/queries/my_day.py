"""«Мой день»: the lessons of a day with what each lacks, and what waits from the last two weeks.

Eight queries, whatever the number of lessons.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from letopis.org.models import Organisation
from letopis.people.access import Actor
from letopis.register.models import Lesson, Substitution
from letopis.register.queries.absence_duties import ClassDuty, class_duties
from letopis.register.queries.lesson_gaps import GapLink, LessonState, group_title, states_of
from letopis.register.queries.substitution_plan import row_words
from letopis.rules.names import short_name
from letopis.rules.obligations import ATTENDANCE, HOMEWORK, TOPIC, urgency
from letopis.schooling.models import Bell, Break, CalendarDay, SchoolClass, Workload

LOOK_BACK_DAYS = 14
FAR = timedelta(days=270)
"""How far the days around the day shown are looked for."""


@dataclass(frozen=True, slots=True)
class DayLesson:
    """A lesson of the day."""

    state: LessonState
    starts_at: time | None
    ends_at: time | None
    is_now: bool
    instead_of: str
    """Short name of the teacher who is replaced; empty in one's own lesson."""
    together_with: tuple[LessonState, ...] = ()
    """Lessons at the same time with the other classes of a combined class: one slot of the day, a page for each."""

    @property
    def is_complete(self) -> bool:
        return not (self.state.gaps or any(state.gaps for state in self.together_with))

    @property
    def has(self) -> tuple[str, ...]:
        """What is there already, in words."""
        lesson, lacks = self.state.lesson, {link.duty.kind for link in self.state.gaps}
        said = {ATTENDANCE: _("посещаемость"), TOPIC: _("тема"), HOMEWORK: _("задание")}
        if lesson.attendance_taken_at is None and not lesson.topic:
            return ()
        return tuple(words for kind, words in said.items() if kind not in lacks)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A lesson of the last two weeks that lacks something."""

    state: LessonState
    ago: str

    @property
    def first(self) -> GapLink:
        """Where to begin."""
        return self.state.gaps[0]


@dataclass(frozen=True, slots=True)
class Away:
    """A lesson of the teacher's timetable that he does not give that day at that time."""

    on: date
    number: int
    title: str
    """«8А · Алгебра»."""
    words: str
    """«замена: Орлова Т. П.», «перенесён на 18.11, 5-й урок», «урок отменён»."""


@dataclass(frozen=True, slots=True)
class Day:
    """Everything the page shows."""

    on: date | None
    """The day shown; None when there is no day with lessons from the wanted one on."""
    wanted: date
    reason: str
    """Why another day is shown than the wanted one: «каникулы», «выходной», …; empty when it is the same."""
    lessons: tuple[DayLesson, ...]
    away: tuple[Away, ...]
    waiting: tuple[Waiting, ...]
    previous: date | None
    following: date | None
    classes: tuple[ClassDuty, ...] = ()
    """What the absences of his own class ask of a class teacher."""

    @property
    def is_moved(self) -> bool:
        return self.on != self.wanted


def my_day(actor: Actor, *, wanted: date, now: datetime) -> Day | None:
    """Return the day of a teacher, or None for one who gives no lessons.

    wanted: the day asked for; a day without his lessons gives the next one that has some.
    """
    mine = Lesson.objects.filter(organisation=actor.organisation, teacher=actor.employee_id)
    states = states_of(_of_day_and_before(mine, wanted, actor=actor), organisation=actor.organisation, now=now)
    if not states and not mine.exclude(state=Lesson.State.CANCELLED).exists():
        return None
    around: Any = states[0].lesson if states else _neighbours(mine, wanted)
    on = around.shown_on
    shown = [state for state in states if state.lesson.on == on]
    local = _local(now, actor)
    lessons = tuple(_day_lesson(state, now=local, is_today=on == actor.today) for state in shown)
    return Day(
        on=on,
        wanted=wanted,
        reason=_reason(actor, wanted) if on != wanted else "",
        lessons=_in_slots(lessons),
        away=_away(actor, days={wanted, on or wanted}),
        waiting=_waiting(states, today=actor.today),
        previous=around.previous_on,
        following=around.following_on,
        # A day that was moved asks why by a query; the way to the class is then «Классы».
        classes=class_duties(actor) if on == wanted else (),
    )


def _away(actor: Actor, *, days: set[date]) -> tuple[Away, ...]:
    """Return his lessons of the days that are given by another, at another time, or not at all. One query."""
    rows = Substitution.objects.filter(
        organisation=actor.organisation, absent_teacher=actor.employee_id, old_on__in=days, withdrawn_at=None
    ).select_related("acting_teacher__person", "lesson__course__subject", "lesson__course__group__school_class")
    return tuple(
        Away(
            row.old_on, row.old_number, f"{group_title(row.lesson)} · {row.lesson.course.subject.name}", row_words(row)
        )
        for row in rows.order_by("old_on", "old_number", "pk")
    )


def _of_day_and_before(lessons: QuerySet[Lesson], wanted: date, *, actor: Actor) -> QuerySet[Lesson]:
    """Return his lessons of the day shown and of the two weeks before today, with all that a card shows.

    Bells are those of the shift of the class, of the first where there is no class.
    """
    bells = Bell.objects.filter(
        year=OuterRef("course__year"),
        shift=Coalesce(OuterRef("course__group__school_class__shift"), 1),
        number=OuterRef("number"),
    )
    teaching = Workload.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=OuterRef("on")),
        course=OuterRef("course"),
        teacher__isnull=False,
        starts_on__lte=OuterRef("on"),
    )
    person = "teacher__person"
    usual = teaching.order_by("starts_on", "pk").values(
        name=Concat(f"{person}__last_name", Value("\n"), f"{person}__first_name", Value("\n"), f"{person}__middle_name")
    )
    recent = Q(on__range=(actor.today - timedelta(days=LOOK_BACK_DAYS), actor.today))
    with_cards: QuerySet[Lesson] = (
        _with_neighbours(lessons, wanted)
        .filter(recent | Q(on=F("shown_on")))
        .annotate(
            starts_at=Subquery(bells.values("starts_at")[:1]),
            ends_at=Subquery(bells.values("ends_at")[:1]),
            usual=Case(
                When(
                    Q(on=F("shown_on")) & ~Exists(teaching.filter(teacher=OuterRef("teacher"))),
                    then=Subquery(usual[:1]),
                ),
                default=Value(""),
            ),
        )
    )
    return with_cards


def _with_neighbours(lessons: QuerySet[Lesson], wanted: date) -> QuerySet[Any]:
    """Annotate the day shown, the wanted one or the next with lessons, and the days with lessons around it."""
    given = lessons.exclude(state=Lesson.State.CANCELLED).order_by()
    span = (wanted - FAR, wanted + FAR)
    from_wanted = given.filter(on__gte=wanted, on__lte=span[1]).order_by("on").values("on")
    shown_on = Subquery(from_wanted[:1])
    with_day: QuerySet[Any] = lessons.annotate(
        shown_on=shown_on,
        previous_on=Subquery(
            given.filter(on__gte=span[0], on__lt=Coalesce(shown_on, Value(wanted))).order_by("-on").values("on")[:1]
        ),
        following_on=Subquery(given.filter(on__gt=shown_on, on__lte=span[1]).order_by("on").values("on")[:1]),
    )
    return with_day


def _neighbours(lessons: QuerySet[Lesson], wanted: date) -> Any:
    """Return the day shown and those around it where neither it nor the last two weeks have a lesson."""
    return _with_neighbours(lessons, wanted).first()


def _day_lesson(state: LessonState, *, now: datetime, is_today: bool) -> DayLesson:
    lesson: Any = state.lesson
    starts_at, ends_at = lesson.starts_at, lesson.ends_at
    return DayLesson(
        state=state,
        starts_at=starts_at,
        ends_at=ends_at,
        is_now=bool(starts_at and is_today and starts_at <= now.time() <= ends_at),
        instead_of=short_name(*lesson.usual.split("\n")) if lesson.usual else "",
    )


def _in_slots(lessons: Sequence[DayLesson]) -> tuple[DayLesson, ...]:
    """Return the lessons with those of one combined class at one time as one (класс-комплект)."""
    slots: dict[tuple[object, ...], DayLesson] = {}
    for one in lessons:
        lesson = one.state.lesson
        school_class = lesson.course.group.school_class
        combined = school_class.combined if school_class else ""
        key = (lesson.number, combined) if combined else (lesson.pk,)
        if first := slots.get(key):
            slots[key] = replace(first, together_with=(*first.together_with, one.state))
        else:
            slots[key] = one
    return tuple(slots.values())


def _waiting(states: Iterable[LessonState], *, today: date) -> tuple[Waiting, ...]:
    """Return the lessons before today that lack something: the most urgent first."""
    open_ones = [state for state in states if state.gaps and state.lesson.on < today]
    ordered = sorted(open_ones, key=lambda state: urgency(state.gaps[0].duty))
    return tuple(Waiting(state, _ago((today - state.lesson.on).days)) for state in ordered)


def _ago(days: int) -> str:
    return _("вчера") if days == 1 else ngettext("%(n)s день назад", "%(n)s дней назад", days) % {"n": days}


def _reason(actor: Actor, day: date) -> str:
    """Return why the day has no lessons of the actor. One query."""
    organisation = actor.organisation
    taught = SchoolClass.objects.filter(
        year=OuterRef("year"),
        grade__range=(OuterRef("grade_from"), OuterRef("grade_to")),
        groups__courses__workloads__teacher=actor.employee_id,
    )
    vacation = Break.objects.filter(Exists(taught), organisation=organisation, starts_on__lte=day, ends_on__gte=day)
    special = CalendarDay.objects.filter(organisation=organisation, on=day).values("kind")[:1]
    [(is_vacation, kind)] = Organisation.objects.filter(pk=organisation.pk).values_list(
        Exists(vacation), Subquery(special)
    )
    if is_vacation:
        return _("каникулы")
    if kind == CalendarDay.Kind.OFF:
        return _("нерабочий день")
    if kind is None and day.isoweekday() > organisation.week_days:
        return _("выходной")
    return ""


def _local(now: datetime, actor: Actor) -> datetime:
    return now.astimezone(ZoneInfo(actor.organisation.time_zone))
