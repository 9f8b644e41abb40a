"""Jobs are renamed, moved in line, deleted, and tell where they stand."""

from datetime import datetime
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app import jobs
from app.database.engine import write_session
from app.models import Worker
from app.states import Action, Outcome
from tests.factories import (
    ask,
    event_kinds,
    read_problem,
    running_job,
    settle,
    submitted_job,
    succeeded_job,
    tiny_spec,
)


def test_an_edit_changes_what_it_names(client: TestClient, engine: Engine) -> None:
    job = submitted_job(engine, tiny_spec(name="old", tags=["a"]))
    body = {"name": "new", "metadata": {"by": "anna"}, "priority": 7}

    response = client.patch(f"/jobs/{job.id}", json=body)

    edited = response.json()
    assert response.status_code == 200
    assert (edited["name"], edited["tags"]) == ("new", ["a"])
    assert (edited["metadata"], edited["priority"]) == ({"by": "anna"}, 7)
    assert client.get(f"/jobs/{job.id}").json().items() >= edited.items()


def test_an_empty_edit_changes_nothing(client: TestClient, engine: Engine) -> None:
    job = submitted_job(engine, tiny_spec(name="old"))

    assert client.patch(f"/jobs/{job.id}", json={}).json()["name"] == "old"


def test_null_takes_away_what_was_given(client: TestClient, engine: Engine) -> None:
    values = {"name": "old", "tags": ["a"], "metadata": {"b": "c"}, "priority": 5}
    job = submitted_job(engine, tiny_spec(**values))

    edited = client.patch(f"/jobs/{job.id}", json=dict.fromkeys(values)).json()

    assert [edited[name] for name in values] == [None, [], {}, 0]


@pytest.mark.parametrize(
    "body", [{"epochs": 3}, {"priority": 101}, {"name": ""}, {"tags": ["x" * 65]}]
)
def test_an_edit_out_of_bounds_is_refused(
    client: TestClient, engine: Engine, body: dict[str, object]
) -> None:
    response = client.patch(f"/jobs/{submitted_job(engine).id}", json=body)

    [error] = read_problem(response)["errors"]
    assert error["pointer"].startswith(f"/body/{next(iter(body))}")


def test_priority_moves_a_job_in_line(client: TestClient, engine: Engine) -> None:
    first, second = submitted_job(engine), submitted_job(engine)

    client.patch(f"/jobs/{second.id}", json={"priority": 1})

    places = [client.get(f"/jobs/{job.id}").json()["queue"] for job in (first, second)]
    assert [place["position"] for place in places] == [2, 1]
    assert [place["jobs_ahead"] for place in places] == [1, 0]


def test_a_finished_job_is_deleted_with_all_it_left(
    client: TestClient, engine: Engine
) -> None:
    job = succeeded_job(engine)

    response = client.delete(f"/jobs/{job.id}")

    assert (response.status_code, response.content) == (204, b"")
    for rest in ("", "/metrics", "/checkpoints", "/events", "/logs"):
        assert client.get(f"/jobs/{job.id}{rest}").status_code == 404


def test_only_the_files_of_a_job_may_be_deleted(
    client: TestClient, engine: Engine
) -> None:
    job = succeeded_job(engine)

    response = client.delete(f"/jobs/{job.id}?files_only=true")

    assert response.status_code == 204
    assert client.get(f"/jobs/{job.id}").json()["status"] == "succeeded"
    assert len(client.get(f"/jobs/{job.id}/metrics").json()["data"]) == 1
    assert client.get(f"/jobs/{job.id}/checkpoints").json()["data"] == []
    assert client.get(f"/jobs/{job.id}/checkpoints/1/download").status_code == 404


def test_an_active_job_is_not_deleted(client: TestClient, engine: Engine) -> None:
    claim = running_job(engine)

    problem = read_problem(client.delete(f"/jobs/{claim.job_id}"))

    assert (problem["status"], problem["code"]) == (409, "job_not_finished")
    assert "running" in problem["detail"]
    assert event_kinds(engine, claim.job_id) == ["queued", "running"]


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_no_job_is_not_found(client: TestClient, method: str) -> None:
    problem = read_problem(client.request(method, f"/jobs/{uuid4()}", json={}))

    assert (problem["status"], problem["code"]) == (404, "job_not_found")


def test_a_job_tells_how_it_came_where_it_is(
    client: TestClient, engine: Engine
) -> None:
    claim = running_job(engine)
    ask(engine, claim.job_id, Action.PAUSE)
    settle(engine, claim, Outcome.RELEASED)

    job = client.get(f"/jobs/{claim.job_id}").json()

    history = [
        (row["status"], row["reason"], row["attempt"], row["worker_id"])
        for row in job["history"]
    ]
    moments = [datetime.fromisoformat(row["at"]) for row in job["history"]]
    assert job["queue"] is None
    assert moments == sorted(moments)
    assert history == [
        ("queued", None, 0, None),
        ("running", None, 1, "a"),
        ("pausing", "pause", 1, None),
        ("paused", "released", 1, None),
    ]


def test_the_first_in_line_starts_now_if_a_worker_lives(
    client: TestClient, engine: Engine
) -> None:
    job = submitted_job(engine)
    unmanned = client.get(f"/jobs/{job.id}").json()["queue"]
    with write_session(engine) as session:
        jobs.show_worker(session, Worker(id="h:1", host="h", pid=1, device="cpu"))

    manned = client.get(f"/jobs/{job.id}").json()["queue"]

    assert unmanned["estimated_start_at"] is None
    assert manned["estimated_start_at"] is not None
