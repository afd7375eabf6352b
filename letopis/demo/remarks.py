"""Remarks of the demo in every state, journals that were checked, and what a night and a morning make of duties."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q

from letopis.accounts.models import Role
from letopis.control.actions.remarks import make_automatic_remarks
from letopis.control.actions.reminders import remind
from letopis.demo.facts import chance
from letopis.demo.lessons import Season
from letopis.people.access import Actor
from letopis.people.models import Employee
from letopis.register.access import course_for
from letopis.register.access.remarks import page_for, remark_for
from letopis.register.actions import remarks as verbs
from letopis.register.models import Lesson, Remark
from letopis.schooling.models import ClassTeacher, Course

OPEN, LATE, REMOVED, CONFIRMED, RETURNED, WITHDRAWN = "OPEN", "LATE", "REMOVED", "CONFIRMED", "RETURNED", "WITHDRAWN"
REMARKS = (
    (OPEN, 1, 3, "Тема урока записана не так, как в тематическом плане: исправьте или внесите корректировку."),
    (LATE, 8, 4, "Накопляемость отметок низкая: за три недели опрошено меньше половины класса."),
    (REMOVED, 3, 4, "Не указан вид работы, за которую стоит отметка."),
    (CONFIRMED, 9, 3, "Домашнее задание записано без номеров упражнений."),
    (RETURNED, 5, 7, "Не записано, что пройдено на уроке."),
    (WITHDRAWN, 6, 3, "На уроке не отмечены отсутствующие."),
    (OPEN, 2, 5, "После контрольной работы нет работы над ошибками."),
)
"""State, days ago when it was put, days of its term, text."""
REVIEWS = (
    "",
    "Темы и задания записаны вовремя.",
    "Отметок достаточно, оценивание ритмичное.",
    "Проверено выполнение плана.",
)
REVIEWED = 0.15
"""Which part of the journals was looked through in the month."""


def add(season: Season, *, on: date) -> None:
    """Put remarks in every state and mark journals as checked. Twice is harmless: what stands already is left alone."""
    deputy = _deputy(season, on=on)
    own = Remark.objects.filter(Q(course__year=season.year) | Q(school_class__year=season.year), duty="")
    if season.is_past or deputy is None or own.exists():
        return
    courses = sorted(
        Course.objects.filter(year=season.year, group__school_class__isnull=False).select_related("subject"),
        key=lambda one: chance(season.seed, "remark", str(one.pk)),
    )
    lessons = (_lesson_before(course, on=on) for course in courses)
    found = (one for one in lessons if one is not None and one.teacher_id in season.authors)
    for (state, ago, days, text), lesson in zip(REMARKS, found, strict=False):
        _put(season, lesson, state=state, put_on=on - timedelta(days=ago), days=days, text=text, today=on)
    _to_class_teacher(season, on=on)
    for course in courses:
        if (drawn := chance(season.seed, "review", str(course.pk))) < REVIEWED:
            reviewed_on = on - timedelta(days=1 + int(drawn / REVIEWED * 25))
            reviewer = _deputy(season, on=reviewed_on) or deputy
            note = REVIEWS[course.pk % len(REVIEWS)]
            opened = course_for(reviewer, course.code)
            verbs.review_page(opened, note=note, today=reviewed_on, at=_at(season, reviewed_on))


def night(season: Season, *, on: date) -> None:
    """Make the automatic remarks of the night before the day, and the reminders of its morning."""
    organisation = season.year.organisation
    early = datetime.combine(on, time(2), season.zone)
    make_automatic_remarks(organisation, at=early, report=_silent)
    remind(organisation, at=early.replace(hour=8), report=_silent)


def _put(season: Season, lesson: Lesson, *, state: str, put_on: date, days: int, text: str, today: date) -> None:
    deputy, teacher = _deputy(season, on=put_on), lesson.teacher
    if deputy is None or teacher is None:
        return
    page = page_for(deputy, {"lesson": str(lesson.code)})
    row = verbs.put_remark(
        page, teacher=teacher, text=text, due_on=put_on + timedelta(days=days), today=put_on, at=_at(season, put_on)
    )
    if state in (OPEN, LATE):
        return
    checked_on = put_on + timedelta(days=2)
    opened = remark_for(deputy, row.code)
    if state == WITHDRAWN:
        verbs.withdraw_remark(opened, reason="Урок был перенесён", at=_at(season, checked_on))
        return
    his = remark_for(_actor(season, teacher.pk, on=put_on), row.code)
    verbs.answer_remark(his, answer="Исправлено", at=_at(season, put_on + timedelta(days=1)))
    if state == CONFIRMED:
        verbs.confirm_remark(opened, at=_at(season, checked_on))
    if state == RETURNED:
        due = max(today, checked_on) + timedelta(days=2)
        verbs.return_remark(
            opened, note="Запись есть только за один урок", due_on=due, today=checked_on, at=_at(season, checked_on)
        )


def _to_class_teacher(season: Season, *, on: date) -> None:
    """Put one remark to a class teacher about his class."""
    put_on = on - timedelta(days=2)
    deputy = _deputy(season, on=put_on)
    leaders = ClassTeacher.objects.filter(school_class__year=season.year, employee__in=season.authors).on(put_on)
    leader = leaders.select_related("school_class", "employee").order_by("school_class__grade", "pk").first()
    if deputy is None or leader is None:
        return
    page = page_for(deputy, {"class": str(leader.school_class.code)})
    verbs.put_remark(
        page, teacher=leader.employee, text="Приложите документы к пропускам по болезни за прошлую неделю.",
        due_on=put_on + timedelta(days=5), today=put_on, at=_at(season, put_on),
    )  # fmt: skip


def _lesson_before(course: Course, *, on: date) -> Lesson | None:
    held = Lesson.objects.filter(course=course, on__range=(on - timedelta(days=16), on - timedelta(days=9)))
    return held.exclude(state=Lesson.State.CANCELLED).select_related("teacher").order_by("-on", "-number").first()


def _deputy(season: Season, *, on: date) -> Actor | None:
    offices = Employee.objects.filter(
        organisation=season.year.organisation, person__user__appointments__role=Role.DEPUTY
    )
    deputy = offices.order_by("pk").first()
    return _actor(season, deputy.pk, on=on, roles=frozenset({Role.DEPUTY})) if deputy else None


def _actor(season: Season, employee: int, *, on: date, roles: frozenset[str] = frozenset()) -> Actor:
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
        roles=roles,
        request_id="",
    )


def _at(season: Season, on: date) -> datetime:
    return datetime.combine(on, time(15, 20), season.zone)


def _silent(done: int, total: int, note: str) -> None:
    """Nobody waits here."""
