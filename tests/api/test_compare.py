"""Jobs side by side show what differs, and their curves over the same epochs."""

from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from tests.factories import (
    read_problem,
    record_epoch,
    running_job,
    submitted_job,
    tiny_spec,
)


def test_only_what_differs_is_shown_over_one_axis(
    client: TestClient, engine: Engine
) -> None:
    long = running_job(engine, tiny_spec(learning_rate=0.01))
    short = running_job(engine, tiny_spec())
    for claim, epoch in ((long, 1), (long, 2), (short, 1)):
        record_epoch(engine, claim, epoch)

    query = f"ids={long.job_id}&ids={short.job_id}"
    found = client.get(f"/jobs/compare?{query}").json()

    assert found["differences"] == {"learning_rate": [0.01, 0.001]}
    assert found["epochs"] == [1, 2]
    assert [job["curves"]["val_loss"] for job in found["jobs"]] == [
        [1.0, 0.5],
        [1.0, None],
    ]
    assert [job["best_epoch"] for job in found["jobs"]] == [2, 1]


def test_an_unknown_job_is_not_compared(client: TestClient, engine: Engine) -> None:
    job = submitted_job(engine)

    problem = read_problem(client.get(f"/jobs/compare?ids={job.id}&ids={uuid4()}"))

    assert (problem["status"], problem["code"]) == (404, "job_not_found")


def test_one_job_is_compared_with_nothing(client: TestClient) -> None:
    problem = read_problem(client.get(f"/jobs/compare?ids={uuid4()}"))

    assert problem["errors"][0]["pointer"] == "/query/ids"


@pytest.mark.parametrize(
    ("kind", "media_type"), [("svg", "image/svg+xml"), ("png", "image/png")]
)
def test_the_curves_come_as_a_picture(
    client: TestClient, engine: Engine, kind: str, media_type: str
) -> None:
    one = submitted_job(engine, tiny_spec(name="baseline"))
    other = submitted_job(engine)

    query = f"ids={one.id}&ids={other.id}"
    response = client.get(f"/jobs/compare.{kind}?{query}")

    assert response.status_code == 200
    assert response.headers["content-type"] == media_type
