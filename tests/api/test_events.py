"""A job's events are replayed by number and followed to its end."""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.sse import ServerSentEvent
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app import jobs
from app.api.deps import Services
from app.api.events import follow
from app.database.engine import write_session
from app.events import RedisDoorbell
from app.jobs import Claim
from app.models import Progress
from app.settings import Settings
from app.states import Outcome
from tests.conftest import FakeDoorbell
from tests.factories import (
    claimed_job,
    finish_job,
    read_problem,
    running_job,
    settle,
    succeeded_job,
)

PROGRESS = Progress(
    epoch=1,
    epochs=2,
    step=1,
    steps=2,
    fraction=0.25,
    train_loss=2.0,
    train_accuracy=0.5,
    images_per_second=100.0,
    seconds_left=3.0,
)


def messages(response: httpx2.Response) -> Iterator[dict[str, str]]:
    """Read an event stream as a browser does."""
    for block in response.text.strip().split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith(":")]
        yield dict(line.split(": ", maxsplit=1) for line in lines)


def test_stored_events_are_replayed_in_order_to_the_end(
    client: TestClient, engine: Engine
) -> None:
    job = succeeded_job(engine)

    response = client.get(f"/jobs/{job.id}/events")

    found = [(message["id"], message["event"]) for message in messages(response)]
    assert response.headers["content-type"].startswith("text/event-stream")
    assert found == [
        ("1", "queued"),
        ("2", "running"),
        ("3", "epoch"),
        ("4", "succeeded"),
    ]


def test_an_event_tells_its_particulars(client: TestClient, engine: Engine) -> None:
    job = succeeded_job(engine)

    last = list(messages(client.get(f"/jobs/{job.id}/events")))[-1]

    event = json.loads(last["data"])
    assert (event["job_id"], event["number"]) == (str(job.id), 4)
    tested = {"test_loss": 0.5, "test_accuracy": 0.875}
    assert event["data"] == {"reason": "finished", **tested}


@pytest.mark.parametrize(
    ("seen", "rest"), [("0", ["1", "2", "3", "4"]), ("2", ["3", "4"]), ("4", [])]
)
def test_a_client_that_comes_back_gets_only_what_it_missed(
    client: TestClient, engine: Engine, seen: str, rest: list[str]
) -> None:
    job = succeeded_job(engine)

    response = client.get(f"/jobs/{job.id}/events", headers={"Last-Event-ID": seen})

    ids = [message["id"] for message in messages(response) if message]
    assert ids == rest


@pytest.mark.parametrize("seen", ["-1", "abc", "9" * 30])
def test_a_number_that_no_event_can_have_is_refused(
    client: TestClient, engine: Engine, seen: str
) -> None:
    job = succeeded_job(engine)

    response = client.get(f"/jobs/{job.id}/events", headers={"Last-Event-ID": seen})

    [error] = read_problem(response)["errors"]
    assert error["pointer"] == "/header/last-event-id"


def record_progress(engine: Engine, claim: Claim) -> None:
    with write_session(engine) as session:
        jobs.record_progress(session, claim, PROGRESS)


def release(engine: Engine, claim: Claim) -> None:
    settle(engine, claim, Outcome.RELEASED)


def followed(
    services: Services, claim: Claim, actions: dict[str, Callable[[], None]]
) -> list[ServerSentEvent]:
    """Follow a job to its end; do the action of each kind of message when it comes."""

    async def run() -> list[ServerSentEvent]:
        found: list[ServerSentEvent] = []
        async for message in follow(services, claim.job_id, after=1):
            found.append(message)
            actions.get(message.event or "", lambda: None)()
        return found

    return asyncio.run(run())


@pytest.fixture
def services(app: FastAPI, settings: Settings, redis_url: str) -> Services:
    """Give services with a real doorbell, so that no test waits for the clock."""
    settings = settings.model_copy(update={"redis_url": redis_url})
    services: Services = app.state.services
    return replace(services, settings=settings, doorbell=FakeDoorbell())


def test_a_running_job_is_followed_until_it_ends(
    services: Services, redis_url: str
) -> None:
    engine, bell = services.engine, RedisDoorbell(redis_url)
    claim = running_job(engine)
    record_progress(engine, claim)

    def give_back() -> None:
        release(engine, claim)
        bell.ring(claim.job_id)

    def take_again_and_finish() -> None:
        finish_job(engine, claimed_job(engine, claim.job_id))
        bell.ring(claim.job_id)

    actions = {"progress": give_back, "requeued": take_again_and_finish}
    found = followed(services, claim, actions)

    assert [(message.event, message.id) for message in found] == [
        ("running", "2"),
        ("progress", None),
        ("requeued", "3"),
        ("running", "4"),
        ("succeeded", "5"),
    ]
    assert found[1].data == PROGRESS


def test_without_redis_the_job_is_looked_at_by_the_clock(
    app: FastAPI, engine: Engine
) -> None:
    claim = running_job(engine)

    found = followed(
        app.state.services, claim, {"running": lambda: finish_job(engine, claim)}
    )

    assert [message.event for message in found] == ["running", "succeeded"]
