"""Measure the ledger: what it adds to a cell save, how long 1,000,000 entries take to verify and one to prove.

Run as `python -m bench.ledger`. On SQLite in a copy of School 5, as the other parts; the million is a log of an
organisation of its own beside it. The same million on PostgreSQL, in a database made for it and dropped, with School 17
in it: there eight processes save cells at once, while the worker's own sequencer runs; each at the pace of one who
types quickly, because eight that never pause wait for the processors and not for the ledger; what they reach without a
pause is told beside it.

LETOPIS_BENCH_ENTRIES    entries of the long log (default 1000000)
LETOPIS_BENCH_POSTGRES   postgresql:// address of a server where databases may be made
LETOPIS_BENCH_SECONDS    how long the eight write (default 20)
LETOPIS_BENCH_PACE       saves a second of each of the eight (default 4); 0: without a pause

Save with and without: the same verb in the same process, in turns, once with `record_all` and once with nothing in its
place: sealing, both inserts and the trigger are what is counted. Verification is the whole of it, as the command
does it, processes started included.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from bench import writers
from bench.school import ROOT, TODAY, Row, in_turns, row, rows_of, run, told

ENTRIES = int(os.environ.get("LETOPIS_BENCH_ENTRIES", "1000000"))
POSTGRES = os.environ.get("LETOPIS_BENCH_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
ADDED, VERIFY_S, PROOF_MS = 0.25, 8.0, 10.0
PORTION, ROUNDS = 20_000, 200
LOG = uuid.UUID("00000000-0000-4000-8000-00000000be4c")
EVENING = datetime.fromisoformat(f"{TODAY}T20:00:00+03:00")


def rows() -> list[Row]:
    """Return what, figure, target and verdict of each measurement, on both databases."""
    return [*rows_of("bench.ledger"), *_on_postgres()]


def measured() -> list[Row]:
    """Return the rows of SQLite, measured in this process."""
    from bench import grid

    return [*_added_by_the_ledger(grid._prepare()), *_long_log("SQLite")]


def _added_by_the_ledger(place: Any) -> list[Row]:
    from letopis.register.actions import cells
    from letopis.register.actions.cell_results import CellSave

    task, recorded = place.lesson.tasks.get(), cells.record_all
    # In the evening of the lesson's day: before a lesson nobody may put a mark, whatever o'clock the bench runs.
    at = datetime.combine(place.lesson.on, EVENING.timetz())
    values = {"with": "", "without": ""}
    pupils = dict(zip(values, place.pupils, strict=False))

    def save(name: str) -> None:
        seen, values[name] = values[name], "4" if values[name] == "5" else "5"
        cells.record_all = recorded if name == "with" else _nothing
        saved = cells.save_cells(
            place.actor, course=place.course.code, cells=[CellSave(task.code, pupils[name].code, seen, values[name])],
            at=at,
        )  # fmt: skip
        cells.record_all = recorded
        assert saved.cells[0].status == "SAVED", saved.cells[0]

    times = in_turns({name: partial(save, name) for name in values}, rounds=ROUNDS)
    written = {name: _written_by(partial(save, name)) for name in values}
    if written["without"] or not written["with"]:
        raise RuntimeError(f"one of the two saves must write an entry, and the other none: {written}")
    added = times["with"] / times["without"] - 1
    spent = _processor_time({name: partial(save, name) for name in values})
    return [
        row(
            "ledger: what it adds to the save of a cell",
            f"{added:+.0%} ({times['with']:.2f} ms, without {times['without']:.2f} ms)",
            f"≤ {ADDED:.0%}",
            added <= ADDED,
        ),
        # A disk that syncs in steps of milliseconds hides what the processor does.
        told(
            "ledger: what it adds, processor time alone",
            f"{spent['with'] / spent['without'] - 1:+.0%} ({spent['with']:.2f} ms, without {spent['without']:.2f} ms)",
        ),
    ]


def _processor_time(steps: dict[str, Any]) -> dict[str, float]:
    """Return the mean processor time of each step in milliseconds; the steps take turns."""
    spent = dict.fromkeys(steps, 0.0)
    for _ in range(ROUNDS):
        for name, step in steps.items():
            started = time.process_time()
            step()
            spent[name] += time.process_time() - started
    return {name: total * 1000 / ROUNDS for name, total in spent.items()}


def _written_by(step: Any) -> int:
    from letopis.ledger.models import Entry

    before = Entry.objects.count()
    step()
    return Entry.objects.count() - before


def _nothing(facts: Any) -> list[int]:
    return [0 for _ in facts]


def _long_log(database: str) -> list[Row]:
    from letopis.core import clock
    from letopis.ledger import keys, proofs
    from letopis.ledger.checkpoints import issue
    from letopis.ledger.sequencer import sequence
    from letopis.ledger.verification.whole import verify

    _record(ENTRIES)
    started = time.perf_counter()
    placed = sequence(only=LOG)
    rate = placed / (time.perf_counter() - started)
    note = issue(LOG, at=clock.now()).note
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        found = verify([(LOG, "bench")], key=keys.public_key())
        seconds.append(time.perf_counter() - started)
        assert found.ok, found.all_problems[:3]
        assert found.logs[0].size == ENTRIES
    took = statistics.median(seconds)
    draw, times, sizes = random.Random(17), [], []
    for _ in range(100):
        thing = f"register.Mark:{draw.randrange(ENTRIES)}"
        started = time.perf_counter()
        told_of = proofs.prove(LOG, thing, note=note, key=keys.public_key())
        times.append((time.perf_counter() - started) * 1000)
        text = json.dumps(told_of)
        sizes.append(len(text))
        assert proofs.check(text).ok
    proof = statistics.median(times)
    what = f"ledger of {ENTRIES:,} on {database}"
    return [
        row(f"{what}: verified", f"{took:.1f} s", f"≤ {VERIFY_S:g} s", took <= VERIFY_S),
        row(
            f"{what}: proof of one entry",
            f"{proof:.1f} ms (slowest of 100: {max(times):.1f}), {statistics.median(sizes) / 1024:.1f} KB",
            f"≤ {PROOF_MS:g} ms",
            proof <= PROOF_MS,
        ),
        told(f"{what}: entries put into the tree", f"{rate:,.0f} a second"),
    ]


def _record(count: int) -> None:
    """Write entries as a verb does, portion by portion."""
    from django.db import transaction

    from letopis.ledger.actions import Author, Fact, record_all

    by = Author(LOG, "accounts.User:7", "Копылова М. А., учитель математики", "0" * 32)
    for first in range(0, count, PORTION):
        facts = []
        for number in range(first, min(first + PORTION, count)):
            at = EVENING - timedelta(seconds=count - number)
            values = {"pupil": f"people.Pupil:{number % 827}", "task": f"register.Task:{number % 9973}", "value": "5"}
            facts.append(Fact(by, at, "register.put_mark", f"register.Mark:{number}", None, values))
        with transaction.atomic():
            record_all(facts)


def _on_postgres() -> list[Row]:
    """Return the rows of PostgreSQL, measured in a process of its own on a database that is dropped after it."""
    import psycopg

    name = f"letopis_bench_{os.getpid()}"
    try:
        server = psycopg.connect(POSTGRES, autocommit=True)
    except psycopg.OperationalError:
        return [("ledger on PostgreSQL", "no server here", "", "—")]
    server.execute(f"CREATE DATABASE {name}")
    try:
        with tempfile.TemporaryDirectory(prefix="letopis-bench-") as folder:
            address = urlsplit(POSTGRES)._replace(path=f"/{name}").geturl()
            here = {"LETOPIS_VAR": folder, "LETOPIS_DATABASE": address, "LETOPIS_TODAY": TODAY, "LETOPIS_DEBUG": "0"}
            environment = {**os.environ, **here, "DJANGO_SETTINGS_MODULE": "letopis.config.settings"}
            demo = [sys.executable, "-m", "letopis", "demo", "--without-packages", "--on", TODAY]
            subprocess.run(demo, env=environment, stdout=subprocess.DEVNULL, check=True, cwd=ROOT)
            command = [sys.executable, "-m", "bench.ledger", "--postgres"]
            done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, cwd=ROOT)
            return [tuple(one) for one in json.loads(done.stdout.splitlines()[-1])]
    finally:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.close()


def _measured_on_postgres() -> list[Row]:
    import django

    django.setup()
    return [*_long_log("PostgreSQL"), *writers.rows()]


if __name__ == "__main__":
    if "--postgres" in sys.argv:
        print(json.dumps(_measured_on_postgres()))
    elif "--here" in sys.argv:
        run("bench.ledger", measured)
    else:
        for one in rows():
            print(" | ".join(one))
