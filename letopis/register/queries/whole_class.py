"""One grid of a subject that a class learns in subgroups: all its pupils, read from the pages of all groups.

Read-only on purpose: a mark belongs to the page of a group, and each row leads there. A column is a slot of the day,
not a lesson: groups mostly have theirs at the same time, so both stand in one column and each pupil has his group's.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from letopis.core.days import month_title
from letopis.register.access import OpenCourse
from letopis.register.queries.cells import NOTHING, CellFacts, Look, look_of
from letopis.register.queries.course_terms import Span, TermLink, chosen_span, spans_of, term_links
from letopis.register.queries.grid import Month
from letopis.register.queries.grid_facts import (
    EventRow,
    LessonRow,
    MarkRow,
    Member,
    attendance_of,
    lessons_of,
    marks_of,
    members_of,
    terms_of,
)
from letopis.register.queries.proposals import mean_and_value, weights_of
from letopis.rules.cells import NOT_SET
from letopis.rules.decimals import format_mean
from letopis.rules.names import match_key
from letopis.rules.policy.editions import Editions
from letopis.rules.results import result_sign

Slot = tuple[date, int]
"""A day, and the how-manieth column of its group on that day."""


@dataclass(frozen=True, slots=True)
class SharedColumn:
    """A slot with what the groups did in it."""

    on: date
    kinds: str
    """Kinds of work of the groups, each once: «КР, УО»."""


@dataclass(frozen=True, slots=True)
class SharedRow:
    """A pupil with the cells of his group."""

    number: int
    name: str
    group: str
    course: UUID
    looks: tuple[Look, ...]
    average: str
    result: str
    """The mark of the term, else the proposed one."""
    is_set: bool


@dataclass(frozen=True, slots=True)
class WholeClass:
    """The page."""

    title: str
    subject: str
    span: Span
    terms: list[TermLink]
    groups: tuple[OpenCourse, ...]
    months: tuple[Month, ...]
    columns: tuple[SharedColumn, ...]
    rows: tuple[SharedRow, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    opened: OpenCourse
    members: list[Member]
    slots: dict[Slot, LessonRow]
    marks: Mapping[int, Mapping[int, MarkRow]]
    counted: Mapping[int, list[tuple[str, str, int | None]]]
    events: Mapping[int, Mapping[int, EventRow]]
    results: Mapping[tuple[int, int | None], str]


def whole_class(opened: Sequence[OpenCourse], *, term: str | None, today: date, policies: Editions) -> WholeClass:
    """Return the grid of the groups together for a term. Five queries for each group.

    Letters are today's; means and proposals are judged by the policy of the term.
    """
    groups, span, terms = [], None, []
    for course in opened:
        members, others = members_of(course)
        found, put = terms_of(course, [member.pupil_id for member in members])
        spans = spans_of(course, found)
        span = chosen_span(spans, wanted=term, today=today)
        terms = term_links(spans, span)
        marks = marks_of(course, members, others, span)
        results = {key: value for key, (value, _at) in put.items()}
        slots = _slots(lessons_of(course, span))
        groups.append(_Group(course, members, slots, marks.stand, marks.count, attendance_of(course, span), results))
    assert span is not None  # noqa: S101 (a page has at least the course it was asked for)
    columns = sorted({slot for group in groups for slot in group.slots})
    rows = [row for group in groups for row in _rows(group, columns, span=span, today=today, policies=policies)]
    rows.sort(key=lambda row: row[0])
    first = opened[0].course
    school_class = first.group.school_class
    months = groupby(columns, key=lambda slot: (slot[0].year, slot[0].month))
    return WholeClass(
        title=school_class.title if school_class else first.group.name,
        subject=first.subject.name,
        span=span,
        terms=terms,
        groups=tuple(opened),
        months=tuple(Month(month_title(month), len(list(of))) for (_year, month), of in months),
        columns=tuple(SharedColumn(slot[0], _kinds(groups, slot)) for slot in columns),
        rows=tuple(_numbered(number, row) for number, (_key, row) in enumerate(rows, 1)),
    )


def _slots(lessons: Sequence[LessonRow]) -> dict[Slot, LessonRow]:
    found: dict[Slot, LessonRow] = {}
    on_day: dict[date, int] = defaultdict(int)
    for row in lessons:
        on_day[row.on] += 1
        found[row.on, on_day[row.on]] = row
    return found


def _kinds(groups: Sequence[_Group], slot: Slot) -> str:
    kinds = dict.fromkeys(group.slots[slot].kind or "" for group in groups if slot in group.slots)
    return ", ".join(kind for kind in kinds if kind)


def _rows(
    group: _Group, columns: Sequence[Slot], *, span: Span, today: date, policies: Editions
) -> list[tuple[str, SharedRow]]:
    opened = group.opened
    policy, signs = policies.of_period(span.last, today=today), policies.on(today)
    scale = policy.scale_for(scale_code=opened.course.subject.scale, grade=opened.grade or 1)
    weights, rows = weights_of(policy), []
    firsts = {row.lesson_id: row.task_id for row in reversed(list(group.slots.values()))}
    for member in group.members:
        if not any(start <= span.last and (end is None or end >= span.first) for start, end in member.stays):
            continue
        marks, events = group.marks.get(member.pupil_id, {}), group.events.get(member.pupil_id, {})
        looks = []
        for slot in columns:
            row = group.slots.get(slot)
            facts = _facts(row, marks, events) if row else NOTHING
            is_first = row is not None and firsts[row.lesson_id] == row.task_id
            looks.append(look_of(facts, is_first=is_first, scale=scale, policy=signs))
        mean, proposed = mean_and_value(
            group.counted.get(member.pupil_id, []), weights=weights, policy=policy, scale=scale
        )
        put = group.results.get((member.pupil_id, span.term_id), "")
        shown = SharedRow(
            number=0,
            name=member.name,
            group=opened.course.group.name,
            course=opened.course.code,
            looks=tuple(looks),
            average=format_mean(mean) if mean is not None else "",
            result=result_sign(put or ("" if span.is_year else proposed)),
            is_set=bool(put),
        )
        rows.append((match_key(member.name), shown))
    return rows


def _facts(row: LessonRow, marks: Mapping[int, MarkRow], events: Mapping[int, EventRow]) -> CellFacts:
    value, changes, mark_note, _overdue = marks.get(row.task_id or 0, ("", 0, "", False))
    happened, minutes, reason, event_note = events.get(row.lesson_id, ("", None, NOT_SET, ""))
    return CellFacts(value, changes, happened, minutes, reason, mark_note, event_note)


def _numbered(number: int, row: SharedRow) -> SharedRow:
    return SharedRow(number, row.name, row.group, row.course, row.looks, row.average, row.result, row.is_set)
