"""Whatever a client names, the answer is of that checkpoint and says so."""

from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from tests.factories import (
    drawn_digit,
    encoded,
    finish_job,
    read_problem,
    record_epoch,
    running_job,
    succeeded_job,
)

ONE = {"image": ("seven.png", encoded(drawn_digit()))}


def answering(client: TestClient, query: str = "") -> tuple[str, int]:
    """Return job and epoch of the checkpoint that answers."""
    checkpoint = client.post(f"/predict?{query}", files=ONE).json()["checkpoint"]
    return checkpoint["job_id"], checkpoint["epoch"]


@pytest.mark.parametrize(
    ("epoch", "expected"), [("best", 1), ("last", 2), ("1", 1), ("2", 2)]
)
def test_an_epoch_of_a_running_job_answers(
    client: TestClient, engine: Engine, epoch: str, expected: int
) -> None:
    claim = running_job(engine)
    record_epoch(engine, claim, 1)
    record_epoch(engine, claim, 2, is_best=False)

    answer = answering(client, f"job_id={claim.job_id}&epoch={epoch}")

    assert answer == (str(claim.job_id), expected)


def test_an_epoch_alone_is_one_of_the_newest_success(
    client: TestClient, engine: Engine
) -> None:
    job = succeeded_job(engine, epochs=2)

    assert answering(client, "epoch=1") == (str(job.id), 1)


def test_a_job_and_a_checkpoint_of_another_contradict_each_other(
    client: TestClient, engine: Engine
) -> None:
    checkpoint = record_epoch(engine, running_job(engine), 1)
    query = f"job_id={uuid4()}&checkpoint_id={checkpoint.id}"

    problem = read_problem(client.post(f"/predict?{query}", files=ONE))

    assert (problem["status"], problem["code"]) == (422, "checkpoint_mismatch")


@pytest.mark.parametrize("epoch", ["0", "worst", "1.5", "9" * 30, ""])
def test_what_is_no_epoch_is_refused(client: TestClient, epoch: str) -> None:
    [error, *_others] = read_problem(client.post(f"/predict?epoch={epoch}", files=ONE))[
        "errors"
    ]

    assert error["pointer"] == "/query/epoch"


def test_a_new_success_answers_the_next_request(
    client: TestClient, engine: Engine
) -> None:
    first = succeeded_job(engine)
    before = answering(client)

    second = succeeded_job(engine)

    assert before == (str(first.id), 1)
    assert answering(client) == (str(second.id), 1)


def test_a_better_epoch_answers_the_next_request(
    client: TestClient, engine: Engine
) -> None:
    claim = running_job(engine)
    record_epoch(engine, claim, 1)
    before = answering(client, f"job_id={claim.job_id}")

    record_epoch(engine, claim, 2)

    assert before == (str(claim.job_id), 1)
    assert answering(client, f"job_id={claim.job_id}") == (str(claim.job_id), 2)


def test_a_deleted_checkpoint_answers_no_more(
    client: TestClient, engine: Engine
) -> None:
    claim = running_job(engine)
    checkpoint = record_epoch(engine, claim, 1)
    finish_job(engine, claim)
    query = f"checkpoint_id={checkpoint.id}"
    assert answering(client, query) == (str(claim.job_id), 1)

    client.delete(f"/jobs/{claim.job_id}")

    problem = read_problem(client.post(f"/predict?{query}", files=ONE))
    assert (problem["status"], problem["code"]) == (404, "checkpoint_not_found")
