"""The commands as a shell runs them, against the whole service."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from safetensors import safe_open

from app.client import Client, Event
from app.datasets.mnist import load_mnist
from tests.live.processes import api
from tests.live.service import MODELMILL, LiveService, live_service
from tests.live.test_service import png

pytestmark = pytest.mark.live

SPEC = ["--epochs", "2", "--batch-size", "32", "--set", "validation_size=256"]


def modelmill(service: LiveService, *words: object) -> list[dict[str, Any]]:
    """Run a command that must succeed; return the documents that it writes."""
    finished = subprocess.run(
        [*MODELMILL, *map(str, words), "--json"],
        env={**os.environ, "MODELMILL_URL": service.url},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (finished.returncode, finished.stderr) == (0, "")
    return [json.loads(line) for line in finished.stdout.splitlines()]


def take_until(events: Iterator[Event], kind: str) -> Iterator[Event]:
    for event in events:
        yield event
        if event.kind == kind:
            return


def test_a_job_is_trained_asked_and_pulled_from_a_shell(
    data_dir: Path, real_mnist: Path, tmp_path: Path
) -> None:
    mnist = load_mnist(real_mnist)
    (tmp_path / "digit.png").write_bytes(png(mnist.test_images[0]))
    with live_service(data_dir) as service:
        first, *events, last = modelmill(service, "train", "--seed", 3, *SPEC)
        (answer,) = modelmill(service, "predict", tmp_path / "digit.png")
        (pulled,) = modelmill(service, "checkpoints", "pull", "last", "--to", tmp_path)
        (listed,) = modelmill(service, "jobs", "list")

    stored = [event for event in events if event["kind"] != "progress"]
    kinds = [event["kind"] for event in stored]
    assert kinds == ["queued", "running", "epoch", "epoch", "succeeded"]
    assert [event["number"] for event in stored] == [1, 2, 3, 4, 5]
    assert len(events) > len(stored)
    assert first["id"] == last["id"] == listed["id"]
    assert (last["status"], last["spec"]["seed"]) == ("succeeded", 3)
    assert answer["checkpoint"]["job_id"] == last["id"]
    assert answer["data"][0]["label"] in set("0123456789")
    with safe_open(pulled["path"], "numpy") as file:
        assert list(file.keys())


def test_a_follower_outlives_the_api(data_dir: Path) -> None:
    with live_service(data_dir) as service, Client(service.url) as client:
        job = client.submit(epochs=40, batch_size=32, validation_size=256)
        events = client.follow(job.id)
        numbers = [event.number for event in take_until(events, "epoch")]
        api(data_dir).kill()
        numbers += [event.number for event in take_until(events, "epoch")]
        client.stop(job.id)
        numbers += [event.number for event in events]
        assert client.wait(job.id).stop_reason == "stopped_by_user"

    stored = [number for number in numbers if number is not None]
    assert stored == list(range(1, len(stored) + 1))
