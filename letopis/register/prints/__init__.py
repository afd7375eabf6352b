"""Paper forms of the register: objects in, the dict of a print form out (docs/subsystems/printing.md)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import override

from letopis.accounts.models import Role
from letopis.ledger.evidence import printed
from letopis.org.models import Organisation
from letopis.register.queries.class_register import (
    PrintedLesson,
    RegisterFacts,
    Span,
    class_teacher_of,
    facts_of_class,
    facts_of_course,
    is_female,
    signatories,
    terms_of_class,
)
from letopis.register.queries.missed_lessons import YEAR_TITLE, attendance_summary
from letopis.rules.cells import event_letters
from letopis.rules.policy import Policy
from letopis.rules.policy.editions import Editions
from letopis.rules.results import RESULTS, result_sign
from letopis.rules.russian import short_date
from letopis.schooling.models import AcademicYear, Course, GroupKind, SchoolClass, Term

WHOLE_YEAR = "учебный год"
_REASON_MEANINGS = {"ILL": "по болезни", "VALID": "по уважительной причине", "UNEXCUSED": "без уважительной причины"}


# An official form is in Russian whatever language the person who prints it reads.
@override("ru")
def class_register(
    school_class: SchoolClass,
    *,
    on: date,
    term: Term | None = None,
    year_results: Mapping[tuple[int, int], str] | None = None,
    policies: Editions,
) -> dict[str, Any]:
    """Return the register of a class for the form register/class_register.

    on: day of printing; later lessons are left out. term: prints that period only.
    year_results: results of the year by pupil and subject, which attestation keeps; without them no such column stands.
    policies: letters are those of the last day that is printed; a missed day is counted as on that day.
    Thirteen queries, whatever the size of the class.
    """
    terms = terms_of_class(year_id=school_class.year_id, grade=school_class.grade)
    first, last = _span(school_class.year, term, on)
    facts = facts_of_class(school_class, first=first, last=last)
    heading = _heading(school_class.organisation, school_class.year, term, on)
    return heading | {
        "school_class": school_class.title,
        "class_teacher": class_teacher_of(school_class),
        **_body(facts, terms=terms, term=term, on=on, last=last, year_results=year_results, policies=policies),
    }


# An official form is in Russian whatever language the person who prints it reads.
@override("ru")
def course_register(
    course: Course, *, grade: int, on: date, term: Term | None = None, policies: Editions
) -> dict[str, Any]:
    """Return one page of the register, a course, for the form register/class_register. See `class_register`."""
    terms = terms_of_class(year_id=course.year_id, grade=grade)
    first, last = _span(course.year, term, on)
    facts = facts_of_course(course, first=first, last=last)
    school_class = course.group.school_class
    heading = _heading(course.organisation, course.year, term, on)
    return heading | {
        "school_class": school_class.title if school_class else course.group.name,
        "class_teacher": class_teacher_of(school_class) if school_class else "",
        **_body(facts, terms=terms, term=term, on=on, last=last, year_results=None, policies=policies),
    }


def _remark(lesson: PrintedLesson, *, own: set[int]) -> str:
    """Return who gave the lesson instead of the course's own teacher, and from which day it was moved."""
    said = [lesson.teacher if lesson.teacher_id not in own else ""]
    if lesson.moved_from:
        said.append(f"перенос с {lesson.moved_from:%d.%m}")
    return ", ".join(part for part in said if part)


def _span(year: AcademicYear, term: Term | None, on: date) -> tuple[date, date]:
    first, last = (term.starts_on, term.ends_on) if term else (year.starts_on, year.ends_on)
    return first, min(last, on)


def _heading(organisation: Organisation, year: AcademicYear, term: Term | None, on: date) -> dict[str, Any]:
    people = signatories(organisation_id=organisation.pk, on=on)
    return {
        "organisation": organisation.full_name,
        "place": organisation.address.split(",")[0].strip(),
        "year": f"{year.starts_on.year}/{year.ends_on.year}",
        "period": term.title if term else WHOLE_YEAR,
        "director": people.get(Role.DIRECTOR, ""),
        "deputy": people.get(Role.DEPUTY, ""),
        "printed_on": on.isoformat(),
        "checkpoint": printed(organisation.code),
    }


def _body(
    facts: RegisterFacts,
    *,
    terms: Sequence[Term],
    term: Term | None,
    on: date,
    last: date,
    year_results: Mapping[tuple[int, int], str] | None,
    policies: Editions,
) -> dict[str, Any]:
    policy = policies.on(last)
    shown = [one for one in terms if one.starts_on <= on] if term is None else [term]
    numbers = {stay.pupil_id: number for number, stay in enumerate(facts.pupils, 1)}
    short = {stay.pupil_id: f"{stay.pupil.person.last_name} {stay.pupil.person.first_name}" for stay in facts.pupils}
    return {
        "pupils": [
            {
                "number": numbers[stay.pupil_id],
                "name": stay.pupil.person.full_name,
                "alphabet_number": stay.pupil.book_number,
                "note": _movement(facts, stay.pupil_id, female=is_female(stay.pupil.person), year_starts=terms),
            }
            for stay in facts.pupils
        ],
        "courses": [
            _course(facts, course, numbers, short, terms=shown, year_results=year_results, policy=policy)
            for course in facts.courses
        ],
        "attendance": attendance_summary(facts, numbers, short, terms=shown, with_year=term is None, policies=policies),
        "legend": _legend(facts, policy=policy),
    }


