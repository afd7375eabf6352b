"""Homework in depth in one class, the schedule of control works of the school, and a week of distance learning."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from letopis.accounts.models import Appointment, Role
from letopis.demo.facts import chance
from letopis.demo.lessons import Season
from letopis.ledger.actions import Author
from letopis.org.queries import policies
from letopis.people.access import Actor, actor_of, load_user
from letopis.people.models import Employee
from letopis.register.access import lesson_for
from letopis.register.access.homework import lesson_for_control_work
from letopis.register.actions.control_works import place_control_work
from letopis.register.actions.lesson import set_homework
from letopis.register.actions.pupil_homework import open_homework, recommend, say_done, set_pupil_homework
from letopis.register.models import Homework, Lesson, Task
from letopis.register.queries.control_works import control_kinds, placing_lessons
from letopis.register.queries.homework import homework_of
from letopis.schooling.actions.distance import declare_distance
from letopis.schooling.models import Course, GroupKind, SchoolClass
from letopis.schooling.queries import pupils_of

GRADE, LETTER = 8, "А"
"""The class whose teachers and families have the logins of the demo."""
WORKS = 30
HORIZON = timedelta(days=42)
FORMS = ("проверка тетрадей", "устно на уроке", "")
WRITTEN = ("Алгебра", "Геометрия", "Математика", "Русский язык", "Физика", "Химия", "Биология", "История", "География")
"""How the names of subjects begin in which works are written."""
TITLES = {"КР": "Контрольная работа по теме", "КР-ВШК": "Административная работа"}


def add(season: Season, *, on: date) -> None:
    """Show homework, control works and distance learning up to a day. Twice is harmless, a later day adds."""
    if season.is_past or on >= season.year.ends_on:
        return
    at = datetime.combine(on, time(13), season.zone)
    shown = SchoolClass.objects.filter(year=season.year, grade=GRADE, letter=LETTER).first()
    if shown is not None:
        _homework(season, shown, on=on, at=at)
        _distance(season, on=on, at=at)
    _control_works(season, on=on, at=at)


def _homework(season: Season, school_class: SchoolClass, *, on: date, at: datetime) -> None:
    rows = (
        Homework.objects.filter(
            lesson__course__group__school_class=school_class, lesson__on__range=(on - timedelta(days=4), on)
        )
        .exclude(text="")
        .select_related("due_lesson", "lesson__teacher__person", "lesson__course__group", "lesson__course__subject")
        .order_by("lesson__on", "lesson__number", "pk")
    )
    advised = False
    for row in rows:
        actor = _teacher(row.lesson.teacher, on=on)
        if actor is None:
            continue
        name = f"{season.seed}/{row.lesson.on}/{row.lesson.course.subject.name}"
        minutes = 15 + 5 * int(chance(name, "minutes") * 6)
        stands = homework_of(row)
        opened = lesson_for(actor, row.lesson.code)
        form = FORMS[int(chance(name, "form") * len(FORMS))]
        set_homework(opened, value=replace(stands, minutes=minutes, assessment=form), seen=stands, at=at)
        pupils = pupils_of(row.lesson.course.group, row.lesson.on)
        for pupil in pupils[:8]:
            open_homework(pupil, [row.lesson], at=at + timedelta(hours=3))
        for pupil in pupils[:3]:
            by = Author(season.year.organisation.code, f"people.Pupil:{pupil.pk}", pupil.person.short_name, "")
            say_done(pupil, row.lesson, done=True, by=by, at=at + timedelta(hours=5))
        if not advised and len(pupils) > 2:
            set_pupil_homework(opened, pupils=[pupils[1].code], text="Карточка № 3: повторить правило", at=at)
            _recommend(actor, row.lesson, school_class, on=on, at=at)
            advised = True


def _recommend(actor: Actor, lesson: Lesson, school_class: SchoolClass, *, on: date, at: datetime) -> None:
    author = Employee.objects.get(pk=actor.employee_id or 0)
    recommend(
        author=author,
        to=school_class,
        subject=lesson.course.subject,
        on=on,
        text="Перед контрольной работой повторите разобранные на уроках примеры и решите вариант из учебника.",
        by=actor.author,
        at=at,
    )


def _control_works(season: Season, *, on: date, at: datetime) -> None:
    """Place works on the next lessons where no limit is touched, until the school has enough of them ahead."""
    deputy = Appointment.objects.on(on).filter(organisation=season.year.organisation, role=Role.DEPUTY).first()
    editions = policies(season.year.organisation)
    ahead = Task.objects.filter(
        lesson__course__year=season.year, lesson__on__gt=on, kind__in=control_kinds(editions.on(on))
    )
    if deputy is None or ahead.count() >= WORKS // 2:
        return
    actor = _actor(deputy.user_id, on=on)
    courses = Course.objects.filter(
        year=season.year, weekly_hours__gte=2, group__kind=GroupKind.WHOLE_CLASS, group__school_class__grade__gte=5
    ).select_related("subject", "group__school_class")
    written = [course for course in courses if course.subject.name.startswith(WRITTEN)]
    chosen = sorted(written, key=lambda one: chance(f"{season.seed}/{one.subject.name}/{one.group.name}", "work"))
    for number, course in enumerate(chosen[:WORKS]):
        lessons = placing_lessons(course, since=on + timedelta(days=1), policies=editions)
        free = [lesson for lesson, over in lessons if not over and lesson.on <= on + HORIZON]
        if free:
            kind = "КР-ВШК" if number % 6 == 0 else "КР"
            lesson = free[number % len(free)]
            place_control_work(lesson_for_control_work(actor, lesson.code), kind=kind, title=TITLES[kind], at=at)


def _distance(season: Season, *, on: date, at: datetime) -> None:
    """Declare three days of the autumn for a class of the next grade, once they are over."""
    first, last = date(season.year.starts_on.year, 10, 14), date(season.year.starts_on.year, 10, 16)
    other = SchoolClass.objects.filter(year=season.year, grade=GRADE + 1).order_by("letter").first()
    director = Appointment.objects.on(on).filter(organisation=season.year.organisation, role=Role.DIRECTOR).first()
    if other is None or director is None or on <= last:
        return
    by = _actor(director.user_id, on=on).author
    basis = "Приказ № 61 о переходе на дистанционное обучение (карантин)"
    declare_distance(season.year, school_class=other, starts_on=first, ends_on=last, basis=basis, by=by, at=at)


def _teacher(teacher: Employee | None, *, on: date) -> Actor | None:
    if teacher is None or teacher.person.user_id is None:
        return None
    return _actor(teacher.person.user_id, on=on)


def _actor(user_id: int, *, on: date) -> Actor:
    user = load_user(user_id)
    assert user is not None  # noqa: S101 (the number was read from a row)
    return actor_of(user, today=on)
