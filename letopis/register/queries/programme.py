"""Plan and fact: what the plans of a school wanted by a day and what was given. Eight queries, whatever the school.

The figures of one course are those of its plan page (rules.plan.planned_hours); here they are counted for all courses
at once, from topics as bare rows and from lessons counted by the database (ORG-023, REG-B031).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q

from letopis.people.access import Actor
from letopis.register.access import courses_of
from letopis.register.models import Lesson
from letopis.rules.names import match_key
from letopis.rules.plan import STUDIED, curriculum_hours, planned_hours
from letopis.schooling.models import AcademicYear, Course, GroupKind, PlanTopic, Workload
from letopis.schooling.queries.years import calendar_of, year_of_day, years_of

COURSE, CLASS, SUBJECT, TEACHER = "course", "class", "subject", "teacher"
ALL, LAGS, NO_PLAN, NO_ROOM = "", "lag", "none", "over"


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a filter."""

    value: str
    title: str


@dataclass(frozen=True, slots=True)
class ProgrammeFilters:
    """What the address asks for; empty values ask for everything."""

    school_class: str = ""
    subject: str = ""
    teacher: str = ""
    only: str = ""
    """LAGS, NO_PLAN or NO_ROOM."""
    by: str = COURSE
    """A row for each COURSE, or sums by CLASS, SUBJECT or TEACHER."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Hours and topics of a course, or their sums."""

    in_year: int = 0
    """Hours of the plan for the year."""
    planned: int = 0
    """Hours the plan wanted by the day."""
    given: int = 0
    """Lessons held by the day that gave a topic of the plan."""
    topics_planned: int = 0
    topics_given: int = 0
    over: int = 0
    """Hours left for which the year has no lesson any more."""
    held: int = 0
    """All lessons held by the day."""
    wanted: Fraction = Fraction(0)
    """Lessons the curriculum wants by the day."""

    @property
    def lag(self) -> int:
        return self.planned - self.given

    @property
    def topics_lag(self) -> int:
        return self.topics_planned - self.topics_given

    @property
    def wanted_lessons(self) -> int:
        """Rounded half up: the week is not over everywhere on the same day."""
        return int(self.wanted + Fraction(1, 2))

    @property
    def missing_lessons(self) -> int:
        """Lessons fewer than the curriculum wants; negative when more."""
        return self.wanted_lessons - self.held

    def __add__(self, other: "Figures") -> "Figures":
        names = ("in_year", "planned", "given", "topics_planned", "topics_given", "over", "held", "wanted")
        return Figures(**{name: getattr(self, name) + getattr(other, name) for name in names})


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """A row: a course, or the sum of several."""

    title: str
    subject: str
    class_title: str
    teachers: str
    figures: Figures
    has_plan: bool
    course: Course | None = None
    courses: int = 1
    link: str = ""
    """What the address must ask for to see the courses of a sum."""


@dataclass(frozen=True, slots=True)
class Programme:
    """Everything the page shows."""

    year: AcademicYear | None
    years: tuple[AcademicYear, ...]
    on: date
    lines: tuple[ProgrammeLine, ...]
    total: Figures
    courses: int
    """Courses shown."""
    without_plan: int
    lagging: int
    classes: tuple[Choice, ...] = ()
    subjects: tuple[Choice, ...] = ()
    teachers: tuple[Choice, ...] = ()


def programme(actor: Actor, *, year_code: str, on: date | None, filters: ProgrammeFilters) -> Programme:
    """Return plan and fact of the courses the actor may see, on a day of a year (today when it says none)."""
    years = years_of(actor.organisation)
    year = next((one for one in years if str(one.code) == year_code), None) or year_of_day(years, on or actor.today)
    day = min(max(on or actor.today, year.starts_on), year.ends_on) if year else actor.today
    if year is None:
        return Programme(None, (), day, (), Figures(), 0, 0, 0)
    year.organisation = actor.organisation
    courses = _courses(actor, year)
    teachers = _teachers(courses, on=day)
    shown = [one for one in courses if _wanted(one, teachers[one.pk], filters)]
    figures, planned = _figures(shown, year, on=day)
    lines = [_line(one, teachers[one.pk], figures[one.pk], has_plan=one.pk in planned) for one in shown]
    lines = [line for line in lines if _asked(line, filters.only)]
    return Programme(
        year=year,
        years=tuple(years),
        on=day,
        lines=tuple(_summed(lines, filters.by, teachers) if filters.by != COURSE else lines),
        total=sum((line.figures for line in lines), Figures()),
        courses=len(lines),
        without_plan=sum(not line.has_plan for line in lines),
        lagging=sum(line.figures.lag > 0 for line in lines),
        classes=_choices((_class_title(one), _class_title(one)) for one in courses if _class_title(one)),
        subjects=_choices((str(one.subject.code), one.subject.name) for one in courses),
        teachers=tuple(
            sorted({choice for found in teachers.values() for choice in found}, key=lambda one: match_key(one.title))
        ),
    )


