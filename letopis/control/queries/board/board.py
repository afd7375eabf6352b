"""The board itself: the map of classes and subjects, or sums by teacher, class, subject, kind."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from letopis.control.queries.board.directions import (
    ALL,
    BY_CODE,
    CHANGES,
    DIRECTIONS,
    VOLUME,
    Direction,
    changed_lessons,
    overloaded_days,
)
from letopis.control.queries.board.filters import VACANCY, Filters, Names
from letopis.control.queries.board.indicators import Indicator, density, indicators, tenths
from letopis.control.queries.board.sums import Sum, silent_days, summed
from letopis.control.queries.obligations import Duties
from letopis.register.models import Substitution
from letopis.register.queries.duty_words import kind_words
from letopis.rules.names import match_key
from letopis.rules.obligations import KINDS, LATE, LESSON, Obligation

MAP, TEACHER, CLASS, SUBJECT, KIND = "", "teacher", "class", "subject", "kind"
BY = (MAP, TEACHER, CLASS, SUBJECT, KIND)
FEW = 2
"""Cancelled lessons of a cell that are told apart from many."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the map."""

    text: str
    """What stands in it: the number of debts, ✓, or nothing."""
    words: str
    """The same for who hears the page."""
    step: str
    """Class of its ground: c0 … c3; empty where there is nothing."""
    url: str = ""


@dataclass(frozen=True, slots=True)
class MapRow:
    title: str
    cells: tuple[Cell, ...]


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
    loads: tuple[tuple[str, int, str], ...] = ()
    """Of the volume of homework: class, number of days over the norm, the days in words."""


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


def list_url(filters: Filters, **changes: Any) -> str:
    """Return the query of the list of duties with these filters."""
    asked: dict[str, Any] = {"year": filters.year.starts_on.year}
    asked |= {"term": filters.term} if filters.term else {"first": filters.first, "last": filters.last}
    asked |= {name: value for name, value in changes.items() if value}
    return f"?{urlencode(asked)}"


def short_name_of(subject: str) -> str:
    """Return the head of a narrow column: «Алгебра», «Биология» → «Биоло.», «Русский язык» → «Рус. яз.»."""
    words = [word for word in subject.replace("(", "").replace(")", "").split() if len(word) > 2]
    if len(words) < 2:
        return subject if len(subject) <= 7 else f"{subject[:5]}."
    return " ".join(word if len(word) <= 3 else f"{word[:3]}." for word in words[:2])


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
        loads = [
            (one.title, len(days.get(key, ())), ", ".join(f"{day:%d.%m}" for day in days.get(key, ())))
            for key, one in names.classes.items()
            if filters.school_class in (None, key)
        ]
        return replace(made, loads=tuple(loads))
    if direction.code == CHANGES:
        changed = changed_lessons(filters.year, first=filters.first, last=filters.last)
        return _mapped(made, _changed_cells(changed), names)
    if made.by == MAP:
        return _mapped(made, _cells(made, shown, names, marks if direction.code == "density" else {}), names)
    return replace(made, sums=tuple(_sums(made, shown, names, silent)))


def _mapped(made: Board, cells: dict[tuple[int, int], Cell], names: Names) -> Board:
    filters = made.filters
    cells = {
        key: cell
        for key, cell in cells.items()
        if filters.school_class in (None, key[0]) and filters.subject in (None, key[1])
    }
    subjects = [key for key in names.subjects if any(subject == key for _class, subject in cells)]
    whole = 0 in {subject for _class, subject in cells}
    columns = [*subjects, 0] if whole else subjects
    classes = [key for key in (*names.classes, 0) if any(school_class == key for school_class, _subject in cells)]
    heads = [(short_name_of(names.subjects[key].title), names.subjects[key].title) for key in subjects]
    rows = [
        MapRow(
            names.classes[key].title if key else _("Группы"),
            tuple(cells.get((key, subject), _NOTHING) for subject in columns),
        )
        for key in classes
    ]
    if whole:
        heads.append((_("Класс"), _("Дела класса: причины пропусков, сверка списка")))
    return replace(made, heads=tuple(heads), rows=tuple(rows))


def _cells(
    made: Board, shown: Sequence[Obligation], names: Names, marks: dict[tuple[int, int], tuple[int, int]]
) -> dict[tuple[int, int], Cell]:
    filters, found = made.filters, summed(shown, lambda one: (one.page.school_class, one.page.subject))
    cells: dict[tuple[int, int], Cell] = {}
    for (school_class, subject), total in found.items():
        where = names.classes[school_class].title if school_class else _("Группы")
        what = names.subjects[subject].title if subject else _("класс")
        timely = "—" if total.timely is None else f"{total.timely} %"
        words = _("%(where)s, %(what)s: просрочено %(late)s, в срок %(timely)s") % {
            "where": where, "what": what, "late": total.late, "timely": timely,
        }  # fmt: skip
        text = str(total.late) if total.late else "✓" if total.closed else "…"
        if (school_class, subject) in marks:
            points, pupils = marks[school_class, subject]
            text = tenths(points, pupils) if pupils else "—"
            words = _("%(words)s; отметок на ученика %(text)s") % {"words": words, "text": text}
        url = list_url(
            filters,
            **{
                "class": names.classes[school_class].value if school_class else "",
                "subject": names.subjects[subject].value if subject else "",
                "view": made.direction.code,
                "kind": filters.kind,
                "teacher": _teacher_code(filters, names),
                "state": LATE if total.late else "",
            },
        )
        cells[school_class, subject] = Cell(text, words, f"c{total.step}" if total.closed or total.late else "", url)
    return cells


def _changed_cells(changed: Any) -> dict[tuple[int, int], Cell]:
    lost: dict[tuple[int, int], list[int]] = {}
    for (school_class, subject, kind), count in changed.items():
        pair = lost.setdefault((school_class, subject), [0, 0])
        pair[kind == Substitution.Kind.CANCELLED] += count
    return {
        key: Cell(
            f"{changes}/{cancelled}",
            _("заменено и перенесено %(changes)s, отменено %(cancelled)s")
            % {"changes": changes, "cancelled": cancelled},
            f"c{0 if not cancelled else 1 if cancelled <= FEW else 3}",
        )
        for key, (changes, cancelled) in lost.items()
    }


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
            **{"view": made.direction.code, "kind": filters.kind, "teacher": _teacher_code(filters, names)}
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
    return {TEACHER: _("вакансия"), CLASS: _("Группы"), SUBJECT: _("Дела класса")}[by], VACANCY if by == TEACHER else ""


def _teacher_code(filters: Filters, names: Names) -> str:
    if filters.teacher is None:
        return ""
    return names.teachers[filters.teacher].value if filters.teacher else VACANCY


_NOTHING = Cell("·", "", "")
