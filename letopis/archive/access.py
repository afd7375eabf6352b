"""The door to the archive: years and packages, loaded and checked in one step.

Who reads. The person answerable for the archive, the director and the deputies. A package holds the marks of a whole
class, so nobody else does: for them these pages do not exist (404). Who builds and archives. The archivist and the
director; a deputy reads only (403). Source: ARC-021, ARC-026.
"""

from dataclasses import dataclass
from uuid import UUID

from letopis.accounts.models import Role
from letopis.archive.models import Package
from letopis.people.access import Actor, forbid, invisible, require
from letopis.schooling.models import AcademicYear, SchoolClass

READERS = (Role.ARCHIVIST, Role.DIRECTOR, Role.DEPUTY)
BUILDERS = (Role.ARCHIVIST, Role.DIRECTOR)


@dataclass(frozen=True, slots=True)
class OpenYear:
    """A year whose packages this actor may see."""

    actor: Actor
    year: AcademicYear
    """With its organisation joined in."""

    @property
    def may_build(self) -> bool:
        return self.actor.has(*BUILDERS)


def years_of(actor: Actor) -> list[AcademicYear]:
    """Return the years of the actor's school, newest first; 404 for whoever does not read the archive."""
    require(actor, *READERS)
    years = AcademicYear.objects.filter(organisation=actor.organisation)
    return list(years.select_related("organisation").order_by("-starts_on"))


def year_for(actor: Actor, code: UUID) -> OpenYear:
    """Return the year with this code, or answer 404. One query."""
    year = next((year for year in years_of(actor) if year.code == code), None)
    return OpenYear(actor, year) if year else invisible()


def year_to_build_for(actor: Actor, code: UUID) -> OpenYear:
    """Return the year the actor builds packages of; 403 for whoever only reads them."""
    opened = year_for(actor, code)
    if not opened.may_build:
        forbid("Пакеты собирают директор и ответственный за архив.")
    return opened


def class_to_build_for(opened: OpenYear, code: str) -> SchoolClass:
    """Return the class of an opened year by the code that a form sent, or answer 404. One query."""
    try:
        wanted = UUID(code)
    except ValueError:
        invisible()
    return SchoolClass.objects.filter(year=opened.year, code=wanted).first() or invisible()


def package_for(actor: Actor, code: UUID) -> Package:
    """Return the package with this code, or answer 404. One query."""
    require(actor, *READERS)
    packages = Package.objects.select_related("organisation")
    return packages.filter(organisation=actor.organisation, code=code).first() or invisible()
