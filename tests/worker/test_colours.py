"""Pictures in colour, neither square nor 28x28, go the whole way as digits do."""

import base64
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID

import numpy as np
import onnxruntime
import pytest
from fastapi.testclient import TestClient
from PIL import Image, ImageDraw
from sqlalchemy import Engine

from app.bulk.runner import BulkRunner
from app.settings import Settings
from app.states import Outcome
from app.vision.preprocessing import Preprocessing, scale_pixels
from tests.conftest import FakeDoorbell
from tests.factories import claimed_job, encoded, read_problem, settle
from tests.worker.attempts import never
from worker.fenced import FencedWriter
from worker.runner import run_attempt

Json = dict[str, Any]
REPOSITORY = Path(__file__).parents[2]
# All of the same grey: who sees no colour can only guess.
INKS = {"red": (230, 40, 40), "green": (20, 140, 78), "blue": (60, 86, 250)}
SIZES = ((24, 20), (24, 20), (24, 20), (48, 40), (60, 33))
NETWORK = [
    {"conv": {"filters": 8, "kernel": 3, "padding": "same"}},
    {"activation": "relu"},
    {"pool": {"kind": "global_average"}},
    {"flatten": {}},
    {"linear": "classes"},
]
SPEC: Json = {
    "dataset": "inks",
    "architecture": {"layers": NETWORK},
    "optimizer": {"kind": "adam"},
    "learning_rate": 0.05,
    "epochs": 3,
    "batch_size": 8,
    "shuffle": True,
    "seed": 1,
}


def drawing(ink: str, number: int) -> bytes:
    """Return a picture of a box of one ink, of a size that its number chooses."""
    width, height = SIZES[number % len(SIZES)]
    image = Image.new("RGB", (width, height))
    left, top = number % 7, number % 5
    right, bottom = width - 3 - number % 4, height - 3 - number % 3
    ImageDraw.Draw(image).rectangle((left, top, right, bottom), INKS[ink])
    return encoded(image)


def zipped(count: int = 30) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for ink in INKS:
            for number in range(count):
                archive.writestr(f"{ink}/{number}.png", drawing(ink, number))
    return file.getvalue()


def upload(client: TestClient, **fields: str) -> Json:
    response = client.post(
        "/datasets",
        files={"file": ("inks.zip", zipped())},
        data={"name": "inks", **fields},
    )
    assert response.status_code == 201, response.text
    answer: Json = response.json()
    assert answer["status"] == "ready", answer
    return answer


class Mill:
    """Submits jobs as a client does, and trains them as a worker does."""

    def __init__(
        self,
        client: TestClient,
        engine: Engine,
        doorbell: FakeDoorbell,
        settings: Settings,
    ) -> None:
        self.client, self._engine = client, engine
        self._doorbell, self._settings = doorbell, settings

    def train(self, path: str = "/jobs", spec: Json | None = None) -> Json:
        response = self.client.post(path, json=spec)
        assert response.status_code == 201, response.text
        claim = claimed_job(self._engine, UUID(response.json()["id"]))
        writer = FencedWriter(self._engine, self._doorbell, claim)
        run_attempt(writer, self._settings, never)
        settle(self._engine, claim, Outcome.FINISHED)
        job: Json = self.client.get(f"/jobs/{claim.job_id}").json()
        assert job["status"] == "succeeded", job
        return job


@pytest.fixture
def mill(
    client: TestClient, engine: Engine, doorbell: FakeDoorbell, settings: Settings
) -> Mill:
    return Mill(client, engine, doorbell, settings)


def checkpoint_of(client: TestClient, job: Json) -> str:
    """Return the one that answers unless another is named."""
    listed = client.get(f"/jobs/{job['id']}/checkpoints").json()["data"]
    [found] = [one["id"] for one in listed if one["epoch"] == job["best_epoch"]]
    return str(found)


def opened(png: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(png)))


@pytest.fixture
def job(mill: Mill) -> Json:
    dataset = upload(mill.client)
    assert dataset["shape"] == [3, 20, 24]
    return mill.train(spec=SPEC)


