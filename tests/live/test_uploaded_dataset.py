"""Handwritten digits as PNG folders: uploaded, learned by a real worker, read back."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from sklearn.datasets import load_digits

from tests.live.service import live_service

pytestmark = pytest.mark.live

LEAST_ACCURACY = 0.97
WORDS = "zero one two three four five six seven eight nine"
NAMES = tuple(WORDS.split(" "))


def png(levels: NDArray[np.float64]) -> bytes:
    file = io.BytesIO()
    Image.fromarray((levels * 255 / 16).astype(np.uint8)).save(file, "PNG")
    return file.getvalue()


def test_digits_of_8x8_are_learned_and_answered_by_their_names(tmp_path: Path) -> None:
    digits = load_digits()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        pairs = zip(digits.images, digits.target, strict=True)
        for number, (levels, label) in enumerate(pairs):
            archive.writestr(f"digits/{NAMES[label]}/{number}.png", png(levels))

    with live_service(tmp_path) as service:
        uploaded = service.post(
            "/datasets",
            files={"file": ("digits.zip", file.getvalue())},
            data={"name": "digits", "size": "28"},
        ).json()
        assert uploaded["status"] == "ready", uploaded
        job_id = service.submit(
            dataset="digits", preset="fast", epochs=12, batch_size=64, seed=1
        )
        job = service.wait_for_end(job_id)
        answer = service.post(
            "/predict", files={"image": ("0.png", png(digits.images[0]))}
        ).json()

    assert job["spec"]["dataset_pin"]["digest"] == uploaded["digest"]
    assert job["status"] == "succeeded", job
    assert job["test_accuracy"] >= LEAST_ACCURACY
    assert set(answer["data"][0]["probabilities"]) == set(NAMES)
    assert answer["data"][0]["label"] == NAMES[digits.target[0]]
