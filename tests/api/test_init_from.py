"""`init_from` starts a job from a checkpoint, or says where it does not fit."""

from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.models import Checkpoint
from tests.factories import finish_job, read_problem, record_epoch, running_job


@pytest.fixture
def checkpoint(engine: Engine) -> Checkpoint:
    claim = running_job(engine)
    found = record_epoch(engine, claim, 1)
    finish_job(engine, claim)
    return found


def test_the_answer_says_what_the_job_starts_from(
    client: TestClient, checkpoint: Checkpoint
) -> None:
    body = {"init_from": str(checkpoint.id), "epochs": 3}

    job = client.post("/jobs", json=body).json()

    assert job["starting_point"] == {
        "checkpoint_id": str(checkpoint.id),
        "job_id": str(checkpoint.job_id),
        "epoch": 1,
        "sha256": checkpoint.sha256,
        "replaced": [],
    }
    lineage = client.get(f"/jobs/{job['id']}/lineage").json()
    assert lineage["starting_point"] == job["starting_point"]
    assert lineage["requested"] == body


def test_the_network_of_the_checkpoint_is_the_default(
    client: TestClient, engine: Engine, checkpoint: Checkpoint
) -> None:
    body = {"init_from": str(checkpoint.id), "preset": "tutorial", "seed": 3}

    spec = client.post("/jobs", json=body).json()["spec"]

    parent = client.get(f"/jobs/{checkpoint.job_id}").json()["spec"]
    assert spec["architecture"] == parent["architecture"]
    assert spec["seed"] == 3


@pytest.mark.parametrize("query", ["", "?dry_run=true"])
def test_a_network_that_does_not_fit_is_refused_at_its_layer(
    client: TestClient, checkpoint: Checkpoint, query: str
) -> None:
    body = {"init_from": str(checkpoint.id), "architecture": "mlp"}

    problem = read_problem(client.post(f"/jobs{query}", json=body))

    assert problem["status"] == 422
    assert problem["errors"][0]["pointer"].startswith("/body/architecture")
    assert problem["errors"][0]["code"] == "checkpoint_does_not_fit"


def test_an_unknown_checkpoint_is_refused(client: TestClient) -> None:
    problem = read_problem(client.post("/jobs", json={"init_from": str(uuid4())}))

    [error] = problem["errors"]
    assert (error["pointer"], error["code"]) == (
        "/body/init_from",
        "checkpoint_not_found",
    )


def test_a_checkpoint_stays_while_a_job_is_to_start_from_it(
    client: TestClient, checkpoint: Checkpoint
) -> None:
    child = client.post("/jobs", json={"init_from": str(checkpoint.id)}).json()
    address = f"/jobs/{checkpoint.job_id}"

    refused = read_problem(client.delete(address))
    client.post(f"/jobs/{child['id']}/cancel")

    assert refused["code"] == "checkpoint_in_use"
    assert client.delete(address).status_code == 204


def test_a_retry_starts_where_the_first_did(
    client: TestClient, checkpoint: Checkpoint
) -> None:
    first = client.post("/jobs", json={"init_from": str(checkpoint.id)}).json()

    again = client.post(f"/jobs/{first['id']}/retry", json={}).json()

    assert again["starting_point"] == first["starting_point"]
    assert again["spec"] == first["spec"]


def test_in_bulk_a_retry_without_its_checkpoint_stands_for_itself(
    client: TestClient, checkpoint: Checkpoint
) -> None:
    first = client.post("/jobs", json={"init_from": str(checkpoint.id)}).json()
    client.post(f"/jobs/{first['id']}/cancel")
    client.delete(f"/jobs/{checkpoint.job_id}")

    body = {"action": "retry", "ids": [first["id"]]}
    [result] = client.post("/jobs/bulk", json=body).json()["data"]

    assert (result["ok"], result["code"]) == (False, "invalid_request")
