"""Jobs are submitted, shown and listed."""

from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.jobs import Claim
from app.spec import TrainingSpec
from tests.conftest import FakeQueue
from tests.factories import (
    event_kinds,
    finish_job,
    read_problem,
    record_epoch,
    running_job,
    submitted_job,
    succeeded_job,
)


def test_a_job_is_created_queued_and_announced(
    client: TestClient, queue: FakeQueue, engine: Engine
) -> None:
    response = client.post("/jobs", json={"epochs": 3})

    job = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"/jobs/{job['id']}"
    assert (job["object"], job["status"], job["is_terminal"]) == (
        "job",
        "queued",
        False,
    )
    assert queue.enqueued == [UUID(job["id"])]
    assert event_kinds(engine, UUID(job["id"])) == ["queued"]


def test_the_answer_shows_every_hyperparameter(client: TestClient) -> None:
    body = {"epochs": 3, "optimizer": {"kind": "adam", "beta1": 0.5}, "seed": 11}

    spec = client.post("/jobs", json=body).json()["spec"]

    assert spec.keys() == TrainingSpec.model_fields.keys()
    assert spec["optimizer"] == {
        "kind": "adam",
        "beta1": 0.5,
        "beta2": 0.999,
        "epsilon": 1e-8,
        "weight_decay": 0.0,
    }
    assert spec["architecture"]["layers"][3] == {
        "dropout": {"probability": 0.2, "kind": "element"}
    }
    assert spec["architecture"]["layers"][-1] == {
        "linear": {"units": 10, "bias": False}
    }
    assert spec["validation_size"] == 5000
    assert (spec["epochs"], spec["seed"]) == (3, 11)


def test_an_empty_object_is_the_tutorial_s_job(client: TestClient) -> None:
    spec = client.post("/jobs", json={}).json()["spec"]

    assert (spec["epochs"], spec["batch_size"]) == (10, 128)
    assert spec["optimizer"]["kind"] == "rmsprop"
    assert spec["seed"] >= 0


def test_a_job_is_taken_while_the_queue_is_away(
    client: TestClient, queue: FakeQueue
) -> None:
    queue.is_away = True

    response = client.post("/jobs", json={})

    assert response.status_code == 201
    assert response.json()["status"] == "queued"


def test_the_location_leads_to_the_job(client: TestClient) -> None:
    created = client.post("/jobs", json={})

    shown = client.get(created.headers["location"])

    assert shown.status_code == 200
    assert shown.json().items() >= created.json().items()


def test_a_finished_job_shows_its_result(client: TestClient, engine: Engine) -> None:
    job_id = succeeded_job(engine).id

    job = client.get(f"/jobs/{job_id}").json()

    assert (job["status"], job["is_terminal"]) == ("succeeded", True)
    assert (job["epoch"], job["best_epoch"]) == (1, 1)
    assert (job["best_val_accuracy"], job["test_accuracy"]) == (0.75, 0.875)
    assert job["error"] is None


@pytest.mark.parametrize(
    "rest",
    ["", "/metrics", "/checkpoints", "/checkpoints/1/download", "/events", "/logs"],
)
@pytest.mark.parametrize(
    "job_id", [str(UUID(int=7)), "7", "not-an-id", "%00", "%F0%9F"]
)
def test_an_unknown_or_impossible_job_is_not_found(
    client: TestClient, job_id: str, rest: str
) -> None:
    problem = read_problem(client.get(f"/jobs/{job_id}{rest}"))

    assert problem["status"] == 404


def test_jobs_are_listed_newest_first(client: TestClient, engine: Engine) -> None:
    ids = [str(submitted_job(engine).id) for _ in range(3)]

    listing = client.get("/jobs").json()

    assert [job["id"] for job in listing["data"]] == ids[::-1]
    assert listing["object"] == "list"
    assert listing["has_more"] is False
    assert (listing["first_id"], listing["last_id"]) == (ids[2], ids[0])


def test_no_jobs_are_an_empty_list(client: TestClient) -> None:
    assert client.get("/jobs").json() == {
        "object": "list",
        "data": [],
        "has_more": False,
        "first_id": None,
        "last_id": None,
    }


def test_pages_follow_each_other_without_gap_or_overlap(
    client: TestClient, engine: Engine
) -> None:
    ids = [str(submitted_job(engine).id) for _ in range(5)]

    first = client.get("/jobs?limit=2").json()
    submitted_job(engine)
    second = client.get(f"/jobs?limit=2&after={first['last_id']}").json()
    third = client.get(f"/jobs?limit=2&after={second['last_id']}").json()

    pages = [[job["id"] for job in page["data"]] for page in (first, second, third)]
    assert pages == [[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]]]
    assert [page["has_more"] for page in (first, second, third)] == [True, True, False]


def test_a_status_is_filtered_before_the_limit(
    client: TestClient, engine: Engine
) -> None:
    queued = submitted_job(engine).id
    running_job(engine)

    listing = client.get("/jobs?status=queued&limit=1").json()

    assert [job["id"] for job in listing["data"]] == [str(queued)]
    assert listing["has_more"] is False


def test_a_page_after_an_unknown_job_is_refused(client: TestClient) -> None:
    problem = read_problem(client.get(f"/jobs?after={uuid4()}"))

    assert (problem["status"], problem["code"]) == (422, "unknown_cursor")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "after=1", "status=lost"]
)
def test_a_query_out_of_bounds_is_refused(client: TestClient, query: str) -> None:
    [error] = read_problem(client.get(f"/jobs?{query}"))["errors"]

    assert error["pointer"] == f"/query/{query.split('=')[0]}"


def test_metrics_are_listed_by_epoch(client: TestClient, engine: Engine) -> None:
    claim: Claim = running_job(engine)
    for epoch in (1, 2):
        record_epoch(engine, claim, epoch)
    finish_job(engine, claim)

    listing = client.get(f"/jobs/{claim.job_id}/metrics").json()

    assert [row["epoch"] for row in listing["data"]] == [1, 2]
    assert [row["val_loss"] for row in listing["data"]] == [1.0, 0.5]
    assert (listing["first_id"], listing["last_id"]) == ("1", "2")


def test_a_job_without_an_epoch_has_no_metrics(
    client: TestClient, engine: Engine
) -> None:
    listing = client.get(f"/jobs/{submitted_job(engine).id}/metrics").json()

    assert (listing["data"], listing["first_id"]) == ([], None)
