"""Duties of a page or a class over a period: term marks, accumulation, plan, reasons, the list of a class, remarks."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from letopis.rules.deadlines import Due, NoDue, end_of_day
from letopis.rules.obligations.judging import Judge
from letopis.rules.obligations.lessons import takes_marks
from letopis.rules.obligations.values import (
    ABSENCE_REASON,
    ACCUMULATION,
    DONE,
    DONE_LATE,
    LATE,
    OPEN,
    PLAN,
    REMARK,
    ROSTER,
    TERM_MARK,
    Obligation,
    Page,
)
from letopis.rules.term_marks import minimum_marks
from letopis.rules.terms import TermSpan, marked_terms


class TermFacts(NamedTuple):
    """The term marks of a page."""

    term: int
    number: int
    title: str
    starts_on: date
    ends_on: date
    kind: str
    """QUARTER, TRIMESTER, HALF_YEAR, MODULE or OTHER."""


class AccumulationFacts(NamedTuple):
    """How many marks each pupil of a page has in a term."""

    counts: Sequence[int]
    """One for each pupil of the page, none left out."""
    timely: Sequence[int]
    """The same, only of marks put before the deadline of the term mark. When a later one was put is not kept."""


class AbsenceFacts(NamedTuple):
    """The absences of a class on a day."""

    on: date
    who: int | None
    absences: int
    unset: int
    """Without a reason."""
    last_at: datetime | None
    """When the last reason was given."""


class PlanFacts(NamedTuple):
    """The hours of a thematic plan by a day."""

    planned: int
    given: int


class RosterFacts(NamedTuple):
    """When the list of a class was looked through."""

    who: int | None
    since: date
    """From when the first check is counted."""
    until: date
    """The last day on which a check is asked for."""
    checks: Sequence[date]
    """In order."""


class RemarkFacts(NamedTuple):
    """A remark of control."""

    pk: int
    who: int
    made_on: date
    due_on: date
    removed_at: datetime | None
    """When the teacher removed it, or it closed itself."""
    text: str
    lesson: UUID | None
    clause: str = ""


def term_mark_obligation(
    facts: TermFacts, page: Page, *, who: int | None, pupils: int, missing: int, last_at: datetime | None, judge: Judge
) -> Obligation | None:
    """Return the duty to put the marks of a term; None before it is due soon, and for an unmarked page.

    pupils: who must have a mark or the word that he is not attested; missing: who has neither, postponed ones apart.
    last_at: when the last mark was put. Sources: REG-030…032, REG-B006.
    """
    due = judge.finder.term_mark(facts.ends_on, grade=page.grade)
    judged = judge.of(due)
    policy = judge.finder.policy_on(facts.ends_on)
    is_early = judged.state == OPEN and facts.ends_on > judge.today
    if is_early or not pupils or not takes_marks(page, policy=policy):
        return None
    at = None if missing else last_at
    state = judged.state if missing else judged.closed(at)
    ref = ("term", facts.term, "course", page.course)
    return Obligation(
        TERM_MARK, who, facts.ends_on, due, at, state, page, ref, facts.number, about=facts.title, missing=missing,
        of=pupils,
    )  # fmt: skip


def accumulation_obligation(
    facts: AccumulationFacts, term: TermFacts, page: Page, *, who: int | None, weekly_hours: Fraction, judge: Judge
) -> Obligation | None:
    """Return the duty that pupils have as many marks as the norm; None where there is no norm.

    While the term goes on, so much of the norm is wanted as there is of the term so far, rounded down: in the middle of
    it three of six. It is due with the marks of the term. Sources: REG-040, C-014.
    """
    policy = judge.finder.policy_on(min(term.ends_on, max(term.starts_on, judge.today)))
    norm = minimum_marks(weekly_hours=weekly_hours, policy=policy, period=term.kind)
    due = judge.finder.term_mark(term.ends_on, grade=page.grade)
    judged = judge.of(due)
    wanted = norm if judged.state == LATE else norm_so_far(norm, term=term, today=judge.today)
    if not norm or not facts.counts or term.starts_on > judge.today or not takes_marks(page, policy=policy):
        return None
    below = sum(count < wanted for count in facts.counts)
    state = judged.state
    if not below:
        is_timely = judged.state != LATE or all(count >= wanted for count in facts.timely)
        state = DONE if is_timely else DONE_LATE
    ref = ("marks", term.term, "course", page.course)
    return Obligation(
        ACCUMULATION, who, min(term.ends_on, judge.today), due, None, state, page, ref, term.number, about=term.title,
        missing=below, of=len(facts.counts),
    )  # fmt: skip


def norm_so_far(norm: int, *, term: TermFacts, today: date) -> int:
    """Return how many marks of the norm are wanted by a day: its share of the days of the term, rounded down."""
    days = (term.ends_on - term.starts_on).days + 1
    gone = min(max((today - term.starts_on).days + 1, 0), days)
    return norm * gone // days


def absence_obligation(facts: AbsenceFacts, page: Page, *, code: UUID, judge: Judge) -> Obligation:
    """Return the duty of a class teacher to give the reasons of a day's absences. Sources: REG-026, REG-028."""
    judged = judge.of(judge.finder.absence_reason(facts.on, grade=page.grade))
    at = None if facts.unset else facts.last_at
    return Obligation(
        ABSENCE_REASON,
        facts.who,
        facts.on,
        judged.due,
        at,
        judged.state if facts.unset else judged.closed(at),
        page,
        ("class", page.school_class, facts.on.isoformat()),
        code=code,
        missing=facts.unset,
        of=facts.absences,
    )


