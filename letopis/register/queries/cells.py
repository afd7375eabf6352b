"""How a cell of the register looks: its text and the classes of look.md, from the facts it holds."""

from dataclasses import dataclass

from letopis.rules import cells
from letopis.rules.policy import GradingScale, Policy


@dataclass(frozen=True, slots=True)
class CellFacts:
    """What is recorded about a pupil in a column; nothing by default."""

    mark: str = ""
    changes: int = 0
    """How many times the mark was changed."""
    event: str = ""
    """Attendance.Event; empty when nothing is recorded."""
    minutes: int | None = None
    reason: str = cells.NOT_SET
    mark_note: str = ""
    event_note: str = ""
    """What was noted of the mark, and of the pupil at the lesson."""
    is_overdue: bool = False
    """The mark was first put after its deadline (REG-021)."""
    is_event_corrected: bool = False
    """The attendance was corrected by permission."""


NOTHING = CellFacts()


@dataclass(frozen=True, slots=True)
class Look:
    """What a cell shows."""

    text: str
    classes: str
    """Names of look.md, separated by spaces."""
    note: str = ""
    """What was noted; the cell has a corner for it, and says it to one who points at it."""


def look_of(facts: CellFacts, *, is_first: bool, scale: GradingScale, policy: Policy) -> Look:
    """Return what the cell shows. The event of a lesson is written once, in its first column."""
    event = facts.event if is_first else None
    text = cells.display_cell(facts.mark, event, facts.minutes, facts.reason, policy=policy)
    excused = facts.reason not in (cells.NOT_SET, "UNEXCUSED")
    marks = cells.marks_in(facts.mark, scale=scale)
    note = "; ".join(part for part in (facts.mark_note, facts.event_note if is_first else "") if part)
    classes = {
        "low": scale.values[-1:][0] in marks if scale.values else False,
        "symbol": bool(facts.mark) and not marks,
        "absent": facts.event == cells.ABSENT and not excused,
        "excused": facts.event == cells.ABSENT and excused,
        "late": facts.event == cells.LATE and not facts.mark and is_first,
        "corrected": facts.changes > 0 or (facts.is_event_corrected and is_first),
        # Who was absent gets his mark when he has made up for the lesson: that is not late.
        "overdue": facts.is_overdue and bool(marks) and facts.event != cells.ABSENT,
        "noted": bool(note),
    }
    return Look(text, " ".join(name for name, holds in classes.items() if holds), note)
