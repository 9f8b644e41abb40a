"""An uploaded dataset in memory: what is learned from, and what measures."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Split:
    """Images (N, 28, 28) as uint8 and their labels (N,) as uint16."""

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
