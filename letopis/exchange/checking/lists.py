"""Checks of the lists by themselves: repeated rows, and the calendar of the year."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from letopis.exchange.cells import FullName, TermTitle
from letopis.exchange.checking.directories import problem
from letopis.exchange.problems import Problem
from letopis.exchange.reading import SchoolBook
from letopis.exchange.rows import BreakRow, Row, TermRow
from letopis.exchange.sheets import SHEETS, Sheet
from letopis.rules.dates import school_year_label
from letopis.rules.names import match_key
from letopis.rules.russian import short_date

_REPEATED = {
    "pupils": (
        "Номер {value} по алфавитной книге уже занят в строке {row}.",
        "Дайте каждому обучающемуся свой номер; если это один человек, оставьте одну строку.",
    ),
    "employees": (
        "Код {value} уже занят в строке {row}.",
        "Дайте каждому сотруднику свой код; если это один человек, оставьте одну строку.",
    ),
}
_REPEATED_ROW = ("Строка повторяет строку {row}.", "Оставьте одну из них.")


def check_repeated(book: SchoolBook) -> tuple[SchoolBook, list[Problem]]:
    """Return the book without repeated rows, and a problem for each row whose key an earlier row of its sheet has.

    A repeated row would otherwise come back as a clash, as hours that differ, and so on. Two persons with one number
    both stay: they are two persons with a misprint, and their other problems must not hide.
    """
    problems: list[Problem] = []
    once: dict[str, tuple[Row, ...]] = {}
    for sheet in SHEETS:
        if not sheet.key:
            continue
        first: dict[object, Row] = {}
        for row in book.rows(sheet):
            key = _key(sheet, row) or row.row
            if first.setdefault(key, row) is not row:
                problems.append(_repeated(sheet, row, first[key]))
        if sheet.name not in _REPEATED:
            once[sheet.name] = tuple(first.values())
    return replace(book, **once), problems  # type: ignore[arg-type]  # each field gets rows of its own sheet


def _repeated(sheet: Sheet, row: Row, first: Row) -> Problem:
    field = sheet.key[0]
    message, mend = _REPEATED.get(sheet.name, _REPEATED_ROW)
    return problem(row, field, message.format(value=row.typed.get(field, ""), row=first.row), mend)


def _key(sheet: Sheet, row: Row) -> tuple[object, ...] | None:
    parts: list[object] = []
    for field in sheet.key:
        value = getattr(row, field)
        if value is None and sheet.column(field).required:
            return None
        parts.append(_compared(value))
    return tuple(parts)


def _compared(value: object) -> object:
    match value:
        case str():
            return match_key(value)
        case FullName():
            return match_key(str(value))
        case TermTitle():
            return value.kind, value.number
    return value


def check_year(book: SchoolBook) -> Iterator[Problem]:
    """Yield what is wrong with periods, vacations and bells."""
    spans: Sequence[TermRow | BreakRow] = (*book.terms, *book.breaks)
    for span in spans:
        yield from _check_span(span, year_starts=book.school.year_starts if book.school else None)
    yield from _check_overlaps(book.terms)
    yield from _check_overlaps(book.breaks)
    yield from _check_breaks_across_terms(book)
    yield from _check_every_class_has_terms(book)
    yield from _check_bells(book)


def _check_span(span: TermRow | BreakRow, *, year_starts: int | None) -> Iterator[Problem]:
    if span.starts_on and span.ends_on and span.ends_on < span.starts_on:
        yield problem(span, "ends_on", "Окончание раньше начала.", "Поменяйте даты местами или исправьте год.")
    if year_starts is None:
        return
    first, last = date(year_starts, 9, 1), date(year_starts + 1, 8, 31)
    for field in ("starts_on", "ends_on"):
        day: date | None = getattr(span, field)
        if day and not first <= day <= last:
            label = school_year_label(year_starts)
            message = f"{short_date(day)} — вне учебного года {label}."
            mend = f"Введите дату с {short_date(first)} по {short_date(last)} или исправьте год на листе «Школа»."
            yield problem(span, field, message, mend)


def _check_overlaps(spans: Sequence[TermRow] | Sequence[BreakRow]) -> Iterator[Problem]:
    by_grade: dict[int, list[TermRow | BreakRow]] = defaultdict(list)
    for span in spans:
        if span.grades and span.starts_on and span.ends_on and span.starts_on <= span.ends_on:
            for grade in span.grades:
                by_grade[grade].append(span)
    reported: set[tuple[int, int]] = set()
    for grade, of_grade in by_grade.items():
        ordered = sorted(of_grade, key=lambda span: (span.starts_on, span.row))
        for earlier, later in pairwise(ordered):
            pair = (earlier.row, later.row)
            if later.starts_on <= earlier.ends_on and pair not in reported:
                reported.add(pair)
                message = (
                    f"«{_title(later)}» начинается {short_date(later.starts_on)}, когда «{_title(earlier)}» "
                    f"(строка {earlier.row}) ещё идёт: до {short_date(earlier.ends_on)}, {grade} класс."
                )
                yield problem(later, "starts_on", message, "Исправьте даты или параллели, чтобы они не пересекались.")


def _title(span: TermRow | BreakRow) -> str:
    return span.typed["term" if isinstance(span, TermRow) else "title"]


def _check_breaks_across_terms(book: SchoolBook) -> Iterator[Problem]:
    """A vacation lies inside a period (the additional one of grade 1) or outside: never across its edge."""
    terms = [term for term in book.terms if term.grades and term.starts_on and term.ends_on]
    for pause in book.breaks:
        if not (pause.grades and pause.starts_on and pause.ends_on):
            continue
        for term in terms:
            meet = pause.starts_on <= term.ends_on and term.starts_on <= pause.ends_on
            # Half-years of the seniors have the vacations of all inside them, so only an edge that is cut counts.
            inside = term.starts_on <= pause.starts_on and pause.ends_on <= term.ends_on
            if meet and not inside and set(pause.grades) & set(term.grades):
                message = (
                    f"Каникулы «{pause.title}» заходят на период «{_title(term)}» "
                    f"({short_date(term.starts_on)} — {short_date(term.ends_on)})."
                )
                yield problem(pause, "starts_on", message, "Исправьте даты каникул или периода.")
                break


def _check_every_class_has_terms(book: SchoolBook) -> Iterator[Problem]:
    if not all(term.grades for term in book.terms):
        return
    graded = {grade for term in book.terms for grade in term.grades}
    for row in book.classes:
        if row.school_class and row.school_class.grade not in graded:
            message = f"Класс {row.school_class} не входит ни в один учебный период."
            yield problem(row, "school_class", message, "Добавьте его параллель на лист «Периоды».")


def _check_bells(book: SchoolBook) -> Iterator[Problem]:
    bells = [bell for bell in book.bells if bell.number is not None and bell.starts_at and bell.ends_at]
    for bell in bells:
        if bell.ends_at <= bell.starts_at:
            yield problem(bell, "ends_at", "Урок кончается раньше, чем начинается.", "Исправьте время.")
    ordered = sorted((bell for bell in bells if bell.ends_at > bell.starts_at), key=lambda bell: bell.number)
    for earlier, later in pairwise(ordered):
        if earlier.number != later.number and later.starts_at < earlier.ends_at:
            message = f"Урок {later.number} начинается раньше, чем кончается урок {earlier.number}."
            yield problem(later, "starts_at", message, "Исправьте время.")