def _courses(actor: Actor, year: AcademicYear) -> list[Course]:
    found = courses_of(actor).filter(year=year).select_related("subject", "group__school_class")
    return sorted(found, key=_order)


def _order(course: Course) -> tuple[Any, ...]:
    school_class = course.group.school_class
    place = (school_class.grade, school_class.letter) if school_class else (99, course.group.name)
    return (place, course.subject.sort_key, course.group.name)


def _class_title(course: Course) -> str:
    return course.group.school_class.title if course.group.school_class else ""


def _teachers(courses: Sequence[Course], *, on: date) -> dict[int, tuple[Choice, ...]]:
    """Return who teaches each course on the day, or who taught it last."""
    rows = (
        Workload.objects.filter(course__in=[one.pk for one in courses], teacher__isnull=False)
        .order_by("starts_on", "pk")
        .values_list(
            "course_id", "starts_on", "ends_on", "teacher__code", "teacher__person__last_name",
            "teacher__person__first_name", "teacher__person__middle_name",
        )
    )  # fmt: skip
    found: dict[int, list[tuple[bool, Choice]]] = defaultdict(list)
    for course, starts_on, ends_on, code, last, first, middle in rows:
        title = " ".join([last, *(f"{part[0]}." for part in (first, middle) if part)])
        is_now = starts_on <= on and (ends_on is None or on <= ends_on)
        found[course].append((is_now, Choice(str(code), title)))
    now = {key: [one for is_now, one in pairs if is_now] or [pairs[-1][1]] for key, pairs in found.items()}
    return {one.pk: tuple(dict.fromkeys(now.get(one.pk, []))) for one in courses}


def _wanted(course: Course, teachers: Sequence[Choice], filters: ProgrammeFilters) -> bool:
    return (
        (not filters.school_class or _class_title(course) == filters.school_class)
        and (not filters.subject or str(course.subject.code) == filters.subject)
        and (not filters.teacher or any(one.value == filters.teacher for one in teachers))
    )


def _asked(line: ProgrammeLine, only: str) -> bool:
    held = {LAGS: line.figures.lag > 0, NO_PLAN: not line.has_plan, NO_ROOM: line.figures.over > 0}
    return held.get(only, True)


def _figures(courses: Sequence[Course], year: AcademicYear, *, on: date) -> tuple[dict[int, Figures], set[int]]:
    """Return the figures by course, and which courses have a plan. Three queries and those of the calendar."""
    ids = [one.pk for one in courses]
    topics: dict[int, list[tuple[int, int, date | None]]] = defaultdict(list)
    of_year = PlanTopic.objects.filter(course__year=year, fate__in=STUDIED).order_by("course_id", "position", "pk")
    for course_id, pk, hours, planned_on in of_year.values_list("course_id", "pk", "hours", "planned_on"):
        topics[course_id].append((pk, hours, planned_on))
    lessons = _lessons(year, on=on)
    given = _given(year, on=on)
    days = _days_since_last_topic(topics, year, on=on)
    week = _weeks(courses, year, on=on)
    figures: dict[int, Figures] = {}
    for course in courses:
        of_course = topics.get(course.pk, [])
        counts = lessons.get(course.pk, _NOTHING)
        left = sum(max(0, hours - given.get(pk, (0, 0))[1]) for pk, hours, _day in of_course)
        figures[course.pk] = Figures(
            in_year=sum(hours for _pk, hours, _day in of_course),
            planned=planned_hours(
                [(hours, planned_on) for _pk, hours, planned_on in of_course], days=days.get(course.pk, ()), on=on
            ),
            given=counts.given,
            topics_planned=_finished(of_course, on=on),
            topics_given=sum(given.get(pk, (0, 0))[0] >= hours for pk, hours, _day in of_course),
            over=max(0, left - counts.open),
            held=counts.held,
            wanted=week(course),
        )
    return figures, {pk for pk in ids if topics.get(pk)}


def _finished(topics: Sequence[tuple[int, int, date | None]], *, on: date) -> int:
    """Return how many topics the plan wanted finished: those whose following topic has begun."""
    days = [planned_on for _pk, _hours, planned_on in topics]
    return sum(day is not None and day <= on for day in days[1:])


@dataclass(frozen=True, slots=True)
class _Counts:
    held: int = 0
    given: int = 0
    open: int = 0


_NOTHING = _Counts()


