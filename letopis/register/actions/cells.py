"""Saving cells of the grid: marks and attendance, each cell with its own answer.

Dangers. The lock of a lesson is the lock of its cells: take it first (`access.tasks_to_fill`) and read the cells in a
later statement. A cell is compared with what the teacher saw, never with what he typed before; saving the value that
already stands is success, so that a request sent twice after a lost answer does no harm.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from letopis.core.errors import Refused, require
from letopis.ledger.actions import record_all
from letopis.people.access import Actor
from letopis.register import access
from letopis.register.actions.cell_facts import kind_fact
from letopis.register.actions.cell_results import CellSave, Saved
from letopis.register.actions.cell_sheet import Sheet
from letopis.register.actions.cell_writing import write_changes
from letopis.register.models import Task
from letopis.register.queries.locks import may_write, period_of
from letopis.rules.text import one_line
from letopis.rules.verdict import refused
from letopis.rules.windows import TOPIC

LONGEST_TITLE = 200


@transaction.atomic
def save_cells(
    actor: Actor,
    *,
    course: UUID,
    cells: Sequence[CellSave],
    whole_year: bool = False,
    at: datetime,
) -> Saved:
    """Save cells of a course; one that is refused or in conflict does not keep the others.

    The grid saves by `cell_receipts.save_once`, which does the same under the key of the request.

    whole_year: the page shows the year, so the means of the rows are those of the year.
    The first mark of a column names its kind of work, the first fact of a lesson makes it held.
    Answers 404 for a course the actor may not see. Sources: REG-011, REG-012, REG-020, REG-025, C-012.
    """
    return save_in_transaction(actor, course=course, cells=cells, whole_year=whole_year, at=at)


def save_in_transaction(
    actor: Actor, *, course: UUID, cells: Sequence[CellSave], whole_year: bool, at: datetime
) -> Saved:
    """Do what `save_cells` says, inside the transaction of the caller, who spares a savepoint."""
    opened, tasks, stays = access.cells_to_fill(
        actor, course, {cell.task for cell in cells}, {cell.pupil for cell in cells}
    )
    sheet = Sheet(opened, tasks, stays, whole_year=whole_year, at=at)
    results = [sheet.put(cell) for cell in cells]
    sheet.rest_on_papers()
    facts = write_changes(actor, sheet.changes, at=at)
    if facts:
        record_all(facts)
    return Saved(tuple(sheet.shown(result) for result in results), sheet.rows(), at)


@transaction.atomic
def set_task_kind(
    actor: Actor,
    *,
    course: UUID,
    task: UUID,
    kind: str,
    title: str = "",
    at: datetime,
) -> None:
    """Name the kind of work of a column, and what it was. The same again is no entry. Source: REG-011.

    A work may be named ahead, as a topic may (REG-009). Raises Refused.
    """
    opened, tasks = access.tasks_to_fill(actor, course, [task])
    column = next((one for one in tasks if one.code == task), None)
    if column is None:
        raise Refused(refused("UNKNOWN_CELL", "Такого столбца в журнале нет: обновите страницу."))
    lesson = column.lesson
    policy = actor.policy_on(lesson.on)
    lock = period_of(opened, lesson.on)
    require(may_write(opened, lesson, part=TOPIC, policy=policy, lock=lock))
    if kind not in {one.code for one in policy.work_kinds}:
        raise Refused(
            refused("UNKNOWN_KIND", f"Вида работы «{kind}» нет в списке.", clause=policy.clause("work_kinds"))
        )
    title = one_line(title)
    if len(title) > LONGEST_TITLE:
        raise Refused(refused("LONG_TITLE", f"Название работы длиннее {LONGEST_TITLE} знаков: сократите его."))
    if (column.kind, column.title) == (kind, title):
        return
    was = {"kind": column.kind, "title": column.title}
    column.kind, column.title = kind, title
    Task.objects.filter(pk=column.pk).update(kind=kind, title=title)
    record_all([kind_fact(column, before=was, by=actor.author, at=at)])
