"""Substitutions of the demo: a teacher ill in each of three weeks, joined groups, cancelled hours, a moved lesson."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from letopis.accounts.models import Role
from letopis.core.errors import Refused
from letopis.demo.facts import chance
from letopis.demo.lessons import Season
from letopis.people.access import Actor
from letopis.people.models import Employee
from letopis.register.actions import substitutions as verbs
from letopis.register.actions.arrangement import Wish
from letopis.register.models import Lesson, Substitution
from letopis.register.queries.substitution_plan import TEACHER, PlanLine, Wanted, plan_of, teachers_of

REASONS = ("Болезнь учителя", "Курсы повышения квалификации", "Болезнь учителя")
WEEKS_BACK = 2
MOST_LESSONS = 22
"""An absent teacher has at most so many lessons in the week, so that colleagues can take them."""


def add(season: Season, *, on: date) -> None:
    """Arrange substitutions for the week of a day and the two before it. Twice is harmless, a later day only adds."""
    if season.is_past:
        return
    deputy = _deputy(season, on=on)
    if deputy is None:
        return
    monday = on - timedelta(days=on.weekday())
    for back in range(WEEKS_BACK, -1, -1):
        first = monday - timedelta(weeks=back)
        rows = Substitution.objects.filter(organisation=season.year.organisation)
        if first < season.year.starts_on or rows.filter(old_on__range=(first, first + timedelta(days=6))).exists():
            continue
        _ill(season, deputy, first=first, back=back)
        if back == 0:
            _others(season, deputy, first=first, on=on)


def _ill(season: Season, deputy: Actor, *, first: date, back: int) -> None:
    """Let a teacher be absent from Monday to Friday, and his lessons be given by whom the page offers."""
    organisation = season.year.organisation
    last = first + timedelta(days=4)
    teachers = teachers_of(organisation)
    chosen = sorted(teachers, key=lambda one: chance(season.seed, "ill", first.isoformat(), one.number))
    counted = {one.pk: Lesson.objects.filter(teacher=one, on__range=(first, last)).count() for one in chosen[:10]}
    absent = next((one for one in chosen[:10] if 5 <= counted[one.pk] <= MOST_LESSONS), None)
    if absent is None:
        return
    plan = plan_of(organisation, Wanted(first=first, last=last, teachers=(absent.code,)))
    wishes = list(_wishes(plan.lines, {str(one.code): one for one in teachers}))
    at = _moment(season, first - timedelta(days=3))
    rows = _arranged(deputy, wishes, reason=REASONS[back], order=f"Приказ № {80 + first.day}-к", at=at)
    for row in rows:
        if row.acting_teacher_id and row.acting_teacher_id in season.authors and back:
            acting = _actor(season, row.acting_teacher_id, on=first)
            verbs.acknowledge(acting, row, at=_moment(season, first))


def _wishes(lines: Iterable[PlanLine], teachers: dict[str, Employee]) -> Iterable[Wish]:
    for line in lines:
        if line.proposed.startswith(TEACHER):
            acting = teachers[line.proposed.removeprefix(TEACHER)]
            yield Wish(line.lesson.pk, Substitution.Kind.OTHER_TEACHER, acting=acting)
        elif line.lesson.state == Lesson.State.PLANNED:
            yield Wish(line.lesson.pk, Substitution.Kind.CANCELLED)


def _others(season: Season, deputy: Actor, *, first: date, on: date) -> None:
    """Join two groups, cancel the last hours of a class, move a lesson: all after the day itself."""
    organisation = season.year.organisation
    last = first + timedelta(days=5)
    coming = Lesson.objects.filter(
        organisation=organisation, on__gt=on, on__lte=last, state=Lesson.State.PLANNED, substitutions=None
    ).select_related("course__group")
    lessons = sorted(
        coming, key=lambda one: chance(season.seed, "other", one.course_id, one.on.isoformat(), one.number)
    )
    at = _moment(season, on)
    for one, pair in _pairs(lessons):
        wish = Wish(one.pk, Substitution.Kind.JOINED, joined_with=pair.pk)
        if _arranged(deputy, [wish], reason="Семинар учителей", order="", at=at):
            break
    whole = [one for one in lessons if one.course.group.kind == "WHOLE_CLASS"]
    if whole:
        group, day = (
            whole[0].course.group_id,
            max(one.on for one in whole if one.course.group_id == whole[0].course.group_id),
        )
        hours = sorted(
            (one for one in whole if (one.course.group_id, one.on) == (group, day)), key=lambda one: one.number
        )
        wishes = [Wish(one.pk, Substitution.Kind.CANCELLED) for one in hours[-2:]]
        _arranged(deputy, wishes, reason="Карантин по гриппу", order="Приказ № 96", at=at)
    moved = 0
    for one in (one for one in whole if one.on < last):
        wish = Wish(one.pk, Substitution.Kind.MOVED, on=one.on + timedelta(days=1), number=7)
        moved += len(_arranged(deputy, [wish], reason="Олимпиада", order="", at=at))
        if moved == 2:
            break


def _pairs(lessons: Sequence[Lesson]) -> Iterable[tuple[Lesson, Lesson]]:
    """Yield lessons of two groups of a class in one subject at one time."""
    met: dict[tuple[object, ...], Lesson] = {}
    for one in lessons:
        school_class = one.course.group.school_class_id
        other = met.setdefault((one.on, one.number, one.course.subject_id, school_class), one)
        if other is not one and other.teacher_id != one.teacher_id and school_class is not None:
            yield one, other


def _arranged(deputy: Actor, wishes: list[Wish], *, reason: str, order: str, at: datetime) -> list[Substitution]:
    """Carry out what the rules allow; what they refuse is left as it is."""
    allowed = [one.wish for one in verbs.preview(deputy, wishes) if one.verdict and not one.in_spite_of]
    if not allowed:
        return []
    try:
        return verbs.arrange(deputy, allowed, reason=reason, order=order, at=at)
    except Refused:
        return []


def _deputy(season: Season, *, on: date) -> Actor | None:
    offices = Employee.objects.filter(
        organisation=season.year.organisation, person__user__appointments__role=Role.DEPUTY
    )
    deputy = offices.order_by("pk").first()
    return _actor(season, deputy.pk, on=on) if deputy else None


def _actor(season: Season, employee: int, *, on: date) -> Actor:
    """Return the employee as he asks, named in the ledger as his facts are."""
    author = season.authors[employee]
    name, _comma, position = author.name.partition(", ")
    user = author.actor.rpartition(":")[2]
    return Actor(
        user_id=int(user) if user.isdecimal() else 0,
        organisation=season.year.organisation,
        today=on,
        name=name,
        position=position,
        employee_id=employee,
        request_id="",
    )


def _moment(season: Season, on: date) -> datetime:
    return datetime.combine(on, time(14), season.zone)
