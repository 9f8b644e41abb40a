"""Seconds from the upload of a zip of 10,000 digits to its last row.

`python -m benchmarks.bulk [--images N] [--rounds N] [--json]`. The median of the
rounds, and what /predict took meanwhile, one request after the other.
"""

import argparse
import time
from dataclasses import dataclass
from io import BytesIO
from statistics import median
from zipfile import ZIP_STORED, ZipFile

from PIL import Image

from app.datasets.mnist import load_mnist
from app.settings import Settings
from benchmarks.report import at_most, print_rows, print_targets
from benchmarks.serving import picture, trained_service
from tests.live.service import LiveService

PROMISED_SECONDS = 5.0
LOOK_SECONDS = 0.05
ZIP = {"Content-Type": "application/zip"}


@dataclass(frozen=True)
class Round:
    """One zip: how long it took, and each request to /predict meanwhile."""

    seconds: float
    requests: list[float]


def digits(count: int) -> bytes:
    """Return a zip of test images as PNGs."""
    images = load_mnist(Settings().datasets_dir / "mnist").test_images
    written = BytesIO()
    with ZipFile(written, "w", ZIP_STORED) as archive:
        for place in range(count):
            file = BytesIO()
            Image.fromarray(images[place % len(images)]).save(file, "PNG")
            archive.writestr(f"{place:05}.png", file.getvalue())
    return written.getvalue()


def measure(service: LiveService, archive: bytes, *, beside: bytes | None) -> Round:
    """Send a zip and wait for its end; with a picture, ask /predict all the while."""
    answer = service.client.post("/predictions", content=archive, headers=ZIP)
    answer.raise_for_status()
    begin, requests = time.perf_counter(), []
    looked, shown, path = begin, answer.json(), answer.headers["location"]
    while not shown["is_terminal"]:
        if time.perf_counter() - looked > LOOK_SECONDS:
            shown, looked = service.client.get(path).json(), time.perf_counter()
        if beside is None:
            time.sleep(LOOK_SECONDS)
        else:
            requests.append(timed_request(service, beside))
    seconds = time.perf_counter() - begin
    if shown["images_done"] != shown["images"] or shown["images_refused"]:
        raise SystemExit(f"Not every image was classified: {shown}")
    service.client.delete(path).raise_for_status()
    return Round(seconds, requests)


def timed_request(service: LiveService, image: bytes) -> float:
    begin = time.perf_counter()
    files = {"image": ("seven.png", image)}
    service.client.post("/predict", files=files).raise_for_status()
    return time.perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    archive, image = digits(arguments.images), picture()

    with trained_service() as service:
        measure(service, digits(100), beside=None)  # the first loads everything
        rounds = [
            measure(service, archive, beside=None) for _round in range(arguments.rounds)
        ]
        quiet = [timed_request(service, image) for _request in range(500)]
        busy = measure(service, archive, beside=image)

    seconds = median(one.seconds for one in rounds)
    print_rows(
        [
            ("a zip", f"{seconds:.2f} s, {arguments.images / seconds:,.0f} images/s"),
            ("a zip beside requests", f"{busy.seconds:.2f} s"),
            ("/predict alone", f"median {1000 * median(quiet):.2f} ms"),
            ("/predict beside a zip", f"median {1000 * median(busy.requests):.2f} ms"),
        ]
    )
    name = f"bulk_{arguments.images}_seconds"
    print_targets({name: at_most(seconds, PROMISED_SECONDS)}, as_json=arguments.json)


if __name__ == "__main__":
    main()
