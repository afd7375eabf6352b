"""Reasons of absence: what may be typed, which paper gives the reason, and how much was missed.

Absence is an event recorded by the subject teacher; the reason is the class teacher's, or a document's with dates.
Sources: REG-026, REG-027, REG-028, C-011, C-012, ABS-B003.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from letopis.rules.cells import ABSENT, LATE, NOT_SET
from letopis.rules.keyboard import russian_readings
from letopis.rules.policy import Policy
from letopis.rules.russian import short_date
from letopis.rules.verdict import ALLOWED, Verdict, refused

ILL, VALID, UNEXCUSED = "ILL", "VALID", "UNEXCUSED"
CLASS_TEACHER, CONTROL = "CLASS_TEACHER", "CONTROL"

LONGEST_DOCUMENT_DAYS = 366
"""A paper never speaks of more than a year; a longer span is a slip of typing. Unit: days."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document with dates that gives a reason (C-011)."""

    key: int
    kind: str
    reason: str
    starts_on: date
    ends_on: date
    entered_at: datetime

    def covers(self, on: date) -> bool:
        return self.starts_on <= on <= self.ends_on


def paper_for(papers: Iterable[Paper], on: date, *, policy: Policy) -> Paper | None:
    """Return the paper that gives the reason on a day: the strongest kind, of equal ones the later entered."""
    order = {kind: -place for place, kind in enumerate(policy.absence_paper_order)}
    weakest = -len(order)
    there = [paper for paper in papers if paper.covers(on)]
    return max(there, key=lambda one: (order.get(one.kind, weakest), one.entered_at, one.key), default=None)


def read_reasons(text: str, *, count: int, policy: Policy) -> tuple[str, ...] | Verdict:
    """Return the reason of each of so many absences, or the refusal.

    One letter is the reason of all of them, as many letters as absences name each in order; the letter of absence takes
    the reason away. Any case and either keyboard layout, as in the cells of the grid.
    """
    typed = "".join(text.split())
    reasons = {letter.casefold(): reason for reason, letter in policy.reason_letters}
    reasons[policy.absence_letter.casefold()] = NOT_SET
    if not typed:
        return refused(
            "ABSENCE_STAYS",
            f"Отсутствие здесь не снимается: его исправляет учитель урока. Без причины — «{policy.absence_letter}».",
        )
    for reading in russian_readings(typed):
        letters = reading.casefold()
        if not all(letter in reasons for letter in letters):
            continue
        found = tuple(reasons[letter] for letter in letters)
        if len(found) == 1:
            return found * count
        if len(found) == count:
            return found
        return refused(
            "LETTERS_AND_LESSONS",
            f"Пропущено уроков: {count}, а букв {len(found)}. Одна буква — причина на все, иначе по букве на урок.",
        )
    known = ", ".join(f"«{letter}»" for _reason, letter in policy.reason_letters)
    return refused("UNKNOWN_REASON", f"«{typed}» — не причина: можно {known}; «{policy.absence_letter}» снимает её.")


def reason_letters(reasons: Sequence[str], *, policy: Policy) -> str:
    """Return how reasons are shown: one letter when they are all the same, else a letter for each."""
    known = dict(policy.reason_letters)
    letters = [known.get(reason, policy.absence_letter) for reason in reasons]
    return letters[0] if len(set(letters)) == 1 else "".join(letters)


def may_set_reasons(*, sees_as: str, year_state: str, policy: Policy) -> Verdict:
    """Say whether one who sees the absences of a class may set their reasons. Sources: REG-026, C-012, C-023."""
    if year_state != "OPEN":
        return refused("YEAR_CLOSED", "Учебный год закрыт: причины больше не изменяются.")
    if sees_as == CLASS_TEACHER or (sees_as == CONTROL and policy.absence_reasons_by_control):
        return ALLOWED
    return refused(
        "NOT_CLASS_TEACHER",
        "Причину отсутствия ставит классный руководитель; администрация её видит.",
        clause=policy.clause("absence_reasons_by_control"),
    )


