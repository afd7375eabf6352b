"""Verbs of a statement of marks from another school: enter it with its source, take it back (REG-B037)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from letopis.core.errors import Refused
from letopis.ledger.actions import Fact, Value, object_name, record, record_all
from letopis.people.access import Actor
from letopis.people.models import Pupil
from letopis.register.access.make_ups import OpenPupil
from letopis.register.actions.results import ResultFact, bring_in
from letopis.register.actions.term_marks import TERM_MARKS
from letopis.register.models import OutsideMarks, OutsideStatement, TermMark
from letopis.rules.make_up import parse_outside_marks
from letopis.rules.results import parse_result
from letopis.rules.text import one_line
from letopis.rules.verdict import Verdict, refused
from letopis.schooling.models import Subject, Term

MOST_MISSED = 999


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A row of the statement as it was typed; an empty one is left out."""

    marks: str = ""
    term_mark: str = ""
    missed: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.marks.strip() or self.term_mark.strip() or self.missed.strip())


@dataclass(frozen=True, slots=True)
class _ReadRow:
    marks: str
    term_mark: str
    missed: int | None


@transaction.atomic
def enter_statement(
    opened: OpenPupil,
    *,
    school: str,
    number: str = "",
    issued_on: date | None = None,
    rows: Mapping[tuple[Subject, Term], TypedRow],
    at: datetime,
) -> OutsideStatement:
    """Record a statement with its rows; marks of terms that are not set here yet become the pupil's results.

    Its current marks count in proposals and never become marks of lessons. All problems of the rows are told at once.
    The same statement again is the one that stands: a form sent twice must not count its marks twice.
    Raises Refused: YEAR_CLOSED, NO_SCHOOL, NO_ROWS, BAD_ROWS. Source: REG-B037, C-001.
    """
    actor, pupil, year = opened.actor, opened.pupil, opened.school_class.year
    Pupil.objects.select_for_update(of=("self",), no_key=True).get(pk=pupil.pk)
    if not opened.year_is_open:
        raise Refused(refused("YEAR_CLOSED", "Учебный год закрыт: ведомость в него не вносится."))
    if not one_line(school):
        raise Refused(refused("NO_SCHOOL", "Назовите школу, которая выдала ведомость."))
    filled = {key: row for key, row in rows.items() if not row.is_empty}
    if not filled:
        raise Refused(refused("NO_ROWS", "Ведомость пуста: внесите отметки хотя бы по одному предмету."))
    read = _read(filled, grade=opened.school_class.grade, actor=actor)
    said = {"school": one_line(school), "number": one_line(number), "issued_on": issued_on}
    for standing in OutsideStatement.objects.filter(pupil=pupil, year=year, withdrawn_at=None, **said):
        if _rows_of(standing) == {(subject.pk, term.pk): row for (subject, term), row in read.items()}:
            return standing
    statement = OutsideStatement.objects.create(
        organisation=actor.organisation,
        pupil=pupil,
        year=year,
        **said,
        entered_by_id=actor.employee_id,
        entered_at=at,
    )
    OutsideMarks.objects.bulk_create(
        OutsideMarks(
            organisation=actor.organisation,
            statement=statement,
            subject=subject,
            term=term,
            marks=row.marks,
            term_mark=row.term_mark,
            missed=row.missed,
        )
        for (subject, term), row in read.items()
    )
    record(
        Fact(
            actor.author, at, "register.enter_outside_statement", object_name(statement), None, _plain(statement, read)
        )
    )
    bring_in(
        TERM_MARKS,
        [
            ResultFact(
                pupil_id=pupil.pk, subject_id=subject.pk, period_id=term.pk, value=row.term_mark,
                put_by_id=actor.employee_id, by=actor.author, at=at,
            )
            for (subject, term), row in read.items()
            if row.term_mark
        ],
        organisation=actor.organisation,
    )  # fmt: skip
    return statement


