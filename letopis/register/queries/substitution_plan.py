"""The page of a deputy: lessons that need a substitute, and who could give each. Nine queries for any number."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from letopis.core.days import day_title
from letopis.org.models import Organisation
from letopis.people.models import Employee
from letopis.register.models import Lesson, Substitution
from letopis.register.queries.lesson_gaps import group_title
from letopis.register.queries.substitution_scene import Time, lesson_title
from letopis.rules.substitutions import Candidate, ranked
from letopis.schooling.models import SchoolClass, Workload

NONE, CANCEL, MOVE = "", "cancel", "move"
TEACHER, JOIN = "t:", "j:"
"""How a choice names what it chooses: a code follows."""
LONGEST_SPAN = 31
"""The most days one page plans for. Unit: days."""


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    title: str


@dataclass(frozen=True, slots=True)
class OptionGroup:
    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A lesson with what may be done."""

    lesson: Lesson
    group: str
    groups: tuple[OptionGroup, ...]
    proposed: str
    """The choice that is offered: a free colleague of the subject or the class, else nothing."""
    stands: str
    """What is arranged already, in words."""
    new_on: str = ""
    new_number: int | None = None
    """Where a move that was chosen leads."""


@dataclass(frozen=True, slots=True)
class PlanDay:
    on: date
    title: str
    lines: tuple[PlanLine, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The lessons chosen, by day."""

    days: tuple[PlanDay, ...]

    @property
    def lines(self) -> list[PlanLine]:
        return [line for day in self.days for line in day.lines]

    @property
    def proposed(self) -> int:
        """How many lessons have a colleague on offer."""
        return sum(bool(line.proposed) for line in self.lines)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lessons the page is about: of teachers or of classes in a span, or one lesson."""

    first: date
    last: date
    teachers: tuple[UUID, ...] = ()
    classes: tuple[UUID, ...] = ()
    lesson: UUID | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.teachers or self.classes or self.lesson)


@dataclass(slots=True)
class _Times:
    """What is given when, for choosing among the free."""

    busy: dict[tuple[int, Time], list[Lesson]] = field(default_factory=lambda: defaultdict(list))
    count: Counter[tuple[int, date]] = field(default_factory=Counter)
    at: dict[Time, list[Lesson]] = field(default_factory=lambda: defaultdict(list))
    away: set[tuple[int, date]] = field(default_factory=set)
    """Who is not there on a day: his own lessons are given by others."""


def teachers_of(organisation: Organisation) -> list[Employee]:
    """Return who gives lessons or may: employees with a workload, not dismissed, in the order of lists. One query."""
    rows = Employee.objects.filter(organisation=organisation, workloads__isnull=False)
    return list(rows.select_related("person").order_by("person__sort_key", "pk").distinct())


def lessons_wanted(organisation: Organisation, wanted: Wanted) -> QuerySet[Lesson]:
    """Return the lessons the page is about, cancelled ones left out.

    Of a class, also lessons of groups without a class all of whose pupils of that time are in the classes chosen.
    """
    rows = Lesson.objects.filter(organisation=organisation).exclude(state=Lesson.State.CANCELLED)
    if wanted.lesson:
        return rows.filter(code=wanted.lesson)
    chosen = Q()
    if wanted.teachers:
        chosen = Q(teacher__code__in=wanted.teachers)
    if wanted.classes:
        chosen |= Q(course__group__school_class__code__in=wanted.classes)
        chosen |= Q(course__group__in=_groups_within(organisation, wanted))
    return rows.filter(chosen, on__range=(wanted.first, wanted.last))


