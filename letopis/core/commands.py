"""Commands that start the product's processes: serve, work, migrate, manage."""

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from types import FrameType
from typing import Any

WORKER_INTERVAL_SECONDS = 0.5


def register(subparsers: Any) -> None:
    serve = subparsers.add_parser("serve", help="start the web and job processes")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--workers", type=int, default=2, help="web processes (at most 2 on SQLite)")
    serve.set_defaults(func=_serve)
    work = subparsers.add_parser("work", help="run background jobs")
    work.add_argument("--until-empty", action="store_true", help="stop when no job is left")
    work.set_defaults(func=_work)
    migrate = subparsers.add_parser("migrate", help="bring the database to the newest tables")
    migrate.set_defaults(func=_migrate)
    manage = subparsers.add_parser("manage", help="run a command of Django")
    manage.add_argument("arguments", nargs=argparse.REMAINDER)
    manage.set_defaults(func=_manage)


def _serve(args: argparse.Namespace) -> int:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    web = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", str(args.workers),
        "--blocking-threads", "1", "--host", args.host, "--port", str(args.port), "--no-ws", "--log-level", "warning",
        "letopis.config.wsgi:application",
    ]  # fmt: skip
    jobs = [sys.executable, "-m", "letopis", "work"]
    print(f"Летопись открыта: http://{args.host}:{args.port}/  (Ctrl+C — остановить)", flush=True)
    return _run_together([web, jobs])


def _run_together(commands: Sequence[Sequence[str]]) -> int:
    """Run processes until one of them ends or we are told to stop; then stop the others and return the worst code."""
    processes = [subprocess.Popen(command, env=os.environ) for command in commands]
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    while not stopping and all(process.poll() is None for process in processes):
        time.sleep(0.2)
    codes = [process.poll() for process in processes]
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
    return 0 if stopping else max(abs(code) for code in codes if code is not None)


def _work(args: argparse.Namespace) -> int:
    from django.core.management import call_command

    from letopis.core import jobs

    jobs.sweep()
    if not args.until_empty:
        # A worker that was killed left its job behind with a fresh heartbeat: one look at the start is not enough.
        threading.Thread(target=jobs.sweep_for_ever, daemon=True).start()
        jobs.start_beats()
    options: dict[str, Any] = {"batch": True} if args.until_empty else {}
    call_command(
        "db_worker", interval=WORKER_INTERVAL_SECONDS, startup_delay=False, reload=False, verbosity=0, **options
    )
    return 0


def _migrate(_args: argparse.Namespace) -> int:
    from django.core.management import call_command

    call_command("migrate", verbosity=1)
    return 0


def _manage(args: argparse.Namespace) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["letopis manage", *args.arguments])
    return 0
