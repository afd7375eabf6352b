"""What locks the entries of a course: the window of its lessons, the closing of its period, the pupil's term mark.

The rules are `rules.windows`; here stand the facts they ask for, and the one way to ask.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from letopis.core.clock import local_day
from letopis.register.access import OpenCourse
from letopis.register.access.corrections import Entry, Target
from letopis.register.models import Correction, Lesson, Mark, PeriodClosing, TermMark
from letopis.register.queries.cell_state import NO_LOCK_VALUES
from letopis.register.queries.course_terms import terms_for
from letopis.register.queries.dues import CourseDues
from letopis.register.queries.marked_terms import carriers, kind_of
from letopis.rules import windows
from letopis.rules.attestation import may_set_results
from letopis.rules.cells import marks_in
from letopis.rules.policy import Policy
from letopis.rules.results import POSTPONED
from letopis.rules.verdict import ALLOWED, Verdict, refused
from letopis.rules.windows import PeriodLock
from letopis.schooling.models import AcademicYear, Course, Term
from letopis.schooling.queries.distance import distance_of


def may_write(
    opened: OpenCourse,
    lesson: Lesson,
    *,
    part: str,
    policy: Policy,
    lock: PeriodLock | None,
    is_distance: bool = False,
    year_state: str = "",
) -> Verdict:
    """Say whether the actor may change a part of a lesson of the course today. No query.

    lock: `period_of` the lesson's day. is_distance: the class was taught at a distance that day.
    year_state: read anew under the lock of a verb; by default as the course was opened.
    """
    school_class = opened.course.group.school_class
    verdict = windows.may_edit_lesson(
        lesson_on=lesson.on,
        today=opened.actor.today,
        year_state=year_state or opened.course.year.state,
        is_own=opened.is_own(on=lesson.on, teacher_id=lesson.teacher_id),
        policy=policy,
        part=part,
        is_cancelled=lesson.state == Lesson.State.CANCELLED,
        grade=opened.grade,
        class_title=school_class.title if school_class else "",
        subject=opened.course.subject.name,
        is_control=opened.actor.controls,
        is_distance=is_distance,
        lock=lock,
    )
    if verdict.code != "NOT_OWN_LESSON" or not _succeeds(opened, lesson):
        return verdict
    sentence = "Этот урок вёл другой учитель: записи в нём вы меняете только по разрешению на исправление."
    return refused("CORRECTION_NEEDED", sentence, clause=policy.clause("correction_approvers"))


def _succeeds(opened: OpenCourse, lesson: Lesson) -> bool:
    """Say whether the actor teaches the course now and another gave this lesson: who left can ask for nothing."""
    today = opened.actor.today
    return (
        lesson.on <= today
        and lesson.state != Lesson.State.CANCELLED
        and opened.course.year.state == AcademicYear.State.OPEN
        and opened.is_own(on=today, teacher_id=None)
    )


def closed_at(course: Course, *, term: str = "pk") -> Subquery:
    """Return when the term of a row was closed for the class of the course, for an annotation.

    A group without a class is closed with no class. term: how the row names the term.
    """
    open_closings = PeriodClosing.objects.filter(
        term=OuterRef(term), school_class=course.group.school_class_id or 0, reopened_at=None
    )
    return Subquery(open_closings.values("closed_at")[:1])


def terms_with_closing(opened: OpenCourse) -> QuerySet[Term]:
    """Return the terms of a course, each with `closed`: when it was closed for the class; None while it is open."""
    return terms_for(opened).annotate(closed=closed_at(opened.course))


def term_on(opened: OpenCourse, on: date) -> Any:
    """Return the term of a day with `closed`; None between terms. One query."""
    return terms_with_closing(opened).filter(starts_on__lte=on, ends_on__gte=on).first()


def period_of(opened: OpenCourse, on: date) -> PeriodLock | None:
    """Return the period of a day, with its closing; None between terms. One query."""
    row = term_on(opened, on)
    return period_lock(row, zone=opened.actor.organisation.time_zone) if row else None


def period_lock(term: Any, *, zone: str) -> PeriodLock:
    """Return a row of `terms_with_closing` as the rules take it."""
    return PeriodLock(term.ends_on, closed_on=local_day(term.closed, zone) if term.closed else None)


def lock_of_term(opened: OpenCourse, term: Any) -> PeriodLock:
    """Return the period of a term of the course; one query, none for a term of `terms_with_closing`."""
    row = term if hasattr(term, "closed") else terms_with_closing(opened).get(pk=term.pk)
    return period_lock(row, zone=opened.actor.organisation.time_zone)


def lock_on(terms: Iterable[Any], on: date, *, zone: str) -> PeriodLock | None:
    """Return the period of a day among terms that are loaded already (`terms_with_closing`); None between them."""
    row = next((term for term in terms if term.starts_on <= on <= term.ends_on), None)
    return period_lock(row, zone=zone) if row else None


def term_mark_days(opened: OpenCourse, *, on: date) -> Mapping[int, date]:
    """Return by pupil the day the term mark was set that the marks of a day lead to: of its term, or of the half-year.

    One query; one more for a course that is marked in other terms than its grade has.
    """
    course, zone = opened.course, opened.actor.organisation.time_zone
    rows = list(
        TermMark.objects.filter(subject=course.subject_id, term__year=course.year_id, term__ends_on__gte=on)
        .exclude(value__in=NO_LOCK_VALUES)
        .values_list("pupil_id", "put_at", "term_id", "term__starts_on", "term__kind")
    )
    kind = course_kind(opened, policy=opened.actor.policy_on(on))
    if kind and any(kind != of_term for *_row, of_term in rows):
        terms = list(terms_for(opened))
        here = next((one.pk for one in terms if one.starts_on <= on <= one.ends_on), None)
        carrier = carriers(terms, kind=kind).get(here) if here else None
        return {pupil: local_day(at, zone) for pupil, at, term, *_rest in rows if term == carrier}
    return {pupil: local_day(at, zone) for pupil, at, _term, starts_on, _kind in rows if starts_on <= on}


def course_kind(opened: OpenCourse, *, policy: Policy) -> str:
    """Return by which kind of term a course is marked. No query."""
    course = opened.course
    return kind_of(grade=opened.grade, subject=course.subject.name, weekly_hours=course.weekly_hours, policy=policy)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the lock of one entry depends on."""

    lock: PeriodLock | None
    is_distance: bool


