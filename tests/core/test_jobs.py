"""Jobs a person waits for: none is lost, none is done twice, and a failure is told in a sentence."""

import uuid
from datetime import timedelta

import pytest
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from letopis.core import clock, jobs
from letopis.core.models import Job
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db

DONE: list[str] = []


@task()
def count_to_three(code: str) -> None:
    jobs.run(code, lambda progress: [progress(step, 3, f"шаг {step}") for step in (1, 2, 3)] and DONE.append(code))


@task()
def give_up(code: str) -> None:
    def work(progress: jobs.Progress) -> None:
        raise jobs.JobFailed("Файл исчез. Загрузите его снова.")

    jobs.run(code, work)


@task()
def stumble(code: str) -> None:
    def work(progress: jobs.Progress) -> None:
        raise ValueError("Ершова Полина, 2")

    jobs.run(code, work)


def start(what) -> Job:
    DONE.clear()
    return jobs.start(
        what, kind="test", title="Проба", organisation_code=uuid.uuid4(), started_by="accounts.User:1", arguments={}
    )


def test_a_job_runs_and_tells_how_far_it_came():
    job = start(count_to_three)

    run_jobs()

    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.note) == ("DONE", 3, 3, "шаг 3")
    assert job.finished_at is not None


def test_a_job_that_gave_up_says_why_to_the_person():
    job = start(give_up)

    run_jobs()

    job.refresh_from_db()
    assert (job.state, job.error) == ("FAILED", "Файл исчез. Загрузите его снова.")


def test_an_unforeseen_error_names_its_class_and_nobody(caplog):
    job = start(stumble)

    run_jobs()

    job.refresh_from_db()
    assert (job.state, job.error) == ("FAILED", "Внутренняя ошибка (ValueError). Запустите ещё раз.")
    assert "Ершова" not in caplog.text
    assert "Ершова" not in DBTaskResult.objects.get().traceback


def test_a_job_of_a_dead_worker_goes_back_into_the_queue_and_is_done_once():
    job = start(count_to_three)
    DBTaskResult.objects.get().claim("a worker that was killed")
    long_ago = clock.now() - jobs.STALE_AFTER - timedelta(seconds=1)
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, heartbeat_at=long_ago)

    assert jobs.sweep() == 1
    assert jobs.sweep() == 0
    run_jobs()

    job.refresh_from_db()
    assert (job.state, DONE) == ("DONE", [str(job.code)])


def test_a_job_that_still_beats_is_left_alone():
    job = start(count_to_three)
    DBTaskResult.objects.get().claim("a worker at work")
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, heartbeat_at=clock.now())

    assert jobs.sweep() == 0


def test_a_job_that_is_done_is_not_done_again():
    job = start(count_to_three)
    run_jobs()

    count_to_three.enqueue(str(job.code))
    run_jobs()

    assert [str(job.code)] == DONE


def test_a_job_whose_worker_died_before_it_said_so_is_found():
    job = start(count_to_three)
    DBTaskResult.objects.get().claim("a worker that was killed at once")
    Job.objects.filter(pk=job.pk).update(created_at=clock.now() - jobs.STALE_AFTER - timedelta(seconds=1))

    assert jobs.sweep() == 1


def test_a_job_that_waits_in_the_queue_for_long_is_left_there():
    job = start(count_to_three)
    Job.objects.filter(pk=job.pk).update(created_at=clock.now() - timedelta(days=1))

    assert jobs.sweep() == 0
