"""Reasons of absence: set by the class teacher for lessons, days, spans and several pupils at once.

Dangers. Whoever changes attendance locks its lessons first, as the grid does, and reads the rows in a later statement.
A reason never touches the event: an absence is taken back by the teacher of the lesson alone (C-012, C-023).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from letopis.core.errors import Refused, require
from letopis.ledger.actions import Author, Fact, record_all
from letopis.register.access.classes import OpenAbsences, of_class
from letopis.register.actions.cell_facts import attendance_fact, event_value
from letopis.register.models import AbsenceDocument, Attendance, Lesson
from letopis.rules.absence import read_reasons, reason_letters
from letopis.rules.cells import ABSENT, NOT_SET
from letopis.rules.policy import Policy
from letopis.rules.verdict import ALLOWED, Verdict, refused
from letopis.schooling.models import AcademicYear

SAVED, REFUSED, CONFLICT = "SAVED", "REFUSED", "CONFLICT"
REASONS = frozenset({"ILL", "VALID", "UNEXCUSED", NOT_SET})


@dataclass(frozen=True, slots=True)
class ReasonCell:
    """The absences of a pupil on a day, or at one lesson of it, as the class teacher left them."""

    pupil: UUID
    on: date
    seen: str
    """The letters that stood there when he began to type."""
    text: str
    lesson: UUID | None = None


@dataclass(frozen=True, slots=True)
class ReasonResult:
    """What became of one cell."""

    cell: ReasonCell
    status: str
    verdict: Verdict = ALLOWED
    shown: str = ""
    """The letters that stand now."""


@dataclass(frozen=True, slots=True)
class Change:
    """One reason that was changed, to be said and to be taken back."""

    attendance: int
    before: str
    document: int | None
    after: str


@dataclass(frozen=True, slots=True)
class ReasonsSet:
    """The answer to one save."""

    cells: tuple[ReasonResult, ...] = ()
    changes: tuple[Change, ...] = ()


@transaction.atomic
def set_reasons(opened: OpenAbsences, *, cells: Sequence[ReasonCell], at: datetime) -> ReasonsSet:
    """Set the reasons that the letters of each cell name; a refused cell does not keep the others.

    Codes: LETTERS_AND_LESSONS, UNKNOWN_REASON, ABSENCE_STAYS, NOTHING_MISSED. Raises Refused for who may set none.
    Sources: REG-026, C-012.
    """
    require(opened.may_set)
    pupils, days = {cell.pupil for cell in cells}, {cell.on for cell in cells}
    rows = _locked(opened, pupils=pupils, days=days)
    found: dict[tuple[UUID, date], list[Attendance]] = {}
    for row in rows:
        found.setdefault((row.pupil.code, row.lesson.on), []).append(row)
    results, wanted = [], dict[int, str]()
    for cell in cells:
        of_cell = [
            row for row in found.get((cell.pupil, cell.on), ()) if cell.lesson is None or row.lesson.code == cell.lesson
        ]
        # The letters are those the page shows, so today's.
        results.append(_judge(cell, of_cell, wanted, policy=opened.actor.policy))
    changes = _write(rows, wanted, by=opened.actor.author, employee=opened.actor.employee_id, at=at)
    return ReasonsSet(tuple(results), changes)


@transaction.atomic
def set_reason_of_span(
    opened: OpenAbsences,
    *,
    pupils: Collection[UUID],
    first: date,
    last: date,
    reason: str,
    only_unset: bool = True,
    at: datetime,
) -> ReasonsSet:
    """Set one reason for every absence of these pupils in these days. Raises Refused.

    only_unset: leave what has a reason already.
    """
    require(opened.may_set)
    if reason not in REASONS:
        raise Refused(refused("NO_REASON", "Выберите причину."))
    if not pupils:
        raise Refused(refused("NO_PUPILS", "Отметьте хотя бы одного обучающегося."))
    if last < first:
        raise Refused(refused("ENDS_BEFORE", "Последний день раньше первого: проверьте даты."))
    rows = _locked(opened, pupils=set(pupils), first=first, last=last)
    wanted = {row.pk: reason for row in rows if not only_unset or row.reason == NOT_SET}
    if not wanted:
        raise Refused(refused("NOTHING_MISSED", "За эти дни у выбранных нет пропусков, которым нужна причина."))
    changes = _write(rows, wanted, by=opened.actor.author, employee=opened.actor.employee_id, at=at)
    return ReasonsSet(changes=changes)


@transaction.atomic
def take_back(opened: OpenAbsences, *, changes: Sequence[Change], at: datetime) -> int:
    """Put back the reasons that stood before a save, where nobody changed them since; return how many.

    A reason that rested on a paper is not put back when the paper was withdrawn meanwhile.
    """
    require(opened.may_set)
    kept = {change.attendance: change for change in changes}
    rows = [row for row in _locked(opened, keys=set(kept)) if row.reason == kept[row.pk].after]
    papers = {key for row in rows if (key := kept[row.pk].document) is not None}
    gone = set(AbsenceDocument.objects.filter(pk__in=papers).exclude(withdrawn_at=None).values_list("pk", flat=True))
    rows = [row for row in rows if kept[row.pk].document not in gone]
    wanted = {row.pk: kept[row.pk].before for row in rows}
    documents = {row.pk: kept[row.pk].document for row in rows}
    author, employee = opened.actor.author, opened.actor.employee_id
    return len(_write(rows, wanted, documents=documents, by=author, employee=employee, at=at))


def rest_on(
    rows: Iterable[Attendance],
    papers: Mapping[int, tuple[str, int | None, int | None]],
    *,
    by: Author,
    at: datetime,
) -> int:
    """Write reason, paper and who set it for each of these locked rows; return how many changed.

    papers: by row: reason, document, employee.
    """
    changed, facts = [], []
    for row in rows:
        reason, document, employee = papers[row.pk]
        if (row.reason, row.document_id) == (reason, document):
            continue
        before = event_value(row.event, row.minutes, row.reason)
        row.reason, row.document_id = reason, document
        row.reason_by_id, row.reason_at = (None, None) if reason == NOT_SET else (employee, at)
        changed.append(row)
        facts.append(attendance_fact(row, before=before, by=by, at=at))
    _update(changed)
    record_all(facts)
    return len(changed)


def lock_absences(rows: Iterable[tuple[int, int]]) -> list[Attendance]:
    """Lock the lessons of these (attendance, lesson) keys and return the rows that are absences still. Two queries.

    A paper may reach over two years: the rows of a closed one are left out, nothing is written into it.
    """
    found = list(rows)
    list(Lesson.objects.filter(pk__in={lesson for _row, lesson in found}).order_by("pk").select_for_update())
    absences = Attendance.objects.filter(
        pk__in=[row for row, _lesson in found], event=ABSENT, lesson__course__year__state=AcademicYear.State.OPEN
    )
    return list(absences.select_related("lesson", "pupil").order_by("lesson__on", "lesson__number", "pk"))


def _locked(
    opened: OpenAbsences,
    *,
    pupils: set[UUID] | None = None,
    days: set[date] | None = None,
    first: date | None = None,
    last: date | None = None,
    keys: set[int] | None = None,
) -> list[Attendance]:
    """Return the absences of pupils of the class in its year, their lessons locked, in the order of a day."""
    year = opened.year
    asked = Attendance.objects.filter(
        organisation=opened.actor.organisation,
        event=ABSENT,
        lesson__course__year=year,
        pupil__in=of_class(opened).values("pupil"),
    ).exclude(lesson__state=Lesson.State.CANCELLED)
    if pupils is not None:
        asked = asked.filter(pupil__code__in=pupils)
    if days is not None:
        asked = asked.filter(lesson__on__in=days)
    if first and last:
        asked = asked.filter(lesson__on__range=(first, last))
    if keys is not None:
        asked = asked.filter(pk__in=keys)
    return lock_absences(asked.values_list("pk", "lesson_id"))


def _judge(cell: ReasonCell, rows: Sequence[Attendance], wanted: dict[int, str], *, policy: Policy) -> ReasonResult:
    if not rows:
        sentence = "Пропусков здесь больше нет: учитель исправил посещаемость. Обновите страницу."
        return ReasonResult(cell, REFUSED, refused("NOTHING_MISSED", sentence))
    stands = [row.reason for row in rows]
    shown = reason_letters(stands, policy=policy)
    asked = read_reasons(cell.text, count=len(rows), policy=policy)
    if isinstance(asked, Verdict):
        return ReasonResult(cell, REFUSED, asked, shown)
    if list(asked) == stands:
        return ReasonResult(cell, SAVED, shown=shown)
    if shown != cell.seen:
        return ReasonResult(cell, CONFLICT, shown=shown)
    wanted.update({row.pk: reason for row, reason in zip(rows, asked, strict=True)})
    return ReasonResult(cell, SAVED, shown=reason_letters(asked, policy=policy))


def _write(
    rows: Sequence[Attendance],
    wanted: Mapping[int, str],
    *,
    by: Author,
    employee: int | None,
    at: datetime,
    documents: Mapping[int, int | None] | None = None,
) -> tuple[Change, ...]:
    """Write the wanted reasons; a reason set by hand rests on no paper, unless it is the very one put back."""
    changes, facts, changed = [], list[Fact](), []
    for row in rows:
        reason = wanted.get(row.pk, row.reason)
        if reason == row.reason:
            continue
        changes.append(Change(row.pk, row.reason, row.document_id, reason))
        before = event_value(row.event, row.minutes, row.reason)
        row.reason, row.document_id = reason, (documents or {}).get(row.pk)
        row.reason_by_id, row.reason_at = (None, None) if reason == NOT_SET else (employee, at)
        changed.append(row)
        facts.append(attendance_fact(row, before=before, by=by, at=at))
    _update(changed)
    record_all(facts)
    return tuple(changes)


def _update(rows: Sequence[Attendance]) -> None:
    """One statement for each way a reason is written: as a rule one."""
    ways: dict[tuple[str, int | None, int | None, datetime | None], list[int]] = {}
    for row in rows:
        ways.setdefault((row.reason, row.document_id, row.reason_by_id, row.reason_at), []).append(row.pk)
    for (reason, document, employee, at), keys in ways.items():
        Attendance.objects.filter(pk__in=keys).update(
            reason=reason, document=document, reason_by=employee, reason_at=at
        )
