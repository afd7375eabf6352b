"""What many lessons lack, in two queries however many they are."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from letopis.register.models import Homework, HomeworkFile, Lesson, Mark, Task
from letopis.rules.lesson_gaps import Gap, Lack, LessonFacts, UnmarkedWork, lesson_gaps
from letopis.rules.policy import Policy
from letopis.rules.policy.editions import Editions
from letopis.rules.registers import register_of

ANCHORS = {Lack.ATTENDANCE: "attendance", Lack.TOPIC: "topic", Lack.HOMEWORK: "homework", Lack.MARKS: "task-{task}"}
"""The place of each lack on the lesson page."""

_ASKED = {
    Lack.ATTENDANCE: _("отметить отсутствующих"),
    Lack.TOPIC: _("записать тему"),
    Lack.HOMEWORK: _("записать задание"),
    Lack.MARKS: _("%(kind)s: нет отметок"),
}


@dataclass(frozen=True, slots=True)
class GapLink:
    """A gap with the address of the very place where it is filled."""

    gap: Gap
    url: str

    @property
    def sentence(self) -> str:
        """What is asked for, in the language of the reader."""
        return _ASKED[self.gap.lack] % {"kind": self.gap.kind}


@dataclass(frozen=True, slots=True)
class LessonState:
    """A lesson with what it still lacks."""

    lesson: Lesson
    """With course, subject, group, class, room and teacher joined in."""
    url: str
    gaps: tuple[GapLink, ...]

    @property
    def group_title(self) -> str:
        """«8А», «8А · 1 подгруппа»."""
        return group_title(self.lesson)


def states_of(lessons: QuerySet[Lesson], *, today: date, policies: Editions) -> list[LessonState]:
    """Return the lessons in order of day and number with their gaps; cancelled ones are left out.

    Which works wait for marks is said by the policy of the lesson's day.
    """
    files = HomeworkFile.objects.filter(homework__lesson=OuterRef("pk"), removed_at=None)
    said = Homework.objects.filter(~Q(text="") | Q(nothing_set=True), lesson=OuterRef("pk"))
    found = list(
        lessons.exclude(state=Lesson.State.CANCELLED)
        .select_related("course__subject", "course__group__school_class", "room", "teacher__person")
        .annotate(homework_said=Exists(said) | Exists(files))
        .order_by("on", "number", "pk")
    )
    works = _unmarked_works([lesson for lesson in found if lesson.on <= today], policies=policies)
    return [_state(lesson, works=tuple(works[lesson.pk]), today=today) for lesson in found]


def group_title(lesson: Lesson) -> str:
    """Return who is taught: the class, with the group where it is not the whole class."""
    group = lesson.course.group
    if group.school_class is None or group.name == group.school_class.title:
        return group.name
    return f"{group.school_class.title} · {group.name}"


def _unmarked_works(lessons: list[Lesson], *, policies: Editions) -> dict[int, list[UnmarkedWork]]:
    judged = {lesson.pk: policies.on(lesson.on) for lesson in lessons}
    marked = [lesson.pk for lesson in lessons if _takes_marks(lesson, policy=judged[lesson.pk])]
    # What stands for no mark in one edition is a mark in none, so the lessons of all of them are asked for at once.
    symbols = {symbol.code for policy in judged.values() for symbol in policy.symbols}
    controls = {pk: {kind.code for kind in policy.work_kinds if kind.is_control} for pk, policy in judged.items()}
    tasks = (
        Task.objects.filter(lesson__in=marked, kind__in=set().union(*controls.values()))
        # A symbol is no mark: a control work with points alone still waits for its marks.
        .exclude(Exists(Mark.objects.filter(task=OuterRef("pk")).exclude(value__in=["", *symbols])))
        .order_by("position")
    )
    works: dict[int, list[UnmarkedWork]] = defaultdict(list)
    for lesson_id, code, kind in tasks.values_list("lesson_id", "code", "kind"):
        if kind in controls[lesson_id]:
            works[lesson_id].append(UnmarkedWork(task=str(code), kind=kind))
    return works


def _takes_marks(lesson: Lesson, *, policy: Policy) -> bool:
    school_class = lesson.course.group.school_class
    grade = school_class.grade if school_class else 0
    return bool(policy.scale_for(scale_code=lesson.course.subject.scale, grade=grade).values)


def _state(lesson: Lesson, *, works: tuple[UnmarkedWork, ...], today: date) -> LessonState:
    facts = LessonFacts(
        on=lesson.on,
        has_topic=bool(lesson.topic),
        attendance_taken=lesson.attendance_taken_at is not None,
        # A club sets no homework, so nobody is asked to say so.
        homework_said=lesson.homework_said or not register_of(lesson.course.kind).asks_homework,  # type: ignore[attr-defined]
        unmarked_works=works,
    )
    url = reverse("register:lesson", args=[lesson.code])
    gaps = tuple(
        GapLink(gap, f"{url}#{ANCHORS[gap.lack].format(task=gap.task)}") for gap in lesson_gaps(facts, today=today)
    )
    return LessonState(lesson, url, gaps)
