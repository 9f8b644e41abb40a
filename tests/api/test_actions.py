"""Stop, cancel, pause and resume over HTTP: granted, granted again, or refused."""

from collections.abc import Callable
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.states import Action, Outcome
from tests.conftest import FakeDoorbell, FakeQueue
from tests.factories import (
    ask,
    read_problem,
    running_job,
    settle,
    submitted_job,
    succeeded_job,
)

ACTIONS = [action.value for action in Action]


def queued(engine: Engine) -> UUID:
    return submitted_job(engine).id


def running(engine: Engine) -> UUID:
    return running_job(engine).job_id


def paused(engine: Engine) -> UUID:
    claim = running_job(engine)
    ask(engine, claim.job_id, Action.PAUSE)
    settle(engine, claim, Outcome.RELEASED)
    return claim.job_id


def succeeded(engine: Engine) -> UUID:
    return succeeded_job(engine).id


@pytest.mark.parametrize(
    ("make", "action", "status"),
    [
        (running, "stop", "stopping"),
        (running, "pause", "pausing"),
        (running, "cancel", "cancelling"),
        (queued, "pause", "paused"),
        (queued, "cancel", "cancelled"),
        (paused, "resume", "queued"),
        (paused, "stop", "stopping"),
        (paused, "cancel", "cancelled"),
        (running, "resume", "running"),
    ],
)
def test_an_action_is_accepted_and_asked_again_it_is_the_same(
    client: TestClient,
    engine: Engine,
    make: Callable[[Engine], UUID],
    action: str,
    status: str,
) -> None:
    job_id = make(engine)

    first = client.post(f"/jobs/{job_id}/{action}")
    second = client.post(f"/jobs/{job_id}/{action}")

    assert (first.status_code, first.json()["status"]) == (202, status)
    assert (second.status_code, second.json()) == (202, first.json())


@pytest.mark.parametrize(
    ("make", "action", "named"),
    [
        (queued, "stop", "not started"),
        (succeeded, "stop", "succeeded"),
        (succeeded, "cancel", "succeeded"),
        (succeeded, "pause", "succeeded"),
        (succeeded, "resume", "succeeded"),
    ],
)
def test_an_action_that_comes_too_late_or_early_is_a_conflict(
    client: TestClient,
    engine: Engine,
    make: Callable[[Engine], UUID],
    action: str,
    named: str,
) -> None:
    response = client.post(f"/jobs/{make(engine)}/{action}")

    problem = read_problem(response)
    assert (problem["status"], problem["code"]) == (409, "wrong_status")
    assert named in problem["detail"]


def test_what_a_cancelled_job_was_is_shown(client: TestClient, engine: Engine) -> None:
    job = client.post(f"/jobs/{queued(engine)}/cancel").json()

    assert job["stop_reason"] == "cancelled_by_user"
    assert job["is_terminal"]
    assert job["finished_at"] is not None


@pytest.mark.parametrize("action", ["resume", "stop"])
def test_a_job_that_a_worker_must_take_is_announced(
    client: TestClient, engine: Engine, queue: FakeQueue, action: str
) -> None:
    job_id = paused(engine)

    client.post(f"/jobs/{job_id}/{action}")

    assert queue.enqueued == [job_id]


@pytest.mark.parametrize("action", ["stop", "pause", "cancel"])
def test_who_follows_a_job_is_told_of_an_action(
    client: TestClient, engine: Engine, doorbell: FakeDoorbell, action: str
) -> None:
    job_id = running(engine)

    client.post(f"/jobs/{job_id}/{action}")

    assert doorbell.rung == [job_id]


@pytest.mark.parametrize("action", [*ACTIONS, "retry"])
@pytest.mark.parametrize("job_id", [str(UUID(int=7)), "7", "%00"])
def test_an_action_on_no_job_is_not_found(
    client: TestClient, action: str, job_id: str
) -> None:
    response = client.post(f"/jobs/{job_id}/{action}", json={})

    assert read_problem(response)["status"] == 404


@pytest.mark.parametrize("action", [*ACTIONS, "retry"])
def test_an_action_is_not_looked_at(
    client: TestClient, engine: Engine, action: str
) -> None:
    response = client.get(f"/jobs/{queued(engine)}/{action}")

    assert read_problem(response)["status"] == 405
