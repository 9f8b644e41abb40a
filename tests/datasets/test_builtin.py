"""What is known of each dataset that a job can name."""

from pathlib import Path
from typing import get_args

import pytest

from app.datasets.builtin import BUILT_IN, FASHION_MNIST
from app.datasets.fetch import fetch_dataset
from app.datasets.mnist import load_mnist
from app.datasets.reporter import Reporter
from app.datasets.sources import DebianPackage
from app.spec import DatasetName

DEBIAN = next(s for s in FASHION_MNIST.sources if isinstance(s, DebianPackage))


def test_every_name_in_a_spec_is_a_dataset() -> None:
    assert tuple(BUILT_IN) == get_args(DatasetName)


@pytest.mark.parametrize("name", BUILT_IN)
def test_ten_classes_and_a_digest_of_each_file_are_known(name: DatasetName) -> None:
    dataset = BUILT_IN[name]

    assert len(set(dataset.class_names)) == 10
    assert len(dataset.digests) == 4
    assert {len(digest) for digest in dataset.digests.values()} == {64}


@pytest.mark.skipif(not DEBIAN.folder.is_dir(), reason="needs dataset-fashion-mnist")
def test_debians_files_are_the_original_ones(
    tmp_path: Path, reporter: Reporter
) -> None:
    fetch_dataset(FASHION_MNIST, tmp_path, reporter)

    fashion = load_mnist(tmp_path)
    assert (len(fashion.train_images), len(fashion.test_images)) == (60_000, 10_000)
    assert fashion.train_labels[:5].tolist() == [9, 0, 0, 3, 0]
