"""One action for several jobs: each is tried, and each has a result."""

from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from tests.factories import (
    read_job,
    read_problem,
    running_job,
    submitted_job,
    succeeded_job,
)


def act(client: TestClient, action: str, *ids: UUID) -> list[dict[str, object]]:
    body = {"action": action, "ids": [str(job_id) for job_id in ids]}
    response = client.post("/jobs/bulk", json=body)
    assert response.status_code == 200
    results: list[dict[str, object]] = response.json()["data"]
    assert [result["id"] for result in results] == body["ids"]
    return results


def test_some_succeed_and_others_say_why_not(
    client: TestClient, engine: Engine
) -> None:
    waiting, done = submitted_job(engine).id, succeeded_job(engine).id
    running, nowhere = running_job(engine).job_id, uuid4()

    results = act(client, "cancel", waiting, done, running, nowhere)

    found = [(result["ok"], result["status"], result["code"]) for result in results]
    assert found == [
        (True, "cancelled", None),
        (False, None, "wrong_status"),
        (True, "cancelling", None),
        (False, None, "job_not_found"),
    ]
    assert "succeeded" in str(results[1]["detail"])


@pytest.mark.parametrize(
    ("action", "status"), [("stop", "stopping"), ("pause", "pausing")]
)
def test_running_jobs_are_asked(
    client: TestClient, engine: Engine, action: str, status: str
) -> None:
    jobs = [running_job(engine).job_id for _ in range(2)]

    assert [result["status"] for result in act(client, action, *jobs)] == [status] * 2


def test_paused_jobs_are_resumed(client: TestClient, engine: Engine) -> None:
    job_id = submitted_job(engine).id
    act(client, "pause", job_id)

    assert act(client, "resume", job_id)[0]["status"] == "queued"


def test_retries_are_new_jobs(client: TestClient, engine: Engine) -> None:
    old = succeeded_job(engine)

    [result] = act(client, "retry", old.id)

    newest = client.get("/jobs?limit=1").json()["data"][0]
    assert (result["ok"], result["status"]) == (True, "queued")
    assert newest["retried_from"] == str(old.id)


def test_only_finished_jobs_are_deleted(client: TestClient, engine: Engine) -> None:
    done, active = succeeded_job(engine).id, running_job(engine).job_id

    results = act(client, "delete", done, active, done)

    assert [result["code"] for result in results] == [
        None,
        "job_not_finished",
        "job_not_found",
    ]
    assert client.get(f"/jobs/{done}").status_code == 404
    assert read_job(engine, active).id == active


def test_the_same_job_twice_is_granted_twice(
    client: TestClient, engine: Engine
) -> None:
    job_id = submitted_job(engine).id

    results = act(client, "cancel", job_id, job_id)

    assert [result["ok"] for result in results] == [True, True]


@pytest.mark.parametrize("count", [0, 101])
def test_the_number_of_jobs_is_bounded(client: TestClient, count: int) -> None:
    body = {"action": "cancel", "ids": [str(uuid4()) for _ in range(count)]}

    [error] = read_problem(client.post("/jobs/bulk", json=body))["errors"]

    assert error["pointer"] == "/body/ids"


def test_a_hundred_are_taken(client: TestClient) -> None:
    assert len(act(client, "cancel", *[uuid4() for _ in range(100)])) == 100


def test_all_that_is_wrong_is_named_at_once(client: TestClient) -> None:
    body = {"action": "explode", "ids": [str(uuid4()), "7"], "why": "?"}

    problem = read_problem(client.post("/jobs/bulk", json=body))

    assert [error["pointer"] for error in problem["errors"]] == [
        "/body/action",
        "/body/ids/1",
        "/body/why",
    ]
