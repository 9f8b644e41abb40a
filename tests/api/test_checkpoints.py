"""Checkpoints are listed and leave as plain safetensors."""

import hashlib
from uuid import UUID

import pytest
import safetensors.torch
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.vision.checkpoint import decode_checkpoint
from tests.factories import (
    read_problem,
    read_weights,
    submitted_job,
    succeeded_job,
)


def test_each_epoch_has_a_checkpoint(client: TestClient, engine: Engine) -> None:
    job = succeeded_job(engine, epochs=2)

    listing = client.get(f"/jobs/{job.id}/checkpoints").json()

    weights = read_weights(engine, job.id, epoch=2)
    first, last = listing["data"]
    assert (first["epoch"], last["epoch"]) == (1, 2)
    assert (listing["first_id"], listing["last_id"]) == (first["id"], last["id"])
    assert last["job_id"] == str(job.id)
    assert last["size_bytes"] == len(weights)
    assert last["sha256"] == hashlib.sha256(weights).hexdigest()


def test_a_job_without_an_epoch_has_no_checkpoint(
    client: TestClient, engine: Engine
) -> None:
    listing = client.get(f"/jobs/{submitted_job(engine).id}/checkpoints").json()

    assert (listing["data"], listing["last_id"]) == ([], None)


def test_a_checkpoint_is_shown_by_its_id(client: TestClient, engine: Engine) -> None:
    job = succeeded_job(engine, epochs=2)
    [_first, last] = client.get(f"/jobs/{job.id}/checkpoints").json()["data"]

    shown = client.get(f"/checkpoints/{last['id']}")

    assert shown.json() == last


@pytest.mark.parametrize("name", [str(UUID(int=7)), "x", "0"])
def test_a_checkpoint_that_is_not_there_is_not_found(
    client: TestClient, name: str
) -> None:
    problem = read_problem(client.get(f"/checkpoints/{name}"))

    assert problem["status"] == 404


def test_a_download_is_the_epoch_s_network(client: TestClient, engine: Engine) -> None:
    job = succeeded_job(engine, epochs=2)

    response = client.get(f"/jobs/{job.id}/checkpoints/2/download")

    assert response.status_code == 200
    assert response.content == read_weights(engine, job.id, epoch=2)
    assert len(safetensors.torch.load(response.content)) == 5
    assert decode_checkpoint(response.content).card.epoch == 2


def test_a_download_is_named_and_verifiable(client: TestClient, engine: Engine) -> None:
    job = succeeded_job(engine)

    response = client.get(f"/jobs/{job.id}/checkpoints/1/download")

    digest = hashlib.sha256(response.content).hexdigest()
    name = f"modelmill-{job.id}-epoch-1.safetensors"
    assert response.headers["etag"] == f'"{digest}"'
    assert response.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("epoch", ["2", "0", "-1", "x", "1.5", "9" * 30])
def test_an_epoch_that_is_not_there_is_not_found(
    client: TestClient, engine: Engine, epoch: str
) -> None:
    job = succeeded_job(engine)

    problem = read_problem(client.get(f"/jobs/{job.id}/checkpoints/{epoch}/download"))

    assert problem["status"] == 404
