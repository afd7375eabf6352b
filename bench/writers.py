"""Eight processes that save cells on PostgreSQL beside the sequencer; a part of `bench.ledger`, which starts it.

Each saves at the pace of one who types quickly, then all without a pause. They begin together, each after its first
save. How far the sequencer falls behind is watched meanwhile.
"""

import json
import math
import os
import statistics
import subprocess
import sys
import time
from datetime import datetime, timedelta
from typing import Any

from bench.school import ROOT, TODAY, Row, row, told

PACE = float(os.environ.get("LETOPIS_BENCH_PACE", "4"))
SECONDS = float(os.environ.get("LETOPIS_BENCH_SECONDS", "20"))
SAVE_P99_MS, LAG_S, WRITERS = 50.0, 5.0, 8
EVENING = datetime.fromisoformat(f"{TODAY}T20:00:00+03:00")


def rows() -> list[Row]:
    """Let eight processes save cells for a while, beside the sequencer, and watch how far it falls behind."""
    sequencer = subprocess.Popen([sys.executable, "-m", "bench.writers", "--sequencer"], cwd=ROOT)
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
    command = [sys.executable, "-m", "bench.writers", "--writer"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    writers: list[Any] = [
        subprocess.Popen([*command, f"{number} {pace} {seconds}"], cwd=ROOT, **pipes) for number in range(WRITERS)
    ]
    # All begin together, each after its first save: a process that starts is no teacher who saves.
    for writer in writers:
        assert writer.stdout.readline() == b"ready\n"
    for writer in writers:
        writer.stdin.write(b"go\n")
        writer.stdin.flush()
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
    times, started, until, saves = list[float](), time.monotonic(), math.inf, 0
    while time.monotonic() < until:
        pupil = pupils[saves % len(pupils)]
        saves += 1
        seen = marks.get(pupil, "")
        marks[pupil] = "4" if seen == "5" else "5"
        before = time.perf_counter()
        saved = save_cells(
            actor, course=lesson.course.code, cells=[CellSave(task.code, pupil, seen, marks[pupil])],
            at=EVENING + timedelta(seconds=time.monotonic() - started),
        )  # fmt: skip
        times.append((time.perf_counter() - before) * 1000)
        assert saved.cells[0].status == "SAVED", saved.cells[0]
        if until == math.inf:
            print("ready", flush=True)
            sys.stdin.readline()
            # Eight people do not press their keys in the same millisecond.
            time.sleep(number / WRITERS / pace if pace else 0)
            times, started = [], time.monotonic()
            until = started + seconds
        elif pace:
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
    if "--sequencer" in sys.argv:
        _sequence_for_ever()
    else:
        which, pace, seconds = sys.argv[-1].split()
        _write(int(which), float(pace), float(seconds))
