"""Verbs of registration journals: opened with the school's own columns, written line by line, closed (REG-045).

A line is never changed or deleted: a wrong one is struck out with the reason, and another is written.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from letopis.core.errors import Refused, require
from letopis.ledger.actions import Author, Fact, Value, object_name, record
from letopis.people.models import Employee, Pupil
from letopis.register.models import Journal, JournalEntry
from letopis.rules.journals import columns_of, may_open_journal, may_strike, may_write
from letopis.rules.movement import YearSpan, may_change_year
from letopis.rules.text import one_line
from letopis.rules.verdict import refused
from letopis.schooling.models import AcademicYear

LONGEST_VALUE = 300
"""Of one field of a line. Unit: characters."""


@transaction.atomic
def open_journal(
    year: AcademicYear, *, title: str, keeper: Employee, columns: Sequence[str], by: Author, at: datetime
) -> Journal:
    """Open a journal of a year with its columns and who keeps it. The same again is returned as it stands.

    Refuses with NO_TITLE, TITLE_TAKEN, NO_COLUMNS, MANY_COLUMNS, COLUMN_TWICE or YEAR_CLOSED.
    """
    year = AcademicYear.objects.select_for_update(of=("self",)).get(pk=year.pk)
    require(may_change_year(_span(year), on=year.starts_on))
    title, names = one_line(title), columns_of(columns)
    standing = Journal.objects.filter(year=year, title=title).first()
    if standing and (standing.columns, standing.keeper_id) == (names, keeper.pk):
        return standing
    require(may_open_journal(title=title, columns=names, is_taken=standing is not None))
    journal = Journal.objects.create(
        organisation=year.organisation, year=year, title=title, keeper=keeper, columns=names
    )
    after: dict[str, Value] = {"title": title, "columns": list(names), "keeper": object_name(keeper)}
    record(Fact(by, at, "register.open_journal", object_name(journal), None, after))
    return journal


@transaction.atomic
def write_line(
    journal: Journal,
    *,
    on: date,
    values: Sequence[str],
    pupil: Pupil | None = None,
    put_by: Employee | None,
    by: Author,
    at: datetime,
    today: date,
) -> JournalEntry:
    """Write a line under the next number; return it.

    The same line sent again within a minute by the same person is the line that stands: a form sent twice.
    Refuses with JOURNAL_CLOSED, DAY_AHEAD, EMPTY_LINE, LONG_VALUE, OUTSIDE_YEAR or YEAR_CLOSED.
    """
    journal = _locked(journal)
    require(may_change_year(_span(journal.year), on=on))
    told = [one_line(value) for value in values][: len(journal.columns)]
    told += [""] * (len(journal.columns) - len(told))
    require(may_write(is_closed=journal.closed_at is not None, on=on, today=today, has_words=any(told) or bool(pupil)))
    if any(len(value) > LONGEST_VALUE for value in told):
        raise Refused(refused("LONG_VALUE", f"В графе больше {LONGEST_VALUE} знаков: сократите запись."))
    last = JournalEntry.objects.filter(journal=journal).order_by("-number").first()
    same = last is not None and (last.on, last.values, last.pupil_id, last.struck_at) == (
        on, told, pupil.pk if pupil else None, None,
    )  # fmt: skip
    if last is not None and same and (at - last.put_at).total_seconds() < 60:
        return last
    number = (JournalEntry.objects.filter(journal=journal).aggregate(last=Max("number"))["last"] or 0) + 1
    line = JournalEntry.objects.create(
        organisation=journal.organisation,
        journal=journal,
        number=number,
        on=on,
        pupil=pupil,
        values=told,
        put_by=put_by,
        put_at=at,
    )
    after: dict[str, Value] = {
        "journal": journal.title,
        "number": number,
        "on": on.isoformat(),
        "pupil": object_name(pupil) if pupil else "",
        "values": list(told),
    }
    record(Fact(by, at, "register.write_line", object_name(line), None, after))
    return line


@transaction.atomic
def strike_line(line: JournalEntry, *, reason: str, by: Author, at: datetime) -> bool:
    """Strike a line out with the reason; it stays readable under its number. Say whether that is new.

    Refuses with NO_REASON, JOURNAL_CLOSED or YEAR_CLOSED.
    """
    journal = _locked(line.journal)
    row = JournalEntry.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if row.struck_at is not None:
        return False
    require(may_change_year(_span(journal.year), on=journal.year.starts_on))
    reason = one_line(reason)[:200]
    require(may_strike(is_closed=journal.closed_at is not None, reason=reason))
    row.struck_at, row.struck_reason = at, reason
    row.save(update_fields=["struck_at", "struck_reason"])
    before: dict[str, Value] = {"values": list(row.values)}
    record(Fact(by, at, "register.strike_line", object_name(row), before, None, reason=reason))
    return True


@transaction.atomic
def close_journal(journal: Journal, *, by: Author, at: datetime) -> bool:
    """Close a journal: nothing more is written into it. Say whether that is new."""
    journal = _locked(journal)
    if journal.closed_at is not None:
        return False
    require(may_change_year(_span(journal.year), on=journal.year.starts_on))
    journal.closed_at = at
    journal.save(update_fields=["closed_at"])
    after: dict[str, Value] = {"closed": True}
    record(Fact(by, at, "register.close_journal", object_name(journal), None, after))
    return True


def _locked(journal: Journal) -> Journal:
    rows = Journal.objects.select_for_update(of=("self",)).select_related("year", "organisation")
    return rows.get(pk=journal.pk)


def _span(year: AcademicYear) -> YearSpan:
    return YearSpan(year.label, year.starts_on, year.ends_on, year.state == AcademicYear.State.OPEN)
