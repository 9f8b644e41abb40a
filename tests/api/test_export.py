"""An exported checkpoint runs without the service, and answers the same."""

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from uuid import uuid4
from zipfile import ZipFile

import numpy as np
import onnxruntime
import pytest
import torch
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import Engine

from app import jobs
from app.database.engine import read_session
from app.models import Checkpoint
from app.vision.checkpoint import decode_checkpoint
from app.vision.export import ExportFormat
from app.vision.preprocessing import Preprocessing, scale_pixels
from tests.factories import bars, read_problem, record_epoch, running_job

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def checkpoint(engine: Engine) -> Checkpoint:
    return record_epoch(engine, running_job(engine), 1)


def exported(client: TestClient, checkpoint: Checkpoint, kind: str) -> ZipFile:
    response = client.get(f"/checkpoints/{checkpoint.id}/export?format={kind}")
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/zip"
    return ZipFile(BytesIO(response.content))


def weights_of(engine: Engine, checkpoint: Checkpoint) -> bytes:
    with read_session(engine) as session:
        return jobs.read_weights(session, checkpoint.id)


def torch_logits(data: bytes, pixels: list[np.ndarray]) -> np.ndarray:
    images = torch.from_numpy(scale_pixels(pixels, Preprocessing()))
    with torch.inference_mode():
        logits: np.ndarray = decode_checkpoint(data).network(images).numpy()
    return logits


def test_onnx_answers_as_torch_does_in_batches_of_any_size(
    client: TestClient, engine: Engine, checkpoint: Checkpoint
) -> None:
    graph = exported(client, checkpoint, "onnx").read("model.onnx")
    session = onnxruntime.InferenceSession(graph)
    noise = np.random.default_rng(1).integers(0, 256, (1000, 28, 28), dtype=np.uint8)
    images = scale_pixels(list(noise), Preprocessing())

    whole = session.run(None, {"images": images})[0]
    [one] = session.run(None, {"images": images[:1]})[0]

    data = weights_of(engine, checkpoint)
    assert np.abs(whole - torch_logits(data, list(noise))).max() < 1e-4
    assert np.abs(whole[0] - one).max() < 1e-4


PROGRAM_ALONE = """
import sys
import numpy as np, torch
images = torch.from_numpy(np.load("images.npy"))
network = torch.export.load("model.pt2").module()
parts = images.split(999)  # the last one is a single image
np.save("logits.npy", torch.cat([network(part).detach() for part in parts]).numpy())
assert not any(name.partition(".")[0] in ("app", "worker") for name in sys.modules)
"""


def test_the_program_answers_as_torch_does_where_this_package_is_not(
    client: TestClient, engine: Engine, checkpoint: Checkpoint, tmp_path: Path
) -> None:
    exported(client, checkpoint, "torch_export").extract("model.pt2", tmp_path)
    noise = np.random.default_rng(1).integers(0, 256, (1000, 28, 28), dtype=np.uint8)
    np.save(tmp_path / "images.npy", scale_pixels(list(noise), Preprocessing()))

    subprocess.run(
        [sys.executable, "-I", "-c", PROGRAM_ALONE], cwd=tmp_path, check=True
    )

    data = weights_of(engine, checkpoint)
    logits = np.load(tmp_path / "logits.npy")
    assert np.abs(logits - torch_logits(data, list(noise))).max() < 1e-4


@pytest.mark.parametrize("kind", list(ExportFormat))
def test_the_script_runs_the_export_on_a_png(
    client: TestClient,
    engine: Engine,
    checkpoint: Checkpoint,
    tmp_path: Path,
    kind: ExportFormat,
) -> None:
    exported(client, checkpoint, kind).extractall(tmp_path)
    [pixels] = bars(1)[0]
    Image.fromarray(pixels).save(tmp_path / "bar.png")

    run = subprocess.run(
        [sys.executable, "predict.py", "bar.png"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=True,
    )

    data = weights_of(engine, checkpoint)
    assert run.stdout.strip() == str(torch_logits(data, [pixels]).argmax())


def test_the_zip_tells_what_the_weights_mean_and_is_the_same_each_time(
    client: TestClient, checkpoint: Checkpoint
) -> None:
    archives = [exported(client, checkpoint, "safetensors") for _ in range(2)]

    contents = [
        {name: archive.read(name) for name in archive.namelist()}
        for archive in archives
    ]
    assert contents[0] == contents[1]
    assert set(contents[0]) == {
        "model.safetensors",
        "architecture.json",
        "card.json",
        "metrics.json",
        "predict.py",
    }
    assert b'"val_accuracy": 0.75' in contents[0]["metrics.json"]
    assert b'"class_names"' in contents[0]["card.json"]


def test_an_unknown_checkpoint_is_not_exported(client: TestClient) -> None:
    problem = read_problem(client.get(f"/checkpoints/{uuid4()}/export"))

    assert (problem["status"], problem["code"]) == (404, "checkpoint_not_found")
