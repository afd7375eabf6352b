"""Registration journals with columns of the school's own: what may be opened, written and struck out (REG-045)."""

from collections.abc import Sequence
from datetime import date

from letopis.rules.names import match_key
from letopis.rules.russian import short_date
from letopis.rules.text import one_line
from letopis.rules.verdict import ALLOWED, Verdict, refused

MOST_COLUMNS = 8
"""More do not fit a sheet of paper, beside number, day and pupil. Unit: columns."""
LONGEST_COLUMN = 60


def columns_of(typed: Sequence[str]) -> list[str]:
    """Return the names of columns as typed, empty ones left out."""
    return [name[:LONGEST_COLUMN] for name in map(one_line, typed) if name]


def may_open_journal(*, title: str, columns: Sequence[str], is_taken: bool) -> Verdict:
    """Allow a journal with a title of its own and one to MOST_COLUMNS different columns."""
    if not title:
        return refused("NO_TITLE", "Назовите журнал.")
    if is_taken:
        return refused("TITLE_TAKEN", f"Журнал «{title}» в этом году уже есть.")
    if not columns:
        return refused("NO_COLUMNS", "Назовите хотя бы одну графу: день и обучающийся есть в журнале и так.")
    if len(columns) > MOST_COLUMNS:
        return refused("MANY_COLUMNS", f"Граф больше {MOST_COLUMNS}: они не поместятся на листе.")
    if len({match_key(name) for name in columns}) < len(columns):
        return refused("COLUMN_TWICE", "Две графы названы одинаково.")
    return ALLOWED


def may_write(*, is_closed: bool, on: date, today: date, has_words: bool) -> Verdict:
    """Allow a line of a day that has come in a journal that is open."""
    if is_closed:
        return refused("JOURNAL_CLOSED", "Журнал закрыт: записи в него больше не вносят.")
    if on > today:
        return refused("DAY_AHEAD", f"{short_date(on)} ещё не наступило: запись вносят в день события или позже.")
    if not has_words:
        return refused("EMPTY_LINE", "Запись пустая: заполните хотя бы одну графу.")
    return ALLOWED


def may_strike(*, is_closed: bool, reason: str) -> Verdict:
    """Allow to strike a line out with a reason while the journal is open."""
    if is_closed:
        return refused("JOURNAL_CLOSED", "Журнал закрыт: записи в нём больше не меняют.")
    if not reason:
        return refused("NO_REASON", "Напишите, почему запись зачёркнута.")
    return ALLOWED
