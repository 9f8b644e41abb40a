"""A checkpoint that leaves one service as a zip answers the same in another."""

import json
from collections.abc import Iterator
from uuid import UUID

import httpx2
import numpy as np
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app import jobs, registry
from app.database.engine import read_session, write_session
from app.errors import CheckpointNotFound
from app.models import CheckpointImport
from app.settings import Settings
from tests.factories import (
    drawn_digit,
    encoded,
    read_problem,
    succeeded_job,
    tiny_spec,
)
from tests.imports.conftest import Json, Tensors, bare

ONE = {"image": ("seven.png", encoded(drawn_digit()))}


@pytest.fixture(autouse=True)
def _nothing_stays_behind(settings: Settings) -> Iterator[None]:
    yield
    folder = settings.staging_dir
    assert not folder.is_dir() or list(folder.iterdir()) == []


@pytest.fixture
def trained(client: TestClient, engine: Engine) -> str:
    """Give the id of a checkpoint that a job has trained, and register a model."""
    job = succeeded_job(engine)
    client.post("/models", json={"name": "digits"})
    [checkpoint] = client.get(f"/jobs/{job.id}/checkpoints").json()["data"]
    found: str = checkpoint["id"]
    return found


@pytest.fixture
def export(client: TestClient, trained: str) -> bytes:
    return client.get(f"/checkpoints/{trained}/export?format=safetensors").content


def send(client: TestClient, export: bytes, **fields: str) -> httpx2.Response:
    files = {"file": ("export.zip", export)}
    return client.post("/models/digits/imports", files=files, data=fields)


def send_bare(
    client: TestClient, tensors: Tensors, card: Json, **fields: str
) -> httpx2.Response:
    files = [
        ("file", ("model.safetensors", bare(tensors))),
        ("file", ("card.json", json.dumps(card).encode())),
    ]
    return client.post("/models/digits/imports", files=files, data=fields)


def imported(client: TestClient, export: bytes) -> Json:
    response = send(client, export)
    assert response.status_code == 201, response.text
    answer: Json = response.json()
    return answer


def test_a_checkpoint_is_imported_once(client: TestClient, export: bytes) -> None:
    place, key = "/models/digits/imports", {"Idempotency-Key": "one"}
    files = {"file": ("export.zip", export)}

    made = [client.post(place, files=files, headers=key).json() for _ in range(2)]
    other = client.post(place, files=files, data={"preprocess": "mnist"}, headers=key)

    assert made[0] == made[1]
    assert read_problem(other)["code"] == "idempotency_key_reused"
    assert len(client.get("/models/digits").json()["versions"]) == 1


def test_an_imported_checkpoint_answers_as_its_exporter(
    client: TestClient, trained: str, export: bytes
) -> None:
    version = imported(client, export)

    here = client.post(f"/predict?checkpoint_id={trained}&explain=true", files=ONE)
    there = client.post("/predict?model=digits@1&explain=true", files=ONE)

    assert there.json()["data"] == here.json()["data"]
    checkpoint = there.json()["checkpoint"]
    assert checkpoint["id"] == version["checkpoint_id"] != trained
    assert (checkpoint["job_id"], checkpoint["epoch"]) == (None, 0)
    assert (checkpoint["val_loss"], checkpoint["val_accuracy"]) == (None, None)
    assert checkpoint["sha256"] == here.json()["checkpoint"]["sha256"]


def test_a_version_says_that_it_was_imported(
    client: TestClient, trained: str, export: bytes
) -> None:
    imported(client, export)
    client.post("/models/digits/versions", json={"checkpoint_id": trained})

    own, other = client.get("/models/digits").json()["versions"]

    [job] = client.get("/jobs").json()["data"]
    lineage = client.get(f"/jobs/{job['id']}/lineage").json()
    assert (own["job_id"], own["epoch"], own["imported"]) == (job["id"], 1, None)
    assert (other["job_id"], other["epoch"]) == (None, 0)
    assert other["imported"] == {
        "created_at": other["imported"]["created_at"],
        "files": ["export.zip"],
        "preprocess": "auto",
        "weights_sha256": lineage["weights_sha256"],
        "claimed_job_id": job["id"],
        "claimed_epoch": 1,
    }


def test_an_import_can_be_exported_again(
    client: TestClient, trained: str, export: bytes
) -> None:
    version = imported(client, export)

    address = f"/checkpoints/{version['checkpoint_id']}/export?format=safetensors"
    again = imported(client, client.get(address).content)

    versions = client.get("/models/digits").json()["versions"]
    assert again["number"] == 2
    assert len({one["imported"]["weights_sha256"] for one in versions}) == 1


def test_a_job_starts_from_an_import(client: TestClient, export: bytes) -> None:
    checkpoint_id = imported(client, export)["checkpoint_id"]

    job = client.post("/jobs", json={"init_from": checkpoint_id, "epochs": 1}).json()

    assert job["starting_point"]["checkpoint_id"] == checkpoint_id
    assert job["starting_point"]["job_id"] is None
    assert job["starting_point"]["replaced"] == []
    assert job["spec"]["architecture"]["name"] == "tutorial"


