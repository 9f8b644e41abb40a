"""From submit to prediction through real Redis, worker, child and api processes."""

import io
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image

from app.datasets.mnist import load_mnist
from tests.live.service import live_service

pytestmark = pytest.mark.live

SPEC: dict[str, Any] = {"epochs": 1, "batch_size": 32, "validation_size": 256}


def test_an_image_is_read_by_a_network_trained_over_http(
    data_dir: Path, real_mnist: Path
) -> None:
    mnist = load_mnist(real_mnist)
    with live_service(data_dir) as service:
        job_id = service.submit(**SPEC, seed=3)
        job = service.wait_for(job_id, lambda job: bool(job["is_terminal"]))
        assert (job["status"], job["epoch"]) == ("succeeded", 1), job
        assert job["test_accuracy"] > 0.5

        uploads = [
            ("images", (f"{i}.png", png(mnist.test_images[i]))) for i in range(20)
        ]
        answer = service.post("/predict", files=uploads).json()

    truths = [str(label) for label in mnist.test_labels[:20]]
    labels = [found["label"] for found in answer["data"]]
    assert sum(map(str.__eq__, truths, labels)) >= 10  # by chance: 2
    assert answer["checkpoint"]["job_id"] == job_id


def test_the_event_stream_tells_the_whole_story_and_ends(data_dir: Path) -> None:
    with live_service(data_dir) as service:
        job_id = service.submit(**SPEC)
        stream = service.get(f"/jobs/{job_id}/events").text
        replay = service.get(
            f"/jobs/{job_id}/events", headers={"Last-Event-ID": "2"}
        ).text

    assert ids(stream) == ["1", "2", "3", "4"]
    assert [kind for kind in kinds(stream) if kind != "progress"] == [
        "queued",
        "running",
        "epoch",
        "succeeded",
    ]
    assert "progress" in kinds(stream)
    assert ids(replay) == ["3", "4"]


def test_stopping_the_service_leaves_no_process_behind(data_dir: Path) -> None:
    with live_service(data_dir) as service:
        job_id = service.submit(**SPEC)
        service.wait_for(job_id, lambda job: job["progress"] is not None)
        family = service.processes()

        assert service.stop() == 0

    _gone, alive = psutil.wait_procs(family, timeout=0)
    assert alive == []


def png(pixels: Any) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def ids(stream: str) -> list[str]:
    return [line[4:] for line in stream.splitlines() if line.startswith("id: ")]


def kinds(stream: str) -> list[str]:
    return [line[7:] for line in stream.splitlines() if line.startswith("event: ")]