def roster_obligations(facts: RosterFacts, page: Page, *, code: UUID, judge: Judge) -> Iterator[Obligation]:
    """Give the duties to look through the list of a class, one after another: each check begins the next (REG-046)."""
    since, finder = facts.since, judge.finder
    clause = judge.policy.clause("roster_check_days")
    for checked in (*facts.checks, None):
        due_on = since + timedelta(days=finder.policy_on(since).roster_check_days)
        end = end_of_day(due_on, finder.zone)
        judged = judge.of(Due(end, end, clause, (f"сверка раз в {judge.policy.roster_check_days} дней",)))
        if checked is None and due_on > facts.until:
            return
        at = end_of_day(checked, finder.zone) if checked else None
        state = judged.closed(at) if checked else judged.state
        ref = ("class", page.school_class, "since", since.isoformat())
        yield Obligation(ROSTER, facts.who, due_on, judged.due, at, state, page, ref, code=code)
        since = checked or since


def plan_obligation(facts: PlanFacts, page: Page, *, who: int | None, on: date, judge: Judge) -> Obligation:
    """Return the duty to keep up with the thematic plan: late from policy.plan_lag_lessons hours behind (ORG-023)."""
    policy = judge.finder.policy_on(on)
    lag = max(0, facts.planned - facts.given)
    state = LATE if lag >= policy.plan_lag_lessons else DONE
    due = NoDue("План не имеет срока: считается отставание в часах.", policy.clause("plan_lag_lessons"))
    ref = ("plan", page.course)
    return Obligation(PLAN, who, on, due, None, state, page, ref, missing=lag, of=facts.planned)


def remark_obligation(facts: RemarkFacts, page: Page, *, judge: Judge) -> Obligation:
    """Return the duty to remove a remark of control by its day (REG-038)."""
    end = end_of_day(facts.due_on, judge.finder.zone)
    judged = judge.of(Due(end, end, facts.clause or judge.policy.clause("remark_days")))
    at = facts.removed_at
    state = judged.closed(at) if at else judged.state
    ref = ("remark", facts.pk)
    return Obligation(
        REMARK, facts.who, facts.made_on, judged.due, at, state, page, ref, code=facts.lesson, about=facts.text
    )


def terms_of_page(terms: Iterable[TermFacts], *, kind: str) -> list[TermFacts]:
    """Return the terms that carry a mark of a page, as long as its marks count: a half-year of two quarters (C-002).

    terms: those of the grade. kind: rules.terms.period_kind of the page.
    """
    found = sorted(terms, key=lambda one: (one.starts_on, one.number))
    marked = marked_terms([TermSpan(one.term, one.kind, one.starts_on, one.ends_on) for one in found], kind=kind)
    return [
        one if marked[one.term] == one.starts_on else one._replace(starts_on=marked[one.term], kind=kind)
        for one in found
        if one.term in marked
    ]
