"""The window of a convolution or a pooling: where it stands, and what it sees."""

from dataclasses import dataclass
from math import ceil
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
Padding = Literal["same", "valid"] | int
Place = tuple[int, int]


@dataclass(frozen=True)
class Window:
    """A square of `side` pixels that moves by `stride` over a padded image."""

    side: int
    stride: int = 1
    padding: Padding = 0

    def around(self, width: int) -> tuple[int, int]:
        """Return the pixels added before and after a width.

        SAME as in TensorFlow: ceil(W / S) outputs, the odd pixel behind.
        """
        if self.padding == "valid":
            return 0, 0
        if self.padding != "same":
            return self.padding, self.padding
        total = (ceil(width / self.stride) - 1) * self.stride + self.side - width
        total = max(total, 0)
        return total // 2, total - total // 2

    def outputs(self, width: int) -> int:
        """Return (W - F + 2P) / S + 1, rounded down."""
        return (width - self.side + sum(self.around(width))) // self.stride + 1

    def pad(self, images: Array, value: float) -> Array:
        rows, columns = images.shape[2:]
        widths = ((0, 0), (0, 0), self.around(rows), self.around(columns))
        return np.pad(images, widths, constant_values=value)

    def crop(self, padded: Array, images: Array) -> Array:
        """Undo pad, to the shape of images."""
        rows, columns = images.shape[2:]
        top, left = self.around(rows)[0], self.around(columns)[0]
        return padded[:, :, top : top + rows, left : left + columns]

    def places(self) -> list[Place]:
        """Return each u, v of the window."""
        return [(u, v) for u in range(self.side) for v in range(self.side)]

    def seen(self, padded: Array, place: Place) -> Array:
        """Return a[S*p + u, S*q + v] for all p, q at once, as a view."""
        (u, v), stride = place, self.stride
        rows, columns = ((size - self.side) // stride + 1 for size in padded.shape[2:])
        return padded[
            :, :, u : u + stride * rows : stride, v : v + stride * columns : stride
        ]
