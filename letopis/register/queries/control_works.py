"""The schedule of control works: tasks of a control kind on the lessons of a span (ORG-028, ORG-B016)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet

from letopis.people.access import Actor
from letopis.register.models import Lesson, Mark, Task
from letopis.rules.control_works import ControlWork, Excess, excesses
from letopis.rules.policy import Policy
from letopis.rules.policy.editions import Editions
from letopis.schooling.models import AcademicYear, Course, GroupKind, SchoolClass, Term

INTERNAL_CONTROL = "КР-ВШК"


@dataclass(frozen=True, slots=True)
class PlacedWork:
    """A control work of the schedule."""

    code: UUID
    lesson: UUID
    on: date
    number: int
    class_title: str
    group: str
    """The subgroup; empty for the whole class."""
    subject: str
    kind: str
    title: str
    teacher: str
    excesses: tuple[Excess, ...]
    may_change: bool
    """It is ahead, holds no mark, and the actor teaches it or controls."""

    @property
    def is_internal_control(self) -> bool:
        return self.kind == INTERNAL_CONTROL


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A class of the table, with its works by day."""

    title: str
    cells: tuple[tuple[PlacedWork, ...], ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Everything the page and the print show."""

    works: tuple[PlacedWork, ...]
    days: tuple[date, ...]
    """Days on which something is written."""
    rows: tuple[ScheduleRow, ...]

    @property
    def over(self) -> int:
        """Works that go over a limit."""
        return sum(bool(work.excesses) for work in self.works)


@dataclass(frozen=True, slots=True)
class ScheduleFilters:
    """What the address asks for; empty values ask for everything."""

    school_class: str = ""
    subject: str = ""
    kind: str = ""
    only_over: bool = False


def control_kinds(policy: Policy) -> list[str]:
    """Return the codes of the kinds of work that are controls."""
    return [one.code for one in policy.work_kinds if one.is_control]


def control_tasks(policy: Policy) -> QuerySet[Task]:
    """Return the control works of all lessons that are not cancelled."""
    return Task.objects.filter(kind__in=control_kinds(policy)).exclude(lesson__state=Lesson.State.CANCELLED)


def schedule(
    year: AcademicYear, *, first: date, last: date, actor: Actor, filters: ScheduleFilters, policies: Editions
) -> Schedule:
    """Return the schedule of a school for a span; five queries, whatever it holds.

    Limits are judged by all works of the year, so that a span cuts none of them off, and by the policy of the day of
    each work.
    """
    joined = "lesson__course__subject", "lesson__course__group__school_class", "lesson__teacher__person"
    tasks = list(
        control_tasks(policies.of_period(year.ends_on, today=actor.today))
        .filter(lesson__course__year=year)
        .select_related(*joined)
        .order_by("lesson__on", "lesson__number", "pk")
    )
    judged = _judged(tasks, policies=policies)
    marked = set(Mark.objects.filter(task__in=tasks).values_list("task_id", flat=True).distinct())
    is_open = year.state == AcademicYear.State.OPEN
    works = [
        _placed(
            task,
            found=judged[task.pk],
            may_change=is_open
            and task.pk not in marked
            and task.lesson.on >= actor.today
            and (actor.controls or (actor.employee_id is not None and task.lesson.teacher_id == actor.employee_id)),
        )
        for task in tasks
        if first <= task.lesson.on <= last and _wanted(task, filters)
    ]
    if filters.only_over:
        works = [work for work in works if work.excesses]
    days = tuple(sorted({work.on for work in works}))
    return Schedule(tuple(works), days, _rows(works, days))


def excesses_on(lesson: Lesson, *, kind: str, besides: Task | None, policy: Policy) -> tuple[Excess, ...]:
    """Return the limits that a control work would go over on this lesson. At most three queries.

    lesson: with course, subject, group, class and year joined in. besides: the work itself where it stands already.
    """
    tasks = _beside(lesson.course, besides, policy=policy)
    new = Task(pk=-1, lesson=lesson, kind=kind)
    facts = _facts([*tasks, new])
    return excesses(facts[-1], facts[:-1], policy=policy)


def placing_lessons(
    course: Course, *, since: date, besides: Task | None = None, policies: Editions
) -> list[tuple[Lesson, tuple[Excess, ...]]]:
    """Return the lessons to come of a course, each with the limits a work on it would go over; four queries.

    besides: a work that is about to be moved, which does not count.
    """
    lessons = list(
        Lesson.objects.filter(course=course, on__gte=since)
        .exclude(state=Lesson.State.CANCELLED)
        .select_related("course__subject", "course__group__school_class")
        .order_by("on", "number")
    )
    tasks = _beside(course, besides, policy=policies.on(since))
    new = [Task(pk=-1 - place, lesson=lesson, kind="КР") for place, lesson in enumerate(lessons)]
    facts = _facts([*tasks, *new])
    standing, wished = facts[: len(tasks)], facts[len(tasks) :]
    return [
        (lesson, excesses(work, standing, policy=policies.on(lesson.on)))
        for lesson, work in zip(lessons, wished, strict=True)
    ]


def works_ahead(lessons: QuerySet[Lesson], *, first: date, last: date, policy: Policy) -> list[Task]:
    """Return the control works on these lessons, for a diary; one query."""
    rows = control_tasks(policy).filter(lesson__in=lessons.filter(on__range=(first, last)).values("pk"))
    return list(rows.select_related("lesson__course__subject").order_by("lesson__on", "lesson__number", "position"))


def spans_of(year: AcademicYear) -> list[Term]:
    """Return the terms of a year, each title and span once, quarters before half-years; one query."""
    found: dict[tuple[str, date, date], Term] = {}
    for term in Term.objects.filter(year=year).order_by("starts_on", "ends_on", "grade_from"):
        found.setdefault((term.title, term.starts_on, term.ends_on), term)
    return sorted(found.values(), key=lambda term: (term.kind == Term.Kind.HALF_YEAR, term.starts_on, term.number))


def schedule_classes(year: AcademicYear) -> list[SchoolClass]:
    """Return the classes of a year in order; one query."""
    return list(SchoolClass.objects.filter(year=year).order_by("grade", "letter"))


def _beside(course: Course, besides: Task | None, *, policy: Policy) -> list[Task]:
    """Return the works of a year that the same class writes; of a group without a class, those of the group."""
    group = course.group
    works = control_tasks(policy).filter(lesson__course__year=course.year_id)
    if group.school_class_id:
        works = works.filter(lesson__course__group__school_class=group.school_class_id)
    else:
        works = works.filter(lesson__course__group=group.pk)
    joined = works.select_related("lesson__course__subject", "lesson__course__group__school_class")
    return [task for task in joined if besides is None or task.pk != besides.pk]


def _judged(tasks: Sequence[Task], *, policies: Editions) -> dict[int, tuple[Excess, ...]]:
    by_class: dict[object, list[ControlWork]] = defaultdict(list)
    for task, fact in zip(tasks, _facts(tasks), strict=True):
        group = task.lesson.course.group
        by_class[group.school_class_id or f"group {group.pk}"].append(fact)
    return {
        work.task: excesses(work, works, policy=policies.on(work.on)) for works in by_class.values() for work in works
    }


def _facts(tasks: Sequence[Task]) -> list[ControlWork]:
    """Return the works as the rules see them; two queries for the edges of days and the lessons of a year."""
    courses = {task.lesson.course_id for task in tasks}
    classes = {task.lesson.course.group.school_class_id for task in tasks} - {None}
    edges = {
        (row["course__group__school_class"], row["on"]): (row["first"], row["last"])
        for row in Lesson.objects.filter(
            course__group__school_class__in=classes, on__in={task.lesson.on for task in tasks}
        )
        .exclude(state=Lesson.State.CANCELLED)
        .values("course__group__school_class", "on")
        .annotate(first=Min("number"), last=Max("number"))
    }
    counted = dict(
        Lesson.objects.filter(course__in=courses)
        .exclude(state=Lesson.State.CANCELLED)
        .values_list("course")
        .annotate(n=Count("pk"))
    )
    return [_fact(task, edges=edges, counted=counted) for task in tasks]


def _fact(task: Task, *, edges: dict[tuple[int, date], tuple[int, int]], counted: dict[int, int]) -> ControlWork:
    lesson = task.lesson
    course = lesson.course
    first, last = edges.get((course.group.school_class_id or 0, lesson.on), (0, 0))
    return ControlWork(
        task=task.pk,
        on=lesson.on,
        number=lesson.number,
        subject=course.subject_id,
        course=course.pk,
        title=f"{course.subject.name}, {task.kind}",
        first=first,
        last=last,
        weekly_lessons=int(course.weekly_hours) if course.weekly_hours >= 1 else 1,
        year_lessons=counted.get(course.pk, 0),
    )


def _placed(task: Task, *, found: tuple[Excess, ...], may_change: bool) -> PlacedWork:
    lesson, group = task.lesson, task.lesson.course.group
    return PlacedWork(
        code=task.code,
        lesson=lesson.code,
        on=lesson.on,
        number=lesson.number,
        class_title=group.school_class.title if group.school_class else group.name,
        group="" if group.kind == GroupKind.WHOLE_CLASS or not group.school_class else group.name,
        subject=lesson.course.subject.name,
        kind=task.kind,
        title=task.title,
        teacher=lesson.teacher.person.short_name if lesson.teacher else "",
        excesses=found,
        may_change=may_change,
    )


def _wanted(task: Task, filters: ScheduleFilters) -> bool:
    course = task.lesson.course
    school_class = course.group.school_class
    return (
        (not filters.school_class or (school_class is not None and str(school_class.code) == filters.school_class))
        and (not filters.subject or str(course.subject.code) == filters.subject)
        and (not filters.kind or task.kind == filters.kind)
    )


def _rows(works: Iterable[PlacedWork], days: Sequence[date]) -> tuple[ScheduleRow, ...]:
    cells: dict[str, dict[date, list[PlacedWork]]] = defaultdict(lambda: defaultdict(list))
    for work in works:
        cells[work.class_title][work.on].append(work)
    return tuple(
        ScheduleRow(title, tuple(tuple(cells[title][day]) for day in days)) for title in sorted(cells, key=_class_order)
    )


def _class_order(title: str) -> tuple[int, str]:
    digits = "".join(sign for sign in title[:2] if sign.isdigit())
    return (int(digits) if digits else 99, title)
