"""What the book lists, found by what other sheets call it.

A name that is not listed is reported with the nearest spelling, and the other checks go on as if that had been typed:
one misprint is one problem, and nothing else is hidden behind it.
"""

from collections import defaultdict
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Generic, TypeVar

from letopis.exchange.cells import ClassKey
from letopis.exchange.problems import ERROR, Problem
from letopis.exchange.reading import SchoolBook
from letopis.exchange.rows import ClassRow, EmployeeRow, PupilRow, RoomRow, Row, SubjectRow
from letopis.exchange.sheets import SHEETS_BY_TITLE
from letopis.rules.names import match_key

Listed = TypeVar("Listed", bound=Row)

MAX_SUGGESTIONS = 60
"""Unlisted names of one directory that get a suggestion: looking for one in 800 pupils takes tens of milliseconds."""


@dataclass(frozen=True, slots=True)
class Words:
    """How a directory speaks of what it lists."""

    missing: str
    """«Сотрудника «{value}» нет на листе «Сотрудники».»"""
    mend: str


class Directory(Generic[Listed]):
    """The rows of one sheet, by every name they are called."""

    def __init__(self, *, words: Words, cutoff: float = 0.7, guesses: bool = True) -> None:
        """Make an empty directory.

        cutoff: how near a suggestion must be, from 0 to 1.
        guesses: whether `find` takes the nearest for what was meant. Not for classes and numbers of pupils: 7Б is no
        misprint of 7А, and a wrong pupil would bring problems of his own.
        """
        self._words = words
        self._cutoff = cutoff
        self._guesses = guesses
        self._by_key: dict[str, list[Listed]] = defaultdict(list)
        self._titles: dict[str, str] = {}
        self._nearest: dict[str, str] = {}

    def add(self, row: Listed, *titles: str) -> None:
        """List a row under its titles."""
        for title in titles:
            key = match_key(title)
            if key and row not in self._by_key[key]:
                self._by_key[key].append(row)
                self._titles.setdefault(key, title)

    def find(self, title: str | None) -> Listed | None:
        """Return the row of this title, or the nearest one; None when nothing is near, or nothing was typed."""
        if not title:
            return None
        key = match_key(title)
        found = self._by_key.get(key)
        if found is None and self._guesses:
            found = self._by_key.get(self.nearest(key))
        return found[0] if found else None

    def is_alone(self, title: str) -> bool:
        """Say whether one row at most has this title."""
        return len(self._by_key.get(match_key(title), [])) <= 1

    def nearest(self, key: str) -> str:
        """Return the key of the nearest listed title, or nothing."""
        if key not in self._nearest:
            if len(self._nearest) >= MAX_SUGGESTIONS:
                return ""
            close = get_close_matches(key, self._by_key, n=1, cutoff=self._cutoff)
            self._nearest[key] = close[0] if close else ""
        return self._nearest[key]

    def check(self, row: Row, field: str, title: str | None) -> list[Problem]:
        """Return the problem of a title that is not listed, or listed more than once; nothing when it was not typed."""
        if not title:
            return []
        key = match_key(title)
        found = self._by_key.get(key, [])
        if not found:
            near = self._titles.get(self.nearest(key), "")
            hint = f"Возможно, «{near}». " if near else ""
            return [problem(row, field, self._words.missing.format(value=title), hint + self._words.mend)]
        if len(found) > 1 and isinstance(found[0], EmployeeRow):
            codes = ", ".join(one.number for one in found if isinstance(one, EmployeeRow))
            message = f"Сотрудников с именем «{title}» несколько: {codes}."
            return [problem(row, field, message, "Укажите вместо ФИО код сотрудника.")]
        return []


class Directories:
    """All that the sheets of a book refer to."""

    def __init__(self, book: SchoolBook) -> None:
        self.subjects: Directory[SubjectRow] = Directory(
            words=Words(
                "Предмета «{value}» нет на листе «Предметы».", "Исправьте название или добавьте предмет в список."
            ),
        )
        self.rooms: Directory[RoomRow] = Directory(
            words=Words(
                "Кабинета «{value}» нет на листе «Кабинеты».", "Исправьте название или добавьте кабинет в список."
            ),
        )
        self.employees: Directory[EmployeeRow] = Directory(
            words=Words(
                "Сотрудника «{value}» нет на листе «Сотрудники».",
                "Исправьте ФИО или добавьте сотрудника в список.",
            ),
        )
        self.classes: Directory[ClassRow] = Directory(
            words=Words("Класса {value} нет на листе «Классы».", "Исправьте класс или добавьте его в список."),
            cutoff=0.5,
            guesses=False,
        )
        self.pupils: Directory[PupilRow] = Directory(
            words=Words(
                "Обучающегося с номером {value} нет на листе «Обучающиеся».",
                "Исправьте номер по алфавитной книге или добавьте обучающегося в список.",
            ),
            guesses=False,
        )
        self._fill(book)

    def _fill(self, book: SchoolBook) -> None:
        for subject in book.subjects:
            self.subjects.add(subject, subject.title or "")
        for room in book.rooms:
            self.rooms.add(room, room.name or "")
        for employee in book.employees:
            self.employees.add(employee, str(employee.name or ""), employee.number or "")
        for school_class in book.classes:
            self.classes.add(school_class, str(school_class.school_class or ""))
        for pupil in book.pupils:
            self.pupils.add(pupil, pupil.number or "")

    def check_class(self, row: Row, school_class: ClassKey | None) -> list[Problem]:
        """Return the problem of a class that is not listed."""
        return self.classes.check(row, "school_class", str(school_class) if school_class else None)


def problem(row: Row, field: str, message: str, mend: str, *, severity: str = ERROR) -> Problem:
    """Return a problem of the cell of a row that fills this field."""
    sheet = SHEETS_BY_TITLE[row.sheet]
    return Problem(
        severity=severity,
        sheet=row.sheet,
        row=row.row,
        column=sheet.column(field).header,
        value=row.typed.get(field, ""),
        message=message,
        mend=mend,
    )
