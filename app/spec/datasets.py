"""The datasets that can be named, and what an architecture must know of each."""

from dataclasses import dataclass
from typing import Literal

DatasetName = Literal["mnist", "fashion-mnist"]


@dataclass(frozen=True)
class Pictures:
    """What a dataset shows: channels, height and width; and how many classes."""

    shape: tuple[int, int, int]
    classes: int
    train_images: int


PICTURES: dict[DatasetName, Pictures] = {
    "mnist": Pictures((1, 28, 28), classes=10, train_images=60_000),
    "fashion-mnist": Pictures((1, 28, 28), classes=10, train_images=60_000),
}
