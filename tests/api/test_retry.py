"""A retry is a new job with an old one's spec, less what the body replaces."""

from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from tests.conftest import FakeQueue
from tests.factories import (
    read_problem,
    submitted_job,
    succeeded_job,
    tiny_spec,
)

JSON = {"content-type": "application/json"}


def count_jobs(client: TestClient) -> int:
    return len(client.get("/jobs").json()["data"])


def test_a_retry_runs_the_same_again(
    client: TestClient, engine: Engine, queue: FakeQueue
) -> None:
    old = succeeded_job(engine)

    response = client.post(f"/jobs/{old.id}/retry", json={})

    job = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"/jobs/{job['id']}"
    assert job["id"] != job["retried_from"] == str(old.id)
    assert job["status"] == "queued"
    assert job["spec"] == old.spec.model_dump(mode="json")
    assert queue.enqueued == [UUID(job["id"])]


def test_any_field_may_be_replaced(client: TestClient, engine: Engine) -> None:
    old = submitted_job(engine, tiny_spec(name="old", tags=["a"], metadata={"b": "c"}))
    body = {"name": "new", "epochs": 3, "optimizer": {"kind": "adam"}, "priority": 5}

    job = client.post(f"/jobs/{old.id}/retry", json=body).json()

    assert (job["name"], job["tags"], job["metadata"]) == ("new", ["a"], {"b": "c"})
    assert (job["priority"], job["spec"]["epochs"]) == (5, 3)
    assert job["spec"]["optimizer"]["kind"] == "adam"
    assert job["spec"]["seed"] == old.spec.seed


def test_all_that_is_wrong_with_the_body_is_named(
    client: TestClient, engine: Engine
) -> None:
    old = submitted_job(engine)
    body = {"epochs": 0, "optimizer": {"kind": "sgd", "momentum": 2}, "layers": 3}

    response = client.post(f"/jobs/{old.id}/retry", json=body)

    problem = read_problem(response)
    assert (problem["status"], problem["code"]) == (422, "invalid_request")
    assert [error["pointer"] for error in problem["errors"]] == [
        "/body/epochs",
        "/body/optimizer/momentum",
        "/body/layers",
    ]
    assert count_jobs(client) == 1


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999"])
def test_what_is_no_number_is_refused(
    client: TestClient, engine: Engine, number: bytes
) -> None:
    old = submitted_job(engine)
    body = b'{"learning_rate": ' + number + b"}"

    response = client.post(f"/jobs/{old.id}/retry", content=body, headers=JSON)

    [error] = read_problem(response)["errors"]
    assert response.status_code == 422
    assert error["pointer"] == "/body/learning_rate"


@pytest.mark.parametrize("body", [b"[]", b"7", b"null", b'"same"', b"", b"{"])
def test_a_body_that_is_no_object_is_refused(
    client: TestClient, engine: Engine, body: bytes
) -> None:
    old = submitted_job(engine)

    response = client.post(f"/jobs/{old.id}/retry", content=body, headers=JSON)

    assert read_problem(response)["status"] == 422
