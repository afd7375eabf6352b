"""The deadlines that a policy gives: marks by kind of work, the lesson, homework, reasons of absence, term marks."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cache

from letopis.rules.deadlines.counting import end_of_day, ends_at, span_words
from letopis.rules.deadlines.values import Due, Moments, NoDue
from letopis.rules.names import match_key
from letopis.rules.policy import OTHER, Deadline, Limit, Policy, WorkKind
from letopis.rules.policy.values import DEADLINE_CLASSES

_key = cache(match_key)


@dataclass(frozen=True, eq=False, slots=True)
class Head:
    """The row of the table that decides for a kind, grade and subject: the part that does not depend on the day."""

    limit: Limit
    clause: str
    steps: tuple[str, ...]


def due_of(
    limit: Limit,
    clause: str,
    *,
    moments: Moments,
    policy: Policy,
    steps: tuple[str, ...] = (),
    term_deadline: datetime | None = None,
) -> Due | NoDue:
    """Return the deadline of any limit.

    steps: what was said before, to stand in front of how it was counted.
    term_deadline: until when the term mark is put; it bounds the effective deadline (C-003). None bounds nothing.
    Where the term mark was due before the lesson itself, the end of the period bounds it instead: lessons still to be
    given stay open (C-024), and nothing can be due before it happened.
    """
    found, counted = ends_at(limit, moments=moments, policy=policy)
    if found is None:
        return NoDue(counted[0], clause)
    said = steps + counted
    if term_deadline is None:
        return Due(found, found, clause, said)
    what = "срок отметок за период"
    if term_deadline < moments.lesson and moments.period_end is not None:
        term_deadline, what = end_of_day(moments.period_end, term_deadline.tzinfo or _zone(moments)), "конец периода"
        if term_deadline < moments.lesson:
            return Due(found, found, clause, said)
    if found <= term_deadline:
        return Due(found, found, clause, said)
    return Due(found, term_deadline, clause, (*said, f"{what} – {term_deadline:%d.%m.%Y %H:%M:%S}, действует он"))


def mark_due(
    kind: str,
    *,
    grade: int,
    subject: str,
    moments: Moments,
    policy: Policy,
    half_year: int | None = None,
    term_policy: Policy | None = None,
) -> Due | NoDue:
    """Return until when the marks of a work are put.

    kind: code of a kind of work; one that the school has no more counts as the default one, as its weight does.
    subject: its name, compared as names are typed. half_year: 1 or 2, by default that of the lesson's day.
    policy: that of the lesson's day; term_policy: that of the term's last day, by default the same.
    Sources: REG-014, REG-015, REG-016, REG-B003…B005, C-003, C-004.
    """
    half = half_year or half_year_of(moments.lesson.date())
    head = mark_head(kind, grade=grade, subject=subject, half_year=half, policy=policy)
    if isinstance(head, NoDue):
        return head
    term = None
    if moments.period_end is not None:
        term = term_mark_due(moments.period_end, zone=_zone(moments), policy=term_policy or policy, moments=moments)
    return due_of(
        head.limit,
        head.clause,
        moments=moments,
        policy=policy,
        steps=head.steps,
        term_deadline=term.limit if isinstance(term, Due) else None,
    )


def mark_head(kind: str, *, grade: int, subject: str, half_year: int, policy: Policy) -> Head | NoDue:
    """Return the row that decides for the marks of a work, with its words."""
    known = kind_of(kind, policy=policy)
    row = next((one for one in policy.mark_deadlines if _fits(one, known, grade, subject, half_year)), None)
    what = f"{known.code} – {DEADLINE_CLASSES.get(known.deadline_class, DEADLINE_CLASSES[OTHER])}"
    if row is None:
        return NoDue(f"{what}: срок отметок не задан.", policy.clause("mark_deadlines"))
    narrowed = f", {subject}" if row.subjects else ""
    half = f", {row.half_year}-е полугодие" if row.half_year else ""
    return Head(
        row.limit, row_clause(row, policy=policy), (what, f"класс {grade}{narrowed}{half}: {_words(row.limit)}")
    )


def kind_of(code: str, *, policy: Policy) -> WorkKind:
    """Return the kind of work with this code, in any case of letters; the default one when the school has none."""
    key = _key(code)
    found = (one for one in policy.work_kinds if one.code == code or _key(one.code) == key)
    return next(found, None) or policy.work_kind(policy.default_work_kind)


def row_clause(row: Deadline, *, policy: Policy) -> str:
    """Return the clause of the table of deadlines, with the row's own where the act has one for it."""
    whole = policy.clause("mark_deadlines")
    return f"{whole} ({row.clause})" if row.clause and not whole.endswith(row.clause) else whole


