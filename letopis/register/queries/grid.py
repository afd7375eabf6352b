"""The register grid of a course: pupils × columns, ready to print.

Everything the template prints is prepared here, because a page has a thousand cells and more: a cell is a pair
(attributes, text), most of them one and the same empty pair, and only exceptional state is written (TECH, Grid).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from letopis.register.access import OpenCourse
from letopis.register.queries.cells import NOTHING, CellFacts, look_of
from letopis.register.queries.course_terms import (
    Span,
    TermLink,
    chosen_span,
    course_line,
    spans_of,
    term_links,
)
from letopis.register.queries.grid_facts import (
    LessonRow,
    Member,
    Stay,
    attendance_of,
    lessons_of,
    marks_of,
    members_of,
    terms_of,
)
from letopis.register.queries.proposals import proposal_of
from letopis.rules.decimals import format_mean
from letopis.rules.policy import DEFAULT_POLICY, GradingScale, Policy
from letopis.rules.results import result_sign
from letopis.rules.russian import MONTHS
from letopis.rules.windows import may_edit_lesson

Cell = tuple[SafeString, SafeString]
"""Attributes of the td, and its text."""

NAME_FITS = 21
"""Letters of a name that its column holds."""

_BLANK = mark_safe("")
_NO_CODE = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Month:
    """A month over its columns."""

    title: str
    columns: int


@dataclass(frozen=True, slots=True)
class Column:
    """One task of a lesson."""

    attributes: SafeString
    """Of the th: the task, and why the column is closed."""
    url: str
    """Of the lesson page; empty where there is none."""
    day: int
    kind: str
    kind_class: str
    kind_title: str
    place: str
    """Class of its cells: future, locked (closed to one who fills others), or nothing."""


@dataclass(frozen=True, slots=True)
class Result:
    """A cell at the right: a mean, or a term mark."""

    text: str
    classes: str


@dataclass(frozen=True, slots=True)
class Row:
    """One pupil."""

    pupil: UUID
    number: int
    name: str
    note: str
    """«с 10.11», «до 12.11» for a pupil who came or left within the term."""
    is_gone: bool
    """Was in the class and is not any more."""
    is_long: bool
    """The name does not fit its column and needs a title."""
    cells: tuple[Cell, ...]
    average: str
    terms: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The whole page."""

    opened: OpenCourse
    line: str
    span: Span
    terms: list[TermLink]
    months: tuple[Month, ...]
    columns: tuple[Column, ...]
    heads: tuple[tuple[str, str], ...]
    """Of the columns of term marks: title, and what stands in it."""
    rows: tuple[Row, ...]
    scale: GradingScale


def grid(opened: OpenCourse, *, term: str | None = None, today: date, policy: Policy = DEFAULT_POLICY) -> Grid:
    """Return the grid of a course for a term («2») or the year («year»), by default for the term of the day."""
    scale = policy.scale_for(scale_code=opened.course.subject.scale, grade=opened.grade or 1)
    everyone, other_courses = members_of(opened)
    terms, set_marks = terms_of(opened, [member.pupil_id for member in everyone])
    spans = spans_of(opened, terms)
    span = chosen_span(spans, wanted=term, today=today)
    members = [member for member in everyone if any(_overlap(stay, span) for stay in member.stays)]
    lessons = lessons_of(opened, span)
    marks, counted = marks_of(opened, members, other_courses, span)
    attendance = attendance_of(opened, span)
    columns = [_column(opened, row, today=today, policy=policy) for row in lessons]
    cells = _Cells(scale=scale, policy=policy)
    shown = [span] if not span.is_year else [one for one in spans if not one.is_year]
    rows = []
    for number, member in enumerate(members, 1):
        proposal = proposal_of(
            counted[member.pupil_id], weekly_hours=opened.course.weekly_hours, policy=policy, scale=scale
        )
        put = {one.term_id: set_marks.get((member.pupil_id, one.term_id)) for one in shown}
        proposed = None if span.is_year else proposal.value
        rows.append(
            Row(
                pupil=member.code,
                number=number,
                name=member.name,
                note=_note(member, span, today=today),
                is_gone=not any(end is None or end >= min(today, span.last) for _start, end in member.stays),
                is_long=len(member.name) > NAME_FITS,
                cells=_row_cells(member, lessons, columns, marks, attendance, cells),
                average=format_mean(proposal.mean) if proposal.mean is not None else "",
                terms=tuple(_result(value, proposed) for value in put.values()),
            )
        )
    return Grid(
        opened=opened,
        line=course_line(opened, span),
        span=span,
        terms=term_links(spans, span),
        months=_months(lessons),
        columns=tuple(columns),
        heads=tuple((one.short_title, "" if span.is_year else _("прогноз")) for one in shown),
        rows=tuple(rows),
        scale=scale,
    )


