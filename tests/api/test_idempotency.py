"""A request that is sent twice under one name makes one thing."""

import asyncio
from datetime import timedelta
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.database.engine import write_session
from app.errors import ModelExists
from app.library import Upload, new_version
from app.settings import Settings
from app.tickets import Ticket, forget_tickets, keep_ticket, once
from tests.api.test_datasets import shapes
from tests.bulk.zips import zipped
from tests.conftest import FakeQueue
from tests.factories import drawn_digit, encoded, read_problem, succeeded_job

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
    forget_tickets(session, timedelta(days=1))
    assert client.post("/jobs", json=SPEC, headers=ONE).status_code == 201
    assert count_jobs(client) == 1

    session.execute(text("UPDATE idempotency_key SET created_at = '2020-01-01'"))
    session.commit()
    forget_tickets(session, timedelta(days=1))
    client.post("/jobs", json=SPEC, headers=ONE)

    assert count_jobs(client) == 2


def test_a_bulk_retry_is_made_once(client: TestClient, engine: Engine) -> None:
    ids = [str(succeeded_job(engine).id) for _ in range(2)]
    bulk = {"action": "retry", "ids": ids}

    for _ in range(2):
        answer = client.post("/jobs/bulk", json=bulk, headers=ONE)
        assert [one["ok"] for one in answer.json()["data"]] == [True, True]

    assert count_jobs(client) == 4


def test_a_model_is_made_once(client: TestClient) -> None:
    body = {"name": "digits"}
    first = client.post("/models", json=body, headers=ONE)
    again = client.post("/models", json=body, headers=ONE)
    other = client.post("/models", json=body)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert read_problem(other)["code"] == "model_exists"


def test_a_version_is_made_once(client: TestClient, engine: Engine) -> None:
    job_id = succeeded_job(engine).id
    [row] = client.get(f"/jobs/{job_id}/checkpoints").json()["data"]
    client.post("/models", json={"name": "digits"})
    body, place = {"checkpoint_id": row["id"]}, "/models/digits/versions"

    made = [client.post(place, json=body, headers=ONE).json() for _ in range(2)]
    client.delete("/models/digits/versions/1")
    problem = read_problem(client.post(place, json=body, headers=ONE))

    assert made[0] == made[1]
    assert made[0]["number"] == 1
    assert problem["code"] == "idempotency_key_reused"


def test_a_key_is_made_and_shown_once(client: TestClient) -> None:
    made = client.post("/keys", json={"name": "kiosk"}, headers=ONE).json()

    problem = read_problem(client.post("/keys", json={"name": "kiosk"}, headers=ONE))

    assert (problem["status"], problem["code"]) == (409, "key_already_shown")
    assert f"Revoke {made['id']}" in problem["detail"]
    assert len(client.get("/keys").json()["data"]) == 1


def test_a_webhook_is_made_once_and_its_secret_told_again(client: TestClient) -> None:
    """A client whose first answer was lost would have no other way to the secret."""
    body = {"url": "https://example.com/hook"}

    first, again = (client.post("/webhooks", json=body, headers=ONE) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["location"] == first.headers["location"]
    assert len(client.get("/webhooks").json()["data"]) == 1


def test_a_message_is_sent_once(client: TestClient) -> None:
    made = client.post("/webhooks", json={"url": "https://example.com/hook"})
    place = made.headers["location"]

    pings = [client.post(f"{place}/test", headers=ONE) for _ in range(2)]
    old = pings[0].headers["location"]
    again = [
        client.post(f"{old}/redeliver", headers={"Idempotency-Key": "two"}).json()
        for _ in range(2)
    ]

    assert pings[0].json()["id"] == pings[1].json()["id"]
    assert again[0]["id"] == again[1]["id"] != pings[0].json()["id"]
    assert len(client.get(f"{place}/deliveries").json()["data"]) == 2


def test_a_zip_is_taken_in_once(
    client: TestClient, engine: Engine, settings: Settings
) -> None:
    succeeded_job(engine)
    archive = zipped({"a.png": encoded(drawn_digit())})
    headers = ONE | {"Content-Type": "application/zip"}
    first = client.post("/predictions", content=archive, headers=headers)
    # A form is another body, and asks for the same.
    again = client.post("/predictions", files={"file": ("a", archive)}, headers=ONE)
    more = zipped({"a.png": encoded(drawn_digit()), "b.png": b""})
    other = client.post("/predictions", content=more, headers=headers)

    assert again.json() == first.json()
    assert again.headers["location"] == first.headers["location"]
    assert read_problem(other)["code"] == "idempotency_key_reused"
    assert len(client.get("/predictions").json()["data"]) == 1
    assert len(list((settings.data_dir / "bulk").iterdir())) == 1


def test_a_dataset_is_taken_in_once(client: TestClient, settings: Settings) -> None:
    def upload(name: str) -> httpx2.Response:
        files = {"file": ("d.zip", zipped(shapes()))}
        return client.post("/datasets", data={"name": name}, files=files, headers=ONE)

    first, again, other = upload("mine"), upload("mine"), upload("yours")

    assert (first.status_code, again.json()) == (201, first.json())
    assert again.headers["location"] == first.headers["location"]
    assert read_problem(other)["code"] == "idempotency_key_reused"
    assert list(settings.staging_dir.iterdir()) == []


def test_an_upload_that_is_refused_leaves_its_key_free(client: TestClient) -> None:
    files = {"file": ("d.zip", zipped({"../seven.png": b""}))}
    fields = {"name": "mine"}

    refused = [
        client.post("/datasets", data=fields, files=files, headers=ONE).json()["code"]
        for _ in range(2)
    ]

    assert refused == ["archive_refused", "archive_refused"]


def test_uploads_at_the_same_time_make_one_version(
    session: Session, engine: Engine
) -> None:
    ticket = Ticket("", "one", "d")
    first = new_version(session, Upload(UUID(int=1), "n", (), "plain"), ticket)

    with write_session(engine) as other, pytest.raises(IntegrityError):
        new_version(other, Upload(UUID(int=2), "n", (), "plain"), ticket)

    assert first.version == 1


def test_who_comes_second_in_a_race_finds_what_the_first_has_made(
    session: Session,
) -> None:
    ticket = Ticket("", "one", "d")

    def be_too_late() -> str:
        keep_ticket(session, ticket, "first")
        session.commit()
        raise ModelExists

    def make_nothing() -> str:
        raise ModelExists

    assert once(session, ticket, str.upper, be_too_late) == "FIRST"
    with pytest.raises(ModelExists):
        once(session, None, str.upper, make_nothing)