def plan_of(
    organisation: Organisation,
    wanted: Wanted,
    *,
    chosen: Mapping[str, str] | None = None,
    asked: Mapping[str, str] = MappingProxyType({}),
) -> Plan:
    """Return the lessons wanted with the choices for each.

    chosen: what was chosen already, by code of the lesson; without it the best free colleague is proposed once a time.
    asked: the fields on-… and number-… of moves, as they were typed.
    """
    joined = "course__subject", "course__group__school_class", "teacher__person", "room"
    lessons = list(lessons_wanted(organisation, wanted).select_related(*joined).order_by("on", "number", "pk"))
    days = {lesson.on for lesson in lessons}
    around = Lesson.objects.filter(organisation=organisation, on__in=days).exclude(state=Lesson.State.CANCELLED)
    times = _Times()
    for one in around.select_related("course__subject", "course__group__school_class", "teacher__person"):
        times.at[one.on, one.number].append(one)
        if one.teacher_id:
            times.busy[one.teacher_id, (one.on, one.number)].append(one)
            times.count[one.teacher_id, one.on] += 1
    times.away = _away(organisation, days)
    stands: dict[int, list[str]] = defaultdict(list)
    rows = Substitution.objects.filter(lesson__in=lessons, withdrawn_at=None).select_related("acting_teacher__person")
    for row in rows.order_by("pk"):
        stands[row.lesson_id].append(row_words(row))
    employees = teachers_of(organisation) if wanted.teachers or wanted.lesson else []
    taught = _taught(organisation, first=min(days, default=wanted.first), last=max(days, default=wanted.last))
    taken: set[tuple[str, Time]] = set()
    found: dict[date, list[PlanLine]] = defaultdict(list)
    for lesson in lessons:
        time = (lesson.on, lesson.number)
        candidates = ranked(_candidates(lesson, employees, wanted=wanted, times=times, taught=taught))
        proposed = NONE
        if chosen is None and wanted.teachers and not stands[lesson.pk]:
            proposed = _proposed(candidates, employees, time=time, taken=taken)
        elif chosen is None and wanted.classes and not wanted.teachers and lesson.state == Lesson.State.PLANNED:
            proposed = CANCEL
        found[lesson.on].append(
            PlanLine(
                lesson=lesson,
                group=group_title(lesson),
                groups=tuple(_groups(lesson, candidates, employees, times=times)),
                proposed=proposed if chosen is None else chosen.get(str(lesson.code), NONE),
                stands="; ".join(stands[lesson.pk]),
                new_on=asked.get(f"on-{lesson.code}", ""),
                new_number=_number(asked.get(f"number-{lesson.code}", "")),
            )
        )
    return Plan(tuple(PlanDay(on, day_title(on), tuple(lines)) for on, lines in found.items()))


def _number(text: str) -> int | None:
    return int(text) if len(text) <= 2 and text.isdecimal() else None


def row_words(row: Substitution) -> str:
    """Return a substitution in a few words: «замена: Орлова Т. П.»."""
    if row.kind == Substitution.Kind.MOVED and row.new_on:
        return _("перенесён на %(day)s, %(number)s-й урок") % {"day": f"{row.new_on:%d.%m}", "number": row.new_number}
    if row.kind == Substitution.Kind.CANCELLED:
        return _("урок отменён")
    name = row.acting_teacher.person.short_name if row.acting_teacher else ""
    said = _("объединение: %(name)s") if row.kind == Substitution.Kind.JOINED else _("замена: %(name)s")
    return said % {"name": name}


def _groups_within(organisation: Organisation, wanted: Wanted) -> list[int]:
    """Return the groups without a class whose pupils are all in the classes chosen. Two queries."""
    of_class = SchoolClass.objects.filter(organisation=organisation, code__in=wanted.classes)
    pupils = dict(of_class.values_list("groups__memberships__pupil", "pk"))
    rows = Lesson.objects.filter(
        Q(course__group__memberships__ends_on=None) | Q(course__group__memberships__ends_on__gte=wanted.first),
        organisation=organisation,
        on__range=(wanted.first, wanted.last),
        course__group__school_class=None,
        course__group__memberships__starts_on__lte=wanted.last,
    )
    members: dict[int, set[int]] = defaultdict(set)
    found = rows.values_list("course__group", "course__group__memberships__pupil").distinct()
    for group, pupil in found:
        members[group].add(pupil)
    return [group for group, those in members.items() if those <= pupils.keys()]


def _taught(organisation: Organisation, *, first: date, last: date) -> dict[int, set[tuple[str, int]]]:
    """Return what each teacher teaches in the span: («subject», its key) and («class», its key)."""
    found: dict[int, set[tuple[str, int]]] = defaultdict(set)
    rows = Workload.objects.filter(organisation=organisation, teacher__isnull=False).during(first, last)
    for teacher, subject, school_class in rows.values_list(
        "teacher_id", "course__subject_id", "course__group__school_class_id"
    ):
        found[teacher] |= {("subject", subject), ("class", school_class or 0)}
    return found


