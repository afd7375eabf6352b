"""The verb that loads a demo school: two imports, two years of lessons, results, packages.

To show a feature in the demo, write `letopis/demo/<area>.py` with one function and name it in FEATURES below:

    def add(season: Season, *, on: date) -> None:
        "Put ... into the demo, up to a day. Twice is harmless, a later day only adds."

It is called once for each year, when the lessons of that year are written and before the year is closed and packed:
for the year that is over with its last day, for this year with the day the demo is loaded for. A feature of this year
alone returns at once when `season.is_past`. `season` gives the year, the seed, the
authors of facts by employee, the courses and the members of groups (see lessons.py). Write through the verbs of your
app or its bulk builders, never around the ledger. Choose by `facts.chance(season.seed, ...)`, never at random. Name no
class or person that only one of the two schools has: School 5 calls you too. Keep it under a second for School 17.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from time import perf_counter
from zoneinfo import ZoneInfo

from django.db import transaction

from letopis.control.actions.year import close_year
from letopis.demo.absences import add as add_absences
from letopis.demo.acts import add as add_acts
from letopis.demo.books import DISMISSED, LEAVERS_GRADE, moved, results_of, year_before
from letopis.demo.closing import close_terms
from letopis.demo.groups import add as add_groups
from letopis.demo.homework import add as add_homework
from letopis.demo.lessons import load_season, write_lessons
from letopis.demo.logins import open_family_logins, open_logins
from letopis.demo.plans import add as add_plans
from letopis.demo.plans import prepare as prepare_plans
from letopis.demo.remarks import add as add_remarks
from letopis.demo.remarks import night
from letopis.demo.results import write_decisions, write_term_marks, write_year_marks
from letopis.demo.schools import SCHOOL_17, DemoSchool
from letopis.demo.setup import add as add_setup
from letopis.demo.substitutions import add as add_substitutions
from letopis.exchange.actions import import_and_plan_lessons
from letopis.exchange.reading import SchoolBook
from letopis.ledger.actions import Author, Fact, object_name, record
from letopis.org.actions import system_author
from letopis.org.models import Organisation
from letopis.people.models import Employee, Enrolment, Pupil
from letopis.rules.dates import school_year_of
from letopis.schooling.actions.movement import leave_school, transfer_pupil
from letopis.schooling.models import AcademicYear, GroupKind, Membership, SchoolClass

SEED = 17
TRANSFER = ((5, "А"), (5, "Б"), (10, 12))
"""From which class to which, and on which month and day one pupil moves this year."""

Say = Callable[[str], None]

FEATURES: tuple[Callable[..., None], ...] = (
    add_acts,
    add_substitutions,
    add_plans,
    add_absences,
    add_homework,
    add_groups,
    add_setup,
    add_remarks,
)
"""What else the demo shows, in the order of writing: `add` functions, see above."""


@dataclass(slots=True)
class DemoReport:
    """What was loaded, for the printed summary."""

    organisation: Organisation
    years: list[AcademicYear] = field(default_factory=list)
    lessons: int = 0
    seconds: float = 0.0


class WrongYear(Exception):
    """The demo that is loaded belongs to another school year than the day asked for."""


def load_demo(
    book: SchoolBook,
    *,
    on: date,
    school: DemoSchool = SCHOOL_17,
    seed: int = SEED,
    build: Callable[[AcademicYear], None],
    say: Say,
) -> DemoReport:
    """Load the demo school as it stands on a day, or bring a loaded one forward to it.

    book: the shipped workbook of the school; its dates are moved by whole years, so that the day lies in its year.
    build: packs the year that is over. A later day only adds; same seed and day, same facts.
    Raises WrongYear when a loaded demo is of another school year.
    """
    started = perf_counter()
    assert book.school  # noqa: S101 (the shipped book has no errors)
    years = school_year_of(on) - book.school.year_starts
    present = moved(book, years=years)
    organisation = Organisation.objects.filter(slug=school.slug).first()
    if organisation is None:
        say("Прошлый год: списки, расписание, уроки")
        past_starts = present.school.year_starts - 1 if present.school else 0
        documents = results_of(present, year_starts=past_starts)
        past_book = year_before(present, seed=seed, leavers=school.leavers)
        organisation = _load_past(past_book, documents, slug=school.slug, seed=seed, say=say, build=build)
    year = _load_present(present, organisation, on=on, seed=seed, say=say)
    past = AcademicYear.objects.get(organisation=organisation, starts_on__year=year.starts_on.year - 1)
    return DemoReport(organisation, [past, year], seconds=perf_counter() - started)


def _load_past(
    book: SchoolBook,
    documents: Mapping[tuple[str, str, str], str],
    *,
    slug: str,
    seed: int,
    say: Say,
    build: Callable[[AcademicYear], None],
) -> Organisation:
    assert book.school  # noqa: S101 (derived from a book without errors)
    first = date(book.school.year_starts, 8, 25)
    with transaction.atomic():
        at = datetime.combine(first, time(10), ZoneInfo(book.school.timezone))
        reason = "Импорт книги прошлого года"
        report = import_and_plan_lessons(book, slug=slug, by=None, at=at, today=first, reason=reason)
        assert not report.problems, report.problems[:3]  # noqa: S101 (the demo's own book)
        organisation = Organisation.objects.get(slug=slug)
        open_logins(organisation, since=first, by=system_author(organisation), at=at)
    year = AcademicYear.objects.select_related("organisation").get(organisation=organisation)
    season = load_season(year, seed=seed, may_forget=False, documents=documents)
    say("Прошлый год: темы, отметки, посещаемость, домашние задания")
    write_lessons(season, until=year.ends_on, report=_progress(say))
    for add in FEATURES:
        add(season, on=year.ends_on)
    say("Прошлый год: отметки за четверти и год, решения педсовета")
    director = season.authors[Employee.objects.get(organisation=organisation, number="T001").pk]
    write_term_marks(season, until=year.ends_on)
    write_year_marks(season)
    write_decisions(season, by=director)
    _part_with_leavers(year, by=director)
    _close(year, by=director)
    say("Прошлый год: архивные пакеты")
    build(year)
    return organisation


def _load_present(book: SchoolBook, organisation: Organisation, *, on: date, seed: int, say: Say) -> AcademicYear:
    assert book.school  # noqa: S101 (moved from a book without errors)
    known = AcademicYear.objects.filter(organisation=organisation, starts_on__year__gte=book.school.year_starts).first()
    newest = AcademicYear.objects.filter(organisation=organisation).latest("starts_on")
    if newest.starts_on.year not in (book.school.year_starts, book.school.year_starts - 1):
        raise WrongYear
    first = date(book.school.year_starts, 8, 25)
    at = datetime.combine(first, time(12), ZoneInfo(book.school.timezone))
    if known is None:
        say("Этот год: списки, расписание, уроки")
        report = import_and_plan_lessons(
            book, slug=organisation.slug, by=None, at=at, today=first, reason="Импорт книги школы"
        )
        assert not report.problems, report.problems[:3]  # noqa: S101 (the shipped book)
        open_family_logins(organisation, by=system_author(organisation), at=at)
    year = AcademicYear.objects.select_related("organisation").get(
        organisation=organisation, starts_on__year=book.school.year_starts
    )
    _transfer(year, on=on)
    season = load_season(year, seed=seed, may_forget=True)
    prepare_plans(season)
    write_lessons(season, until=on, report=_progress(say))
    for add in FEATURES:
        add(season, on=on)
    write_term_marks(season, until=on)
    close_terms(season, on=on)
    # What is late is known only when everything else is written.
    night(season, on=on)
    return year


def _progress(say: Say) -> Callable[[int, int], None]:
    """Return a report that says every fifth of the way that is done."""
    said = 0

    def report(done: int, total: int) -> None:
        nonlocal said
        if done * 5 // total > said:
            said = done * 5 // total
            say(f"  {said * 20} % уроков")

    return report


@transaction.atomic
def _part_with_leavers(year: AcademicYear, *, by: Author) -> None:
    """End the stay of those who finished, of whoever is in no class next year, and of the dismissed teacher."""
    last_day = date(year.ends_on.year, 6, 30)
    at = datetime.combine(last_day, time(12), ZoneInfo(year.organisation.time_zone))
    finished = Pupil.objects.filter(
        memberships__group__school_class__grade=LEAVERS_GRADE,
        memberships__group__kind=GroupKind.WHOLE_CLASS,
        memberships__group__year=year,
    )
    for pupil in finished.select_related("organisation", "person"):
        leave_school(pupil, on=last_day, reason="Завершил обучение", order="Приказ № 77-у", by=by, at=at)
    employee = Employee.objects.get(organisation=year.organisation, number=DISMISSED.number)
    employee.dismissed_on = last_day
    employee.save(update_fields=["dismissed_on"])
    after = {"dismissed_on": last_day.isoformat()}
    record(Fact(by, at, "people.dismiss", object_name(employee), {"dismissed_on": None}, after, "Приказ № 40-к"))


def _close(year: AcademicYear, *, by: Author) -> None:
    at = datetime.combine(date(year.ends_on.year, 6, 30), time(13), ZoneInfo(year.organisation.time_zone))
    reason = "Экстерны проходят промежуточную аттестацию осенью"
    close_year(year, reason=reason, by=by, at=at, today=at.date())


def _transfer(year: AcademicYear, *, on: date) -> None:
    """Move one pupil to the parallel class on a day of autumn, once that day has come. Twice is harmless."""
    (grade, letter), (_grade, to_letter), (month, day) = TRANSFER
    moved_on = date(year.starts_on.year, month, day)
    if on < moved_on:
        return
    classes = {row.letter: row for row in SchoolClass.objects.filter(year=year, grade=grade)}
    group = classes[to_letter].groups.get(kind=GroupKind.WHOLE_CLASS)
    if Membership.objects.filter(group=group, starts_on=moved_on).exists():
        return
    stays = Enrolment.objects.filter(organisation=year.organisation, form="FULL_TIME", ends_on=None)
    pupil = (
        Pupil.objects.filter(
            memberships__group__school_class=classes[letter],
            memberships__group__kind=GroupKind.WHOLE_CLASS,
            enrolments__in=stays,
        )
        .order_by("-person__sort_key")
        .select_related("organisation", "person")[0]
    )
    subgroup = classes[to_letter].groups.filter(kind=GroupKind.SUBGROUP).order_by("name").first()
    at = datetime.combine(moved_on, time(9), ZoneInfo(year.organisation.time_zone))
    transfer_pupil(
        pupil,
        to_class=classes[to_letter],
        on=moved_on,
        order="Приказ № 58-у",
        groups=[subgroup] if subgroup else [],
        by=system_author(year.organisation),
        at=at,
    )
