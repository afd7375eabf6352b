"""Reads of the archive: which units of a year are built, and what a package holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from letopis.archive.contents import StoredFile, StoredObject, Version, read_object
from letopis.archive.models import Package
from letopis.archive.ocfl import StorageError
from letopis.core.models import Job
from letopis.ledger.actions import object_name
from letopis.ledger.queries import Change, history
from letopis.schooling.models import AcademicYear, SchoolClass
from letopis.schooling.queries.years import closing_of

BUILD_KIND = "archive.build"
"""Kind of the jobs that build packages."""
VERIFY_KIND = "archive.verify"
"""Kind of the jobs that check them."""


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit that a year must leave behind: built, or not yet."""

    school_class: SchoolClass
    kind: Package.Kind
    package: Package | None

    @property
    def title(self) -> str:
        """«7А: журнал класса»."""
        return f"{self.school_class.title}: {self.kind.label}"


@dataclass(frozen=True, slots=True)
class ClassUnits:
    """A class with its units."""

    school_class: SchoolClass
    units: tuple[UnitLine, ...]


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """Everything the page of a year shows."""

    year: AcademicYear
    classes: tuple[ClassUnits, ...]
    job: Job | None
    """The latest build or check of the year."""
    stale: tuple[UnitLine, ...]
    """Units of a closed year whose packages are older than its closing."""

    @property
    def units(self) -> list[UnitLine]:
        return [unit for one in self.classes for unit in one.units]

    @property
    def packages(self) -> list[Package]:
        return [unit.package for unit in self.units if unit.package]

    @property
    def missing(self) -> int:
        return len(self.units) - len(self.packages)

    @property
    def size(self) -> int:
        return sum(package.size for package in self.packages)

    @property
    def unsound(self) -> list[Package]:
        return [package for package in self.packages if package.is_sound is False]

    @property
    def unchecked(self) -> int:
        return sum(package.is_sound is None for package in self.packages)

    @property
    def remarked(self) -> int:
        return sum(bool(package.remark) for package in self.packages)

    @property
    def remarks(self) -> list[str]:
        return sorted({package.remark for package in self.packages if package.remark})

    @property
    def is_under_way(self) -> bool:
        return self.job is not None and self.job.state in (Job.State.QUEUED, Job.State.RUNNING)

    @property
    def is_checked(self) -> bool:
        """Whether the latest job was a check that found every package sound."""
        return self.job is not None and (self.job.kind, self.job.state) == (VERIFY_KIND, Job.State.DONE)

    @property
    def is_complete(self) -> bool:
        return self.year.state == AcademicYear.State.CLOSED and bool(self.units) and not self.missing

    @property
    def may_be_archived(self) -> bool:
        return self.is_complete and not self.unsound


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of the package with the files in it."""

    name: str
    files: tuple[StoredFile, ...]

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


@dataclass(frozen=True, slots=True)
class LastCheck:
    """The last verification as the ledger tells it."""

    at: datetime
    who: str
    is_sound: bool
    problems: tuple[str, ...]
    problems_in_all: int

    @property
    def hidden(self) -> int:
        return self.problems_in_all - len(self.problems)


@dataclass(frozen=True, slots=True)
class PackagePage:
    """Everything the page of a package shows."""

    package: Package
    stored: StoredObject | None
    folders: tuple[Folder, ...]
    trouble: str
    """Why the files cannot be shown; empty when they can."""
    check: LastCheck | None
    year_label: str
    term: str = ""
    """How long it is kept; empty when bag-info.txt cannot be read."""
    kept_until: date | None = None
    basis: str = ""

    @property
    def newest_first(self) -> list[Version]:
        return list(reversed(self.stored.versions)) if self.stored else []

    @property
    def digest_groups(self) -> list[str]:
        digest = self.package.manifest_digest
        return [digest[at : at + 16] for at in range(0, len(digest), 16)]


def archive_root() -> Path:
    """Return the folder that holds the storage roots of all organisations."""
    root: Path = settings.VAR_DIR / "archive"
    return root


def package_path(package: Package) -> Path:
    """Return the folder of the package's object."""
    return archive_root() / package.path


