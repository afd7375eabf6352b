"""Duties as a list: the most urgent first, each with the place where it is done."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from letopis.control.queries.board.directions import BY_CODE
from letopis.control.queries.board.filters import Filters, Names
from letopis.control.queries.obligations import Duties
from letopis.register.queries.duty_words import STATE_WORDS, asked_words, clause_words, due_words, duty_url, tone_of
from letopis.rules.deadlines import Due
from letopis.rules.obligations import KINDS, LESSON, Obligation, urgency


@dataclass(frozen=True, slots=True)
class Line:
    """A duty in words."""

    duty: Obligation
    url: str
    asked: str
    due: str
    """«до 20 ноября», «срок был вчера»."""
    limit: datetime | None
    """The limit of the clause, where the effective deadline is earlier (C-003)."""
    clause: str
    tone: str
    state: str
    teacher: str
    """Empty for a vacancy."""


def kinds_of(filters: Filters, view: str) -> Collection[str]:
    """Return the kinds that have to be read for a list."""
    asked = BY_CODE[view].kinds if view in BY_CODE and BY_CODE[view].kinds else tuple(KINDS)
    return [filters.kind] if filters.kind else asked


def listed(filters: Filters, *, view: str, now: datetime) -> list[Obligation]:
    """Return the duties of a list in order of urgency. A fixed number of queries."""
    kinds = kinds_of(filters, view)
    found = Duties(filters.scope(), now=now).of(kinds)
    alone = LESSON not in kinds
    return sorted((one for one in found if filters.wants(one) and filters.lists(one, alone=alone)), key=urgency)


def lines(duties: Iterable[Obligation], names: Names, *, today: date) -> list[Line]:
    """Return the duties in words, for the page of a list."""
    return [_line(one, names, today=today) for one in duties]


HEADS = (
    "Класс",
    "Предмет",
    "Что",
    "День",
    "Урок",
    "Срок",
    "Предел по акту",
    "Пункт",
    "Состояние",
    "Сделано",
    "Учитель",
)


def table(duties: Sequence[Obligation], names: Names, *, today: date) -> tuple[list[str], list[list[str | int]]]:
    """Return heads and rows for a spreadsheet: an official list, in Russian."""
    rows: list[list[str | int]] = []
    for one in duties:
        due = one.due if isinstance(one.due, Due) else None
        rows.append([
            one.page.title,
            one.page.subject_name,
            one.what,
            f"{one.since:%d.%m.%Y}",
            one.number or "",
            f"{due.effective:%d.%m.%Y %H:%M}" if due else "",
            f"{due.limit:%d.%m.%Y %H:%M}" if due else "",
            one.due.clause,
            str(STATE_WORDS[one.state]),
            f"{localtime(one.closed_at):%d.%m.%Y %H:%M}" if one.closed_at else "",
            names.teacher(one.who) or _("вакансия"),
        ])  # fmt: skip
    return list(HEADS), rows


def _line(one: Obligation, names: Names, *, today: date) -> Line:
    due = one.due
    return Line(
        duty=one,
        url=duty_url(one),
        asked=asked_words(one),
        due=due_words(one, today=today) if one.is_open else "",
        limit=due.limit if isinstance(due, Due) and due.is_bound else None,
        clause=clause_words(one),
        tone=tone_of(one),
        state=str(STATE_WORDS[one.state]),
        teacher=names.teacher(one.who),
    )