def _away(organisation: Organisation, days: Iterable[date]) -> set[tuple[int, date]]:
    """Return who is given a substitute on which of the days. One query."""
    rows = Substitution.objects.filter(
        organisation=organisation,
        kind__in=[Substitution.Kind.OTHER_TEACHER, Substitution.Kind.JOINED],
        old_on__in=list(days),
        withdrawn_at=None,
        absent_teacher__isnull=False,
    )
    return set(rows.values_list("absent_teacher_id", "old_on"))


def _candidates(
    lesson: Lesson,
    employees: Iterable[Employee],
    *,
    wanted: Wanted,
    times: _Times,
    taught: Mapping[int, set[tuple[str, int]]],
) -> Iterable[Candidate]:
    """Return who may be asked. Who is absent himself is not: neither those the page is about, nor who is away that day.

    A teacher whose one lesson was given away may still come: that is arranged on the page of the lesson.
    """
    time, group = (lesson.on, lesson.number), lesson.course.group
    for one in employees:
        gone = one.dismissed_on is not None and one.dismissed_on <= lesson.on
        absent = one.code in wanted.teachers or ((one.pk, lesson.on) in times.away and not wanted.lesson)
        if one.pk == lesson.teacher_id or gone or absent:
            continue
        teaches = taught.get(one.pk, set())
        beside = ((lesson.on, lesson.number + step) for step in (-1, 1))
        yield Candidate(
            employee_id=one.pk,
            name=one.person.short_name,
            teaches_subject=("subject", lesson.course.subject_id) in teaches,
            teaches_class=group.school_class_id is not None and ("class", group.school_class_id) in teaches,
            lessons_that_day=times.count[one.pk, lesson.on],
            is_beside=any((one.pk, near) in times.busy for near in beside),
            busy=tuple(lesson_title(busy) for busy in times.busy.get((one.pk, time), ())),
        )


def _proposed(
    candidates: Sequence[Candidate], employees: Sequence[Employee], *, time: Time, taken: set[tuple[str, Time]]
) -> str:
    codes = {one.pk: str(one.code) for one in employees}
    for one in candidates:
        code = codes[one.employee_id]
        if one.is_free and (one.teaches_subject or one.teaches_class) and (code, time) not in taken:
            taken.add((code, time))
            return f"{TEACHER}{code}"
    return NONE


def _groups(
    lesson: Lesson, candidates: Sequence[Candidate], employees: Sequence[Employee], *, times: _Times
) -> Iterable[OptionGroup]:
    codes = {one.pk: str(one.code) for one in employees}
    kinds: dict[str, list[Option]] = defaultdict(list)
    for one in candidates:
        option = Option(f"{TEACHER}{codes[one.employee_id]}", _title(one))
        if one.is_free:
            known = one.teaches_subject or one.teaches_class
            kinds[_("Свободны, знают предмет или класс") if known else _("Свободны")].append(option)
        elif one.teaches_subject or one.teaches_class:
            kinds[_("Заняты в это время")].append(option)
    joins = [
        Option(f"{JOIN}{one.code}", f"{group_title(one)}, {one.course.subject.name}: {one.teacher.person.short_name}")
        for one in times.at[lesson.on, lesson.number]
        if one.pk != lesson.pk and one.teacher and one.teacher_id != lesson.teacher_id and _may_join(lesson, one)
    ]
    if joins and employees:
        yield OptionGroup(_("Объединить с группой"), tuple(joins))
    yield from (OptionGroup(title, tuple(options)) for title, options in kinds.items())


def _may_join(lesson: Lesson, other: Any) -> bool:
    same_class = lesson.course.group.school_class_id == other.course.group.school_class_id
    return lesson.course.subject_id == other.course.subject_id or (
        same_class and lesson.course.group.school_class_id is not None
    )


def _title(one: Candidate) -> str:
    said = []
    if one.teaches_subject:
        said.append(_("предмет"))
    if one.teaches_class:
        said.append(_("класс"))
    if one.busy:
        said.append(_("занят: %(lessons)s") % {"lessons": "; ".join(one.busy)})
    elif one.lessons_that_day:
        said.append(_("уроков в этот день: %(n)s") % {"n": one.lessons_that_day})
    else:
        said.append(_("в этот день без уроков"))
    return f"{one.name} · {', '.join(said)}"
