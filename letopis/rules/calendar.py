"""The calendar of a school year: which days have lessons, for which grades."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from letopis.rules.russian import short_date

FIVE_DAY_WEEK = frozenset({1, 2, 3, 4, 5})
SIX_DAY_WEEK = frozenset({1, 2, 3, 4, 5, 6})


@dataclass(frozen=True, slots=True)
class Period:
    """A term, or a break, of some grades; both days belong to it."""

    title: str
    grades: frozenset[int]
    starts_on: date
    ends_on: date

    def covers(self, day: date, *, grade: int) -> bool:
        """Say whether the day of this grade lies in the period."""
        return grade in self.grades and self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """A day that has lessons though its weekday has none, such as a working Saturday."""

    on: date
    as_weekday: int | None = None
    """Whose timetable it follows, 1 is Monday; None for its own weekday's."""


@dataclass(frozen=True, slots=True)
class CalendarProblem:
    """What is wrong with the dates of a year."""

    code: str
    """YEAR_BACKWARDS, PERIOD_BACKWARDS, OUTSIDE_YEAR or TERMS_OVERLAP."""
    sentence: str
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """All dates of a year as one value. Source: ORG-013, ORG-B001."""

    starts_on: date
    ends_on: date
    terms: tuple[Period, ...] = ()
    breaks: tuple[Period, ...] = ()
    """Every day of a break is free, also one that lies inside a term (additional vacation of grade 1)."""
    days_off: frozenset[date] = frozenset()
    """Non-working days."""
    working_days: tuple[WorkingDay, ...] = ()
    """They stand over `days_off` and `weekdays`, but not over breaks."""
    weekdays: frozenset[int] = FIVE_DAY_WEEK
    """Days of the school week, 1 is Monday."""

    def is_school_day(self, day: date, *, grade: int) -> bool:
        """Say whether the grade has lessons: in one of its terms, in no break, on a working day."""
        return (
            self.timetable_weekday(day) is not None
            and self.term_of(day, grade=grade) is not None
            and not any(one.covers(day, grade=grade) for one in self.breaks)
        )

    def timetable_weekday(self, day: date) -> int | None:
        """Return whose weekday's timetable the day follows, 1 is Monday; None when nobody has lessons."""
        for working in self.working_days:
            if working.on == day:
                return working.as_weekday or day.isoweekday()
        if day in self.days_off or day.isoweekday() not in self.weekdays:
            return None
        return day.isoweekday()

    def school_days(self, *, grade: int, first: date, last: date) -> list[date]:
        """Return the days of lessons from first to last, both included, within the year."""
        days = _days(max(first, self.starts_on), min(last, self.ends_on))
        return [day for day in days if self.is_school_day(day, grade=grade)]

    def next_school_day(self, day: date, *, grade: int) -> date | None:
        """Return the first day of lessons after this day, or None when the year has no more."""
        following = _days(max(day + timedelta(days=1), self.starts_on), self.ends_on)
        return next((one for one in following if self.is_school_day(one, grade=grade)), None)

    def term_of(self, day: date, *, grade: int) -> Period | None:
        """Return the term of the grade that the day lies in; None between terms."""
        return next((term for term in self.terms if term.covers(day, grade=grade)), None)

    def problems(self) -> list[CalendarProblem]:
        """Return what is wrong: terms of one grade may not overlap and must lie inside the year (ORG-B001).

        Breaks may lie inside terms, so only their own dates are looked at.
        """
        if self.starts_on > self.ends_on:
            sentence = f"Учебный год кончается раньше, чем начинается: {_span(self.starts_on, self.ends_on)}."
            return [CalendarProblem("YEAR_BACKWARDS", sentence)]
        found = [problem for period in self.terms + self.breaks for problem in self._problems_of(period)]
        return found + [_overlap(one, other) for one, other in combinations(self.terms, 2) if _overlaps(one, other)]

    def _problems_of(self, period: Period) -> Iterator[CalendarProblem]:
        span = _span(period.starts_on, period.ends_on)
        if period.starts_on > period.ends_on:
            sentence = f"«{period.title}» кончается раньше, чем начинается: {span}."
            yield CalendarProblem("PERIOD_BACKWARDS", sentence, (period.title,))
        elif period.starts_on < self.starts_on or period.ends_on > self.ends_on:
            sentence = f"«{period.title}» ({span}) выходит за учебный год {_span(self.starts_on, self.ends_on)}."
            yield CalendarProblem("OUTSIDE_YEAR", sentence, (period.title,))


def _overlaps(one: Period, other: Period) -> bool:
    return bool(one.grades & other.grades) and one.starts_on <= other.ends_on and other.starts_on <= one.ends_on


def _overlap(one: Period, other: Period) -> CalendarProblem:
    common = _span(max(one.starts_on, other.starts_on), min(one.ends_on, other.ends_on))
    grades = ", ".join(str(grade) for grade in sorted(one.grades & other.grades))
    sentence = f"«{one.title}» и «{other.title}» пересекаются: {common}, классы {grades}."
    return CalendarProblem("TERMS_OVERLAP", sentence, (one.title, other.title))


def _span(first: date, last: date) -> str:
    return f"{short_date(first)}–{short_date(last)}"


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
