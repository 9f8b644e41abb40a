"""MNIST is read from its four files when they fit each other."""

from pathlib import Path

import numpy as np
import pytest

from app.datasets.idx import idx_bytes
from app.datasets.mnist import (
    TEST_LABELS,
    TRAIN_IMAGES,
    TRAIN_LABELS,
    Mnist,
    load_mnist,
    write_subset,
)
from app.errors import DatasetUnavailable


def test_a_smaller_dataset_is_loaded_whole(directory: Path, mnist: Mnist) -> None:
    loaded = load_mnist(directory)

    np.testing.assert_array_equal(loaded.train_images, mnist.train_images, strict=True)
    np.testing.assert_array_equal(loaded.train_labels, mnist.train_labels, strict=True)
    np.testing.assert_array_equal(loaded.test_images, mnist.test_images, strict=True)
    np.testing.assert_array_equal(loaded.test_labels, mnist.test_labels, strict=True)


def test_a_missing_file_is_named_with_the_command_that_fetches_it(
    directory: Path,
) -> None:
    (directory / TEST_LABELS).unlink()

    with pytest.raises(
        DatasetUnavailable,
        match=f"{TEST_LABELS} is missing; run `modelmill data fetch mnist`",
    ):
        load_mnist(directory)


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param((6, 28, 27), id="narrow"),
        pytest.param((6, 784), id="flat"),
        pytest.param((6, 1, 28, 28), id="with channels"),
    ],
)
def test_images_of_another_shape_are_refused(
    directory: Path, shape: tuple[int, ...]
) -> None:
    (directory / TRAIN_IMAGES).write_bytes(idx_bytes(np.zeros(shape, np.uint8)))

    with pytest.raises(DatasetUnavailable, match=f"{TRAIN_IMAGES} has shape"):
        load_mnist(directory)


@pytest.mark.parametrize(
    "shape", [pytest.param((5,), id="too few"), pytest.param((6, 1), id="columns")]
)
def test_labels_that_do_not_fit_the_images_are_refused(
    directory: Path, shape: tuple[int, ...]
) -> None:
    (directory / TRAIN_LABELS).write_bytes(idx_bytes(np.zeros(shape, np.uint8)))

    with pytest.raises(DatasetUnavailable, match="for 6 images"):
        load_mnist(directory)


def test_a_label_that_is_no_digit_is_refused(directory: Path) -> None:
    (directory / TRAIN_LABELS).write_bytes(idx_bytes(np.full(6, 10, np.uint8)))

    with pytest.raises(DatasetUnavailable, match=f"{TRAIN_LABELS} has labels above 9"):
        load_mnist(directory)


def test_a_subset_is_the_first_images_of_each_split(
    directory: Path, tmp_path: Path, mnist: Mnist
) -> None:
    target = tmp_path / "datasets" / "mnist"

    write_subset(directory, target, train=4, test=2)

    subset = load_mnist(target)
    np.testing.assert_array_equal(subset.train_images, mnist.train_images[:4])
    np.testing.assert_array_equal(subset.train_labels, mnist.train_labels[:4])
    np.testing.assert_array_equal(subset.test_images, mnist.test_images[:2])
    np.testing.assert_array_equal(subset.test_labels, mnist.test_labels[:2])


@pytest.mark.parametrize(
    ("train", "test"),
    [pytest.param(0, 1, id="none"), pytest.param(1, 4, id="more than there are")],
)
def test_a_subset_must_fit_the_dataset(
    directory: Path, tmp_path: Path, train: int, test: int
) -> None:
    with pytest.raises(ValueError, match="cannot take"):
        write_subset(directory, tmp_path / "subset", train, test)

    assert not (tmp_path / "subset").exists()
