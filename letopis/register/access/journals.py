"""The door to registration journals: the keeper writes, director and deputies open, read and close them.

For everybody else, and for another school, a journal does not exist (404): it names pupils.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from letopis.people.access import Actor, forbid, invisible
from letopis.register.models import Journal, JournalEntry
from letopis.schooling.models import AcademicYear


@dataclass(frozen=True, slots=True)
class OpenJournal:
    """A journal this actor may see, with its year and keeper joined in."""

    journal: Journal
    may_write: bool
    may_close: bool


def journals_of(actor: Actor) -> QuerySet[Journal]:
    """Return the journals of all years that the actor may see; 404 for who has nothing to do with journals."""
    if actor.employee_id is None or (actor.roles and not actor.controls):
        invisible()
    journals = Journal.objects.filter(organisation=actor.organisation).select_related(
        "organisation", "year", "keeper__person"
    )
    return journals if actor.controls else journals.filter(keeper=actor.employee_id)


def journal_for(actor: Actor, code: UUID) -> OpenJournal:
    """Return the journal with this code, or answer 404. One query."""
    journal = journals_of(actor).filter(code=code).first() or invisible()
    is_open = journal.closed_at is None and journal.year.state == AcademicYear.State.OPEN
    return OpenJournal(
        journal,
        may_write=is_open and (actor.controls or journal.keeper_id == actor.employee_id),
        may_close=is_open and actor.controls,
    )


def line_for(actor: Actor, code: UUID) -> tuple[OpenJournal, JournalEntry]:
    """Return a line of a journal that the actor may see, or answer 404. Two queries."""
    lines = JournalEntry.objects.filter(organisation=actor.organisation, code=code)
    line = lines.select_related("journal", "pupil__person").first() or invisible()
    return journal_for(actor, line.journal.code), line


def require_opener(actor: Actor) -> None:
    """Pass who opens journals: 403 for a teacher, 404 for who has nothing to do with them."""
    journals_of(actor)
    if not actor.controls:
        forbid(_("Журналы регистрации открывают директор и заместитель директора."))
