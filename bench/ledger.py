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

from bench.school import ROOT, TODAY, Row, in_turns, row, rows_of, run, told

ENTRIES = int(os.environ.get("LETOPIS_BENCH_ENTRIES", "1000000"))
PACE = float(os.environ.get("LETOPIS_BENCH_PACE", "4"))
SECONDS = float(os.environ.get("LETOPIS_BENCH_SECONDS", "20"))
POSTGRES = os.environ.get("LETOPIS_BENCH_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
ADDED, VERIFY_S, PROOF_MS, SAVE_P99_MS, LAG_S = 0.25, 8.0, 10.0, 50.0, 5.0
WRITERS, PORTION, ROUNDS = 8, 20_000, 200
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
    return [
        row(
            "ledger: what it adds to the save of a cell",
            f"{added:+.0%} ({times['with']:.2f} ms, without {times['without']:.2f} ms)",
            f"≤ {ADDED:.0%}",
            added <= ADDED,
        )
    ]


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
    return [*_long_log("PostgreSQL"), *_writers()]


def _writers() -> list[Row]:
    """Let eight processes save cells for a while, beside the sequencer, and watch how far it falls behind."""
    sequencer = subprocess.Popen([sys.executable, "-m", "bench.ledger", "--sequencer"], cwd=ROOT)
    times, lag = _together(pace=PACE, seconds=SECONDS)
    full, full_lag = _together(pace=0, seconds=SECONDS / 2)
    sequencer.terminate()
    sequencer.wait()
    p99 = _p99(times)
    what = f"ledger on PostgreSQL, {WRITERS} writers"
    saved = f"{len(times):,} saves, {PACE:g} a second each, median {statistics.median(times):.1f} ms"
    most = max(lag, full_lag)
    return [
        row(f"{what}: save of a cell, p99", f"{p99:.1f} ms ({saved})", f"≤ {SAVE_P99_MS:g} ms", p99 <= SAVE_P99_MS),
        row(f"{what}: oldest entry without a place", f"{most:.1f} s", f"≤ {LAG_S:g} s", most <= LAG_S),
        told(f"{what}, without a pause", f"{len(full) / (SECONDS / 2):.0f} saves a second, p99 {_p99(full):.0f} ms"),
    ]


def _together(*, pace: float, seconds: float) -> tuple[list[float], float]:
    """Return how long the saves of all writers took, in milliseconds, and how long an entry waited for its place."""
    command = [sys.executable, "-m", "bench.ledger", "--writer"]
    writers = [
        subprocess.Popen([*command, f"{number} {pace} {seconds}"], cwd=ROOT, stdout=subprocess.PIPE)
        for number in range(WRITERS)
    ]
    lag = _watch_lag(lambda: all(writer.poll() is not None for writer in writers))
    times: list[float] = []
    for writer in writers:
        said, _ = writer.communicate()
        if writer.returncode:
            raise RuntimeError("a writer failed")
        times += json.loads(said)
    return times, lag


def _p99(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


def _watch_lag(is_over: Any) -> float:
    """Return for how long an entry waited at most: since the last look at which there was no key as great as its."""
    from django.db import connection

    seen, worst = [(0, time.monotonic())], 0.0
    while not is_over():
        with connection.cursor() as cursor:
            cursor.execute("SELECT (SELECT MAX(id) FROM ledger_entry), (SELECT MIN(entry_id) FROM ledger_pending)")
            greatest, oldest = cursor.fetchone()
        now = time.monotonic()
        if oldest is not None:
            worst = max(worst, now - max(at for key, at in seen if key < oldest))
        seen.append((greatest, now))
        time.sleep(0.1)
    return worst


def _write(number: int, pace: float, seconds: float) -> None:
    """Save cells of one course until the time is over; print how long each took, in milliseconds."""
    import django

    django.setup()
    from letopis.people.access import actor_of, load_user
    from letopis.register.actions.cell_results import CellSave
    from letopis.register.actions.cells import save_cells
    from letopis.register.models import Lesson
    from letopis.schooling.models import GroupKind

    lessons = Lesson.objects.filter(
        organisation__slug="demo", on=TODAY, tasks__isnull=False, course__group__kind=GroupKind.WHOLE_CLASS,
        course__group__school_class__grade__gte=2, teacher__person__user__isnull=False, state="HELD",
    ).order_by("course_id", "pk").distinct("course_id")  # fmt: skip
    lesson = lessons.select_related("course__group", "teacher__person__user")[number]
    task = lesson.tasks.order_by("pk")[0]
    actor = actor_of(load_user(lesson.teacher.person.user.pk), today=lesson.on)
    marks = {mark.pupil.code: mark.value for mark in task.marks.select_related("pupil") if mark.value in "2345"}
    away = set(lesson.attendances.values_list("pupil__code", flat=True))
    members = lesson.course.group.memberships.filter(ends_on=None).select_related("pupil")
    pupils = [one.pupil.code for one in members if one.pupil.code not in away]
    times, started = list[float](), time.monotonic()
    until = started + seconds
    while time.monotonic() < until:
        pupil = pupils[len(times) % len(pupils)]
        seen = marks.get(pupil, "")
        marks[pupil] = "4" if seen == "5" else "5"
        before = time.perf_counter()
        saved = save_cells(
            actor, course=lesson.course.code, cells=[CellSave(task.code, pupil, seen, marks[pupil])],
            at=EVENING + timedelta(seconds=time.monotonic() - started),
        )  # fmt: skip
        times.append((time.perf_counter() - before) * 1000)
        assert saved.cells[0].status == "SAVED", saved.cells[0]
        if pace:
            time.sleep(max(0.0, started + len(times) / pace - time.monotonic()))
    print(json.dumps(times))


def _sequence_for_ever() -> None:
    import django

    django.setup()
    from letopis.ledger import beat

    while True:
        beat.put_into_trees()
        time.sleep(beat.SECONDS)


if __name__ == "__main__":
    if "--postgres" in sys.argv:
        print(json.dumps(_measured_on_postgres()))
    elif "--writer" in sys.argv:
        which, pace, seconds = sys.argv[-1].split()
        _write(int(which), float(pace), float(seconds))
    elif "--sequencer" in sys.argv:
        _sequence_for_ever()
    elif "--here" in sys.argv:
        run("bench.ledger", measured)
    else:
        for one in rows():
            print(" | ".join(one))
