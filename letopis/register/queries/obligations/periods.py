"""Absences, term marks, counts of marks and remarks as plain rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo
from typing import Any, NamedTuple

from django.db.models import Count, F, Max, Q

from letopis.register.models import Attendance, Lesson, Mark, OutsideMarks, Remark, TermMark
from letopis.register.queries.obligations.lessons import Scope
from letopis.rules.cells import ABSENT, NOT_SET
from letopis.rules.obligations import RemarkFacts, TermFacts
from letopis.rules.results import POSTPONED
from letopis.schooling.models import Course, GroupKind, Membership


class AbsenceRow(NamedTuple):
    """The absences of a class on a day."""

    school_class: int
    on: date
    absences: int
    unset: int
    last_at: datetime | None


class RemarkRow(NamedTuple):
    """A remark with its page: a course, or a class as a whole."""

    course: int | None
    school_class: int | None
    facts: RemarkFacts


def absence_rows(scope: Scope, *, classes: Iterable[int] | None, until: date) -> list[AbsenceRow]:
    """Return the absences of each class and day. One query.

    classes: None for all. The class is the one on whose list the pupil stood that day.
    """
    to = "pupil__memberships"
    listed: dict[str, Any] = {
        f"{to}__group__kind": GroupKind.WHOLE_CLASS,
        f"{to}__group__year": scope.year,
    }
    if classes is not None:
        listed[f"{to}__group__school_class__in"] = list(classes)
    else:
        listed["lesson__organisation"] = scope.year.organisation_id
    rows = Attendance.objects.filter(
        Q((f"{to}__ends_on", None)) | Q((f"{to}__ends_on__gte", F("lesson__on"))),
        event=ABSENT,
        lesson__on__range=(scope.first, min(scope.last, until)),
        **listed,
        **{f"{to}__starts_on__lte": F("lesson__on")},
    ).exclude(lesson__state=Lesson.State.CANCELLED)
    summed = (
        rows.order_by()
        .values_list(f"{to}__group__school_class_id", "lesson__on")
        .annotate(n=Count("pk"), unset=Count("pk", filter=Q(reason=NOT_SET)), last=Max("reason_at"))
    )
    return [AbsenceRow(*row) for row in summed]


def term_mark_rows(
    scope: Scope, terms: Iterable[int], *, subjects: Iterable[int], groups: Iterable[int], today: date
) -> Mapping[int, dict[int, Any]]:
    """Return by term, then subject, the moment by pupil of each result that was put. One query.

    subjects, groups: of a part of a school; for a whole one they are not looked at.
    A mark that is postponed and not yet due counts as put, at no known moment; one that was due is missing.
    """
    found: dict[int, dict[int, dict[int, datetime | None]]] = defaultdict(lambda: defaultdict(dict))
    rows = TermMark.objects.filter(term__in=list(terms)).exclude(
        Q(value="") | Q(value=POSTPONED, postponed_until__lt=today)
    )
    if not scope.is_whole:
        here = Membership.objects.filter(group__in=set(groups)).values("pupil")
        rows = rows.filter(subject__in=set(subjects), pupil__in=here)
    names = ("term_id", "subject_id", "pupil_id", "value", "put_at", "changes")
    for term, subject, pupil, value, put_at, changes in rows.order_by().values_list(*names):
        # A mark that was corrected later keeps only the moment of the correction.
        found[term][subject][pupil] = put_at if value != POSTPONED and not changes else None
    return found


class MarksOf(NamedTuple):
    """How many marks a pupil has in a subject and term."""

    all: int
    timely: int
    """Put before the deadline of the term mark."""


def mark_counts(
    scope: Scope,
    term: TermFacts,
    *,
    subjects: Mapping[int, int],
    grades: Iterable[int],
    before: datetime | None,
    signs: Iterable[str],
) -> dict[tuple[int, int], MarksOf]:
    """Return by subject and pupil the marks of a term over all groups he passed through (C-001). One query.

    subjects: subject by course, of the courses that are asked for; grades: theirs. A part of a school is asked by its
    subjects and grades, because a pupil may come from a group that is not asked for.
    before: the deadline; None where there is none yet. signs: what stands in a cell and is no mark.
    """
    rows = Mark.objects.filter(task__lesson__on__range=(term.starts_on, term.ends_on))
    if scope.is_whole:
        rows = rows.filter(
            task__lesson__organisation=scope.year.organisation_id, task__lesson__course__in=list(subjects)
        )
    else:
        near = Q(group__school_class__grade__in=set(grades)) | Q(group__school_class=None)
        courses = Course.objects.filter(near, year=scope.year, subject__in=set(subjects.values()))
        rows = rows.filter(task__lesson__course__in=courses)
    summed = (
        rows.exclude(value__in=["", *signs])
        .exclude(task__lesson__state=Lesson.State.CANCELLED)
        .order_by()
        .values_list("task__lesson__course__subject_id", "pupil_id")
        .annotate(n=Count("pk"), timely=Count("pk", filter=Q(put_at__lte=before)) if before else Count("pk"))
    )
    return {(subject, pupil): MarksOf(count, timely) for subject, pupil, count, timely in summed}


def brought_marks(terms: Iterable[int]) -> dict[int, dict[tuple[int, int], int]]:
    """Return by term, subject and pupil how many marks were brought from another school (REG-B037). One query."""
    found: dict[int, dict[tuple[int, int], int]] = defaultdict(dict)
    rows = OutsideMarks.objects.filter(term__in=list(terms), statement__withdrawn_at=None).exclude(marks="")
    for term, subject, pupil, marks in rows.values_list("term_id", "subject_id", "statement__pupil_id", "marks"):
        found[term][subject, pupil] = found[term].get((subject, pupil), 0) + len(marks.split())
    return found


def remark_rows(scope: Scope, *, zone: tzinfo) -> list[RemarkRow]:
    """Return the remarks of the scope: those made in its days, and earlier ones that are still open. One query."""
    open_or_made = Q(made_at__date__range=(scope.first, scope.last)) | Q(
        state__in=[Remark.State.OPEN, Remark.State.REMOVED], made_at__date__lte=scope.last
    )
    rows = (
        Remark.objects.filter(open_or_made, organisation=scope.year.organisation_id)
        # An automatic remark repeats a duty that is counted already.
        .filter(duty="")
        .exclude(state=Remark.State.WITHDRAWN)
    )
    if scope.teacher is not None:
        rows = rows.filter(teacher=scope.teacher)
    if scope.course is not None:
        rows = rows.filter(course=scope.course)
    if scope.school_class is not None:
        rows = rows.filter(Q(school_class=scope.school_class) | Q(course__group__school_class=scope.school_class))
    names = (
        "course_id", "school_class_id", "pk", "teacher_id", "made_at", "due_on", "removed_at", "closed_at", "text",
        "lesson__code", "state",
    )  # fmt: skip
    found = []
    for course, klass, pk, who, made_at, due_on, removed_at, closed_at, text, lesson, state in rows.values_list(*names):
        done_at = removed_at or closed_at if state != Remark.State.OPEN else None
        facts = RemarkFacts(pk, who, made_at.astimezone(zone).date(), due_on, done_at, text, lesson)
        found.append(RemarkRow(course, klass, facts))
    return found
