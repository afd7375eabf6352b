"""A save that is done once, however often it is sent: the answer is kept under the key of the request.

Dangers. The receipt is the last thing written, by the transaction of the save itself: the unique key is the lock. A
request that is sent again does its work anew, meets the key at the end, and all of that is rolled back; so it costs no
statement where nothing is repeated, which is nearly always. Two requests with one key at the same time wait for each
other at the lesson, or at the key.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from letopis.core.errors import Refused
from letopis.people.access import Actor
from letopis.register.actions.cell_answer import answer_of
from letopis.register.actions.cell_results import CellSave
from letopis.register.actions.cells import save_in_transaction
from letopis.register.models import SaveReceipt
from letopis.rules.verdict import refused

KEPT_FOR = timedelta(days=30)
"""A browser that was offline for longer has no page of this term any more."""


def save_once(
    actor: Actor,
    *,
    course: UUID,
    cells: Sequence[CellSave],
    key: UUID | None,
    whole_year: bool = False,
    at: datetime,
) -> dict[str, Any]:
    """Save cells as `cells.save_cells` does, and return the answer; for a key that was used, the answer given then.

    An answer that was given before says so: "repeated".

    key: made by the browser for this very request; None saves without a receipt.
    Raises Refused (KEY_REUSED) where the key was used for other cells: they are not saved, and must not seem so.
    """
    digest = _digest(course, cells)
    try:
        with transaction.atomic():
            saved = save_in_transaction(actor, course=course, cells=cells, whole_year=whole_year, at=at)
            answer = answer_of(saved, zone=ZoneInfo(actor.organisation.time_zone))
            if key is not None:
                SaveReceipt.objects.create(
                    organisation=actor.organisation,
                    user_id=actor.user_id,
                    key=key,
                    answer={"digest": digest, "answer": answer},
                    at=at,
                )
            return answer
    except IntegrityError:
        if key is None:
            raise
        kept = SaveReceipt.objects.filter(user=actor.user_id, key=key).values_list("answer", flat=True).first()
        if kept is None:
            raise
    if kept["digest"] != digest:
        raise Refused(
            refused("KEY_REUSED", "Этот запрос уже был отправлен с другими отметками: они сохранены, эти — нет.")
        )
    # The looks are those of then: who asks again looks whether they still stand.
    return {**kept["answer"], "repeated": True}


def sweep_receipts(*, now: datetime) -> int:
    """Delete the receipts that no browser will ask for any more; return how many there were."""
    deleted, _by_table = SaveReceipt.objects.filter(at__lt=now - KEPT_FOR).delete()
    return deleted


def _digest(course: UUID, cells: Sequence[CellSave]) -> str:
    said = [[str(cell.task), str(cell.pupil), cell.seen, cell.text, cell.confirm, cell.exact] for cell in cells]
    return hashlib.sha256(json.dumps([str(course), said]).encode()).hexdigest()