def lesson_due(*, moments: Moments, policy: Policy) -> Due | NoDue:
    """Return until when the topic of a lesson is entered. Sources: REG-003, REG-004."""
    return _plain("lesson_limit", "запись урока", policy.lesson_limit, moments=moments, policy=policy)


def attendance_due(*, moments: Moments, policy: Policy) -> Due | NoDue:
    """Return until when the absences of a lesson are entered. Sources: REG-003, REG-025."""
    return _plain("attendance_limit", "отсутствующие", policy.attendance_limit, moments=moments, policy=policy)


def homework_due(*, moments: Moments, policy: Policy) -> Due | NoDue:
    """Return until when the homework of a lesson is entered; none where the school has no such term.

    Where the limit runs from the end of the class's lessons and the bells are not known, it is the end of that day.
    Sources: REG-008, REG-B013.
    """
    if policy.homework_limit is None:
        return NoDue("Срока записи домашнего задания нет.", policy.clause("homework_limit"))
    return _plain("homework_limit", "домашнее задание", policy.homework_limit, moments=moments, policy=policy)


def absence_reason_due(*, moments: Moments, policy: Policy) -> Due | NoDue:
    """Return until when the class teacher gives the reason of an absence. Source: REG-026."""
    limit = policy.absence_reason_limit
    return _plain("absence_reason_limit", "причина отсутствия", limit, moments=moments, policy=policy)


def term_mark_due(period_end: date, *, zone: tzinfo, policy: Policy, moments: Moments | None = None) -> Due | NoDue:
    """Return until when the marks of a term are put.

    period_end: the last day of the term. policy: that of this day. moments: for the calendar and grade, where the
    limit is in working days; by default a week of five days. Sources: REG-030, REG-B006.
    """
    end = end_of_day(period_end, zone)
    calendar, grade = (moments.calendar, moments.grade) if moments else (None, 0)
    there = Moments(lesson=end, period_end=period_end, calendar=calendar, grade=grade)
    if moments and not calendar:
        there = Moments(lesson=end, period_end=period_end, grade=grade, weekdays=moments.weekdays)
    return _plain("term_mark_limit", "отметка за период", policy.term_mark_limit, moments=there, policy=policy)


def half_year_of(day: date) -> int:
    """Return which half of the school year a day lies in: 1 is September to December."""
    return 1 if day.month >= 9 else 2


def _plain(name: str, what: str, limit: Limit, *, moments: Moments, policy: Policy) -> Due | NoDue:
    return due_of(limit, policy.clause(name), moments=moments, policy=policy, steps=(f"{what}: {_words(limit)}",))


def _words(limit: Limit) -> str:
    return f"{span_words(limit)} до последнего дня периода" if limit.amount < 0 else span_words(limit)


def _fits(row: Deadline, kind: WorkKind, grade: int, subject: str, half_year: int) -> bool:
    return (
        row.deadline_class in ("", kind.deadline_class)
        and row.half_year in (None, half_year)
        and (not row.grades or grade in row.grades)
        and (not row.kinds or _key(kind.code) in {_key(one) for one in row.kinds})
        and (not row.subjects or _key(subject) in {_key(one) for one in row.subjects})
    )


def _zone(moments: Moments) -> tzinfo:
    zone = moments.lesson.tzinfo
    if zone is None:
        raise ValueError(moments.lesson)
    return zone
