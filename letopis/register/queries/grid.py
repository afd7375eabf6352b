"""The register grid of a course: pupils × columns, ready to print.

Everything the template prints is prepared here, because a page has a thousand cells and more. A cell carries only
exceptional state, so that most are one and the same string, and a row reaches the template as one string: measured, a
template loop over its parts takes longer than all the queries of the page.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import groupby
from uuid import UUID

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from letopis.core.days import month_title
from letopis.register.access import OpenCourse
from letopis.register.queries.course_terms import (
    Span,
    TermLink,
    chosen_span,
    course_line,
    spans_of,
    term_links,
)
from letopis.register.queries.grid_cells import Cells
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
from letopis.register.queries.grid_filter import EVERYTHING, GridFilter, Option
from letopis.register.queries.grid_locks import GridLocks
from letopis.register.queries.proposals import mean_and_value, weights_of
from letopis.rules.corrections import offers_correction
from letopis.rules.decimals import format_mean
from letopis.rules.policy import GradingScale, Policy
from letopis.rules.policy.editions import Editions
from letopis.rules.results import result_sign

NAME_FITS = 21
"""Letters of a name that its column holds."""

_BLANK = mark_safe("")
_NO_CODE = str(UUID(int=0))


@dataclass(frozen=True, slots=True)
class Month:
    """A month over its columns."""

    title: str
    columns: int


@dataclass(frozen=True, slots=True)
class Column:
    """One task of a lesson."""

    attributes: str
    """Of the th, escaped: the task, and why the column is closed."""
    head: str
    """Day and kind of work, a link to the lesson; escaped."""
    place: str
    """Class of its cells: future, locked (closed to one who fills others), or nothing."""

    @property
    def html(self) -> SafeString:
        return mark_safe(f'<th scope="col"{self.attributes}>{self.head}</th>\n')


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
    cells: SafeString
    """The td of every column."""
    results: SafeString
    """The td of the mean and of the term marks."""

    @property
    def html(self) -> SafeString:
        name = escape(self.name)
        gone = ' class="gone"' if self.is_gone else ""
        title = f' title="{name}"' if self.is_long else ""
        note = f' <span class="group">{escape(self.note)}</span>' if self.note else ""
        return mark_safe(
            f'<tr data-pupil="{self.pupil}"{gone}><th scope="row" class="name"{title}>'
            f"<i>{self.number}</i>{name}{note}</th>{self.cells}{self.results}</tr>\n"
        )


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
    shown: GridFilter
    month_options: list[Option]
    kind_options: list[Option]
    is_empty: bool
    """There is nothing in the term at all, whatever the filter."""


def grid(
    opened: OpenCourse,
    *,
    term: str | None = None,
    only: GridFilter = EVERYTHING,
    today: date,
    policies: Editions,
) -> Grid:
    """Return the grid of a course for a term («2») or the year («year»), by default for the term of the day.

    only: which columns and pupils are shown; the means and proposals are those of the whole term all the same.
    Letters are today's; a column is open or closed by the policy of its day; figures are judged by that of the term.
    """
    everyone, other_courses = members_of(opened)
    terms, set_marks = terms_of(opened, [member.pupil_id for member in everyone])
    spans = spans_of(opened, terms)
    span = chosen_span(spans, wanted=term, today=today)
    policy = policies.of_period(span.last, today=today)
    scale = policy.scale_for(scale_code=opened.course.subject.scale, grade=opened.grade or 1)
    members = [member for member in everyone if any(_overlap(stay, span) for stay in member.stays)]
    every = lessons_of(opened, span)
    locks = GridLocks(opened, terms, set_marks, policies=policies)
    found = marks_of(opened, members, other_courses, span, due=locks.due_of(every))
    marks, counted = found.stand, found.count
    corrected: dict[int, set[int]] = defaultdict(set)
    for pupil_id, lesson_id in found.corrected:
        corrected[pupil_id].add(lesson_id)
    attendance = attendance_of(opened, span)
    firsts = {row.lesson_id: row.task_id for row in reversed(every)}
    lessons = only.columns(every, (task for of in marks.values() for task, (value, *_rest) in of.items() if value))
    columns = [_column(opened, row, locks=locks, today=today, policy=policies.on(row.on)) for row in lessons]
    places = [column.place for column in columns]
    closed = locks.closed_rows(lessons, places)
    cells = Cells(lessons, places, firsts=set(firsts.values()), scale=scale, policy=policies.on(today))
    shown = [span] if not span.is_year else [one for one in spans if not one.is_year]
    weights, rows = weights_of(policy), []
    for number, member in only.pupils(members):
        mean, value = mean_and_value(counted[member.pupil_id], weights=weights, policy=policy, scale=scale)
        put = {one.term_id: set_marks.get((member.pupil_id, one.term_id), ("",))[0] for one in shown}
        proposed = None if span.is_year else value
        rows.append(
            Row(
                pupil=member.code,
                number=number,
                name=member.name,
                note=_note(member, span, today=today),
                is_gone=not any(end is None or end >= min(today, span.last) for _start, end in member.stays),
                is_long=len(member.name) > NAME_FITS,
                cells=cells.row(
                    member.stays,
                    marks[member.pupil_id],
                    attendance[member.pupil_id],
                    corrected=corrected[member.pupil_id],
                    closed=closed(member.pupil_id),
                ),
                results=_results(mean, put.values(), proposed=proposed),
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
        shown=only,
        month_options=only.months(every),
        kind_options=only.kinds(every, policy=policies.on(today)),
        is_empty=not (members and every),
    )


def _column(opened: OpenCourse, row: LessonRow, *, locks: GridLocks, today: date, policy: Policy) -> Column:
    window = locks.window(row)
    is_ahead = row.on > today and policy.future_topics_allowed
    may_name = opened.may_edit and (bool(window) or (is_ahead and opened.is_own(on=row.on, teacher_id=row.teacher_id)))
    attributes = f' data-lesson="{row.code}" data-on="{row.on}" data-month="{row.on:%Y-%m}"'
    if row.task_code:
        attributes = f' data-task="{row.task_code}"{attributes}{_of_task(row)}'
    is_locked = opened.may_edit and not window
    if is_locked:
        attributes += f' data-closed="{escape(window.sentence)}"'
        if offers_correction(window):
            attributes += " data-ask"
    return Column(
        attributes=attributes,
        head=_head(row, may_name=may_name, policy=policy),
        place="future" if row.on > today else "locked" if is_locked or locks.is_ended(row) else "",
    )


def _of_task(row: LessonRow) -> str:
    parts = {
        "kind": escape(row.kind or ""),
        "weight": row.weight or "",
        "components": row.components if row.components == 2 else "",
    }
    return "".join(f' data-{name}="{value}"' for name, value in parts.items() if value)


def _head(row: LessonRow, *, may_name: bool, policy: Policy) -> str:
    kind = next((one for one in policy.work_kinds if one.code == row.kind), None)
    tone = " test" if kind and kind.is_control else " work" if kind and kind.weight > 1 else ""
    said = [kind.title if kind else "", row.title or ""]
    if row.components == 2:
        said.append(_("две отметки за работу"))
    if row.weight:
        said.append(_("вес %(weight)s") % {"weight": row.weight})
    if row.worked_on:
        said.append(_("работа %(day)s") % {"day": f"{row.worked_on:%d.%m}"})
    if row.is_changed:
        said.append(_("замена или перенос"))
    named = " — ".join(part for part in said if part)
    title = f' title="{escape(named)}"' if named else ""
    address = _lesson_pattern().replace(_NO_CODE, str(row.code))
    sign = f"{escape(row.kind or '')}{f'<sup>{row.weight}</sup>' if row.weight else ''}"
    changed = _changed_sign() if row.is_changed else ""
    day = f'<a href="{address}"{title}><span class="day">{row.on.day}{changed}</span>'
    if not may_name or row.task_code is None:
        return f'{day}<span class="kind{tone}">{sign}</span></a>'
    # The kind of work is the way to its editor: a head is too narrow for a button of its own.
    label = escape(_("Столбец %(day)s: %(kind)s") % {"day": f"{row.on:%d.%m}", "kind": row.kind or _("вид работы")})
    link = f'<a class="kind{tone}" href="{address}tasks/{row.task_code}/" aria-label="{label}">{sign or "…"}</a>'
    return f"{day}</a>{link}"


def _changed_sign() -> str:
    """Return the mark beside the day of a lesson that a substitute gave or that was moved: «з»."""
    sign = escape(_("з"))
    return f'<sup class="changed-lesson">{sign}</sup>'


@cache
def _lesson_pattern() -> str:
    """Return the address of a lesson without its code: forty `reverse` are a noticeable part of the page."""
    return reverse("register:lesson", args=[_NO_CODE])


def _months(lessons: Sequence[LessonRow]) -> tuple[Month, ...]:
    months = groupby(lessons, key=lambda row: (row.on.year, row.on.month))
    return tuple(Month(month_title(month), len(list(rows))) for (_year, month), rows in months)


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


def _results(mean: Fraction | None, put: Iterable[str | None], *, proposed: str | None) -> SafeString:
    """Return the mean, and each term mark: the one that is set, else the proposed one."""
    shown = format_mean(mean) if mean is not None else ""
    cells = [f'<td class="average">{shown}</td>']
    for value in put:
        kind = "term" if value else "term proposed"
        cells.append(f'<td class="{kind}">{result_sign(value or proposed)}</td>')
    # Figures, and signs of our own table: nothing in them to escape.
    return mark_safe("".join(cells))
