"""The map of classes and subjects: what stands in its cells, and where each leads."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from letopis.control.queries.board.filters import NOBODY, Filters, Names
from letopis.control.queries.board.indicators import tenths
from letopis.control.queries.board.sums import Sum, summed
from letopis.register.models import Substitution
from letopis.rules.obligations import LATE, Obligation

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


def duty_cells(
    shown: Iterable[Obligation],
    filters: Filters,
    names: Names,
    *,
    view: str,
    marks: dict[tuple[int, int], tuple[int, int]],
) -> dict[tuple[int, int], Cell]:
    """Return the cells of duties by class and subject. marks: sum and pupils of a cell that shows the density."""
    duties = list(shown)
    below: Counter[tuple[int, int]] = Counter()
    for one in duties if marks else ():
        below[one.page.school_class, one.page.subject] += one.missing
    found = summed(duties, lambda one: (one.page.school_class, one.page.subject))
    cells: dict[tuple[int, int], Cell] = {}
    for (school_class, subject), total in found.items():
        where = names.classes[school_class].title if school_class else _("Группы")
        what = names.subjects[subject].title if subject else _("класс")
        timely = "—" if total.timely is None else f"{total.timely} %"
        words = _("%(where)s, %(what)s: просрочено %(late)s, в срок %(timely)s") % {
            "where": where, "what": what, "late": total.late, "timely": timely,
        }  # fmt: skip
        text = str(total.late) if total.late else "✓" if total.closed else "…"
        step = f"c{total.step}" if total.closed or total.late else ""
        if (school_class, subject) in marks:
            points, pupils = marks[school_class, subject]
            text = tenths(points, pupils) if pupils else "—"
            few = below[school_class, subject]
            words = _("%(where)s, %(what)s: отметок на ученика %(text)s, меньше нормы у %(few)s") % {
                "where": where, "what": what, "text": text, "few": few,
            }  # fmt: skip
            # Of a term that goes on nothing is late yet: the cell is as loud as there are pupils below the norm.
            step = f"c{Sum(late=few).step}"
        url = list_url(
            filters,
            **{
                "class": names.classes[school_class].value if school_class else NOBODY,
                "subject": names.subjects[subject].value if subject else NOBODY,
                "view": view,
                "kind": filters.kind,
                "teacher": teacher_code(filters, names),
                "state": LATE if total.late else "",
            },
        )
        cells[school_class, subject] = Cell(text, words, step, url)
    return cells


def changed_cells(changed: Mapping[tuple[int, int, str], int]) -> dict[tuple[int, int], Cell]:
    """Return the cells of lessons that went otherwise, by class and subject."""
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


def map_of(
    cells: dict[tuple[int, int], Cell], filters: Filters, names: Names
) -> tuple[tuple[tuple[str, str], ...], tuple[MapRow, ...]]:
    """Return heads and rows of the map: classes in their order, subjects in theirs, last what is of no subject."""
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
    return tuple(heads), tuple(rows)


def teacher_code(filters: Filters, names: Names) -> str:
    """Return the value of ?teacher= of the filters."""
    if filters.teacher is None:
        return ""
    return names.teachers[filters.teacher].value if filters.teacher else NOBODY


_NOTHING = Cell("·", "", "")
