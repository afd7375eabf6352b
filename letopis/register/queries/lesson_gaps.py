"""What lessons lack, each with the place where it is filled: the open duties of lessons, for pages that show them.

The rules are those of every duty (rules.obligations); a whole school is judged by control.queries.obligations.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, TimeField, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from letopis.org.models import Organisation
from letopis.org.queries import policies
from letopis.register.models import Lesson
from letopis.register.queries.duty_words import asked_words, clause_words, due_words, duty_url, tone_of
from letopis.register.queries.obligations import said_homework, work_rows
from letopis.rules.deadlines import DueFinder
from letopis.rules.obligations import (
    ATTENDANCE,
    HOMEWORK,
    TOPIC,
    Judge,
    LessonFacts,
    Obligation,
    Page,
    TermFacts,
    lesson_obligations,
    terms_of_page,
    urgency,
    work_obligation,
)
from letopis.rules.registers import register_of
from letopis.rules.terms import period_kind
from letopis.schooling.models import Bell, GroupKind, SchoolClass
from letopis.schooling.queries.page_facts import Members, members, terms_between

PARTS = (ATTENDANCE, TOPIC, HOMEWORK)


@dataclass(frozen=True, slots=True)
class GapLink:
    """An open duty with the address of the very place where it is done."""

    duty: Obligation
    url: str
    sentence: str
    """What is asked for, in the language of the reader."""
    due: str
    """«до 17:00», «срок был вчера»."""
    tone: str
    """late, soon, or none while there is time."""
    clause: str
    """What the deadline rests on."""


@dataclass(frozen=True, slots=True)
class LessonState:
    """A lesson with what it still lacks."""

    lesson: Lesson
    """With course, subject, group, class, room and teacher joined in."""
    url: str
    gaps: tuple[GapLink, ...]
    """The most urgent first."""

    @property
    def group_title(self) -> str:
        """«8А», «8А · 1 подгруппа»."""
        return group_title(self.lesson)


def states_of(lessons: QuerySet[Lesson], *, organisation: Organisation, now: datetime) -> list[LessonState]:
    """Return the lessons in order of day and number with what they lack; cancelled ones are left out.

    One query, and three more where some lesson holds a work. Each lesson is judged by the policy of its day.
    """
    zone = ZoneInfo(organisation.time_zone)
    judge = Judge(DueFinder(policies(organisation), zone=zone), now=now)
    found: list[Any] = list(
        lessons.exclude(state=Lesson.State.CANCELLED)
        .select_related("course__subject", "course__group__school_class", "room", "teacher__person")
        .annotate(homework_said=said_homework(), last_ends_at=_last_bell(), taught_grade=_grade())
        .order_by("on", "number", "pk")
    )
    pages = {lesson.course_id: _page(lesson) for lesson in found}
    works = _works(found, pages=pages, judge=judge)
    return [_state(lesson, pages[lesson.course_id], works[lesson.code], judge=judge, zone=zone) for lesson in found]


def group_title(lesson: Lesson) -> str:
    """Return who is taught: the class, with the group where it is not the whole class."""
    group = lesson.course.group
    if group.school_class is None or group.name == group.school_class.title:
        return group.name
    return f"{group.school_class.title} · {group.name}"


def _page(lesson: Any) -> Page:
    course = lesson.course
    return Page(
        course=course.pk,
        code=course.code,
        subject=course.subject_id,
        subject_name=course.subject.name,
        school_class=course.group.school_class_id or 0,
        grade=lesson.taught_grade,
        title=group_title(lesson),
        group=course.group_id,
        asks_homework=register_of(course.kind).asks_homework,
        scale=course.subject.scale,
    )


def _last_bell() -> Case:
    """The end of the last lesson of the class that day, asked only where homework is still missing."""
    of_class, outer = "course__group__school_class", OuterRef
    last = (
        Lesson.objects.filter(
            (of_class, outer(outer(of_class))), organisation=outer(outer("organisation")), on=outer(outer("on"))
        )
        .exclude(state=Lesson.State.CANCELLED)
        .order_by("-number")
        .values("number")[:1]
    )
    bell = Bell.objects.filter(
        year=outer("course__year"),
        shift=Coalesce(outer(f"{of_class}__shift"), 1),
        number=Coalesce(Subquery(last), outer("number")),
    )
    ends_at = Subquery(bell.values("ends_at")[:1])
    return Case(When(said_homework(), then=Value(None)), default=ends_at, output_field=TimeField())


def _grade() -> Coalesce:
    of_pupils = SchoolClass.objects.filter(
        year=OuterRef("course__year"),
        groups__kind=GroupKind.WHOLE_CLASS,
        groups__memberships__pupil__memberships__group=OuterRef("course__group"),
    )
    return Coalesce(F("course__group__school_class__grade"), Subquery(of_pupils.values("grade")[:1]), 0)


def _works(lessons: Sequence[Any], *, pages: dict[int, Page], judge: Judge) -> dict[UUID, list[Obligation]]:
    """Return the open works by code of their lesson. Three queries at most."""
    works: dict[UUID, list[Obligation]] = defaultdict(list)
    there = {lesson.pk: lesson for lesson in lessons if lesson.on <= judge.today}
    kinds = {kind for day in {one.on for one in there.values()} for kind in judge.works(judge.finder.policy_on(day))}
    if not kinds:
        return works
    known: list[Members] = []

    def present(page: Page, on: date) -> frozenset[int]:
        if not known:
            year = next(one.course.year_id for one in lessons if one.course_id == page.course)
            known.append(members(year, {one.group for one in pages.values()}))
        return known[0].of(page, on)

    found = work_rows(Lesson.objects.filter(pk__in=list(there)), kinds=kinds, pages=pages, present=present)
    if not found:
        return works
    organisation = next(iter(there.values())).organisation_id
    days = [work.on for _course, work in found]
    terms = terms_between(organisation, min(days), max(days))
    hours = {one.course_id: Fraction(one.course.weekly_hours) for one in lessons}
    for course, work in found:
        page = pages[course]
        term = _term_of(page, work.on, terms=terms, weekly_hours=hours[course], judge=judge)
        one = work_obligation(work, page, judge=judge, period_end=term.ends_on if term else None)
        if one is not None and one.is_open:
            works[work.lesson].append(one)
    return works


def _term_of(
    page: Page, on: date, *, terms: list[tuple[TermFacts, int, int]], weekly_hours: Fraction, judge: Judge
) -> TermFacts | None:
    kind = period_kind(
        grade=page.grade, subject=page.subject_name, weekly_hours=weekly_hours, policy=judge.finder.policy_on(on)
    )
    here = [term for term, low, high in terms if low <= page.grade <= high]
    return next((one for one in terms_of_page(here, kind=kind) if one.starts_on <= on <= one.ends_on), None)


def _state(lesson: Any, page: Page, works: list[Obligation], *, judge: Judge, zone: ZoneInfo) -> LessonState:
    facts = LessonFacts(
        pk=lesson.pk,
        code=lesson.code,
        on=lesson.on,
        number=lesson.number,
        who=lesson.teacher_id,
        is_held=lesson.state == Lesson.State.HELD,
        has_topic=bool(lesson.topic),
        topic_at=lesson.topic_at,
        held_at=lesson.held_at,
        attendance_at=lesson.attendance_taken_at,
        said=lesson.homework_said,
        set_at=None,
    )
    ends = datetime.combine(lesson.on, lesson.last_ends_at, zone) if lesson.last_ends_at else None
    duties = [one for one in lesson_obligations(facts, page, judge=judge, lessons_end=ends, kinds=PARTS) if one.is_open]
    links = (
        GapLink(
            one, duty_url(one), asked_words(one), due_words(one, today=judge.today), tone_of(one), clause_words(one)
        )
        for one in sorted([*duties, *works], key=urgency)
    )
    return LessonState(lesson, reverse("register:lesson", args=[lesson.code]), tuple(links))


def _link(duty: Obligation, *, today: date) -> GapLink:
    due = due_words(duty, today=today)
    return GapLink(duty, duty_url(duty), asked_words(duty), due, tone_of(duty), clause_words(duty))