def _movement(facts: RegisterFacts, pupil_id: int, *, female: bool, year_starts: Sequence[Term]) -> str:
    """Return «прибыл 12.01.2026, приказ № 5»: what changed after the lessons of the year began."""
    first = year_starts[0].starts_on if year_starts else date.max
    last = year_starts[-1].ends_on if year_starts else date.min
    notes = []
    stays = facts.enrolments.get(pupil_id, [])
    for place, stay in enumerate(stays):
        order = f", {stay.order}" if stay.order else ""
        if stay.starts_on > first:
            is_new = place == 0 and not any(one.starts_on <= first for one in stays)
            what = ("прибыла" if female else "прибыл") if is_new else f"с {short_date(stay.starts_on)}"
            notes.append(f"{what} {short_date(stay.starts_on) if is_new else stay.get_form_display()}{order}")
        if stay.ends_on and stay.ends_on < last and place == len(stays) - 1:
            notes.append(f"{'выбыла' if female else 'выбыл'} {short_date(stay.ends_on)}{order}")
    return "; ".join(notes)


def _course(
    facts: RegisterFacts,
    course: Course,
    numbers: Mapping[int, int],
    short: Mapping[int, str],
    *,
    terms: Sequence[Term],
    year_results: Mapping[tuple[int, int], str] | None,
    policy: Policy,
) -> dict[str, Any]:
    lessons = facts.lessons.get(course.pk, [])
    teachers = facts.teachers.get(course.pk, [])
    own = {teacher for teacher, _name in teachers}
    columns, sources = _columns(lessons, terms=terms, with_year=year_results is not None)
    members = facts.stays.get(course.group_id, {})
    return {
        "subject": course.subject.name,
        "group": "" if course.group.kind == GroupKind.WHOLE_CLASS else course.group.name,
        "teachers": [name for _teacher, name in teachers],
        "hours": f"{course.weekly_hours.normalize():f} ч в неделю".replace(".", ","),
        "lessons": [
            {
                "date": lesson.on.isoformat(),
                "number": lesson.number,
                "topic": lesson.topic,
                "homework": lesson.homework,
                "teacher": _remark(lesson, own=own),
            }
            for lesson in lessons
        ],
        "columns": columns,
        "rows": [
            {
                "number": numbers[pupil],
                "name": short[pupil],
                "note": _stay_note(members[pupil], lessons),
                "cells": [
                    _cell(facts, source, pupil, course.subject_id, year_results=year_results, policy=policy)
                    for source in sources
                ],
            }
            for pupil in sorted(members, key=lambda one: numbers[one])
        ],
    }


Source = tuple[int | None, int | None, int | None]
"""Where a column's cells come from: task; lesson whose absence it shows; term of a result, 0 for the year."""


def _columns(
    lessons: Sequence[PrintedLesson], *, terms: Sequence[Term], with_year: bool
) -> tuple[list[dict[str, Any]], list[Source]]:
    """Return the columns and where the cells of each come from: tasks in order, results after their term."""
    columns: list[dict[str, Any]] = []
    sources: list[Source] = []
    waiting = list(terms)

    def close(day: date) -> None:
        while waiting and waiting[0].ends_on < day:
            one = waiting.pop(0)
            columns.append({"result": one.title})
            sources.append((None, None, one.pk))

    for index, lesson in enumerate(lessons):
        close(lesson.on)
        for place, (task, kind) in enumerate(lesson.tasks):
            columns.append({"lesson": index, "work": kind})
            sources.append((task, lesson.pk if place == 0 else None, None))
    close(date.max)
    if with_year and columns:
        columns.append({"result": YEAR_TITLE})
        sources.append((None, None, 0))
    return columns, sources


def _cell(
    facts: RegisterFacts,
    source: Source,
    pupil: int,
    subject: int,
    *,
    year_results: Mapping[tuple[int, int], str] | None,
    policy: Policy,
) -> str:
    task, lesson, term = source
    if term is not None:
        value = facts.results.get((pupil, subject, term)) if term else (year_results or {}).get((pupil, subject))
        return result_sign(value)
    mark = facts.marks.get((task or 0, pupil), "")
    event = facts.events.get((lesson or 0, pupil))
    letters = event_letters(*event, policy=policy) if event else ""
    return f"{letters} {mark}" if letters and mark else letters or mark


def _stay_note(spans: Sequence[Span], lessons: Sequence[PrintedLesson]) -> str:
    """Return «с 12.01» or «до 12.01» for a pupil who came after the first lesson or left before the last."""
    if not lessons:
        return ""
    start, ends = min(start for start, _end in spans), [end for _start, end in spans]
    end = None if None in ends else max(day for day in ends if day)
    notes = [f"с {start:%d.%m}"] if start > lessons[0].on else []
    return ", ".join([*notes, *([f"до {end:%d.%m}"] if end and end < lessons[-1].on else [])])


def _legend(facts: RegisterFacts, *, policy: Policy) -> list[dict[str, str]]:
    """Return every sign that may stand in this register: letters of absence, words of results, kinds of work used."""
    used = {kind for lessons in facts.lessons.values() for lesson in lessons for _task, kind in lesson.tasks}
    lines = [(policy.absence_letter, "отсутствие, причина не указана")]
    lines += [(letter, f"отсутствие {_REASON_MEANINGS[reason]}") for reason, letter in policy.reason_letters]
    lines += [(policy.lateness_letter, "опоздание")]
    lines += [(result.sign, result.title) for result in RESULTS if result.code in set(facts.results.values())]
    lines = [line for line in lines if not line[0].isdecimal()]
    if any("/" in value for value in facts.marks.values()):
        lines.append(("4/3", "две отметки за одну работу"))
    lines += [(kind.code, kind.title[:1].lower() + kind.title[1:]) for kind in policy.work_kinds if kind.code in used]
    return [{"sign": sign, "meaning": meaning} for sign, meaning in lines]
