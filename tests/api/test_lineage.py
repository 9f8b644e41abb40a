"""A job's lineage is one document, and can be run again by one request."""

from fastapi.testclient import TestClient
from sqlalchemy import Engine

from tests.conftest import FakeQueue
from tests.factories import read_problem, running_job, succeeded_job


def test_what_was_asked_is_shown_beside_what_it_came_to(client: TestClient) -> None:
    body = {"epochs": 3, "architecture": "mlp", "seed": 5, "tags": ["a"]}
    job = client.post("/jobs", json=body).json()

    lineage = client.get(f"/jobs/{job['id']}/lineage").json()

    assert lineage["requested"] == body
    assert lineage["spec"] == job["spec"]
    assert (lineage["seed"], lineage["dataset"]) == (5, "mnist")
    assert (lineage["attempts"], lineage["weights_sha256"]) == ([], None)


def test_a_success_is_run_again_by_one_request(
    client: TestClient, engine: Engine, queue: FakeQueue
) -> None:
    job = succeeded_job(engine)

    response = client.post(f"/jobs/{job.id}/reproduce")

    again = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"/jobs/{again['id']}"
    assert again["reproduction"] == {
        "of": str(job.id),
        "verdict": None,
        "reasons": [],
    }
    assert again["spec"] == client.get(f"/jobs/{job.id}").json()["spec"]
    assert str(queue.enqueued[-1]) == again["id"]


def test_a_job_of_its_own_reproduces_nothing(client: TestClient) -> None:
    assert client.post("/jobs", json={}).json()["reproduction"] is None


def test_a_running_job_is_not_run_again(client: TestClient, engine: Engine) -> None:
    claim = running_job(engine)

    problem = read_problem(client.post(f"/jobs/{claim.job_id}/reproduce"))

    assert (problem["status"], problem["code"]) == (409, "wrong_status")
