"""The first term of this year closed for most classes, one of them opened again; and corrections in every state."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction

from letopis.accounts.models import Appointment, Role
from letopis.control.actions.closing import close_period, reopen_period
from letopis.core.errors import Refused
from letopis.demo.facts import chance
from letopis.demo.lessons import Season
from letopis.ledger.actions import Fact, record_all
from letopis.people.access import Actor, actor_of, load_user
from letopis.people.models import Employee
from letopis.register.access.corrections import Asked, target_for
from letopis.register.actions.corrections import (
    approve_correction,
    decline_correction,
    request_correction,
    withdraw_correction,
)
from letopis.register.actions.lesson_facts import homework_fact, topic_fact
from letopis.register.models import Correction, Homework, Lesson, Mark, PeriodClosing, TermMarksCheck
from letopis.schooling.models import SchoolClass, Term, Workload

LEFT_OPEN = 0.15
"""Share of classes whose term nobody has closed yet."""
CLOSED_AFTER = timedelta(days=7)
LATE_ENTRY = timedelta(days=3)
"""How long after the term the forgotten topics were entered, before the closing."""

REASONS = (
    "Ошибка при вводе: в тетради другая отметка",
    "Отметка поставлена в соседнюю строку",
    "Работа проверена повторно",
    "Обучающийся пересдал работу до конца четверти",
    "Отметка перепутана с другим классом",
)


def close_terms(season: Season, *, on: date) -> None:
    """Close the terms that are over, and ask for corrections in them. Twice is harmless, a later day only adds."""
    if season.is_past:
        return
    over = Term.objects.filter(year=season.year, ends_on__lte=on - CLOSED_AFTER).order_by("ends_on", "grade_from")
    for term in over:
        if not PeriodClosing.objects.filter(term=term).exists():
            _close(season, term)
    first = over.first()
    if first is not None and not Correction.objects.filter(course__year=season.year).exists():
        _correct(season, first, on=on)


def _close(season: Season, term: Term) -> None:
    at = datetime.combine(term.ends_on + CLOSED_AFTER, time(15), season.zone)
    deputy, director = (_office(season, role, on=at.date()) for role in (Role.DEPUTY, Role.DIRECTOR))
    classes = SchoolClass.objects.filter(year=season.year, grade__range=(term.grade_from, term.grade_to))
    closed = []
    for school_class in classes.select_related("year").order_by("grade", "letter"):
        if chance(season.seed, term.title, school_class.title, "open") < LEFT_OPEN:
            continue
        _catch_up(season, school_class, term)
        _confirm(season, school_class, term)
        try:
            closed.append(close_period(deputy, school_class, term, at=at).school_class)
        except Refused:
            # A class that lacks a mark stays open: so it is in a real school too.
            continue
    if closed:
        reopen_period(
            director, closed[len(closed) // 2], term, at=at + timedelta(days=2),
            reason="Внести отметки обучающегося, вернувшегося из санатория", order="№ 64 от "
            f"{at.date() + timedelta(days=2):%d.%m.%Y}",
        )  # fmt: skip


@transaction.atomic
def _catch_up(season: Season, school_class: SchoolClass, term: Term) -> None:
    """Enter the topics and homework that were forgotten in the term, some days late."""
    at = datetime.combine(term.ends_on + LATE_ENTRY, time(14), season.zone)
    lessons = Lesson.objects.filter(
        course__group__school_class=school_class, on__range=(term.starts_on, term.ends_on), teacher__isnull=False
    ).exclude(state=Lesson.State.CANCELLED)
    facts: list[Fact] = []
    silent = list(lessons.filter(topic="").select_related("course"))
    for lesson in silent:
        lesson.topic, lesson.topic_at = season.plan_words.get(lesson.pk) or "Повторение изученного", at
        facts.append(topic_fact(lesson, before="", by=season.authors[lesson.teacher_id or 0], at=at))
    Lesson.objects.bulk_update(silent, ["topic", "topic_at"])
    for lesson in lessons.filter(homework=None):
        homework = Homework.objects.create(
            organisation_id=lesson.organisation_id, lesson=lesson, nothing_set=True, set_at=at
        )
        facts.append(homework_fact(homework, before=None, by=season.authors[lesson.teacher_id or 0], at=at))
    if facts:
        record_all(facts)


@transaction.atomic
def _confirm(season: Season, school_class: SchoolClass, term: Term) -> None:
    """Let most teachers say that their marks are all there."""
    at = datetime.combine(term.ends_on + timedelta(days=1), time(10), season.zone)
    given = Workload.objects.filter(
        course__group__school_class=school_class, teacher__isnull=False, starts_on__lte=term.ends_on
    ).order_by("course_id", "-starts_on")
    teachers = {load.course_id: load.teacher_id for load in reversed(given)}
    checks = []
    for course_id, teacher_id in sorted(teachers.items()):
        if course_id in season.courses and chance(season.seed, course_id, term.title, "confirm") > 0.1:
            checks.append(
                TermMarksCheck(
                    organisation_id=season.year.organisation_id, course_id=course_id, term=term,
                    checked_by_id=teacher_id or 0, checked_at=at,
                )
            )  # fmt: skip
    made = TermMarksCheck.objects.bulk_create(checks)
    record_all(
        Fact(
            season.authors[row.checked_by_id], at, "register.confirm_term_marks",
            f"register.TermMarksCheck:{row.pk}", None,
            {"course": f"schooling.Course:{row.course_id}", "term": f"schooling.Term:{row.term_id}"},
        )
        for row in made
    )  # fmt: skip


def _correct(season: Season, term: Term, *, on: date) -> None:
    """Ask for a correction in five registers: one is carried out, one declined, one taken back, two wait."""
    day = on - timedelta(days=3)
    at = datetime.combine(day, time(15, 30), season.zone)
    deputy = _office(season, Role.DEPUTY, on=day)
    for number, mark in enumerate(_marks(term)):
        teacher = _actor(mark.put_by_id or 0, on=day)
        one = Asked(kind=Correction.Kind.MARK, task=mark.task.code, pupil=mark.pupil.code)
        wanted = "4" if mark.value == "3" else "3"
        asked_at = at + timedelta(minutes=7 * number)
        try:
            row = request_correction(target_for(teacher, one), text=wanted, reason=REASONS[number], at=asked_at)
        except Refused:
            continue
        later = asked_at + timedelta(hours=1)
        if number == 0:
            approve_correction(deputy, row, order=f"№ 71 от {day:%d.%m.%Y}", at=later)
        elif number == 1:
            decline_correction(deputy, row, reason="Работа проверена комиссией: отметка верна", at=later)
        elif number == 2:
            withdraw_correction(teacher, row, at=later)


def _marks(term: Term) -> Sequence[Mark]:
    """Return a mark of each of five registers of closed classes, the first of them algebra of the eighth class."""
    closed = PeriodClosing.objects.filter(term=term, reopened_at=None).values("school_class")
    rows: Iterable[Mark] = (
        Mark.objects.filter(
            task__lesson__course__group__school_class__in=closed,
            task__lesson__on__range=(term.starts_on, term.ends_on),
            value__in=["3", "4"],
            changes=0,
            put_by__person__user__isnull=False,
            put_by__dismissed_on=None,
        )
        .select_related("task__lesson__course__subject", "pupil")
        .order_by("-task__lesson__on", "task_id", "pupil__person__sort_key")[:4000]
    )
    found: dict[int, Mark] = {}
    for mark in rows:
        found.setdefault(mark.task.lesson.course_id, mark)

    def wanted(mark: Mark) -> tuple[bool, int]:
        course = mark.task.lesson.course
        return course.subject.name != "Алгебра", course.pk

    return sorted(found.values(), key=wanted)[: len(REASONS)]


def _office(season: Season, role: Role, *, on: date) -> Actor:
    held = Appointment.objects.on(on).filter(organisation=season.year.organisation, role=role).order_by("pk")
    return actor_of(load_user(held.values_list("user_id", flat=True)[0]), today=on)


def _actor(employee: int, *, on: date) -> Actor:
    user = Employee.objects.values_list("person__user_id", flat=True).get(pk=employee)
    return actor_of(load_user(user or 0), today=on)