def test_colours_are_told_apart(client: TestClient, job: Json) -> None:
    files = [("images", (ink, drawing(ink, 37))) for ink in INKS]

    answer = client.post("/predict", files=files).json()

    assert job["spec"]["dataset_pin"]["shape"] == [3, 20, 24]
    assert job["test_accuracy"] == 1.0
    assert [one["label"] for one in answer["data"]] == [*INKS]


def test_what_the_network_saw_is_the_same_picture_in_json(
    client: TestClient, job: Json
) -> None:
    files = {"image": ("red.png", drawing("red", 3))}
    [shown] = client.post("/predict?explain=true", files=files).json()["data"]
    seen = opened(shown["explanation"]["png"])

    body = {"images": [{"pixels": np.asarray(seen).tolist()}]}
    [again] = client.post("/predict", json=body).json()["data"]

    assert (seen.mode, seen.size) == ("RGB", (24, 20))
    assert opened(shown["explanation"]["saliency"]).size == (24, 20)
    assert again["probabilities"] == shown["probabilities"]


def test_an_export_answers_the_same(client: TestClient, job: Json) -> None:
    files = {"image": ("blue.png", drawing("blue", 0))}
    [answer] = client.post("/predict", files=files).json()["data"]
    pixels = np.asarray(Image.open(io.BytesIO(drawing("blue", 0))))
    numbers = scale_pixels([pixels], Preprocessing())

    path = f"/checkpoints/{checkpoint_of(client, job)}/export?format=onnx"
    with zipfile.ZipFile(io.BytesIO(client.get(path).content)) as exported:
        session = onnxruntime.InferenceSession(exported.read("model.onnx"))
        card = json.loads(exported.read("card.json"))
    [logits] = session.run(None, {"images": numbers})[0]

    odds = np.exp((logits - logits.max()) / card["temperature"])
    found = dict(zip(card["class_names"], odds / odds.sum(), strict=True))
    assert found == pytest.approx(answer["probabilities"], abs=1e-4)
    assert (card["input_shape"], card["preprocess"]) == ([3, 20, 24], "plain")


