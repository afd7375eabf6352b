"""Jobs a person waits for: how they are enqueued, run and reported on.

A task of django-tasks is enqueued in the transaction that creates the Job row, so neither exists without the
other. Every job is idempotent: the sweep returns jobs of dead workers to the queue and they run again.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connections, transaction
from django.db.models import Q
from django_tasks_db.models import DBTaskResult

from letopis.core import clock
from letopis.core.models import Job

logger = logging.getLogger(__name__)

STALE_AFTER = timedelta(minutes=5)
"""A running job without a heartbeat for so long belongs to a dead worker."""
SWEEP_SECONDS = 60
BEAT_SECONDS = 30

_sweepers: list[Callable[[], None]] = []
_beats: list[tuple[Callable[[], None], float]] = []


def also_sweep(work: Callable[[], None]) -> None:
    """Have an app's own leavings swept too; called once when the app starts. Must be harmless twice, and quick."""
    _sweepers.append(work)


def also_beat(work: Callable[[], None], *, seconds: float) -> None:
    """Have an app's own work done in every worker, again and again; called once when the app starts.

    seconds: the rest after each time. Must be harmless twice, also at once in several workers.
    """
    _beats.append((work, seconds))


class JobFailed(Exception):
    """A job gave up; the sentence is shown to the person who waits."""


@transaction.atomic
def start(
    task: Any, *, kind: str, title: str, organisation_code: uuid.UUID, started_by: str, arguments: dict[str, Any]
) -> Job:
    """Create a Job and enqueue its task in the same transaction. The task takes the job's code as its one argument."""
    job = Job.objects.create(
        organisation_code=organisation_code,
        kind=kind,
        title=title,
        started_by=started_by,
        arguments=arguments,
        created_at=clock.now(),
    )
    task.enqueue(str(job.code))
    return job


def run(code: str, work: Callable[["Progress"], None]) -> None:
    """Carry out the work of a job and keep its row true: running, done, or failed with a sentence."""
    job = Job.objects.get(code=code)
    if job.state == Job.State.DONE:
        return
    now = clock.now()
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, started_at=job.started_at or now, heartbeat_at=now, error=""
    )
    heart = _Heart(job)
    heart.start()
    try:
        work(Progress(job))
    except JobFailed as failure:
        _finish(job, Job.State.FAILED, str(failure))
    except Exception as error:
        # The class only: the message of an error may hold a child's data.
        logger.error("job %s failed: %s", job.code, type(error).__name__)
        _finish(job, Job.State.FAILED, f"Внутренняя ошибка ({type(error).__name__}). Запустите ещё раз.")
        # The queue keeps the text of what is raised, so it gets the class alone as well.
        raise JobFailed(type(error).__name__) from None
    else:
        _finish(job, Job.State.DONE, "")
    finally:
        heart.stopped.set()


class Progress:
    """How far a job has come; writes at most what is shown."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def __call__(self, done: int, total: int, note: str = "") -> None:
        """Store how many of how many steps are done and what is being done now."""
        Job.objects.filter(pk=self.job.pk).update(done=done, total=total, note=note[:300], heartbeat_at=clock.now())


class _Heart(threading.Thread):
    """Beats while a job works, however long one of its steps takes."""

    def __init__(self, job: Job) -> None:
        super().__init__(daemon=True)
        self.job = job
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(BEAT_SECONDS):
            try:
                Job.objects.filter(pk=self.job.pk).update(heartbeat_at=clock.now())
            except DatabaseError as error:
                # The job itself holds the one writer of SQLite: the next beat will do.
                logger.info("no heartbeat of job %s: %s", self.job.code, type(error).__name__)
            finally:
                connections.close_all()


def sweep() -> int:
    """Return jobs of dead workers to the queue; return how many there were.

    A worker may die before it wrote that it runs: such a job is QUEUED here and claimed in the queue.
    """
    limit = clock.now() - STALE_AFTER
    running = Job.objects.filter(state__in=(Job.State.QUEUED, Job.State.RUNNING)).filter(
        Q(heartbeat_at__lt=limit) | Q(heartbeat_at=None, created_at__lt=limit)
    )
    stale = {str(code) for code in running.values_list("code", flat=True)}
    swept = 0
    for result in DBTaskResult.objects.filter(status="RUNNING"):
        if result.args_kwargs["args"] and result.args_kwargs["args"][0] in stale:
            swept += DBTaskResult.objects.filter(pk=result.pk, status="RUNNING").update(status="READY")
    return swept


def sweep_apps() -> None:
    """Let every app sweep what it asked for by `also_sweep`."""
    for work in _sweepers:
        work()


def sweep_for_ever() -> None:
    """Sweep every minute; for a thread of the worker, which ends with it."""
    while True:
        time.sleep(SWEEP_SECONDS)
        try:
            sweep()
            sweep_apps()
        except DatabaseError as error:
            # A locked database is no reason to stop looking.
            logger.warning("sweep failed: %s", type(error).__name__)
        finally:
            connections.close_all()


def start_beats() -> None:
    """Start a thread for each work that apps asked for by `also_beat`; they end with the worker."""
    for work, seconds in _beats:
        threading.Thread(target=_beat_for_ever, args=(work, seconds), daemon=True).start()


def _beat_for_ever(work: Callable[[], None], seconds: float) -> None:
    while True:
        try:
            work()
        except Exception as error:
            # Nobody waits for it, so nobody would hear of it; the class only, as everywhere in the log.
            logger.warning("%s failed: %s", work.__qualname__, type(error).__name__)
            connections.close_all()
        time.sleep(seconds)


def _finish(job: Job, state: str, error: str) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, error=error[:500], finished_at=clock.now())
