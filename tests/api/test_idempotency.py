"""A submit that is sent twice under one name makes one job."""

import asyncio
from datetime import timedelta

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlmodel import Session

from app import jobs
from app.settings import Settings
from tests.conftest import FakeQueue
from tests.factories import read_problem, succeeded_job

ONE = {"Idempotency-Key": "one"}
SPEC = {"epochs": 1, "seed": 3}


def count_jobs(client: TestClient) -> int:
    return len(client.get("/jobs").json()["data"])


def test_the_same_again_gives_the_same_job(
    client: TestClient, queue: FakeQueue
) -> None:
    first = client.post("/jobs", json=SPEC, headers=ONE)
    again = client.post("/jobs", json=SPEC, headers=ONE)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["location"] == first.headers["location"]
    assert count_jobs(client) == len(queue.enqueued) == 1


def test_another_key_makes_another_job(client: TestClient) -> None:
    for key in "ab":
        client.post("/jobs", json=SPEC, headers={"Idempotency-Key": key})
    client.post("/jobs", json=SPEC)
    client.post("/jobs", json=SPEC)

    assert count_jobs(client) == 4


@pytest.mark.parametrize(
    "again", [{"epochs": 2, "seed": 3}, {"epochs": 1, "seed": 3, "name": "n"}]
)
def test_another_body_under_the_same_key_is_refused(
    client: TestClient, again: dict[str, object]
) -> None:
    client.post("/jobs", json=SPEC, headers=ONE)

    problem = read_problem(client.post("/jobs", json=again, headers=ONE))

    assert (problem["status"], problem["code"]) == (422, "idempotency_key_reused")
    assert count_jobs(client) == 1


def test_another_address_under_the_same_key_is_refused(
    client: TestClient, engine: Engine
) -> None:
    old = succeeded_job(engine)
    client.post("/jobs", json={}, headers=ONE)

    problem = read_problem(client.post(f"/jobs/{old.id}/retry", json={}, headers=ONE))

    assert problem["code"] == "idempotency_key_reused"


def test_a_refused_request_leaves_its_key_free(client: TestClient) -> None:
    assert client.post("/jobs", json={"epochs": 0}, headers=ONE).status_code == 422

    assert client.post("/jobs", json=SPEC, headers=ONE).status_code == 201


def test_retries_are_made_once_too(client: TestClient, engine: Engine) -> None:
    old = succeeded_job(engine)

    made = {
        client.post(f"/jobs/{old.id}/retry", json={}, headers=ONE).json()["id"]
        for _ in range(2)
    }

    assert len(made) == 1
    assert count_jobs(client) == 2


def test_requests_at_the_same_time_make_one_job(
    app: FastAPI, client: TestClient
) -> None:
    async def crowd() -> set[str]:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://a") as one:
            asked = (one.post("/jobs", json=SPEC, headers=ONE) for _ in range(6))
            return {answer.json()["id"] for answer in await asyncio.gather(*asked)}

    assert len(asyncio.run(crowd())) == 1
    assert count_jobs(client) == 1


def test_a_key_whose_job_was_deleted_is_refused(
    client: TestClient, engine: Engine
) -> None:
    job_id = client.post("/jobs", json=SPEC, headers=ONE).json()["id"]
    client.post(f"/jobs/{job_id}/cancel")
    assert client.delete(f"/jobs/{job_id}").status_code == 204

    problem = read_problem(client.post("/jobs", json=SPEC, headers=ONE))

    assert "was deleted" in problem["detail"]


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_of_no_use_is_refused(client: TestClient, key: str) -> None:
    response = client.post("/jobs", json=SPEC, headers={"Idempotency-Key": key})

    assert read_problem(response)["status"] == 422


def test_keys_are_forgotten_after_a_while(
    client: TestClient, engine: Engine, session: Session, settings: Settings
) -> None:
    client.post("/jobs", json=SPEC, headers=ONE)
    jobs.forget_tickets(session, timedelta(days=1))
    assert client.post("/jobs", json=SPEC, headers=ONE).status_code == 201
    assert count_jobs(client) == 1

    session.execute(text("UPDATE idempotency_key SET created_at = '2020-01-01'"))
    session.commit()
    jobs.forget_tickets(session, timedelta(days=1))
    client.post("/jobs", json=SPEC, headers=ONE)

    assert count_jobs(client) == 2
