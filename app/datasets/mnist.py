"""MNIST, or what has its form: four IDX files, images and labels, train and test."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.datasets.files import write_file
from app.datasets.idx import idx_bytes, read_idx
from app.errors import DatasetUnavailable

TRAIN_IMAGES = "train-images-idx3-ubyte"
TRAIN_LABELS = "train-labels-idx1-ubyte"
TEST_IMAGES = "t10k-images-idx3-ubyte"
TEST_LABELS = "t10k-labels-idx1-ubyte"

IMAGE_SHAPE = (28, 28)
CLASSES = 10


@dataclass(frozen=True, eq=False)
class Mnist:
    """Both splits in memory; images are (N, 28, 28), labels (N,)."""

    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.uint8]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.uint8]


def load_mnist(directory: Path) -> Mnist:
    """Read the four files; fewer images than the original's are welcome."""
    return Mnist(
        *_load_split(directory / TRAIN_IMAGES, directory / TRAIN_LABELS),
        *_load_split(directory / TEST_IMAGES, directory / TEST_LABELS),
    )


def write_subset(source: Path, target: Path, train: int, test: int) -> None:
    """Write a dataset of the first images of each split, to train on in seconds."""
    mnist = load_mnist(source)
    _check_count(train, mnist.train_labels)
    _check_count(test, mnist.test_labels)
    target.mkdir(parents=True, exist_ok=True)
    write_file(target / TRAIN_IMAGES, idx_bytes(mnist.train_images[:train]))
    write_file(target / TRAIN_LABELS, idx_bytes(mnist.train_labels[:train]))
    write_file(target / TEST_IMAGES, idx_bytes(mnist.test_images[:test]))
    write_file(target / TEST_LABELS, idx_bytes(mnist.test_labels[:test]))


def _load_split(
    images_path: Path, labels_path: Path
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    images, labels = _read_present(images_path), _read_present(labels_path)
    if images.shape != (len(images), *IMAGE_SHAPE):
        raise DatasetUnavailable(f"{images_path} has shape {images.shape}")
    if labels.shape != (len(images),):
        raise DatasetUnavailable(
            f"{labels_path} has shape {labels.shape} for {len(images)} images"
        )
    if np.any(labels >= CLASSES):
        raise DatasetUnavailable(f"{labels_path} has labels above {CLASSES - 1}")
    return images, labels


def _read_present(path: Path) -> NDArray[np.uint8]:
    if not path.is_file():
        command = f"modelmill data fetch {path.parent.name}"
        raise DatasetUnavailable(f"{path} is missing; run `{command}`")
    return read_idx(path)


def _check_count(count: int, labels: NDArray[np.uint8]) -> None:
    if not 0 < count <= len(labels):
        raise ValueError(f"cannot take {count} of {len(labels)} images")
