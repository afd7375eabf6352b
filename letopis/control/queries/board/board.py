"""The board itself: the map of classes and subjects, or sums by teacher, class, subject, kind."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from letopis.control.queries.board.cells import MapRow, changed_cells, duty_cells, list_url, map_of, teacher_code
from letopis.control.queries.board.directions import (
    ALL,
    BY_CODE,
    CHANGES,
    DENSITY,
    DIRECTIONS,
    VOLUME,
    Direction,
    changed_lessons,
    overloaded_days,
)
from letopis.control.queries.board.filters import NOBODY, Filters, Names
from letopis.control.queries.board.indicators import Indicator, density, indicators
from letopis.control.queries.board.sums import Sum, silent_days, summed
from letopis.control.queries.obligations import Duties
from letopis.register.queries.duty_words import kind_words
from letopis.rules.names import match_key
from letopis.rules.obligations import KINDS, LATE, LESSON, Obligation

MAP, TEACHER, CLASS, SUBJECT, KIND = "", "teacher", "class", "subject", "kind"
BY = (MAP, TEACHER, CLASS, SUBJECT, KIND)


@dataclass(frozen=True, slots=True)
class SumRow:
    """A teacher, class, subject or kind with its sums."""

    title: str
    sum: Sum
    url: str
    is_bad: bool
    """Below the threshold of the direction."""
    silent: int = 0
    """Of a teacher: days with lessons and no entry in any."""


@dataclass(frozen=True, slots=True)
class Load:
    """A class with the days for which it is set too much."""

    title: str
    days: int
    which: str
    url: str


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the page shows."""

    filters: Filters
    direction: Direction
    directions: tuple[Direction, ...]
    by: str
    total: Sum
    indicators: tuple[Indicator, ...]
    heads: tuple[tuple[str, str], ...] = ()
    """Short and full name of the subjects of the map."""
    rows: tuple[MapRow, ...] = ()
    sums: tuple[SumRow, ...] = ()
    counted: int = 0
    """Duties that the numbers stand for."""
    late_url: str = ""
    loads: tuple[Load, ...] = ()
    """Of the volume of homework."""


def board(filters: Filters, names: Names, *, view: str, by: str, now: datetime) -> Board:
    """Return the board. A fixed number of queries; what a direction does not need is not read."""
    direction = BY_CODE.get(view, BY_CODE[ALL])
    duties = Duties(filters.scope(), now=now)
    found = [one for one in duties.of(KINDS) if filters.wants(one)]
    marks, cells_of_marks = density(duties)
    shown = [one for one in found if _counts(one, direction, filters)]
    made = Board(
        filters=filters,
        direction=direction,
        directions=DIRECTIONS,
        by=by,
        total=summed(shown, lambda one: "").get("", Sum()),
        indicators=tuple(indicators(duties, found, marks, now=now.astimezone(duties.zone))),
        counted=len(shown),
        late_url=list_url(filters, state=LATE),
    )
    return _with_body(made, shown, names, duties, cells_of_marks, silent=found)


def _counts(one: Obligation, direction: Direction, filters: Filters) -> bool:
    if one.kind not in direction.kinds or (filters.kind and one.kind != filters.kind):
        return False
    # A part of an empty lesson counts only where the lesson itself is not counted.
    return not one.is_part or LESSON not in direction.kinds or filters.kind == one.kind


def _with_body(
    made: Board,
    shown: Sequence[Obligation],
    names: Names,
    duties: Duties,
    marks: dict[tuple[int, int], tuple[int, int]],
    *,
    silent: Sequence[Obligation],
) -> Board:
    filters, direction = made.filters, made.direction
    if direction.code == VOLUME:
        days = overloaded_days(filters.year, first=filters.first, last=filters.last, policies=duties.editions)
        page = reverse("register:class_homework")
        loads = [
            Load(
                one.title,
                len(days.get(key, ())),
                ", ".join(f"{day:%d.%m}" for day in days.get(key, ())),
                f"{page}?class={one.value}",
            )
            for key, one in names.classes.items()
            if filters.school_class in (None, key)
        ]
        return replace(made, loads=tuple(loads))
    if direction.code == CHANGES:
        changed = changed_lessons(filters.year, first=filters.first, last=filters.last)
        heads, rows = map_of(changed_cells(changed), filters, names)
        return replace(made, heads=heads, rows=rows)
    if made.by == MAP:
        of_density = marks if direction.code == DENSITY else {}
        cells = duty_cells(shown, filters, names, view=direction.code, marks=of_density)
        heads, rows = map_of(cells, filters, names)
        return replace(made, heads=heads, rows=rows)
    return replace(made, sums=tuple(_sums(made, shown, names, silent)))


def _sums(made: Board, shown: Sequence[Obligation], names: Names, silent: Sequence[Obligation]) -> list[SumRow]:
    filters, days = made.filters, silent_days(silent) if made.by == TEACHER else {}
    keys = {
        TEACHER: lambda one: one.who or 0,
        CLASS: lambda one: one.page.school_class,
        SUBJECT: lambda one: one.page.subject,
        KIND: lambda one: one.kind,
    }
    rows = []
    for key, total in summed(shown, keys[made.by]).items():
        title, code = _named(made.by, key, names)
        url = list_url(
            filters,
            **{"view": made.direction.code, "kind": filters.kind, "teacher": teacher_code(filters, names)}
            | {made.by: code, "state": LATE if total.late else ""},
        )
        is_bad = total.timely is not None and total.timely < made.direction.good_from
        rows.append(SumRow(title, total, url, is_bad, len(days.get(int(key), ())) if days else 0))
    if made.by in (CLASS, KIND):
        order = (
            [one.title for one in names.classes.values()] if made.by == CLASS else [kind_words(one) for one in KINDS]
        )
        place = {title: index for index, title in enumerate(order)}
        return sorted(rows, key=lambda row: place.get(row.title, len(place)))
    return sorted(rows, key=lambda row: (-row.sum.late, match_key(row.title)))


def _named(by: str, key: Any, names: Names) -> tuple[str, str]:
    if by == KIND:
        return kind_words(key), key
    found = {TEACHER: names.teachers, CLASS: names.classes, SUBJECT: names.subjects}[by].get(key)
    if found:
        return found.title, found.value
    return {TEACHER: _("вакансия"), CLASS: _("Группы"), SUBJECT: _("Дела класса")}[by], NOBODY
