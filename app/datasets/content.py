"""An uploaded dataset in memory: what is learned from, and what measures."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Split:
    """Images as uint8, (N, H, W) or (N, H, W, 3), and labels (N,) as uint16."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False)
class Content:
    """All that is learned from and measured on; a label is a place in class_names."""

    class_names: tuple[str, ...]
    train: Split
    test: Split

    @property
    def shape(self) -> tuple[int, int, int]:
        """Channels, height and width of each image."""
        _count, height, width, *colours = self.train.images.shape
        return (colours[0] if colours else 1, height, width)
