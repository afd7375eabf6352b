"""«Темы и задания»: the right-hand page of the paper register, for a term."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from letopis.register.access import OpenCourse, OpenLesson
from letopis.register.models import Homework, HomeworkFile, Lesson, Substitution
from letopis.register.queries.course_terms import (
    Span,
    TermLink,
    chosen_span,
    course_line,
    spans_of,
    term_links,
)
from letopis.register.queries.homework import HomeworkValue, homework_of
from letopis.register.queries.locks import lock_on, may_write, period_of, terms_with_closing
from letopis.register.queries.plan_offer import Offered, offers_of
from letopis.rules import windows
from letopis.rules.policy import Policy
from letopis.rules.policy.editions import Editions

TOPIC, ATTENDANCE, EMPTY = "topic", "attendance", "empty"
FILTERS = (TOPIC, ATTENDANCE, EMPTY)


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A lesson of the table."""

    order: int
    """Which lesson of the year it is; 0 when that is not known, as in a single row."""
    lesson: Lesson
    homework: HomeworkValue
    files: tuple[HomeworkFile, ...]
    may_plan: bool
    is_ahead: bool
    offered: Offered | None = None
    """What the plan has for the lesson, or what it gives of the plan."""

    @property
    def said(self) -> bool:
        """Whether anything is said of the homework."""
        return bool(self.homework.text or self.homework.nothing_set or self.files)


@dataclass(frozen=True, slots=True)
class TopicTable:
    """Everything the page shows."""

    line: str
    span: Span
    terms: list[TermLink]
    lines: tuple[TopicLine, ...]
    total: int


def topic_table(opened: OpenCourse, *, term: str | None, only: str, today: date, policies: Editions) -> TopicTable:
    """Return the lessons of a term with topics and homework. Five queries, six for a course with a plan."""
    terms = list(terms_with_closing(opened))
    spans = spans_of(opened, terms)
    span = chosen_span(spans, wanted=term, today=today)
    lessons = list(
        Lesson.objects.filter(course=opened.course)
        .exclude(state=Lesson.State.CANCELLED)
        .select_related("homework__due_lesson", "teacher__person")
        .annotate(is_changed=_is_changed())
        .order_by("on", "number")
    )
    files = _files_of(Homework.objects.filter(lesson__course=opened.course, lesson__on__range=(span.first, span.last)))
    offers = offers_of(opened.course, policy=policies.on(today))
    lines = [
        _line(
            opened,
            lesson,
            order=order,
            files=files.get(lesson.pk, ()),
            offered=offers.get(lesson.pk),
            today=today,
            policy=policies.on(lesson.on),
            lock=lock_on(terms, lesson.on, zone=opened.actor.organisation.time_zone),
        )
        for order, lesson in enumerate(lessons, 1)
        if span.first <= lesson.on <= span.last
    ]
    shown = [line for line in lines if _wanted(line, only)]
    return TopicTable(course_line(opened, span), span, term_links(spans, span), tuple(shown), len(lines))


def topic_line(opened: OpenLesson, *, today: date, policies: Editions) -> TopicLine:
    """Return one line of the table. Five queries, six for a course with a plan."""
    lessons = Lesson.objects.select_related("homework__due_lesson", "teacher__person")
    lesson = lessons.annotate(is_changed=_is_changed()).get(pk=opened.lesson.pk)
    files = _files_of(Homework.objects.filter(lesson=lesson))
    offered = offers_of(opened.opened.course, policy=policies.on(today)).get(lesson.pk)
    found = files.get(lesson.pk, ())
    policy, lock = policies.on(lesson.on), period_of(opened.opened, lesson.on)
    return _line(opened.opened, lesson, order=0, files=found, offered=offered, today=today, policy=policy, lock=lock)


def _line(
    opened: OpenCourse,
    lesson: Lesson,
    *,
    order: int,
    files: tuple[HomeworkFile, ...],
    offered: Offered | None,
    today: date,
    policy: Policy,
    lock: windows.PeriodLock | None,
) -> TopicLine:
    may = may_write(opened, lesson, part=windows.TOPIC, policy=policy, lock=lock)
    homework = homework_of(getattr(lesson, "homework", None))
    return TopicLine(order, lesson, homework, files, bool(may), lesson.on > today, offered)


def _is_changed() -> Exists:
    """Given by a substitute, or moved here from another time."""
    return Exists(Substitution.objects.filter(lesson=OuterRef("pk"), withdrawn_at=None))


def _wanted(line: TopicLine, only: str) -> bool:
    empty = {
        TOPIC: not line.lesson.topic,
        ATTENDANCE: line.lesson.attendance_taken_at is None,
        EMPTY: not line.lesson.topic or not line.said,
    }
    return only not in empty or (not line.is_ahead and empty[only])


def _files_of(homework: QuerySet[Homework]) -> dict[int, tuple[HomeworkFile, ...]]:
    rows = HomeworkFile.objects.filter(homework__in=homework, removed_at=None).select_related("homework").order_by("pk")
    found: dict[int, list[HomeworkFile]] = defaultdict(list)
    for row in rows:
        found[row.homework.lesson_id].append(row)
    return {key: tuple(files) for key, files in found.items()}
