"""Datasets as tensors: loaded whole, split by seed, cut into batches of indices."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from torch import Tensor

from app.datasets.builtin import BUILT_IN
from app.datasets.content import Content
from app.datasets.fetch import fetch_if_missing
from app.datasets.mnist import load_mnist
from app.datasets.reporter import Reporter
from app.errors import DatasetUnavailable
from app.spec import TrainingSpec


@dataclass(frozen=True)
class Split:
    """Images as uint8, (N, H, W) or (N, H, W, 3), and labels (N,) as int64."""

    images: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def select(self, indices: Tensor) -> "Split":
        # Twice as fast as indexing, and every job's start waits for it.
        images = self.images.index_select(0, indices)
        return Split(images, self.labels.index_select(0, indices))

    def to(self, device: torch.device) -> "Split":
        return Split(self.images.to(device), self.labels.to(device))


@dataclass(frozen=True)
class Dataset:
    """What a job trains on, chooses by, and is finally measured on."""

    train: Split
    val: Split
    test: Split
    class_names: tuple[str, ...]
    split_digest: str = ""

    def to(self, device: torch.device) -> "Dataset":
        """Return the dataset with every tensor on a device, where it stays."""
        return replace(
            self,
            train=self.train.to(device),
            val=self.val.to(device),
            test=self.test.to(device),
        )


def fetch_for_first_use(name: str, directory: Path) -> None:
    """Fetch a built-in dataset that no job has used here yet; say so in the log."""
    dataset = next(built_in for known, built_in in BUILT_IN.items() if known == name)
    fetch_if_missing(dataset, directory / name, Reporter(Console()))


def load_dataset(directory: Path, spec: TrainingSpec) -> Dataset:
    """Load the spec's dataset and hold out its validation images.

    Raises:
        DatasetUnavailable: It is not there, or too small for the validation split.
    """
    name = next(name for name in BUILT_IN if name == spec.dataset)
    mnist = load_mnist(directory / name)
    train, val = hold_out(split_of(mnist.train_images, mnist.train_labels), spec)
    test = split_of(mnist.test_images, mnist.test_labels)
    digest = digest_split(len(mnist.train_labels), spec)
    return Dataset(train, val, test, BUILT_IN[name].class_names, digest)


def dataset_of(content: Content, spec: TrainingSpec) -> Dataset:
    """Return an uploaded dataset, with its validation images held out.

    Raises:
        DatasetUnavailable: It is too small for the validation split.
    """
    train, val = hold_out(split_of(content.train.images, content.train.labels), spec)
    test = split_of(content.test.images, content.test.labels)
    digest = digest_split(len(content.train.labels), spec)
    return Dataset(train, val, test, content.class_names, digest)


def split_of(images: NDArray[np.uint8], labels: NDArray[np.integer[Any]]) -> Split:
    return Split(torch.from_numpy(images), torch.from_numpy(labels.astype(np.int64)))


def hold_out(images: Split, spec: TrainingSpec) -> tuple[Split, Split]:
    """Split off validation images by the seed; the rest keeps its order in the file.

    Of the rest, `train_images` are kept, which are a random sample then.
    """
    held_out, kept = cut_by_seed(len(images), spec)
    kept = kept[: spec.train_images]
    if len(kept) < spec.batch_size:
        raise DatasetUnavailable(
            f"{len(images)} training images less {len(held_out)} for validation leave "
            f"{len(kept)}, which do not fill one batch of {spec.batch_size}."
        )
    kept, held_out = kept.sort().values, held_out.sort().values
    return images.select(kept), images.select(held_out)


def digest_split(count: int, spec: TrainingSpec) -> str:
    """Return the SHA-256 of which images train and which validate, by their places."""
    held_out, kept = cut_by_seed(count, spec)
    parts = (kept[: spec.train_images].sort().values, held_out.sort().values)
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "little"))
        found.update(part.numpy().astype("<i8").tobytes())
    return found.hexdigest()


def cut_by_seed(count: int, spec: TrainingSpec) -> tuple[Tensor, Tensor]:
    """Return the places of the validation images, and of the others, shuffled."""
    generator = torch.Generator().manual_seed(spec.seed)
    order = torch.randperm(count, generator=generator)
    if spec.validation_fold is None:
        size = spec.validation_size or 0
        return order[:size], order[size:]
    parts = list(order.tensor_split(spec.validation_fold.folds))
    held_out = parts.pop(spec.validation_fold.fold - 1)
    return held_out, torch.cat(parts)


def epoch_batches(images: Split, spec: TrainingSpec, epoch: int) -> Sequence[Tensor]:
    """Return each batch of an epoch as indices (batch,) where the images are.

    What does not fill the last batch is dropped. The order follows from seed and
    epoch alone, so a resumed job needs no state of a sampler.
    """
    count = len(images)
    if spec.shuffle:
        generator = torch.Generator().manual_seed((spec.seed + epoch) % 2**63)
        order = torch.randperm(count, generator=generator)
    else:
        order = torch.arange(count)
    full = order[: count - count % spec.batch_size].to(images.labels.device)
    batches: Sequence[Tensor] = full.split(spec.batch_size)
    return batches
