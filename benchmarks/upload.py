"""From 70,000 PNG files in a zip to the first trained epoch, and the api's memory.

`python -m benchmarks.upload [--images N] [--preset NAME] [--json]`. MNIST as a folder
for each class and split, sent to a service of its own. The api validates it too, so
its peak is that of both.
"""

import argparse
import time
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import psutil
from PIL import Image

from app.datasets.mnist import load_mnist
from app.settings import Settings
from benchmarks.report import at_most, print_rows, print_targets
from tests.live.service import LiveService, live_service, wait_until

PROMISED_MEGABYTES = 600.0
PATIENCE_SECONDS = 1800.0
MEGABYTE = 10**6
KIBIBYTE = 2**10
PEAK = "VmHWM:"
# As it is installed: the quick ones of the tests would take a slow moment for an end.
USUAL: dict[str, object] = {"lease_seconds": 30, "heartbeat_seconds": 5}


@dataclass(frozen=True)
class Stage:
    """One step on the way, and the most memory that the api has had by its end."""

    name: str
    seconds: float
    peak_megabytes: float


@dataclass
class Watch:
    """Tells each stage from the one before."""

    api: psutil.Process
    began: float

    def stage(self, name: str) -> Stage:
        now = time.perf_counter()
        seconds, self.began = now - self.began, now
        return Stage(name, seconds, peak_megabytes(self.api))


def peak_megabytes(process: psutil.Process) -> float:
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith(PEAK):
            return int(line.split()[1]) * KIBIBYTE / MEGABYTE
    raise SystemExit("The kernel does not tell the peak of a process.")


def write_zip(path: Path, count: int) -> int:
    """Write the first images of MNIST, training images before test images."""
    mnist = load_mnist(Settings().datasets_dir / "mnist")
    train = zip(mnist.train_images, mnist.train_labels, strict=True)
    test = zip(mnist.test_images, mnist.test_labels, strict=True)
    pairs = chain(
        ((f"train/{label}", image) for image, label in train),
        ((f"test/{label}", image) for image, label in test),
    )
    with ZipFile(path, "w", ZIP_STORED) as archive:
        for number, (folder, image) in zip(range(count), pairs, strict=False):
            file = BytesIO()
            Image.fromarray(image).save(file, "PNG")
            archive.writestr(f"{folder}/{number:05}.png", file.getvalue())
    return path.stat().st_size


def api_of(service: LiveService) -> psutil.Process:
    for process in service.processes():
        if "app.main:create_app" in process.cmdline():
            return process
    raise SystemExit("There is no api process.")


def send(service: LiveService, path: Path) -> str:
    """Upload the zip as a form, as a client does; return the dataset's address."""
    with path.open("rb") as file:
        answer = service.client.post(
            "/datasets",
            files={"file": ("mnist.zip", file)},
            data={"name": "pngs"},
            timeout=PATIENCE_SECONDS,
        )
    answer.raise_for_status()
    address: str = answer.headers["location"]
    return address


def wait(service: LiveService, path: str, name: str, *unfinished: str) -> Any:
    """Look until the status is none of these; return what it is then."""
    shown: dict[str, Any] = {}

    def look() -> bool:
        shown.update(service.get(path).json())
        return shown["status"] not in unfinished

    wait_until(look, lambda: f"{path} stands at {shown}", PATIENCE_SECONDS)
    if shown["status"] not in (name, "succeeded"):
        raise SystemExit(f"It is {shown['status']}: {service.get(path).text}")
    return shown


def run(service: LiveService, path: Path, preset: str) -> tuple[list[Stage], float]:
    """Go the whole way; return its stages and the accuracy on the test images."""
    watch = Watch(api_of(service), time.perf_counter())
    dataset = send(service, path)
    stages = [watch.stage("upload")]
    wait(service, dataset, "ready", "validating")
    stages.append(watch.stage("validation"))
    job = f"/jobs/{service.submit(dataset='pngs', preset=preset, epochs=1)}"
    wait(service, job, "running", "queued")
    wait_until(
        lambda: service.get(job).json()["progress"] or is_over(service, job),
        lambda: "no step was taken",
        PATIENCE_SECONDS,
    )
    stages.append(watch.stage("submit to first step"))
    ended = wait(service, job, "succeeded", "running")
    stages.append(watch.stage(f"an epoch of {preset}"))
    return stages, ended["test_accuracy"]


def is_over(service: LiveService, job: str) -> bool:
    return bool(service.get(job).json()["is_terminal"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=70_000)
    parser.add_argument("--preset", default="fast")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    with TemporaryDirectory() as folder:
        path = Path(folder) / "mnist.zip"
        size = write_zip(path, arguments.images)
        data_dir = Path(folder) / "data"
        data_dir.mkdir()
        with live_service(data_dir, **USUAL) as service:
            stages, accuracy = run(service, path, arguments.preset)

    print_rows(
        [
            ("the zip", f"{arguments.images} files, {size / MEGABYTE:.1f} MB"),
            *(
                (one.name, f"{one.seconds:.1f} s, api {one.peak_megabytes:.0f} MB")
                for one in stages
            ),
            ("test accuracy", f"{accuracy:.4f}"),
        ]
    )
    peak = max(one.peak_megabytes for one in stages)
    name = f"upload_{arguments.images}_api_peak_mb"
    print_targets({name: at_most(peak, PROMISED_MEGABYTES)}, as_json=arguments.json)


if __name__ == "__main__":
    main()
