"""The workbooks the demo is made of: the shipped one moved to another year, and the year before derived from it."""

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any, TypeVar

from letopis.exchange.cells import ClassKey, FullName
from letopis.exchange.reading import SchoolBook
from letopis.exchange.rows import (
    ClassRow,
    EmployeeRow,
    GuardianRow,
    PupilRow,
    Row,
    SubgroupRow,
    TimetableRow,
    WorkloadRow,
)
from letopis.rules.names import match_key

AnyRow = TypeVar("AnyRow", bound=Row)

LEAVERS_GRADE = 11
LEAVERS = 18
DISMISSED = EmployeeRow(
    sheet="Сотрудники", row=0, typed={}, number="T099", name=FullName("Тихомирова", "Зоя", "Павловна"),
    position="Учитель начальных классов", subjects=("начальные классы",), email="t099@school17.example", phone=None,
)  # fmt: skip
"""Taught the second class of a grade last year and left in the summer."""

_TYPED_DAY = re.compile(r"\b(\d{2}\.\d{2}\.)(\d{4})\b")


def moved(book: SchoolBook, *, years: int) -> SchoolBook:
    """Return the book with every date moved by whole years, birthdays and orders included."""
    changes: dict[str, Any] = {"school": _moved_row(book.school, years)} if book.school else {}
    for field in fields(book):
        rows = getattr(book, field.name)
        if isinstance(rows, tuple) and rows and isinstance(rows[0], Row):
            changes[field.name] = tuple(_moved_row(row, years) for row in rows)
    return replace(book, **changes)


def year_before(book: SchoolBook, *, seed: int, leavers: Sequence[str] = ("А",)) -> SchoolBook:
    """Return the book of the year before: the same classes one grade lower, and last year's leavers invented.

    leavers: letters of the eleventh grades that left.

    Timetable and workload of a class are those that its grade has now; a second class of a grade, which has no
    such pattern, gets a timetable of its own in which nobody is in two places at once.
    """
    rng = random.Random(f"{seed}|year before")  # noqa: S311 (a demo, not a secret)
    past = moved(book, years=-1)
    down = {row.school_class: ClassKey(row.school_class.grade - 1, row.school_class.letter) for row in book.classes}
    down = {now: then for now, then in down.items() if then.grade >= 1}
    left = [ClassKey(LEAVERS_GRADE, letter) for letter in leavers]
    classes = _past_classes(past, down, left)
    stayed = [row for row in book.pupils if row.school_class in down]
    pupils = [replace(row, school_class=down[row.school_class]) for row in stayed if row.school_class]
    gone = [row for index, key in enumerate(left) for row in _leavers(past, key, rng, first=1101 + index * LEAVERS)]
    known = {row.number for row in pupils}
    workload, timetable = _past_teaching(past, classes)
    templates = {row.school_class: _template(row.school_class, past) for row in classes}
    return replace(
        past,
        employees=(*past.employees, DISMISSED),
        classes=tuple(classes),
        pupils=(*pupils, *gone),
        guardians=(
            *(row for row in past.guardians if row.pupil_number in known),
            *(_mother(row, rng) for row in gone),
        ),
        individual_plans=tuple(
            replace(row, subject=_subject_then(row.subject))
            for row in past.individual_plans
            if row.pupil_number in known
        ),
        past_results=tuple(
            row for row in book.past_results if row.pupil_number in known and row.year_starts < _starts(past)
        ),
        subgroups=(
            *(replace(row, school_class=down[row.school_class]) for row in past.subgroups if row.school_class in down),
            *_subgroups(gone),
        ),
        curriculum=tuple(
            replace(row, school_class=then)
            for then, template in templates.items()
            for row in past.curriculum
            if row.school_class == template
        ),
        workload=tuple(workload),
        timetable=tuple(timetable),
    )


def results_of(book: SchoolBook, *, year_starts: int) -> dict[tuple[str, str, str], str]:
    """Return the results a book brings for one past year, by pupil's number, subject and period."""
    return {
        (row.pupil_number, match_key(row.subject), row.period): row.mark
        for row in book.past_results
        if row.year_starts == year_starts
    }


def _starts(book: SchoolBook) -> int:
    assert book.school  # noqa: S101 (a book without errors)
    return book.school.year_starts


def _moved_row(row: AnyRow, years: int) -> AnyRow:
    changes: dict[str, Any] = {}
    for field in fields(row):
        value = getattr(row, field.name)
        if isinstance(value, date):
            changes[field.name] = _moved_day(value, years)
        elif field.name == "year_starts":
            changes[field.name] = value + years
        elif field.name == "order" and value:
            changes[field.name] = _TYPED_DAY.sub(lambda found: f"{found[1]}{int(found[2]) + years}", value)
    return replace(row, **changes) if changes else row


