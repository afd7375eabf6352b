"""`verify`: a whole log is replayed and compared with its tree, queue, acts, checkpoints and time stamps."""

import json
import os
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection

from letopis.ledger import keyring, triggers
from letopis.ledger.keyring import Ring
from letopis.ledger.models import Blanking, Entry, Leaf, Payload
from letopis.ledger.tree import BLOCK, size_of
from letopis.ledger.verification.held import brought_checkpoint, handed_over, stored_checkpoints
from letopis.ledger.verification.problems import LogReport, Report, problems_of
from letopis.ledger.verification.replay import NAMED, Finding, Part, Source, replay, replay_apart, replay_queue, twice
from letopis.ledger.verification.stamps import stored_stamps
from letopis.ledger.verification.stored_tree import Replayed, compare

STEP = 65_536
"""Places that one process replays at a time; also how often progress is told. A multiple of a block."""
ALONE = 2 * STEP
"""A shorter log is replayed in this process: others would start longer than they work."""
PROCESSES = 4

Told = Callable[[int, int, str], None]


def verify(
    organisations: Sequence[tuple[uuid.UUID, str]],
    *,
    key: Ed25519PublicKey,
    against: str = "",
    report: Told | None = None,
) -> Report:
    """Verify the logs of organisations (code and name) and return everything that is wrong. Writes nothing.

    key: the public key of this installation, from which its earlier keys are known (keyring.py). against: the text of a
    checkpoint kept elsewhere; only with one organisation. report: told entries done, entries in all, and the name of
    the log.
    """
    ring = keyring.ring(key)
    of_keys = [Finding(code, facts=facts) for code, facts in ring.problems]
    found = Report(
        problems=problems_of([*(_of_trigger(name) for name in triggers.missing()), *of_keys]), warnings=ring.warnings
    )
    sizes = {code: _places(code) for code, _name in organisations}
    done = 0
    for code, name in organisations:

        def tell(of_log: int, *, before: int = done, name: str = name) -> None:
            if report:
                report(before + of_log, sum(sizes.values()), name)

        found.logs.append(_verify_log(code, name, sizes[code], ring=ring, against=against, tell=tell))
        done += sizes[code]
    return found


def _verify_log(
    organisation: uuid.UUID, name: str, size: int, *, ring: Ring, against: str, tell: Callable[[int], None]
) -> LogReport:
    started = time.perf_counter()
    log = LogReport(organisation=str(organisation), name=name, size=size)
    parts = _parts(organisation, size, tell)
    replayed = Replayed([block for part in parts for block in part.blocks], parts[-1].tail if parts else [])
    log.root = (replayed.root_at(replayed.size, tail=replayed.tail) or b"").hex()
    found = _exchanged([one for part in parts for one in part.found])
    unnamed = sum(part.unnamed for part in parts)
    found = _without_acts(organisation, found) + _put_in_twice(organisation, parts)
    if not any(one.code in ("leaf_missing", "place_twice") for one in found):
        found += compare(organisation, replayed)
    held = stored_checkpoints(organisation, replayed, ring)
    found += held.found
    if against:
        found += brought_checkpoint(organisation, replayed, ring, against)
    if not any(one.code == "log_forked" for one in found):
        found += [one for one in handed_over(organisation, replayed, ring) if one not in found]
    stamps = stored_stamps(organisation)
    found += stamps.found
    log.stamps, log.stamped_at = stamps.count, stamps.at
    with_queue, log.waiting = _queue(organisation)
    found += with_queue + _outside(organisation) + _acts_without_record(organisation)
    log.checkpoints, log.signed_size, log.signed_at = held.count, held.size, held.at
    if unnamed + len(found) > NAMED:
        unnamed += len(found) - NAMED
        found = [*found[:NAMED], Finding("more", facts={"count": unnamed})]
    log.problems = problems_of(found)
    log.seconds = round(time.perf_counter() - started, 3)
    return log


def _places(organisation: uuid.UUID) -> int:
    """Return how many places to replay: those of the tree.

    Never many more than entries were ever numbered: one leaf that was put far away, which any INSERT may do, would make
    the replay of the gap before it endless. The gap is named all the same.
    """
    newest = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return min(size_of(organisation), newest + STEP)


def _parts(organisation: uuid.UUID, size: int, tell: Callable[[int], None]) -> list[Part]:
    """Return the log replayed in parts, in their order."""
    ranges = [(first, min(first + STEP, size)) for first in range(0, size, STEP)]
    parts = []
    # Another process sees nothing of an open transaction, and would wait for its locks for ever.
    alone = size <= ALONE or connection.in_atomic_block
    for part in _alone(organisation, ranges) if alone else _together(organisation, ranges):
        parts.append(part)
        tell(part.last)
    return parts


def _alone(organisation: uuid.UUID, ranges: list[tuple[int, int]]) -> Iterator[Part]:
    connection.ensure_connection()
    for first, last in ranges:
        yield replay(connection.connection, connection.vendor, organisation, first, last, BLOCK)


