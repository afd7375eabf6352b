"""How well a page of the register is kept: what was entered late, and who has too few marks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from letopis.rules.policy import Policy
from letopis.rules.term_marks import minimum_marks


@dataclass(frozen=True, slots=True)
class Accumulation:
    """How many marks the pupils of a page have in a period. Keys are those that were given."""

    norm: int
    """Marks that each needs in the whole period."""
    without: tuple[int, ...]
    with_one: tuple[int, ...]
    below: tuple[int, ...]
    """All with fewer than the norm, those above included."""


def is_late_entry(*, lesson_on: date, entered_on: date) -> bool:
    """Say whether the first fact of a lesson was entered after its day, in the school's own zone. Source: REG-003."""
    return entered_on > lesson_on


def accumulation(counts: Mapping[int, int], *, weekly_hours: Fraction | int, policy: Policy) -> Accumulation:
    """Return who has how few marks, in the order given.

    counts: works that count, by pupil; a work with two marks is one (C-014). Source: REG-039, REG-040.
    """
    norm = minimum_marks(weekly_hours=weekly_hours, policy=policy)
    return Accumulation(
        norm=norm,
        without=tuple(key for key, count in counts.items() if count == 0),
        with_one=tuple(key for key, count in counts.items() if count == 1),
        below=tuple(key for key, count in counts.items() if count < norm),
    )
