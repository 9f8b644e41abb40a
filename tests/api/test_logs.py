"""What a job's processes said, and which workers there are, over HTTP."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app import jobs
from app.database.engine import write_session
from app.jobs import Claim
from app.models import JobLog, Worker, now
from tests.factories import read_problem, running_job, submitted_job, succeeded_job


def say(engine: Engine, job_id: UUID, *messages: str) -> None:
    lines = [
        JobLog(job_id=job_id, attempt=1, level="info", message=message)
        for message in messages
    ]
    with write_session(engine) as session:
        jobs.add_log_lines(session, Claim(job_id, 1), lines)


def test_a_log_is_one_json_object_a_line_also_after_the_end(
    client: TestClient, engine: Engine
) -> None:
    job = succeeded_job(engine)
    say(engine, job.id, "one", "two\nlines", "七")

    response = client.get(f"/jobs/{job.id}/logs")

    lines = [json.loads(line) for line in response.text.splitlines()]
    assert response.headers["content-type"] == "application/x-ndjson"
    assert [line["number"] for line in lines] == [1, 2, 3]
    assert [line["message"] for line in lines] == ["one", "two\nlines", "七"]
    assert set(lines[0]) == {"number", "created_at", "attempt", "level", "message"}


def test_a_log_is_text_for_people(client: TestClient, engine: Engine) -> None:
    job = submitted_job(engine)
    say(engine, job.id, "hello")

    response = client.get(f"/jobs/{job.id}/logs?format=text")

    assert response.headers["content-type"].startswith("text/plain")
    assert response.text.endswith(" #1 info    hello\n")
    assert response.text.count("\n") == 1


@pytest.mark.parametrize(("after", "rest"), [(0, [1, 2]), (1, [2]), (2, []), (9, [])])
def test_only_what_is_new_is_sent(
    client: TestClient, engine: Engine, after: int, rest: list[int]
) -> None:
    job = submitted_job(engine)
    say(engine, job.id, "one", "two")

    text = client.get(f"/jobs/{job.id}/logs?after={after}").text

    assert [json.loads(line)["number"] for line in text.splitlines()] == rest


def test_a_job_that_said_nothing_has_an_empty_log(
    client: TestClient, engine: Engine
) -> None:
    response = client.get(f"/jobs/{submitted_job(engine).id}/logs")

    assert (response.status_code, response.text) == (200, "")


@pytest.mark.parametrize(
    "query", ["format=xml", "after=-1", "after=x", "after=9223372036854775808"]
)
def test_a_query_out_of_bounds_is_refused(
    client: TestClient, engine: Engine, query: str
) -> None:
    response = client.get(f"/jobs/{submitted_job(engine).id}/logs?{query}")

    [error] = read_problem(response)["errors"]
    assert error["pointer"] == f"/query/{query.split('=')[0]}"


def test_workers_are_listed_with_what_they_do(
    client: TestClient, engine: Engine
) -> None:
    claim = running_job(engine)
    lost = now() - timedelta(hours=1)
    with write_session(engine) as session:
        jobs.show_worker(session, Worker(id="a", host="mill", pid=7, device="cpu"))
        session.add(Worker(id="b", host="x", pid=8, device="H200", heartbeat_at=lost))
        session.commit()

    listing = client.get("/workers").json()

    busy, gone = listing["data"]
    assert (listing["first_id"], listing["last_id"]) == ("a", "b")
    assert (busy["id"], busy["host"], busy["device"]) == ("a", "mill", "cpu")
    assert (busy["slots"], busy["is_alive"]) == (1, True)
    assert busy["current_jobs"] == [str(claim.job_id)]
    assert (gone["is_alive"], gone["current_jobs"]) == (False, [])
    assert "pid" not in busy


def test_without_a_worker_the_list_is_empty(client: TestClient) -> None:
    listing = client.get("/workers").json()

    assert (listing["data"], listing["first_id"]) == ([], None)
