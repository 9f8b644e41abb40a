"""A dataset's digest is that of its files, whoever put them there."""

from pathlib import Path

import pytest

from app.datasets.digest import dataset_digest
from app.datasets.mnist import TEST_LABELS
from tests.factories import write_dataset


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_dataset(tmp_path)
    return tmp_path / "datasets" / "mnist"


def test_the_same_files_have_the_same_digest(folder: Path) -> None:
    assert dataset_digest(folder) == dataset_digest(folder)
    assert len(dataset_digest(folder)) == 64


def test_one_other_label_is_another_dataset(folder: Path) -> None:
    before = dataset_digest(folder)
    labels = folder / TEST_LABELS
    labels.write_bytes(labels.read_bytes()[:-1] + b"\x09")

    assert dataset_digest(folder) != before