def _lessons(year: AcademicYear, *, on: date) -> dict[int, _Counts]:
    held = Q(state=Lesson.State.HELD, on__lte=on)
    rows = (
        Lesson.objects.filter(course__year=year)
        .exclude(state=Lesson.State.CANCELLED)
        .values("course_id")
        .annotate(
            held=Count("pk", filter=held),
            given=Count("pk", filter=held & Q(plan_topic__isnull=False)),
            open=Count("pk", filter=Q(plan_topic=None, topic="")),
        )
        .values_list("course_id", "held", "given", "open")
    )
    return {course: _Counts(held, given, is_open) for course, held, given, is_open in rows}


def _given(year: AcademicYear, *, on: date) -> dict[int, tuple[int, int]]:
    """Return by topic the lessons held up to the day, and all that are said to give it."""
    rows = (
        Lesson.objects.filter(course__year=year, plan_topic__isnull=False)
        .exclude(state=Lesson.State.CANCELLED)
        .values("plan_topic_id")
        .annotate(held=Count("pk", filter=Q(state=Lesson.State.HELD, on__lte=on)), all=Count("pk"))
        .values_list("plan_topic_id", "held", "all")
    )
    return {topic: (held, every) for topic, held, every in rows}


def _days_since_last_topic(
    topics: dict[int, list[tuple[int, int, date | None]]], year: AcademicYear, *, on: date
) -> dict[int, list[date]]:
    """Return the lesson days from the last begun topic of each course up to the day; one query for all."""
    last = {
        course: max((day for _pk, _hours, day in of if day and day <= on), default=None)
        for course, of in topics.items()
    }
    since = min((day for day in last.values() if day), default=None)
    if since is None:
        return {}
    days: dict[int, list[date]] = defaultdict(list)
    rows = (
        Lesson.objects.filter(course__year=year, on__range=(since, on))
        .exclude(state=Lesson.State.CANCELLED)
        .values_list("course_id", "on")
    )
    for course, day in rows:
        first = last.get(course)
        if first and day >= first:
            days[course].append(day)
    return days


def _weeks(courses: Iterable[Course], year: AcademicYear, *, on: date) -> Callable[[Course], Fraction]:
    """Return a function from a course to the lessons the curriculum wants by the day. Three queries."""
    calendar = calendar_of(year)
    grades = {one.group.school_class.grade for one in courses if one.group.school_class}
    days = {grade: len(calendar.school_days(grade=grade, first=year.starts_on, last=on)) for grade in grades}
    usual = max(days.values(), default=0)

    def wanted(course: Course) -> Fraction:
        school_class = course.group.school_class
        school_days = days[school_class.grade] if school_class else usual
        return curriculum_hours(
            weekly_hours=Fraction(course.weekly_hours), school_days=school_days, week_days=len(calendar.weekdays)
        )

    return wanted


def _line(course: Course, teachers: Sequence[Choice], figures: Figures, *, has_plan: bool) -> ProgrammeLine:
    group = "" if course.group.kind == GroupKind.WHOLE_CLASS else course.group.name
    title = ", ".join(part for part in (_class_title(course), group) if part)
    return ProgrammeLine(
        title=title,
        subject=course.subject.name,
        class_title=_class_title(course),
        teachers=", ".join(one.title for one in teachers),
        figures=figures,
        has_plan=has_plan,
        course=course,
    )


def _summed(lines: Sequence[ProgrammeLine], by: str, teachers: dict[int, tuple[Choice, ...]]) -> list[ProgrammeLine]:
    """Return a row for each class, subject or teacher; a course with two teachers counts for both."""
    groups: dict[tuple[str, str], list[ProgrammeLine]] = {}
    for line in lines:
        assert line.course is not None  # noqa: S101 (sums are made of courses)
        keys = {
            CLASS: [(line.class_title, line.class_title or "—")],
            SUBJECT: [(str(line.course.subject.code), line.subject)],
            TEACHER: [(one.value, one.title) for one in teachers[line.course.pk]] or [("", "вакансия")],
        }[by]
        for key in keys:
            groups.setdefault(key, []).append(line)
    summed = [
        ProgrammeLine(
            title=title,
            subject="",
            class_title="",
            teachers="",
            figures=sum((line.figures for line in of), Figures()),
            has_plan=any(line.has_plan for line in of),
            courses=len(of),
            link=value,
        )
        for (value, title), of in groups.items()
    ]
    return summed if by == CLASS else sorted(summed, key=lambda line: match_key(line.title))


def _choices(pairs: Iterable[tuple[str, str]]) -> tuple[Choice, ...]:
    return tuple(Choice(value, title) for value, title in dict(pairs).items())
