"""The forecast and the rating of a class: pupils by subjects, for a term or the year (DIA-024, REG-035, IND-045)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from letopis.attestation.access import OpenClass
from letopis.attestation.queries.forecast_cells import ForecastCell, ForecastFacts
from letopis.attestation.queries.rolls import RollPupil, load_rolls
from letopis.attestation.queries.statement import Period, shown_periods
from letopis.register.queries.term_marks import terms_of
from letopis.rules.decimals import format_mean
from letopis.rules.forecast_risks import FEW, NEAR, TWO
from letopis.rules.policy import Policy
from letopis.schooling.models import Subject, Term

RISKS = (TWO, FEW, NEAR)
BY_LIST, BY_AVERAGE = "list", "average"


@dataclass(frozen=True, slots=True)
class ForecastFilter:
    """What of the page is shown; the choice stands in the address, and means nothing for the figures."""

    risk: str = ""
    subject: str = ""
    """Code of a subject."""
    by: str = BY_LIST

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "ForecastFilter":
        """Return the choice of an address; what is none of the choices shows everything."""
        risk, by = data.get("risk", ""), data.get("by", "")
        return cls(risk if risk in RISKS else "", data.get("subject", ""), by if by == BY_AVERAGE else BY_LIST)


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """A pupil."""

    pupil: RollPupil
    number: int
    cells: tuple[ForecastCell, ...]
    average: Fraction | None
    place: int | None
    """In the class by the average; equal averages share one. None without an average."""

    @property
    def shown_average(self) -> str:
        return format_mean(self.average) if self.average is not None else ""

    def has(self, risk: str) -> bool:
        return any(risk in cell.risks for cell in self.cells)


@dataclass(frozen=True, slots=True)
class ClassForecast:
    """Everything the page shows."""

    terms: tuple[Term, ...]
    period: Period
    all_subjects: tuple[Subject, ...]
    subjects: tuple[Subject, ...]
    lines: tuple[ForecastLine, ...]
    averages: tuple[str, ...]
    """Of each subject shown, over the pupils of the class."""
    average: str
    counts: Mapping[str, int]
    """Pupils with each risk, whatever is shown."""
    pupils: int
    policy: Policy


def class_forecast(opened: OpenClass, *, term_number: str | None, only: ForecastFilter) -> ClassForecast | None:
    """Return the page for a term («2»; by default the latest that has begun) or «year»; None for another term.

    Ten queries, whatever the size of the class.
    """
    school_class, actor = opened.school_class, opened.actor
    year = school_class.year
    terms = terms_of(year_id=year.pk, grade=school_class.grade)
    period = _period(terms, term_number, today=actor.today)
    if period is None:
        return None
    policy = actor.policy_of_period(period.ends_on)
    roll = load_rolls(year, [school_class], policy=policy)[school_class.pk]
    pupils = [one for one in roll.pupils if not one.is_attached]
    facts = ForecastFacts(opened, roll, terms, period, pupils=[one.pupil_id for one in pupils], policy=policy)
    subjects = tuple(subject for subject in roll.subjects if roll.is_graded(subject))
    rows = [(pupil, facts.cells(pupil, subjects)) for pupil in pupils]
    averages = {pupil.pupil_id: _mean(cell.points for cell in cells) for pupil, cells in rows}
    places = _places(averages)
    lines = [
        ForecastLine(pupil, number, cells, averages[pupil.pupil_id], places.get(pupil.pupil_id))
        for number, (pupil, cells) in enumerate(rows, 1)
    ]
    shown = [at for at, subject in enumerate(subjects) if only.subject in ("", str(subject.code))] or range(
        len(subjects)
    )
    narrowed = [replace(line, cells=tuple(line.cells[at] for at in shown)) for line in lines]
    if only.risk:
        narrowed = [line for line in narrowed if line.has(only.risk)]
    if only.by == BY_AVERAGE:
        narrowed.sort(key=lambda line: (line.place is None, line.place, line.number))
    return ClassForecast(
        terms=tuple(terms),
        period=period,
        all_subjects=subjects,
        subjects=tuple(subjects[at] for at in shown),
        lines=tuple(narrowed),
        averages=tuple(_shown(_mean(line.cells[at].points for line in lines)) for at in shown),
        average=_shown(_mean(averages.values())),
        counts={risk: sum(line.has(risk) for line in lines) for risk in RISKS},
        pupils=len(lines),
        policy=policy,
    )


def _period(terms: Sequence[Term], number: str | None, *, today: date) -> Period | None:
    periods = shown_periods(terms, term_number=None) or ()
    if number == "year":
        return periods[-1] if periods else None
    if number:
        return next((one for one in periods if one.term and str(one.term.number) == number), None)
    begun = [one for one in periods if one.term and one.term.starts_on <= today]
    return next(iter([*reversed(begun), *periods]), None)


def _mean(values: Iterable[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) / len(known) if known else None


def _places(averages: Mapping[int, Fraction | None]) -> dict[int, int]:
    known = {pupil: average for pupil, average in averages.items() if average is not None}
    return {pupil: 1 + sum(other > average for other in known.values()) for pupil, average in known.items()}


def _shown(mean: Fraction | None) -> str:
    return format_mean(mean) if mean is not None else ""
