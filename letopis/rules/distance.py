"""Distance learning: which lessons it covers, and how a period of it is declared (ORG-034)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from letopis.rules.russian import short_date
from letopis.rules.verdict import ALLOWED, Verdict, refused


@dataclass(frozen=True, slots=True)
class DistanceSpan:
    """A declared period. Neither class nor group: the whole school."""

    starts_on: date
    ends_on: date | None
    school_class: int | None = None
    group: int | None = None
    basis: str = ""

    def covers(self, on: date, *, group: int, school_class: int | None) -> bool:
        """Say whether a lesson of this group, of this class (None: of no class), is at a distance that day."""
        if not (self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)):
            return False
        if self.group is not None:
            return self.group == group
        return self.school_class is None or self.school_class == school_class

    def overlaps(self, other: "DistanceSpan") -> bool:
        """Say whether both are declared for the same pupils, with a day in common."""
        if (self.school_class, self.group) != (other.school_class, other.group):
            return False
        return (other.ends_on is None or self.starts_on <= other.ends_on) and (
            self.ends_on is None or other.starts_on <= self.ends_on
        )


def may_declare(wanted: DistanceSpan, *, present: Iterable[DistanceSpan], first: date, last: date) -> Verdict:
    """Say whether a period may be declared.

    present: the periods of the year. first, last: days of the year. Source: ORG-034.
    """
    if not wanted.basis:
        return refused("NO_BASIS", "Напишите основание: номер и дату приказа.")
    if not first <= wanted.starts_on <= last:
        days = f"с {short_date(first)} по {short_date(last)}"
        return refused("OUTSIDE_YEAR", f"Начало — день этого учебного года: {days}.")
    if wanted.ends_on is not None and not wanted.starts_on <= wanted.ends_on <= last:
        days = f"с {short_date(wanted.starts_on)} по {short_date(last)}"
        return refused("WRONG_END", f"Последний день — {days}.")
    same = next((one for one in present if one.overlaps(wanted)), None)
    if same is not None:
        until = f" по {short_date(same.ends_on)}" if same.ends_on else ", без последнего дня"
        sentence = f"Дистанционное обучение здесь уже объявлено с {short_date(same.starts_on)}{until}."
        return refused("ALREADY_DECLARED", sentence)
    return ALLOWED


def may_end(span: DistanceSpan, *, ends_on: date, last: date) -> Verdict:
    """Say whether a period may end on a day: not before it began, not after the year."""
    if span.starts_on <= ends_on <= last:
        return ALLOWED
    return refused("WRONG_END", f"Последний день — с {short_date(span.starts_on)} по {short_date(last)}.")
