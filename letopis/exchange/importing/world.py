"""What adapters share: the organisation, the year, and look-ups that grow while rows are created."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from letopis.exchange.reading import SchoolBook
from letopis.org.models import Organisation
from letopis.people.models import Employee, Pupil
from letopis.rules.names import match_key
from letopis.schooling.models import AcademicYear, Room, SchoolClass, StudyGroup, Subject, TimetableEdition

EXTERNS = "Прикреплены для аттестации"
"""Name of the group that ties externs to the class they are attested with; no class list shows it (C-006)."""


@dataclass
class World:
    """The organisation as the import finds it. organisation is None in a dry run for a school that is not there yet."""

    organisation: Organisation | None
    book: SchoolBook
    today: date
    is_new: bool = False
    """Whether the organisation was made for this import."""
    year: AcademicYear | None = None
    year_is_new: bool = False
    """Whether the school year was opened by this import."""
    edition: TimetableEdition | None = None
    subjects: dict[str, Subject] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    employees: dict[str, Employee] = field(default_factory=dict)
    classes: dict[str, SchoolClass] = field(default_factory=dict)
    groups: dict[tuple[str, str, str, str], StudyGroup] = field(default_factory=dict)
    """By class, kind, match key of the name, match key of the subject."""
    pupils: dict[str, Pupil] = field(default_factory=dict)
    _numbers: dict[str, str] = field(default_factory=dict)

    @property
    def school(self) -> Organisation:
        """The organisation rows are written to; only a dry run for a new school has none."""
        assert self.organisation is not None  # noqa: S101 (apply always has one)
        return self.organisation

    @property
    def open_year(self) -> AcademicYear:
        """The year rows are written to; it is opened with the school, before every other sheet."""
        assert self.year is not None  # noqa: S101 (opened first)
        return self.year

    @property
    def begins_on(self) -> date:
        """From which day a new workload holds: the first of the year, or today in a year that is under way."""
        first = self.open_year.starts_on
        return first if self.year_is_new else max(first, self.today)

    @classmethod
    def load(cls, organisation: Organisation | None, book: SchoolBook, *, today: date, is_new: bool = False) -> "World":
        """Return the world with everything the product holds, in a fixed number of queries."""
        assert book.school is not None  # noqa: S101 (a book with errors never comes here)
        world = cls(organisation, book, today, is_new)
        if organisation is not None:
            # A school that was opened by command and has no year yet has only the name somebody typed in a hurry.
            world.is_new = is_new or not AcademicYear.objects.filter(organisation=organisation).exists()
        world._numbers = {match_key(str(row.name)): row.number for row in book.employees}
        world._numbers |= {match_key(row.number): row.number for row in book.employees}
        if organisation is None:
            return world
        of_school = {"organisation": organisation}
        world.year = AcademicYear.objects.filter(**of_school, starts_on__year=book.school.year_starts).first()
        world.subjects = {match_key(row.name): row for row in Subject.objects.filter(**of_school)}
        world.rooms = {match_key(row.name): row for row in Room.objects.filter(**of_school)}
        employees = Employee.objects.filter(**of_school).select_related("person")
        world.employees = {row.number: row for row in employees}
        pupils = Pupil.objects.filter(**of_school).select_related("person")
        world.pupils = {row.book_number: row for row in pupils}
        if world.year:
            world.classes = {row.title: row for row in SchoolClass.objects.filter(year=world.year)}
            groups = StudyGroup.objects.filter(year=world.year).select_related("school_class", "subject")
            world.groups = {group_key(group): group for group in groups}
            editions = TimetableEdition.objects.filter(year=world.year).order_by("-starts_on")
            world.edition = editions.first()
        return world

    def employee_number(self, name: str | None) -> str:
        """Return the number of an employee named as in the book; empty for a vacancy."""
        return self._numbers[match_key(name)] if name else ""

    def group(self, school_class: str, kind: str, name: str, subject: str = "") -> StudyGroup:
        """Return a study group of the year, made if it is not there."""
        key = (school_class, kind, match_key(name), match_key(subject))
        if key not in self.groups:
            self.groups[key] = StudyGroup.objects.create(
                organisation=self.school,
                year=self.open_year,
                school_class=self.classes[school_class],
                kind=kind,
                name=name,
                subject=self.subjects[match_key(subject)] if subject else None,
            )
        return self.groups[key]


def group_key(group: StudyGroup) -> tuple[str, str, str, str]:
    """Return the key of a group in World.groups."""
    subject = match_key(group.subject.name) if group.subject else ""
    return (group.school_class.title if group.school_class else "", group.kind, match_key(group.name), subject)


def said(value: Any) -> str:
    """Return a value as the text the three-way comparison compares: ISO dates, plain numbers, empty for nothing."""
    if value is None or value is False:
        return ""
    if value is True:
        return "да"
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value)


def values_of(row: Any, *names: str) -> dict[str, str]:
    """Return the named attributes of a row or object as compared texts."""
    return {name: said(getattr(row, name)) for name in names}
