"""Blanking: the content of entries is destroyed by an executed act; the entries and the proof of them stay."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from letopis.core.bulk import insert_rows
from letopis.core.errors import Refused
from letopis.ledger.actions import Author, Fact, record_all
from letopis.ledger.models import Blanking, Entry, Payload
from letopis.rules.verdict import refused

VERB = "ledger.blank"
PORTION = 500


def blanked_name(entry: int) -> str:
    """Return how the ledger names an entry whose content was destroyed."""
    return f"ledger.Entry:{entry}"


@transaction.atomic
def blank(entries: Sequence[int], *, act: str, by: Author, at: datetime, reason: str = "") -> int:
    """Destroy the content of entries (keys) by an act, and return of how many; twice is harmless.

    act: number and date of the executed act, as the register of acts names it; at most 64 characters. For each entry:
    the row that allows it, an entry of its own that tells of it, and the payload goes. All or none.
    Raises Refused: NO_ACT, NOT_FOUND, IS_TRACE.
    Source: requirement SEC-B007 (logs are not edited); the act is that of the commission.
    """
    act = act.strip()
    if not act or len(act) > 64:
        raise Refused(
            refused(
                "NO_ACT",
                "Содержание записей уничтожают только по исполненному акту: укажите его номер и дату, до 64 знаков.",
            )
        )
    wanted = sorted(set(entries))
    known = _known(wanted, by)
    done = _blanked(wanted)
    new = [key for key in wanted if key not in done]
    if any(known[key] == VERB for key in new):
        raise Refused(
            refused("IS_TRACE", "Запись об уничтожении сама не уничтожается: без неё не видно, по какому акту.")
        )
    insert_rows(Blanking, ("entry_id", "act"), [(key, act) for key in new])
    record_all(Fact(by, at, VERB, blanked_name(key), None, {"act": act}, reason) for key in new)
    for start in range(0, len(new), PORTION):
        Payload.objects.filter(pk__in=new[start : start + PORTION])._raw_delete("default")
    return len(new)


def _known(wanted: list[int], by: Author) -> dict[int, str]:
    """Return the verbs of entries of the author's organisation; refuse when one is not there."""
    found: dict[int, str] = {}
    for start in range(0, len(wanted), PORTION):
        rows = Entry.objects.filter(organisation=by.organisation, pk__in=wanted[start : start + PORTION])
        found |= dict(rows.values_list("pk", "verb"))
    if lost := [key for key in wanted if key not in found]:
        raise Refused(refused("NOT_FOUND", f"Записи {lost[0]} в журнале этой организации нет. Ничего не уничтожено."))
    return found


def _blanked(wanted: list[int]) -> set[int]:
    found: set[int] = set()
    for start in range(0, len(wanted), PORTION):
        rows = Blanking.objects.filter(pk__in=wanted[start : start + PORTION])
        found |= set(rows.values_list("pk", flat=True))
    return found
