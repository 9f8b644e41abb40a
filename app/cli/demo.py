"""`modelmill demo`: the whole way from nothing to a prediction, over HTTP."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import httpx2
import numpy as np
import typer
from PIL import Image
from rich.console import Console
from rich.table import Table

from app.cli.remote import Terminal
from app.cli.watch import follow
from app.cli.words import percent
from app.client import Client, Prediction, Predictions
from app.datasets.mnist import load_mnist
from app.errors import ServiceRefused
from app.key_file import FILE_NAME
from app.launcher.place import demand_free_port, free_port
from app.launcher.serve import address
from app.settings import Settings

START_SECONDS = 90.0
STOP_SECONDS = 60.0
POLL_SECONDS = 0.2
IMAGES = 20
FEWEST_RIGHT = 19
LEAST_TEST_ACCURACY = 0.95
SEED = 2016

Epochs = Annotated[int, typer.Option(min=1, help="Passes over the training images.")]
Picture = Annotated[
    Path | None, typer.Option("--svg", help="Keep the terminal's picture here.")
]
PICTURE_COLUMNS = 100


@dataclass(frozen=True)
class Sample:
    """A test image as a PNG file, and the digit that it shows."""

    name: str
    png: bytes
    truth: str


def demo(epochs: Epochs = 2, picture: Picture = None) -> None:
    """Train the tutorial's network on MNIST and classify twenty test images."""
    settings = Settings()
    width = None if picture is None else PICTURE_COLUMNS
    console = Console(record=picture is not None, width=width)
    samples = choose_samples(settings.datasets_dir / "mnist")
    with running_service(settings, console) as client:
        console.print(f"Training the tutorial's network ({epochs} epochs)")
        spec = {"preset": "tutorial", "epochs": epochs, "seed": SEED}
        terminal = Terminal(console, as_json=False, client=client)
        job = follow(terminal, client.submit(spec))
        if job.status != "succeeded":
            raise ServiceRefused("The training did not succeed.")
        uploads = [(sample.name, sample.png) for sample in samples]
        answer = client.predict(uploads, job_id=job.id)
    right = show_answers(console, samples, answer)
    console.print(
        f"\nNow `make serve`, then open {address(settings)}/docs to do the same from "
        f"the browser, or {address(settings)}/jobs/{job.id} for this job. The key that "
        f"both ask for is in {settings.data_dir / FILE_NAME}."
    )
    if picture is not None:
        console.save_svg(str(picture), title="modelmill demo")
    demand_success(job.test_accuracy, right)


def choose_samples(directory: Path) -> list[Sample]:
    """Pick test images by a fixed seed: the same twenty each time."""
    mnist = load_mnist(directory)
    chosen = np.random.default_rng(SEED).choice(
        len(mnist.test_labels), IMAGES, replace=False
    )
    return [
        Sample(
            f"test-{index:05d}.png",
            encode_png(Image.fromarray(mnist.test_images[index])),
            str(mnist.test_labels[index]),
        )
        for index in chosen
    ]


def encode_png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


@contextmanager
def running_service(settings: Settings, console: Console) -> Iterator[Client]:
    """Run `modelmill serve` with its output in a file; stop it at the end."""
    port = usable_port(settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    log = settings.data_dir / "demo.log"
    with log.open("wb") as output:
        service = subprocess.Popen(
            [sys.executable, "-c", "from app.cli import main; main()", "serve"],
            env={**os.environ, "MODELMILL_PORT": str(port)},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    url = address(settings.model_copy(update={"port": port}))
    console.print(f"Starting broker, worker and api at {url} (log: {log})")
    try:
        wait_until_ready(service, url, log)
        with Client(url) as client:
            yield client
    finally:
        service.send_signal(signal.SIGINT)
        service.wait(STOP_SECONDS)
        console.print("Stopped every process.")


def usable_port(settings: Settings) -> int:
    try:
        demand_free_port(settings.host, settings.port)
    except ServiceRefused:
        return free_port(settings.host)
    return settings.port


def wait_until_ready(service: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while service.poll() is None and time.monotonic() < deadline:
        try:
            httpx2.get(f"{url}/readyz", timeout=1.0).raise_for_status()
        except httpx2.HTTPError:
            time.sleep(POLL_SECONDS)
        else:
            return
    last = log.read_text(errors="replace").strip().splitlines()[-1:]
    raise ServiceRefused("The service did not start: " + "".join(last))


def show_answers(console: Console, samples: list[Sample], answer: Predictions) -> int:
    """Print truth against prediction; return how many agree."""
    table = Table("file", "truth", "prediction", "confidence", "")
    right = 0
    for sample, found in zip(samples, answer.data, strict=True):
        assert isinstance(found, Prediction)
        agrees = found.label == sample.truth
        right += agrees
        confidence = f"{found.confidence:.1%}"
        mark = "right" if agrees else "WRONG"
        table.add_row(sample.name, sample.truth, found.label, confidence, mark)
    console.print(table)
    console.print(f"{right} of {len(samples)} right")
    return right


def demand_success(test_accuracy: float | None, right: int) -> None:
    if test_accuracy is None or test_accuracy < LEAST_TEST_ACCURACY:
        raise ServiceRefused(
            f"Test accuracy is {percent(test_accuracy)}, below "
            f"{LEAST_TEST_ACCURACY:.0%}."
        )
    if right < FEWEST_RIGHT:
        raise ServiceRefused(f"Only {right} of {IMAGES} test images are right.")
