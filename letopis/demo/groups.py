"""Groups that no class has: a club, a course of choice, an extended-day group; home tuition; a registration journal."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import cycle

from letopis.accounts.models import Appointment, Role
from letopis.control.actions.groups import plan_lessons_of_week
from letopis.core.errors import Refused
from letopis.demo.facts import chance
from letopis.demo.lessons import Season
from letopis.ledger.actions import Author
from letopis.people.access import actor_of, load_user
from letopis.people.models import Employee, Pupil
from letopis.register.access import lesson_for
from letopis.register.actions.cell_results import CellSave
from letopis.register.actions.cells import save_cells
from letopis.register.actions.extra_lessons import add_lessons
from letopis.register.actions.journals import open_journal, write_line
from letopis.register.actions.lesson import fill_lesson, take_attendance
from letopis.register.models import Journal, Lesson
from letopis.schooling.actions.groups import NewSubject, create_group, join_group
from letopis.schooling.models import AcademicYear, Course, CourseKind, Membership, Workload
from letopis.schooling.queries import pupils_of
from letopis.schooling.queries.groups import class_list

LESSONS_WRITTEN = 6
"""The last lessons of each group are kept; more would only take time."""
ORDER = "Приказ № 61-о"


@dataclass(frozen=True, slots=True)
class DemoGroup:
    """A group as the demo has it."""

    kind: str
    name: str
    subject: str
    weekdays: tuple[int, ...]
    hours: str
    grades: tuple[int, ...]
    """One class of each gives pupils."""
    topics: tuple[str, ...]


GROUPS = (
    DemoGroup(
        CourseKind.EXTRACURRICULAR, "Шахматы, 6–8 классы", "Шахматы", (2,), "1", (6, 7, 8),
        ("Двойной удар и вилка", "Связка и сквозное нападение", "Мат в один ход: решение задач", "Турнир группы"),
    ),
    DemoGroup(
        CourseKind.ELECTIVE, "Практикум по математике, 8 классы", "Практикум по математике", (4,), "1", (8,),
        ("Текстовые задачи на движение", "Задачи на проценты", "Графики и их чтение", "Задачи с параметром"),
    ),
    DemoGroup(
        CourseKind.EXTENDED_DAY, "Продлённый день, 1–2 классы", "Присмотр и уход", (1, 2, 3, 4, 5), "15", (1, 2),
        ("Обед, прогулка, подготовка домашних заданий", "Прогулка, лепка, чтение вслух", "Обед, подвижные игры"),
    ),
)  # fmt: skip


def add(season: Season, *, on: date) -> None:
    """Show groups, home tuition and a journal up to a day. Twice is harmless, a later day adds."""
    if season.is_past or on >= season.year.ends_on:
        return
    year = season.year
    since = max(year.starts_on, date(year.starts_on.year, 9, 14))
    if on <= since:
        return
    by = _deputy(season)
    at = datetime.combine(since, time(9), season.zone)
    for wanted, teacher in zip(GROUPS, _teachers(year), strict=False):
        course = _group(season, wanted, teacher, since=since, by=by, at=at)
        _write(course, season, until=on, topics=wanted.topics, marks=False)
    _home_tuition(season, since=since, on=on, by=by)
    _journal(season, on=on, by=by)


def _teachers(year: AcademicYear) -> list[Employee]:
    """Return those with the fewest hours, who have time after lessons."""
    hours: dict[int, Decimal] = {}
    rows = Workload.objects.filter(course__year=year, ends_on=None, teacher__isnull=False)
    for teacher, weekly in rows.values_list("teacher", "weekly_hours"):
        hours[teacher] = hours.get(teacher, Decimal(0)) + weekly
    fewest = sorted(hours, key=lambda pk: (hours[pk], pk))[: len(GROUPS)]
    found = {one.pk: one for one in Employee.objects.filter(pk__in=fewest)}
    return [found[pk] for pk in sorted(fewest)]


def _group(season: Season, wanted: DemoGroup, teacher: Employee, *, since: date, by: Author, at: datetime) -> Course:
    year = season.year
    known = Course.objects.filter(year=year, kind=wanted.kind, group__name=wanted.name).first()
    if known is not None:
        return known
    course = create_group(
        year,
        course_kind=wanted.kind,
        name=wanted.name,
        subject=NewSubject(wanted.subject),
        weekly_hours=Decimal(wanted.hours),
        teacher=teacher,
        starts_on=since,
        order=ORDER,
        by=by,
        at=at,
    )
    classes = [year.classes.filter(grade=grade).order_by("letter").first() for grade in wanted.grades]
    pupils = [
        pupil
        for one in classes
        if one is not None
        for pupil in class_list(one, since)
        if chance(season.seed, wanted.name, pupil.book_number) < 0.3
    ]
    join_group(course.group, pupils=pupils, on=since, order=ORDER, by=by, at=at)
    ends = year.terms.order_by("-ends_on").first()
    plan_lessons_of_week(
        course,
        weekdays=wanted.weekdays,
        number=9,
        first=since,
        last=ends.ends_on if ends else year.ends_on,
        by=by,
        at=at,
    )
    return course


def _home_tuition(season: Season, *, since: date, on: date, by: Author) -> None:
    """Give the first pupil with a plan that the workbook names two lessons of one subject a week."""
    course = (
        Course.objects.filter(year=season.year, kind=CourseKind.HOME_TUITION, workloads__teacher__isnull=False)
        .select_related("year__organisation", "group__school_class")
        .order_by("pk")
        .first()
    )
    if course is None:
        return
    days = (since + timedelta(days=number) for number in range((on - since).days + 1))
    places = [(day, 10) for day in days if day.isoweekday() in (1, 3)][-LESSONS_WRITTEN:]
    at = datetime.combine(since, time(9), season.zone)
    try:
        add_lessons(course, places=places, by=by, at=at)
    except Refused:
        # The teacher of one school or another may be busy at that place: the demo goes on without.
        return
    topics = ("Правописание безударных гласных", "Сложное предложение", "Сочинение по картине", "Повторение")
    _write(course, season, until=on, topics=topics, marks=True)


def _write(course: Course, season: Season, *, until: date, topics: tuple[str, ...], marks: bool) -> None:
    """Write the last lessons up to a day as their teacher would."""
    lessons = list(
        Lesson.objects.filter(course=course, is_extra=True, on__lt=until, teacher__isnull=False)
        .select_related("teacher__person")
        .order_by("-on")[:LESSONS_WRITTEN]
    )
    for lesson, topic in zip(reversed(lessons), cycle(topics), strict=False):
        user = load_user(lesson.teacher.person.user_id) if lesson.teacher and lesson.teacher.person.user_id else None
        if user is None or lesson.attendance_taken_at is not None:
            continue
        actor = actor_of(user, today=lesson.on)
        at = datetime.combine(lesson.on, time(16), season.zone)
        opened = lesson_for(actor, lesson.code)
        fill_lesson(opened, topic=topic, seen_topic="", at=at)
        task = lesson.tasks.order_by("position")[0]
        cells = [
            CellSave(task=task.code, pupil=pupil.code, seen="", text=text)
            for pupil in pupils_of(course.group, lesson.on)
            if (text := _cell(season, lesson, pupil, marks=marks))
        ]
        if cells:
            save_cells(actor, course=course.code, cells=cells, at=at)
        take_attendance(opened, at=at)


def _cell(season: Season, lesson: Lesson, pupil: Pupil, *, marks: bool) -> str:
    luck = chance(season.seed, "group", lesson.on.isoformat(), pupil.book_number)
    if marks:
        return ("4", "5", "", "4", "3", "")[int(luck * 6)]
    return "н" if luck < 0.08 else ""


def _journal(season: Season, *, on: date, by: Author) -> None:
    year = season.year
    at = datetime.combine(date(year.starts_on.year, 9, 21), time(10), season.zone)
    title = "Журнал регистрации результатов олимпиад"
    if at.date() >= on or Journal.objects.filter(year=year, title=title).exists():
        return
    keeper = _teachers(year)[0]
    journal = open_journal(
        year, title=title, keeper=keeper, columns=["Предмет", "Этап", "Результат", "Наставник"], by=by, at=at
    )
    members = Membership.objects.filter(group__year=year, group__kind="WHOLE_CLASS", group__school_class__grade__gte=7)
    rows = members.select_related("pupil__person").order_by("pupil__person__sort_key", "pk")[:60:10]
    subjects = cycle(("Математика", "Физика", "Русский язык"))
    for number, (row, subject) in enumerate(zip(rows, subjects, strict=False)):
        day = at.date() + timedelta(days=number)
        if day > on:
            return
        result = ("призёр", "участник", "победитель")[number % 3]
        values = [subject, "школьный", result, keeper.person.short_name]
        moment = datetime.combine(day, time(15), season.zone)
        write_line(journal, on=day, values=values, pupil=row.pupil, put_by=keeper, today=day, by=by, at=moment)


def _deputy(season: Season) -> Author:
    """Return the deputy as the ledger names him, by whose order groups are made."""
    row = Appointment.objects.filter(organisation=season.year.organisation, role=Role.DEPUTY, ends_on=None).first()
    employee = Employee.objects.filter(person__user=row.user_id).first() if row else None
    return season.authors[employee.pk] if employee else next(iter(season.authors.values()))