def may_enter_document(*, reason: str, first: date, last: date, year_first: date, year_last: date) -> Verdict:
    """Say whether a paper may be entered. Source: C-011."""
    if reason not in (ILL, VALID, UNEXCUSED):
        return refused("NO_REASON", "Выберите причину, которую подтверждает документ.")
    if last < first:
        return refused("ENDS_BEFORE", "Последний день раньше первого: проверьте даты документа.")
    if (last - first).days >= LONGEST_DOCUMENT_DAYS:
        return refused("TOO_LONG", f"Больше года: {short_date(first)} – {short_date(last)}. Проверьте даты документа.")
    if last < year_first or first > year_last:
        return refused("OUTSIDE_YEAR", "Эти дни не относятся к учебному году класса.")
    return ALLOWED


def may_send_notice(*, reason: str, first: date, last: date, today: date, policy: Policy) -> Verdict:
    """Say whether a family may tell of an absence: a reason it can know, and days near today."""
    if reason not in (ILL, VALID):
        return refused("NO_REASON", "Выберите причину: болезнь или другая уважительная.")
    if last < first:
        return refused("ENDS_BEFORE", "Последний день раньше первого: проверьте даты.")
    days = timedelta(days=policy.absence_notice_days)
    if last - first >= days:
        return refused(
            "TOO_LONG",
            f"Не больше {policy.absence_notice_days} дней в одном сообщении: о долгом отсутствии — заявление.",
        )
    if first < today - days or first > today + days:
        return refused("TOO_FAR", f"Сообщать можно о днях не дальше {policy.absence_notice_days} дней от сегодняшнего.")
    return ALLOWED


@dataclass(frozen=True, slots=True)
class Event:
    """An absence or a lateness at one lesson."""

    on: date
    event: str
    reason: str = NOT_SET
    minutes: int | None = None
    """How late; None where nobody said."""


@dataclass(frozen=True, slots=True)
class Missed:
    """How much was missed. Lateness is counted apart, unless it was so long that the lesson counts as missed."""

    days: int = 0
    lessons: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    """Missed lessons by reason; NOT_SET is among them."""
    late: int = 0

    @property
    def ill(self) -> int:
        return self.reasons.get(ILL, 0)

    @property
    def valid(self) -> int:
        return self.reasons.get(VALID, 0)

    @property
    def unexcused(self) -> int:
        return self.reasons.get(UNEXCUSED, 0)

    @property
    def not_set(self) -> int:
        return self.reasons.get(NOT_SET, 0)

    def __add__(self, other: "Missed") -> "Missed":
        reasons = Counter(self.reasons) + Counter(other.reasons)
        return Missed(self.days + other.days, self.lessons + other.lessons, dict(reasons), self.late + other.late)


def is_missed_lesson(event: Event, *, policy: Policy) -> bool:
    """Say whether the lesson counts as missed: an absence, or a lateness of policy.missed_lesson_minutes or more.

    A lateness of which nobody said how long it was is no missed lesson.
    """
    if event.event == ABSENT:
        return True
    least = policy.missed_lesson_minutes
    return least is not None and event.event == LATE and event.minutes is not None and event.minutes >= least


def is_missed_day(*, planned: int, absent: int, policy: Policy) -> bool:
    """Say whether a day with so many lessons, so many of them missed, counts as missed. Source: REG-028.

    A day that has fewer lessons than the school asks for is missed when all of them are.
    """
    if not absent:
        return False
    asked = policy.missed_day_lessons
    return absent >= planned if asked is None else absent >= min(asked, max(planned, 1))


def missed_of(events: Collection[Event], *, planned: Mapping[date, int], policy: Policy) -> Missed:
    """Return how much one pupil missed. planned: his lessons of each day that has an absence."""
    absences = [one for one in events if is_missed_lesson(one, policy=policy)]
    by_day = Counter(one.on for one in absences)
    return Missed(
        days=sum(is_missed_day(planned=planned.get(on, 0), absent=n, policy=policy) for on, n in by_day.items()),
        lessons=len(absences),
        reasons=dict(Counter(one.reason for one in absences)),
        late=sum(one.event == LATE and not is_missed_lesson(one, policy=policy) for one in events),
    )