@pytest.mark.parametrize("kind", ["onnx", "safetensors"])
def test_the_script_of_an_export_reads_colours(
    client: TestClient, job: Json, tmp_path: Path, kind: str
) -> None:
    path = f"/checkpoints/{checkpoint_of(client, job)}/export?format={kind}"
    with zipfile.ZipFile(io.BytesIO(client.get(path).content)) as exported:
        exported.extractall(tmp_path)
    (tmp_path / "green.png").write_bytes(drawing("green", 0))

    done = subprocess.run(
        [sys.executable, "predict.py", "green.png"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "green\n"


def test_an_export_is_imported_again_and_answers_the_same(
    client: TestClient, job: Json
) -> None:
    path = f"/checkpoints/{checkpoint_of(client, job)}/export?format=safetensors"
    files = {"file": ("inks.zip", client.get(path).content)}
    client.post("/models", json={"name": "inks"})

    as_digits = client.post(
        "/models/inks/imports", files=files, data={"preprocess": "auto"}
    )
    imported = client.post("/models/inks/imports", files=files)
    picture = {"image": ("red.png", drawing("red", 4))}
    answers = [
        client.post(f"/predict{query}", files=picture).json()["data"][0]
        for query in ("", "?model=inks")
    ]

    assert read_problem(as_digits)["errors"][0]["code"] == "wrong_input_shape"
    assert imported.status_code == 201, imported.text
    assert answers[0] == answers[1]


def test_its_layers_and_its_worst_images_are_shown(
    client: TestClient, job: Json
) -> None:
    place = f"/checkpoints/{checkpoint_of(client, job)}"
    files = {"image": ("red.png", drawing("red", 3))}

    maps = client.post(f"{place}/feature-maps", files=files).json()["layers"]
    filters = client.get(f"{place}/filters.png").content
    worst = client.get(f"/jobs/{job['id']}/report").json()["worst_images"]
    figure = client.get(f"/jobs/{job['id']}/report/worst-images.png")

    assert maps[0]["output_shape"] == [8, 20, 24]
    assert Image.open(io.BytesIO(filters)).size == (3 * 4 - 1, 8 * 4 - 1)
    assert opened(worst[0]["png"]).mode == "RGB"
    assert figure.status_code == 200, figure.text


def test_a_zip_of_pictures_is_classified_in_colour(
    client: TestClient, job: Json, engine: Engine, settings: Settings
) -> None:
    headers = {"content-type": "application/zip"}
    stored = client.post("/predictions", content=zipped(2), headers=headers).json()
    refused = client.post(
        "/predictions?preprocess=auto", content=zipped(2), headers=headers
    )

    BulkRunner(engine, settings, Event()).work_off()

    result = client.get(f"/predictions/{stored['id']}/result").text
    rows = [json.loads(line) for line in result.splitlines()]
    assert {row["file"].partition("/")[0] == row["label"] for row in rows} == {True}
    assert read_problem(refused)["code"] == "preprocess_mismatch"


def test_a_job_goes_on_from_a_network_for_the_same_shape_alone(
    mill: Mill, job: Json
) -> None:
    start = {"init_from": checkpoint_of(mill.client, job)}

    tuned = mill.train(spec={**SPEC, "epochs": 1, **start})
    other = mill.client.post("/jobs", json={"dataset": "mnist", **start})

    assert tuned["test_accuracy"] == 1.0
    assert read_problem(other)["errors"][0]["code"] == "checkpoint_does_not_fit"


def test_who_sees_grey_alone_cannot_tell_them_apart(mill: Mill) -> None:
    dataset = upload(mill.client, colour="grey", size="12x10")

    job = mill.train(spec=SPEC)

    assert dataset["shape"] == [1, 10, 12]
    assert job["test_accuracy"] < 0.6


def test_colours_are_learned_exactly_alike_a_second_time(mill: Mill) -> None:
    upload(mill.client)
    job = mill.train(spec=SPEC)

    again = mill.train(f"/jobs/{job['id']}/reproduce")

    assert again["reproduction"]["verdict"] == "exact"


def test_what_makes_digits_is_refused_by_a_network_for_colours(mill: Mill) -> None:
    upload(mill.client)
    mill.train(spec={**SPEC, "epochs": 1})
    files = {"image": ("red.png", drawing("red", 1))}

    for query in ("preprocess=auto", "preprocess=mnist", "segment=true"):
        problem = read_problem(mill.client.post(f"/predict?{query}", files=files))
        assert (problem["status"], problem["code"]) == (422, "preprocess_mismatch")
    problem = read_problem(
        mill.client.post("/predict", json={"images": [{"pixels": [[0] * 24] * 20}]})
    )
    assert problem["errors"][0]["code"] == "wrong_shape"


@pytest.mark.parametrize("preset", ["tutorial", "fast", "accurate", "by_hand"])
def test_every_preset_has_a_network_for_them(mill: Mill, preset: str) -> None:
    upload(mill.client, size="23x17")
    small: Json = {"preset": preset, "dataset": "inks", "batch_size": 8}
    small |= {"train_images": 40} if preset == "by_hand" else {}

    response = mill.client.post("/jobs?dry_run=true", json=small)

    assert response.status_code == 200, response.text
    assert response.json()["network"]["input_shape"] == [3, 17, 23]


def test_a_layer_that_does_not_fit_them_is_pointed_at(client: TestClient) -> None:
    upload(client, size="10x9")

    problem = read_problem(
        client.post("/jobs", json={"dataset": "inks", "architecture": "lenet5"})
    )

    assert problem["errors"][0]["pointer"].startswith(
        "/body/architecture/layers/2/pool"
    )


def test_outliers_are_for_digits_alone(client: TestClient) -> None:
    upload(client)

    problem = read_problem(client.post("/jobs", json={**SPEC, "outlier_exposure": {}}))

    assert problem["errors"][0]["code"] == "outliers_are_grey_28"
