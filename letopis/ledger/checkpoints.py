"""Checkpoints: signing the size and the root of a tree, each consistent with the one before.

Issuing one writes no entry: it changes nothing of the school, and a tree that grew by its own checkpoint would ask for
another every night.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Min, Prefetch
from django.utils import timezone

from letopis.core.errors import Refused
from letopis.ledger import keyring, merkle, notes
from letopis.ledger.keyring import Ring
from letopis.ledger.models import Checkpoint, Entry, Leaf, TimeStamp
from letopis.ledger.stamps.jobs import ask_later
from letopis.ledger.tree import IncompleteTree, consistency_proof, root_at, size_of
from letopis.rules.verdict import Verdict, refused

LATE = timedelta(hours=1)
"""An entry may wait so long for its place: a transaction that began before a checkpoint and ended after it."""


def last_checkpoint(organisation: uuid.UUID) -> Checkpoint | None:
    """Return the newest checkpoint of an organisation."""
    return Checkpoint.objects.filter(organisation=organisation).order_by("-size").first()


def checkpoints_of(organisation: uuid.UUID) -> list[Checkpoint]:
    """Return the checkpoints of an organisation with their time stamps, newest first. Two queries."""
    rows = Checkpoint.objects.filter(organisation=organisation).order_by("-size", "-pk")
    # Without the answers themselves: with a chain of certificates one takes ten kilobytes.
    stamps = TimeStamp.objects.defer("reply").order_by("pk")
    return list(rows.prefetch_related(Prefetch("stamps", stamps)))


@transaction.atomic
def issue(
    organisation: uuid.UUID, *, at: datetime, past_is_known: bool = False, signers: Sequence[Ed25519PrivateKey] = ()
) -> Checkpoint:
    """Sign the tree as it is now; return the last checkpoint when nothing was added since. Nobody waits meanwhile.

    past_is_known: a person looked at entries that are dated before the last checkpoint, such as years brought in.
    signers: the keys that sign while one takes the place of another; else that of the installation.
    Raises Refused: EMPTY, CLOCK_SET_BACK, ENTRIES_OF_THE_PAST, NOT_OUR_KEY, NOT_CONSISTENT, TREE_DAMAGED; nothing is
    written then. Raises keys.NoKey.
    """
    keyring.lock(shared=True)
    _lock(organisation)
    signers = signers or [keyring.signing_key()]
    ring = keyring.ring(signers[0].public_key())
    size, last = size_of(organisation), last_checkpoint(organisation)
    if last and last.at > at:
        raise Refused(_clock_set_back(last, at))
    if size == 0 and last is None:
        raise Refused(refused("EMPTY", "В журнале изменений ещё нет записей: подписывать нечего."))
    try:
        root = root_at(organisation, size)
        _require_growth(organisation, last, size, root, ring)
        keyring.record_first(ring, at=last.at if last else at)
        if last and last.size == size:
            return last
        if last and not past_is_known:
            _require_present(organisation, last, size)
    except IncompleteTree as damaged:
        raise Refused(_damaged(damaged)) from None
    statement = notes.Statement(notes.origin_of(organisation), size, root)
    row = Checkpoint.objects.create(
        organisation=organisation, size=size, root=root, note=notes.sign(statement, *signers), at=at
    )
    ask_later(row)
    return row


def issue_nightly(*, at: datetime) -> list[tuple[uuid.UUID, Verdict]]:
    """Issue the checkpoint of the day for every organisation that has none of it and whose tree grew.

    Returns what was refused: a night goes by, and the page and the log tell of it. Harmless twice.
    """
    zone = ZoneInfo(settings.TIME_ZONE)
    found = []
    for organisation, size, signed, signed_at in _standing():
        if size <= signed or (signed_at and signed_at.astimezone(zone).date() == at.astimezone(zone).date()):
            continue
        try:
            issue(organisation, at=at)
        except Refused as refusal:
            found.append((organisation, refusal.verdict))
    return found


def organisations() -> list[uuid.UUID]:
    """Return the organisations that have leaves, found by steps over the index instead of a look at every leaf."""
    found: list[uuid.UUID] = []
    rows = Leaf.objects.order_by("organisation", "index").values_list("organisation", flat=True)
    while (one := rows.filter(organisation__gt=found[-1]).first() if found else rows.first()) is not None:
        found.append(one)
    return found


def _standing() -> Iterable[tuple[uuid.UUID, int, int, datetime | None]]:
    """Yield by organisation the size of its tree, and what was signed of it and when."""
    rows = Checkpoint.objects.values_list("organisation").annotate(Max("size"), Max("at")).order_by()
    signed = {organisation: (size, at) for organisation, size, at in rows}
    for organisation in organisations():
        yield organisation, size_of(organisation), *signed.get(organisation, (0, None))


def _require_growth(organisation: uuid.UUID, last: Checkpoint | None, size: int, root: bytes, ring: Ring) -> None:
    """Refuse unless the last checkpoint is ours and the tree of now begins with the tree it states."""
    if last is None:
        return
    try:
        stated = ring.of_its_time(last.note)
    except notes.BadNote:
        raise Refused(
            refused(
                "NOT_OUR_KEY",
                f"Прошлая контрольная отметка, от {_told(last.at)}, подписана не ключом этой установки. Верните файл"
                " ключа ledger_key.pem из резервной копии; новая отметка не выпущена.",
            )
        ) from None
    proof = consistency_proof(organisation, old=stated.size, new=size) if stated.size <= size else []
    is_same = (stated.size, stated.root) == (last.size, bytes(last.root))
    if not is_same or not merkle.is_consistent(stated.size, stated.root, size, root, proof):
        raise Refused(
            refused(
                "NOT_CONSISTENT",
                f"Журнал не продолжает прошлую контрольную отметку, от {_told(last.at)} на {stated.size} записей:"
                " он изменён задним числом. Новая отметка не выпущена. Что изменено, назовёт команда"
                " letopis ledger verify.",
            )
        )


def _require_present(organisation: uuid.UUID, last: Checkpoint, size: int) -> None:
    """Refuse when an entry that came after the last checkpoint is dated well before it: the clock was set back."""
    added = Entry.objects.filter(place__organisation=organisation, place__index__range=(last.size, size - 1))
    earliest = added.aggregate(at=Min("at"))["at"]
    if earliest is None or earliest >= last.at - LATE:
        return
    count = added.filter(at__lt=last.at - LATE).count()
    raise Refused(
        refused(
            "ENTRIES_OF_THE_PAST",
            f"После контрольной отметки от {_told(last.at)} в журнал попали записи с более ранним временем: {count},"
            f" самая ранняя от {_told(earliest)}. Похоже, часы сервера переводили назад. Проверьте часы. Если так и"
            " должно быть (внесены прошлые годы), выпустите отметку командой letopis ledger checkpoint --past-entries.",
        )
    )


def _clock_set_back(last: Checkpoint, at: datetime) -> Verdict:
    return refused(
        "CLOCK_SET_BACK",
        f"Часы сервера показывают {_told(at)}, а прошлая контрольная отметка поставлена {_told(last.at)}: часы"
        " переведены назад. Поправьте часы и повторите; отметка не выпущена.",
    )


def _damaged(damaged: IncompleteTree) -> Verdict:
    return refused(
        "TREE_DAMAGED",
        f"В дереве журнала нет узла {damaged.level}/{damaged.index}. Отметка не выпущена. Что повреждено, назовёт"
        " команда letopis ledger verify.",
    )


def _told(at: datetime) -> str:
    return timezone.localtime(at, ZoneInfo(settings.TIME_ZONE)).strftime("%d.%m.%Y %H:%M:%S")


def _lock(organisation: uuid.UUID) -> None:
    """Let two who issue at once come one after the other, on PostgreSQL; SQLite has one writer."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            key = int.from_bytes(organisation.bytes[:8], "big", signed=True)
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
