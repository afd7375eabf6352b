"""What the pages of the year and of the timetable show."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from letopis.people.models import Employee
from letopis.rules.classes import class_sort_key
from letopis.schooling.models import AcademicYear, Bell, Break, CalendarDay, Room, SchoolClass, Term, TimetableSlot
from letopis.schooling.queries import timetable
from letopis.schooling.queries.years import calendar_of


@dataclass(frozen=True, slots=True)
class TermsOfGrades:
    """Terms of one span of grades, in order."""

    grade_from: int
    grade_to: int
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class YearPage:
    """A year as its page shows it."""

    schemes: tuple[TermsOfGrades, ...]
    breaks: tuple[Break, ...]
    days: tuple[CalendarDay, ...]
    bells: tuple[Bell, ...]
    problems: tuple[str, ...]
    present: tuple[int, ...]
    """Primary keys of the terms that the day lies in."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class TimetableChoice:
    """Whose timetable is shown, and what else may be chosen."""

    kind: str
    """«class», «teacher» or «room»."""
    value: str
    title: str
    whose: Q
    shift: int
    options: tuple[Option, ...]


def year_page(year: AcademicYear, *, today: date) -> YearPage:
    """Return what the page of a year shows. Seven queries."""
    terms = list(Term.objects.filter(year=year).order_by("grade_from", "starts_on", "number"))
    spans = sorted({(term.grade_from, term.grade_to) for term in terms})
    return YearPage(
        schemes=tuple(
            TermsOfGrades(first, last, tuple(one for one in terms if (one.grade_from, one.grade_to) == (first, last)))
            for first, last in spans
        ),
        breaks=tuple(Break.objects.filter(year=year).order_by("starts_on", "grade_from")),
        days=tuple(CalendarDay.objects.filter(year=year).order_by("on")),
        bells=tuple(Bell.objects.filter(year=year).order_by("shift", "number")),
        problems=tuple(problem.sentence for problem in calendar_of(year).problems()),
        present=tuple(term.pk for term in terms if term.starts_on <= today <= term.ends_on),
    )


def timetable_choice(
    year: AcademicYear, *, kind: str, code: UUID | str | None, employee_id: int | None
) -> TimetableChoice:
    """Return the chosen class, teacher or room with the others of its kind.

    Without a choice a teacher sees his own timetable, and everybody else that of the first class. A code that names
    nothing here gives the first of its kind. Two queries at most.
    """
    if not kind:
        teaches = TimetableSlot.objects.filter(edition__year=year, teacher=employee_id).exists()
        kind = "teacher" if teaches else "class"
    if kind == "teacher":
        return _of_teacher(year, code, employee_id=employee_id)
    return _of_room(year, code) if kind == "room" else _of_class(year, code)


def _of_class(year: AcademicYear, code: object) -> TimetableChoice:
    classes = sorted(SchoolClass.objects.filter(year=year), key=lambda one: class_sort_key(one.grade, one.letter))
    chosen = next((one for one in classes if one.code == code), classes[0] if classes else None)
    return TimetableChoice(
        kind="class",
        value=str(chosen.code) if chosen else "",
        title=chosen.title if chosen else "",
        whose=timetable.slots_of_class(chosen.pk if chosen else 0),
        shift=chosen.shift if chosen else 1,
        options=tuple(Option(str(one.code), one.title, one == chosen) for one in classes),
    )


def _of_teacher(year: AcademicYear, code: object, *, employee_id: int | None) -> TimetableChoice:
    teachers = list(
        Employee.objects.filter(pk__in=TimetableSlot.objects.filter(edition__year=year).values("teacher"))
        .select_related("person")
        .order_by("person__sort_key", "pk")
    )
    by_code = next((one for one in teachers if one.code == code), None)
    chosen = by_code or next((one for one in teachers if one.pk == employee_id), teachers[0] if teachers else None)
    return TimetableChoice(
        kind="teacher",
        value=str(chosen.code) if chosen else "",
        title=chosen.person.short_name if chosen else "",
        whose=timetable.slots_of_teacher(chosen.pk if chosen else 0),
        shift=1,
        options=tuple(Option(str(one.code), one.person.full_name, one == chosen) for one in teachers),
    )


def _of_room(year: AcademicYear, name: object) -> TimetableChoice:
    rooms = list(Room.objects.filter(organisation=year.organisation).order_by("name"))
    chosen = next((room for room in rooms if room.name == name), rooms[0] if rooms else None)
    return TimetableChoice(
        kind="room",
        value=chosen.name if chosen else "",
        title=chosen.name if chosen else "",
        whose=timetable.slots_of_room(chosen.pk if chosen else 0),
        shift=1,
        options=tuple(Option(room.name, room.name, room == chosen) for room in rooms),
    )