@transaction.atomic
def withdraw_statement(
    opened: OpenPupil, statement: OutsideStatement, *, reason: str, at: datetime
) -> OutsideStatement:
    """Take a statement back; results of terms it brought go with it unless they were changed. Twice is harmless.

    Raises Refused: NO_REASON, YEAR_CLOSED.
    """
    actor = opened.actor
    Pupil.objects.select_for_update(of=("self",), no_key=True).get(pk=opened.pupil.pk)
    statement.refresh_from_db()
    if statement.withdrawn_at is not None:
        return statement
    if not opened.year_is_open:
        raise Refused(refused("YEAR_CLOSED", "Учебный год закрыт: ведомость в нём не меняется."))
    if not one_line(reason):
        raise Refused(refused("NO_REASON", "Назовите, почему ведомость отзывается."))
    statement.withdrawn_at = at
    statement.save(update_fields=["withdrawn_at"])
    facts = [
        Fact(
            actor.author, at, "register.withdraw_outside_statement", object_name(statement),
            {"school": statement.school}, None, one_line(reason),
        )
    ]  # fmt: skip
    for row in statement.rows.exclude(term_mark=""):
        brought = TermMark.objects.filter(
            pupil=opened.pupil, subject=row.subject_id, term=row.term_id, value=row.term_mark,
            put_at=statement.entered_at, changes=0,
        ).first()  # fmt: skip
        if brought is not None:
            facts.append(_clear(opened, brought, at=at))
    record_all(facts)
    return statement


def _rows_of(statement: OutsideStatement) -> dict[tuple[int, int], _ReadRow]:
    rows = statement.rows.all()
    return {(row.subject_id, row.term_id): _ReadRow(row.marks, row.term_mark, row.missed) for row in rows}


def _clear(opened: OpenPupil, row: TermMark, *, at: datetime) -> Fact:
    before: dict[str, Value] = {"value": row.value}
    row.value, row.put_by_id, row.put_at, row.changes = "", opened.actor.employee_id, at, row.changes + 1
    row.save(update_fields=["value", "put_by", "put_at", "changes"])
    after: dict[str, Value] = {
        "value": "",
        "pupil": f"people.Pupil:{row.pupil_id}",
        "subject": f"schooling.Subject:{row.subject_id}",
        "term": f"schooling.Term:{row.term_id}",
    }
    return Fact(opened.actor.author, at, TERM_MARKS.verb, object_name(row), before, after)


def _read(
    rows: Mapping[tuple[Subject, Term], TypedRow], *, grade: int, actor: Actor
) -> dict[tuple[Subject, Term], _ReadRow]:
    """Return the rows as they are stored, each by the scale of its term, or raise Refused with all that is wrong."""
    read: dict[tuple[Subject, Term], _ReadRow] = {}
    problems = []
    for (subject, term), row in rows.items():
        scale = actor.policy_of_period(term.ends_on).scale_for(scale_code=subject.scale, grade=grade)
        marks = parse_outside_marks(row.marks, scale=scale)
        result = parse_result(row.term_mark, scale=scale) if row.term_mark.strip() else ""
        missed = row.missed.strip()
        where = f"{subject.name}, {term.title}"
        if isinstance(marks, Verdict):
            problems.append(f"{where}: {marks.sentence}")
        elif isinstance(result, Verdict):
            problems.append(f"{where}: {result.sentence}")
        elif missed and not (len(missed) <= 4 and missed.isdecimal() and int(missed) <= MOST_MISSED):
            problems.append(f"{where}: пропущено уроков — целое число до {MOST_MISSED}, а указано «{missed[:20]}».")
        else:
            read[subject, term] = _ReadRow(" ".join(marks), result, int(missed) if missed else None)
    if problems:
        raise Refused(refused("BAD_ROWS", " ".join(problems[:5])))
    return read


def _plain(statement: OutsideStatement, rows: Mapping[tuple[Subject, Term], _ReadRow]) -> dict[str, Value]:
    return {
        "pupil": f"people.Pupil:{statement.pupil_id}",
        "school": statement.school,
        "number": statement.number,
        "issued_on": statement.issued_on.isoformat() if statement.issued_on else "",
        "rows": [
            {
                "subject": f"schooling.Subject:{subject.pk}",
                "term": f"schooling.Term:{term.pk}",
                "marks": row.marks,
                "term_mark": row.term_mark,
                "missed": str(row.missed if row.missed is not None else ""),
            }
            for (subject, term), row in rows.items()
        ],
    }
