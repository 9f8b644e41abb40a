"""Whatever becomes of a child, its supervisor outlives it and says what happened."""

from datetime import datetime

import psutil
import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from app import jobs
from app.database.engine import read_session
from app.states import JobStatus, Outcome
from tests.conftest import FakeDoorbell
from tests.factories import (
    claimed_job,
    read_events,
    read_job,
    settle,
    submitted_job,
    tiny_spec,
)
from tests.worker.children import (
    MakeSupervisor,
    Meddler,
    at_once,
    deafen,
    kill,
    once_training,
    training_children,
)

pytestmark = pytest.mark.live


def test_a_child_that_is_killed_puts_its_job_back(
    make_supervisor: MakeSupervisor, engine: Engine, doorbell: FakeDoorbell
) -> None:
    job_id = submitted_job(engine).id

    make_supervisor(Meddler(at_once, kill)).run_next()

    job = read_job(engine, job_id)
    assert (job.status, job.crashes, job.worker_id) == (JobStatus.QUEUED, 1, None)
    assert read_events(engine, job_id)[-1].data == {"reason": "killed by signal 9"}
    assert doorbell.rung == [job_id, job_id]


def test_a_child_that_is_killed_too_often_fails_its_job(
    make_supervisor: MakeSupervisor, engine: Engine
) -> None:
    job_id = submitted_job(engine).id

    for _attempt in range(2):
        supervisor = make_supervisor(Meddler(at_once, kill), max_attempts=2)
        supervisor.run_next()
        supervisor.close()

    job = read_job(engine, job_id)
    assert job.status is JobStatus.FAILED
    assert job.error is not None
    assert job.error.code == "process_crashed"
    assert "died 2 times" in job.error.message
    assert "killed by signal 9" in job.error.message


@pytest.mark.usefixtures("dataset")
def test_a_crash_is_told_with_the_last_lines_of_the_log(
    make_supervisor: MakeSupervisor, engine: Engine
) -> None:
    job_id = submitted_job(engine, tiny_spec(epochs=1000)).id

    def has_spoken() -> bool:
        with read_session(engine) as session:
            return bool(jobs.list_log_lines(session, job_id, after=0))

    make_supervisor(Meddler(has_spoken, kill), max_attempts=1).run_next()

    with read_session(engine) as session:
        lines = jobs.list_log_lines(session, job_id, after=0)
    error = read_job(engine, job_id).error
    assert error is not None
    assert error.code == "process_crashed"
    said = error.message.split("It said last:\n")[1].splitlines()
    assert said == [line.message for line in lines][-15:]


def test_a_child_told_to_stop_before_it_listens_has_not_crashed(
    make_supervisor: MakeSupervisor, engine: Engine
) -> None:
    job_id = submitted_job(engine).id

    make_supervisor(Meddler(at_once, lambda _child: True)).run_next()

    job = read_job(engine, job_id)
    assert (job.status, job.crashes) == (JobStatus.QUEUED, 0)
    assert read_events(engine, job_id)[-1].data == {"reason": "released"}


@pytest.mark.usefixtures("dataset")
def test_a_child_that_does_not_stop_in_time_is_killed(
    make_supervisor: MakeSupervisor, engine: Engine
) -> None:
    job_id = submitted_job(engine, tiny_spec(epochs=1000)).id

    def deafen_and_stop(child: psutil.Process) -> bool:
        deafen(child)
        return True

    meddler = Meddler(once_training(engine, job_id), deafen_and_stop)
    make_supervisor(meddler, stop_seconds=0.2).run_next()

    job = read_job(engine, job_id)
    assert meddler.worker not in training_children()
    assert (job.status, job.crashes) == (JobStatus.QUEUED, 1)


def test_a_child_whose_lease_was_lost_is_killed(
    make_supervisor: MakeSupervisor, engine: Engine
) -> None:
    job_id = submitted_job(engine).id

    def give_to_another(child: psutil.Process) -> bool:
        deafen(child)
        settle(engine, jobs.Claim(job_id, 1), Outcome.LOST)
        claimed_job(engine, job_id, worker_id="another")
        return False

    meddler = Meddler(at_once, give_to_another)
    make_supervisor(meddler).run_next()

    job = read_job(engine, job_id)
    assert meddler.worker not in training_children()
    assert (job.worker_id, job.attempt, job.crashes) == ("another", 2, 1)


def test_a_child_is_killed_when_the_database_is_away_for_a_lease(
    make_supervisor: MakeSupervisor, engine: Engine
) -> None:
    submitted_job(engine)

    def take_the_database_away(child: psutil.Process) -> bool:
        deafen(child)
        with engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE job RENAME TO gone")
        return False

    meddler = Meddler(at_once, take_the_database_away)
    supervisor = make_supervisor(meddler, lease_seconds=0.4)
    with pytest.raises(OperationalError, match="no such table: job"):
        supervisor.run_next()

    assert meddler.worker not in training_children()


def test_the_lease_is_renewed_while_the_child_lives(
    make_supervisor: MakeSupervisor, engine: Engine
) -> None:
    job_id = submitted_job(engine).id
    leases: set[datetime | None] = set()

    def is_renewed() -> bool:
        leases.add(read_job(engine, job_id).lease_expires_at)
        return len(leases) > 2

    make_supervisor(Meddler(is_renewed, kill)).run_next()

    assert None not in leases
    assert read_job(engine, job_id).attempt == 1
