"""The rows of a school's workbook, read and typed.

A field that is required and yet could not be read is None; then `SchoolBook.problems` names its cell, and nothing of
the book is imported. Whoever takes a book without errors may rely on the types below.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from fractions import Fraction

from letopis.exchange.cells import ClassKey, FullName, TermTitle


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a sheet and where it stands."""

    sheet: str
    """Title of the sheet as in the table of sheets."""
    row: int
    """Number as the spreadsheet shows it."""
    typed: Mapping[str, str] = field(repr=False, compare=False)
    """What was typed, by the name of the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolRow(Row):
    """The school itself; the only sheet that is read downwards."""

    full_name: str
    short_name: str
    tax_id: str | None
    address: str | None
    year_starts: int
    """Calendar year in which the school year begins."""
    timezone: str
    week_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRow(Row):
    """A grading period."""

    term: TermTitle
    grades: tuple[int, ...]
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakRow(Row):
    """A vacation."""

    title: str
    grades: tuple[int, ...]
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BellRow(Row):
    """When a lesson of the day begins and ends."""

    number: int
    starts_at: time
    ends_at: time


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectRow(Row):
    """A subject; part as schooling.CurriculumPart, scale as rules.policy.SCALES."""

    title: str
    part: str
    scale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRow(Row):
    """A room."""

    name: str
    seats: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeRow(Row):
    """An employee."""

    number: str
    name: FullName
    position: str
    subjects: tuple[str, ...]
    """As typed; «начальные классы» stands for all subjects of a primary class."""
    email: str | None
    phone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRow(Row):
    """A class."""

    school_class: ClassKey
    class_teacher: str
    shift: int
    profile: str | None
    combined: str | None = None
    """Name of the combined class (класс-комплект), the same in each class of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilRow(Row):
    """A pupil; an extern has a class only to be attested with it, and is in no class list."""

    number: str
    last_name: str
    first_name: str
    middle_name: str | None
    sex: str
    """M or F."""
    born_on: date
    snils: str | None
    school_class: ClassKey | None
    enrolled_on: date
    form: str
    """As people.EducationForm."""
    has_special_needs: bool

    @property
    def is_extern(self) -> bool:
        return self.form in ("FAMILY", "SELF")

    @property
    def name(self) -> FullName:
        return FullName(self.last_name or "", self.first_name or "", self.middle_name or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianRow(Row):
    """A guardian of one pupil; a guardian of two pupils has two rows."""

    pupil_number: str
    relation: str
    name: FullName
    phone: str | None
    email: str | None
    consent: str
    """GIVEN, REFUSED or WITHDRAWN."""
    consent_on: date
    informing: str
    """ACCOUNT, SMS, EMAIL or PAPER."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndividualPlanRow(Row):
    """A subject of a pupil's individual plan."""

    pupil_number: str
    pupil_name: str | None
    subject: str
    hours: Fraction
    teacher: str | None
    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastResultRow(Row):
    """A result of a past year."""

    pupil_number: str
    year_starts: int
    school_class: ClassKey
    subject: str
    period: str
    """«год», «1 четверть», «2 полугодие», «экзамен», «итоговая»."""
    mark: str
    source: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubgroupRow(Row):
    """A pupil of a subgroup; without a subject it serves every split subject of the class."""

    school_class: ClassKey
    pupil_number: str
    pupil_name: str | None
    subgroup: str
    subject: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CurriculumRow(Row):
    """Hours of a subject in a class."""

    school_class: ClassKey
    subject: str
    hours: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkloadRow(Row):
    """Hours a teacher gives a class or a subgroup; no teacher is a vacancy."""

    school_class: ClassKey
    subject: str
    subgroup: str | None
    hours: Fraction
    teacher: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimetableRow(Row):
    """A lesson of the week; no teacher is a vacancy."""

    weekday: int
    number: int
    school_class: ClassKey
    subject: str
    subgroup: str | None
    teacher: str | None
    room: str | None
