"""School 5 for the benchmarks: loaded once for each state of the code, and opened in a process of its own.

The database is made by `letopis demo --school 5` and kept in var/bench under the digest of all that could change what
is in it: the code, the workbook and the day. Every part of the bench works on a copy, so that what it writes is gone
after it. LETOPIS_BENCH_DATABASE names another file of the same school instead; the table says so.
"""

import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

TODAY = "2026-11-16"
ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "bench"
NAME = "letopis.sqlite3"
ROUNDS = 60
WARM_UP = 5

Row = tuple[str, str, str, str]


def database() -> Path:
    """Return the file with School 5 as the code of now makes it; loads it when there is none yet."""
    if given := os.environ.get("LETOPIS_BENCH_DATABASE"):
        return Path(given)
    kept = KEPT / _digest() / NAME
    if kept.exists():
        return kept
    KEPT.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    print("School 5 is loaded once for this code …", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(dir=KEPT) as folder:
        letopis = "import sys; from letopis.config.cli import main; sys.exit(main())"
        command = [sys.executable, "-c", letopis, "demo", "--school", "5", "--without-packages"]
        subprocess.run([*command, "--on", TODAY], env=_environment(folder), stdout=sys.stderr, check=True, cwd=ROOT)
        for old in KEPT.iterdir():
            if old.name != Path(folder).name:
                shutil.rmtree(old, ignore_errors=True)
        kept.parent.mkdir()
        shutil.move(Path(folder) / NAME, kept)
    (kept.parent / "seconds").write_text(f"{time.perf_counter() - started:.0f}")
    return kept


def rows_of(module: str) -> list[Row]:
    """Return the rows that a module of the bench measures in a process of its own, on a copy of School 5.

    Run so that nothing else configures Django: as in a school, SQLite in a file with synchronous FULL, no debug.
    """
    with tempfile.TemporaryDirectory(prefix="letopis-bench-") as folder:
        shutil.copyfile(database(), Path(folder) / NAME)
        environment = _environment(folder) | {"DJANGO_SETTINGS_MODULE": "letopis.config.settings"}
        command = [sys.executable, "-m", module, "--here"]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, cwd=ROOT)
    return [tuple(row) for row in json.loads(done.stdout.splitlines()[-1])]


def run(module: str, measured: Callable[[], list[Row]]) -> None:
    """Be the main program of a module: measure here, or start the process that does and print its rows."""
    if "--here" in sys.argv:
        print(json.dumps(measured()))
    else:
        for row in rows_of(module):
            print(" | ".join(row))


def open_school(urlconf: str) -> None:
    """Set up Django on the copy. urlconf: the module whose `urlpatterns` are served."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.ROOT_URLCONF = urlconf
    settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "whitenoise.storage.ManifestStaticFilesStorage"
    call_command("migrate", verbosity=0)
    _check_that_commits_are_durable()
    call_command("collectstatic", verbosity=0, interactive=False)


def client(username: str) -> Any:
    """Return a test client signed in as somebody of School 5: «teacher», «director»."""
    from django.test import Client

    from letopis.accounts.models import User

    browser = Client()
    user = User.objects.get(username=f"s5-{username}")
    browser.force_login(user, backend="letopis.people.backends.PersonBackend")
    return browser


def in_turns(steps: dict[str, Callable[[], object]], *, rounds: int = ROUNDS) -> dict[str, float]:
    """Return the median time of each step in milliseconds; the steps take turns, so that a busy machine is for all."""
    times: dict[str, list[float]] = {name: [] for name in steps}
    for number in range(WARM_UP + rounds):
        for name, step in steps.items():
            started = time.perf_counter()
            step()
            if number >= WARM_UP:
                times[name].append(time.perf_counter() - started)
    return {name: statistics.median(taken) * 1000 for name, taken in times.items()}


def watched(step: Callable[[], Any]) -> tuple[Any, list[str]]:
    """Return what a step gives, and the statements it ran."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        result = step()
    return result, [one["sql"] for one in captured]


def row(what: str, figure: str, target: str, holds: bool) -> Row:
    """Return a row with its verdict."""
    return what, figure, target, "ok" if holds else "MISSED"


def told(what: str, figure: str) -> Row:
    """Return a row without a target."""
    return what, figure, "—", "—"


def _environment(folder: str) -> dict[str, str]:
    here = {"LETOPIS_VAR": folder, "LETOPIS_TODAY": TODAY, "LETOPIS_SECRET_KEY": "bench", "LETOPIS_DEBUG": "0"}
    return os.environ | here | {"LETOPIS_DATABASE": f"sqlite:///{folder}/{NAME}"}


def _digest() -> str:
    digest = hashlib.sha256(TODAY.encode())
    for path in [*sorted((ROOT / "letopis").rglob("*.py")), ROOT / "samples" / "school-5.xlsx"]:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _check_that_commits_are_durable() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        settings = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    if settings != ["wal", 2]:
        raise RuntimeError(f"SQLite must run as in a school, WAL with synchronous FULL (2), and runs as {settings}")