def test_the_inside_of_an_import_is_shown(client: TestClient, export: bytes) -> None:
    checkpoint_id = imported(client, export)["checkpoint_id"]

    filters = client.get(f"/checkpoints/{checkpoint_id}/filters.png")
    maps = client.post(f"/checkpoints/{checkpoint_id}/feature-maps", files=ONE)

    assert (filters.status_code, maps.status_code) == (200, 200)


@pytest.mark.parametrize("query", ["&epoch=best", "&epoch=1"])
def test_an_import_has_no_epochs(client: TestClient, export: bytes, query: str) -> None:
    checkpoint_id = imported(client, export)["checkpoint_id"]

    response = client.post(f"/predict?checkpoint_id={checkpoint_id}{query}", files=ONE)

    assert read_problem(response)["code"] == "checkpoint_mismatch"


def test_an_import_goes_with_its_last_version(
    client: TestClient, engine: Engine, export: bytes
) -> None:
    checkpoint_id = imported(client, export)["checkpoint_id"]
    client.post("/models/digits/versions", json={"checkpoint_id": checkpoint_id})

    client.delete("/models/digits/versions/1")
    kept = client.post(f"/predict?checkpoint_id={checkpoint_id}", files=ONE)
    client.delete("/models/digits")

    assert kept.status_code == 200
    with read_session(engine) as session:
        assert session.exec(select(CheckpointImport)).all() == []
        with pytest.raises(CheckpointNotFound):
            jobs.read_weights(session, UUID(checkpoint_id))


def test_an_import_stays_while_a_job_is_to_start_from_it(
    client: TestClient, engine: Engine, export: bytes
) -> None:
    checkpoint_id = UUID(imported(client, export)["checkpoint_id"])
    with write_session(engine) as session:
        jobs.submit_job(session, tiny_spec(init_from=str(checkpoint_id)))

    client.delete("/models/digits/versions/1")

    with read_session(engine) as session:
        assert jobs.read_weights(session, checkpoint_id)


def test_imports_count_for_the_budget(
    client: TestClient, engine: Engine, export: bytes
) -> None:
    with read_session(engine) as session:
        before = jobs.kept_bytes(session)

    imported(client, export)

    with read_session(engine) as session:
        assert jobs.kept_bytes(session) == 2 * before


@pytest.mark.usefixtures("trained")
def test_weights_and_a_card_are_enough(client: TestClient) -> None:
    layers = [{"flatten": {}}, {"linear": "classes"}]
    card = {"architecture": {"layers": layers}, "class_names": ["dark", "light"]}
    weights = np.stack([np.full(784, -1), np.full(784, 1)]).astype(np.float32)
    tensors: Tensors = {
        "1.weight": weights,
        "1.bias": np.array([100, -100], np.float32),
    }

    made = send_bare(client, tensors, card, preprocess="none")
    answer = client.post("/predict?model=digits", files=ONE).json()

    assert made.json()["imported"]["preprocess"] == "none"
    assert made.json()["imported"]["claimed_job_id"] is None
    assert answer["data"][0]["label"] == "light"


@pytest.mark.usefixtures("trained")
def test_a_tensor_that_does_not_fit_is_named(client: TestClient) -> None:
    tensors: Tensors = {"0.weight": np.zeros((2, 2), np.float32)}
    card = {"architecture": "tutorial", "class_names": list("0123456789")}

    problem = read_problem(send_bare(client, tensors, card))

    assert problem["status"] == 422
    first = problem["errors"][0]
    assert (first["pointer"], first["code"]) == ("/body/file", "wrong_shape")
    assert "`0.weight`" in first["message"]
    assert client.get("/models/digits").json()["versions"] == []


@pytest.mark.usefixtures("trained")
def test_a_pickle_is_refused(client: TestClient) -> None:
    files = {"file": ("model.pt", b"PK\x03\x04")}

    problem = read_problem(client.post("/models/digits/imports", files=files))

    assert (problem["status"], problem["code"]) == (422, "upload_refused")
    assert "`model.pt` is a pickle" in problem["detail"]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [({"preprocess": "eval"}, "/body/preprocess"), ({"name": "a"}, "/body/name")],
)
def test_a_form_that_says_something_else_is_refused(
    client: TestClient, export: bytes, fields: dict[str, str], pointer: str
) -> None:
    problem = read_problem(send(client, export, **fields))

    assert problem["errors"][0]["pointer"] == pointer


@pytest.mark.usefixtures("trained")
def test_a_form_without_a_file_is_refused(client: TestClient) -> None:
    files = {"": ("", b"")}
    nothing = client.post("/models/digits/imports", data={"preprocess": "auto"})
    unnamed = client.post("/models/digits/imports", files=files)

    assert read_problem(nothing)["status"] == 422
    assert read_problem(unnamed)["status"] == 422


def test_an_import_needs_a_model(client: TestClient) -> None:
    problem = read_problem(send(client, b"PK\x03\x04"))

    assert (problem["status"], problem["code"]) == (404, "model_not_found")


def test_an_alias_names_an_import_that_stays(
    client: TestClient, engine: Engine, export: bytes
) -> None:
    imported(client, export)
    client.put("/models/digits/aliases/champion", json={"version": 1})

    refused = read_problem(client.delete("/models/digits/versions/1"))

    assert refused["code"] == "model_in_use"
    with read_session(engine) as session:
        assert len(registry.list_origins(session, "digits")) == 1