def lock_of_entry(target: Target, *, old: str, new: str, at: datetime) -> Verdict:
    """Say whether the actor may write this very value into the entry by himself now. Five queries at most.

    old, new: the value that stands and the one that is wished.
    """
    entry, opened = target.entry, target.opened
    zone = opened.actor.organisation.time_zone
    if entry.lesson is None:
        return _of_term_mark(entry, opened, zone=zone, old=old)
    lesson, kinds = entry.lesson, Correction.Kind
    parts = {
        kinds.MARK: windows.MARKS,
        kinds.ATTENDANCE: windows.ATTENDANCE,
        kinds.TOPIC: windows.TOPIC,
        kinds.HOMEWORK: windows.HOMEWORK,
    }
    part = parts[kinds(entry.kind)]
    lock = period_of(opened, lesson.on)
    is_distance = part == windows.MARKS and distance_of(entry.course, lesson.on) is not None
    window = may_write(opened, lesson, part=part, policy=entry.policy, lock=lock, is_distance=is_distance)
    if not window:
        return window
    if part == windows.MARKS:
        return _of_mark(entry, opened, _Facts(lock, is_distance), old=old, new=new, at=at)
    if part == windows.HOMEWORK or lesson.on > opened.actor.today or (part == windows.TOPIC and old):
        return ALLOWED
    if part == windows.ATTENDANCE and lesson.attendance_taken_at is not None:
        return ALLOWED
    dues = CourseDues(opened)
    find = dues.topic if part == windows.TOPIC else dues.attendance
    return windows.may_enter(part, due=find(on=lesson.on, number=lesson.number), at=at, policy=entry.policy)


def _of_mark(entry: Entry, opened: OpenCourse, facts: _Facts, *, old: str, new: str, at: datetime) -> Verdict:
    assert entry.lesson is not None  # noqa: S101 (asked before)
    assert entry.pupil is not None  # noqa: S101 (a mark is of a pupil)
    days = term_mark_days(opened, on=entry.lesson.on)
    lock = replace(facts.lock, term_mark_on=days.get(entry.pupil.pk)) if facts.lock else None
    verdict = windows.may_change_marks_of_period(
        lesson_on=entry.lesson.on, today=opened.actor.today, lock=lock, policy=entry.policy
    )
    if not verdict:
        return verdict
    if marks_in(old, scale=entry.scale):
        row = Mark.objects.get(task=entry.task, pupil=entry.pupil)
        is_author = row.put_by_id == opened.actor.employee_id and not is_by_permission(
            row.task_id, row.pupil_id, put_at=row.put_at
        )
        return windows.may_change_mark(
            put_at=row.put_at, at=at, is_author=is_author, policy=entry.policy, changes=row.changes
        )
    if not marks_in(new, scale=entry.scale) or entry.task is None:
        return ALLOWED
    due = CourseDues(opened).mark(
        kind=entry.task.kind,
        on=entry.lesson.on,
        number=entry.lesson.number,
        worked_on=entry.task.worked_on,
        period_end=lock.ends_on if lock else None,
    )
    return windows.may_put_mark(
        pupil_is_member=True, absent=False, scale=entry.scale, policy=entry.policy, due=due, at=at,
        is_distance=facts.is_distance,
    )  # fmt: skip


def is_by_permission(task: int, pupil: int, *, put_at: datetime) -> bool:
    """Say whether the mark put at a moment is what a permission put there: no slip of its author. One query."""
    done = Correction.objects.filter(task=task, pupil=pupil, kind=Correction.Kind.MARK, decided_at=put_at)
    return done.filter(state=Correction.State.APPLIED).exists()


def _of_term_mark(entry: Entry, opened: OpenCourse, *, zone: str, old: str) -> Verdict:
    assert entry.term is not None  # noqa: S101 (a constraint of the table)
    term: Any = terms_with_closing(opened).get(pk=entry.term.pk)
    sets = may_set_results(
        is_own=opened.is_own(on=opened.actor.today, teacher_id=None),
        year_state=opened.course.year.state,
        starts_on=term.starts_on,
        today=opened.actor.today,
    )
    if not sets:
        return sets
    return may_set_pupil(period_lock(term, zone=zone), today=opened.actor.today, policy=entry.policy, stands=old)


def may_set_pupil(lock: PeriodLock, *, today: date, policy: Policy, stands: str) -> Verdict:
    """Say whether the term mark of one pupil may be set: one that was put off is awaited, also after the closing."""
    return ALLOWED if stands == POSTPONED else windows.may_set_term_mark(today=today, lock=lock, policy=policy)
