"""A supervisor gives its spare the first job in line and tells how it ended."""

import pytest
from sqlalchemy import Engine

from app import jobs
from app.database.engine import read_session
from app.states import Action, JobStatus, StopReason
from tests.conftest import FakeDoorbell
from tests.factories import (
    ask,
    event_kinds,
    read_events,
    read_job,
    running_job,
    submitted_job,
    tiny_spec,
)
from tests.worker.children import (
    MakeSupervisor,
    Meddler,
    WatchfulDoorbell,
    at_once,
    kill,
    once_training,
    training_children,
    wait_for_death,
)
from worker.child import describe_exit

pytestmark = pytest.mark.live


def test_a_message_without_a_waiting_job_starts_nothing(
    make_supervisor: MakeSupervisor, doorbell: FakeDoorbell, engine: Engine
) -> None:
    taken = running_job(engine).job_id
    supervisor = make_supervisor()
    [spare] = training_children()

    supervisor.run_next()

    assert training_children() == [spare]
    assert doorbell.rung == []
    assert event_kinds(engine, taken) == ["queued", "running"]


def test_a_worker_that_stops_takes_no_job(
    make_supervisor: MakeSupervisor, engine: Engine
) -> None:
    job_id = submitted_job(engine).id

    make_supervisor(lambda: True).run_next()

    assert read_job(engine, job_id).attempt == 0


def test_the_spare_takes_the_job_and_is_replaced(
    make_supervisor: MakeSupervisor, engine: Engine
) -> None:
    submitted_job(engine)
    meddler = Meddler(at_once, kill)
    supervisor = make_supervisor(meddler)
    [spare] = training_children()

    supervisor.run_next()

    assert meddler.worker == spare
    [replacement] = training_children()
    assert replacement != spare


def test_the_next_spare_lets_the_job_s_first_steps_go_first(
    make_supervisor: MakeSupervisor, engine: Engine
) -> None:
    submitted_job(engine)
    meddler = Meddler(at_once, kill)
    counts: list[int] = []

    def look() -> bool:
        counts.append(len(training_children()))
        return meddler()

    make_supervisor(look).run_next()

    before_claim, at_first_look = counts[:2]
    assert (before_claim, at_first_look) == (1, 1)
    assert meddler.is_done
    assert counts[-1] == 1  # and no other job waits for a spare


def test_a_spare_that_was_killed_is_replaced_before_the_job(
    make_supervisor: MakeSupervisor, engine: Engine
) -> None:
    submitted_job(engine)
    meddler = Meddler(at_once, kill)
    supervisor = make_supervisor(meddler)
    [spare] = training_children()
    spare.kill()
    wait_for_death(spare)

    supervisor.run_next()

    assert meddler.worker not in (None, spare)
    assert len(training_children()) == 1


@pytest.mark.usefixtures("dataset")
def test_a_job_succeeds_and_its_log_is_kept(
    make_supervisor: MakeSupervisor, engine: Engine
) -> None:
    job_id = submitted_job(engine).id
    bell = WatchfulDoorbell(engine)

    make_supervisor(bell=bell).run_next()

    job = read_job(engine, job_id)
    with read_session(engine) as session:
        lines = jobs.list_log_lines(session, job_id, after=0)
    assert (job.status, job.stop_reason) == (
        JobStatus.SUCCEEDED,
        StopReason.COMPLETED,
    )
    assert (job.worker_id, job.lease_expires_at) == (None, None)
    assert bell.seen == [(JobStatus.RUNNING, True), (JobStatus.SUCCEEDED, False)]
    assert lines[0].message.endswith("from epoch 1, step 0")
    assert {line.level for line in lines} == {"info"}


def test_a_job_that_cannot_train_fails_with_its_reason(
    make_supervisor: MakeSupervisor, engine: Engine
) -> None:
    job_id = submitted_job(engine).id

    make_supervisor().run_next()

    job = read_job(engine, job_id)
    assert (job.status, job.crashes) == (JobStatus.FAILED, 0)
    assert job.error is not None
    assert job.error.code == "dataset_unavailable"
    told = read_events(engine, job_id)[-1].data["error"]
    assert told["code"] == "dataset_unavailable"


@pytest.mark.usefixtures("dataset")
@pytest.mark.parametrize(
    ("action", "status"),
    [
        (Action.PAUSE, JobStatus.PAUSED),
        (Action.CANCEL, JobStatus.CANCELLED),
        (Action.STOP, JobStatus.SUCCEEDED),
    ],
)
def test_an_action_is_done_only_when_the_process_is_gone(
    make_supervisor: MakeSupervisor, engine: Engine, action: Action, status: JobStatus
) -> None:
    job_id = submitted_job(engine, tiny_spec(epochs=1000)).id

    def act(_child: object) -> bool:
        ask(engine, job_id, action)
        return False

    bell = WatchfulDoorbell(engine)
    meddler = Meddler(once_training(engine, job_id), act)
    make_supervisor(meddler, bell).run_next()

    assert bell.seen == [(JobStatus.RUNNING, True), (status, False)]
    assert read_job(engine, job_id).crashes == 0


@pytest.mark.usefixtures("dataset")
def test_a_worker_that_stops_gives_its_job_back(
    make_supervisor: MakeSupervisor, engine: Engine
) -> None:
    job_id = submitted_job(engine, tiny_spec(epochs=1000)).id
    meddler = Meddler(once_training(engine, job_id), lambda _child: True)

    make_supervisor(meddler).run_next()

    job = read_job(engine, job_id)
    with read_session(engine) as session:
        assert jobs.read_training_state(session, job_id) is not None
    assert (job.status, job.crashes, job.attempt) == (JobStatus.QUEUED, 0, 1)
    assert read_events(engine, job_id)[-1].data == {"reason": "released"}


@pytest.mark.parametrize(
    ("exit_status", "words"),
    [(1, "exit status 1"), (-11, "killed by signal 11")],
)
def test_an_exit_is_told_as_it_was(exit_status: int, words: str) -> None:
    assert describe_exit(exit_status) == words
