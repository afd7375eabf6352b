"""Builders of rows for tests: everything that is not said has a plain default."""

from datetime import date, datetime, time
from itertools import count
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from letopis.accounts.models import User
from letopis.org.models import Organisation
from letopis.people.models import EducationForm, Employee, Enrolment, Guardian, Guardianship, Person, Pupil
from letopis.rules import names
from letopis.schooling.models import (
    AcademicYear,
    Bell,
    Break,
    ClassTeacher,
    Course,
    GroupKind,
    Membership,
    Room,
    SchoolClass,
    StudyGroup,
    Subject,
    Term,
    TimetableEdition,
    TimetableSlot,
    Workload,
)

MOSCOW = ZoneInfo("Europe/Moscow")
PASSWORD = "correct horse battery"
_numbers = count(1)


def moment(day: date, hour: int = 12, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), MOSCOW)


def make_organisation(slug: str = "school", short_name: str = "МБОУ «СОШ № 17»") -> Organisation:
    return Organisation.objects.create(slug=slug, full_name=short_name, short_name=short_name)


def make_user(organisation: Organisation, username: str) -> User:
    return User.objects.create(organisation=organisation, username=username, password=make_password(PASSWORD))


def make_person(organisation: Organisation, full_name: str, *, username: str = "", **fields: object) -> Person:
    last, first, middle = names.split_full_name(full_name)
    person = Person(organisation=organisation, **fields)
    person.rename(last_name=last, first_name=first, middle_name=middle)
    if username:
        person.user = make_user(organisation, username)
    person.save()
    return person


def make_employee(
    organisation: Organisation, full_name: str, *, username: str = "", position: str = "Учитель", **fields: object
) -> Employee:
    person = make_person(organisation, full_name, username=username)
    return Employee.objects.create(
        organisation=organisation, person=person, number=f"T{next(_numbers):03}", position=position, **fields
    )


def make_pupil(
    organisation: Organisation,
    full_name: str,
    *,
    username: str = "",
    form: str = EducationForm.FULL_TIME,
    since: date = date(2020, 9, 1),
) -> Pupil:
    person = make_person(organisation, full_name, username=username)
    pupil = Pupil.objects.create(organisation=organisation, person=person, book_number=f"К-{next(_numbers)}")
    Enrolment.objects.create(organisation=organisation, pupil=pupil, form=form, starts_on=since)
    return pupil


def make_guardian(pupil: Pupil, full_name: str, *, username: str = "", relation: str = "мать") -> Guardian:
    person = make_person(pupil.organisation, full_name, username=username)
    guardian = Guardian.objects.create(organisation=pupil.organisation, person=person)
    Guardianship.objects.create(organisation=pupil.organisation, guardian=guardian, pupil=pupil, relation=relation)
    return guardian


def make_year(organisation: Organisation, first: int = 2026) -> AcademicYear:
    """A year with quarters for grades 1–9, half-years for 10–11, breaks and bells, as in the samples."""
    year = AcademicYear.objects.create(
        organisation=organisation, starts_on=date(first, 9, 1), ends_on=date(first + 1, 8, 31)
    )
    quarters = [
        (date(first, 9, 1), date(first, 10, 23)),
        (date(first, 11, 2), date(first, 12, 29)),
        (date(first + 1, 1, 11), date(first + 1, 3, 19)),
        (date(first + 1, 3, 29), date(first + 1, 5, 26)),
    ]
    common = {"organisation": organisation, "year": year}
    for number, (start, end) in enumerate(quarters, 1):
        Term.objects.create(
            **common, kind=Term.Kind.QUARTER, number=number, title=f"{number} четверть",
            grade_from=1, grade_to=9, starts_on=start, ends_on=end,
        )  # fmt: skip
    for number, (start, end) in enumerate([(quarters[0][0], quarters[1][1]), (quarters[2][0], quarters[3][1])], 1):
        Term.objects.create(
            **common, kind=Term.Kind.HALF_YEAR, number=number, title=f"{number} полугодие",
            grade_from=10, grade_to=11, starts_on=start, ends_on=end,
        )  # fmt: skip
    breaks = [
        ("Осенние", date(first, 10, 24), date(first, 11, 1)),
        ("Зимние", date(first, 12, 30), date(first + 1, 1, 10)),
        ("Весенние", date(first + 1, 3, 20), date(first + 1, 3, 28)),
        ("Летние", date(first + 1, 5, 27), date(first + 1, 8, 31)),
    ]
    for title, start, end in breaks:
        Break.objects.create(**common, title=title, grade_from=1, grade_to=11, starts_on=start, ends_on=end)
    for number, hour in enumerate(range(8, 15), 1):
        Bell.objects.create(**common, number=number, starts_at=time(hour, 30), ends_at=time(hour + 1, 10))
    return year


def make_subject(organisation: Organisation, name: str, **fields: object) -> Subject:
    return Subject.objects.create(organisation=organisation, name=name, sort_key=names.match_key(name), **fields)


def make_class(year: AcademicYear, grade: int, letter: str, *, teacher: Employee | None = None) -> SchoolClass:
    """A class with its whole-class group and, if given, its class teacher."""
    organisation = year.organisation
    school_class = SchoolClass.objects.create(organisation=organisation, year=year, grade=grade, letter=letter)
    make_group(school_class, GroupKind.WHOLE_CLASS, school_class.title)
    if teacher:
        ClassTeacher.objects.create(
            organisation=organisation, school_class=school_class, employee=teacher, starts_on=year.starts_on
        )
    return school_class


def make_group(school_class: SchoolClass, kind: str, name: str, subject: Subject | None = None) -> StudyGroup:
    return StudyGroup.objects.create(
        organisation=school_class.organisation,
        year=school_class.year,
        school_class=school_class,
        kind=kind,
        name=name,
        subject=subject,
    )


def whole_class(school_class: SchoolClass) -> StudyGroup:
    return school_class.groups.get(kind=GroupKind.WHOLE_CLASS)


def join(group: StudyGroup, *pupils: Pupil, since: date | None = None, until: date | None = None) -> None:
    for pupil in pupils:
        Membership.objects.create(
            organisation=group.organisation,
            group=group,
            pupil=pupil,
            starts_on=since or group.year.starts_on,
            ends_on=until,
        )


def make_course(
    group: StudyGroup, subject: Subject, *, teacher: Employee | None, weekly_hours: int = 3, **fields: object
) -> Course:
    """A course with its teacher's workload from the first day of the year."""
    organisation = group.organisation
    course = Course.objects.create(
        organisation=organisation, year=group.year, subject=subject, group=group, weekly_hours=weekly_hours, **fields
    )
    Workload.objects.create(
        organisation=organisation,
        course=course,
        teacher=teacher,
        weekly_hours=weekly_hours,
        starts_on=group.year.starts_on,
    )
    return course


def make_edition(year: AcademicYear, *, since: date | None = None) -> TimetableEdition:
    return TimetableEdition.objects.create(organisation=year.organisation, year=year, starts_on=since or year.starts_on)


def make_slot(
    edition: TimetableEdition, course: Course, weekday: int, number: int, *, teacher: Employee | None, room: str = "204"
) -> TimetableSlot:
    organisation = edition.organisation
    return TimetableSlot.objects.create(
        organisation=organisation,
        edition=edition,
        course=course,
        weekday=weekday,
        number=number,
        teacher=teacher,
        room=Room.objects.get_or_create(organisation=organisation, name=room)[0],
    )
