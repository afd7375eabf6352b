"""Worker processes that render print forms, so that the processes which ask for them do not grow."""

import json
import os
import queue
import resource
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from types import TracebackType
from typing import IO, Any, Self

from letopis.core.typst import TypstFailed, as_json, compile_form, find_form


class PrinterDied(RuntimeError):
    """A worker process ended in the middle of a job (as a rule, for want of memory)."""

    def __init__(self, *, form: str, exit_code: int | None) -> None:
        super().__init__(f"the process that printed {form} ended with code {exit_code}")
        self.form, self.exit_code = form, exit_code


@dataclass(frozen=True, slots=True)
class PrintJob:
    """What a `Printer` needs for one document."""

    form: tuple[str, str, date]
    """App, form, and the day whose edition is printed."""
    data: Mapping[str, Any]
    issued_on: date
    tagged: bool = False


class Printer:
    """Worker processes that render documents and are replaced before they grow.

    Use as a context manager. `render` may be called from several threads; each call waits for a free worker.
    """

    def __init__(self, *, workers: int = 1, jobs_per_worker: int = 12, memory_limit_mb: int = 800) -> None:
        self._workers = workers
        self._jobs_per_worker = jobs_per_worker
        self._memory_limit_mb = memory_limit_mb
        self._free: queue.LifoQueue[_Worker] = queue.LifoQueue()

    def __enter__(self) -> Self:
        for _ in range(self._workers):
            self._free.put(_Worker())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for _ in range(self._workers):
            self._free.get().stop()

    def render(self, job: PrintJob) -> bytes:
        """Return the document of a job. Raises as the function `render` does, and PrinterDied."""
        with self._worker() as worker:
            return worker.render(job)

    def render_many(self, jobs: Iterable[PrintJob]) -> Iterator[bytes]:
        """Yield the documents in the order of the jobs, all workers busy."""
        with ThreadPoolExecutor(self._workers) as threads:
            yield from threads.map(self.render, jobs)

    @contextmanager
    def _worker(self) -> Iterator["_Worker"]:
        worker = self._free.get()
        try:
            yield worker
        finally:
            if worker.jobs >= self._jobs_per_worker or worker.peak_mb >= self._memory_limit_mb:
                worker.stop()
            self._free.put(worker)


class _Worker:
    """A child process that is started by its first job and started again after it was stopped.

    A plain subprocess, not multiprocessing: a spawned child of that would import the main module of the web server.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self.jobs = 0
        self.peak_mb = 0

    def render(self, job: PrintJob) -> bytes:
        edition = find_form(*job.form[:2], on=job.form[2])
        question = {
            "form": [edition.app, edition.name, edition.edition.isoformat()],
            "issued_on": job.issued_on.isoformat(),
            "tagged": job.tagged,
        }
        answer, document = self._ask(question, as_json(job.data), form=edition.name)
        self.jobs += 1
        self.peak_mb = answer["peak_mb"]
        if answer["messages"]:
            raise TypstFailed(form=edition.name, edition=edition.edition, messages=tuple(answer["messages"]))
        return document

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
        self._process, self.jobs, self.peak_mb = None, 0, 0

    def _ask(self, question: dict[str, Any], data: bytes, *, form: str) -> tuple[dict[str, Any], bytes]:
        process = self._process = self._process or _start()
        try:
            _send(_pipe(process.stdin), question, data)
            return _receive(_pipe(process.stdout))
        except (EOFError, OSError) as error:
            self.stop()
            raise PrinterDied(form=form, exit_code=process.returncode) from error
        except BaseException:
            # An interrupted caller leaves an answer in the pipe, which the next job would take for its own.
            self.stop()
            raise


def serve_jobs() -> None:
    """Render what comes on standard input until it ends: the body of a worker process."""
    # ru_maxrss is in bytes on macOS and in kilobytes on Linux.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    while True:
        try:
            question, data = _receive(sys.stdin.buffer)
        except EOFError:
            return
        app, name, edition = question["form"]
        document, messages = b"", list[str]()
        try:
            form = find_form(app, name, on=date.fromisoformat(edition))
            issued_on = date.fromisoformat(question["issued_on"])
            document = compile_form(form, data, issued_on=issued_on, tagged=question["tagged"])
        except TypstFailed as failed:
            messages = list(failed.messages)
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit
        _send(sys.stdout.buffer, {"messages": messages, "peak_mb": peak_mb}, document)


def _start() -> subprocess.Popen[bytes]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-c", "from letopis.core.printer import serve_jobs; serve_jobs()"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)  # noqa: S603 (own command)


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise EOFError
    return pipe


def _send(pipe: IO[bytes], head: dict[str, Any], body: bytes) -> None:
    """Write one line of JSON with the length of the body, and the body."""
    pipe.write(json.dumps(head | {"length": len(body)}).encode() + b"\n" + body)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """Return what `_send` wrote at the other end. Raises EOFError when that end is gone."""
    line = pipe.readline()
    head: dict[str, Any] = json.loads(line) if line.endswith(b"\n") else {"length": 1}
    body = pipe.read(head["length"])
    if len(body) != head["length"]:
        raise EOFError
    return head, body
