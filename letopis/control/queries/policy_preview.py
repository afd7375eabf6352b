"""What an edition in preparation would change, counted on what the register holds now.

Both policies are laid over the whole of the present term (over the year, for the edit window), as if each had always
stood: so the numbers show the rules themselves and not the day they begin on. Only what the differences touch is
counted. Nine queries at most, whatever the size of the school.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import ngettext

from letopis.control.queries.policy_facts import LessonRow, MarkRow, days_of_courses, lessons_of, marks_of
from letopis.register.queries.proposals import counted
from letopis.rules.deadlines import DueFinder
from letopis.rules.policy import LESSONS, Policy
from letopis.rules.policy.editions import NO_EDITIONS, Edition, Editions, changed_between
from letopis.rules.term_marks import propose_term_mark
from letopis.rules.windows.lessons import edit_window
from letopis.schooling.models import AcademicYear, Term
from letopis.schooling.queries import calendar_of

DEADLINES = frozenset({
    "mark_deadlines", "work_kinds", "default_work_kind", "days_end_at_midnight", "shift_from_days_off",
    "term_mark_limit",
})  # fmt: skip
RESULTS = frozenset({
    "work_kinds", "default_work_kind", "term_thresholds", "mean_places", "favour_pupil_by", "bars", "minimum_marks",
    "marks_below_norm", "ungraded_grades",
})  # fmt: skip
WINDOWS = frozenset({"edit_window_days", "window_exceptions", "month_locked_on"})
LESSON_RECORDS = frozenset({"lesson_limit", "days_end_at_midnight", "shift_from_days_off"})
"""Which variables move which numbers."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """One number of the preview, in a sentence."""

    count: int
    sentence: str


def consequences(year: AcademicYear, *, now: Edition | None, proposed: Edition, today: date) -> tuple[Consequence, ...]:
    """Return what the proposed edition changes for the open year, in sentences; nothing for what stays the same.

    now: the school's edition in force; None where law and defaults stand.
    """
    sides = (_always(now, year), _always(proposed, year))
    one, other = (side.on(today) for side in sides)
    changed = set(changed_between(one, other))
    terms = list(Term.objects.filter(year=year, starts_on__lte=today, ends_on__gte=today))
    finders = _finders(year, sides) if changed & (DEADLINES | LESSON_RECORDS) else []
    found: list[Consequence | None] = []
    if changed & (DEADLINES | RESULTS) and terms:
        marks = marks_of(year, terms, today=today)
        if changed & DEADLINES:
            found += _late_marks(marks, year, terms, finders)
        if changed & RESULTS:
            found.append(_proposals(marks, terms, one, other))
    if changed & (WINDOWS | LESSON_RECORDS):
        lessons = lessons_of(year, today=today)
        if changed & WINDOWS:
            found += _windows(lessons, one, other, today=today)
        if changed & LESSON_RECORDS:
            found += _late_records(lessons, finders)
    return tuple(one for one in found if one is not None and one.count)


def _always(edition: Edition | None, year: AcademicYear) -> Editions:
    """Return the edition as if it had stood since before the year."""
    if edition is None:
        return NO_EDITIONS
    return Editions((replace(edition, in_force_from=year.starts_on, in_force_to=None),))


def _late_marks(
    marks: Sequence[MarkRow], year: AcademicYear, terms: Sequence[Term], finders: Sequence[DueFinder]
) -> list[Consequence | None]:
    most = max(_most_lessons(one.editions, year) for one in finders)
    days = days_of_courses(year) if most else {}
    more = fewer = 0
    for mark in marks:
        term = _term_of(terms, mark.grade, mark.on)
        if term is None:
            continue
        following = _following(days.get(mark.course, []), mark.worked_on or mark.on, most)
        late = [_is_late(finder, mark, term, following) for finder in finders]
        more += late[1] and not late[0]
        fewer += late[0] and not late[1]
    text = ngettext(
        "%(n)d отметка этого периода окажется поздней", "отметок этого периода окажутся поздними: %(n)d", more
    )
    less = ngettext(
        "%(n)d отметка этого периода перестанет быть поздней",
        "отметок этого периода перестанут быть поздними: %(n)d",
        fewer,
    )
    return [Consequence(more, text % {"n": more}), Consequence(fewer, less % {"n": fewer})]


def _is_late(finder: DueFinder, mark: MarkRow, term: Term, days: Sequence[date]) -> bool:
    due = finder.mark(
        kind=mark.kind,
        grade=mark.grade or 0,
        subject=mark.subject_name,
        on=mark.on,
        worked_on=mark.worked_on,
        following=days,
        period_end=term.ends_on,
    )
    return bool(due) and due.is_late(mark.put_at.astimezone(finder.zone))  # type: ignore[union-attr]


def _proposals(marks: Sequence[MarkRow], terms: Sequence[Term], one: Policy, other: Policy) -> Consequence:
    """Count the pupils to whom another term mark would be proposed in some subject."""
    sums: dict[tuple[int, int, Term], list[MarkRow]] = defaultdict(list)
    for mark in marks:
        if (term := _term_of(terms, mark.grade, mark.on)) is not None:
            sums[mark.pupil, mark.subject, term].append(mark)
    pupils = {
        pupil
        for (pupil, _subject, term), rows in sums.items()
        if _proposed(rows, term, one) != _proposed(rows, term, other)
    }
    text = ngettext(
        "у %(n)d обучающегося предложенная отметка изменится",
        "обучающихся, у которых предложенная отметка изменится: %(n)d",
        len(pupils),
    )
    return Consequence(len(pupils), text % {"n": len(pupils)})


def _proposed(rows: Sequence[MarkRow], term: Term, policy: Policy) -> str | None:
    first = rows[0]
    scale = policy.scale_for(scale_code=first.scale, grade=first.grade or 0)
    marks = counted(((row.value, row.kind, row.weight) for row in rows), policy=policy, scale=scale)
    hours = Fraction(first.hours)
    return propose_term_mark(marks, weekly_hours=hours, policy=policy, scale=scale, period=term.kind).value


def _windows(lessons: Sequence[LessonRow], one: Policy, other: Policy, *, today: date) -> list[Consequence | None]:
    """Count the lessons whose teacher could no longer, or again, change them today."""
    known: dict[tuple[Any, ...], tuple[bool, bool]] = {}
    shut = opened = 0
    for lesson in lessons:
        key = lesson[:4]
        if key not in known:
            known[key] = tuple(_is_shut(lesson, policy, today) for policy in (one, other))  # type: ignore[assignment]
        before, after = known[key]
        shut += after and not before
        opened += before and not after
    text = ngettext(
        "закрыт для правки станет %(n)d урок этого года", "закрыты для правки станут уроки этого года: %(n)d", shut
    )
    again = ngettext(
        "снова открыт для правки станет %(n)d урок этого года",
        "снова открыты для правки станут уроки этого года: %(n)d",
        opened,
    )
    return [Consequence(shut, text % {"n": shut}), Consequence(opened, again % {"n": opened})]


def _is_shut(lesson: LessonRow, policy: Policy, today: date) -> bool:
    title = f"{lesson.grade}{lesson.letter}" if lesson.grade else ""
    window = edit_window(
        lesson_on=lesson.on, policy=policy, grade=lesson.grade or 0, class_title=title, subject=lesson.subject
    )
    return window.last_day is not None and today > window.last_day


def _late_records(lessons: Sequence[LessonRow], finders: Sequence[DueFinder]) -> list[Consequence | None]:
    """Count the lessons whose topic was entered late by one side alone."""
    more = fewer = 0
    for lesson in lessons:
        entered = lesson.entered_at or lesson.held_at
        if entered is None:
            continue
        late = [
            bool(due := finder.lesson(lesson.on, grade=lesson.grade or 0))
            and due.is_over(entered.astimezone(finder.zone))  # type: ignore[union-attr]
            for finder in finders
        ]
        more += late[1] and not late[0]
        fewer += late[0] and not late[1]
    text = ngettext("%(n)d запись урока окажется поздней", "записей уроков окажутся поздними: %(n)d", more)
    less = ngettext(
        "%(n)d запись урока перестанет быть поздней", "записей уроков перестанут быть поздними: %(n)d", fewer
    )
    return [Consequence(more, text % {"n": more}), Consequence(fewer, less % {"n": fewer})]


def _finders(year: AcademicYear, sides: Sequence[Editions]) -> list[DueFinder]:
    calendar, zone = calendar_of(year), ZoneInfo(year.organisation.time_zone)
    return [DueFinder(side, zone=zone, calendar=calendar) for side in sides]


def _most_lessons(side: Editions, year: AcademicYear) -> int:
    """Return the longest limit that is counted in lessons; 0 when none is."""
    rows = side.on(year.starts_on).mark_deadlines
    return max((row.limit.amount for row in rows if row.limit.unit == LESSONS), default=0)


def _following(days: list[date], day: date, most: int) -> Sequence[date]:
    """Return no more of the lessons after a day than a limit may count."""
    first = bisect_right(days, day)
    return days[first : first + most]


def _term_of(terms: Sequence[Term], grade: int | None, on: date) -> Term | None:
    """Return the present term of a grade in which a day lies; a group of no class goes by the first that fits."""
    for term in terms:
        fits = grade is None or term.grade_from <= grade <= term.grade_to
        if fits and term.starts_on <= on <= term.ends_on:
            return term
    return None
