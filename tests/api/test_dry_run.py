"""A dry run tells what a job would be, and stores nothing."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.api.examples import JOB_REQUESTS
from tests.conftest import FakeQueue
from tests.factories import read_problem, submitted_job, succeeded_job


@pytest.mark.parametrize("name", JOB_REQUESTS)
def test_a_dry_run_stores_nothing(
    client: TestClient, queue: FakeQueue, name: str
) -> None:
    example: Any = JOB_REQUESTS[name]["value"]
    body = {"seed": 1, **example}

    response = client.post("/jobs?dry_run=true", json=body)

    assert response.status_code == 200
    assert client.get("/jobs").json()["data"] == []
    assert queue.enqueued == []
    assert response.json()["spec"] == client.post("/jobs", json=body).json()["spec"]


def test_a_dry_run_tells_the_network_and_the_place(
    client: TestClient, engine: Engine
) -> None:
    submitted_job(engine)

    answer = client.post("/jobs?dry_run=true", json={}).json()
    table = client.post("/architectures/describe", json={"architecture": "tutorial"})

    assert answer["object"] == "dry_run"
    assert answer["network"] == table.json()
    assert answer["position"] == 2
    assert answer["estimated_seconds"] is None


def test_a_dry_run_estimates_from_recent_epochs_and_arithmetic(
    client: TestClient, engine: Engine
) -> None:
    succeeded_job(engine)  # its network is the tutorial's, at 100 images a second
    sized = {"epochs": 2, "train_images": 1000}

    same, folded, lenet = (
        client.post("/jobs?dry_run=true", json={**sized, **more}).json()
        for more in (
            {},
            {"train_images": None, "validation_fold": {"folds": 5, "fold": 1}},
            {"architecture": "lenet5"},
        )
    )

    assert same["estimated_seconds"] == pytest.approx(20)
    assert folded["estimated_seconds"] == pytest.approx(2 * 480)
    assert lenet["estimated_seconds"] == pytest.approx(20 * 416_520 / 8_737_386)


def test_a_dry_run_refuses_what_a_job_would_be_refused_for(client: TestClient) -> None:
    problem = read_problem(client.post("/jobs?dry_run=true", json={"epochs": 0}))

    assert problem["code"] == "invalid_request"
