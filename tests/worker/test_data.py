"""Datasets are split by the seed and cut into whole batches."""

from pathlib import Path

import pytest
import torch

from app.errors import DatasetUnavailable
from app.spec import TrainingSpec
from tests.factories import DIGITS, tiny_spec, write_dataset
from worker.data import (
    Split,
    epoch_batches,
    fetch_for_first_use,
    hold_out,
    load_dataset,
)


def numbered(count: int) -> Split:
    """Return images whose label is their place in the file."""
    return Split(torch.zeros(count, 28, 28, dtype=torch.uint8), torch.arange(count))


def places(spec: TrainingSpec) -> tuple[list[int], list[int]]:
    """Return where in a file of twenty the spec's two splits come from."""
    train, val = hold_out(numbered(20), spec)
    return train.labels.tolist(), val.labels.tolist()


def order(spec: TrainingSpec, epoch: int, count: int = 20) -> list[int]:
    batches = epoch_batches(numbered(count), spec, epoch)
    order: list[int] = torch.cat(list(batches)).tolist()
    return order


def test_a_dataset_is_loaded_as_bytes_and_class_numbers(tmp_path: Path) -> None:
    write_dataset(tmp_path, train=12, test=5)

    dataset = load_dataset(tmp_path / "datasets", tiny_spec(validation_size=4))

    assert [len(dataset.train), len(dataset.val), len(dataset.test)] == [8, 4, 5]
    assert dataset.train.images.shape == (8, 28, 28)
    assert dataset.train.images.dtype == torch.uint8
    assert dataset.train.labels.dtype == torch.int64
    assert dataset.test.labels.tolist() == [0, 1, 2, 3, 4]
    assert dataset.class_names == DIGITS


def test_each_image_keeps_its_label(tmp_path: Path) -> None:
    write_dataset(tmp_path)

    dataset = load_dataset(tmp_path / "datasets", tiny_spec())

    for split in (dataset.train, dataset.val, dataset.test):
        first_bright_row = split.images.amax(dim=2).argmax(dim=1)
        assert torch.equal(first_bright_row, 2 * split.labels + 4)


def test_each_dataset_has_its_own_class_names(tmp_path: Path) -> None:
    write_dataset(tmp_path)
    folder = tmp_path / "datasets"
    (folder / "mnist").rename(folder / "fashion-mnist")

    dataset = load_dataset(folder, tiny_spec(dataset="fashion-mnist"))

    assert dataset.class_names[0] == "T-shirt/top"
    assert dataset.class_names[9] == "Ankle boot"


def test_a_dataset_that_is_there_needs_no_fetch(tmp_path: Path) -> None:
    write_dataset(tmp_path)

    fetch_for_first_use("mnist", tmp_path / "datasets")

    assert len(load_dataset(tmp_path / "datasets", tiny_spec()).test) == 4


def test_a_dataset_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(DatasetUnavailable, match="modelmill data fetch"):
        load_dataset(tmp_path / "datasets", tiny_spec())


def test_the_splits_are_disjoint_and_complete() -> None:
    train, val = places(tiny_spec(validation_size=6))

    assert len(val) == 6
    assert sorted(train + val) == list(range(20))


def test_both_splits_keep_the_order_of_the_file() -> None:
    train, val = places(tiny_spec(validation_size=6))

    assert train == sorted(train)
    assert val == sorted(val)


def test_the_validation_images_are_drawn_from_everywhere() -> None:
    _train, val = places(tiny_spec(validation_size=6))

    assert val not in (list(range(6)), list(range(14, 20)))


def test_the_seed_alone_decides_the_split() -> None:
    torch.manual_seed(1)
    first = places(tiny_spec(seed=5))
    torch.manual_seed(2)

    assert places(tiny_spec(seed=5, epochs=9)) == first
    assert places(tiny_spec(seed=6)) != first


def test_one_batch_of_training_images_suffices() -> None:
    train, _val = places(tiny_spec(validation_size=16, batch_size=4))

    assert len(train) == 4


def test_fewer_training_images_than_a_batch_do_not() -> None:
    spec = tiny_spec(validation_size=17, batch_size=4)

    with pytest.raises(DatasetUnavailable, match="do not fill one batch of 4"):
        hold_out(numbered(20), spec)


def test_batches_come_in_file_order_without_the_remainder() -> None:
    batches = epoch_batches(numbered(10), tiny_spec(batch_size=4), epoch=1)

    assert [batch.tolist() for batch in batches] == [[0, 1, 2, 3], [4, 5, 6, 7]]


def test_batches_that_fill_the_file_leave_nothing_out() -> None:
    assert order(tiny_spec(batch_size=5), epoch=3) == list(range(20))


def test_shuffled_batches_hold_every_image_once() -> None:
    shuffled = order(tiny_spec(shuffle=True), epoch=1)

    assert shuffled != list(range(20))
    assert sorted(shuffled) == list(range(20))


def test_the_remainder_of_a_shuffled_epoch_is_a_different_one_each_time() -> None:
    spec = tiny_spec(shuffle=True, batch_size=16)

    left_out = [set(range(20)) - set(order(spec, epoch)) for epoch in (1, 2)]

    assert left_out[0] != left_out[1]


def test_each_epoch_is_shuffled_anew_and_reproducibly() -> None:
    spec = tiny_spec(shuffle=True)

    assert order(spec, epoch=1) != order(spec, epoch=2)
    assert order(spec, epoch=2) == order(spec, epoch=2)
    assert order(spec, epoch=2) != order(tiny_spec(shuffle=True, seed=99), epoch=2)


def test_the_largest_seed_can_be_shuffled_in_the_last_epoch() -> None:
    spec = tiny_spec(shuffle=True, seed=2**53 - 1, epochs=1000)

    assert len(order(spec, epoch=1000)) == 20


def test_shuffling_leaves_the_global_generator_alone() -> None:
    before = torch.get_rng_state()

    order(tiny_spec(shuffle=True), epoch=1)
    places(tiny_spec())

    assert torch.equal(torch.get_rng_state(), before)
