"""What a save of cells asks for and answers, cell by cell."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from letopis.register.queries.cells import Look
from letopis.rules.corrections import offers_correction
from letopis.rules.verdict import ALLOWED, Verdict

SAVED, REFUSED, CONFLICT = "SAVED", "REFUSED", "CONFLICT"

MAY_BE_CONFIRMED = frozenset({"MARK_FOR_ABSENT", "ABSENT_WITH_MARK"})
"""Refusals that ask once: a mark for a pupil who is marked absent, and the reverse."""


@dataclass(frozen=True, slots=True)
class CellSave:
    """One cell as the teacher left it."""

    task: UUID
    pupil: UUID
    seen: str
    """What the cell showed when he began to type."""
    text: str
    """What he typed."""
    confirm: bool = False
    """He was asked about a mark for an absent pupil, and means it."""
    exact: bool = False
    """The text is the whole cell, put back by an undo: what it does not name goes away."""


@dataclass(frozen=True, slots=True)
class Theirs:
    """The other value of a conflict."""

    shown: str
    who: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class CellResult:
    """What became of one cell."""

    task: UUID
    pupil: UUID
    status: str
    """SAVED, REFUSED or CONFLICT."""
    verdict: Verdict = ALLOWED
    theirs: Theirs | None = None
    look: Look | None = None
    """How the cell looks with the values in force; None where there is no such cell."""
    others: tuple[tuple[UUID, Look], ...] = ()
    """Other columns of the same lesson, which show the same absence."""

    @property
    def may_confirm(self) -> bool:
        return self.verdict.code in MAY_BE_CONFIRMED

    @property
    def may_ask(self) -> bool:
        """Whether a permission for a correction would open the cell."""
        return offers_correction(self.verdict)


@dataclass(frozen=True, slots=True)
class RowResult:
    """The figures at the right of a touched pupil, for the days of the page."""

    pupil: UUID
    average: str
    proposed: str


@dataclass(frozen=True, slots=True)
class Saved:
    """The answer to one save."""

    cells: tuple[CellResult, ...]
    rows: tuple[RowResult, ...]
    at: datetime
