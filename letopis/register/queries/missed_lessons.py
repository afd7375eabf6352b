"""How much each pupil missed, per period, for the last sheet of a printed register."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from letopis.register.models import AbsenceReason, Attendance
from letopis.register.queries.class_register import RegisterFacts
from letopis.rules.absence import Event, is_missed_day, is_missed_lesson
from letopis.rules.policy.editions import Editions
from letopis.schooling.models import Term

YEAR_TITLE = "Год"
MEASURES = (
    "дней", "уроков", "по болезни", "по уважит. причине", "без уважит. причины", "причина не указана", "опозданий",
)  # fmt: skip
_MEASURE_OF_REASON = {
    AbsenceReason.ILL: "по болезни",
    AbsenceReason.VALID: "по уважит. причине",
    AbsenceReason.UNEXCUSED: "без уважит. причины",
    AbsenceReason.NOT_SET: "причина не указана",
}


def attendance_summary(
    facts: RegisterFacts,
    numbers: Mapping[int, int],
    short: Mapping[int, str],
    *,
    terms: Sequence[Term],
    with_year: bool,
    policies: Editions,
) -> dict[str, Any]:
    """Return the sheet of missed lessons of a printed register: periods, measures and a row per pupil."""
    counts = _missed(facts, terms, policies=policies)
    columns = [one.pk for one in terms] + ([0] if with_year else [])
    return {
        "periods": [one.title for one in terms] + ([YEAR_TITLE] if with_year else []),
        "measures": list(MEASURES),
        "rows": [
            {
                "number": number,
                "name": short[pupil],
                "cells": [str(counts[pupil][period, one] or "") for period in columns for one in MEASURES],
            }
            for pupil, number in numbers.items()
        ],
    }


def _missed(facts: RegisterFacts, terms: Sequence[Term], *, policies: Editions) -> dict[int, Counter[tuple[int, str]]]:
    """Return by pupil how much he missed, per period (0 is the year) and measure; a day as the policy of it counts."""
    term_of = {
        one.starts_on + timedelta(days=shift): one.pk
        for one in terms
        for shift in range((one.ends_on - one.starts_on).days + 1)
    }
    counts: dict[int, Counter[tuple[int, str]]] = defaultdict(Counter)
    planned: Counter[tuple[int, date]] = Counter()
    absent: Counter[tuple[int, date]] = Counter()
    for course in facts.courses:
        members = facts.stays.get(course.group_id, {})
        for lesson in facts.lessons.get(course.pk, []):
            for pupil, spans in members.items():
                if any(start <= lesson.on and (end is None or lesson.on <= end) for start, end in spans):
                    planned[pupil, lesson.on] += 1
                if event := facts.events.get((lesson.pk, pupil)):
                    kind, minutes, reason = event
                    is_missed = is_missed_lesson(Event(lesson.on, kind, reason, minutes), policy=policies.on(lesson.on))
                    _count(counts[pupil], event, is_missed=is_missed, periods=(term_of.get(lesson.on), 0))
                    absent[pupil, lesson.on] += is_missed
    for (pupil, day), lessons in absent.items():
        if is_missed_day(planned=planned[pupil, day], absent=lessons, policy=policies.on(day)):
            for period in {term_of.get(day), 0} - {None}:
                counts[pupil][period or 0, "дней"] += 1
    return counts


def _count(
    counts: Counter[tuple[int, str]],
    event: tuple[str, int | None, str],
    *,
    is_missed: bool,
    periods: tuple[int | None, ...],
) -> None:
    kind, _minutes, reason = event
    late = kind == Attendance.Event.LATE and not is_missed
    measures = ("опозданий",) if late else ("уроков", _MEASURE_OF_REASON[AbsenceReason(reason)])
    for period in periods:
        if period is not None:
            for measure in measures:
                counts[period, measure] += 1