def _together(organisation: uuid.UUID, ranges: list[tuple[int, int]]) -> Iterator[Part]:
    """Replay in fresh processes: a forked one would share our connection, and our threads' locks."""
    processes = min(PROCESSES, os.cpu_count() or 1)
    firsts, lasts = zip(*ranges, strict=True)
    count = len(ranges)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(replay_apart, [_source()] * count, [organisation] * count, firsts, lasts, [BLOCK] * count)


def _source() -> Source:
    """Return how another process reaches the database of this one."""
    settings: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        return Source("sqlite", (("database", str(Path(settings["NAME"]))),))
    words = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return Source("postgresql", tuple((word, settings[name]) for word, name in words.items() if settings[name]))


def _exchanged(found: list[Finding]) -> list[Finding]:
    """Tell entries that stand at each other's places from entries that were changed."""
    changed = [one for one in found if one.code == "entry_changed" and one.facts["stored"]]
    stored = {one.facts["stored"] for one in changed}
    # One that stands at its own place, its kept hash alone changed, was not moved.
    moved = {id(one) for one in changed if one.facts["hashed"] in stored and one.facts["hashed"] != one.facts["stored"]}
    return [Finding("reordered", one.index, one.entry) if id(one) in moved else one for one in found]


def _without_acts(organisation: uuid.UUID, found: list[Finding]) -> list[Finding]:
    """Leave out payloads that went by an act."""
    gone = [one.entry for one in found if one.code == "payload_gone"]
    if not gone:
        return found
    # All rows of acts, not those of a long list of keys: a whole year may have been destroyed.
    by_act = set(Blanking.objects.filter(entry__organisation=organisation).values_list("entry_id", flat=True))
    return [one for one in found if one.code != "payload_gone" or one.entry not in by_act]


def _put_in_twice(organisation: uuid.UUID, parts: list[Part]) -> list[Finding]:
    found = []
    for head in twice(parts):
        # By the whole table, because leaves have no index by hash: this happens only when something is wrong.
        with connection.cursor() as cursor:
            field: Any = Leaf._meta.get_field("organisation")
            beginning = "substr(hash, 1, 8)" if connection.vendor == "sqlite" else "substring(hash from 1 for 8)"
            cursor.execute(
                f'SELECT "index", entry_id FROM {Leaf._meta.db_table} '  # noqa: S608 (own names)
                f'WHERE organisation = %s AND {beginning} = %s ORDER BY "index"',
                [field.get_db_prep_value(organisation, connection), head],
            )
            rows = cursor.fetchall()
        places = ", ".join(str(index) for index, _entry in rows)
        found.append(Finding("duplicate", rows[-1][0], rows[-1][1], {"places": places}))
    return found


def _queue(organisation: uuid.UUID) -> tuple[list[Finding], int]:
    connection.ensure_connection()
    part = replay_queue(connection.connection, connection.vendor, organisation)
    return _without_acts(organisation, part.found), part.last


def _outside(organisation: uuid.UUID) -> list[Finding]:
    """Return entries that are neither in the tree nor in the queue, or in both. One look for all in a sound log."""
    field: Any = Leaf._meta.get_field("organisation")
    own = field.get_db_prep_value(organisation, connection)
    count = "(SELECT COUNT(*) FROM {} WHERE organisation = %s)"
    tables = ("ledger_entry", "ledger_leaf", "ledger_pending")
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(count.format(table) for table in tables), [own] * 3)
        entries, leaves, pending = cursor.fetchone()
    both = Entry.objects.filter(organisation=organisation, place__isnull=False, pending__isnull=False)
    in_both = (
        [Finding("entry_in_both", entry=key) for key in both.values_list("pk", flat=True)[:NAMED]] if pending else []
    )
    if entries == leaves + pending and not in_both:
        return []
    neither = Entry.objects.filter(organisation=organisation, place=None, pending=None).order_by("pk")
    return in_both + [Finding("entry_outside", entry=key) for key in neither.values_list("pk", flat=True)[:NAMED]]


def _acts_without_record(organisation: uuid.UUID) -> list[Finding]:
    """Return blankings that no entry of the ledger tells of."""
    from letopis.ledger.blanking import VERB, blanked_name

    rows = dict(Blanking.objects.filter(entry__organisation=organisation).values_list("entry_id", "act"))
    told: set[tuple[int, str]] = set()
    if rows:
        names = {blanked_name(key): key for key in rows}
        records = Payload.objects.filter(entry__organisation=organisation, entry__verb=VERB)
        for name, body in records.values_list("entry__object", "body").iterator():
            if name in names:
                try:
                    told.add((names[name], json.loads(bytes(body))["after"]["act"]))
                except (ValueError, KeyError, TypeError):
                    # A record that was forged tells of nothing; its own finding names it.
                    continue
    return [
        Finding("blanking_without_record", entry=key, facts={"act": act})
        for key, act in rows.items()
        if (key, act) not in told
    ]


def _of_trigger(name: str) -> Finding:
    return Finding("trigger_missing", facts={"trigger": name})