def _column(opened: OpenCourse, row: LessonRow, *, today: date, policy: Policy) -> Column:
    window = may_edit_lesson(
        lesson_on=row.on,
        today=today,
        year_state=opened.course.year.state,
        is_own=opened.is_own(on=row.on, teacher_id=row.teacher_id),
        policy=policy,
    )
    kind = next((one for one in policy.work_kinds if one.code == row.kind), None)
    attributes = format_html(' data-task="{}"', row.task_code) if row.task_code else _BLANK
    is_locked = opened.may_edit and not window
    if is_locked:
        attributes += format_html(' data-closed="{}"', window.sentence)
    tone = "test" if kind and kind.is_control else "work" if kind and kind.weight > 1 else ""
    return Column(
        attributes=attributes,
        url=_lesson_url(row.code),
        day=row.on.day,
        kind=row.kind or "",
        kind_class=f"kind {tone}".strip(),
        kind_title=" — ".join(part for part in (kind.title if kind else "", row.title or "") if part),
        place="future" if row.on > today else "locked" if is_locked else "",
    )


def _lesson_url(code: UUID) -> str:
    try:
        # One reverse for the whole page: forty of them are a noticeable part of it.
        pattern = _URLS.get("lesson") or _URLS.setdefault("lesson", reverse("register:lesson", args=[_NO_CODE]))
    except NoReverseMatch:
        return ""
    return pattern.replace(str(_NO_CODE), str(code))


_URLS: dict[str, str] = {}


def _months(lessons: Sequence[LessonRow]) -> tuple[Month, ...]:
    months = groupby(lessons, key=lambda row: (row.on.year, row.on.month))
    return tuple(Month(MONTHS[month - 1], len(list(rows))) for (_year, month), rows in months)


class _Cells:
    """Cells by what they hold: equal facts share one pair of strings."""

    def __init__(self, *, scale: GradingScale, policy: Policy) -> None:
        self.scale, self.policy = scale, policy
        self.made: dict[tuple[object, ...], Cell] = {}

    def cell(self, facts: CellFacts, *, is_first: bool, place: str) -> Cell:
        """place: class of the cell by where it stands: future, locked, outside, month-start or nothing."""
        key = (facts, is_first, place)
        if key not in self.made:
            look = look_of(facts, is_first=is_first, scale=self.scale, policy=self.policy)
            classes = " ".join(part for part in (look.classes, place) if part)
            self.made[key] = (
                format_html(' class="{}"', classes) if classes else _BLANK,
                format_html("{}", look.text),
            )
        return self.made[key]


def _row_cells(
    member: Member,
    lessons: Sequence[LessonRow],
    columns: Sequence[Column],
    marks: dict[tuple[int, int | None], tuple[str, int]],
    attendance: dict[tuple[int, int], tuple[str, int | None, str]],
    cells: _Cells,
) -> tuple[Cell, ...]:
    pupil_id, stays = member.pupil_id, member.stays
    has_gaps = len(stays) != 1 or stays[0][1] is not None or (lessons and stays[0][0] > lessons[0].on)
    made, before = [], None
    for row, column in zip(lessons, columns, strict=True):
        lesson_id, on, task_id = row.lesson_id, row.on, row.task_id
        mark = marks.get((pupil_id, task_id))
        event = attendance.get((pupil_id, lesson_id))
        facts = NOTHING
        if mark or event:
            facts = CellFacts(*(mark or ("", 0)), *(event or ()))
        is_first = lesson_id != before
        before = lesson_id
        place = column.place
        if has_gaps and not any(start <= on and (end is None or on <= end) for start, end in stays):
            place = "outside"
        made.append(cells.cell(facts, is_first=is_first, place=place))
    return tuple(made)


def _overlap(stay: Stay, span: Span) -> bool:
    start, end = stay
    return start <= span.last and (end is None or end >= span.first)


def _note(member: Member, span: Span, *, today: date) -> str:
    start, end = member.stays[0][0], member.stays[-1][1]
    notes = []
    if start > span.first:
        notes.append(_("с %(day)s") % {"day": f"{start:%d.%m}"})
    if end is not None and end < min(span.last, max(today, span.first)):
        notes.append(_("до %(day)s") % {"day": f"{end:%d.%m}"})
    return ", ".join(notes)


def _result(value: str | None, proposed: str | None) -> Result:
    if value:
        return Result(result_sign(value), "term")
    return Result(result_sign(proposed), "term proposed")
