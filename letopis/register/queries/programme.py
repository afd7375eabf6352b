"""Plan and fact: what the plans of a school wanted by a day and what was given. Eleven queries, whatever the school.

The figures of one course are those of its plan page (rules.plan.planned_hours); here they are counted for all courses
at once, from sums that the database makes (ORG-023, REG-B031).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from letopis.people.access import Actor
from letopis.register.access import courses_of
from letopis.register.models import Lesson
from letopis.rules.names import match_key, short_name
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
        title = short_name(last, first, middle)
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
    """Return the figures by course, and which courses have a plan. Five queries and those of the calendar."""
    topics, lessons, given = _topics(year, on=on), _lessons(year, on=on), _given(year, on=on)
    planned = _planned(topics, on=on)
    week = _weeks(courses, year, on=on)
    figures: dict[int, Figures] = {}
    for course in courses:
        plan, counts = topics.get(course.pk, _NO_TOPICS), lessons.get(course.pk, _NOTHING)
        topics_given, hours_given = given.get(course.pk, (0, 0))
        figures[course.pk] = Figures(
            in_year=plan.hours,
            planned=planned.get(course.pk, 0),
            given=counts.given,
            # A topic was to be finished when the one after it has begun.
            topics_planned=max(0, plan.begun - 1),
            topics_given=topics_given,
            over=max(0, plan.hours - hours_given - counts.open),
            held=counts.held,
            wanted=week(course),
        )
    return figures, set(topics)


@dataclass(frozen=True, slots=True)
class _Topics:
    hours: int = 0
    begun_hours: int = 0
    begun: int = 0
    last_day: date | None = None


_NO_TOPICS = _Topics()


def plan_hours(year: AcademicYear, *, on: date, courses: Collection[int] | None = None) -> dict[int, tuple[int, int]]:
    """Return the hours that each plan wanted by the day, and the lessons held by it that gave them. Four queries.

    courses: None for all of the year; a course without a plan is left out.
    """
    topics = _topics(year, on=on, courses=courses)
    if not topics:
        return {}
    planned, lessons = _planned(topics, on=on), _lessons(year, on=on, courses=list(topics))
    return {course: (planned.get(course, 0), lessons.get(course, _NOTHING).given) for course in topics}


def _topics(year: AcademicYear, *, on: date, courses: Collection[int] | None = None) -> dict[int, _Topics]:
    """Return the sums of the plan of each course that has one."""
    begun = Q(planned_on__lte=on)
    rows = (
        _within(PlanTopic.objects.filter(course__year=year, fate__in=STUDIED), courses)
        .values("course_id")
        .annotate(
            all_hours=Sum("hours"),
            begun_hours=Sum("hours", filter=begun),
            begun=Count("pk", filter=begun),
            last_day=Max("planned_on", filter=begun),
        )
        .values_list("course_id", "all_hours", "begun_hours", "begun", "last_day")
    )
    return {course: _Topics(hours, so_far or 0, begun, day) for course, hours, so_far, begun, day in rows}


def _planned(topics: dict[int, _Topics], *, on: date) -> dict[int, int]:
    """Return the hours each plan wanted by the day, by rules.plan.planned_hours; two queries.

    Topics that began before the last day of each course count in full, so only those of the last day are read by row.
    """
    since = min((one.last_day for one in topics.values() if one.last_day), default=None)
    if since is None:
        return {}
    last: dict[int, list[tuple[int, date | None]]] = defaultdict(list)
    of_span = PlanTopic.objects.filter(course__in=list(topics), fate__in=STUDIED, planned_on__range=(since, on))
    for course, hours, day in of_span.order_by("position", "pk").values_list("course_id", "hours", "planned_on"):
        if day == topics[course].last_day:
            last[course].append((hours, day))
    days: dict[int, list[date]] = defaultdict(list)
    lessons = Lesson.objects.filter(course__in=list(topics), on__range=(since, on))
    lessons = lessons.exclude(state=Lesson.State.CANCELLED)
    for course, day in lessons.values_list("course_id", "on"):
        days[course].append(day)
    return {
        course: topics[course].begun_hours
        - sum(hours for hours, _day in of_course)
        + planned_hours(of_course, days=days[course], on=on)
        for course, of_course in last.items()
    }


@dataclass(frozen=True, slots=True)
class _Counts:
    held: int = 0
    given: int = 0
    open: int = 0


_NOTHING = _Counts()


def _within(rows: QuerySet[Any], courses: Collection[int] | None) -> QuerySet[Any]:
    return rows if courses is None else rows.filter(course__in=courses)


def _lessons(year: AcademicYear, *, on: date, courses: Collection[int] | None = None) -> dict[int, _Counts]:
    held = Q(state=Lesson.State.HELD, on__lte=on)
    rows = (
        _within(Lesson.objects.filter(course__year=year), courses)
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
    """Return by course the topics given in full by the day, and the hours of its plan that any lesson gives."""
    rows = (
        Lesson.objects.filter(course__year=year, plan_topic__fate__in=STUDIED)
        .exclude(state=Lesson.State.CANCELLED)
        .values("plan_topic_id")
        .annotate(held=Count("pk", filter=Q(state=Lesson.State.HELD, on__lte=on)), every=Count("pk"))
        .values_list("course_id", "plan_topic__hours", "held", "every")
    )
    found: dict[int, tuple[int, int]] = {}
    for course, hours, held, every in rows:
        topics, given = found.get(course, (0, 0))
        found[course] = (topics + (held >= hours), given + min(hours, every))
    return found


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
