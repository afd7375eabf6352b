"""Verbs of the import: compare a book with the school, and carry it out in one transaction."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from letopis.exchange.checking import check
from letopis.exchange.checking.directories import problem
from letopis.exchange.importing.directories import Bells, Breaks, Rooms, School, Subjects, Terms, open_year
from letopis.exchange.importing.people import Classes, Employees, Guardians, Placements, Pupils
from letopis.exchange.importing.plan import (
    CHANGED,
    CREATED,
    LEFT,
    Adapter,
    Conflict,
    SheetPlan,
    base_year,
    make_plan,
)
from letopis.exchange.importing.results import PastResults
from letopis.exchange.importing.teaching import Curriculum, IndividualPlans, Subgroups, Timetable, Workloads
from letopis.exchange.importing.world import World
from letopis.exchange.models import ImportedRow, ImportRun
from letopis.exchange.problems import ERROR, Problem
from letopis.exchange.reading import SchoolBook, read_workbook
from letopis.ledger.actions import Author, Fact, object_name, record, record_all
from letopis.org.actions import system_author
from letopis.org.models import Organisation
from letopis.register.actions.lessons import generate_lessons
from letopis.schooling.actions.calendar import propose_days_off
from letopis.schooling.models import AcademicYear

ADAPTERS: tuple[Adapter, ...] = (
    School(), Terms(), Breaks(), Bells(), Subjects(), Rooms(), Employees(), Classes(), Pupils(), Placements(),
    Guardians(), PastResults(), Subgroups(), Curriculum(), Workloads(), IndividualPlans(), Timetable(),
)  # fmt: skip
"""In the order of writing: each needs only those before it."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What becomes of the rows of a sheet."""

    created: int = 0
    changed: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do. With any error nothing is written."""

    sheets: dict[str, Counts] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    vanished: tuple[tuple[str, str], ...] = ()
    """Sheet and key of rows that the product got from an earlier file and this one no longer has."""
    ignored: tuple[str, ...] = ()

    @property
    def has_errors(self) -> bool:
        return any(problem.severity == ERROR for problem in self.problems)

    @property
    def changes_something(self) -> bool:
        return any(counts.created or counts.changed for counts in self.sheets.values())

    def as_json(self) -> dict[str, Any]:
        """Return the report in the shape of `--json`."""
        return {
            "sheets": {title: asdict(counts) for title, counts in self.sheets.items()},
            "problems": [asdict(problem) for problem in self.problems],
            "conflicts": [asdict(conflict) for conflict in self.conflicts],
            "vanished": [{"sheet": sheet, "key": key} for sheet, key in self.vanished],
            "ignored": list(self.ignored),
        }


def preview_school(book: SchoolBook, *, organisation: Organisation | None, today: date) -> ImportReport:
    """Return what the import of a book would do. Writes nothing.

    organisation: None for a school that is not there yet.
    """
    problems = tuple(check(book))
    if any(problem.severity == ERROR for problem in problems):
        return ImportReport(problems=problems, ignored=book.ignored)
    world = World.load(organisation, book, today=today)
    plan = make_plan(ADAPTERS, world)
    if refusal := _closed_year(plan, world) or _other_school(plan, world):
        return ImportReport(problems=(*problems, refusal), ignored=book.ignored)
    return _report(plan, problems, book)


@transaction.atomic
def import_school(
    book: SchoolBook, *, slug: str, by: Author | None, at: datetime, today: date, reason: str
) -> ImportReport:
    """Carry out the import of a book: all of it or, with any error, nothing.

    slug: code of the organisation; it is made by the first import. by: None for the system itself (command line).
    reason: what the ledger says («Импорт school-17.xlsx»). Twice is harmless: the second changes nothing.
    """
    problems = tuple(check(book))
    if any(problem.severity == ERROR for problem in problems):
        return ImportReport(problems=problems, ignored=book.ignored)
    assert book.school is not None  # noqa: S101 (check refuses a book without it)
    # no_key: a full lock of the school would let every teacher's save wait, for each new row names its school.
    organisation, is_new = Organisation.objects.select_for_update(no_key=True).get_or_create(
        slug=slug, defaults={"full_name": book.school.full_name, "short_name": book.school.short_name}
    )
    # Every verb that moves pupils or teachers locks the year first: what is compared here must not change meanwhile.
    list(
        AcademicYear.objects.select_for_update(no_key=True).filter(
            organisation=organisation, starts_on__year=book.school.year_starts
        )
    )
    world = World.load(organisation, book, today=today, is_new=is_new)
    plan = make_plan(ADAPTERS, world)
    if refusal := _closed_year(plan, world) or _other_school(plan, world):
        return ImportReport(problems=(*problems, refusal), ignored=book.ignored)
    _apply(plan, world, by=by or system_author(organisation), at=at, reason=reason)
    return _report(plan, problems, book)


@transaction.atomic
def import_and_plan_lessons(
    book: SchoolBook, *, slug: str, by: Author | None, at: datetime, today: date, reason: str
) -> ImportReport:
    """Carry out an import and bring days off and lessons of its year in line, so that teachers can begin at once."""
    report = import_school(book, slug=slug, by=by, at=at, today=today, reason=reason)
    if report.has_errors or not report.changes_something or book.school is None:
        return report
    year = AcademicYear.objects.select_related("organisation").get(
        organisation__slug=slug, starts_on__year=book.school.year_starts
    )
    author = by or system_author(year.organisation)
    if not year.calendar_days.exists():
        propose_days_off(year, by=author, at=at)
    if year.state == AcademicYear.State.OPEN:
        generate_lessons(year, by=author, at=at)
    return report


@transaction.atomic
def upload(
    *,
    organisation: Organisation,
    file_name: str,
    stored: str,
    digest: str,
    report: ImportReport,
    by: Author,
    at: datetime,
) -> ImportRun:
    """Keep an uploaded workbook with its preview, and record that it was uploaded."""
    run = ImportRun.objects.create(
        organisation=organisation,
        file_name=file_name[:200],
        file=stored,
        digest=digest,
        state=ImportRun.State.REFUSED if report.has_errors else ImportRun.State.PREVIEW,
        report=report.as_json(),
        uploaded_at=at,
        uploaded_by=by.name[:64],
    )
    record(Fact(by, at, "exchange.upload", object_name(run), None, {"file": file_name, "sha512": digest}))
    return run


def carry_out(run: ImportRun, *, path: Path, by: Author, at: datetime, today: date) -> ImportReport:
    """Import the workbook of a run in one transaction and remember the result; afterwards the file goes.

    by: who confirmed.
    """
    book = read_workbook(path)
    with transaction.atomic():
        run = ImportRun.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=run.pk)
        report = import_and_plan_lessons(
            book, slug=run.organisation.slug, by=by, at=at, today=today, reason=f"Импорт {run.file_name}"
        )
        run.report = report.as_json()
        run.state = ImportRun.State.REFUSED if report.has_errors else ImportRun.State.DONE
        run.done_at = at
        run.save(update_fields=["report", "state", "done_at"])
    run.file.delete(save=True)
    return report


def _other_school(plan: list[SheetPlan], world: World) -> Problem | None:
    """Return the problem of a workbook of another school: both names are others, and so are most of the pupils.

    A school that was renamed keeps its pupils, and next year's workbook keeps the names.
    """
    by_name = {sheet.adapter.name: sheet for sheet in plan}
    [school], pupils = by_name[School.name].lines, by_name[Pupils.name].lines
    known = sum(line.held is not None and "last_name" not in line.changes for line in pupils)
    has_other_names = {"full_name", "short_name"} <= school.changes.keys()
    if not has_other_names or not pupils or 2 * known > len(pupils):
        return None
    return Problem(
        severity=ERROR,
        sheet=School.sheet,
        row=school.row.row,
        column="Краткое наименование",
        value=school.values["short_name"],
        message=f"Похоже на книгу другой школы: здесь «{world.school.short_name}», и её учеников здесь почти нет.",
        mend="Проверьте, тот ли файл выбран. Если школа переименована, загрузите сначала книгу с прежними учениками.",
    )


def _closed_year(plan: list[SheetPlan], world: World) -> Problem | None:
    """Return the problem of a book that would change a year that is closed or archived; its directories may change."""
    of_year = [sheet for sheet in plan if not sheet.adapter.is_perennial]
    changes = any(sheet.of(CREATED) or sheet.of(CHANGED) for sheet in of_year)
    if world.year is None or world.year.state == AcademicYear.State.OPEN or not changes:
        return None
    assert world.book.school is not None  # noqa: S101 (a book with errors never comes here)
    message = f"Учебный год {world.year.label} закрыт: изменения в нём не записываются."
    return problem(world.book.school, "year_starts", message, "Загрузите книгу открытого учебного года.")


def _apply(plan: list[SheetPlan], world: World, *, by: Author, at: datetime, reason: str) -> None:
    facts: list[Fact] = []
    remembered: list[ImportedRow] = []
    for sheet in plan:
        names = sheet.adapter.create(sheet.of(CREATED), world)
        for line in sheet.of(CHANGED):
            sheet.adapter.change(line, world)
        if isinstance(sheet.adapter, School):
            facts.extend(open_year(world, by=by, at=at, reason=reason))
        facts.extend(_facts(sheet, names, by=by, at=at, reason=reason))
        remembered.extend(_remembered(sheet, names, world))
    record_all(facts)
    ImportedRow.objects.bulk_create(
        remembered,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["organisation", "year_starts", "sheet", "key"],
        update_fields=["values", "object"],
    )


def _facts(sheet: SheetPlan, names: dict[str, str], *, by: Author, at: datetime, reason: str) -> Iterable[Fact]:
    for line in sheet.lines:
        if line.status == CREATED:
            yield Fact(by, at, "exchange.import_row", names[line.key], None, dict(line.values), reason)
        elif line.status == CHANGED and line.held:
            before = {name: old for name, (old, _new) in line.changes.items()}
            after = {name: new for name, (_old, new) in line.changes.items()}
            yield Fact(by, at, "exchange.import_row", line.held.object, before, after, reason)


def _remembered(sheet: SheetPlan, names: dict[str, str], world: World) -> Iterable[ImportedRow]:
    """Yield the base rows that are new or differ from what is remembered."""
    for line in sheet.lines:
        before = sheet.remembered.get(line.key)
        if before is not None and before.values == line.base:
            continue
        name = names.get(line.key) or (line.held.object if line.held else before.object if before else "")
        yield ImportedRow(
            organisation=world.organisation,
            year_starts=base_year(sheet.adapter, world),
            sheet=sheet.adapter.name,
            key=line.key,
            values=line.base,
            object=name,
        )


def _report(plan: list[SheetPlan], problems: tuple[Problem, ...], book: SchoolBook) -> ImportReport:
    """Return the report; where two adapters share a sheet, a row counts once, by the most that happened to it."""
    statuses: dict[str, dict[int, str]] = {}
    for sheet in plan:
        rows = statuses.setdefault(sheet.adapter.sheet, {})
        for line in sheet.lines:
            known = rows.get(line.row.row, LEFT)
            # A new place in the new year's class is a change of a pupil who was here before.
            status = CHANGED if line.status == CREATED and line.row.row in rows and known == LEFT else line.status
            rows[line.row.row] = known if status == LEFT else status if known == LEFT else known
    return ImportReport(
        sheets={title: _counts(rows.values()) for title, rows in statuses.items()},
        problems=problems,
        conflicts=tuple(conflict for sheet in plan for line in sheet.lines for conflict in line.conflicts),
        vanished=tuple((sheet.adapter.sheet, key) for sheet in plan for key in sheet.vanished),
        ignored=book.ignored,
    )


def _counts(statuses: Iterable[str]) -> Counts:
    found = list(statuses)
    return Counts(found.count(CREATED), found.count(CHANGED), found.count(LEFT))
