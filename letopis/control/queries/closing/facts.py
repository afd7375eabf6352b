"""What the classes of a term lack, read by a fixed number of queries however many they are."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from letopis.attestation.queries.rolls import Roll, load_rolls
from letopis.register.models import (
    Attendance,
    Correction,
    Homework,
    HomeworkFile,
    Lesson,
    Mark,
    Remark,
    TermMark,
    TermMarksCheck,
)
from letopis.register.queries.marked_terms import kind_of, marked_in
from letopis.rules.closing import Lack
from letopis.rules.corrections import WAITING
from letopis.rules.plan import curriculum_hours
from letopis.rules.policy import Policy
from letopis.rules.registers import register_of
from letopis.rules.remarks import STANDING
from letopis.rules.results import POSTPONED
from letopis.rules.term_marks import minimum_marks
from letopis.schooling.models import Course, SchoolClass, Term
from letopis.schooling.queries.years import calendar_of


class Missing(NamedTuple):
    """One thing that is missing. What an item of its kind does not need is None or empty."""

    course: Course | None = None
    pupil: int | None = None
    """Key of a pupil of the roll."""
    lesson: UUID | None = None
    on: date | None = None
    number: int = 0
    """Of the lesson; how many absences, or marks; lessons that are missing."""
    code: UUID | None = None
    """Of a correction or a remark."""
    words: str = ""
    """What a lesson lacks, until when a mark is put off."""


Found = dict[Lack, list[Missing]]


@dataclass(slots=True)
class TermFacts:
    """What the classes of one term lack."""

    rolls: Mapping[int, Roll]
    by_class: dict[int, Found] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def add(self, school_class: int | None, lack: Lack, item: Missing) -> None:
        if school_class is not None and school_class in self.rolls:
            self.by_class[school_class][lack].append(item)


def facts_of(term: Term, classes: Sequence[SchoolClass], *, today: date, policy: Policy) -> TermFacts:
    """Return what the classes lack for a term. Seventeen queries, whatever their number.

    policy: that of the term. All classes are of the term's year and grades.
    """
    year = classes[0].year
    facts = TermFacts(load_rolls(year, classes, policy=policy))
    last = min(term.ends_on, today)
    terms = list(Term.objects.filter(year=year).order_by("starts_on", "number"))
    wanted = dict(_expected(facts.rolls, term, terms))
    _results(facts, term, wanted)
    _lessons(facts, term, last=last, policy=policy)
    _absences(facts, term, last=last)
    _corrections(facts, term)
    _remarks(facts, term)
    _few_marks(facts, term, wanted, terms, policy=policy)
    _unconfirmed(facts, term, wanted)
    _held(facts, term, classes, last=last)
    return facts


Counts = dict[tuple[int, int], int]
"""By pupil and subject."""

Wanted = dict[int, dict[tuple[int, int], Course]]
"""By class: (pupil, subject) that must have a result, with the course it is set in."""


def _expected(
    rolls: Mapping[int, Roll], term: Term, terms: Sequence[Term]
) -> Iterator[tuple[int, dict[tuple[int, int], Course]]]:
    for key, roll in rolls.items():
        grade = roll.school_class.grade
        own = [one for one in terms if one.grade_from <= grade <= one.grade_to]
        unmarked = roll.unmarked(own)[term.pk]
        groups = {pupil.pupil_id: pupil.groups_on(term.ends_on) for pupil in roll.pupils}
        of_group = {(course.group_id, course.subject_id): course for course in roll.courses}
        yield (
            key,
            {
                (pupil, subject): course
                for pupil, subjects in roll.expected(term.ends_on, unmarked=unmarked).items()
                for subject in subjects
                if (course := next((of_group[g, subject] for g in groups[pupil] if (g, subject) in of_group), None))
            },
        )


def _results(facts: TermFacts, term: Term, wanted: Wanted) -> None:
    rows = TermMark.objects.filter(term=term).exclude(value="")
    put = {
        (pupil, subject): (value, until)
        for pupil, subject, value, until in rows.values_list("pupil_id", "subject_id", "value", "postponed_until")
    }
    for key, pairs in wanted.items():
        for (pupil, subject), course in pairs.items():
            value, until = put.get((pupil, subject), ("", None))
            if not value:
                facts.add(key, Lack.TERM_MARKS, Missing(course, pupil))
            elif value == POSTPONED:
                facts.add(key, Lack.POSTPONED, Missing(course, pupil, on=until))


def _lessons(facts: TermFacts, term: Term, *, last: date, policy: Policy) -> None:
    files = HomeworkFile.objects.filter(homework__lesson=OuterRef("pk"), removed_at=None)
    said = Homework.objects.filter(~Q(text="") | Q(nothing_set=True), lesson=OuterRef("pk"))
    asked = set(policy.lesson_mandatory)
    rows = (
        Lesson.objects.filter(course__group__school_class__in=list(facts.rolls), on__range=(term.starts_on, last))
        .exclude(state=Lesson.State.CANCELLED)
        .annotate(said=Exists(said) | Exists(files))
        .filter(Q(topic="") | Q(attendance_taken_at=None) | Q(said=False))
        .select_related("course__subject", "course__group")
        .order_by("on", "number", "pk")
    )
    for lesson in rows:
        row: Any = lesson
        asks_homework = register_of(lesson.course.kind).asks_homework
        lacks = [
            ("TOPIC", "тема", not lesson.topic),
            ("ATTENDANCE", "отсутствующие", lesson.attendance_taken_at is None),
            ("HOMEWORK", "задание", asks_homework and not row.said),
        ]
        words = ", ".join(title for name, title, holds in lacks if holds and name in asked)
        if words:
            item = Missing(lesson.course, lesson=lesson.code, on=lesson.on, number=lesson.number, words=words)
            facts.add(lesson.course.group.school_class_id, Lack.LESSONS, item)


def _absences(facts: TermFacts, term: Term, *, last: date) -> None:
    rows = (
        Attendance.objects.filter(
            event=Attendance.Event.ABSENT, reason="NOT_SET", lesson__organisation=term.organisation_id,
            lesson__on__range=(term.starts_on, last),
        )
        .exclude(lesson__state=Lesson.State.CANCELLED)
        .order_by()
        .values_list("pupil_id")
        .annotate(n=Count("pk"))
    )  # fmt: skip
    unset = dict(rows)
    for key, roll in facts.rolls.items():
        for pupil in roll.pupils:
            if pupil.pupil_id in unset and pupil.in_class:
                facts.add(key, Lack.REASONS, Missing(pupil=pupil.pupil_id, number=unset[pupil.pupil_id]))


def _corrections(facts: TermFacts, term: Term) -> None:
    rows = Correction.objects.filter(
        Q(term=term) | Q(lesson__on__range=(term.starts_on, term.ends_on)),
        course__year=term.year_id, state__in=WAITING,
    )  # fmt: skip
    for row in rows.select_related("course__subject", "course__group").order_by("requested_at", "pk"):
        item = Missing(row.course, row.pupil_id, code=row.code)
        facts.add(row.course.group.school_class_id, Lack.CORRECTIONS, item)


def _remarks(facts: TermFacts, term: Term) -> None:
    """Find the open remarks about lessons of the term, and those about a page or a class as a whole."""
    rows = Remark.objects.filter(
        Q(course__year=term.year_id) | Q(school_class__in=list(facts.rolls)),
        Q(lesson=None) | Q(lesson__on__range=(term.starts_on, term.ends_on)),
        state__in=STANDING,
    ).select_related("course__subject", "course__group")
    for row in rows.order_by("due_on", "pk"):
        school_class = row.course.group.school_class_id if row.course else row.school_class_id
        facts.add(school_class, Lack.REMARKS, Missing(row.course, code=row.code, on=row.due_on))


def _few_marks(facts: TermFacts, term: Term, wanted: Wanted, terms: Sequence[Term], *, policy: Policy) -> None:
    """Compare the marks with the norm; a mark of a half-year has those of both its quarters (C-002)."""
    counts: dict[date, Counts] = {}
    for key, pairs in wanted.items():
        grade = facts.rolls[key].school_class.grade
        own = [one for one in terms if one.grade_from <= grade <= one.grade_to]
        norms = {
            course.pk: _norm(course, term, own, grade=grade, policy=policy)
            for course in {course.pk: course for course in pairs.values()}.values()
        }
        for (pupil, subject), course in pairs.items():
            first, norm = norms[course.pk]
            if first not in counts:
                counts[first] = _counts(term, first, policy=policy)
            count = counts[first].get((pupil, subject), 0)
            if count < norm:
                facts.add(key, Lack.FEW_MARKS, Missing(course, pupil, number=count))


def _norm(course: Course, term: Term, own: Sequence[Term], *, grade: int, policy: Policy) -> tuple[date, int]:
    """Return the first day whose marks count for a term mark, and how many there should be. own: of the grade."""
    hours = course.weekly_hours
    kind = kind_of(grade=grade, subject=course.subject.name, weekly_hours=hours, policy=policy)
    first = marked_in(own, kind=kind).get(term.pk, term.starts_on)
    period = term.kind if first == term.starts_on else kind
    return first, minimum_marks(weekly_hours=Fraction(hours), policy=policy, period=period)


def _counts(term: Term, first: date, *, policy: Policy) -> Counts:
    """Return the marks of each pupil and subject from a day to the end of the term. One query."""
    signs = ["", *(symbol.code for symbol in policy.symbols)]
    rows = (
        Mark.objects.filter(
            task__lesson__organisation=term.organisation_id, task__lesson__on__range=(first, term.ends_on)
        )
        .exclude(value__in=signs)
        .exclude(task__lesson__state=Lesson.State.CANCELLED)
        .order_by()
        .values_list("pupil_id", "task__lesson__course__subject_id")
        .annotate(n=Count("pk"))
    )
    return {(pupil, subject): n for pupil, subject, n in rows}


def _unconfirmed(facts: TermFacts, term: Term, wanted: Wanted) -> None:
    checked = set(TermMarksCheck.objects.filter(term=term).values_list("course_id", flat=True))
    for key, pairs in wanted.items():
        courses = {course.pk: course for course in pairs.values()}
        for course in sorted(courses.values(), key=lambda one: (one.subject.sort_key, one.group.name)):
            if course.pk not in checked and course.group.school_class_id == key:
                facts.add(key, Lack.UNCONFIRMED, Missing(course))


def _held(facts: TermFacts, term: Term, classes: Sequence[SchoolClass], *, last: date) -> None:
    """Compare the lessons held with the curriculum (REG-B031)."""
    rows = Lesson.objects.filter(course__year=term.year_id, state=Lesson.State.HELD, on__range=(term.starts_on, last))
    held = dict(rows.order_by().values_list("course_id").annotate(n=Count("pk")))
    calendar = calendar_of(classes[0].year)
    days = {
        grade: len(calendar.school_days(grade=grade, first=term.starts_on, last=last))
        for grade in {one.grade for one in classes}
    }
    for key, roll in facts.rolls.items():
        for course in roll.courses:
            if course.group.school_class_id != key:
                continue
            hours = curriculum_hours(
                weekly_hours=Fraction(course.weekly_hours),
                school_days=days[roll.school_class.grade],
                week_days=len(calendar.weekdays),
            )
            # Rounded down: a week cut by the end of a term has half of its lessons.
            short = int(hours) - held.get(course.pk, 0)
            if short > 0:
                facts.add(key, Lack.PLAN, Missing(course, number=short))
