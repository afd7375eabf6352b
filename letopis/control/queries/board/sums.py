"""Sums of duties: for a cell of the map, a teacher, a class, a subject, a kind."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from letopis.rules.obligations import DONE, DONE_LATE, DUE_SOON, LATE, LESSON, OPEN, Obligation


@dataclass(slots=True)
class Sum:
    """How many duties there are in each state. Filled once, then only read."""

    late: int = 0
    soon: int = 0
    open: int = 0
    done: int = 0
    done_late: int = 0

    @property
    def all(self) -> int:
        return self.late + self.soon + self.open + self.done + self.done_late

    @property
    def closed(self) -> int:
        """Those whose deadline has passed or that are done: what timeliness is counted of."""
        return self.late + self.done + self.done_late

    @property
    def timely(self) -> int | None:
        """Percent done in time of all that were to be done, rounded down; None where nothing was."""
        return self.done * 100 // self.closed if self.closed else None

    @property
    def made(self) -> int | None:
        """Percent done, in time or late."""
        return (self.done + self.done_late) * 100 // self.closed if self.closed else None

    @property
    def step(self) -> int:
        """How loud the cell is: 0 no debts, 1 one or two, 2 three to five, 3 more."""
        return next(step for step, most in enumerate((0, 2, 5, self.late)) if self.late <= most)


Key = TypeVar("Key", bound=Hashable)

_FIELDS = {LATE: "late", DUE_SOON: "soon", OPEN: "open", DONE: "done", DONE_LATE: "done_late"}


def summed(duties: Iterable[Obligation], key: Callable[[Obligation], Key]) -> dict[Key, Sum]:
    """Return the sums by what `key` says of each duty."""
    counts: Counter[tuple[Key, str]] = Counter((key(one), one.state) for one in duties)
    found: dict[Key, Sum] = defaultdict(Sum)
    for (place, state), count in counts.items():
        setattr(found[place], _FIELDS[state], count)
    return dict(found)


def silent_days(duties: Iterable[Obligation]) -> dict[int, list[date]]:
    """Return by teacher the days on which he had lessons and wrote nothing into any of them (REG-B034)."""
    written: dict[tuple[int, date], bool] = defaultdict(bool)
    for one in duties:
        if one.kind == LESSON and one.who is not None and one.state != DUE_SOON and one.state != OPEN:
            written[one.who, one.since] |= one.state in (DONE, DONE_LATE)
    days: dict[int, list[date]] = defaultdict(list)
    for (who, day), is_written in sorted(written.items(), key=lambda pair: pair[0]):
        if not is_written:
            days[who].append(day)
    return days
