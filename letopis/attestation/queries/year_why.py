"""The page «Почему?» of a year mark: the marks of the terms, the forecast, and what leads to another mark."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from letopis.attestation.models import YearMark
from letopis.attestation.queries.year_marks import year_roster
from letopis.people.access import invisible
from letopis.register.access import OpenCourse
from letopis.register.models import TermMark
from letopis.register.queries.period_marks import (
    Period,
    as_counted,
    carriers_of,
    judged_by,
    marks_between,
    running_of,
    with_current,
    within,
)
from letopis.register.queries.term_marks import terms_of
from letopis.rules.decimals import format_mean
from letopis.rules.forecast import forecast_year, heading_for
from letopis.rules.results import result_sign
from letopis.rules.what_if import YearWhatIf, year_ways
from letopis.rules.year_marks import YearProposal, propose_year_mark
from letopis.schooling.models import Term


@dataclass(frozen=True, slots=True)
class TermResult:
    """A term of the year."""

    term: Term
    sign: str
    """Of its result; empty when it is not set."""
    is_running: bool
    """The first without a result: its forecast stands in the forecast of the year."""
    supposed: str
    """What the person supposes for it; empty otherwise, and always where a result is set."""


@dataclass(frozen=True, slots=True)
class YearWhy:
    """Everything the page shows."""

    pupil: UUID
    name: str
    terms: tuple[TermResult, ...]
    proposal: YearProposal
    mean: str
    set_value: str
    current: str
    """Forecast of the running term; empty without one."""
    forecast: YearProposal | None
    """None when every term has its result."""
    wanted: str
    ways: YearWhatIf | None
    result: YearProposal | None
    """With the supposed marks; None when none is supposed."""
    trouble: str
    signs: tuple[str, ...]
    clause: str

    @property
    def proposed_sign(self) -> str:
        return result_sign(self.proposal.value)

    @property
    def forecast_sign(self) -> str:
        return result_sign(self.forecast.value) if self.forecast else ""

    @property
    def result_sign(self) -> str:
        return result_sign(self.result.value) if self.result else ""


def year_why(opened: OpenCourse, pupil: UUID, *, wanted: str, supposed: Mapping[str, str]) -> YearWhy:
    """Return the page, or answer 404 for who is not on the page of year marks. At most eight queries.

    supposed: mark by number of the term («4»: «5»); what is no mark of the scale is told, not guessed.
    """
    course, actor = opened.course, opened.actor
    policy = actor.policy_of_period(course.year.ends_on)
    every = terms_of(year_id=course.year_id, grade=opened.grade)
    periods = carriers_of(course, terms=every, grade=opened.grade, policy=policy)
    terms = [period.term for period in periods]
    lines, _attached = year_roster(opened, terms)
    line = next((one for one in lines if one.code == pupil), None) or invisible()
    scale = policy.scale_for(scale_code=course.subject.scale, grade=opened.grade)
    rows = TermMark.objects.filter(term__in=terms, subject=course.subject_id, pupil=line.pupil_id).exclude(value="")
    values = dict(rows.values_list("term_id", "value"))
    codes = [values.get(term.pk) for term in terms]
    running = running_of(periods, set_in=values, today=actor.today)
    current = _forecast(opened, running, pupil_id=line.pupil_id) if running and scale.values else None
    expected = with_current(periods, codes, running=running, current=current)
    guessed, trouble = _guessed(terms, values, supposed, signs=scale.values)
    if wanted and wanted not in scale.values:
        trouble, wanted = trouble or _not_a_mark(wanted, scale.values), ""
    proposal = propose_year_mark(codes, policy=policy, scale=scale)
    filled = [guessed.get(term.pk, code) for term, code in zip(terms, codes, strict=True)]
    year = YearMark.objects.filter(year=course.year_id, subject=course.subject_id, pupil=line.pupil_id)
    return YearWhy(
        pupil=pupil,
        name=line.name,
        terms=tuple(
            TermResult(term, result_sign(code), running is not None and term == running.term, guessed.get(term.pk, ""))
            for term, code in zip(terms, codes, strict=True)
        ),
        proposal=proposal,
        mean=format_mean(proposal.mean) if proposal.mean is not None else "",
        set_value=result_sign(year.values_list("value", flat=True).first()),
        current=current or "",
        forecast=forecast_year(expected, current=None, policy=policy, scale=scale) if running else None,
        wanted=wanted,
        ways=year_ways(wanted, terms=filled, policy=policy, scale=scale) if wanted else None,
        result=propose_year_mark(filled, policy=policy, scale=scale) if guessed else None,
        trouble=trouble,
        signs=scale.values,
        clause=policy.clause("year_thresholds"),
    )


def _forecast(opened: OpenCourse, period: Period, *, pupil_id: int) -> str | None:
    """Return the forecast of the period that goes on; None before it has marks. Two queries."""
    course, policy = opened.course, opened.actor.policy_of_period(period.last)
    judged = judged_by(course, kind=period.kind, grade=opened.grade, policy=policy)
    found = marks_between(
        [pupil_id], year_id=course.year_id, first=period.first, last=period.last, subject_id=course.subject_id
    )
    marks = within(found.get((pupil_id, course.subject_id), []), first=period.first, last=period.last)
    known = as_counted(marks, policy=policy, scale=judged.scale)
    return heading_for(known, policy=policy, scale=judged.scale)[1]


def _guessed(
    terms: list[Term], values: Mapping[int, str], supposed: Mapping[str, str], *, signs: tuple[str, ...]
) -> tuple[dict[int, str], str]:
    """Return the supposed marks by key of the term, and what was not understood."""
    found: dict[int, str] = {}
    open_terms = {str(term.number): term for term in terms if term.pk not in values}
    for number, value in supposed.items():
        if not value or number not in open_terms:
            continue
        if value not in signs:
            return {}, _not_a_mark(value, signs)
        found[open_terms[number].pk] = value
    return found, ""


def _not_a_mark(value: str, signs: tuple[str, ...]) -> str:
    shown = value if len(value) <= 20 else f"{value[:20]}…"
    return f"«{shown}» – не отметка. Выберите одну из шкалы: {', '.join(signs)}."
