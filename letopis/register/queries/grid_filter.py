"""Which columns and pupils of a grid are shown; the choice stands in the address, and means nothing for the figures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from letopis.core.days import month_title
from letopis.register.queries.grid_facts import LessonRow, Member
from letopis.rules.names import search_key
from letopis.rules.policy import Policy

LONGEST = 60


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list."""

    value: str
    title: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class GridFilter:
    """What was asked for; nothing by default."""

    month: str = ""
    """«2026-11»."""
    kind: str = ""
    """Code of a kind of work."""
    marked: bool = False
    """Only columns that hold a mark or a symbol."""
    pupil: str = ""
    """Part of a name."""

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> "GridFilter":
        """Read ?month=2026-11 &kind=КР &marked=1 &q=иван; what makes no sense filters nothing out of the term."""
        said = {name: str(query.get(name, "")).strip()[:LONGEST] for name in ("month", "kind", "marked", "q")}
        return cls(said["month"], said["kind"], said["marked"] == "1", said["q"])

    @property
    def is_on(self) -> bool:
        return bool(self.month or self.kind or self.marked or self.pupil)

    def columns(self, lessons: Sequence[LessonRow], marked: Iterable[int]) -> list[LessonRow]:
        """Return the columns that are wanted. marked: keys of the tasks that hold anything."""
        held = set(marked) if self.marked else set()
        return [
            row
            for row in lessons
            if (not self.month or f"{row.on:%Y-%m}" == self.month)
            and (not self.kind or row.kind == self.kind)
            and (not self.marked or row.task_id in held)
        ]

    def pupils(self, members: Sequence[Member]) -> list[tuple[int, Member]]:
        """Return the pupils that are wanted, with their numbers in the whole list."""
        wanted = search_key(self.pupil)
        return [(number, one) for number, one in enumerate(members, 1) if wanted in search_key(one.name)]

    def months(self, lessons: Sequence[LessonRow]) -> list[Option]:
        """Return the months of the lessons."""
        found = dict.fromkeys(date(row.on.year, row.on.month, 1) for row in lessons)
        return [Option(f"{day:%Y-%m}", month_title(day.month), f"{day:%Y-%m}" == self.month) for day in found]

    def kinds(self, lessons: Sequence[LessonRow], *, policy: Policy) -> list[Option]:
        """Return the kinds of work that the columns have, in the order of the school's list."""
        there = {row.kind for row in lessons}
        return [
            Option(one.code, f"{one.code} — {one.title}", one.code == self.kind)
            for one in policy.work_kinds
            if one.code in there
        ]

    def words(self) -> str:
        """Return what is filtered, for the line over the table: «ноябрь · КР · с отметками»."""
        month = month_title(int(self.month[5:])) if self.month[5:].isdecimal() and self.month[5:] in _MONTHS else ""
        marked = _("с отметками") if self.marked else ""
        return " · ".join(part for part in (month, self.kind, marked, self.pupil) if part)


_MONTHS = {f"{number:02}" for number in range(1, 13)}
EVERYTHING = GridFilter()
