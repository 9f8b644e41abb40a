"""A supervisor starts a child, keeps its lease, and tells how it ended."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from uuid import UUID, uuid4

import psutil
import pytest
from sqlalchemy import Engine

from app import jobs
from app.database.engine import open_database, write_session
from app.jobs import Claim, SavedState
from app.settings import Settings
from app.spec import JobStatus
from tests.conftest import FakeDoorbell
from tests.factories import (
    claimed_job,
    event_kinds,
    read_events,
    read_job,
    running_job,
    submitted_job,
    tiny_spec,
)
from tests.worker.attempts import never
from worker.exits import ExitCode
from worker.supervisor import Supervisor, end_child

MakeSupervisor = Callable[..., Supervisor]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    hasty = {"heartbeat_seconds": 0.1, "lease_seconds": 0.4, "stop_seconds": 0.2}
    return settings.model_copy(update=hasty)


@pytest.fixture
def make_supervisor(
    engine: Engine, doorbell: FakeDoorbell, settings: Settings
) -> MakeSupervisor:
    def make(stop: Callable[[], bool] = never, **values: object) -> Supervisor:
        chosen = settings.model_copy(update=values)
        return Supervisor(engine, doorbell, chosen, "host:1", stop)

    return make


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """Give a child that would outlive every test and is deaf to SIGTERM."""
    command = "trap '' TERM; echo deaf; exec sleep 600"
    with subprocess.Popen(["/bin/sh", "-c", command], stdout=subprocess.PIPE) as child:
        if child.stdout is not None:
            child.stdout.readline()
        yield child
        child.kill()


def training_children() -> list[psutil.Process]:
    children = psutil.Process().children()
    return [child for child in children if "worker.runner" in child.cmdline()]


def kill_the_child() -> bool:
    """Be a supervisor's `stop` that kills its child and asks for nothing."""
    with suppress(psutil.NoSuchProcess):  # dead already and not yet reaped
        for child in training_children():
            child.kill()
    return False


def test_a_stale_message_starts_nothing(
    make_supervisor: MakeSupervisor, doorbell: FakeDoorbell, engine: Engine
) -> None:
    taken = running_job(engine).job_id

    for job_id in (uuid4(), taken):
        make_supervisor().run_job(job_id)

    assert doorbell.rung == []
    assert event_kinds(engine, taken) == ["queued", "running"]


def test_a_child_that_is_killed_puts_its_job_back(
    make_supervisor: MakeSupervisor, engine: Engine, doorbell: FakeDoorbell
) -> None:
    job_id = submitted_job(engine).id

    make_supervisor(kill_the_child).run_job(job_id)

    job = read_job(engine, job_id)
    assert (job.status, job.crashes, job.worker_id) == (JobStatus.QUEUED, 1, None)
    assert read_events(engine, job_id)[-1].data == {"reason": "killed by signal 9"}
    assert doorbell.rung == [job_id, job_id]


def test_a_child_that_is_killed_too_often_fails_its_job(
    make_supervisor: MakeSupervisor, engine: Engine
) -> None:
    job_id = submitted_job(engine).id

    for _attempt in range(2):
        make_supervisor(kill_the_child, max_attempts=2).run_job(job_id)

    job = read_job(engine, job_id)
    assert job.status is JobStatus.FAILED
    assert job.error is not None
    assert job.error.code == "worker_lost"
    assert "killed by signal 9" in job.error.message


@pytest.mark.usefixtures("dataset")
def test_a_real_child_that_is_told_to_stop_gives_its_job_back(
    make_supervisor: MakeSupervisor,
    engine: Engine,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MODELMILL_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MODELMILL_REDIS_URL", settings.resolved_redis_url)
    monkeypatch.setenv("MODELMILL_TRAINING_THREADS", "1")
    job_id = submitted_job(engine, tiny_spec(epochs=1000)).id

    def is_training() -> bool:
        return read_job(engine, job_id).progress is not None

    make_supervisor(is_training, stop_seconds=60, lease_seconds=60).run_job(job_id)

    job = read_job(engine, job_id)
    assert (job.status, job.crashes, job.attempt) == (JobStatus.QUEUED, 0, 1)
    assert read_events(engine, job_id)[-1].data["reason"] == "worker_stopped"
    assert training_children() == []


def test_a_child_whose_lease_was_lost_is_killed(
    make_supervisor: MakeSupervisor, engine: Engine, sleeper: subprocess.Popen[bytes]
) -> None:
    claim = running_job(engine)
    with write_session(engine) as session:
        jobs.release_job(session, claim, SavedState(1, 0, b""))
    claimed_job(engine, claim.job_id, worker_id="another")

    make_supervisor(lease_seconds=60).watch(sleeper, claim)

    assert end_child(sleeper) == -9
    assert read_job(engine, claim.job_id).worker_id == "another"


def test_a_child_that_does_not_stop_in_time_is_given_up(
    make_supervisor: MakeSupervisor, engine: Engine, sleeper: subprocess.Popen[bytes]
) -> None:
    make_supervisor(lambda: True, lease_seconds=60).watch(sleeper, running_job(engine))

    assert sleeper.poll() is None


def test_a_child_is_given_up_when_the_database_is_away_for_a_lease(
    make_supervisor: MakeSupervisor,
    settings: Settings,
    doorbell: FakeDoorbell,
    sleeper: subprocess.Popen[bytes],
) -> None:
    away = open_database(f"sqlite:///{settings.data_dir / 'no' / 'such.sqlite3'}")
    supervisor = Supervisor(away, doorbell, settings, "host:1", never)

    supervisor.watch(sleeper, Claim(uuid4(), attempt=1))

    assert sleeper.poll() is None


def test_the_lease_is_renewed_while_the_child_lives(
    make_supervisor: MakeSupervisor, engine: Engine
) -> None:
    claim = running_job(engine)
    first = read_job(engine, claim.job_id).lease_expires_at

    with subprocess.Popen(["/bin/sleep", "0.3"]) as child:
        make_supervisor(lease_seconds=3600).watch(child, claim)

    last = read_job(engine, claim.job_id).lease_expires_at
    assert first is not None
    assert last is not None
    assert (last - first).total_seconds() > 3000


@pytest.mark.parametrize("ending", ExitCode)
def test_an_orderly_ending_changes_nothing(
    make_supervisor: MakeSupervisor, engine: Engine, ending: ExitCode
) -> None:
    claim = running_job(engine)

    make_supervisor().reap(ending, claim)

    assert event_kinds(engine, claim.job_id) == ["queued", "running"]


def reason_after(supervisor: Supervisor, exit_status: int, job_id: UUID) -> object:
    claim = claimed_job(supervisor.engine, job_id)
    supervisor.reap(exit_status, claim)
    return read_events(supervisor.engine, job_id)[-1].data["reason"]


def test_any_other_ending_is_told_as_it_was(
    make_supervisor: MakeSupervisor, engine: Engine
) -> None:
    supervisor, job_id = make_supervisor(), submitted_job(engine).id

    assert reason_after(supervisor, 1, job_id) == "exit status 1"
    assert reason_after(supervisor, -11, job_id) == "killed by signal 11"