def units_of(year: AcademicYear) -> list[UnitLine]:
    """Return the units that a year must leave behind, by class and kind. Two queries."""
    classes = SchoolClass.objects.filter(year=year).order_by("grade", "letter")
    packages = {
        (package.class_title, package.kind): package
        for package in Package.objects.filter(organisation=year.organisation_id, year_starts=year.starts_on.year)
    }
    return [
        UnitLine(one, kind, packages.get((one.title, kind.value))) for one in classes for kind in list(Package.Kind)
    ]


def archive_page(year: AcademicYear) -> ArchivePage:
    """Return the page of a year. Four queries."""
    units = units_of(year)
    classes: dict[int, list[UnitLine]] = {}
    for unit in units:
        classes.setdefault(unit.school_class.pk, []).append(unit)
    return ArchivePage(
        year=year,
        classes=tuple(ClassUnits(lines[0].school_class, tuple(lines)) for lines in classes.values()),
        job=jobs_of(year).first(),
        stale=older_than(closing_of(year), units) if year.state == AcademicYear.State.CLOSED else (),
    )


def older_than(closing: Change | None, units: Sequence[UnitLine]) -> tuple[UnitLine, ...]:
    """Return the units whose packages were built before the year was closed; nothing when nobody knows when it was."""
    if closing is None:
        return ()
    return tuple(unit for unit in units if unit.package and unit.package.built_at < closing.at)


def jobs_of(year: AcademicYear) -> QuerySet[Job]:
    """Return the jobs that built or checked packages of a year, newest first."""
    found = Job.objects.filter(kind__in=(BUILD_KIND, VERIFY_KIND), arguments__year=str(year.code))
    return found.order_by("-created_at", "-pk")


def jobs_under_way(year: AcademicYear) -> QuerySet[Job]:
    """Return those that wait or run."""
    return jobs_of(year).filter(state__in=(Job.State.QUEUED, Job.State.RUNNING))


def package_page(package: Package) -> PackagePage:
    """Return the page of a package; reads the inventory of its object and bag-info.txt."""
    stored, info, trouble = None, dict[str, str](), ""
    try:
        stored = read_object(package_path(package))
        info = stored.bag_info()
    except (StorageError, OSError, ValueError):
        trouble = _("Файлы пакета не найдены или не читаются. Проверьте целостность: проверка назовёт причину.")
    return PackagePage(
        package=package,
        stored=stored,
        folders=_folders(stored.files if stored else ()),
        trouble=trouble,
        check=_last_check(package),
        year_label=f"{package.year_starts}/{(package.year_starts + 1) % 100:02}",
        term=info.get("Retention-Term", ""),
        kept_until=parse_date(info.get("Retention-End", "")),
        basis=info.get("Retention-Basis", ""),
    )


def _folders(files: Sequence[StoredFile]) -> tuple[Folder, ...]:
    found: dict[str, list[StoredFile]] = {}
    for file in files:
        found.setdefault(file.path.rpartition("/")[0], []).append(file)
    return tuple(Folder(name, tuple(inside)) for name, inside in sorted(found.items(), key=lambda one: one[0]))


def _last_check(package: Package) -> LastCheck | None:
    checks = (change for change in history([object_name(package)]) if change.verb == "archive.verify_package")
    last = next(checks, None)
    if last is None or package.verified_at is None:
        return None
    said: dict[str, Any] = last.after or {}
    return LastCheck(
        at=last.at,
        who=last.who,
        is_sound=bool(said.get("is_sound")),
        problems=tuple(one["sentence"] for one in said.get("problems", ())),
        problems_in_all=int(said.get("problems_in_all", 0)),
    )