def _moved_day(day: date, years: int) -> date:
    """Move a day by whole years; the 29th of February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _past_classes(past: SchoolBook, down: dict[ClassKey, ClassKey], left: Sequence[ClassKey]) -> list[ClassRow]:
    """Classes keep their teacher from the fifth grade on; a primary teacher stayed with the pupils he has now.

    Last year's fourth grades were taught by those who lead the first ones now; the last of them by the dismissed.
    """
    fourth = sorted(then for then in down.values() if then.grade == 4)
    teachers = [row.class_teacher for row in past.classes if row.school_class.grade == 1][: len(fourth) - 1]
    taught = dict(zip(fourth, (*teachers, str(DISMISSED.name)), strict=True))
    classes = [
        replace(row, school_class=then, class_teacher=taught.get(then, row.class_teacher))
        for row in past.classes
        if (then := down.get(row.school_class))
    ]
    leading = {row.class_teacher for row in classes}
    free = (row for row in past.employees if row.position == "Учитель" and str(row.name) not in leading)
    pattern = next(row for row in past.classes if row.school_class.grade == LEAVERS_GRADE)
    for key, teacher in zip(left, free, strict=False):
        classes.append(replace(pattern, school_class=key, class_teacher=str(teacher.name)))
    return sorted(classes, key=lambda row: row.school_class)


def _template(then: ClassKey, past: SchoolBook) -> ClassKey:
    """Return the class of now whose curriculum and timetable a class of then had."""
    here = {row.school_class for row in past.classes}
    return then if then in here else ClassKey(then.grade, "А")


def _past_teaching(past: SchoolBook, classes: list[ClassRow]) -> tuple[list[WorkloadRow], list[TimetableRow]]:
    now = {row.school_class: row.class_teacher for row in past.classes}
    workload: list[WorkloadRow] = []
    timetable: list[TimetableRow] = []
    without_pattern: list[ClassKey] = []
    for row in classes:
        template = _template(row.school_class, past)

        def teacher(name: str | None, template: ClassKey = template, row: ClassRow = row) -> str | None:
            return row.class_teacher if row.school_class.grade <= 4 and name == now[template] else name

        workload.extend(
            replace(one, school_class=row.school_class, teacher=teacher(one.teacher))
            for one in past.workload
            if one.school_class == template
        )
        if template == row.school_class:
            timetable.extend(
                replace(one, teacher=teacher(one.teacher)) for one in past.timetable if one.school_class == template
            )
        else:
            without_pattern.append(row.school_class)
    for key in without_pattern:
        timetable.extend(_fitted(key, workload, timetable, past))
    return workload, timetable


def _fitted(
    key: ClassKey, workload: list[WorkloadRow], timetable: list[TimetableRow], past: SchoolBook
) -> Iterable[TimetableRow]:
    """Yield a timetable for a class around everybody else's: the earliest place where its teachers are free."""
    busy = {(row.weekday, row.number, row.teacher) for row in timetable}
    used = {(row.weekday, row.number, row.room) for row in timetable}
    taken: set[tuple[int, int]] = set()
    by_subject: dict[str, list[WorkloadRow]] = {}
    for row in workload:
        if row.school_class == key:
            by_subject.setdefault(row.subject, []).append(row)
    rooms = [row.name for row in past.rooms]
    # Subjects of busy specialists first; every second hour of a subject on another day.
    for rows in sorted(by_subject.values(), key=lambda rows: -len(rows)):
        days: list[int] = []
        for _hour in range(int(rows[0].hours)):
            weekday, number = min(
                (
                    (day, lesson)
                    for lesson in range(1, 8)
                    for day in range(1, 6)
                    if (day, lesson) not in taken and not any((day, lesson, row.teacher) in busy for row in rows)
                ),
                key=lambda place: (days.count(place[0]), place[1], place[0]),
            )
            taken.add((weekday, number))
            days.append(weekday)
            for row in rows:
                room = next(name for name in rooms if (weekday, number, name) not in used)
                used.add((weekday, number, room))
                yield TimetableRow(
                    sheet="Расписание", row=0, typed={}, weekday=weekday, number=number, school_class=key,
                    subject=row.subject, subgroup=row.subgroup, teacher=row.teacher, room=room,
                )  # fmt: skip


def _leavers(past: SchoolBook, key: ClassKey, rng: random.Random, *, first: int) -> list[PupilRow]:
    """Invent a class that left in June, from the names of the school. first: number in the alphabet book."""
    boys = [row for row in past.pupils if row.sex == "M"]
    girls = [row for row in past.pupils if row.sex == "F"]
    assert past.school  # noqa: S101 (a book without errors)
    leavers = []
    for index in range(LEAVERS):
        same = boys if index % 2 else girls
        last, forename, middle = (rng.choice(same) for _ in range(3))
        born = date(past.school.year_starts - 17, rng.randint(1, 12), rng.randint(1, 28))
        leaver = replace(
            last, first_name=forename.first_name, middle_name=middle.middle_name, school_class=key, born_on=born,
            number=f"{last.last_name[0]}-{first + index}", snils=None, form="FULL_TIME", has_special_needs=False,
            enrolled_on=date(past.school.year_starts - 10, 9, 1),
        )  # fmt: skip
        leavers.append(leaver)
    return sorted(leavers, key=lambda row: (row.last_name, row.first_name))


def _mother(pupil: PupilRow, rng: random.Random) -> GuardianRow:
    last = pupil.last_name if pupil.sex == "F" else f"{pupil.last_name}а"
    name = FullName(last, rng.choice(("Ольга", "Анна", "Ирина", "Елена")), rng.choice(("Игоревна", "Олеговна")))
    return GuardianRow(
        sheet="Родители", row=0, typed={}, pupil_number=pupil.number, relation="мать", name=name, phone=None,
        email=None, consent="GIVEN", consent_on=pupil.enrolled_on, informing="ACCOUNT",
    )  # fmt: skip


def _subgroups(pupils: list[PupilRow]) -> Iterable[SubgroupRow]:
    for index, pupil in enumerate(pupils):
        assert pupil.school_class  # noqa: S101 (invented with a class)
        yield SubgroupRow(
            sheet="Подгруппы", row=0, typed={}, school_class=pupil.school_class, pupil_number=pupil.number,
            pupil_name=None, subgroup=f"{index % 2 + 1} подгруппа", subject=None,
        )  # fmt: skip


def _subject_then(subject: str) -> str:
    """Name the subject of an individual plan as the class below calls it."""
    return "Алгебра" if subject == "Алгебра и начала математического анализа" else subject
