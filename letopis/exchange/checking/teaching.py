"""Checks of teaching: curriculum, workload and timetable, each by itself and against the one before it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import TypeVar

from letopis.exchange.checking.directories import Directories, problem
from letopis.exchange.problems import ERROR, WARNING, Problem
from letopis.exchange.reading import SchoolBook
from letopis.exchange.rows import CurriculumRow, TimetableRow, WorkloadRow
from letopis.rules import curriculum as curriculum_rules
from letopis.rules import timetable as timetable_rules
from letopis.rules.curriculum import WorkloadProblem, format_hours
from letopis.rules.names import match_key
from letopis.rules.russian import WEEKDAYS, counted
from letopis.rules.timetable import SUBGROUP, WHOLE_CLASS, SlotRow

VACANCY_MEND = "Впишите учителя, когда он появится, и загрузите книгу ещё раз: это замечание не мешает загрузке."
_HOURS_MEND = "Исправьте часы на листе «Нагрузка» или на листе «Учебный план», чтобы они совпали."

_CLASH_COLUMNS = {
    "TEACHER_SUBJECTS": ("teacher", "Оставьте одно занятие или разведите их по времени либо между учителями."),
    "TEACHER_ROOMS": ("room", "Для потока укажите один кабинет, иначе разведите занятия по времени."),
    "TEACHER_GROUPS": ("subgroup", "Оставьте либо занятие целых классов, либо занятие подгрупп."),
    "CLASS_TWICE": ("school_class", "Разведите занятия по времени или разделите класс на подгруппы."),
    "SUBGROUP_TWICE": ("subgroup", "Разведите занятия по времени."),
    "ROOM_TWICE": ("room", "Проверьте кабинет; замечание не мешает загрузке: в зале бывают два класса сразу."),
    "VACANCY": ("teacher", VACANCY_MEND),
}

TeachingRow = TypeVar("TeachingRow", WorkloadRow, TimetableRow)
Place = tuple[str, str]
Group = tuple[str, str, str]
"""Class, subject, subgroup as they are compared; no subgroup is the whole class."""


def check_teaching(book: SchoolBook, directories: Directories) -> Iterator[Problem]:
    """Yield every problem of curriculum, workload and timetable."""
    teaching = _Teaching(directories)
    taught: Sequence[CurriculumRow | WorkloadRow | TimetableRow] = (*book.curriculum, *book.workload, *book.timetable)
    assigned: Sequence[WorkloadRow | TimetableRow] = (*book.workload, *book.timetable)
    for row in taught:
        yield from directories.check_class(row, row.school_class)
        yield from directories.subjects.check(row, "subject", row.subject)
    for lesson in assigned:
        yield from directories.employees.check(lesson, "teacher", lesson.teacher)
    for placed in book.timetable:
        yield from directories.rooms.check(placed, "room", placed.room)
    yield from _check_subgroups_exist(book, teaching)
    yield from _check_one_teacher(book, teaching)
    yield from _check_workload(book, teaching)
    yield from _check_times(book)
    yield from _check_clashes(book, teaching)
    yield from _check_timetable_hours(book, teaching)


class _Teaching:
    """How the rows of teaching are compared: by what they mean, not by how it is typed."""

    def __init__(self, directories: Directories) -> None:
        self._directories = directories

    def subject(self, title: str | None) -> str:
        """Return the subject as it is listed, or as it was typed."""
        found = self._directories.subjects.find(title)
        return found.title if found else title or ""

    def teacher(self, title: str | None) -> str:
        """Return the teacher as listed, with the code when the name alone does not tell who it is."""
        found = self._directories.employees.find(title)
        if found is None or found.name is None:
            return title or ""
        alone = self._directories.employees.is_alone(str(found.name))
        return str(found.name) if alone else f"{found.name} ({found.number})"

    def room(self, title: str | None) -> str:
        """Return the room as listed, or as it was typed."""
        found = self._directories.rooms.find(title)
        return found.name if found else title or ""

    def place(self, row: CurriculumRow | WorkloadRow | TimetableRow) -> Place:
        return match_key(str(row.school_class)), match_key(self.subject(row.subject))

    def group(self, row: WorkloadRow | TimetableRow) -> Group:
        return (*self.place(row), match_key(row.subgroup or ""))


def _check_subgroups_exist(book: SchoolBook, teaching: _Teaching) -> Iterator[Problem]:
    """A subgroup that is taught must have pupils."""
    listed = {
        (match_key(str(row.school_class)), match_key(teaching.subject(row.subject)), match_key(row.subgroup))
        for row in book.subgroups
        if row.school_class and row.subgroup
    }
    rows: Sequence[WorkloadRow | TimetableRow] = (*book.workload, *book.timetable)
    for row in rows:
        if row.subgroup and row.school_class and row.subject:
            school_class, subject, subgroup = teaching.group(row)
            if (school_class, subject, subgroup) not in listed and (school_class, "", subgroup) not in listed:
                offered = sorted({group for of_class, _, group in listed if of_class == school_class})
                message = f"В классе {row.school_class} нет обучающихся в подгруппе «{row.subgroup}»."
                hint = f"На листе «Подгруппы» есть: {', '.join(offered)}. " if offered else ""
                yield problem(row, "subgroup", message, hint + "Исправьте название или заполните лист «Подгруппы».")


def _check_one_teacher(book: SchoolBook, teaching: _Teaching) -> Iterator[Problem]:
    """A group has one course in a subject, and the import gives it one teacher."""
    first: dict[Group, WorkloadRow] = {}
    for row in book.workload:
        if row.school_class and row.subject and (one := first.setdefault(teaching.group(row), row)) is not row:
            message = f"{_about(row)}: учитель уже назначен в строке {one.row}."
            yield problem(row, "teacher", message, "Оставьте одного учителя или разделите класс на подгруппы.")


def _check_workload(book: SchoolBook, teaching: _Teaching) -> Iterator[Problem]:
    # Where hours could not be read, a difference would only repeat that problem.
    lines: Sequence[CurriculumRow | WorkloadRow] = (*book.curriculum, *book.workload)
    unread = {teaching.place(row) for row in lines if row.hours is None and row.school_class and row.subject}

    def readable(row: CurriculumRow | WorkloadRow) -> bool:
        return bool(row.school_class and row.subject) and teaching.place(row) not in unread

    curriculum = {row.row: row for row in book.curriculum if readable(row)}
    workload = {row.row: row for row in book.workload if readable(row)}
    found = curriculum_rules.workload_problems(
        [
            curriculum_rules.CurriculumRow(str(row.school_class), teaching.subject(row.subject), row.hours, row.row)
            for row in curriculum.values()
        ],
        [
            curriculum_rules.WorkloadRow(
                str(row.school_class),
                teaching.subject(row.subject),
                row.hours,
                row.subgroup or "",
                teaching.teacher(row.teacher),
                row.row,
            )
            for row in workload.values()
        ],
        subgroups=_subgroups(book, teaching),
    )
    for one in found:
        yield from _workload_problem(one, curriculum, workload)


def _subgroups(book: SchoolBook, teaching: _Teaching) -> dict[Place, list[str]]:
    names: dict[Place, dict[str, str]] = defaultdict(dict)
    for row in book.subgroups:
        if row.school_class and row.subgroup:
            place = (match_key(str(row.school_class)), match_key(teaching.subject(row.subject)))
            names[place].setdefault(match_key(row.subgroup), row.subgroup)
    return {place: list(of_place.values()) for place, of_place in names.items()}


def _workload_problem(
    found: WorkloadProblem, curriculum: dict[int, CurriculumRow], workload: dict[int, WorkloadRow]
) -> Iterator[Problem]:
    match found.code:
        case "VACANCY":
            row = workload[found.workload_rows[0]]
            yield problem(row, "teacher", found.sentence, VACANCY_MEND, severity=WARNING)
        case "NOT_IN_CURRICULUM":
            row = workload[found.workload_rows[0]]
            yield problem(row, "subject", found.sentence, "Добавьте предмет в учебный план или уберите строку.")
        case "HOURS_DIFFER":
            row = workload[found.workload_rows[-1]]
            yield problem(row, "hours", found.sentence, _HOURS_MEND)
        case "NO_WORKLOAD" | "SUBGROUP_MISSING":
            line = curriculum[found.curriculum_row or 0]
            yield problem(line, "hours", found.sentence, "Добавьте строку на лист «Нагрузка» или исправьте её.")
        # CURRICULUM_TWICE is a repeated row, which `lists.check_duplicates` has reported.


def _check_times(book: SchoolBook) -> Iterator[Problem]:
    bells = {bell.number for bell in book.bells}
    week_days = book.school.week_days if book.school else None
    for row in book.timetable:
        if row.number is not None and bells and row.number not in bells:
            mend = "Исправьте номер урока или добавьте звонок."
            yield problem(row, "number", f"Урока {row.number} нет на листе «Звонки».", mend)
        if row.weekday and week_days and row.weekday > week_days:
            days = counted(week_days, "день", "дня", "дней")
            message = f"{WEEKDAYS[row.weekday - 1].capitalize()} — вне учебной недели: в ней {days}."
            yield problem(row, "weekday", message, "Исправьте день или учебную неделю на листе «Школа».")


def _check_clashes(book: SchoolBook, teaching: _Teaching) -> Iterator[Problem]:
    rows = {
        row.row: row
        for row in book.timetable
        if row.weekday and row.number is not None and row.school_class and row.subject
    }
    combined = {str(row.school_class): row.combined or "" for row in book.classes if row.school_class}
    slots = [
        SlotRow(
            weekday=row.weekday,
            number=row.number,
            school_class=str(row.school_class),
            subject=teaching.subject(row.subject),
            group_kind=SUBGROUP if row.subgroup else WHOLE_CLASS,
            subgroup=row.subgroup or "",
            teacher=teaching.teacher(row.teacher),
            room=teaching.room(row.room),
            row=row.row,
            combined=match_key(combined.get(str(row.school_class), "")),
        )
        for row in rows.values()
    ]
    for clash in timetable_rules.clashes(slots):
        field, mend = _CLASH_COLUMNS[clash.code]
        others = ", ".join(str(number) for number in clash.rows[:-1])
        message = f"{clash.sentence} Строки: {others}, {clash.rows[-1]}." if others else clash.sentence
        severity = ERROR if clash.severity == timetable_rules.ERROR else WARNING
        yield problem(rows[clash.rows[-1]], field, message, mend, severity=severity)


def _check_timetable_hours(book: SchoolBook, teaching: _Teaching) -> Iterator[Problem]:
    """Every group has as many lessons a week as its workload has hours, and from the teachers it names.

    An empty timetable is no difference: in August there is none yet. Half an hour is a lesson every other week, so a
    timetable of one week may have either whole number around the hours.
    """
    if not book.timetable:
        return
    given = _by_group([row for row in book.workload if row.school_class and row.subject], teaching)
    held = _by_group([row for row in book.timetable if row.school_class and row.subject], teaching)
    for group, rows in given.items():
        if any(row.hours is None for row in rows):
            continue
        lessons = held.get(group, [])
        hours = sum((Fraction(row.hours) for row in rows), Fraction(0))
        if not floor(hours) <= len(lessons) <= ceil(hours):
            yield problem(
                rows[0],
                "hours",
                f"{_about(rows[0])}: в нагрузке {format_hours(hours)} ч в неделю, "
                f"а в расписании {counted(len(lessons), 'урок', 'урока', 'уроков')}.",
                "Исправьте часы на листе «Нагрузка» или уроки на листе «Расписание».",
            )
        yield from _check_teachers(rows, lessons, teaching)
    for group, lessons in held.items():
        if group not in given:
            message = f"{_about(lessons[0])}: уроки в расписании есть, а строки нагрузки нет."
            yield problem(lessons[0], "subject", message, "Добавьте строку на лист «Нагрузка» или исправьте эту.")


def _check_teachers(
    rows: Sequence[WorkloadRow], lessons: Sequence[TimetableRow], teaching: _Teaching
) -> Iterator[Problem]:
    """A vacancy may be filled on one sheet before the other: it agrees with any teacher."""
    named = {match_key(teaching.teacher(row.teacher)) for row in rows}
    if "" in named:
        return
    strangers: set[str] = set()
    for lesson in lessons:
        teacher = teaching.teacher(lesson.teacher)
        if teacher and match_key(teacher) not in named and teacher not in strangers:
            owed = ", ".join(teaching.teacher(row.teacher) for row in rows)
            message = f"{_about(lesson)}: в расписании {teacher}, а в нагрузке {owed}."
            mend = "Укажите одного учителя на листах «Нагрузка» и «Расписание»."
            yield problem(lesson, "teacher", message, mend)
            strangers.add(teacher)


def _about(row: WorkloadRow | TimetableRow) -> str:
    group = f", {row.subgroup}" if row.subgroup else ""
    return f"{row.school_class}, {row.subject}{group}"


def _by_group(rows: Sequence[TeachingRow], teaching: _Teaching) -> dict[Group, list[TeachingRow]]:
    groups: dict[Group, list[TeachingRow]] = defaultdict(list)
    for row in rows:
        groups[teaching.group(row)].append(row)
    return groups
